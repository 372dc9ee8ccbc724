//! Bad input: one clear line, the right exit code, and nothing lost or half written.

use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;

use crate::{
    command::{Answer, ended},
    office::Office,
};

const UNKNOWN: &str = "0a000000-0000-4000-8000-00000000000a";

/// The one line on standard error, and nothing else anywhere.
#[track_caller]
pub(crate) fn one_line(answer: &Answer) -> &str {
    assert_eq!(answer.out, "", "{answer:#?}");
    assert_eq!(answer.err.lines().count(), 1, "{answer:#?}");
    assert!(answer.err.starts_with("msp365: "), "{answer:#?}");
    answer.err.trim_end()
}

/// The one error object on standard output, and nothing else anywhere.
#[track_caller]
pub(crate) fn one_object(answer: &Answer) -> Value {
    assert_eq!(answer.err, "", "{answer:#?}");
    let document = answer.json();
    let error = document["error"].as_object().unwrap();
    let names: Vec<_> = error.keys().map(String::as_str).collect();
    assert_eq!(names, ["code", "kind", "message", "remedy", "request_id"]);
    assert!(
        error["kind"].is_string() && error["message"].is_string(),
        "{document}"
    );
    document["error"].clone()
}

/// A text without the ids in it, which are others for each exchange.
fn anonymous(text: &str) -> String {
    let is_id = |part: &&str| part.len() == 36 && part.matches('-').count() == 4;
    let parts: Vec<_> = text.split('`').filter(|part| !is_id(part)).collect();
    parts.join("")
}

