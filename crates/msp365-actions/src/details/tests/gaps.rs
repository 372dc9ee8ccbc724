//! Why something is not known: with the catalogue's code and remedy, never a bare blank.

use http::{HeaderMap, StatusCode};
use msp365_client::Error;
use msp365_core::{ErrorKind, Reply, Service, ServiceError, catalogue};

use super::super::*;

fn refused(status: u16, code: &str, message: &str) -> Error {
    let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
    let reply = Reply::new(StatusCode::from_u16(status).unwrap(), HeaderMap::new(), body);
    Error::Core(msp365_core::Error::Service {
        operation: "test.read",
        error: Box::new(ServiceError::from_reply(Service::Graph, &reply)),
    })
}

#[test]
fn a_refusal_is_named_by_its_code_and_what_it_means() {
    for (status, code, message, why, catalogued) in [
        (
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "premium",
            Why::NotLicensed,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        ),
        (
            400,
            "BadRequest",
            "Request not applicable to target tenant.",
            Why::NotLicensed,
            "NotProvisioned",
        ),
        (
            400,
            "AadPremiumLicenseRequired",
            "P2",
            Why::NotLicensed,
            "AadPremiumLicenseRequired",
        ),
        (
            403,
            "Authorization_RequestDenied",
            "no",
            Why::NotPermitted,
            "Authorization_RequestDenied",
        ),
        (
            403,
            "Authentication_MSGraphPermissionMissing",
            "no",
            Why::NotPermitted,
            "Authentication_MSGraphPermissionMissing",
        ),
        (429, "TooManyRequests", "slow", Why::Throttled, "TooManyRequests"),
        (429, "later", "slow", Why::Throttled, "throttled"),
        (500, "aFutureCode", "?", Why::Failed, "unavailable"),
        (403, "UnknownError", "?", Why::NotPermitted, "denied"),
    ] {
        let gap = Gap::of("part", &refused(status, code, message));

        assert_eq!((gap.why, gap.code.as_str()), (why, catalogued), "{status} {code}");
        assert!(!gap.cause.is_empty() && !gap.remedy.is_empty(), "{gap:?}");
        assert_eq!(gap.part, "part");
    }
}

#[test]
fn what_is_no_failure_has_a_code_and_a_remedy_too() {
    for why in [
        Why::NotSynced,
        Why::NotStored,
        Why::Stale,
        Why::NotSupplied,
        Why::Cut,
    ] {
        let gap = Gap::known("part", why);

        let entry = catalogue::find(catalogue::Family::Msp365, why.as_str()).unwrap();
        assert_eq!((gap.code.as_str(), gap.cause.as_str()), (entry.code, entry.cause));
        assert!(!gap.remedy.is_empty());
    }
}

#[test]
fn the_word_that_a_pass_left_tells_why() {
    for (word, why, code) in [
        ("not_licensed", Why::NotLicensed, "unlicensed"),
        ("names_concealed", Why::Concealed, "ConcealedNames"),
        ("reading users: refused", Why::Stale, "stale"),
    ] {
        let gap = Gap::stale("part", word);

        assert_eq!((gap.why, gap.code.as_str()), (why, code));
    }
    assert!(
        Gap::stale("part", "reading users: refused")
            .cause
            .ends_with("reading users: refused")
    );
}

#[test]
fn every_kind_of_error_means_something_to_who_looks() {
    for kind in ErrorKind::ALL {
        let gap = Gap::of_kind("part", kind);

        assert_eq!(gap.why, Why::of(kind));
        assert!(
            !gap.code.is_empty() && !gap.cause.is_empty() && !gap.remedy.is_empty(),
            "{kind:?}"
        );
    }
}

#[test]
fn a_card_knows_its_age_and_whether_it_is_whole() {
    let then = super::at("2026-03-01T00:00:00Z");
    let card = Card::live(then, vec![1, 2]);
    assert!(card.is_whole());
    assert_eq!((card.count(), card.rows()), (Some(2), [1, 2].as_slice()));
    assert_eq!(
        card.age(super::at("2026-03-01T01:00:00Z"))
            .map(|age| age.as_secs()),
        Some(3_600)
    );

    let gone: Card<Vec<u8>> = Card::unread(Source::Stored, Gap::known("rows", Why::NotSynced));
    assert!(!gone.is_whole() && gone.rows().is_empty());
    assert_eq!((gone.count(), gone.age(then)), (None, None));
    assert!(gone.gap("rows").is_some() && gone.gap("other").is_none());
}
