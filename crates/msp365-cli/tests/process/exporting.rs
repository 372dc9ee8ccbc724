//! Lists as files, views, portals.

use std::fs;

use serde_json::Value;

use crate::{
    command::{command, ended},
    serve::{text, users},
    served::Served,
};

/// The list as a file, by a view that was kept.
pub(crate) async fn exports(served: &Served) {
    let folder = tempfile::tempdir().unwrap();
    let (view, file) = (folder.path().join("view.json"), folder.path().join("users.csv"));
    let (view, file) = (view.to_str().unwrap(), file.to_str().unwrap());
    let kept = "--filter account_enabled=true --sort -name --columns name,tenant,last_sign_in --page all --save-view";
    let kept: Vec<&str> = kept.split(' ').chain([view]).collect();
    let listed = users(served, &kept).await;
    let count = listed["count"].as_u64().unwrap();

    let export: Vec<&str> = "users export --zone Europe/Amsterdam --format %d-%m-%Y --view"
        .split(' ')
        .chain([view])
        .collect();
    let done = served
        .run(&[&export[..], &["--out", file, "--json"]].concat())
        .await
        .ended(0)
        .json();

    assert_eq!(
        (done["rows"].as_u64(), &done["is_cut"], &done["is_recorded"]),
        (Some(count), &Value::Bool(false), &Value::Bool(true))
    );
    let written = fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "display_name,tenant,last_sign_in");
    assert_eq!(lines.len() as u64, count + 1);
    assert!(
        lines[1].starts_with(&format!("\"{}\",", text(&listed["rows"][0], "display_name"))),
        "{}",
        lines[1]
    );
    let cut = [
        &export[..],
        &["--out", file, "--json", "--no-headers", "--max", "2"],
    ]
    .concat();
    let done = served.run(&cut).await.ended(1).json();
    assert_eq!(
        (&done["rows"], &done["is_cut"]),
        (&Value::from(2), &Value::Bool(true))
    );
    assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 2);
    let records = served.run(&["activity", "--json"]).await.ended(0).json();
    let of_exports = records["records"].as_array().unwrap().iter();
    let outcomes: Vec<_> = of_exports
        .filter(|record| record["action"] == "export_users")
        .map(|record| text(record, "outcome"))
        .collect();
    assert_eq!(outcomes, ["started", "finished", "started", "finished, cut"]);

    let mut keyless = command(["users", "export", "--db", "memory:", "--json", "--out", file]);
    keyless.env_remove("MSP365_VAULT_KEY");
    let done = ended(keyless).await.ended(0).json();
    assert_eq!(
        (&done["rows"], &done["is_recorded"]),
        (&Value::from(0), &Value::Bool(false))
    );
}

/// The links of a customer, and a page of the list of tenants.
pub(crate) async fn portals_and_pages(served: &Served, customer: &str) {
    let portals = served
        .run(&["tenants", "portals", customer, "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(portals["portals"].as_array().unwrap().len(), 8);
    let page = [
        "tenants", "list", "--sort", "-name", "--page", "2", "--size", "2", "--json",
    ];
    let page = served.run(&page).await.ended(0).json();
    let whole = served
        .run(&["tenants", "list", "--sort", "-name", "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(page["count"], whole["count"]);
    assert_eq!(
        page["tenants"].as_array().unwrap()[..],
        whole["tenants"].as_array().unwrap()[2..4]
    );
}
