//! For whom something is wished.

use std::collections::BTreeMap;

use msp365_core::TenantId;
use msp365_store::{Selection, UserRef};

use super::Bulk;
use crate::{
    Create, Refused,
    plan::{Action, Count},
    refused::Reason,
};

/// Who is meant.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Chosen {
    /// Who is selected in a list: users, or all that a question finds across pages. It is asked again when each is due.
    Selected(Selection),
    /// These users, whether they are in the list or not, by object id or name for signing in.
    Named(Vec<UserRef>),
    /// Users to be made in a tenant.
    Newcomers(TenantId, Vec<Create>),
}

impl Chosen {
    /// Refuses several users where the action is for one, and nobody.
    ///
    /// # Errors
    /// `Invalid` in these cases, and for users to be made where others are meant, or the other way round.
    pub fn check(&self, bulk: &Bulk) -> Result<(), Refused> {
        let action = bulk.action();
        let users = match self {
            Self::Selected(Selection::Rows { rows: users, .. }) | Self::Named(users) => users.len(),
            Self::Selected(Selection::All { .. }) => {
                action.check_many("all users of a list are chosen")?;
                2
            }
            Self::Selected(_) => 0,
            Self::Newcomers(_, users) => users.len(),
        };
        action.check_count(users)?;
        if matches!(self, Self::Newcomers(..)) != bulk.wish.is_none() {
            return Err(Reason::Malformed.with(
                format!("`{}` is not for the users that are chosen", action.as_str()),
                "choose users to be made for making users, and others for all else",
            ));
        }
        match &bulk.wish {
            Some(wish) if users > 1 && action.count() == Count::Many => wish.check_shared(),
            _ => Ok(()),
        }
    }
}

impl Bulk {
    /// What is wished, as rules and records call it.
    pub fn action(&self) -> Action {
        self.wish.as_ref().map_or(Action::Create, super::Wish::action)
    }
}

/// Users by tenant, each once, however their ids are written.
pub(super) fn by_tenant(users: &[UserRef]) -> BTreeMap<TenantId, BTreeMap<String, String>> {
    let mut found: BTreeMap<TenantId, BTreeMap<String, String>> = BTreeMap::new();
    for user in users {
        let own = found.entry(user.tenant_id).or_default();
        own.insert(user.id.to_lowercase(), user.id.clone());
    }
    found
}
