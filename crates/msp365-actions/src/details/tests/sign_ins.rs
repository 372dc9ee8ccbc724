//! Sign-ins: what they came to, and choosing among them.

use msp365_graph::{
    devices::Compliance,
    sign_ins::{self, ConditionalAccess, Outcome, PolicyResult, SignIn},
};
use proptest::prelude::*;

use super::{super::*, read};

#[test]
fn error_numbers_become_three_outcomes() {
    let interrupted = [
        50_140, 50_074, 50_076, 50_072, 50_079, 50_055, 50_058, 50_097, 50_125, 50_129, 50_203, 65_001,
    ];
    for code in interrupted {
        assert_eq!(status(code), Outcome::Interrupted, "{code}");
    }
    assert_eq!(status(0), Outcome::Success);
    for code in [50_126, 53_003, 123_456_789, -1, i64::MAX] {
        assert_eq!(status(code), Outcome::Failure, "{code}");
    }
}

#[test]
fn results_of_policies_count_as_applied_where_they_were_in_force() {
    use PolicyOutcome::{Met, NotApplied, NotMet, ReportOnly, Unknown};

    for (word, means) in [
        ("success", Met),
        ("failure", NotMet),
        ("notApplied", NotApplied),
        ("notEnabled", NotApplied),
        ("unknown", Unknown),
        ("reportOnlySuccess", ReportOnly),
        ("reportOnlyFailure", ReportOnly),
        ("reportOnlyNotApplied", ReportOnly),
        ("reportOnlyInterrupted", ReportOnly),
        ("aFutureValue", Unknown),
    ] {
        let outcome = PolicyOutcome::of(Some(&PolicyResult::from(word)));
        assert_eq!(outcome, means, "{word}");
        assert_eq!(outcome.is_applied(), matches!(means, Met | NotMet));
    }
    assert_eq!(PolicyOutcome::of(None), Unknown);
}

#[test]
fn no_policy_is_not_applicable_unless_some_are_hidden() {
    let one = |result| {
        vec![PolicyEntry {
            id: None,
            name: None,
            result,
        }]
    };
    for (policies, status, means) in [
        (
            Vec::new(),
            Some(ConditionalAccess::NotApplied),
            Applied::NotApplicable,
        ),
        (Vec::new(), Some(ConditionalAccess::Success), Applied::NotShown),
        (Vec::new(), Some(ConditionalAccess::Failure), Applied::NotShown),
        (Vec::new(), None, Applied::NotShown),
        (one(PolicyOutcome::Met), None, Applied::Applied),
        (
            one(PolicyOutcome::NotMet),
            Some(ConditionalAccess::Failure),
            Applied::Applied,
        ),
        (
            one(PolicyOutcome::ReportOnly),
            Some(ConditionalAccess::NotApplied),
            Applied::NotApplicable,
        ),
        (one(PolicyOutcome::NotApplied), None, Applied::NotApplicable),
    ] {
        assert_eq!(
            Applied::of(&policies, status.as_ref()),
            means,
            "{policies:?} {status:?}"
        );
    }
}

#[test]
fn what_had_to_be_proved_is_one_factor_or_more() {
    assert_eq!(
        Requirement::of("singleFactorAuthentication"),
        Requirement::SingleFactor
    );
    assert_eq!(
        Requirement::of("multiFactorAuthentication"),
        Requirement::MultiFactor
    );
    assert_eq!(Requirement::of("later").words(), "later");
}

#[test]
fn a_device_met_policy_or_not_or_that_was_not_looked_at() {
    assert_eq!(compliance_of(Some(true)), Compliance::Compliant);
    assert_eq!(compliance_of(Some(false)), Compliance::NonCompliant);
    assert_eq!(compliance_of(None), Compliance::NotApplicable);
}

fn sign_in() -> SignIn {
    read(
        r#"{"id":"s","createdDateTime":"2026-03-01T10:00:00Z","ipAddress":"203.0.113.7",
            "resourceDisplayName":"Office 365 Exchange Online","appDisplayName":"Outlook",
            "authenticationRequirement":"multiFactorAuthentication","conditionalAccessStatus":"failure",
            "status":{"errorCode":53003,"failureReason":"Access has been blocked."},
            "deviceDetail":{"deviceId":"","displayName":"LT-ADA-01","isCompliant":false,"operatingSystem":"Windows"},
            "location":{"city":"Bergen","state":"","countryOrRegion":"NO"},
            "appliedConditionalAccessPolicies":[{"id":"a","displayName":"Block abroad","result":"failure"},
            {"id":"b","displayName":"Pilot","result":"reportOnlyFailure"}]}"#,
    )
}

