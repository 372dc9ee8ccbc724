use msp365_core::Change;
use msp365_graph::{authentication_methods::NewPass, users::UserEdit};

use super::*;

fn edit(change: impl FnOnce(&mut UserEdit)) -> Action {
    let mut edit = UserEdit::default();
    change(&mut edit);
    Action::Edit(Box::new(edit))
}

#[test]
fn where_everything_is_in_order_the_whole_chain_holds() {
    let said = said(&["User Administrator"], &Action::Block, &plain());

    let ids: Vec<_> = said.links.iter().map(|link| link.id.as_str()).collect();
    assert_eq!(said.verdict, Verdict::WillWork, "{said:#?}");
    assert_eq!(
        ids,
        [
            "permission",
            "tenant",
            "sign_in",
            "consent",
            "relationship",
            "group",
            "role",
            "target",
            "protection",
            "on_premises"
        ]
    );
}

#[test]
fn each_link_of_access_breaks_by_itself() {
    let actor = Actor::host();
    let first = |change: fn(&mut TenantFacts)| {
        let mut tenant = tenant(&["User Administrator"]);
        change(&mut tenant);
        broken(&explain(&actor, &tenant, &Action::Block, &plain()))
    };

    assert_eq!(first(|_| {}), None);
    assert_eq!(
        first(|tenant| tenant.status = Known::Is(Some(TenantStatus::Deactivated))),
        Some(LinkId::Tenant)
    );
    assert_eq!(
        first(|tenant| tenant.consent = Known::Is(None)),
        Some(LinkId::Consent)
    );
    assert_eq!(
        first(|tenant| tenant.consent = Known::Is(Some(["User.Read.All".to_owned()].into()))),
        Some(LinkId::Consent)
    );
    assert_eq!(
        first(|tenant| tenant.access = Known::Is(Facts::default())),
        Some(LinkId::Relationship)
    );
    assert_eq!(
        first(|tenant| {
            let mut facts = access(&["User Administrator"]);
            facts.member_of.clear();
            tenant.access = Known::Is(facts);
        }),
        Some(LinkId::Group)
    );
    assert_eq!(
        first(|tenant| tenant.access = Known::Is(access(&["Reports Reader"]))),
        Some(LinkId::Role)
    );
}

#[test]
fn a_role_that_the_relationship_covers_is_given_in_partner_center() {
    let mut access = access(&["Reports Reader"]);
    access.relationships[0].roles.push(role("User Administrator"));
    let mut tenant = tenant(&[]);
    tenant.access = Known::Is(access);

    let said = explain(&Actor::host(), &tenant, &Action::Delete, &plain());

    let link = said.first_broken().unwrap();
    assert_eq!(
        (link.id, link.mender),
        (LinkId::Role, Some(Mender::PartnerAdministrator))
    );
    assert!(
        link.remedy.as_ref().unwrap().contains("Partner Center"),
        "{link:?}"
    );
}

#[test]
fn nothing_known_is_nothing_promised() {
    let id = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    let tenant = TenantFacts::new(id, "2026-03-01T00:00:00Z".parse().unwrap());

    let said = explain(&Actor::host(), &tenant, &Action::Block, &TargetFacts::new("ada"));

    assert_eq!(said.verdict, Verdict::Unknown);
    assert!(said.unknown().count() >= 6, "{said:#?}");
}

#[test]
fn what_is_mastered_on_premises_is_changed_there() {
    let synced = ada(&json!({"onPremisesSyncEnabled": true}));
    let formerly = ada(&json!({"onPremisesSyncEnabled": false}));
    let title = edit(|edit| edit.job_title = Change::Set("Engineer".to_owned()));
    let place = edit(|edit| edit.usage_location = Some("GB".to_owned()));
    let roles = ["User Administrator"];

    assert_eq!(broken(&said(&roles, &title, &synced)), Some(LinkId::OnPremises));
    assert_eq!(
        broken(&said(&roles, &Action::Block, &synced)),
        Some(LinkId::OnPremises)
    );
    assert_eq!(said(&roles, &place, &synced).verdict, Verdict::WillWork);
    assert_eq!(said(&roles, &Action::Revoke, &synced).verdict, Verdict::WillWork);
    assert_eq!(said(&roles, &title, &formerly).verdict, Verdict::WillWork);
}

