//! What plans are made from: a user, and what the tenant says about what is wished for.

mod administrators;
mod gather;
mod slots;

use std::collections::BTreeMap;

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_graph::{
    authentication_methods::{AuthenticationMethod, PassPolicy},
    groups::Group,
    role_assignments::RoleAssignment,
    subscribed_skus::SubscribedSku,
    users::User,
};
use serde::{Deserialize, Serialize};

pub(crate) use administrators::{Administrators, GLOBAL_ADMINISTRATOR};
pub use gather::{Ask, gather};

use crate::{
    Refused,
    plan::{Subject, Whom},
    refused::Reason,
};

/// What is known of a tenant and of one user, at one moment. What was not asked for is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Facts {
    /// The tenant.
    pub tenant: TenantId,
    /// When it was read.
    pub read_at: Timestamp,
    /// The user; `None` for one that is to be made.
    pub person: Option<Person>,
    /// What the tenant has bought.
    pub products: Option<Vec<SubscribedSku>>,
    /// The verified domains, and of each whether sign-in is managed elsewhere.
    pub domains: Option<Vec<Domain>>,
    /// The groups that the wish names, beside those of the user. One that does not exist is absent.
    pub groups: Vec<Group>,
    /// Who is Global Administrator of this tenant, by object id. Where the user is one, directly or through a group, these
    /// are the people who may sign in, those of groups among them; else whom the role is given to.
    pub global_administrators: Option<Vec<String>>,
    /// The groups that make their members Global Administrators, where the user is one of them.
    #[serde(default)]
    pub administrator_groups: Vec<String>,
    /// Users deleted within 30 days.
    pub deleted: Option<Vec<User>>,
    /// Whether somebody has the name that the wish is about.
    pub is_name_taken: Option<bool>,
    /// What the tenant allows of temporary passes.
    pub pass_policy: Option<PassPolicy>,
    /// Other users that the wish names, by object id: whether each is there, where that was asked for.
    #[serde(default)]
    pub others: BTreeMap<String, bool>,
    /// Who is the manager of other users, by object id, where that was asked for.
    #[serde(default)]
    pub managers: BTreeMap<String, Option<String>>,
    /// What could not be read, with the reason.
    pub unread: Vec<String>,
}

/// A user with what hangs on the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Person {
    /// The user.
    pub user: User,
    /// Whether the user is deleted and can be restored.
    pub is_deleted: bool,
    /// The groups the user is in directly.
    pub groups: Vec<Group>,
    /// The directory roles the user holds directly.
    pub roles: Vec<RoleAssignment>,
    /// The object id of the manager.
    pub manager: Option<String>,
    /// The object ids of those whose manager the user is, those mastered on-premises left out.
    pub reports: Vec<String>,
    /// Those mastered on-premises, whose manager is set there.
    pub fixed_reports: Vec<String>,
    /// The object ids of the groups the user is in directly or through other groups, where passes were asked for.
    #[serde(default)]
    pub all_groups: Option<Vec<String>>,
    /// The groups that the user owns; `None` where they could not be read.
    pub owned: Option<Vec<Owned>>,
    /// The methods by which the user proves who they are, where they were asked for.
    pub methods: Option<Vec<AuthenticationMethod>>,
    /// The devices that the user registered or owns, where they were asked for.
    #[serde(default)]
    pub devices: Option<Vec<Machine>>,
}

/// A device of a user, as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Machine {
    /// The object id.
    pub id: String,
    /// The host name.
    pub name: String,
    /// Whether it may be signed in with.
    pub is_enabled: bool,
    /// Whether it is mastered on-premises, so that it is disabled and deleted there.
    pub is_synced: bool,
}

/// A group that a user owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Owned {
    /// The group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// Whether it has no other owner; `None` where that could not be read.
    pub is_last: Option<bool>,
    /// Whether its owners can be changed here.
    pub is_ours: bool,
}

/// A verified domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// Whether sign-in is federated, so that passwords are kept elsewhere.
    pub is_federated: bool,
}