#[test]
fn a_sign_in_tells_all_that_the_log_knows() {
    let entry = SignInEntry::of(sign_in());

    assert_eq!((entry.status, entry.code), (Some(Outcome::Failure), Some(53_003)));
    assert!(entry.reason.is_some() && entry.remedy.is_some());
    assert_eq!(entry.compliance, Compliance::NonCompliant);
    assert_eq!(entry.device.as_deref(), Some("LT-ADA-01"));
    assert_eq!(entry.requirement, Some(Requirement::MultiFactor));
    assert_eq!(entry.location.as_deref(), Some("Bergen, NO"));
    assert_eq!(entry.conditional_access, Applied::Applied);
    let names: Vec<_> = entry
        .policies_applied()
        .filter_map(|policy| policy.name.as_deref())
        .collect();
    assert_eq!((names, entry.policies.len()), (vec!["Block abroad"], 2));
}

#[test]
fn what_the_log_leaves_out_is_not_made_up() {
    let entry = SignInEntry::of(read(
        r#"{"id":"s","deviceDetail":{"displayName":""},"location":{"city":""}}"#,
    ));

    assert_eq!((entry.status, entry.code, entry.reason), (None, None, None));
    assert_eq!(
        (entry.device, entry.location, entry.requirement),
        (None, None, None)
    );
    assert_eq!(entry.compliance, Compliance::NotApplicable);
}

#[test]
fn a_success_needs_no_reason() {
    let entry = SignInEntry::of(read(
        r#"{"id":"s","status":{"errorCode":0,"failureReason":"Other."}}"#,
    ));

    assert_eq!(
        (entry.status, entry.reason, entry.remedy),
        (Some(Outcome::Success), None, None)
    );
}

#[test]
fn sign_ins_are_chosen_by_every_column() {
    let entry = SignInEntry::of(sign_in());
    let filter = |json: &str| -> SignInFilter { read(json) };

    for accepted in [
        "{}",
        r#"{"status":["failure","interrupted"]}"#,
        r#"{"compliance":["non_compliant"]}"#,
        r#"{"device":"lt-%"}"#,
        r#"{"ip_address":"203.0.113._"}"#,
        r#"{"location":"bergen"}"#,
        r#"{"resource":"exchange","policy":"block%"}"#,
        r#"{"since":"2020-01-01T00:00:00Z","until":"2040-01-01T00:00:00Z"}"#,
    ] {
        assert!(filter(accepted).accepts(&entry), "{accepted}");
    }
    for refused in [
        r#"{"status":["success"]}"#,
        r#"{"compliance":["compliant","not_applicable"]}"#,
        r#"{"device":"lt\\%"}"#,
        r#"{"ip_address":"198.%"}"#,
        r#"{"location":"oslo"}"#,
        r#"{"resource":"teams"}"#,
        r#"{"policy":"pilot"}"#,
        r#"{"since":"2040-01-01T00:00:00Z"}"#,
        r#"{"until":"2020-01-01T00:00:00Z"}"#,
        r#"{"status":["failure"],"location":"oslo"}"#,
    ] {
        assert!(!filter(refused).accepts(&entry), "{refused}");
    }
    let nothing = SignInEntry::of(read(r#"{"id":"s"}"#));
    assert!(!filter(r#"{"device":"%"}"#).accepts(&nothing));
    assert!(!filter(r#"{"status":["failure"]}"#).accepts(&nothing));
}

/// What the service is asked for.
fn asked(filter: &str) -> String {
    let filter: SignInFilter = read(filter);
    let request = sign_ins::list().filter(filter.asked("ada", super::at("2026-02-01T00:00:00Z")));
    let option = |(name, value): &(_, String)| (*name == "$filter").then(|| value.clone());
    request.call().query().iter().find_map(option).unwrap()
}

#[test]
fn the_service_is_asked_for_the_period_and_for_what_it_knows_of_the_status() {
    let whole = "userId eq 'ada' and createdDateTime ge 2026-02-01T00:00:00Z";

    assert_eq!(asked(r#"{"device":"x"}"#), whole);
    assert_eq!(asked(r#"{"status":["failure","success"]}"#), whole);
    assert_eq!(
        asked(r#"{"status":["success"]}"#),
        format!("{whole} and status/errorCode eq 0")
    );
    let interrupted = asked(r#"{"status":["interrupted"]}"#);
    assert!(interrupted.contains("status/errorCode eq 50140"), "{interrupted}");
    assert!(!interrupted.contains("status/errorCode eq 0"), "{interrupted}");
    assert_eq!(
        asked(r#"{"since":"2026-02-03T00:00:00Z","until":"2026-02-04T00:00:00Z"}"#),
        "userId eq 'ada' and createdDateTime ge 2026-02-03T00:00:00Z and createdDateTime le 2026-02-04T00:00:00Z"
    );
    assert_eq!(asked(r#"{"since":"2020-02-03T00:00:00Z"}"#), whole);
}

proptest! {
    #[test]
    fn any_number_has_an_outcome(code: i64) {
        let outcome = status(code);

        prop_assert_eq!(outcome == Outcome::Success, code == 0);
    }
}
