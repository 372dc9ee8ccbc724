use super::*;

/// Columns: Password, Helpdesk, Authentication, User, Privileged Authentication, Global Administrator.
const COLUMNS: [&str; 6] = [
    "Password Administrator",
    "Helpdesk Administrator",
    "Authentication Administrator",
    "User Administrator",
    "Privileged Authentication Administrator",
    "Global Administrator",
];

fn row(action: &Action, target: &TargetFacts) -> String {
    let may = |column: &&str| {
        let said = said(&[column], action, target);
        if said.link(LinkId::Protection).map(|link| link.state) == Some(State::Holds) {
            'y'
        } else {
            '-'
        }
    };
    COLUMNS.iter().map(may).collect()
}

#[test]
fn the_matrix_of_passwords_and_sessions_is_the_published_one() {
    for (roles, wanted) in [
        (&[][..], "yyyyyy"),
        (&["Directory Readers", "Guest Inviter"], "yyyyyy"),
        (&["Password Administrator"], "yyyyyy"),
        (&["Message Center Reader"], "-yyyyy"),
        (&["Reports Reader"], "-yyyyy"),
        (&["Usage Summary Reports Reader"], "-yyyyy"),
        (&["User Experience Success Manager"], "-yyyyy"),
        (&["Helpdesk Administrator"], "-y-yyy"),
        (&["Authentication Administrator"], "--y-yy"),
        (&["Groups Administrator"], "---yyy"),
        (&["User Administrator"], "---yyy"),
        (&["Global Administrator"], "----yy"),
        (&["Privileged Role Administrator"], "----yy"),
        (&["Exchange Administrator"], "----yy"),
        (
            &["Helpdesk Administrator", "Authentication Administrator"],
            "----yy",
        ),
    ] {
        assert_eq!(
            row(&Action::ResetPassword, &administrator(roles)),
            wanted,
            "{roles:?}"
        );
        assert_eq!(row(&Action::Revoke, &administrator(roles)), wanted, "{roles:?}");
    }
}

#[test]
fn in_a_restricted_unit_not_even_the_highest_role_reaches_anybody() {
    let mut target = ada(&json!({"isManagementRestricted": true}));
    target.manager = Known::Is(None);
    let mut edit = msp365_graph::users::UserEdit::default();
    edit.usage_location = Some("NO".to_owned());

    for action in [
        Action::Block,
        Action::Delete,
        Action::Revoke,
        Action::ResetPassword,
        Action::RemoveMethods,
        Action::Edit(Box::new(edit)),
    ] {
        let said = said(&["Global Administrator"], &action, &target);
        assert_eq!(
            said.first_broken().map(|link| link.id),
            Some(LinkId::Protection),
            "{action:?}"
        );
    }
}

/// Of a User Administrator it is not known whether blocking works, of a Global Administrator it is.
fn assert_only_the_highest_is_sure_to_block(target: &TargetFacts) {
    let verdict = |role| said(&[role], &Action::Block, target).verdict;
    assert_eq!(verdict("User Administrator"), Verdict::Unknown);
    assert_eq!(verdict("Global Administrator"), Verdict::WillWork);
}

#[test]
fn a_role_in_a_unit_may_protect_from_all_but_the_highest() {
    let mut target = administrator(&["Directory Readers"]);
    if let Known::Is(roles) = &mut target.roles {
        roles[0].directory_scope_id = Some("/administrativeUnits/unit-1".to_owned());
    }

    assert_only_the_highest_is_sure_to_block(&target);
}

#[test]
fn who_sets_passwords_alone_ends_no_sessions() {
    assert_eq!(
        said(&["Password Administrator"], &Action::ResetPassword, &plain()).verdict,
        Verdict::WillWork
    );
    let revoked = said(&["Password Administrator"], &Action::Revoke, &plain());
    assert_eq!(broken(&revoked), Some(LinkId::Role));
    assert_eq!(
        said(&["Helpdesk Administrator"], &Action::Revoke, &plain()).verdict,
        Verdict::WillWork
    );
}

#[test]
fn the_matrix_of_sensitive_actions_is_the_published_one() {
    for (roles, wanted) in [
        (&[][..], "--yyyy"),
        (&["Password Administrator"], "--yyyy"),
        (&["Reports Reader"], "--yyyy"),
        (&["Authentication Administrator"], "--y-yy"),
        (&["Helpdesk Administrator"], "---yyy"),
        (&["Groups Administrator"], "---yyy"),
        (&["User Administrator"], "---yyy"),
        (&["Global Administrator"], "----yy"),
        (&["Billing Administrator"], "----yy"),
    ] {
        for action in [Action::Block, Action::Delete] {
            assert_eq!(row(&action, &administrator(roles)), wanted, "{roles:?}");
        }
    }
}

#[test]
fn members_and_owners_of_groups_for_roles_are_for_the_highest_alone() {
    let mut member = plain();
    member.groups = Known::Is(vec![group(&json!({"isAssignableToRole": true}))]);
    let mut owner = plain();
    owner.owned_role_groups = Known::Is(vec!["Admins".to_owned()]);

    for target in [member, owner] {
        assert_eq!(row(&Action::Block, &target), "----yy");
        assert_eq!(row(&Action::Revoke, &target), "----yy");
    }
}

#[test]
fn to_touch_somebody_privileged_takes_a_permission_more() {
    let target = administrator(&["Global Administrator"]);
    let mut tenant = tenant(&["Global Administrator"]);
    tenant.consent = Known::Is(Some(["User.ReadWrite.All".to_owned()].into()));

    let said = explain(&Actor::host(), &tenant, &Action::Block, &target);

    assert_eq!(broken(&said), Some(LinkId::Protection));
    assert!(
        said.first_broken()
            .unwrap()
            .evidence
            .contains("Directory.AccessAsUser.All")
    );
    let remedy = said.first_broken().unwrap().remedy.as_deref().unwrap();
    assert!(remedy.contains("Builder::changing_administrators"), "{remedy}");
    assert!(remedy.contains("--write-administrators"), "{remedy}");
    assert_eq!(
        explain(&Actor::host(), &tenant, &Action::Block, &plain()).verdict,
        Verdict::WillWork
    );
}

#[test]
fn what_is_not_known_of_a_target_stops_only_those_whom_it_might_stop() {
    let mut target = plain();
    target.roles = Known::Not("the service refused".to_owned());

    assert_only_the_highest_is_sure_to_block(&target);
}
