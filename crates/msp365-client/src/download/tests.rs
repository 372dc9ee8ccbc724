use msp365_core::{ErrorKind, manual::Answer};
use secrecy::SecretString;

use super::check;
use crate::{
    Error,
    testing::{Bench, status},
};

const GRAPH: &str = "https://graph.microsoft.com";

fn link() -> SecretString {
    "https://storage.example/report.csv?sig=canary".into()
}

#[tokio::test]
async fn f205_a_report_is_fetched_without_the_token() {
    let bench = Bench::new([status(503), Answer::text(200, &[], "User,Size\r\n")]);

    let body = bench.tenant().download(&link()).await.unwrap();

    assert_eq!(body, "User,Size\r\n");
    assert_eq!(bench.script.header(1, "authorization"), None);
    assert!(bench.tokens.asked().is_empty());
    assert_eq!(bench.client.meter().total().requests, 2);
}

#[tokio::test]
async fn f205_the_link_stands_in_no_error() {
    let bench = Bench::new([
        Answer::text(403, &[], "<Error>sig=canary</Error>"),
        Answer::text(302, &[("location", "https://other.example/?sig=canary")], ""),
    ]);

    let denied = bench.tenant().download(&link()).await.unwrap_err();
    let moved = bench.tenant().download(&link()).await.unwrap_err();

    assert_eq!(denied.kind(), ErrorKind::Denied);
    assert!(matches!(moved, Error::UnsafeLink { .. }));
    for error in [denied, moved] {
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[test]
fn f205_only_public_hosts_over_https_are_followed() {
    for link in [
        "http://storage.example/r",
        "https://ada@storage.example/r",
        "https://:pass@storage.example/r",
        "https://10.0.0.1/r",
        "https://169.254.169.254/r",
        "https://127.0.0.1/r",
        "https://[::1]/r",
        "https://localhost/r",
        "https://intranet/r",
        "ftp://storage.example/r",
        "/r",
        "",
    ] {
        assert!(check(link, GRAPH).is_err(), "{link}");
    }
    assert!(check("https://storage.example/r?sig=1", GRAPH).is_ok());
}

#[test]
fn f205_a_cloud_on_this_machine_may_lead_to_this_machine() {
    let home = "http://127.0.0.1:9";

    assert!(check("http://127.0.0.1:9/download?x", home).is_ok());
    assert!(check("http://ada@127.0.0.1:9/download", home).is_err());
    assert!(check("http://storage.example/r", home).is_err());
}
