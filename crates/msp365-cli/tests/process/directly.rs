//! Changing users of a tenant that an app reaches by itself.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    changing::{states, users},
    office::Office,
};

/// A tenant connected by an app of its own that has these permissions beside reading, and somebody ordinary of it.
async fn connected_directly(office: &Office, at: usize, permissions: &[&str]) -> (String, String) {
    let tenant = office.server.customer_ids()[at];
    assert!(
        office
            .server
            .edit(|world| world.grant_app_roles(tenant, permissions))
    );
    let (cloud, id) = (office.cloud.to_str().unwrap(), tenant.to_string());
    let connect = ["connect", "--cloud", cloud, "--partner", &id, "--app-only"];
    office.run(&connect).await.ended(0);
    office.run(&["tenants", "sync", &id]).await.ended(0);
    let user = office
        .server
        .edit(|world| world.add_user(tenant, "Dora", "dora").unwrap());
    (id, user)
}

#[tokio::test]
async fn a_tenant_that_is_connected_directly_is_changed_by_the_permissions_of_its_app() {
    let office = Office::open(2, 5, Duration::ZERO).await;
    let (reading, bo) = connected_directly(&office, 0, &["Directory.Read.All"]).await;
    let (writing, ada) = connected_directly(&office, 1, &["Directory.Read.All", "User.ReadWrite.All"]).await;

    let refused = users(&office, "block", (&reading, &bo), &["--json"])
        .await
        .ended(1)
        .json();
    let run = users(&office, "block", (&writing, &ada), &["--apply", "--json"])
        .await
        .ended(0)
        .json();

    assert_eq!(
        (&refused["refusal"]["id"], &refused["refusal"]["mender"]),
        (&json!("consent"), &json!("customer_administrator"))
    );
    assert_eq!(
        (states(&run), &run["done"]),
        (vec!["applied"], &Value::Bool(true))
    );
}
