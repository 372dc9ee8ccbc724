//! Licences: ways, services, and what is left.

use msp365_graph::{
    licenses::{LicenseAssignmentState, LicenseDetails, LicenseState},
    subscribed_skus::SubscribedSku,
};
use msp365_store::{LicenseRow, UserLicense};

use super::{
    super::{
        license::{self, GroupNames},
        *,
    },
    read,
};

const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";

fn groups() -> GroupNames {
    [("g".to_owned(), Some("LIC-E3".to_owned()))].into()
}

#[test]
fn a_licence_works_not_or_not_yet() {
    for (word, means) in [
        ("Active", LicenseStatus::Active),
        ("ActiveWithError", LicenseStatus::ActiveWithError),
        ("Disabled", LicenseStatus::Disabled),
        ("Error", LicenseStatus::Error),
        ("PendingActivation", LicenseStatus::Pending),
    ] {
        assert_eq!(LicenseStatus::of(Some(&LicenseState::from(word))), means);
    }
    assert_eq!(LicenseStatus::of(None), LicenseStatus::Pending);
}

#[test]
fn a_licence_held_directly_and_by_a_group_is_one_with_two_ways() {
    let states: Vec<LicenseAssignmentState> = read(&format!(
        r#"[{{"skuId":"{upper}","assignedByGroup":"g","state":"Error","error":"CountViolation","disabledPlans":["p"]}},
            {{"skuId":"{E3}","assignedByGroup":null,"state":"Active","error":"None"}},
            {{"skuId":"unheard-of","assignedByGroup":"x","state":"Disabled","error":null}}]"#,
        upper = E3.to_uppercase()
    ));
    let details: Vec<LicenseDetails> = read(&format!(
        r#"[{{"id":"1","skuId":"{E3}","skuPartNumber":"SPE_E3","servicePlans":[
            {{"servicePlanId":"a","servicePlanName":"EXCHANGE","provisioningStatus":"Success"}},
            {{"servicePlanId":"b","servicePlanName":"YAMMER","provisioningStatus":"Disabled"}},
            {{"servicePlanId":"c","provisioningStatus":"PendingInput"}}]}}]"#
    ));

    let held = license::held(&states, &details, &groups());

    let e3 = held.iter().find(|one| one.sku_id == E3).unwrap();
    assert_eq!(
        (held.len(), e3.product.as_str(), e3.status),
        (2, "Microsoft 365 E3", LicenseStatus::Active)
    );
    assert!(e3.is_direct() && e3.ways[0].group.is_none());
    let by_group = &e3.ways[1];
    assert_eq!(by_group.group.as_ref().map(Named::label), Some("LIC-E3"));
    assert_eq!(
        (by_group.status, by_group.problem.as_deref()),
        (LicenseStatus::Error, Some("CountViolation"))
    );
    assert_eq!(by_group.remedy, Some("buy more units, or free some"));
    assert_eq!(by_group.disabled_plans, ["p"]);
    let plans: Vec<_> = e3
        .plans
        .iter()
        .map(|plan| (plan.name.as_str(), plan.is_on))
        .collect();
    assert_eq!(plans, [("EXCHANGE", true), ("YAMMER", false), ("c", true)]);
    let other = held.iter().find(|one| one.sku_id != E3).unwrap();
    assert_eq!(
        (other.product.as_str(), other.status),
        ("unheard-of", LicenseStatus::Disabled)
    );
    assert_eq!(other.groups().map(Named::label).collect::<Vec<_>>(), ["x"]);
}

#[test]
fn stored_licences_have_their_ways_and_no_services() {
    let direct = UserLicense::new(E3);
    let mut by_group = UserLicense::new(E3);
    by_group.assigned_by_group = Some("g".to_owned());
    by_group.state = Some("Active".to_owned());

    let held = license::stored(&[by_group, direct], &[], &groups());

    assert_eq!((held.len(), held[0].ways.len(), held[0].plans.len()), (1, 2, 0));
    assert!(held[0].is_direct());
    assert_eq!(held[0].status, LicenseStatus::Active);
}

#[test]
fn a_product_without_a_name_is_called_by_its_part_number_live_and_stored() {
    let addon = "10000000-0000-4000-8000-000000000001";
    let mut bought = LicenseRow::new(addon);
    bought.sku_part_number = Some("CONTOSO_ADDON".to_owned());
    let products = [Availability::stored(&bought)];
    let mut team: GroupEntry = GroupEntry::live(&read(&format!(
        r#"{{"id":"g","assignedLicenses":[{{"skuId":"{addon}"}},{{"skuId":"{E3}"}},{{"skuId":"unheard-of"}}]}}"#
    )));

    let held = license::stored(&[UserLicense::new(addon)], &[bought], &groups());
    team.call_as(&products);

    assert_eq!(held[0].product, "CONTOSO_ADDON");
    assert_eq!(
        team.licenses.unwrap(),
        ["CONTOSO_ADDON", "Microsoft 365 E3", "unheard-of"]
    );
}

#[test]
fn units_in_grace_count_and_suspended_ones_do_not() {
    let sku: SubscribedSku = read(&format!(
        r#"{{"id":"t_s","skuId":"{E3}","skuPartNumber":"SPE_E3","appliesTo":"User","capabilityStatus":"Warning",
            "consumedUnits":8,"prepaidUnits":{{"enabled":5,"warning":3,"suspended":2,"lockedOut":1}}}}"#
    ));
    let mut row = LicenseRow::new(E3);
    row.sku_part_number = Some("SPE_E3".to_owned());
    row.applies_to = Some("User".to_owned());
    row.capability_status = Some("Warning".to_owned());
    (
        row.consumed,
        row.enabled,
        row.warning,
        row.suspended,
        row.locked_out,
    ) = (8, 5, 3, 2, 1);

    let live = Availability::live(&sku);

    assert_eq!((live.available, live.has_run_out, live.suspended), (0, true, 3));
    assert_eq!(live, Availability::stored(&row));
    row.consumed = 9;
    assert_eq!(Availability::stored(&row).available, -1);
    row.applies_to = Some("Company".to_owned());
    assert!(!Availability::stored(&row).is_for_users);
}

#[test]
fn what_an_offboarding_takes_is_there_or_not() {
    let mut details = Details::new(
        "11111111-2222-3333-4444-555555555555".parse().unwrap(),
        "ada",
        super::at("2026-03-01T00:00:00Z"),
    );
    assert_eq!(details.held(), None);
    details.licenses = Some(Card::live(
        details.at,
        license::stored(&[UserLicense::new(E3)], &[], &groups()),
    ));
    details.groups = Some(Card::live(details.at, Vec::new()));

    let held = details.held().unwrap();

    assert!(held.has_licenses() && !held.has_groups());
    assert_eq!(held.fixed().count(), 0);
}
