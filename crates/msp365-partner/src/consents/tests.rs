use http::{HeaderMap, StatusCode};
use insta::assert_snapshot;
use msp365_core::{Replay, Reply};
use proptest::prelude::*;

use super::*;
use crate::testing::{segments, shown};

const CUSTOMER: &str = "7f1d0c52-6a8e-4b9f-9a40-0d5b3e6c1a11";
const APP: &str = "aa000000-0000-4000-8000-000000000001";

fn consent() -> ApplicationConsent {
    ApplicationConsent::to_graph(APP, "Connector", ["User.Read.All", "Group.Read.All"])
}

fn refusal(status: u16, body: &'static str) -> ServiceError {
    let reply = Reply::new(StatusCode::from_u16(status).unwrap(), HeaderMap::new(), body);
    let error = create(CUSTOMER, &consent()).decode(&reply).unwrap_err();
    error.service().unwrap().clone()
}

#[test]
fn a_consent_names_one_resource_and_its_scopes() {
    assert_snapshot!(shown(&create(CUSTOMER, &consent())), @r#"
    POST customers/7f1d0c52-6a8e-4b9f-9a40-0d5b3e6c1a11/applicationconsents
    accept: application/json
    content-type: application/json
    {"applicationGrants":[{"enterpriseApplicationId":"00000003-0000-0000-c000-000000000000","scope":"User.Read.All, Group.Read.All"}],"applicationId":"aa000000-0000-4000-8000-000000000001","displayName":"Connector"}
    "#);
}

#[test]
fn a_consent_to_another_resource_names_it() {
    let exchange = consent().of_resource("00000002-0000-0ff1-ce00-000000000000");

    assert!(shown(&create(CUSTOMER, &exchange)).contains("00000002-0000-0ff1-ce00-000000000000"));
}

#[test]
fn a_consent_is_not_sent_twice_as_its_refusal_would_say_nothing_of_the_first() {
    assert_eq!(create(CUSTOMER, &consent()).call().replay(), Replay::Once);
    assert_eq!(delete(CUSTOMER, APP).call().replay(), Replay::Same);
}

#[test]
fn taking_back_names_customer_and_application() {
    assert_snapshot!(shown(&delete(CUSTOMER, APP)), @r"
    DELETE customers/7f1d0c52-6a8e-4b9f-9a40-0d5b3e6c1a11/applicationconsents/aa000000-0000-4000-8000-000000000001
    accept: application/json
    ");
}

#[test]
fn created_and_accepted_are_both_success() {
    for status in [StatusCode::CREATED, StatusCode::OK, StatusCode::NO_CONTENT] {
        let reply = Reply::new(status, HeaderMap::new(), "");
        assert!(create(CUSTOMER, &consent()).decode(&reply).is_ok());
    }
}

#[test]
fn a_consent_that_is_there_is_told_from_a_refusal() {
    let conflict = refusal(409, "");
    let text = refusal(
        400,
        r#"{"code":"x","description":"Permission entry already exists."}"#,
    );
    let denied = refusal(403, r#"{"code":900150,"description":"role"}"#);

    assert!(is_already_present(&conflict) && is_already_present(&text));
    assert!(!is_already_present(&denied));
}

proptest! {
    #[test]
    fn no_id_leaves_its_segment(customer in "\\PC*", app in "\\PC*") {
        let found = segments(&delete(&customer, &app));

        prop_assert!(found.is_none_or(|count| count == 4));
    }
}
