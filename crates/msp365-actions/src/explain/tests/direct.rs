//! Applications that act for themselves.

use super::*;

/// A tenant that an application reaches with these permissions and directory roles.
fn direct(permissions: &[&str], roles: &[&str]) -> TenantFacts {
    let mut tenant = tenant(&[]);
    let mut access = Facts::default();
    access.is_direct = true;
    access.token = TokenFacts::Ok;
    tenant.access = Known::Is(access);
    let all = permissions.iter().map(|one| (*one).to_owned());
    tenant.consent = Known::Is(Some(all.collect()));
    tenant.own_roles = Known::Is(roles.iter().map(|name| role(name)).collect());
    tenant
}

fn said(tenant: &TenantFacts, action: &Action, target: &TargetFacts) -> Explanation {
    explain(&Actor::host(), tenant, action, target)
}

#[test]
fn an_application_needs_its_permission_and_no_role_for_who_is_no_administrator() {
    let tenant = direct(&["User.ReadWrite.All"], &[]);

    for action in [Action::Block, Action::Revoke, Action::Delete] {
        let said = said(&tenant, &action, &plain());
        assert_eq!(said.verdict, Verdict::WillWork, "{said:#?}");
        assert!(said.link(LinkId::Relationship).is_none() && said.link(LinkId::Group).is_none());
    }
    let reads = direct(&["Directory.Read.All"], &[]);
    let refused = said(&reads, &Action::Block, &plain());
    assert_eq!(broken(&refused), Some(LinkId::Consent));
    let link = refused.first_broken().unwrap();
    assert_eq!(link.mender, Some(Mender::CustomerAdministrator), "{link:?}");
}

#[test]
fn an_administrator_takes_a_directory_role_of_the_application() {
    let admin = administrator(&["Exchange Administrator"]);
    let without = direct(&["User.ReadWrite.All"], &[]);
    let with = direct(
        &["User.ReadWrite.All"],
        &["Privileged Authentication Administrator"],
    );
    let less = direct(&["User.ReadWrite.All"], &["User Administrator"]);

    assert_eq!(
        broken(&said(&without, &Action::Block, &admin)),
        Some(LinkId::Protection)
    );
    assert_eq!(
        broken(&said(&less, &Action::Block, &admin)),
        Some(LinkId::Protection)
    );
    assert_eq!(broken(&said(&with, &Action::Block, &admin)), None);
    let helpdesk = administrator(&["Helpdesk Administrator"]);
    assert_eq!(broken(&said(&less, &Action::Block, &helpdesk)), None);
}

#[test]
fn setting_a_password_takes_a_permission_of_its_own_or_a_role() {
    let wide = direct(&["User.ReadWrite.All"], &[]);
    let own = direct(&["User-PasswordProfile.ReadWrite.All"], &[]);
    let role = direct(&["User.ReadWrite.All"], &["Password Administrator"]);
    let reset = |tenant| broken(&said(tenant, &Action::ResetPassword, &plain()));

    assert_eq!(reset(&wide), Some(LinkId::Protection));
    assert_eq!(reset(&own), None);
    assert_eq!(reset(&role), None);
}

#[test]
fn a_password_that_is_written_back_takes_a_person() {
    let synced = ada(&json!({"onPremisesSyncEnabled": true}));
    let all = direct(
        &["UserAuthenticationMethod.ReadWrite.All"],
        &["Global Administrator"],
    );

    let said = said(&all, &Action::ResetPassword, &synced);

    assert_eq!(broken(&said), Some(LinkId::Consent));
    assert!(
        said.first_broken().unwrap().evidence.contains("signed in"),
        "{said:#?}"
    );
}

#[test]
fn how_anybody_signs_in_is_reached_by_the_permission_alone() {
    let tenant = direct(&["UserAuthenticationMethod.ReadWrite.All"], &[]);
    let mut admin = administrator(&["Global Administrator"]);
    admin.methods = Known::Is(Vec::new());

    assert_eq!(broken(&said(&tenant, &Action::RemoveMethods, &admin)), None);
}

#[test]
fn what_is_not_known_of_the_user_is_not_made_up() {
    let tenant = direct(&["User.ReadWrite.All"], &[]);
    let mut target = plain();
    target.groups = Known::Not("it could not be read".to_owned());

    assert_eq!(said(&tenant, &Action::Block, &target).verdict, Verdict::Unknown);
}
