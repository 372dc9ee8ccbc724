//! What remains after an offboarding that no step takes, and what no rehire brings back.

use msp365_graph::groups::Group;

use super::{
    licences,
    machines::{self, Devices},
    offboard::Offboard,
};
use crate::{Facts, facts::Person, plan::Left};

/// Groups that roles can be given to and that are not left: whatever they give the user keeps.
pub(super) fn roles_kept(person: &Person, leaves: bool) -> Vec<Left> {
    let holds = |group: &&Group| group.is_assignable_to_role == Some(true);
    let stays = |group: &&Group| !leaves || licences::leavable(group).is_err();
    let groups = person.groups.iter().filter(holds).filter(stays);
    groups
        .map(|group| {
            Left::new(
                format!(
                    "roles held through group `{}`",
                    group.display_name.as_deref().unwrap_or(&group.id)
                ),
                "roles of a group are taken by leaving the group",
                "take the user out of the group too",
            )
        })
        .collect()
}

/// What a rehire would not bring back.
pub(super) fn not_restorable(facts: &Facts, person: &Person, wish: &Offboard) -> Vec<Left> {
    let mut left = Vec::new();
    if wish.delete {
        for group in &person.groups {
            if let Err(refused) = licences::leavable(group) {
                left.push(Left::new(
                    format!(
                        "bringing back group `{}`",
                        group.display_name.as_deref().unwrap_or(&group.id)
                    ),
                    refused.words,
                    refused.remedy,
                ));
            }
        }
        left.extend(
            licences::stuck(facts, person)
                .into_iter()
                .map(|one| Left::new(format!("bringing back {}", one.what), one.why, one.remedy)),
        );
    }
    if wish.delete {
        if person.owned.is_none() {
            left.push(Left::new(
                "bringing back as owner of groups",
                "which groups the user owns could not be read",
                "allow `Directory.Read.All`, and plan again",
            ));
        }
        for owned in person.owned().filter(|owned| !owned.is_ours) {
            left.push(Left::new(
                format!("bringing back as owner of `{}`", owned.name),
                "the group is not kept here",
                "set the owner in Exchange, or on-premises",
            ));
        }
        for report in &person.fixed_reports {
            left.push(Left::new(
                format!("bringing back as manager of {report}"),
                "that user is mastered on-premises",
                "set the manager there",
            ));
        }
    }
    if wish.devices == Devices::Deleted {
        left.extend(machines::lost(person));
    }
    if wish.reset_password {
        left.push(Left::new(
            "bringing back the password",
            "an old password does not come back",
            "reset it at the rehire",
        ));
    }
    left
}
