//! What is known of the tenant and of the user, and what is not.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_graph::{
    authentication_methods::{AuthenticationMethod, PassPolicy},
    domains::Domain,
    groups::Group,
    role_assignments::RoleAssignment,
    subscribed_skus::SubscribedSku,
    users::User,
};
use msp365_partner::readiness;
use msp365_store::TenantStatus;

/// A fact, or why it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Known<T> {
    /// It was looked at.
    Is(T),
    /// It could not be known, for this reason.
    Not(String),
}

impl<T> Known<T> {
    /// The fact, where it is known.
    pub const fn get(&self) -> Option<&T> {
        match self {
            Self::Is(fact) => Some(fact),
            Self::Not(_) => None,
        }
    }

    /// The fact, or why it is not known.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn known(&self) -> Result<&T, &str> {
        match self {
            Self::Is(fact) => Ok(fact),
            Self::Not(reason) => Err(reason),
        }
    }

    /// The same of something else.
    pub fn map<U>(self, then: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Is(fact) => Known::Is(then(fact)),
            Self::Not(reason) => Known::Not(reason),
        }
    }
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self::Not("it was not looked at".to_owned())
    }
}

/// What is known of a tenant, and of the service account in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TenantFacts {
    /// The tenant.
    pub id: TenantId,
    /// When the facts were gathered.
    pub at: Timestamp,
    /// How the tenant stands with us; `None` within: it is not listed.
    pub status: Known<Option<TenantStatus>>,
    /// The account, the relationships, the groups it is in, and what came of asking for a token.
    pub access: Known<readiness::Facts>,
    /// Delegated permissions of Microsoft Graph that the application was consented to; `None` within: it has no consent.
    pub consent: Known<Option<BTreeSet<String>>>,
    /// In the provider's own tenant: the template ids of the roles that the account holds there itself.
    pub own_roles: Known<BTreeSet<String>>,
    /// What the tenant bought.
    pub products: Known<Vec<SubscribedSku>>,
    /// What it allows of temporary access passes.
    pub pass_policy: Known<PassPolicy>,
    /// Its domains.
    pub domains: Known<Vec<Domain>>,
}

impl TenantFacts {
    /// A tenant of which nothing else is known.
    pub fn new(id: TenantId, at: Timestamp) -> Self {
        Self {
            id,
            at,
            status: Known::default(),
            access: Known::default(),
            consent: Known::default(),
            own_roles: Known::default(),
            products: Known::default(),
            pass_policy: Known::default(),
            domains: Known::default(),
        }
    }

    /// Whether it is the provider's own.
    pub fn is_primary(&self) -> bool {
        self.access.get().is_some_and(|access| access.is_primary)
    }
}

/// What is known of the user that something is to be done to.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct TargetFacts {
    /// What was asked for: an object id or a name.
    pub asked: String,
    /// The user, or the deleted user that is to come back; `None` within: there is none.
    pub user: Known<Option<User>>,
    /// The directory roles that it holds itself.
    pub roles: Known<Vec<RoleAssignment>>,
    /// The groups it is in, also through other groups.
    pub groups: Known<Vec<Group>>,
    /// Object ids of the groups it is in directly.
    pub direct_groups: Known<BTreeSet<String>>,
    /// Names of the groups for roles that it owns.
    pub owned_role_groups: Known<Vec<String>>,
    /// Its ways to sign in.
    pub methods: Known<Vec<AuthenticationMethod>>,
    /// The group that the action is about; `None` within: there is none.
    pub group: Known<Option<Group>>,
    /// Whether the service account owns that group.
    pub group_is_own: Known<bool>,
    /// Whether the tenant has the role that the action is about.
    pub role_exists: Known<bool>,
    /// Whether there is the user who is to be the manager.
    pub manager_exists: Known<bool>,
    /// The object id of the present manager; `None` within: there is none.
    pub manager: Known<Option<String>>,
    /// Who has the name that the user would get, deleted or not; `None` within: nobody.
    pub name_holder: Known<Option<String>>,
}

impl TargetFacts {
    /// A user of whom nothing else is known.
    pub fn new(asked: impl Into<String>) -> Self {
        Self {
            asked: asked.into(),
            ..Self::default()
        }
    }
}
