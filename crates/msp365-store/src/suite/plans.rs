//! Behaviours of plans and the activity log.

use jiff::Timestamp;
use msp365_core::ErrorKind;
use serde_json::json;
use uuid::Uuid;

use super::{at, both_tenants, contoso, fabrikam, noon};
use crate::{
    IntentRecord, IntentState, JournalFilter, JournalRecord, PlanChange, PlanFilter, PlanRecord, PlanState,
    Store,
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
    plan.terms = json!({ "recipient": "key" });
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
    let done = PlanChange::new([PlanState::Ready], PlanState::Done);
    let overtaken = store
        .change_plan(&one.id, &done.clone().fence(first))
        .await
        .unwrap_err();
    assert_eq!(overtaken.kind(), ErrorKind::Conflict);
    store.change_plan(&one.id, &done.fence(second)).await.unwrap();
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

pub async fn a_plan_that_is_stored_claimed_is_nobody_elses(store: &dyn Store) {
    both_tenants(store).await;
    let (mut one, mut late) = (plan(1), plan(2));
    let fence = one.claim(noon(), evening()).unwrap();
    late.claim(noon(), evening()).unwrap();
    store.add_plan(&one, 1).await.unwrap();

    let other = store.claim_plan(&one.id, noon(), evening()).await.unwrap_err();

    assert_eq!(other.kind(), ErrorKind::Conflict);
    let step = IntentRecord::planned(one.id, 0);
    store.put_intent(&step, fence, evening()).await.unwrap();
    store.new_epoch(&contoso()).await.unwrap();
    let late = store.add_plan(&late, 1).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
}

pub async fn a_plan_changes_only_from_where_it_stands(store: &dyn Store) {
    both_tenants(store).await;
    let one = plan(1);
    store.add_plan(&one, 1).await.unwrap();
    let fence = store.claim_plan(&one.id, noon(), evening()).await.unwrap();
    let open = [PlanState::Ready, PlanState::Open];
    let cancel = PlanChange::new(open, PlanState::Cancelled).terms(json!({ "by": "bo" }));

    store.change_plan(&one.id, &cancel).await.unwrap();

    let mut step = IntentRecord::planned(one.id, 0);
    step.state = IntentState::Sent;
    let next = store.put_intent(&step, fence, evening()).await.unwrap_err();
    step.state = IntentState::Applied;
    store.put_intent(&step, fence, evening()).await.unwrap();
    let done = PlanChange::new(open, PlanState::Done).fence(fence);
    let done = store.change_plan(&one.id, &done).await.unwrap_err();
    let again = store.change_plan(&one.id, &cancel).await.unwrap_err();
    let claimed = store.claim_plan(&one.id, evening(), evening()).await.unwrap_err();
    for refused in [next, done, again, claimed] {
        assert_eq!(refused.kind(), ErrorKind::Conflict, "{refused}");
    }
    let kept = store.plan(&one.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.state, kept.terms),
        (PlanState::Cancelled, json!({ "by": "bo" }))
    );
    assert_eq!(store.intents(&one.id).await.unwrap(), [step]);
}

pub async fn a_purge_leaves_no_plan_of_its_tenant(store: &dyn Store) {
    both_tenants(store).await;
    let (one, mut other) = (plan(1), plan(2));
    other.tenant = fabrikam();
    for one in [&one, &other] {
        store.add_plan(one, 2).await.unwrap();
    }

    store.purge(&contoso()).await.unwrap();

    assert_eq!(store.plans(&PlanFilter::all()).await.unwrap(), [other.clone()]);
    assert_eq!(store.intents(&one.id).await.unwrap(), []);
    assert_eq!(store.intents(&other.id).await.unwrap().len(), 2);
}

pub async fn a_lease_is_held_by_one(store: &dyn Store) {
    let (soon, later) = (at("2026-03-01T12:05:00Z"), at("2026-03-01T12:05:01Z"));
    let take =
        async |holder: &str, now: Timestamp| store.take_lease("turn", holder, now, soon).await.unwrap();

    assert!(take("ada", noon()).await);
    assert!(!take("bo", noon()).await, "ada has it");
    assert!(take("ada", noon()).await, "ada keeps it");
    store.end_lease("turn", "bo").await.unwrap();
    assert!(!take("bo", noon()).await, "bo had nothing to give up");
    store.end_lease("turn", "ada").await.unwrap();
    assert!(take("bo", noon()).await, "it is free");
    assert!(take("ada", later).await, "it has ended by itself");
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