/// Fails unless the command is refused with this code for people and for scripts. Answers the line and the kind.
pub(crate) async fn refused(command: impl Fn() -> Command, code: i32) -> (String, String) {
    let text = ended(command()).await.ended(code);
    let mut scripted = command();
    scripted.arg("--json");
    let json = ended(scripted).await.ended(code);
    let error = one_object(&json);
    let line = one_line(&text);
    let message = anonymous(error["message"].as_str().unwrap());
    assert!(anonymous(line).contains(&message), "{line} and {message}");
    (line.to_owned(), error["kind"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_unknown_tenant_is_refused_and_a_malformed_one_is_wrong_usage() {
    let office = Office::connected().await;
    let before = office.dump().await;

    for command in [
        &["sync", "--tenant"][..],
        &["doctor"],
        &["tenants", "sync"],
        &["tenants", "unsync"],
    ] {
        let with = |tenant: &'static str| {
            let arguments: Vec<_> = command.iter().copied().chain([tenant]).collect();
            let office = &office;
            move || office.command(&arguments)
        };

        let (line, kind) = refused(with(UNKNOWN), 1).await;
        assert_eq!(kind, "not_found");
        assert!(line.contains(UNKNOWN), "{line}");
        let (line, kind) = refused(with("contoso"), 2).await;
        assert_eq!(kind, "invalid");
        assert!(line.contains("contoso"), "{line}");
    }

    let mut after = office.dump().await;
    let times = |dump: &mut Value| {
        for tenant in dump["tenants"].as_array_mut().unwrap() {
            tenant["listed_at"] = Value::Null;
        }
    };
    let mut before = before;
    times(&mut before);
    times(&mut after);
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_closed_port_is_said_in_one_line() {
    let office = Office::open(2, 5, Duration::ZERO).await;
    let Office {
        server,
        cloud,
        db,
        folder,
    } = office;
    let partner = server.partner_tenant().to_string();
    server.stop().await.unwrap();
    let connect = || {
        let mut command = crate::command::command(["connect", "--partner", &partner, "--auto", "--cloud"]);
        command
            .arg(&cloud)
            .arg("--db")
            .arg(format!("sqlite:{}", db.display()));
        command
    };

    let (line, kind) = refused(connect, 1).await;

    assert_eq!(kind, "unavailable");
    assert!(
        line.contains("sign-in page") && line.contains("check the address"),
        "{line}"
    );
    let dump = crate::office::dump(&db).await;
    assert_eq!(dump["connection"], Value::Null);
    assert_eq!(dump["tenants"], Value::Array(Vec::new()));
    drop(folder);
}

#[tokio::test]
async fn a_cloud_that_went_away_costs_no_rows() {
    let office = Office::connected().await;
    office.run(&["tenants", "sync", "--all"]).await.ended(1);
    office.run(&["sync"]).await.ended(1);
    let before = office.dump().await;
    assert!(before["rows"].as_object().unwrap().len() > 5);
    let Office {
        server, db, folder, ..
    } = office;
    server.stop().await.unwrap();
    let sync = || {
        let mut command = crate::command::command(["sync", "--db"]);
        command.arg(format!("sqlite:{}", db.display()));
        command
    };

    let (_, kind) = refused(sync, 1).await;

    assert_eq!(kind, "unavailable");
    assert_eq!(crate::office::dump(&db).await, before);
    drop(folder);
}

#[tokio::test]
async fn a_wrong_client_secret_stores_no_connection() {
    let office = Office::open(2, 5, Duration::ZERO).await;
    let connect = || {
        let mut connect = office.connect();
        connect.env("MSP365_CLIENT_SECRET", "wrong-secret-canary");
        connect
    };

    let (line, _) = refused(connect, 3).await;

    assert!(line.contains("secret") && !line.contains("canary"), "{line}");
    let dump = office.dump().await;
    assert_eq!(dump["connection"], Value::Null);
    assert_eq!(dump["tenants"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_wrong_secret_leaves_an_older_connection_as_it_was() {
    let office = Office::connected().await;
    let before = office.dump().await;
    let connect = || {
        let mut connect = office.connect();
        connect.env("MSP365_CLIENT_SECRET", "wrong-secret-canary");
        connect
    };

    let mut scripted = connect();
    scripted.arg("--json");
    let error = one_object(&ended(scripted).await.ended(3));

    assert_eq!(error["code"], "AADSTS7000215");
    assert!(error["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()));
    assert_eq!(office.dump().await, before);
    office.run(&["doctor"]).await.ended(0);
}

#[tokio::test]
async fn the_vault_key_must_be_there_and_be_the_right_one() {
    let office = Office::connected().await;
    let before = office.dump().await;
    let with = |key: Option<&'static str>| {
        let office = &office;
        move || {
            let mut sync = office.command(&["sync"]);
            match key {
                Some(key) => sync.env("MSP365_VAULT_KEY", key),
                None => sync.env_remove("MSP365_VAULT_KEY"),
            };
            sync
        }
    };
    let other = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    for (key, word) in [
        (None, "MSP365_VAULT_KEY"),
        (Some("short"), "MSP365_VAULT_KEY"),
        (Some(other), "key"),
        (Some("a passphrase that is not the one"), "key"),
    ] {
        let (line, kind) = refused(with(key), 4).await;
        assert_eq!(kind, "storage");
        assert!(line.contains(word), "{line}");
        assert!(
            key.is_none_or(|key| key == "short" || !line.contains(key)),
            "{line}"
        );
    }

    assert_eq!(office.dump().await, before);
    office.run(&["doctor"]).await.ended(0);
}

#[tokio::test]
async fn without_a_vault_key_nothing_is_connected() {
    let office = Office::open(1, 3, Duration::ZERO).await;
    let connect = || {
        let mut connect = office.connect();
        connect.env_remove("MSP365_VAULT_KEY");
        connect
    };

    let (line, kind) = refused(connect, 4).await;

    assert_eq!(kind, "storage");
    assert!(line.contains("openssl rand -hex 32"), "{line}");
    assert_eq!(office.dump().await["connection"], Value::Null);
}

#[tokio::test]
async fn what_needs_a_connection_says_so() {
    let office = Office::open(1, 3, Duration::ZERO).await;

    for arguments in [
        &["sync"][..],
        &["doctor"],
        &["tenants", "sync", "--all"],
        &["tenants", "unsync", "--all"],
        &["tenants", "list", "--refresh"],
    ] {
        let (line, kind) = refused(|| office.command(arguments), 3).await;
        assert_eq!(kind, "sign_in", "{arguments:?}");
        assert!(line.contains("msp365 connect"), "{line}");
    }
}

#[tokio::test]
async fn the_demo_leaves_a_real_connection_alone() {
    let office = Office::connected().await;
    let before = office.dump().await;

    let (line, kind) = refused(|| office.command(&["demo", "--customers", "1"]), 1).await;

    assert_eq!(kind, "conflict");
    assert!(line.contains("--db"), "{line}");
    assert_eq!(office.dump().await, before);
}
