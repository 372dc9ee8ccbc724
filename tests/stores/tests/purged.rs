//! What a file holds of a tenant whose rows were removed.

#![allow(clippy::unwrap_used, reason = "what the tests share fails by panicking too")]

use std::fs;

use msp365_store::{
    DirectoryStore, IntentRecord, IntentState, IntentStore, PlanRecord, SqliteStore,
    suite::{at, both_tenants, contoso, noon},
};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_purge_leaves_no_plan_of_its_tenant_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let is_in_a_file = |text: &str| {
        let mut files = fs::read_dir(folder.path()).unwrap();
        files.any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    let store = SqliteStore::open(folder.path().join("msp365.db")).await.unwrap();
    both_tenants(&store).await;
    let evening = at("2026-03-01T20:00:00Z");
    let mut plan = PlanRecord::new(Uuid::from_u128(1), contoso(), noon(), evening);
    plan.body = json!({ "snapshot": { "name": "cleo-who-left@contoso.example" } });
    let fence = plan.claim(noon(), evening).unwrap();
    store.add_plan(&plan, 1).await.unwrap();
    let mut step = IntentRecord::planned(plan.id, 0);
    step.state = IntentState::Applied;
    step.evidence = json!({ "words": "made bo-who-came@contoso.example" });
    store.put_intent(&step, fence, evening).await.unwrap();
    assert!(is_in_a_file("cleo-who-left") && is_in_a_file("bo-who-came"));

    store.purge(&contoso()).await.unwrap();

    assert!(!is_in_a_file("cleo-who-left") && !is_in_a_file("bo-who-came"));
}
