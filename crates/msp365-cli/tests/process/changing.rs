//! Changing users: a plan is shown first, run where that is asked for, and recorded.

use std::{fs, path::Path};

use msp365::store::{TenantFilter, UserQuery};
use serde_json::Value;

use crate::{
    bad_input::{one_line, one_object},
    command::{Answer, ended},
    office::{Office, open},
};

/// An office whose customers are enrolled, to read alone or to change users too, with a tenant and a user of it who holds
/// no role.
pub(crate) async fn staffed(write: bool) -> (Office, String, String) {
    let office = Office::open(2, 40, std::time::Duration::ZERO).await;
    let mut connect = office.connect();
    if write {
        connect.arg("--write");
    }
    ended(connect).await.ended(0);
    office.run(&["tenants", "sync", "--all"]).await;
    office.run(&["sync"]).await;
    let store = open(&office.db).await;
    let users = store.users(&UserQuery::all().page(1, 100)).await.unwrap().rows;
    let partner = office.server.partner_tenant().to_string();
    let ordinary = users.iter().find(|view| {
        view.roles.is_empty()
            && view.tenant_id.to_string() != partner
            && view.user.account_enabled == Some(true)
            && view.user.on_premises_sync_enabled != Some(true)
            && !view.user.licenses.is_empty()
    });
    let ordinary = ordinary.expect("somebody works there");
    let ready = store.tenants(&TenantFilter::all()).await.unwrap();
    assert!(ready.iter().any(|tenant| tenant.id == ordinary.tenant_id));
    let name = ordinary.user.user_principal_name.clone();
    (office, ordinary.tenant_id.to_string(), name)
}

/// `users ACTION USER --tenant TENANT …`.
pub(crate) async fn users(
    office: &Office,
    action: &str,
    (tenant, user): (&str, &str),
    more: &[&str],
) -> Answer {
    let whole: Vec<_> = ["users", action, user, "--tenant", tenant, "--actor", "ada"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    office.run(&whole).await
}

fn is_in(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Whether a text is in the file of a database, or in those beside it.
fn is_stored(db: &Path, text: &str) -> bool {
    let folder = fs::read_dir(db.parent().unwrap()).unwrap();
    let name = db.file_name().unwrap().to_str().unwrap();
    let own = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(name));
    own.into_iter().any(|path| is_in(&fs::read(path).unwrap(), text))
}

pub(crate) fn states(outcome: &Value) -> Vec<&str> {
    let steps = outcome["plan"]["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| step["result"]["state"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_user_is_blocked_and_the_activity_log_knows_it() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());

    let shown = users(&office, "block", whom, &["--json"]).await.ended(0).json();
    assert_eq!(
        (&shown["applied"], &shown["refusal"]),
        (&Value::Bool(false), &Value::Null)
    );
    let step = &shown["plan"]["steps"][0];
    assert_eq!(step["request"]["method"], "PATCH");
    assert_eq!(step["request"]["body"]["accountEnabled"], false);
    assert_eq!(step["inverse"]["body"]["accountEnabled"], true);
    assert_eq!(
        (&step["role"], &step["risk"]),
        (&"User Administrator".into(), &"medium".into())
    );
    let nothing = office.run(&["activity", "--action", "block", "--json"]).await;
    assert_eq!(nothing.ended(0).json()["count"], 0);

    let run = users(&office, "block", whom, &["--apply", "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(
        (states(&run), &run["done"]),
        (vec!["applied"], &Value::Bool(true))
    );
    let again = users(&office, "block", whom, &["--apply"]).await.ended(1);
    assert!(one_line(&again).contains("would change nothing"), "{again:#?}");

    let log = office.run(&["activity", "--json"]).await.ended(0).json();
    let last = log["records"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["actor"], &last["outcome"]),
        (&"ada".into(), &"applied".into()),
        "{log}"
    );
    assert_eq!(last["detail"]["plan"], run["id"]);
    let listed = office.run(&["activity"]).await.ended(0);
    assert!(listed.out.contains(run["id"].as_str().unwrap()), "{listed:#?}");
    let end = office.run(&["activity", "--verify", "--json"]).await.ended(0);
    assert_eq!(end.json()["count"], log["count"]);
    let anchor = office.folder.path().join("anchor.json");
    fs::write(&anchor, &end.out).unwrap();
    let anchor = anchor.to_str().unwrap();
    office
        .run(&["activity", "--verify", "--anchor", anchor])
        .await
        .ended(0);
    let cut = format!(
        r#"{{"count":{},"mac":"00"}}"#,
        end.json()["count"].as_i64().unwrap() + 1
    );
    fs::write(anchor, cut).unwrap();
    let cut = office
        .run(&["activity", "--verify", "--anchor", anchor])
        .await
        .ended(4);
    assert!(one_line(&cut).contains("is missing"), "{cut:#?}");
}

#[tokio::test]
async fn an_offboarding_is_shown_and_nothing_is_done() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());
    let truth = office.server.truth();

    let shown = users(&office, "offboard", whom, &[]).await.ended(0);

    assert!(shown.out.starts_with(&format!("offboard {user}")), "{shown:#?}");
    assert!(
        shown.out.contains("1. block sign-in\n     PATCH users/"),
        "{shown:#?}"
    );
    assert!(shown.out.contains("remove licences"), "{shown:#?}");
    assert!(
        shown.out.ends_with("Nothing was changed; `--apply` runs it.\n"),
        "{shown:#?}"
    );
    assert!(office.server.truth() == truth, "nobody was changed");
    let nothing = office.run(&["activity", "--action", "offboard", "--json"]).await;
    assert_eq!(nothing.json()["count"], 0);
}

