use http::{HeaderMap, HeaderValue, StatusCode};
use insta::assert_snapshot;
use msp365_core::{Error, ErrorKind, Reply};
use proptest::prelude::*;

use super::*;
use crate::testing::{read, segments, shown};

const PAGE: &str = r#"{"totalCount":1,"items":[{
    "id":"7f1d0c52-6a8e-4b9f-9a40-0d5b3e6c1a11","commerceId":"x",
    "companyProfile":{"tenantId":"7F1D0C52-6A8E-4B9F-9A40-0D5B3E6C1A11","domain":"adatum.onmicrosoft.example",
        "companyName":"Adatum","links":{"self":{"uri":"/customers","method":"GET","headers":[]}}},
    "relationshipToPartner":"reseller","customDomains":null,"attributes":{"objectType":"Customer"}}]"#;

fn page(rest: &str) -> Page<Customer> {
    read(&list(40), format!("\u{feff}{PAGE}{rest}}}")).unwrap()
}

fn next(rest: &str) -> String {
    shown(&list(40).resume(page(rest).next.unwrap()))
}

#[test]
fn the_first_page_states_its_size() {
    assert_snapshot!(shown(&list(500)), @r"
    GET customers?size=500
    accept: application/json
    ms-contract-version: v1
    ");
}

#[test]
fn one_customer_is_asked_for_by_its_id() {
    assert_snapshot!(shown(&get("7f1d0c52-6a8e-4b9f-9a40-0d5b3e6c1a11")), @r"
    GET customers/7f1d0c52-6a8e-4b9f-9a40-0d5b3e6c1a11
    accept: application/json
    ms-contract-version: v1
    ");
}

#[test]
fn a_customer_is_read_behind_a_byte_order_mark() {
    let page = page("");

    let customer = &page.items[0];
    assert_eq!(customer.tenant_id(), "7F1D0C52-6A8E-4B9F-9A40-0D5B3E6C1A11");
    assert_eq!(
        (customer.name(), customer.domain()),
        (Some("Adatum"), Some("adatum.onmicrosoft.example"))
    );
    assert_eq!(customer.relationship_to_partner, Some(PartnerRole::Reseller));
    assert_eq!(page.next, None);
}

#[test]
fn the_count_of_a_page_is_no_total() {
    assert_eq!(page("").count, None);
}

#[test]
fn a_token_in_the_body_leads_on_without_size() {
    assert_snapshot!(next(r#","continuationToken":"AAA=""#), @r"
    GET customers?seekOperation=Next
    accept: application/json
    ms-contract-version: v1
    ms-continuationtoken: AAA=
    ");
}

#[test]
fn a_link_leads_on_with_its_headers() {
    let link = r#","links":{"self":{"uri":"/customers?size=40","method":"GET","headers":[]},"next":{
        "uri":"/customers?size=40&seekOperation=Next","method":"GET",
        "headers":[{"key":"MS-ContinuationToken","value":"BBB="},{"key":"MS-Other","value":"1"}]}}"#;

    assert_snapshot!(next(link), @r"
    GET customers?seekOperation=Next
    accept: application/json
    ms-contract-version: v1
    ms-continuationtoken: BBB=
    ms-other: 1
    ");
}

#[test]
fn a_link_cannot_set_who_asks_or_whom() {
    let link = r#","continuationToken":"CCC=","links":{"next":{"uri":"https://elsewhere.example/v1/other",
        "headers":[{"key":"Authorization","value":"Bearer x"},{"key":"Host","value":"elsewhere.example"}]}}"#;

    assert_snapshot!(next(link), @r"
    GET customers?seekOperation=Next
    accept: application/json
    ms-contract-version: v1
    ms-continuationtoken: CCC=
    ");
}

#[test]
fn a_token_in_a_header_leads_on() {
    let mut headers = HeaderMap::new();
    headers.insert("ms-continuationtoken", HeaderValue::from_static("DDD="));

    let page = list(40)
        .decode(&Reply::new(StatusCode::OK, headers, r#"{"items":[]}"#))
        .unwrap();

    assert!(shown(&list(40).resume(page.next.unwrap())).contains("DDD="));
}

#[test]
fn a_page_without_items_is_no_empty_page() {
    for body in [r"{}", r#"{"items":null}"#, "[]", ""] {
        assert!(
            matches!(read(&list(40), body), Err(Error::Decode { .. })),
            "{body}"
        );
    }
}

#[test]
fn a_sign_in_without_mfa_asks_for_another() {
    let refused = Reply::new(
        StatusCode::UNAUTHORIZED,
        HeaderMap::new(),
        r#"{"code":900421,"description":"MFA required"}"#,
    );

    assert_eq!(list(40).decode(&refused).unwrap_err().kind(), ErrorKind::SignIn);
}

#[test]
fn an_id_of_dots_is_refused() {
    assert_eq!(segments(&get("..")), None);
}

proptest! {
    #[test]
    fn no_id_leaves_its_segment(id in "\\PC+") {
        prop_assume!(!id.bytes().all(|byte| byte == b'.'));

        prop_assert_eq!(segments(&get(&id)), Some(2));
    }

    #[test]
    fn a_new_role_of_the_partner_survives(role in "\\PC*") {
        let text = serde_json::to_string(&role).unwrap();

        let customer: Customer =
            serde_json::from_str(&format!(r#"{{"id":"a","relationshipToPartner":{text},"new":[]}}"#)).unwrap();

        let found = customer.relationship_to_partner.unwrap();
        prop_assert_eq!(found.as_str(), role);
    }
}

#[test]
fn customers_are_searched_by_their_beginning() {
    assert_snapshot!(shown(&search(CustomerField::CompanyName, "ad\"atum", 40)), @r"
    GET customers?size=40&filter=%7B%22Field%22:%22CompanyName%22,%22Operator%22:%22starts_with%22,%22Value%22:%22ad%5C%22atum%22%7D
    accept: application/json
    ms-contract-version: v1
    ");
}

proptest! {
    #[test]
    fn no_text_leaves_the_search(text in "\\PC*") {
        let request = search(CustomerField::Domain, &text, 40);

        let filter = &request.call().query()[1].1;
        let sent: serde_json::Value = serde_json::from_str(filter).unwrap();
        prop_assert_eq!(sent["Value"].as_str(), Some(text.as_str()));
    }
}
