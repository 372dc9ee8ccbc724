use msp365_graph::licenses::LicenseChange;

use super::*;

const PLUS: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const KIOSK: &str = "66b55226-6b4f-492c-910c-a3b7a3c9d993";

fn product(id: &str, plan: &str, (enabled, consumed): (i64, i64)) -> Value {
    json!({"id": id, "skuId": id, "skuPartNumber": id, "appliesTo": "User", "capabilityStatus": "Enabled",
        "consumedUnits": consumed, "prepaidUnits": {"enabled": enabled, "warning": 0},
        "servicePlans": [{"servicePlanId": format!("plan of {id}"), "servicePlanName": plan, "appliesTo": "User"}]})
}

fn shop() -> Vec<Value> {
    vec![
        product(PLUS, "EXCHANGE_S_ENTERPRISE", (2, 1)),
        product(KIOSK, "EXCHANGE_S_DESKLESS", (1, 1)),
    ]
}

fn holding(sku: &str, group: Option<&str>) -> Value {
    json!({"skuId": sku, "assignedByGroup": group, "state": "Active", "error": "None", "disabledPlans": []})
}

fn change(change: LicenseChange, products: Vec<Value>, user: &Value) -> Explanation {
    let mut tenant = tenant(&["License Administrator"]);
    tenant.products = Known::Is(products.into_iter().map(from).collect());
    explain(&Actor::host(), &tenant, &Action::Licenses(change), &ada(user))
}

fn why(said: &Explanation) -> &str {
    assert_eq!(broken(said), Some(LinkId::License), "{said:#?}");
    &said.first_broken().unwrap().evidence
}

#[test]
fn a_licence_needs_a_place_and_a_free_unit() {
    let give = |sku: &str| LicenseChange::default().giving(sku);

    assert_eq!(change(give(PLUS), shop(), &json!({})).verdict, Verdict::WillWork);
    assert!(why(&change(give(PLUS), shop(), &json!({"usageLocation": null}))).contains("usage location"));
    assert!(why(&change(give(KIOSK), shop(), &json!({}))).contains("no free units"));
    assert!(why(&change(give(PLUS), Vec::new(), &json!({}))).contains("not bought"));
    let mut suspended = shop();
    suspended[0]["capabilityStatus"] = json!("Suspended");
    assert!(why(&change(give(PLUS), suspended, &json!({}))).contains("suspended"));
}

#[test]
fn a_licence_through_a_group_goes_with_the_group() {
    let take = || LicenseChange::default().taking(PLUS);
    let held = |group: &[Option<&str>]| {
        let states: Vec<_> = group.iter().map(|group| holding(PLUS, *group)).collect();
        json!({"licenseAssignmentStates": states})
    };

    assert!(why(&change(take(), shop(), &held(&[Some("g-1")]))).contains("through a group"));
    assert!(why(&change(take(), shop(), &json!({}))).contains("does not hold"));
    assert_eq!(change(take(), shop(), &held(&[None])).verdict, Verdict::WillWork);
    let both = change(take(), shop(), &held(&[None, Some("g-1")]));
    assert_eq!(both.verdict, Verdict::WillWork);
    assert!(
        both.cautions
            .iter()
            .any(|caution| caution.contains("nothing visible")),
        "{both:?}"
    );
}

#[test]
fn service_plans_that_exclude_each_other_are_swapped_in_one_step() {
    let mut roomy = shop();
    roomy[1]["prepaidUnits"]["enabled"] = json!(5);
    let held = json!({"licenseAssignmentStates": [holding(PLUS, None)]});
    let give = LicenseChange::default().giving(KIOSK);

    assert!(why(&change(give.clone(), roomy.clone(), &held)).contains("exclude each other"));
    assert_eq!(change(give.taking(PLUS), roomy, &held).verdict, Verdict::WillWork);
}

#[test]
fn an_empty_change_is_refused() {
    assert_eq!(
        broken(&change(LicenseChange::default(), shop(), &json!({}))),
        Some(LinkId::Target)
    );
}
