//! Many users by one command, undoing a plan, and doing the rest of it anew.

use std::{collections::BTreeSet, fs};

use msp365::{
    graph::sku_names,
    store::{PlanFilter, UserQuery},
};
use serde_json::Value;

use crate::{
    bad_input::{one_line, one_object},
    changing::{staffed, states, users},
    command::Answer,
    office::{Office, open},
    waiting::with_a_waiting_plan,
};

/// Users of a tenant who are ordinary: of the cloud, without roles, allowed to sign in.
async fn ordinary(office: &Office, tenant: &str) -> Vec<(String, String)> {
    let query = UserQuery::all().tenants([tenant.parse().unwrap()]).page(1, 100);
    let page = open(&office.db).await.users(&query).await.unwrap();
    let fits = page.rows.into_iter().filter(|view| {
        view.roles.is_empty()
            && view.user.account_enabled == Some(true)
            && view.user.on_premises_sync_enabled != Some(true)
    });
    fits.map(|view| (view.user.id, view.user.user_principal_name))
        .collect()
}

fn is_enabled(office: &Office, id: &str) -> bool {
    let truth = office.server.truth();
    let user = truth
        .iter()
        .find(|line| line["kind"] == "user" && line["id"] == *id);
    user.unwrap()["accountEnabled"] == true
}

/// The lines of users, between what begins and ends the answer, and the summary.
fn rows(answer: &Answer) -> (Vec<Value>, Value) {
    let mut lines = answer.lines();
    let last = lines.pop().unwrap();
    assert!(last["summary"].is_object(), "{last}");
    lines.retain(|line| line["state"].is_string());
    (lines, last)
}

/// A file with three users who can be blocked, by id and by name, and one who is not there; and the ids of two of them.
async fn leavers(office: &Office, tenant: &str) -> (String, [String; 2]) {
    let people = ordinary(office, tenant).await;
    let [(one, _), (_, second), (third, _), ..] = people.as_slice() else {
        panic!("{people:?}")
    };
    let file = office.folder.path().join("leavers.csv");
    let lines = [one, second, third, "nobody@x.example"].map(|user| format!("{tenant},{user}\n"));
    fs::write(&file, format!("tenant,user\n{}", lines.concat())).unwrap();
    (file.to_str().unwrap().to_owned(), [one.clone(), third.clone()])
}

fn in_state(rows: &[Value], state: &str) -> usize {
    rows.iter().filter(|row| row["state"] == state).count()
}

#[tokio::test]
async fn users_of_a_file_are_shown_and_left_as_they_are() {
    let (office, tenant, _) = staffed(true).await;
    let (path, _) = leavers(&office, &tenant).await;
    let truth = office.server.truth();

    let shown = office
        .run(&["users", "block", "--users", &path, "--json"])
        .await
        .ended(1);

    let (looked, summary) = rows(&shown);
    assert!(office.server.truth() == truth, "looking changes nothing");
    assert_eq!(in_state(&looked, "planned"), 3, "{looked:#?}");
    let summary = &summary["summary"];
    assert_eq!(
        (&summary["states"]["planned"], &summary["reasons"]["no_such_user"]),
        (&3.into(), &1.into())
    );
    let stored = open(&office.db).await.plans(&PlanFilter::all()).await.unwrap();
    assert_eq!(stored.len(), 0);
}

