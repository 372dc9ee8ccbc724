//! What features need, and what is made of it.

use proptest::{prelude::*, sample::subsequence};

use super::*;

fn roles_of(needed: &Privileges) -> Vec<&'static str> {
    needed.roles.keys().filter_map(|id| roles::name(id)).collect()
}

#[test]
fn nothing_but_consent_is_needed_for_nothing() {
    let needed = Privileges::of([]);

    assert!(needed.scopes.is_empty());
    assert_eq!(roles_of(&needed), ["Cloud Application Administrator"]);
}

#[test]
fn a_sync_reads_with_five_permissions() {
    let needed = Privileges::of(Feature::READING);

    assert_eq!(
        needed.scopes.iter().copied().collect::<Vec<_>>(),
        [
            "AuditLog.Read.All",
            "DeviceManagementManagedDevices.Read.All",
            "Directory.Read.All",
            "ReportSettings.Read.All",
            "Reports.Read.All",
        ]
    );
    assert!(needed.not_by_application.is_empty());
}

#[test]
fn what_takes_a_person_is_named() {
    let needed = Privileges::of([Feature::HelpdeskForAdministrators, Feature::Directory]);

    assert_eq!(
        needed.not_by_application,
        [Feature::HelpdeskForAdministrators].into()
    );
    assert!(needed.scopes.contains("Directory.AccessAsUser.All"));
}

#[test]
fn devices_are_changed_by_a_person_or_by_a_permission_of_the_application() {
    let needed = Privileges::of([Feature::EditDevices]);

    assert_eq!(needed.scopes, ["Directory.AccessAsUser.All"].into());
    assert_eq!(needed.app_roles, ["Device.ReadWrite.All"].into());
    assert!(needed.not_by_application.is_empty());
}

#[test]
fn what_is_broad_is_not_among_what_changing_users_takes() {
    let needed = Privileges::of(Feature::CHANGING_USERS);

    assert!(!needed.scopes.contains("Directory.AccessAsUser.All"));
}

#[test]
fn the_difference_goes_by_letter_case_and_by_what_covers_what() {
    let needed = Privileges::of([Feature::Directory, Feature::SignIns]);

    let difference = needed.compare(["directory.readwrite.all", "openid", "User.Read"]);

    assert_eq!(difference.missing, ["AuditLog.Read.All"]);
    assert_eq!(difference.superfluous, ["directory.readwrite.all"]);
}

#[test]
fn the_consent_names_what_is_needed_alone() {
    let consent = Privileges::of([Feature::Directory]).consent("app", "Connector");

    assert_eq!(consent.scopes, ["Directory.Read.All"]);
    assert_eq!(consent.resource, crate::consents::MICROSOFT_GRAPH);
}

#[test]
fn an_invitation_gives_each_group_what_its_features_need() {
    let groups = [
        ("service".to_owned(), Feature::READING.to_vec()),
        ("desk".to_owned(), vec![Feature::Helpdesk, Feature::Licenses]),
    ];

    let invitation = Invitation::new("Adatum", "customer", groups);

    let named = |at: usize| -> Vec<_> {
        invitation.groups[at]
            .roles
            .iter()
            .filter_map(|id| roles::name(id))
            .collect()
    };
    assert_eq!(
        named(0),
        [
            "Cloud Application Administrator",
            "Reports Reader",
            "Directory Readers",
            "Global Reader",
        ]
    );
    assert_eq!(named(1), ["License Administrator", "Helpdesk Administrator"]);
    assert_eq!(invitation.relationship.roles.len(), 6);
    assert!(invitation.extends_itself());
}

proptest! {
    #[test]
    fn what_is_needed_suffices_and_is_not_superfluous(features in subsequence(Feature::ALL.to_vec(), 0..=13)) {
        let needed = Privileges::of(features.clone());

        let own = needed.compare(needed.scopes.iter().copied());
        prop_assert_eq!(own, Difference::default());
        for feature in features {
            let need = feature.need();
            let has = |scope: &&str| needed.scopes.iter().any(|own| covers(own, scope));
            prop_assert!(need.scopes.iter().all(has));
            prop_assert!(needed.roles[need.role].contains(&feature));
            prop_assert!(roles::name(need.role).is_some());
        }
    }

    #[test]
    fn every_group_gets_a_part_of_the_roles_of_the_relationship(
        first in subsequence(Feature::ALL.to_vec(), 0..=13),
        second in subsequence(Feature::ALL.to_vec(), 0..=13),
    ) {
        let invitation = Invitation::new("n", "c", [("a".to_owned(), first), ("b".to_owned(), second)]);

        let all = &invitation.relationship.roles;
        for group in &invitation.groups {
            prop_assert!(group.roles.iter().all(|role| all.iter().any(|own| own == role)));
        }
        prop_assert!(!all.iter().any(|role| role == roles::GLOBAL_ADMINISTRATOR));
    }
}
