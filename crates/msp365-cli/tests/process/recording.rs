//! What people do beside plans is on record: connecting, choosing tenants, deciding on pairs, turning off.

use std::{fs, time::Duration};

use serde_json::Value;

use crate::{
    bad_input::one_object,
    command::{Answer, ended},
    office::Office,
};

/// The records of the activity log, each as who did what, how it ended, and why it did so.
async fn told(office: &Office) -> Vec<String> {
    let log = office.run(&["activity", "--json"]).await.ended(0).json();
    let records = log["records"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |record: &Value| {
        let of = |name: &str| text(&record[name]);
        let error = text(&record["detail"]["error"]);
        format!("{} {} {} {error}", of("actor"), of("action"), of("outcome"))
    };
    records.iter().map(one).collect()
}

/// An office that Ada connected, and its customers.
async fn connected() -> (Office, Vec<String>) {
    let office = Office::open(2, 5, Duration::ZERO).await;
    let mut connect = office.connect();
    connect.args(["--actor", "ada"]);
    ended(connect).await.ended(0);
    let customers = office.server.customer_ids();
    let customers = customers.iter().map(ToString::to_string).collect();
    (office, customers)
}

#[tokio::test]
async fn who_connects_chooses_and_turns_off_is_on_record() {
    let (office, customers) = connected().await;
    let first = customers[0].as_str();
    let by_bo = |words: &[&'static str]| [words, &["--actor", "bo"]].concat();
    office
        .run(&["tenants", "sync", first, "--actor", "bo"])
        .await
        .ended(0);
    office
        .run(&["tenants", "unsync", first, "--actor", "bo"])
        .await
        .ended(0);

    assert_eq!(
        told(&office).await,
        [
            "ada connect done -",
            "bo sync_tenant started -",
            "bo sync_tenant done -",
            "bo unsync_tenant started -",
            "bo unsync_tenant done -",
        ]
    );
    let of_tenant = office.run(&["activity", "--tenant", first, "--json"]).await;
    assert_eq!(of_tenant.ended(0).json()["count"], 4);

    let before = office.run(&["activity", "--verify", "--json"]).await.ended(0);
    let anchor = office.folder.path().join("anchor.json");
    fs::write(&anchor, &before.out).unwrap();
    office.run(&by_bo(&["disconnect"])).await.ended(0);

    let all = told(&office).await;
    assert_eq!(
        all[5..],
        [
            "bo disconnect started -",
            "bo unsync_tenant done -",
            "bo unsync_tenant done -",
            "bo disconnect done -"
        ]
    );
    let verify = ["activity", "--verify", "--anchor", anchor.to_str().unwrap()];
    office.run(&verify).await.ended(0);
    office.run(&by_bo(&["disconnect", "--purge-log"])).await.ended(0);
    let cut = office.run(&verify).await.ended(4);
    assert!(cut.err.contains("record 1 is missing"), "{cut:#?}");
}

#[tokio::test]
async fn a_pass_that_runs_by_itself_writes_no_record() {
    let (office, customers) = connected().await;
    let all: Vec<&str> = ["tenants", "sync"]
        .into_iter()
        .chain(customers.iter().map(String::as_str))
        .chain(["--now"])
        .collect();
    office.run(&all).await;
    let before = told(&office).await;
    assert_eq!(before.len(), 3, "connecting and two marks: {before:?}");

    office.run(&["sync"]).await;
    office.run(&all).await;
    office.run(&["tenants", "list", "--refresh"]).await.ended(0);
    office.run(&["doctor"]).await.ended(0);

    assert_eq!(
        told(&office).await,
        before,
        "who is marked already is not marked again"
    );
}

#[tokio::test]
async fn what_failed_is_on_record_with_its_kind() {
    let (office, _) = connected().await;
    let nobody = "99999999-8888-4777-8666-555555555555";

    let unknown = office
        .run(&["tenants", "unsync", nobody, "--actor", "bo", "--json"])
        .await
        .ended(1);
    assert_eq!(one_object(&unknown)["kind"], "not_found");
    let token = office.folder.path().join("token");
    fs::write(&token, "not-a-refresh-token").unwrap();
    let mut taken_over = office.words_to_connect(&["--actor", "cleo", "--refresh-token-file"]);
    taken_over.retain(|word| word != "--auto");
    taken_over.push(token.to_str().unwrap().to_owned());
    ended(crate::office::command_on(&office.db, &taken_over))
        .await
        .ended(3);

    let told = told(&office).await;
    assert_eq!(
        told[1..],
        [
            "bo unsync_tenant started -",
            "bo unsync_tenant failed not_found",
            "cleo connect failed sign_in"
        ]
    );
    let log = office.run(&["activity", "--json"]).await.ended(0);
    assert!(!log.out.contains("not-a-refresh-token"));
    office.run(&["activity", "--verify"]).await.ended(0);
}

#[tokio::test]
async fn decisions_on_pairs_are_on_record_once() {
    let (office, customers) = connected().await;
    let ours = customers[0].as_str();
    let decide = |more: &[&'static str]| {
        let whole = ["match", "decide", "organizations", ours];
        office.command(&[&whole[..], more].concat())
    };
    ended(decide(&["--link", "8", "--by", "bo"])).await.ended(0);
    ended(decide(&["--refuse", "9", "--by", "bo"])).await.ended(0);
    let device = ["match", "decide", "devices", "d-1", "--ignore", "--by", "bo"];
    office.run(&device).await.ended(0);
    let file = office.folder.path().join("said.csv");
    let written = office.run(&["match", "decisions"]).await.ended(0).out;
    fs::write(&file, format!("{written}contacts,u-1,c@d.example,linked,Eve,,\n")).unwrap();
    let file = file.to_str().unwrap();

    let enter = ["match", "decisions", "--enter", file, "--actor", "cleo"];
    office.run(&enter).await.ended(0);
    office.run(&enter).await.ended(0);

    let log = office
        .run(&["activity", "--action", "decide_match", "--json"])
        .await;
    let log = log.ended(0);
    let said = log.json();
    let said = said["records"].as_array().unwrap();
    let asked = |at: usize| &said[at]["detail"]["asked"];
    assert_eq!(said.len(), 4, "{said:#?}");
    assert_eq!(
        (&said[0]["actor"], &said[0]["tenant"]),
        (&"bo".into(), &ours.into())
    );
    assert_eq!(
        (&asked(0)["said"], &asked(0)["theirs"]),
        (&"linked".into(), &"8".into())
    );
    assert_eq!(
        (&asked(1)["said"], &asked(1)["theirs"]),
        (&"refused".into(), &"9".into())
    );
    assert_eq!(
        (&said[2]["target"], &asked(2)["said"]),
        (&"d-1".into(), &"ignored".into())
    );
    assert_eq!(said[3]["actor"], "cleo");
    assert!(
        asked(3)["theirs"].as_str().unwrap().starts_with("name:"),
        "{said:#?}"
    );
    assert!(!log.out.contains("c@d.example") && !log.out.contains("Eve"));
    office.run(&["activity", "--verify"]).await.ended(0);
}

#[tokio::test]
async fn without_a_key_a_decision_is_taken_and_said_to_be_unrecorded() {
    let (office, _) = connected().await;
    let decide = |extra: &[&'static str]| {
        let whole = ["match", "decide", "devices", "d-1", "--ignore"];
        let mut command = office.command(&[&whole[..], extra].concat());
        command.env_remove("MSP365_VAULT_KEY");
        command
    };

    let said: Answer = ended(decide(&[])).await.ended(0);
    let quiet = ended(decide(&["--quiet"])).await.ended(0);

    assert!(said.err.contains("does not tell of it"), "{said:#?}");
    assert_eq!((said.out.as_str(), quiet.err.as_str()), ("", ""));
    let decisions = office.run(&["match", "decisions"]).await.ended(0).out;
    assert!(decisions.contains("devices,d-1,,ignored"), "{decisions}");
    assert_eq!(told(&office).await.len(), 1);
}

#[tokio::test]
async fn accounts_that_are_left_alone_are_on_record_without_their_names() {
    let (office, _) = connected().await;
    let name = "breakglass@contoso.example";
    let (on, off) = (
        ["users", "protect", name, "--actor", "bo"],
        ["users", "protect", "--remove", name, "--actor", "cleo"],
    );

    office.run(&on).await.ended(0);
    office.run(&on).await.ended(0);
    office.run(&off).await.ended(0);
    office.run(&["users", "protect"]).await.ended(0);

    let log = office.run(&["activity", "--json"]).await.ended(0);
    assert_eq!(
        told(&office).await[1..],
        ["bo protect_account done -", "cleo unprotect_account done -"]
    );
    assert!(!log.out.contains(name));
    let records = log.json()["records"].clone();
    assert_eq!(records[1]["target"], records[2]["target"]);
    assert!(records[1]["target"].as_str().unwrap().starts_with("name:"));
}
