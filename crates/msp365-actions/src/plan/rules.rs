//! What a step takes, and how much harm it can do.

use msp365_core::Endpoints;

use super::{Place, Risk, StepKind, Subject};

impl StepKind {
    /// The permissions of the application that it takes, all of them.
    pub fn permissions(&self) -> &'static [&'static str] {
        let cloud = Endpoints::public();
        let place = Place {
            endpoints: &cloud,
            made: None,
            secret: None,
        };
        let request = self.plain(&place);
        request.call().rules().map_or(&[], |rules| rules.delegated)
    }

    /// The least directory role that it takes, under GDAP as well as at home.
    pub const fn role(&self, subject: &Subject) -> &'static str {
        match self {
            Self::AssignRole { .. } | Self::RemoveRole { .. } => "Privileged Role Administrator",
            Self::CreatePass { .. } | Self::DeletePass { .. } | Self::DeleteMethod { .. } => {
                if subject.is_guarded {
                    "Privileged Authentication Administrator"
                } else {
                    "Authentication Administrator"
                }
            }
            Self::SetPassword { .. }
            | Self::RevokeSessions { .. }
            | Self::DeleteUser { .. }
            | Self::RestoreUser { .. }
            | Self::UpdateUser { .. }
                if subject.is_guarded =>
            {
                "Privileged Authentication Administrator"
            }
            Self::SetPassword { .. } | Self::RevokeSessions { .. } => "Helpdesk Administrator",
            Self::AssignLicenses { .. } => "License Administrator",
            Self::EnableDevice { .. } | Self::DeleteDevice { .. } => "Cloud Device Administrator",
            Self::AddMember { .. } | Self::RemoveMember { .. } | Self::AddOwner { .. } => {
                "Groups Administrator"
            }
            _ => "User Administrator",
        }
    }

    /// How much harm it can do.
    pub const fn risk(&self, subject: &Subject) -> Risk {
        match self {
            Self::DeleteUser { .. }
            | Self::AssignRole { .. }
            | Self::RemoveRole { .. }
            | Self::DeleteMethod { .. }
            | Self::DeleteDevice { .. }
            | Self::CreatePass { .. } => Risk::High,
            Self::EnableDevice { .. } => Risk::Medium,
            Self::SetPassword { .. } | Self::RevokeSessions { .. } | Self::RemoveMember { .. } => {
                if subject.is_guarded {
                    Risk::High
                } else {
                    Risk::Medium
                }
            }
            Self::UpdateUser { edit, .. } if edit.account_enabled.is_some() => Risk::Medium,
            Self::AssignLicenses { remove, .. } if !remove.is_empty() => Risk::Medium,
            _ => Risk::Low,
        }
    }
}
