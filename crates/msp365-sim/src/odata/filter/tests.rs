use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::odata::people::{GROUP, USER};

fn ada() -> Map<String, Value> {
    let row = json!({
        "id": "1", "displayName": "Ada O'Neil", "accountEnabled": true, "mail": "ada@contoso.example",
        "createdDateTime": "2024-05-01T00:00:00Z", "department": null, "userType": "Member",
        "assignedLicenses": [{"skuId": "6fd2c87f-b296-42f0-b197-1e91e994b900", "disabledPlans": []}],
        "proxyAddresses": ["SMTP:ada@contoso.example", "smtp:a@contoso.example"],
    });
    row.as_object().unwrap().clone()
}

fn fits(text: &str) -> bool {
    Filter::parse(text, &USER)
        .unwrap_or_else(|refused| panic!("{text}: {refused:?}"))
        .matches(&ada())
}

fn refusal(text: &str) -> Refused {
    Filter::parse(text, &USER).map(|_| ()).expect_err(text)
}

#[test]
fn comparisons_hold_against_the_row_without_regard_to_case() {
    assert!(fits("displayName eq 'ada o''neil'"));
    assert!(fits("accountEnabled eq true and userType eq 'Member'"));
    assert!(fits("createdDateTime ge 2024-01-01T00:00:00Z"));
    assert!(fits("createdDateTime ge 2024-05-01"));
    assert!(!fits("createdDateTime le 2024-04-30T23:59:59.9999999Z"));
    assert!(fits("startswith(displayName,'Ada')"));
    assert!(fits("startsWith(displayName, 'ADA')"));
    assert!(fits("displayName in ('Bo', 'Ada O''Neil')"));
    assert!(fits("not(userType eq 'Guest')"));
    assert!(fits("department eq null"));
}

#[test]
fn and_binds_closer_than_or_and_parentheses_closer_than_both() {
    assert!(fits(
        "accountEnabled eq true or accountEnabled eq false and userType eq 'Guest'"
    ));
    assert!(!fits(
        "(accountEnabled eq true or accountEnabled eq false) and userType eq 'Guest'"
    ));
}

#[test]
fn any_looks_into_lists_of_texts_and_of_values() {
    assert!(fits("proxyAddresses/any(p:p eq 'smtp:a@contoso.example')"));
    assert!(fits("proxyAddresses/any(p:endswith(p,'contoso.example'))"));
    assert!(fits(
        "assignedLicenses/any(x:x/skuId eq 6fd2c87f-b296-42f0-b197-1e91e994b900)"
    ));
    assert!(!fits(
        "assignedLicenses/any(x:x/skuId eq 00000000-0000-0000-0000-000000000001)"
    ));
    assert!(fits("assignedLicenses/$count eq 1"));
    let unified = Filter::parse("groupTypes/any(c:c eq 'Unified')", &GROUP).unwrap();
    assert!(unified.matches(json!({"groupTypes": ["Unified"]}).as_object().unwrap()));
}

#[test]
fn what_the_directory_serves_as_an_advanced_query_only_says_so() {
    for text in [
        "displayName ne 'Ada'",
        "not startswith(displayName,'A')",
        "endswith(mail,'.example')",
        "companyName eq 'Contoso'",
        "department eq null",
    ] {
        assert!(Filter::parse(text, &USER).unwrap().is_advanced(), "{text}");
    }
    for text in [
        "displayName eq 'Ada'",
        "userType eq 'Guest'",
        "createdDateTime ge 2024-01-01T00:00:00Z",
    ] {
        assert!(!Filter::parse(text, &USER).unwrap().is_advanced(), "{text}");
    }
}

#[test]
fn an_unknown_property_is_named_in_the_refusal() {
    let refused = refusal("shoeSize eq 43");

    assert_eq!(refused.code, "Request_BadRequest");
    assert_eq!(
        refused.message,
        "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'."
    );
}

#[test]
fn an_operator_the_property_does_not_take_is_an_unsupported_query() {
    assert_eq!(refusal("accountEnabled gt true").code, "Request_UnsupportedQuery");
    assert_eq!(refusal("aboutMe eq 'x'").code, "Request_UnsupportedQuery");
    assert_eq!(
        refusal("startswith(jobTitle,'x') and contains(displayName,'x')").code,
        "Request_UnsupportedQuery"
    );
    let many = vec!["'x'"; 16].join(",");
    assert_eq!(
        refusal(&format!("displayName in ({many})")).code,
        "Request_UnsupportedQuery"
    );
}

#[test]
fn what_does_not_parse_or_compares_unlike_things_is_a_bad_request() {
    for text in [
        "",
        "displayName",
        "displayName eq",
        "displayName eq Ada",
        "displayName eq 'Ada",
        "displayName eq 'O'Neil'",
        "displayName is 'Ada'",
        "(displayName eq 'Ada'",
        "displayName eq 'Ada' displayName eq 'Bo'",
        "accountEnabled eq 'true'",
        "displayName eq true",
        "createdDateTime ge '2024-01-01T00:00:00Z'",
        "proxyAddresses eq 'x'",
        "displayName/any(x:x eq 'y')",
        "assignedLicenses/any(x:x eq 'y')",
        "assignedLicenses/any(x:x/colour eq 'y')",
        "&",
    ] {
        assert_eq!(refusal(text).code, "Request_BadRequest", "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_before_it_costs_the_stack() {
    assert_eq!(refusal(&"(".repeat(100_000)).code, "Request_BadRequest");
    assert_eq!(refusal(&"not ".repeat(900)).code, "Request_BadRequest");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = Filter::parse(&text, &USER);
    }

    #[test]
    fn no_row_of_filter_words_makes_the_parser_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "displayName", "eq", "ne", "'", "''", "'x'", "(", ")", "and", "or", "not", "in", ",", "any(", ":",
                "/any(x:x", "2024-01-01", "true", "null", "startswith(", " ", "x", "-1.5", "assignedLicenses",
            ]),
            0..20,
        )
    ) {
        let _ = Filter::parse(&words.concat(), &USER);
        let _ = Filter::parse(&words.join(" "), &USER);
    }

    #[test]
    fn a_quoted_hostile_text_is_one_literal(text in "[\\PC'\"()&,: ]{0,40}") {
        let filter = format!("displayName eq '{}'", text.replace('\'', "''"));

        let parsed = parser::parse(&filter).unwrap();

        prop_assert_eq!(parsed, Expression::Compare {
            path: vec!["displayName".to_owned()],
            operator: Operator::Eq,
            literal: Literal::Text(text),
        });
    }
}
