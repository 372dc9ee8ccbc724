//! What undoes a step, and a plan.

use msp365_graph::users::UserEdit;

use super::{Action, Left, Plan, StepKind};
use crate::{Refused, refused::Reason};

impl StepKind {
    /// The step that undoes it.
    ///
    /// # Errors
    /// Why it cannot be undone, in words.
    pub fn inverse(&self) -> Result<Self, &'static str> {
        Ok(match self.clone() {
            Self::CreateUser { .. } => Self::DeleteUser { user: self.user() },
            Self::UpdateUser { was, .. } if *was == UserEdit::default() => {
                return Err("the field cannot be cleared again");
            }
            Self::UpdateUser { user, edit, was } => Self::UpdateUser {
                user,
                edit: was,
                was: edit,
            },
            Self::AssignLicenses { user, add, remove } => Self::AssignLicenses {
                user,
                add: remove,
                remove: add,
            },
            Self::AddMember { user, group } => Self::RemoveMember { user, group },
            Self::RemoveMember { user, group } => Self::AddMember { user, group },
            Self::RemoveRole {
                user, role, scope, ..
            } => Self::AssignRole { user, role, scope },
            Self::DeleteUser { user } => Self::RestoreUser { user },
            Self::RestoreUser { user } => Self::DeleteUser { user },
            Self::AssignRole { .. } => return Err("is undone by a plan that takes the role"),
            Self::AddOwner { .. } => return Err("is undone in the group itself"),
            Self::SetPassword { .. } => return Err("an old password does not come back"),
            Self::CreatePass { .. } => return Err("is undone by removing the pass"),
            Self::DeletePass { .. } => return Err("a pass does not come back"),
            Self::DeleteMethod { .. } => return Err("the user has to register it again"),
            Self::RevokeSessions { .. } => return Err("the user signs in again"),
            Self::DeleteDevice { .. } => return Err("a deleted device has to be registered again"),
            other => return other.other_way(),
        })
    }

    /// The same of those that set one of two ways, or one of several people.
    fn other_way(self) -> Result<Self, &'static str> {
        Ok(match self {
            Self::EnableDevice {
                user,
                device,
                name,
                is_enabled,
            } => Self::EnableDevice {
                user,
                device,
                name,
                is_enabled: !is_enabled,
            },
            Self::RemoveManager {
                user,
                was: Some(manager),
            } => Self::SetManager {
                user,
                manager: super::Whom::Id(manager),
                was: None,
            },
            Self::SetManager {
                user,
                was: None,
                manager,
            } => match manager {
                super::Whom::Id(id) => Self::RemoveManager { user, was: Some(id) },
                super::Whom::Made => return Err("the manager is not known yet"),
            },
            Self::SetManager {
                user,
                was: Some(before),
                manager,
            } => Self::SetManager {
                user,
                manager: super::Whom::Id(before),
                was: match manager {
                    super::Whom::Id(id) => Some(id),
                    super::Whom::Made => None,
                },
            },
            Self::RemoveManager { was: None, .. } => return Err("who the manager was is not known"),
            _ => return Err("nothing undoes it"),
        })
    }
}

impl Plan {
    /// The plan that undoes this one, the last step first. What cannot be undone is left, with the reason.
    ///
    /// # Errors
    /// `Invalid` if nothing can be undone.
    pub fn inverse(&self) -> Result<Self, Refused> {
        let mut plan = Self::new(self.tenant, Action::Undo, self.subject.clone());
        for step in self.steps.iter().rev() {
            match step.kind.inverse() {
                Ok(kind) => {
                    plan.push(kind);
                }
                Err(why) => plan.left.push(Left::new(
                    step.kind.words(),
                    why,
                    "nothing is to be done by itself",
                )),
            }
        }
        if plan.steps.is_empty() {
            return Err(Reason::Irreversible.with(
                format!("nothing of `{}` can be undone", self.action),
                "see what is left for each step",
            ));
        }
        Ok(plan)
    }
}
