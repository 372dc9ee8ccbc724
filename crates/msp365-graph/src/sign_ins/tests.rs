use insta::assert_snapshot;

use super::*;
use crate::testing::{read, shown};

fn sign_in(status: &str) -> SignIn {
    serde_json::from_str(&format!(r#"{{"id":"s","status":{status}}}"#)).unwrap()
}

#[test]
fn the_log_is_asked_for_by_time_and_user() {
    let time = "2026-02-01T00:00:00Z".parse().unwrap();

    assert_snapshot!(shown(&list()), @"GET auditLogs/signIns?$top=1000");
    assert_snapshot!(shown(&since(time)), @"GET auditLogs/signIns?$top=1000&$filter=createdDateTime%20ge%202026-02-01T00:00:00Z&$orderby=createdDateTime%20desc");
    assert_snapshot!(shown(&of_user("ada", time)), @"GET auditLogs/signIns?$top=1000&$filter=userId%20eq%20'ada'%20and%20createdDateTime%20ge%202026-02-01T00:00:00Z&$orderby=createdDateTime%20desc");
    assert_eq!(
        shown(&with_requirement("ada", time)),
        shown(&of_user("ada", time))
    );
    assert_eq!(with_requirement("ada", time).call().service(), Service::GraphBeta);
    assert_snapshot!(shown(&get("s")), @"GET auditLogs/signIns/s");
}

#[test]
fn error_numbers_become_three_outcomes() {
    for (status, outcome) in [
        (r#"{"errorCode":0}"#, Some(Outcome::Success)),
        (r#"{"errorCode":50140}"#, Some(Outcome::Interrupted)),
        (r#"{"errorCode":50126}"#, Some(Outcome::Failure)),
        (r#"{"errorCode":123456789}"#, Some(Outcome::Failure)),
        (r#"{"errorCode":-1}"#, Some(Outcome::Failure)),
        ("{}", None),
        ("null", None),
    ] {
        assert_eq!(sign_in(status).outcome(), outcome, "{status}");
    }
}

#[test]
fn policies_in_report_only_mode_are_not_in_force() {
    let body = r#"{"value":[{"id":"s","deviceDetail":{"deviceId":"","isCompliant":null},
        "appliedConditionalAccessPolicies":[{"id":"a","displayName":"MFA","result":"success"},
        {"id":"b","displayName":"Pilot","result":"reportOnlyFailure"},{"id":"c","result":"notEnabled"}]}]}"#;

    let page = read(&list(), body).unwrap();

    let [Lenient::Row(entry)] = &page.items[..] else {
        panic!("{page:?}")
    };
    let names: Vec<_> = entry
        .policies_in_force()
        .filter_map(|policy| policy.display_name.as_deref())
        .collect();
    assert_eq!(names, ["MFA"]);
    assert_eq!(entry.device_detail.as_ref().unwrap().id(), None);
}