#[test]
fn a_synced_password_goes_another_way_of_which_the_end_is_not_known() {
    let synced = ada(&json!({"onPremisesSyncEnabled": true}));

    assert_eq!(
        broken(&said(
            &["Helpdesk Administrator"],
            &Action::ResetPassword,
            &synced
        )),
        Some(LinkId::Role)
    );
    let said = said(&["Authentication Administrator"], &Action::ResetPassword, &synced);
    assert_eq!(said.verdict, Verdict::Unknown);
    assert_eq!(said.unknown().next().map(|link| link.id), Some(LinkId::Policy));
}

#[test]
fn groups_are_refused_by_their_kind_with_who_mends_it() {
    for (differing, wanted) in [
        (json!({}), None),
        (json!({"groupTypes": ["Unified"], "mailEnabled": true}), None),
        (json!({"groupTypes": ["DynamicMembership"]}), Some("dynamic")),
        (json!({"mailEnabled": true}), Some("Exchange")),
        (
            json!({"mailEnabled": true, "securityEnabled": false}),
            Some("Exchange"),
        ),
        (json!({"onPremisesSyncEnabled": true}), Some("on-premises")),
        (json!({"isManagementRestricted": true}), Some("restricted")),
    ] {
        let mut target = plain();
        target
            .named_groups
            .insert("g-1".to_owned(), Known::Is(Some(group(&differing))));
        let said = said(
            &["Groups Administrator"],
            &Action::JoinGroup("g-1".to_owned()),
            &target,
        );
        assert_eq!(said.first_broken().is_some(), wanted.is_some(), "{differing}");
        if let Some(word) = wanted {
            let link = said.first_broken().unwrap();
            assert_eq!(link.id, LinkId::Membership);
            assert!(link.evidence.contains(word), "{link:?}");
        }
    }
}

#[test]
fn groups_for_roles_take_the_role_for_roles() {
    let mut target = plain();
    let for_roles = group(&json!({"isAssignableToRole": true}));
    target
        .named_groups
        .insert("g-1".to_owned(), Known::Is(Some(for_roles)));
    let join = Action::JoinGroup("g-1".to_owned());

    assert_eq!(
        broken(&said(&["Groups Administrator"], &join, &target)),
        Some(LinkId::Role)
    );
    assert_eq!(
        broken(&said(&["Privileged Role Administrator"], &join, &target)),
        None
    );
    target.own_groups.insert("g-1".to_owned());
    assert_eq!(broken(&said(&["Reports Reader"], &join, &target)), None);
}

#[test]
fn what_is_so_already_is_said_to_be() {
    let mut member = plain();
    let team = Known::Is(Some(group(&json!({}))));
    member.named_groups.insert("g-1".to_owned(), team);
    member.direct_groups = Known::Is(["g-1".to_owned()].into());
    let blocked = ada(&json!({"accountEnabled": false}));
    let join = Action::JoinGroup("g-1".to_owned());

    assert_eq!(
        said(&["User Administrator"], &join, &member).verdict,
        Verdict::AlreadySo
    );
    assert_eq!(
        said(&["User Administrator"], &Action::Block, &blocked).verdict,
        Verdict::AlreadySo
    );
    let lacking = said(&["Reports Reader"], &Action::Block, &blocked);
    assert_eq!(
        lacking.verdict,
        Verdict::WillNot,
        "who may not is not told that it is so"
    );
}

#[test]
fn a_name_has_to_be_free_and_in_a_domain_of_the_tenant() {
    let create = |name: &str, holder: Option<&str>| {
        let mut target = TargetFacts::new(name);
        target.name_holder = Known::Is(holder.map(str::to_owned));
        let action = Action::Create {
            user_principal_name: name.to_owned(),
        };
        broken(&said(&["User Administrator"], &action, &target))
    };

    assert_eq!(create("bo@contoso.example", None), None);
    assert_eq!(
        create("bo@contoso.example", Some("a deleted user")),
        Some(LinkId::Target)
    );
    for odd in [
        "bo@fabrikam.example",
        "bo",
        "@contoso.example",
        "b\u{f6}@contoso.example",
        "bo.@contoso.example",
    ] {
        assert_eq!(create(odd, None), Some(LinkId::Target), "{odd}");
    }
}

