//! Roles that an application holds over administrative units.

use super::*;

const UNIT: &str = "77777777-0000-4000-8000-000000000001";
const OTHER: &str = "77777777-0000-4000-8000-000000000002";

/// A tenant in which an application changes users, with these roles over the unit.
fn over_unit(roles: &[&str]) -> TenantFacts {
    let mut tenant = tenant(&[]);
    let mut access = Facts::default();
    access.is_direct = true;
    access.token = TokenFacts::Ok;
    tenant.access = Known::Is(access);
    tenant.consent = Known::Is(Some([String::from("User.ReadWrite.All")].into()));
    tenant.own_roles = Known::Is(BTreeSet::new());
    let roles = roles.iter().map(|name| role(name));
    tenant.own_unit_roles.insert(UNIT.to_owned(), roles.collect());
    tenant
}

/// A user in these units.
fn inside(mut target: TargetFacts, units: &[&str]) -> TargetFacts {
    target.units = Known::Is(units.iter().map(|unit| (*unit).to_owned()).collect());
    target
}

fn verdict(roles: &[&str], action: &Action, target: &TargetFacts) -> Verdict {
    explain(&Actor::host(), &over_unit(roles), action, target).verdict
}

fn profile() -> Action {
    let mut edit = msp365_graph::users::UserEdit::default();
    edit.usage_location = Some("NO".to_owned());
    Action::Edit(Box::new(edit))
}

#[test]
fn a_role_over_a_unit_reaches_administrators_in_it_alone() {
    let helpdesk = || administrator(&["Helpdesk Administrator"]);
    let own = ["User Administrator"];

    assert_eq!(
        verdict(&own, &Action::Block, &inside(helpdesk(), &[UNIT])),
        Verdict::WillWork
    );
    assert_eq!(
        verdict(&own, &Action::Block, &inside(helpdesk(), &[OTHER])),
        Verdict::WillNot
    );
    assert_eq!(verdict(&own, &Action::Block, &helpdesk()), Verdict::Unknown);
    assert_eq!(
        verdict(&own, &Action::Block, &plain()),
        Verdict::WillWork,
        "it takes no role to reach who is no administrator"
    );
}

#[test]
fn which_of_the_units_is_restricted_is_not_known() {
    let kept = inside(ada(&json!({"isManagementRestricted": true})), &[UNIT]);

    for action in [Action::Block, Action::Delete, profile()] {
        let over = verdict(&["User Administrator"], &action, &kept);
        assert_eq!(over, Verdict::Unknown, "{action:?}");
        let mut tenant = over_unit(&[]);
        tenant.own_unit_roles.clear();
        tenant.own_roles = Known::Is([role("Global Administrator")].into());
        let whole = explain(&Actor::host(), &tenant, &action, &kept).verdict;
        assert_eq!(whole, Verdict::WillNot, "{action:?}");
    }
}
