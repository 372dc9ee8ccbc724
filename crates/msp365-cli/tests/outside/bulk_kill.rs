//! A program that is killed in the middle of a run over many users, over either database: the same run once more ends it,
//! and nobody is touched twice.

use std::{fs, os::unix::process::ExitStatusExt, time::Duration};

use msp365_stores::Schema;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::{
    command::ended,
    plan_kill::{Desk, sqlite},
};

/// How often it is looked how far a program has come.
const LOOK: Duration = Duration::from_millis(1);
/// How long it may take until it has come so far.
const BOUND: Duration = Duration::from_secs(30);

/// Runs a command over many users and kills it after so many effects; answers the id of the run.
async fn killed(desk: &Desk, whole: &[&str], effects: usize) -> String {
    let mut child = desk.command(whole).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let head = tokio::time::timeout(BOUND, out.next_line()).await;
    let head: Value = serde_json::from_str(&head.unwrap().unwrap().unwrap()).unwrap();
    let come_so_far = async {
        let mut look = tokio::time::interval(LOOK);
        while desk.effects() < effects {
            look.tick().await;
            assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        }
    };
    tokio::time::timeout(BOUND, come_so_far)
        .await
        .expect("it never comes so far");
    child.start_kill().unwrap();
    assert_eq!(child.wait().await.unwrap().signal(), Some(9));
    head["run"].as_str().unwrap().to_owned()
}

async fn gone_on_with(desk: Desk) {
    let file = desk.office.folder.path().join("leavers.csv");
    let lines: Vec<_> = desk
        .people
        .iter()
        .map(|id| format!("{},{id}\n", desk.tenant))
        .collect();
    fs::write(&file, lines.concat()).unwrap();
    let path = file.to_str().unwrap();
    let whole = [
        "users", "offboard", "--users", path, "--block", "--revoke", "--apply", "--json",
    ];
    let (before, people) = (desk.effects(), desk.people.len());
    let run = killed(&desk, &whole, before + 5).await;
    // The service may still do what was under way.
    let so_far = desk.effects() - before;
    assert!((5..people * 2).contains(&so_far), "{so_far}");

    let rest = [&whole[..], &["--go-on", &run, "--take-over"]].concat();
    let answer = ended(desk.command(&rest)).await.ended(0);

    assert_eq!(desk.effects() - before, people * 2);
    assert_eq!(desk.office.server.ledger().assert_clean(), Ok(()));
    let lines = answer.lines();
    let summary = &lines.last().unwrap()["summary"];
    assert_eq!(summary["users"], people);
    let told = |state: &str| summary["states"][state].as_u64().unwrap_or(0);
    assert_eq!(told("done") + told("earlier"), people as u64, "{summary}");
    desk.run(&["activity", "--verify"]).await.ended(0);
    let left = desk.run(&["users", "plans", "--json"]).await.ended(0).json();
    assert_eq!(left["count"], 0, "{left}");
}

pub(crate) async fn over_sqlite() {
    gone_on_with(Desk::open(sqlite).await).await;
}

pub(crate) async fn over_postgres(schema: &Schema) {
    gone_on_with(Desk::open(|_| schema.url()).await).await;
}
