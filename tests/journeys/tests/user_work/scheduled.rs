//! Plans that wait: for their time, for somebody's word, for other hands.

use std::{sync::Arc, time::Duration};

use msp365::{
    ErrorKind, TenantId,
    actions::{Access, Decision, Error, Plan, Risk, TwoPersons},
    core::Clock,
    store::{PlanState, TenantRecord},
};

use crate::desk::{ACTOR, Desk, open};

async fn blocking(desk: &Desk) -> Plan {
    let user = desk.plain()[0].clone();
    Access::Block.plan(&desk.about(&user).await, &open()).unwrap()
}

#[tokio::test]
async fn a_scheduled_plan_runs_when_its_time_has_come() {
    let desk = Desk::new();
    let at = desk.cloud.clock().now() + jiff::SignedDuration::from_hours(48);
    let plan = blocking(&desk).await.not_before(at);
    let runner = desk.runner();
    let id = runner.submit(&plan, ACTOR).await.unwrap();

    let early = runner.resume(&desk.client(), &id).await.unwrap_err();

    assert!(matches!(early, Error::TooEarly { .. }) && runner.due().await.unwrap().is_empty());
    desk.cloud.advance(Duration::from_hours(48));
    let due = runner.due().await.unwrap();
    assert_eq!(due.len(), 1);
    assert!(runner.resume(&desk.client(), &due[0].id).await.unwrap().is_done());
    assert!(runner.due().await.unwrap().is_empty());
    let again = runner.resume(&desk.client(), &id).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn a_plan_that_is_too_old_is_not_run() {
    let desk = Desk::new();
    let runner = desk.runner();
    let id = runner.submit(&blocking(&desk).await, ACTOR).await.unwrap();
    desk.cloud.advance(Duration::from_hours(24));

    let expired = runner.resume(&desk.client(), &id).await.unwrap_err();

    assert!(matches!(expired, Error::Expired { .. }), "{expired}");
    assert!(runner.due().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_second_person_has_to_say_yes() {
    let desk = Desk::new();
    let runner = desk.runner().gate(Arc::new(TwoPersons::from(Risk::Medium)));
    let id = runner.submit(&blocking(&desk).await, ACTOR).await.unwrap();
    let waits = runner.resume(&desk.client(), &id).await.unwrap_err();
    let own = runner.approve(&id, &ACTOR.to_uppercase()).await.unwrap_err();
    assert_eq!((waits.kind(), own.kind()), (ErrorKind::Denied, ErrorKind::Denied));

    runner.approve(&id, "bo@provider.example").await.unwrap();

    assert!(runner.resume(&desk.client(), &id).await.unwrap().is_done());
    let records = desk
        .log()
        .query(&msp365::store::JournalFilter::all())
        .await
        .unwrap();
    let told: Vec<(&str, &str)> = records
        .iter()
        .map(|record| (record.actor.as_str(), record.outcome.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (ACTOR, "waiting"),
            (ACTOR.to_uppercase().as_str(), "refused"),
            ("bo@provider.example", "approved"),
            (ACTOR, "applied")
        ]
    );
    assert!(records[3].detail["request_id"].is_string(), "{:?}", records[3]);
}

#[tokio::test]
async fn a_gate_can_refuse() {
    #[derive(Debug)]
    struct Closed;
    #[async_trait::async_trait]
    impl msp365::actions::ApprovalGate for Closed {
        async fn ask(&self, _: &Plan, _: &str, _: jiff::Timestamp) -> Decision {
            Decision::Refused("not on a Friday".to_owned())
        }
        fn may_approve(&self, _: &Plan, _: &str, _: &str) -> bool {
            false
        }
    }
    let desk = Desk::new();
    desk.wire.take();

    let refused = desk
        .runner()
        .gate(Arc::new(Closed))
        .run(&desk.client(), &blocking(&desk).await, ACTOR)
        .await;

    assert!(refused.unwrap_err().to_string().contains("not on a Friday"));
    assert!(desk.wire.take().is_empty());
}

#[tokio::test]
async fn a_cancelled_plan_does_not_run() {
    let desk = Desk::new();
    let runner = desk.runner();
    let id = runner.submit(&blocking(&desk).await, ACTOR).await.unwrap();

    runner.cancel(&id, ACTOR).await.unwrap();

    assert!(matches!(
        runner.resume(&desk.client(), &id).await,
        Err(Error::Over { .. })
    ));
}

#[tokio::test]
async fn a_plan_in_other_hands_is_left_alone() {
    let desk = Desk::new();
    let runner = desk.runner();
    let id = runner.submit(&blocking(&desk).await, ACTOR).await.unwrap();
    let now = desk.cloud.clock().now();
    let until = now + jiff::SignedDuration::from_mins(5);
    desk.store.claim_plan(&id, now, until).await.unwrap();

    let busy = runner.resume(&desk.client(), &id).await.unwrap_err();

    assert_eq!(busy.kind(), ErrorKind::Conflict);
    desk.cloud.advance(Duration::from_mins(6));
    assert!(runner.resume(&desk.client(), &id).await.unwrap().is_done());
}

#[tokio::test]
async fn a_plan_does_not_run_after_its_tenant_was_taken_out_nor_in_another() {
    let desk = Desk::new();
    desk.store
        .upsert_tenants(&[TenantRecord::new(desk.tenant, "Contoso")])
        .await
        .unwrap();
    let runner = desk.runner().tenants(Arc::clone(&desk.store) as _);
    let id = runner.submit(&blocking(&desk).await, ACTOR).await.unwrap();
    let elsewhere: TenantId = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    let other = runner
        .resume(&desk.client.tenant(elsewhere), &id)
        .await
        .unwrap_err();
    assert!(matches!(other, Error::OtherTenant));

    desk.store.new_epoch(&desk.tenant).await.unwrap();

    let fenced = runner.resume(&desk.client(), &id).await.unwrap_err();
    assert_eq!(fenced.kind(), ErrorKind::Conflict);
    let kept = desk.store.plan(&id).await.unwrap().unwrap();
    assert_eq!(kept.state, PlanState::Ready);
}
