//! What is known of the tenant and of the user, and what is not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_graph::{
    authentication_methods::{AuthenticationMethod, PassPolicy},
    devices::Device,
    domains::Domain,
    groups::Group,
    role_assignments::RoleAssignment,
    subscribed_skus::SubscribedSku,
    users::User,
};
use msp365_partner::readiness;
use msp365_store::TenantStatus;

/// Why a fact is not known that was not asked for.
const UNSEEN: &str = "it was not looked at";

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
        Self::Not(UNSEEN.to_owned())
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
    /// The account, the relationships, the groups it is in, and what came of asking for a token. Of a tenant that an
    /// application reaches by permissions of its own it is [direct](readiness::Facts::is_direct).
    pub access: Known<readiness::Facts>,
    /// Permissions of Microsoft Graph that the application was consented to: delegated ones, or in a direct tenant those
    /// of its own; `None` within: it has no consent.
    pub consent: Known<Option<BTreeSet<String>>>,
    /// Template ids of the roles held without a relationship: by the account in the provider's own tenant, by the
    /// application in a direct one.
    pub own_roles: Known<BTreeSet<String>>,
    /// Template ids of the roles that the application of a direct tenant holds over administrative units alone, by the
    /// object ids of the units. Known where `own_roles` are.
    pub own_unit_roles: BTreeMap<String, BTreeSet<String>>,
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
            own_unit_roles: BTreeMap::new(),
            products: Known::default(),
            pass_policy: Known::default(),
            domains: Known::default(),
        }
    }

    /// Whether an application acts there for itself, and nobody is signed in.
    pub fn is_direct(&self) -> bool {
        self.access.get().is_some_and(|access| access.is_direct)
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
    /// Object ids of the administrative units that it is in; asked for where the application holds a role over one.
    pub units: Known<BTreeSet<String>>,
    /// Object ids of the groups that it owns.
    pub owned_groups: Known<BTreeSet<String>>,
    /// Names of the groups for roles that it owns.
    pub owned_role_groups: Known<Vec<String>>,
    /// Its ways to sign in.
    pub methods: Known<Vec<AuthenticationMethod>>,
    /// The groups that the action is about, by the ids it names them by; `None` within: there is none.
    pub named_groups: BTreeMap<String, Known<Option<Group>>>,
    /// Which of these the service account owns.
    pub own_groups: BTreeSet<String>,
    /// Whether the tenant has the roles that the action is about, by the ids it names them by.
    pub named_roles: BTreeMap<String, Known<bool>>,
    /// The devices that the action is about, by object id; `None` within: there is none.
    pub named_devices: BTreeMap<String, Known<Option<Device>>>,
    /// Other users whom the action is about, by object id: who becomes a manager, and whose manager is set; `None`
    /// within: there is none.
    pub others: BTreeMap<String, Known<Option<User>>>,
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

    /// A group that the action is about.
    pub(super) fn group(&self, id: &str) -> Result<Option<&Group>, &str> {
        of(&self.named_groups, id).map(Option::as_ref)
    }

    /// Whether the tenant has a role that the action is about.
    pub(super) fn has_role(&self, id: &str) -> Result<bool, &str> {
        of(&self.named_roles, id).copied()
    }

    /// A device that the action is about.
    pub(super) fn device(&self, id: &str) -> Result<Option<&Device>, &str> {
        of(&self.named_devices, id).map(Option::as_ref)
    }

    /// Another user whom the action is about.
    pub(super) fn other(&self, id: &str) -> Result<Option<&User>, &str> {
        of(&self.others, id).map(Option::as_ref)
    }
}

fn of<'a, T>(facts: &'a BTreeMap<String, Known<T>>, id: &str) -> Result<&'a T, &'a str> {
    facts.get(id).map_or(Err(UNSEEN), Known::known)
}
