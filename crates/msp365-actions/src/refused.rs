//! Why a plan is not made: told before anything is sent.

use msp365_core::ErrorKind;
use serde::Serialize;

/// A wish that is not carried out, with what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{words}; {remedy}")]
#[non_exhaustive]
pub struct Refused {
    /// The reason, as a stable word.
    pub reason: Reason,
    /// What stands in the way.
    pub words: String,
    /// What can be done about it.
    pub remedy: String,
}

/// Why a wish is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// It would change nothing.
    NothingToDo,
    /// What was given cannot be sent.
    Malformed,
    /// The action is for one user at a time.
    OneUserOnly,
    /// There is no such user.
    NoSuchUser,
    /// Something that the rule needs could not be read.
    NotKnown,
    /// The user is mastered on-premises.
    OnPremises,
    /// It is an account that this program signs in with.
    OwnAccount,
    /// It is an account for emergencies.
    BreakGlass,
    /// Nobody else would be Global Administrator.
    LastGlobalAdministrator,
    /// The group would have no owner.
    LastOwner,
    /// No unit of the product is free.
    PoolEmpty,
    /// The tenant has no such product, or it is not for users.
    NoSuchProduct,
    /// Licences need a country.
    NoUsageLocation,
    /// The licence comes through a group that cannot be left here.
    Inherited,
    /// Exchange decides who is in the group.
    GroupIsExchange,
    /// A rule decides who is in the group.
    GroupIsDynamic,
    /// The group is mastered on-premises.
    GroupIsSynced,
    /// The group can be given roles, and was not asked for as one of these.
    GroupIsForRoles,
    /// There is no such group.
    NoSuchGroup,
    /// The tenant allows no passes, or none for this user, or none that last so long.
    PassPolicy,
    /// The name is taken.
    NameTaken,
    /// A deleted user holds the name.
    NameHeldByDeleted,
    /// The domain is not one of the tenant's.
    UnknownDomain,
    /// The plan is of another tenant.
    OtherTenant,
    /// Nothing of the plan can be undone.
    Irreversible,
}

impl Reason {
    pub(crate) fn with(self, words: impl Into<String>, remedy: impl Into<String>) -> Refused {
        Refused {
            reason: self,
            words: words.into(),
            remedy: remedy.into(),
        }
    }
}

impl Refused {
    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        match self.reason {
            Reason::NoSuchUser | Reason::NoSuchGroup | Reason::NoSuchProduct => ErrorKind::NotFound,
            Reason::NameTaken | Reason::NameHeldByDeleted | Reason::PoolEmpty => ErrorKind::Conflict,
            Reason::OwnAccount
            | Reason::BreakGlass
            | Reason::LastGlobalAdministrator
            | Reason::LastOwner
            | Reason::PassPolicy
            | Reason::GroupIsForRoles => ErrorKind::Denied,
            Reason::NothingToDo
            | Reason::Malformed
            | Reason::OneUserOnly
            | Reason::NotKnown
            | Reason::OnPremises
            | Reason::NoUsageLocation
            | Reason::Inherited
            | Reason::GroupIsExchange
            | Reason::GroupIsDynamic
            | Reason::GroupIsSynced
            | Reason::UnknownDomain
            | Reason::OtherTenant
            | Reason::Irreversible => ErrorKind::Invalid,
        }
    }
}