#[test]
fn passes_follow_the_policy() {
    let said = |policy: Value, minutes: Option<i64>, groups: Vec<Group>| {
        let mut tenant = tenant(&["Authentication Administrator"]);
        tenant.pass_policy = Known::Is(from(policy));
        let mut target = plain();
        target.groups = Known::Is(groups);
        let mut pass = NewPass::default();
        pass.lifetime_in_minutes = minutes;
        broken(&explain(
            &Actor::host(),
            &tenant,
            &Action::TemporaryPass(pass),
            &target,
        ))
    };
    let policy = |state: &str, include: &str, exclude: Option<&str>| {
        let exclude: Vec<_> = exclude
            .into_iter()
            .map(|id| json!({"id": id, "targetType": "group"}))
            .collect();
        json!({"id": "TemporaryAccessPass", "state": state, "minimumLifetimeInMinutes": 60,
            "maximumLifetimeInMinutes": 480, "includeTargets": [{"id": include, "targetType": "group"}],
            "excludeTargets": exclude})
    };
    let team = || vec![group(&json!({}))];

    assert_eq!(
        said(policy("enabled", "G-1", None), Some(60), team()),
        None,
        "ids are the same in any letter case"
    );
    assert_eq!(
        said(policy("enabled", "all_users", Some("G-1")), Some(60), team()),
        Some(LinkId::Policy)
    );
    assert_eq!(
        said(policy("enabled", "all_users", None), Some(60), Vec::new()),
        None
    );
    assert_eq!(
        said(policy("disabled", "all_users", None), None, Vec::new()),
        Some(LinkId::Policy)
    );
    assert_eq!(
        said(policy("enabled", "all_users", None), Some(10), Vec::new()),
        Some(LinkId::Policy)
    );
    assert_eq!(
        said(policy("enabled", "g-1", None), None, Vec::new()),
        Some(LinkId::Policy)
    );
    assert_eq!(said(policy("enabled", "g-1", None), None, team()), None);
    assert_eq!(
        said(policy("enabled", "all_users", Some("g-1")), None, team()),
        Some(LinkId::Policy)
    );
}

#[test]
fn steps_are_seen_as_the_user_will_be_when_their_turn_comes() {
    let target = administrator(&["Exchange Administrator"]);
    let roles = ["User Administrator", "Privileged Role Administrator"];
    let in_order = Action::Offboard(vec![Action::RemoveAllRoles, Action::Block, Action::Delete]);
    let too_soon = Action::Offboard(vec![Action::Block, Action::RemoveAllRoles]);

    assert_eq!(said(&roles, &in_order, &target).verdict, Verdict::WillWork);
    assert_eq!(
        broken(&said(&roles, &too_soon, &target)),
        Some(LinkId::Protection)
    );
    assert_eq!(
        broken(&said(&roles, &Action::Offboard(Vec::new()), &target)),
        Some(LinkId::Target)
    );
}

#[test]
fn taking_all_of_nothing_asks_for_nothing() {
    for action in [
        Action::RemoveAllRoles,
        Action::RemoveAllLicenses,
        Action::LeaveAllGroups,
    ] {
        let said = said(&["Reports Reader"], &action, &plain());
        assert_eq!(said.verdict, Verdict::AlreadySo, "{said:#?}");
    }
    let leaving = Action::Offboard(vec![Action::RemoveAllRoles, Action::Block]);
    assert_eq!(
        said(&["User Administrator"], &leaving, &plain()).verdict,
        Verdict::WillWork
    );
}

#[test]
fn of_all_groups_each_has_to_let_go() {
    let mut target = plain();
    let restricted = group(&json!({"isManagementRestricted": true}));
    target.direct_groups = Known::Is([restricted.id.clone()].into());
    target.groups = Known::Is(vec![restricted]);

    assert_eq!(
        broken(&said(&["User Administrator"], &Action::LeaveAllGroups, &target)),
        Some(LinkId::Membership)
    );
}

#[test]
fn a_refusal_is_the_first_broken_link() {
    let tenant = tenant(&["Reports Reader"]);

    let link = refusal(&Actor::host(), &tenant, &Action::Block, &plain()).unwrap();

    assert_eq!(link.id, LinkId::Role);
    let tenant = super::tenant(&["User Administrator"]);
    assert_eq!(refusal(&Actor::host(), &tenant, &Action::Block, &plain()), None);
}
