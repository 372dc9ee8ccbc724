//! Behaviours of plans and the activity log.

use jiff::Timestamp;
use msp365_core::ErrorKind;
use serde_json::json;
use uuid::Uuid;

use super::{at, both_tenants, contoso, fabrikam, noon};
use crate::{
    IntentRecord, IntentState, JournalFilter, JournalRecord, PlanFilter, PlanRecord, PlanState, Store,
};

fn evening() -> Timestamp {
    at("2026-03-01T20:00:00Z")
}

fn plan(number: u128) -> PlanRecord {
    let mut plan = PlanRecord::new(Uuid::from_u128(number), contoso(), noon(), evening());
    "ada".clone_into(&mut plan.actor);
    "offboard".clone_into(&mut plan.action);
    "u1".clone_into(&mut plan.subject);
    plan.body = json!({ "steps": 2 });
    plan
}

pub async fn a_plan_is_kept_with_its_steps(store: &dyn Store) {
    both_tenants(store).await;
    let one = plan(1);
    store.add_plan(&one, 2).await.unwrap();

    assert_eq!(store.plan(&one.id).await.unwrap(), Some(one.clone()));
    let steps = store.intents(&one.id).await.unwrap();
    assert_eq!(steps, [0, 1].map(|step| IntentRecord::planned(one.id, step)));
    let again = store.add_plan(&one, 2).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);

    let fence = store.claim_plan(&one.id, noon(), evening()).await.unwrap();
    let mut sent = IntentRecord::planned(one.id, 1);
    sent.state = IntentState::Sent;
    (sent.sends, sent.sent_at) = (1, Some(at("2026-03-01T12:00:01.5Z")));
    sent.evidence = json!({ "request_id": "r" });
    store.put_intent(&sent, fence, evening()).await.unwrap();

    assert_eq!(store.intents(&one.id).await.unwrap()[1], sent);
}

pub async fn a_claimed_plan_is_left_to_who_claimed_it(store: &dyn Store) {
    both_tenants(store).await;
    let one = plan(1);
    store.add_plan(&one, 1).await.unwrap();
    let later = at("2026-03-01T12:10:00Z");
    let first = store
        .claim_plan(&one.id, noon(), at("2026-03-01T12:05:00Z"))
        .await
        .unwrap();
    let early = store.claim_plan(&one.id, noon(), evening()).await.unwrap_err();

    let second = store.claim_plan(&one.id, later, evening()).await.unwrap();

    assert_eq!((early.kind(), second), (ErrorKind::Conflict, first + 1));
    let step = IntentRecord::planned(one.id, 0);
    let overtaken = store.put_intent(&step, first, evening()).await.unwrap_err();
    assert_eq!(overtaken.kind(), ErrorKind::Conflict);
    let overtaken = store
        .set_plan_state(&one.id, PlanState::Done, Some(first))
        .await
        .unwrap_err();
    assert_eq!(overtaken.kind(), ErrorKind::Conflict);
    store
        .set_plan_state(&one.id, PlanState::Done, Some(second))
        .await
        .unwrap();
    let done = store.plan(&one.id).await.unwrap().unwrap();
    assert_eq!((done.state, done.claimed_until), (PlanState::Done, None));
    let unknown = store.claim_plan(&Uuid::from_u128(9), noon(), evening()).await;
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::NotFound);
}

pub async fn a_plan_of_an_older_epoch_cannot_be_claimed(store: &dyn Store) {
    both_tenants(store).await;
    let one = plan(1);
    store.add_plan(&one, 1).await.unwrap();
    store.new_epoch(&contoso()).await.unwrap();

    let refused = store.claim_plan(&one.id, noon(), evening()).await.unwrap_err();

    assert_eq!(refused.kind(), ErrorKind::Conflict);
}

pub async fn plans_are_found_by_tenant_state_and_time(store: &dyn Store) {
    let mut tomorrow = plan(2);
    tomorrow.not_before = Some(at("2026-03-01T18:00:00Z"));
    let mut other = plan(3);
    other.tenant = fabrikam();
    other.state = PlanState::Waiting;
    for one in [&plan(1), &tomorrow, &other] {
        store.add_plan(one, 1).await.unwrap();
    }
    let ids = async |filter: PlanFilter| -> Vec<u128> {
        let found = store.plans(&filter).await.unwrap();
        found.into_iter().map(|plan| plan.id.as_u128()).collect()
    };

    assert_eq!(ids(PlanFilter::all()).await, [1, 2, 3]);
    assert_eq!(ids(PlanFilter::all().tenant(contoso())).await, [1, 2]);
    assert_eq!(ids(PlanFilter::all().state(PlanState::Waiting)).await, [3]);
    let due = |when: &str| PlanFilter::all().tenant(contoso()).due_at(at(when));
    assert_eq!(ids(due("2026-03-01T12:30:00Z")).await, [1]);
    assert_eq!(ids(due("2026-03-01T18:00:00Z")).await, [1, 2]);
    assert_eq!(ids(due("2026-03-01T20:00:00Z")).await, [0; 0]);
}

pub async fn the_journal_only_grows(store: &dyn Store) {
    let record = |sequence, target: &str| {
        let mut record = JournalRecord::new(sequence, noon(), "ada", "block");
        record.tenant = Some(contoso());
        target.clone_into(&mut record.target);
        "applied".clone_into(&mut record.outcome);
        record.detail = json!({ "request_id": "r" });
        (record.previous, record.mac) = ((sequence - 1).to_string(), sequence.to_string());
        record
    };
    assert_eq!(store.journal_head().await.unwrap(), None);
    let (first, second) = (record(1, "u1"), record(2, "u2"));
    store
        .append_journal(&[first.clone(), second.clone()])
        .await
        .unwrap();

    for wrong in [vec![record(2, "u3")], vec![record(3, "u3"), record(5, "u5")]] {
        let refused = store.append_journal(&wrong).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
    }

    assert_eq!(store.journal_head().await.unwrap(), Some(second.clone()));
    let all = JournalFilter::all();
    assert_eq!(
        store.journal(&all).await.unwrap(),
        [first.clone(), second.clone()]
    );
    assert_eq!(store.journal(&all.clone().after(1)).await.unwrap(), [second]);
    assert_eq!(store.journal(&all.clone().target("u1")).await.unwrap(), [first]);
    assert_eq!(store.journal(&all.clone().tenant(fabrikam())).await.unwrap(), []);
    assert_eq!(store.journal(&all.actor("bo")).await.unwrap(), []);
}
