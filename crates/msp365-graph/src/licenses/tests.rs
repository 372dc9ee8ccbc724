use insta::assert_snapshot;

use super::*;
use crate::testing::{read, refused, shown};

const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const BASIC: &str = "3b555118-da6a-4418-894f-7df1e2096870";

#[test]
fn licences_are_given_and_taken_in_one_step() {
    let change = LicenseChange::default().giving(E3).taking(BASIC);

    assert_snapshot!(shown(&assign("ada", &change)), @r#"
    POST users/ada/assignLicense
    content-type: application/json
    {"addLicenses":[{"disabledPlans":[],"skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965"}],"removeLicenses":["3b555118-da6a-4418-894f-7df1e2096870"]}
    "#);
}

#[test]
fn both_lists_are_sent_even_where_one_is_empty() {
    let change = LicenseChange::default().taking(BASIC);

    assert_snapshot!(shown(&assign_to_group("9a", &change)), @r#"
    POST groups/9a/assignLicense
    content-type: application/json
    {"addLicenses":[],"removeLicenses":["3b555118-da6a-4418-894f-7df1e2096870"]}
    "#);
}

#[test]
fn part_numbers_and_empty_changes_are_refused() {
    assert!(refused(&assign("ada", &LicenseChange::default())));
    assert!(refused(&assign(
        "ada",
        &LicenseChange::default().giving("SPE_E3")
    )));
    assert!(refused(&assign(
        "ada",
        &LicenseChange::default().giving_without(E3, ["TEAMS1"])
    )));
}

#[test]
fn licences_through_groups_are_worked_out_again() {
    assert_snapshot!(shown(&reprocess("ada")), @"POST users/ada/reprocessLicenseAssignment");
}

#[test]
fn details_tell_the_state_of_each_service_plan() {
    assert_snapshot!(shown(&details("ada")), @"GET users/ada/licenseDetails");
    let body = format!(
        r#"{{"value":[{{"id":"l","skuId":"{E3}","skuPartNumber":"SPE_E3","servicePlans":[
        {{"servicePlanId":"p","servicePlanName":"TEAMS1","provisioningStatus":"PendingInput","appliesTo":"User"}}]}}]}}"#
    );

    let held = read(&details("ada"), body).unwrap().items.remove(0);

    assert_eq!(
        held.service_plans[0].provisioning_status,
        Some(ProvisioningStatus::PendingInput)
    );
}

#[test]
fn an_error_called_none_is_none() {
    for (error, problem) in [
        (r#""CountViolation""#, Some(AssignmentError::NoUnits)),
        (r#""None""#, None),
        ("null", None),
        (r#""Brandnew""#, Some(AssignmentError::Other("Brandnew".into()))),
    ] {
        let state: LicenseAssignmentState = serde_json::from_str(&format!(r#"{{"error":{error}}}"#)).unwrap();

        assert_eq!(state.problem(), problem);
        assert!(state.is_direct());
        assert!(problem.is_none_or(|problem| !problem.remedy().is_empty()));
    }
}
