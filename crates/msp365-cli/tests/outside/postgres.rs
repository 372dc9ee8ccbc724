//! The operator's day on a PostgreSQL database.

use std::{ffi::OsStr, time::Duration};

use msp365_stores::Schema;

use crate::{
    command::{Answer, command, ended},
    office::Office,
};

async fn run<A: AsRef<OsStr> + Sync>(schema: &Schema, arguments: &[A]) -> Answer {
    let mut whole = command(arguments);
    whole.args(["--db", &schema.url()]);
    ended(whole).await
}

pub(crate) async fn a_provider_connects_syncs_and_reads(schema: &Schema) {
    let office = Office::open(3, 5, Duration::ZERO).await;

    let connect = office.words_to_connect(&["--json"]);
    let connected = run(schema, &connect).await.ended(0).json();
    run(schema, &["tenants", "sync", "--all", "--json"]).await;
    let first = run(schema, &["sync", "--json"]).await.lines();
    let second = run(schema, &["sync", "--json"]).await.lines();
    let users = run(schema, &["users", "list", "--page", "all", "--json"])
        .await
        .ended(0)
        .json();

    assert_eq!(connected["customers"], 3);
    let rows = |lines: &[serde_json::Value], what: &str| -> i64 {
        let tenants = lines.iter().filter(|line| line["total"] != true);
        tenants
            .map(|line| line["resources"]["users"][what].as_i64().unwrap_or(0))
            .sum()
    };
    assert!(rows(&first, "added") > 0);
    assert_eq!((rows(&second, "added"), rows(&second, "changed")), (0, 0));
    assert_eq!(users["count"].as_i64(), Some(rows(&second, "rows")));
}