#[tokio::test]
async fn who_was_offboarded_is_given_back_what_was_taken() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());
    let gone = users(&office, "offboard", whom, &["--apply", "--json"])
        .await
        .ended(0)
        .json();
    let plan = gone["id"].as_str().unwrap();

    let back = office
        .run(&["users", "rehire", plan, "--apply", "--json"])
        .await
        .ended(0)
        .json();

    assert_eq!(
        (&back["plan"]["action"], &back["done"]),
        (&"rehire".into(), &Value::Bool(true))
    );
    let over = office
        .run(&["users", "offboard", "--resume", plan, "--json"])
        .await
        .ended(1);
    assert_eq!(one_object(&over)["kind"], "conflict");
}

#[tokio::test]
async fn a_password_is_shown_once_and_stored_nowhere() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());

    let shown = users(&office, "reset-password", whom, &["--json"]).await.ended(0);
    assert!(shown.out.contains("(made while it runs)"), "{shown:#?}");
    let run = users(&office, "reset-password", whom, &["--apply", "--json"])
        .await
        .ended(0);
    let document = run.json();
    let password = document["secrets"][0]["secret"].as_str().unwrap();

    assert!(password.len() >= 12, "{document}");
    assert_eq!(run.out.matches(password).count(), 1);
    assert!(is_stored(&office.db, document["id"].as_str().unwrap()));
    assert!(!is_stored(&office.db, password));
    let activity = office.run(&["activity", "--json"]).await.ended(0);
    assert!(!activity.out.contains(password));
}

#[tokio::test]
async fn a_password_is_sealed_where_a_key_is_given() {
    let (office, tenant, user) = staffed(true).await;
    let key = office.folder.path().join("key.txt");
    fs::write(&key, "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=\n").unwrap();
    let seal = ["--apply", "--json", "--seal-to", key.to_str().unwrap()];

    let run = users(&office, "reset-password", (&tenant, &user), &seal)
        .await
        .ended(0)
        .json();

    let secret = &run["secrets"][0];
    assert!(
        secret["secret"].is_null() && secret["sealed"]["ciphertext"].is_string(),
        "{run}"
    );
}

#[tokio::test]
async fn connected_to_read_alone_a_plan_is_shown_and_not_run() {
    let (office, tenant, user) = staffed(false).await;
    let whom = (tenant.as_str(), user.as_str());
    let truth = office.server.truth();

    let shown = users(&office, "block", whom, &["--json"]).await.ended(1).json();
    assert_eq!(shown["refusal"]["id"], "consent", "{shown}");
    let refused = users(&office, "block", whom, &["--apply"]).await.ended(3);

    assert!(one_line(&refused).contains("connect --write"), "{refused:#?}");
    assert!(office.server.truth() == truth, "nobody was changed");
}

#[tokio::test]
async fn turning_off_keeps_the_activity_log_until_it_is_purged() {
    let (office, tenant, user) = staffed(true).await;
    users(&office, "block", (&tenant, &user), &["--apply"])
        .await
        .ended(0);
    let records = |answer: Answer| answer.ended(0).json()["count"].as_u64().unwrap();
    let before = records(office.run(&["activity", "--json"]).await);

    let left = office.run(&["disconnect", "--json"]).await.ended(0).json();

    assert!(before > 0);
    let remains = left["remains"].as_array().unwrap();
    let log = remains
        .iter()
        .find(|one| one["what"].as_str().unwrap().contains("activity log"));
    assert!(
        log.unwrap()["place"].as_str().unwrap().contains("--purge-log"),
        "{left}"
    );
    // That it began and ended, and how each of two customers was left.
    assert_eq!(records(office.run(&["activity", "--json"]).await), before + 4);
    office.run(&["activity", "--verify"]).await.ended(0);
    let refused = office.run(&["disconnect", "--json"]).await.ended(3);
    assert_eq!(refused.json()["error"]["kind"], "sign_in");
    office.run(&["disconnect", "--purge-log"]).await.ended(0);
    assert_eq!(records(office.run(&["activity", "--json"]).await), 0);
    assert!(!is_stored(&office.db, &user));
}