impl Facts {
    /// Facts of which nothing is known but the tenant.
    pub fn new(tenant: TenantId, read_at: Timestamp) -> Self {
        Self {
            tenant,
            read_at,
            person: None,
            products: None,
            domains: None,
            groups: Vec::new(),
            global_administrators: None,
            administrator_groups: Vec::new(),
            deleted: None,
            is_name_taken: None,
            pass_policy: None,
            others: BTreeMap::new(),
            managers: BTreeMap::new(),
            unread: Vec::new(),
        }
    }

    /// The user, who is there and not deleted.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn present(&self) -> Result<&Person, Refused> {
        match &self.person {
            Some(person) if !person.is_deleted => Ok(person),
            Some(_) => Err(Reason::NoSuchUser.with("the user is deleted", "restore the user first")),
            None => Err(Reason::NoSuchUser.with("there is no such user", "check the id in this tenant")),
        }
    }

    /// Refuses somebody who is known not to be there. Who was not asked for is looked up before the plan runs.
    pub(crate) fn check_other(&self, id: &str) -> Result<(), Refused> {
        if self.others.get(id) == Some(&false) {
            return Err(Reason::NoSuchUser.with(
                format!("there is no user `{id}`, who is to take over"),
                "check the id in this tenant; a deleted user is not there",
            ));
        }
        Ok(())
    }

    /// A group, of the user or named by the wish.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn group(&self, id: &str) -> Result<&Group, Refused> {
        let own = self.person.iter().flat_map(|person| &person.groups);
        self.groups
            .iter()
            .chain(own)
            .find(|group| group.id.eq_ignore_ascii_case(id))
            .ok_or_else(|| {
                Reason::NoSuchGroup.with(format!("there is no group `{id}`"), "check the id in this tenant")
            })
    }

    /// A product that the tenant has for users.
    ///
    /// # Errors
    /// `NotFound` if it has none; `Invalid` if products were not read.
    pub fn product(&self, sku: &str) -> Result<&SubscribedSku, Refused> {
        let products = self.products.as_ref().ok_or_else(|| {
            Reason::NotKnown.with(
                "the products of the tenant were not read",
                "read them and plan again",
            )
        })?;
        let is_it = |own: &&SubscribedSku| {
            own.sku_id
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(sku))
        };
        products
            .iter()
            .find(is_it)
            .filter(|own| own.is_for_users())
            .ok_or_else(|| {
                Reason::NoSuchProduct.with(
                    format!("the tenant has no product `{sku}` for users"),
                    "buy it, or choose one of the tenant's products",
                )
            })
    }
}

impl Person {
    /// Whom a plan about this user is about.
    pub fn subject(&self) -> Subject {
        Subject {
            id: Some(self.user.id.clone()),
            name: self.name().to_owned(),
            is_guarded: self.is_guarded(),
        }
    }

    /// The name for signing in, or the id where it was not read.
    pub fn name(&self) -> &str {
        self.user.user_principal_name.as_deref().unwrap_or(&self.user.id)
    }

    pub(crate) fn whom(&self) -> Whom {
        Whom::Id(self.user.id.clone())
    }

    /// Refuses a new password where sign-in is federated.
    pub(crate) fn check_managed(&self, facts: &Facts) -> Result<(), Refused> {
        let domain = self.name().rsplit('@').next().unwrap_or_default();
        let mut domains = facts.domains.iter().flatten();
        if domains.any(|own| own.is_federated && own.name.eq_ignore_ascii_case(domain)) {
            return Err(Reason::OnPremises.with(
                format!("`{}` signs in where `{domain}` is federated to", self.name()),
                "set the password there",
            ));
        }
        Ok(())
    }

    /// The groups that are known to be owned.
    pub(crate) fn owned(&self) -> impl Iterator<Item = &Owned> {
        self.owned.iter().flatten()
    }

    /// Whether changing the user takes a higher role.
    pub fn is_guarded(&self) -> bool {
        !self.roles.is_empty()
            || self
                .groups
                .iter()
                .any(|group| group.is_assignable_to_role == Some(true))
    }

    /// Refuses users whose profile is mastered on-premises.
    pub(crate) fn check_cloud(&self, what: &str) -> Result<(), Refused> {
        if self.user.is_synced() {
            return Err(Reason::OnPremises.with(
                format!(
                    "`{}` is mastered on-premises: the cloud cannot {what}",
                    self.name()
                ),
                "change it in the directory on-premises; the next synchronisation brings it here",
            ));
        }
        Ok(())
    }
}
