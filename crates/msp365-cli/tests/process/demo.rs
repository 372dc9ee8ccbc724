//! `msp365 demo`.

use std::path::Path;

use msp365::sim::Sim;
use serde_json::{Value, json};

use crate::{
    command::{Answer, command, ended},
    office::open,
};

async fn demo(db: &Path, arguments: &[&str]) -> Answer {
    let mut demo = command(["demo"]);
    demo.args(arguments)
        .arg("--db")
        .arg(format!("sqlite:{}", db.display()));
    ended(demo).await
}

/// The cells of the table's rows, without its header.
fn table(out: &str) -> Vec<Vec<String>> {
    let rows = out.lines().filter_map(|line| line.strip_prefix('│'));
    rows.skip(1)
        .map(|line| {
            line.trim_end_matches('│')
                .split('┆')
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

fn tenants(truth: &[Value]) -> Vec<&Value> {
    truth.iter().filter(|line| line["kind"] == "tenant").collect()
}

/// The document without what may differ from run to run.
fn timeless(mut document: Value) -> Value {
    let members = document.as_object_mut().unwrap();
    assert!(
        members
            .remove("elapsed_ms")
            .is_some_and(|elapsed| elapsed.is_u64())
    );
    assert!(members.remove("changed").is_some());
    document
}

#[tokio::test]
async fn the_demo_shows_each_customer_and_finds_nothing_to_change_the_second_time() {
    let folder = msp365_stores::folder();
    let db = folder.path().join("demo.db");
    let truth = Sim::seeded(7).customers(25).users_each(5).build().truth();

    let first = demo(&db, &["--customers", "25", "--users", "5"]).await.ended(0);

    let rows = table(&first.out);
    assert_eq!(rows.len(), 25, "{}", first.out);
    for tenant in tenants(&truth) {
        let name = tenant["name"].as_str().unwrap();
        let row = rows.iter().find(|row| row[0] == name);
        let row = row.unwrap_or_else(|| panic!("no line for {name}: {}", first.out));
        let (status, users, reason, remedy) = (&row[1], &row[2], &row[5], &row[6]);
        if tenant["expected_blocked"] == true {
            assert_eq!((status.as_str(), users.as_str()), ("blocked", "0"), "{row:?}");
            assert!(!reason.is_empty() && !remedy.is_empty(), "{row:?}");
        } else {
            assert_eq!(*users, tenant["counts"]["users"].to_string(), "{row:?}");
            let healthy = tenant["expected_finding"].is_null();
            assert_eq!(status == "synced", healthy, "{row:?}");
            assert_eq!(reason.is_empty(), healthy, "{row:?}");
        }
    }
    assert!(
        first.out.contains(" rows added, 0 changed, 0 removed."),
        "{}",
        first.out
    );
    assert!(!first.out.contains("Nothing has changed"));
    for stream in [&first.out, &first.err] {
        assert!(!stream.contains('\u{1b}') && !stream.contains('\r'), "{stream:?}");
    }

    let second = demo(&db, &["--customers", "25", "--users", "5"]).await.ended(0);

    assert!(second.out.contains("Nothing has changed"), "{}", second.out);
    assert_eq!(table(&second.out), rows);
}

#[tokio::test]
async fn the_figures_of_the_demo_are_those_of_the_truth() {
    let folder = msp365_stores::folder();
    let truth = Sim::seeded(5).customers(14).users_each(6).build().truth();
    let arguments = ["--customers", "14", "--users", "6", "--seed", "5", "--json"];

    let answer = demo(&folder.path().join("one.db"), &arguments).await.ended(0);
    let other = demo(&folder.path().join("other.db"), &arguments).await.ended(0);

    assert_eq!(answer.err, "");
    let document = answer.json();
    let all = tenants(&truth);
    let ready: Vec<_> = all
        .iter()
        .filter(|one| one["expected_blocked"] == false)
        .collect();
    let sum = |name: &str, reads: fn(&Value) -> bool| -> u64 {
        let readable = ready.iter().filter(|one| reads(one));
        readable.map(|one| one["counts"][name].as_u64().unwrap()).sum()
    };
    assert_eq!(
        document["tenants"],
        json!({ "listed": 14, "ready": ready.len(), "synced": ready.len(), "blocked": 14 - ready.len() })
    );
    for name in [
        "users",
        "groups",
        "memberships",
        "devices",
        "licenses",
        "role_assignments",
    ] {
        assert_eq!(document[name], sum(name, |_| true), "{name}");
    }
    assert_eq!(
        document["managed_devices"],
        sum("managed_devices", |one| one["has_intune"] == true)
    );
    assert_eq!(document["sign_ins"], sum("sign_ins", |one| one["has_p1"] == true));
    let concealed = |one: &Value| one["trouble"] != "ReportNamesConcealed";
    assert_eq!(document["mailboxes"], sum("mailboxes", concealed));
    for of in ["organizations", "devices"] {
        for verdict in ["certain", "suggested", "ambiguous", "none"] {
            assert!(document["matches"][of][verdict].is_u64(), "{of} {verdict}");
        }
    }
    assert!(document["matches"]["devices"]["certain"].as_u64() > Some(0));
    assert!(document["requests"].as_u64() > Some(0));
    assert_eq!(document["throttled"], 0);
    assert_eq!(timeless(document), timeless(other.json()));
}

#[tokio::test]
async fn the_second_document_differs_in_what_changed_alone() {
    let folder = msp365_stores::folder();
    let db = folder.path().join("demo.db");
    let arguments = ["--customers", "3", "--users", "4", "--json"];

    let first = demo(&db, &arguments).await.ended(0).json();
    let second = demo(&db, &arguments).await.ended(0).json();

    assert!(first["changed"]["added"].as_u64() > Some(0));
    assert_eq!(
        second["changed"],
        json!({ "added": 0, "changed": 0, "removed": 0 })
    );
    // The second cloud has the same groups again, so its delta links are known; requests may differ, rows may not.
    let rows = |mut document: Value| {
        document.as_object_mut().unwrap().remove("requests");
        timeless(document)
    };
    assert_eq!(rows(first), rows(second));
}

#[tokio::test]
async fn worlds_of_any_size_work() {
    let folder = msp365_stores::folder();

    for (customers, users) in [(1, 1), (0, 5), (300, 3)] {
        let db = folder.path().join(format!("{customers}.db"));
        let (customers, users) = (customers.to_string(), users.to_string());
        let arguments = ["--customers", &customers, "--users", &users, "--json"];

        let document = demo(&db, &arguments).await.ended(0).json();

        assert_eq!(document["tenants"]["listed"].to_string(), customers);
        let sum = ["ready", "blocked"].map(|name| document["tenants"][name].as_u64().unwrap());
        assert_eq!(sum.iter().sum::<u64>().to_string(), customers);
        if customers == "1" {
            assert_eq!(document["users"], 1);
        }
        if customers == "300" {
            assert!(document["users"].as_u64() > Some(600));
        }
    }
    let table = demo(&folder.path().join("none.db"), &["--customers", "0"])
        .await
        .ended(0);
    assert!(
        table.out.contains("0 customers: 0 ready, 0 synced"),
        "{}",
        table.out
    );
}

#[tokio::test]
async fn another_world_replaces_the_rows_of_the_one_before() {
    let folder = msp365_stores::folder();
    let db = folder.path().join("demo.db");

    demo(&db, &["--customers", "3", "--users", "4", "--json"])
        .await
        .ended(0);
    let second = demo(&db, &["--customers", "2", "--users", "4", "--seed", "9"])
        .await
        .ended(0);

    assert!(
        second.err.contains("held another simulated world"),
        "{}",
        second.err
    );
    let tenants = open(&db)
        .await
        .tenants(&msp365::store::TenantFilter::all())
        .await
        .unwrap();
    assert_eq!(tenants.len(), 3, "the partner and two customers");
}
