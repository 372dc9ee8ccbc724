//! A cloud over HTTPS, in another process.

use std::fs;

use crate::{
    command::{command, ended},
    served::Served,
};

#[tokio::test]
async fn a_provider_connects_and_lists_over_https() {
    let served = Served::begin(&["--tls"]).await;
    let (cloud, partner) = (
        served.path("cloud.json"),
        served.announced["partner_tenant"].as_str().unwrap(),
    );
    let arguments = [
        "connect",
        "--cloud",
        cloud.to_str().unwrap(),
        "--partner",
        partner,
        "--auto",
        "--json",
    ];

    let connected = served.run(&arguments).await.ended(0).json();
    let listed = served.run(&["doctor", "--json"]).await.ended(0).lines();

    assert!(
        served.announced["graph"]
            .as_str()
            .unwrap()
            .starts_with("https://127.0.0.1:")
    );
    let root = served.announced["root_certificate"].as_str().unwrap();
    assert_eq!(root, served.path("msp365-root.pem").to_str().unwrap());
    assert_eq!(connected["customers"], 5);
    assert_eq!(listed.len(), 6);
    served.stop("-TERM").await.0.ended(0);
}

#[tokio::test]
async fn a_root_certificate_that_was_taken_away_is_named() {
    let served = Served::begin(&["--tls", "--root", "own.pem"]).await;
    let (cloud, partner) = (
        served.path("cloud.json"),
        served.announced["partner_tenant"].as_str().unwrap(),
    );
    fs::remove_file(served.path("own.pem")).unwrap();

    let arguments = [
        "connect",
        "--cloud",
        cloud.to_str().unwrap(),
        "--partner",
        partner,
        "--auto",
        "--json",
    ];
    let refused = served.run(&arguments).await.ended(2).json();

    let said = refused["error"]["message"].as_str().unwrap();
    assert!(
        said.contains("root certificate") && said.contains("own.pem"),
        "{said}"
    );
    served.stop("-INT").await.0.ended(0);
}

#[tokio::test]
async fn a_root_certificate_that_cannot_be_written_ends_the_start() {
    let refused = ended(command([
        "sim",
        "serve",
        "--tls",
        "--root",
        "/nowhere/root.pem",
        "--json",
    ]))
    .await;

    let said = refused.ended(1).json()["error"]["message"].clone();

    assert!(said.as_str().unwrap().contains("/nowhere/root.pem"), "{said}");
}
