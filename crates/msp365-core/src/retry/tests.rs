use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use proptest::prelude::*;

use super::*;
use crate::SeededRandom;

fn reply(status: u16, headers: &[(&'static str, &str)]) -> Reply {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    Reply::new(StatusCode::from_u16(status).unwrap(), map, "")
}

fn after(status: u16, replay: Replay, attempt: u32) -> Verdict {
    judge(replay, attempt, false, Outcome::Reply(&reply(status, &[])))
}

fn hint(headers: &[(&'static str, &str)]) -> Option<f64> {
    retry_after(&reply(429, headers)).map(|wait| wait.as_secs_f64())
}

#[test]
fn successes_and_plain_refusals_are_accepted() {
    for status in [200, 201, 204, 302, 400, 403, 404, 409, 412] {
        for replay in [Replay::Safe, Replay::Same, Replay::Once] {
            assert_eq!(after(status, replay, 1), Verdict::Accept, "{status}");
        }
    }
}

#[test]
fn f032_f033_faults_of_the_service_repeat_what_may_be_repeated() {
    for status in [408, 500, 502, 503, 504, 509] {
        assert_eq!(after(status, Replay::Safe, 1), Verdict::Again(Wait::fault()));
        assert_eq!(after(status, Replay::Same, 1), Verdict::Again(Wait::fault()));
        assert_eq!(after(status, Replay::Once, 1), Verdict::Settle(Doubt::Lost));
    }
}

#[test]
fn attempts_are_bounded() {
    assert!(matches!(after(503, Replay::Safe, 4), Verdict::Again(_)));
    assert_eq!(after(503, Replay::Safe, 5), Verdict::Accept);
    assert_eq!(after(503, Replay::Same, 3), Verdict::Accept);
    assert_eq!(
        judge(Replay::Safe, 5, false, Outcome::Failed(Sent::No)),
        Verdict::GiveUp
    );
}

#[test]
fn f001_what_was_not_sent_is_sent_again_also_a_create() {
    let verdict = judge(Replay::Once, 1, false, Outcome::Failed(Sent::No));

    assert_eq!(verdict, Verdict::Again(Wait::fault()));
}

#[test]
fn a_create_whose_answer_was_lost_is_settled_first() {
    let verdict = judge(Replay::Once, 1, false, Outcome::Failed(Sent::Perhaps));

    assert_eq!(verdict, Verdict::Settle(Doubt::Lost));
}

#[test]
fn a_refused_token_is_renewed_once() {
    let refused = reply(401, &[]);

    assert_eq!(
        judge(Replay::Once, 1, false, Outcome::Reply(&refused)),
        Verdict::Renew { claims: None }
    );
    assert_eq!(
        judge(Replay::Once, 2, true, Outcome::Reply(&refused)),
        Verdict::Accept
    );
}

#[test]
fn a_claims_challenge_is_decoded_with_or_without_padding() {
    let json = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    let padded = base64::engine::general_purpose::STANDARD.encode(json);
    for claims in [padded.as_str(), padded.trim_end_matches('=')] {
        let header = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{claims}\"");

        let verdict = judge(
            Replay::Safe,
            1,
            false,
            Outcome::Reply(&reply(401, &[("www-authenticate", &header)])),
        );

        assert_eq!(
            verdict,
            Verdict::Renew {
                claims: Some(json.to_owned())
            }
        );
    }
}

#[test]
fn f020_f021_seconds_may_have_decimals() {
    assert_eq!(hint(&[("retry-after", "7")]), Some(7.0));
    assert_eq!(hint(&[("retry-after", "2.128")]), Some(2.128));
}

#[test]
fn f022_of_several_waits_the_longest_counts() {
    assert_eq!(hint(&[("retry-after", "30,120")]), Some(120.0));
    assert_eq!(
        hint(&[("retry-after", "30"), ("retry-after", "120")]),
        Some(120.0)
    );
}

#[test]
fn f023_a_date_counts_from_the_date_of_the_answer() {
    let until = |date, now| hint(&[("retry-after", date), ("date", now)]);
    let now = "Fri, 06 Nov 2026 08:49:37 GMT";

    assert_eq!(until("Fri, 06 Nov 2026 08:50:07 GMT", now), Some(30.0));
    assert_eq!(until("Fri, 06 Nov 2020 08:50:07 GMT", now), Some(1.0));
}

#[test]
fn f025_junk_is_no_hint_and_a_huge_wait_is_cut() {
    let date = ("date", "Sun, 06 Nov 2026 08:49:37 GMT");

    assert_eq!(hint(&[("retry-after", "0")]), Some(1.0));
    assert_eq!(hint(&[("retry-after", "1000000000000")]), Some(86_400.0));
    for junk in ["abc", "-3", "", "NaN", "inf"] {
        assert_eq!(hint(&[("retry-after", junk), date]), None, "{junk}");
    }
}

#[test]
fn f026_waits_in_milliseconds_are_heeded() {
    assert_eq!(hint(&[("retry-after-ms", "2500")]), Some(2.5));
    assert_eq!(
        hint(&[("x-ms-retry-after-ms", "2500"), ("retry-after", "1")]),
        Some(2.5)
    );
}

#[test]
fn f039_a_passing_conflict_is_gone_over_by_what_may_be_repeated() {
    let conflict = |status, code: &str| {
        let mut refused = reply(status, &[]);
        refused.body = format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#).into();
        refused
    };
    let verdict = |replay, attempt, refused: &Reply| judge(replay, attempt, false, Outcome::Reply(refused));

    for passing in [
        conflict(423, "Locked"),
        conflict(409, "Conflict"),
        conflict(409, "ConcurrencyViolation"),
    ] {
        assert!(matches!(verdict(Replay::Same, 1, &passing), Verdict::Again(_)));
        assert_eq!(verdict(Replay::Same, 3, &passing), Verdict::Accept);
        assert_eq!(verdict(Replay::Once, 1, &passing), Verdict::Accept);
    }
    let lasting = conflict(409, "ObjectConflict");
    assert_eq!(verdict(Replay::Same, 1, &lasting), Verdict::Accept);
}

#[test]
fn a_wait_beyond_the_deadline_is_not_begun() {
    let now = Timestamp::UNIX_EPOCH;
    let deadline = Deadline::after(now, Duration::from_secs(30));

    assert!(deadline.allows(now, Duration::from_secs(30)));
    assert!(!deadline.allows(now, Duration::from_secs(31)));
}

proptest! {
    #[test]
    fn a_wait_is_never_shorter_than_the_hint_nor_without_bound(
        seed in any::<u64>(), attempt in 1_u32..50, hint in proptest::option::of(1_u64..86_400),
    ) {
        let hint = hint.map(Duration::from_secs);

        let span = Wait::throttle(hint).span(attempt, &SeededRandom::new(seed));

        let longest = hint.unwrap_or_default().max(BACKOFF_CAP);
        prop_assert!(span >= hint.unwrap_or_default());
        prop_assert!(span <= longest + JITTER_CAP);
    }
}
