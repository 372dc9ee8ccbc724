//! A cloud in one process, its operator in others.

use std::fs;

use serde_json::Value;

use crate::{exporting, served::Served};

/// What scripts read of a user.
const USER: [&str; 9] = [
    "tenant_id",
    "id",
    "user_principal_name",
    "display_name",
    "user_type",
    "account_enabled",
    "licenses",
    "roles",
    "last_sign_in",
];

fn has(document: &Value, names: &[&str]) {
    for name in names {
        assert!(document.get(*name).is_some(), "`{name}` is missing: {document}");
    }
}

#[tokio::test]
async fn a_provider_connects_and_syncs_over_http() {
    let served = Served::begin(&[]).await;
    announces_itself(&served.announced);
    connects(&served).await;
    lists_and_checks(&served).await;
    syncs(&served).await;
    let customer = shows_users(&served).await;
    exporting::exports(&served).await;
    exporting::portals_and_pages(&served, &customer).await;
    unsyncs(&served, &customer).await;

    let secrets: Vec<String> = served.announced["apps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|app| app["client_secret"].as_str().unwrap().to_owned())
        .collect();
    let (ended, folder) = served.stop("-TERM").await;

    ended.ended(0);
    let recording = fs::read_to_string(folder.path().join("traffic.jsonl")).unwrap();
    assert!(recording.lines().count() > 50);
    assert!(recording.contains("/v1.0/users?"));
    for line in recording.lines() {
        serde_json::from_str::<Value>(line).unwrap();
        for shape in ["eyJ", "refresh_token", "client_secret", "Bearer ", "code="] {
            assert!(!line.contains(shape), "`{shape}` in {line}");
        }
        assert!(!secrets.iter().any(|secret| line.contains(secret)), "{line}");
    }
}

fn announces_itself(announced: &Value) {
    has(
        announced,
        &[
            "authority",
            "graph",
            "partner_center",
            "root_certificate",
            "partner_tenant",
            "partner_domain",
            "apps",
            "service_account",
        ],
    );
    assert_eq!(
        (&announced["customers"], &announced["seed"]),
        (&5.into(), &7.into())
    );
    let kinds: Vec<_> = announced["apps"].as_array().unwrap().iter().collect();
    for app in &kinds {
        has(
            app,
            &["client_id", "client_secret", "certificate", "redirect_uris"],
        );
    }
    assert_eq!(kinds[0]["kind"], "delegated");
    assert_eq!(kinds[1]["kind"], "app_only");
    assert!(
        announced["authority"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
}

async fn connects(served: &Served) {
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
    assert_eq!(connected["partner"], partner);
    assert_eq!(connected["account"], served.announced["service_account"]);
    assert_eq!(connected["customers"], 5);
}

async fn lists_and_checks(served: &Served) {
    let listed = served.run(&["tenants", "list", "--json"]).await.ended(0).json();
    assert_eq!(listed["count"], 6, "five customers and the partner");
    for tenant in listed["tenants"].as_array().unwrap() {
        has(tenant, &["id", "name", "status", "reason", "remedy", "synced_at"]);
        assert_eq!(tenant["status"], "deactivated");
    }
    let found = served.run(&["doctor", "--json"]).await.ended(0).lines();
    assert_eq!(found.len(), 6);
    for diagnosis in &found {
        has(diagnosis, &["tenant", "name", "ready", "findings"]);
        for finding in diagnosis["findings"].as_array().unwrap() {
            has(
                finding,
                &["id", "severity", "evidence", "breaks", "remedy", "who"],
            );
        }
        let errors = diagnosis["findings"].as_array().unwrap().iter();
        let errors = errors.filter(|finding| finding["severity"] == "error").count();
        assert_eq!(diagnosis["ready"], errors == 0, "{diagnosis}");
    }
    // Two customers without a usable relationship, and one whose newest lacks the group.
    let ready = found
        .iter()
        .filter(|diagnosis| diagnosis["ready"] == true)
        .count();
    assert_eq!(ready, 3, "{found:#?}");
    let unchanged = served.run(&["tenants", "list", "--json"]).await.ended(0).json();
    assert_eq!(
        unchanged["tenants"][0]["status"], "deactivated",
        "doctor changes nothing"
    );
}

/// What was done to a tenant in its first run.
fn is_complete(tenant: &Value) {
    has(
        tenant,
        &[
            "tenant",
            "name",
            "status",
            "reason",
            "resources",
            "requests",
            "throttled",
            "elapsed_ms",
        ],
    );
    let resources = tenant["resources"].as_object().unwrap();
    assert_eq!(tenant["status"] == "blocked", resources.is_empty(), "{tenant}");
    for resource in resources.values() {
        has(
            resource,
            &[
                "rows",
                "added",
                "changed",
                "removed",
                "requests",
                "fresh_as_of",
                "stale_because",
            ],
        );
    }
    let sum = |name: &str| -> u64 {
        let counts = resources
            .values()
            .map(|resource| resource[name].as_u64().unwrap());
        counts.sum()
    };
    assert_eq!(sum("rows"), sum("added"), "{tenant}");
    assert_eq!((sum("changed"), sum("removed")), (0, 0), "{tenant}");
}

async fn syncs(served: &Served) {
    let marked = served.run(&["tenants", "sync", "--all", "--json"]).await.ended(1);
    assert_eq!(marked.lines().len(), 5);

    let lines = served.run(&["sync", "--json"]).await.ended(1).lines();

    let (total, tenants) = lines.split_last().unwrap();
    assert_eq!(total["total"], true);
    has(total, &["tenants", "requests", "throttled", "elapsed_ms"]);
    assert_eq!(tenants.len(), 5);
    tenants.iter().for_each(is_complete);
    let synced = tenants
        .iter()
        .filter(|tenant| tenant["status"] == "synced")
        .count();
    assert_eq!(synced, 2);

    let again = served
        .run(&["sync", "--json", "--only", "users"])
        .await
        .ended(1)
        .lines();

    for tenant in again.iter().filter(|line| line["status"] == "synced") {
        let resources = tenant["resources"].as_object().unwrap();
        assert_eq!(resources.keys().collect::<Vec<_>>(), ["users"]);
        assert_eq!(resources["users"]["added"], 0);
        assert_eq!(resources["users"]["changed"], 0);
    }
}

pub(crate) async fn users(served: &Served, arguments: &[&str]) -> Value {
    let whole = ["users", "list", "--json"].iter().chain(arguments).copied();
    served.run(&whole.collect::<Vec<_>>()).await.ended(0).json()
}

pub(crate) fn text(row: &Value, column: &str) -> String {
    row[column].as_str().unwrap().to_owned()
}

/// Answers one customer that has users.
async fn shows_users(served: &Served) -> String {
    let all = users(served, &["--page", "all"]).await;
    let rows = all["rows"].as_array().unwrap();
    assert_eq!(all["count"], rows.len());
    assert_eq!(all["next"], Value::Null);
    for row in rows {
        has(row, &USER);
        let signed_in = &row["last_sign_in"];
        assert_eq!(signed_in["state"] == "date", signed_in["at"].is_string(), "{row}");
    }
    filters_and_sorts(served, rows).await;

    let page = users(served, &["--page", "2", "--size", "4"]).await;
    assert_eq!(page["rows"].as_array().unwrap().as_slice(), &rows[4..8]);
    assert_eq!(page["count"], rows.len());
    assert!(page["next"].is_string());

    let one = text(&rows[0], "user_principal_name");
    let shown = served
        .run(&["users", "show", &one, "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(
        (&shown["user"], &shown["name"]),
        (&rows[0]["id"], &rows[0]["user_principal_name"])
    );
    let profile = &shown["profile"]["content"];
    assert_eq!(profile["display_name"], rows[0]["display_name"]);
    let nobody = served
        .run(&["users", "show", "nobody@nowhere.example", "--json"])
        .await
        .ended(1);
    assert_eq!(nobody.json()["error"]["kind"], "not_found");
    text(&rows[0], "tenant_id")
}

async fn filters_and_sorts(served: &Served, rows: &[Value]) {
    let disabled = users(served, &["--filter", "account_enabled=false", "--page", "all"]).await;
    let wanted = rows.iter().filter(|row| row["account_enabled"] == false);
    let wanted = wanted.count();
    assert_eq!(disabled["count"], wanted);
    assert!(wanted > 0 && wanted < rows.len());

    let first = text(&rows[0], "display_name").to_lowercase();
    let start: String = first.chars().take(3).collect();
    let alike = users(served, &["--like", &format!("name={start}%"), "--page", "all"]).await;
    let fits = |row: &&Value| text(row, "display_name").to_lowercase().starts_with(&start);
    assert_eq!(alike["count"], rows.iter().filter(fits).count());

    let backwards = users(served, &["--sort", "-user_principal_name", "--page", "all"]).await;
    let names = backwards["rows"].as_array().unwrap().iter();
    let names: Vec<_> = names.map(|row| text(row, "user_principal_name")).collect();
    let mut sorted = names.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(names, sorted);
}

async fn unsyncs(served: &Served, customer: &str) {
    let done = served
        .run(&["tenants", "unsync", customer, "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(done["unsynced"][0]["tenant"], customer);
    assert!(done["unsynced"][0]["rows_removed"].as_u64() > Some(0));
    let left = served
        .run(&["users", "list", "--json", "--tenant", customer])
        .await
        .ended(0)
        .json();
    assert_eq!(left["count"], 0);
    let listed = served.run(&["tenants", "list", "--json"]).await.ended(0).json();
    let tenants = listed["tenants"].as_array().unwrap();
    let own = tenants.iter().find(|tenant| tenant["id"] == customer).unwrap();
    assert_eq!(
        (&own["status"], &own["selected"]),
        (&"deactivated".into(), &false.into())
    );
}

#[tokio::test]
async fn the_served_cloud_ends_with_an_interrupt() {
    let served = Served::begin(&[]).await;

    served.stop("-INT").await.0.ended(0);
}
