//! What is wished for users who are there, whichever action it is.

use msp365_core::Change;
use serde_json::Value;

use crate::{
    Access, AccessPass, Ask, Devices, Edit, Facts, Groups, LastOwner, Licenses, Offboard, Plan, Protection,
    Refused, ResetMethods, ResetPassword, Roles, plan::Action, refused::Reason,
};

/// Fields of a profile that say who somebody is, and not what several people have in common.
const OWN: [&str; 8] = [
    "displayName",
    "userPrincipalName",
    "mailNickname",
    "givenName",
    "surname",
    "employeeId",
    "mobilePhone",
    "otherMails",
];

/// One wish for any number of users, as far as [`RULES`](crate::RULES) let.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Wish {
    /// Whether, and how long, they may be signed in.
    Access(Access),
    /// Their profiles.
    Edit(Box<Edit>),
    /// Their licences.
    Licenses(Licenses),
    /// Their groups.
    Groups(Groups),
    /// Their directory roles.
    Roles(Roles),
    /// A new password.
    ResetPassword,
    /// A temporary access pass.
    AccessPass(AccessPass),
    /// Registering anew how they prove who they are.
    ResetMethods,
    /// Taking their access away.
    Offboard(Offboard),
}

impl Wish {
    /// What it is, as rules and records call it.
    pub const fn action(&self) -> Action {
        match self {
            Self::Access(Access::Block | Access::BlockAndRevoke) => Action::Block,
            Self::Access(Access::Unblock) => Action::Unblock,
            Self::Access(Access::Revoke) => Action::Revoke,
            Self::Edit(_) => Action::Edit,
            Self::Licenses(_) => Action::Licenses,
            Self::Groups(_) => Action::Groups,
            Self::Roles(_) => Action::Roles,
            Self::ResetPassword => Action::ResetPassword,
            Self::AccessPass(_) => Action::AccessPass,
            Self::ResetMethods => Action::ResetMethods,
            Self::Offboard(_) => Action::Offboard,
        }
    }

    /// The facts that it takes of a user, by object id.
    pub fn ask(&self, user: impl Into<String>) -> Ask {
        let ask = Ask::user(user);
        match self {
            Self::AccessPass(_) => ask.passes().methods(),
            Self::ResetMethods => ask.methods(),
            Self::Edit(wish) => match &wish.manager {
                Change::Set(manager) => ask.others([manager]),
                _ => ask,
            },
            Self::Offboard(wish) => leaving(wish, ask),
            Self::Groups(wish) => ask.groups(wish.join.iter().chain(&wish.leave)),
            _ => ask,
        }
    }

    /// The plan for one user.
    ///
    /// # Errors
    /// As the wish itself refuses.
    pub fn plan(&self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        match self {
            Self::Access(wish) => wish.plan(facts, protection),
            Self::Edit(wish) => wish.plan(facts, protection),
            Self::Licenses(wish) => wish.plan(facts, protection),
            Self::Groups(wish) => wish.plan(facts, protection),
            Self::Roles(wish) => wish.plan(facts, protection),
            Self::ResetPassword => ResetPassword.plan(facts, protection),
            Self::AccessPass(wish) => wish.plan(facts, protection),
            Self::ResetMethods => ResetMethods.plan(facts, protection),
            Self::Offboard(wish) => wish.plan(facts, protection),
        }
    }

    /// Refuses what several people cannot share.
    pub(super) fn check_shared(&self) -> Result<(), Refused> {
        let Self::Edit(edit) = self else { return Ok(()) };
        let fields = serde_json::to_value(&edit.fields).unwrap_or_default();
        let own = OWN
            .iter()
            .find(|name| fields.get(**name).is_some_and(|value| !value.is_null()));
        match own {
            None => Ok(()),
            Some(name)
                if fields
                    .get(*name)
                    .and_then(Value::as_array)
                    .is_some_and(Vec::is_empty) =>
            {
                Ok(())
            }
            Some(name) => Err(Reason::OneUserOnly.with(
                format!("`{name}` is one person's own, and several users are chosen"),
                "choose one user, or leave this field out",
            )),
        }
    }
}

/// Who takes over has to be there.
fn leaving(wish: &Offboard, ask: Ask) -> Ask {
    let ask = ask.others(&wish.hand_reports_to);
    let ask = match &wish.last_owner {
        LastOwner::Heir(heir) => ask.others([heir]),
        _ => ask,
    };
    if wish.devices == Devices::Kept {
        ask
    } else {
        ask.devices()
    }
}

impl From<Access> for Wish {
    fn from(wish: Access) -> Self {
        Self::Access(wish)
    }
}

impl From<Edit> for Wish {
    fn from(wish: Edit) -> Self {
        Self::Edit(Box::new(wish))
    }
}

impl From<Licenses> for Wish {
    fn from(wish: Licenses) -> Self {
        Self::Licenses(wish)
    }
}

impl From<Groups> for Wish {
    fn from(wish: Groups) -> Self {
        Self::Groups(wish)
    }
}

impl From<Offboard> for Wish {
    fn from(wish: Offboard) -> Self {
        Self::Offboard(wish)
    }
}