#[tokio::test]
async fn users_of_a_file_are_blocked_and_skipped_when_it_is_gone_on_with() {
    let (office, tenant, _) = staffed(true).await;
    let (path, [one, third]) = leavers(&office, &tenant).await;
    let whole = [
        "users", "block", "--users", &path, "--actor", "ada", "--apply", "--json",
    ];

    let ran = office.run(&whole).await.ended(1);
    let run = ran.lines()[0]["run"].as_str().unwrap().to_owned();
    let (done, _) = rows(&ran);
    assert_eq!(
        done.iter().filter(|row| row["done"] == true).count(),
        3,
        "{done:#?}"
    );
    assert!(!is_enabled(&office, &one) && !is_enabled(&office, &third));
    let again = office
        .run(&[&whole[..], &["--go-on", &run]].concat())
        .await
        .ended(1);

    let (again, summary) = rows(&again);
    assert_eq!(in_state(&again, "earlier"), 3, "{again:#?}");
    assert_eq!(summary["run"], run);
    let ids = |rows: &[Value]| {
        rows.iter()
            .map(|row| row["id"].to_string())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(ids(&again), ids(&done));
    let said = office
        .run(&["users", "unblock", "--users", &path, "--apply"])
        .await
        .ended(1);
    assert!(said.out.contains("3 done, 1 refused"), "{said:#?}");
    assert!(said.err.contains("--go-on"), "{said:#?}");
    assert!(is_enabled(&office, &one) && is_enabled(&office, &third));
}

#[tokio::test]
async fn users_of_a_filter_are_changed_where_the_action_is_for_many() {
    let (office, tenant, user) = staffed(true).await;
    let truth = office.server.truth();
    let filter = format!("user_principal_name={user}");
    let all = ["--tenant", &tenant, "--filter", &filter, "--json"];
    let of = |action: &'static str, more: &[&'static str]| {
        [&["users", action][..], &all[..], more]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let run = |whole: Vec<String>| {
        let office = &office;
        async move {
            office
                .run(&whole.iter().map(String::as_str).collect::<Vec<_>>())
                .await
        }
    };

    let refused = run(of("reset-password", &["--apply"])).await.ended(1);
    let said = one_object(&refused)["message"].as_str().unwrap().to_owned();
    assert!(
        said.starts_with("`reset_password` is for one user at a time"),
        "{said}"
    );
    assert!(office.server.truth() == truth, "nobody was changed");
    let edited = run(of("edit", &["--set", "department=Crew", "--apply"]))
        .await
        .ended(0);
    let (edited, summary) = rows(&edited);
    assert_eq!(
        (edited.len(), &edited[0]["done"]),
        (1, &Value::Bool(true)),
        "{summary}"
    );
    let named = run(of("edit", &["--set", "displayName=Ada", "--users", "x"]))
        .await
        .ended(2);
    assert!(
        one_object(&named)["message"]
            .as_str()
            .unwrap()
            .contains("--users"),
        "{named:#?}"
    );
    let both = office
        .run(&["users", "block", &user, "--tenant", &tenant, "--filter", &filter])
        .await;
    assert_eq!(both.code, Some(2));
}

#[tokio::test]
async fn a_file_of_newcomers_goes_on_past_who_is_refused_and_skips_who_is_made() {
    let (office, tenant, user) = staffed(true).await;
    let domain = user.split('@').nth(1).unwrap();
    let file = office.folder.path().join("new.csv");
    let line = |name: &str, domain: &str| format!("{name},{name}@{domain}\n");
    let text = [
        "displayName,userPrincipalName\n".to_owned(),
        line("dora", domain),
        line("eva", "elsewhere.example"),
        line("finn", domain),
    ];
    fs::write(&file, text.concat()).unwrap();
    let path = file.to_str().unwrap();
    let whole = [
        "users", "create", "--csv", path, "--tenant", &tenant, "--apply", "--json",
    ];

    let (first, _) = rows(&office.run(&whole).await.ended(1));
    let (second, summary) = rows(&office.run(&whole).await.ended(1));

    let states = |rows: &[Value]| {
        let mut states: Vec<_> = rows
            .iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row["name"].as_str().unwrap().split('@').next().unwrap(),
                    row["state"].as_str().unwrap()
                )
            })
            .collect();
        states.sort();
        states
    };
    assert_eq!(
        states(&first),
        ["dora done", "eva refused", "finn done"],
        "{first:#?}"
    );
    assert_eq!(
        states(&second),
        ["dora earlier", "eva refused", "finn earlier"],
        "{second:#?}"
    );
    assert_eq!(summary["summary"]["reasons"]["unknown_domain"], 1);
    let secrets = first
        .iter()
        .filter_map(|row| row["secrets"].as_array())
        .flatten()
        .count();
    assert_eq!(secrets, 2);
}

#[tokio::test]
async fn a_plan_that_is_over_is_undone() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());
    let run = users(
        &office,
        "edit",
        whom,
        &["--set", "department=Crew", "--apply", "--json"],
    )
    .await
    .ended(0)
    .json();
    let plan = run["id"].as_str().unwrap();
    let department = || {
        let truth = office.server.truth();
        let own = truth
            .iter()
            .find(|line| line["userPrincipalName"] == user.as_str());
        own.unwrap()["department"].clone()
    };
    assert_eq!(department(), "Crew");

    let shown = office
        .run(&["users", "undo", plan, "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(
        (&shown["plan"]["action"], &shown["applied"]),
        (&"undo".into(), &Value::Bool(false))
    );
    assert_eq!(department(), "Crew");
    let undone = office
        .run(&["users", "undo", plan, "--apply", "--json"])
        .await
        .ended(0)
        .json();

    assert_eq!(
        (states(&undone), &undone["done"]),
        (vec!["applied"], &Value::Bool(true))
    );
    assert_ne!(department(), "Crew");
    let nothing = office.run(&["users", "again", plan, "--apply"]).await.ended(1);
    assert!(one_line(&nothing).contains("nothing is left"), "{nothing:#?}");
    let unknown = office
        .run(&["users", "undo", "99999999-8888-4777-8666-555555555555", "--json"])
        .await
        .ended(1);
    assert_eq!(one_object(&unknown)["kind"], "not_found");
}

#[tokio::test]
async fn what_a_cancelled_plan_left_is_done_anew() {
    let (office, plan) = with_a_waiting_plan().await;
    let plan = plan.as_str();
    let early = office.run(&["users", "again", plan, "--json"]).await.ended(1);
    assert_eq!(one_object(&early)["kind"], "conflict");
    office.run(&["users", "cancel", plan]).await.ended(0);

    let done = office
        .run(&["users", "again", plan, "--apply", "--json"])
        .await
        .ended(0)
        .json();

    assert_eq!(
        (&done["plan"]["action"], &done["done"]),
        (&"block".into(), &Value::Bool(true))
    );
    let store = open(&office.db).await;
    assert_eq!(store.plans(&PlanFilter::all()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_licence_is_given_without_a_service_plan() {
    let mail = |sku: &str| sku_names::plans_of(sku).find(|plan| plan.part_name.starts_with("EXCHANGE_S_"));
    let (office, tenant, user) = staffed(true).await;
    let truth = office.server.truth();
    let product = truth.iter().find(|line| {
        let free = line["prepaidUnits"]["enabled"].as_i64() > line["consumedUnits"].as_i64();
        let is_known = line["skuId"].as_str().is_some_and(|sku| mail(sku).is_some());
        line["kind"] == "license" && line["tenant"] == tenant.as_str() && free && is_known
    });
    let sku = product.unwrap()["skuId"].as_str().unwrap();
    let plan = mail(sku).unwrap();
    let name = plan.part_name;
    let more = [
        "--add",
        sku,
        "--without",
        name,
        "--usage-location",
        "NO",
        "--json",
    ];

    let shown = users(&office, "licenses", (&tenant, &user), &more)
        .await
        .ended(0)
        .json();

    let text = shown["plan"]["steps"].to_string();
    assert!(text.contains(plan.id), "{shown:#}");
}
