//! How stored plans stand: cancelled in the middle, run by others than who stored them, on facts that have changed.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use msp365::{
    actions::{
        Access, ActivitySink, ApprovalGate, Decision, Delivery, Error, Groups, Handover, Offboard, Plan,
        Protection, Reason, RecipientKey, Risk, Runner, SinkError, StepState, TwoPersons,
    },
    sim::GroupKind,
    store::{IntentStore, JournalFilter, JournalRecord, PlanState},
};

use crate::{
    cases::Case,
    desk::{ACTOR, Desk, GLOBAL_ADMINISTRATOR, open},
};

/// Cancels a plan once its first step is recorded.
struct Canceller(Mutex<Option<Runner>>);

#[async_trait]
impl ActivitySink for Canceller {
    async fn record(&self, record: &JournalRecord) -> Result<(), SinkError> {
        if record.detail["step"].is_null() {
            return Ok(());
        }
        let runner = self.0.lock().unwrap().take();
        if let Some(runner) = runner {
            let id = record.detail["plan"].as_str().unwrap().parse().unwrap();
            runner.cancel(&id, "bo@provider.example").await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_plan_that_is_cancelled_stops_before_its_next_step() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let plan = Access::BlockAndRevoke
        .plan(&desk.about(&user).await, &open())
        .unwrap();
    assert_eq!(plan.steps.len(), 2);
    let sink = Arc::new(Canceller(Mutex::new(Some(desk.runner()))));
    let intents: Arc<dyn IntentStore> = Arc::clone(&desk.store) as _;
    let runner = Runner::new(
        intents,
        desk.log().sink(sink),
        desk.cloud.clock(),
        Arc::clone(&desk.random) as _,
    );
    desk.wire.take();

    let outcome = runner.run(&desk.client(), &plan, ACTOR).await.unwrap();

    assert_eq!(desk.wire.take().len(), 1, "{outcome}");
    assert_eq!(outcome.steps[0].state, StepState::Applied);
    assert_eq!(outcome.steps[1].state, StepState::Planned);
    assert!(
        outcome
            .stopped
            .as_deref()
            .is_some_and(|why| why.contains("cancelled")),
        "{outcome}"
    );
    let kept = desk.store.plan(&outcome.id).await.unwrap().unwrap();
    assert_eq!(kept.state, PlanState::Cancelled);
}

#[tokio::test]
async fn what_is_done_is_not_cancelled() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let plan = Access::Block.plan(&desk.about(&user).await, &open()).unwrap();
    let outcome = desk.run(&plan).await;

    assert!(desk.runner().cancel(&outcome.id, ACTOR).await.is_err());

    let kept = desk.store.plan(&outcome.id).await.unwrap().unwrap();
    assert_eq!(kept.state, PlanState::Done);
}

/// The public key of RFC 9180, A.2.1.
fn key() -> RecipientKey {
    let hex = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    RecipientKey::from_bytes(&bytes).unwrap()
}

#[tokio::test]
async fn a_stored_plan_seals_to_the_key_it_was_stored_with() {
    let desk = Desk::new();
    let plan = Case::ResetPassword.plan(&desk).await;
    let id = desk
        .runner()
        .delivery(Delivery::Sealed(key()))
        .submit(&plan, ACTOR)
        .await
        .unwrap();

    let outcome = desk.runner().resume(&desk.client(), &id).await.unwrap();

    assert!(
        matches!(outcome.secrets.get(&0), Some(Handover::Sealed(_))),
        "{outcome:?}"
    );
}

/// Makes these the only Global Administrators who may sign in; the app is one too, and cannot.
fn only(desk: &Desk, administrators: &[&str]) {
    let held = desk.truth("role_assignment");
    desk.cloud.edit(|world| {
        for line in held {
            let holder = line["principalId"].as_str().unwrap();
            if line["roleDefinitionId"] == GLOBAL_ADMINISTRATOR {
                world.set_user(desk.tenant, holder, "accountEnabled", false);
            }
        }
        for id in administrators {
            assert!(world.assign_role(desk.tenant, GLOBAL_ADMINISTRATOR, id));
        }
    });
}

fn reason(refused: Result<Plan, msp365::actions::Refused>) -> Reason {
    refused.unwrap_err().reason
}

#[tokio::test]
async fn an_administrator_who_is_blocked_or_no_person_does_not_count() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    only(&desk, &[&ada]);

    let facts = desk.about(&ada).await;

    assert_eq!(
        reason(Access::Block.plan(&facts, &open())),
        Reason::LastGlobalAdministrator
    );
}

#[tokio::test]
async fn an_administrator_through_a_group_is_one_too() {
    let desk = Desk::new();
    let (ada, bo) = (desk.plain()[0].clone(), desk.plain()[1].clone());
    only(&desk, &[]);
    let group = desk.cloud.edit(|world| {
        let group = world
            .add_group(desk.tenant, "Crew", GroupKind::RoleAssignable)
            .unwrap();
        assert!(world.assign_role(desk.tenant, GLOBAL_ADMINISTRATOR, &group));
        assert!(world.add_member(desk.tenant, &group, &ada));
        group
    });

    let facts = desk.about(&ada).await;

    let leaving = Groups::default().leave(&group).for_roles();
    for refused in [
        Access::Block.plan(&facts, &open()),
        leaving.plan(&facts, &open()),
        Offboard::user().leave_groups().plan(&facts, &open()),
        Offboard::user().delete().plan(&facts, &open()),
    ] {
        assert_eq!(reason(refused), Reason::LastGlobalAdministrator);
    }
    desk.cloud
        .edit(|world| assert!(world.add_member(desk.tenant, &group, &bo)));
    let facts = desk.about(&ada).await;
    assert!(Access::Block.plan(&facts, &open()).is_ok());
    assert!(leaving.plan(&facts, &open()).is_ok());
}

#[tokio::test]
async fn of_two_plans_made_together_one_leaves_an_administrator() {
    let desk = Desk::new();
    let (ada, bo) = (desk.plain()[0].clone(), desk.plain()[1].clone());
    only(&desk, &[&ada, &bo]);
    let first = Access::Block.plan(&desk.about(&ada).await, &open()).unwrap();
    let second = Access::Block.plan(&desk.about(&bo).await, &open()).unwrap();

    assert!(desk.run(&first).await.is_done());
    desk.wire.take();
    let refused = desk.run(&second).await;

    assert!(desk.wire.take().is_empty(), "{refused}");
    assert_eq!(refused.steps[0].state, StepState::Rejected, "{refused}");
    assert!(
        refused.steps[0].words.contains("Global Administrator"),
        "{refused}"
    );
    assert_eq!(desk.user(&bo).unwrap()["accountEnabled"], true);
}

#[tokio::test]
async fn an_account_that_is_left_alone_is_so_whatever_its_plan_was_made_with() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let block = Access::Block.plan(&desk.about(&ada).await, &open()).unwrap();
    let id = desk.runner().submit(&block, ACTOR).await.unwrap();
    let named = desk
        .runner()
        .protection(Protection::new().break_glass(&ada))
        .submit(&block, ACTOR)
        .await
        .unwrap();
    desk.wire.take();

    let by_who_runs = desk
        .runner()
        .protection(Protection::new().own_account(block.subject.name.to_uppercase()))
        .resume(&desk.client(), &id)
        .await
        .unwrap();
    let by_who_stored = desk.runner().resume(&desk.client(), &named).await.unwrap();

    for outcome in [by_who_runs, by_who_stored] {
        assert_eq!(outcome.steps[0].state, StepState::Rejected, "{outcome}");
        assert_eq!(outcome.steps[0].error.as_deref(), Some("denied"), "{outcome}");
    }
    assert!(desk.wire.take().is_empty());
}

#[tokio::test]
async fn undoing_harms_nobody_who_is_left_alone() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let cloud = &desk.cloud;
    cloud.edit(|world| world.set_user(desk.tenant, &ada, "accountEnabled", false));
    let unblock = Access::Unblock.plan(&desk.about(&ada).await, &open()).unwrap();
    let runner = desk.runner().protection(Protection::new().break_glass(&ada));
    let outcome = runner.run(&desk.client(), &unblock, ACTOR).await.unwrap();
    assert!(outcome.is_done(), "{outcome}");
    desk.wire.take();

    let undo = outcome.inverse().unwrap();
    let undone = runner.run(&desk.client(), &undo, ACTOR).await.unwrap();

    assert_eq!(undone.steps[0].state, StepState::Rejected, "{undone}");
    assert!(desk.wire.take().is_empty());
}

#[tokio::test]
async fn a_plan_whose_time_went_by_is_marked_with_a_record() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let plan = Access::Block.plan(&desk.about(&user).await, &open()).unwrap();
    let runner = desk.runner();
    let id = runner.submit(&plan, ACTOR).await.unwrap();
    desk.cloud.advance(std::time::Duration::from_hours(24));

    assert!(runner.due().await.unwrap().is_empty());

    let kept = desk.store.plan(&id).await.unwrap().unwrap();
    assert_eq!(kept.state, PlanState::Expired);
    let records = desk.log().query(&JournalFilter::all().after(1)).await.unwrap();
    assert_eq!((records.len(), records[0].outcome.as_str()), (1, "expired"));
    assert!(runner.expire().await.unwrap().is_empty(), "once is enough");
    let late = runner.resume(&desk.client(), &id).await.unwrap_err();
    assert!(matches!(late, Error::Expired { .. }), "{late}");
}

/// Says yes until it is closed.
#[derive(Default)]
struct Window(AtomicBool);

#[async_trait]
impl ApprovalGate for Window {
    async fn ask(&self, _: &Plan, _: &str, _: jiff::Timestamp) -> Decision {
        if self.0.load(Ordering::Relaxed) {
            Decision::Refused("after hours".to_owned())
        } else {
            Decision::Approved
        }
    }

    fn may_approve(&self, _: &Plan, _: &str, _: &str) -> bool {
        true
    }
}

#[tokio::test]
async fn the_gate_is_asked_again_when_a_plan_is_gone_on_with() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let plan = Access::Block.plan(&desk.about(&user).await, &open()).unwrap();
    let window = Arc::new(Window::default());
    let runner = desk.runner().gate(Arc::clone(&window) as _);
    let id = runner.submit(&plan, ACTOR).await.unwrap();
    window.0.store(true, Ordering::Relaxed);
    desk.wire.take();

    let refused = runner.resume(&desk.client(), &id).await.unwrap_err();

    assert!(refused.to_string().contains("after hours"), "{refused}");
    assert!(desk.wire.take().is_empty());
    let records = desk.log().query(&JournalFilter::all().after(1)).await.unwrap();
    assert_eq!(records[0].detail["reason"], "after hours", "{records:?}");
    window.0.store(false, Ordering::Relaxed);
    assert!(runner.resume(&desk.client(), &id).await.unwrap().is_done());
}

#[tokio::test]
async fn what_was_let_by_a_second_person_stays_so_and_nothing_else_is() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let plan = Access::Block.plan(&desk.about(&user).await, &open()).unwrap();
    let unasked = desk.runner().submit(&plan, ACTOR).await.unwrap();
    let runner = desk.runner().gate(Arc::new(TwoPersons::from(Risk::Low)));

    let waits = runner.resume(&desk.client(), &unasked).await.unwrap_err();
    let nobody = runner.approve(&unasked, " ").await.unwrap_err();
    let own = runner
        .approve(&unasked, " ADA@provider.example ")
        .await
        .unwrap_err();

    for refused in [waits, nobody, own] {
        assert!(matches!(refused, Error::NotApproved { .. }), "{refused}");
    }
    runner.approve(&unasked, "bo@provider.example").await.unwrap();
    let outcome = runner
        .on_behalf_of("cleo")
        .resume(&desk.client(), &unasked)
        .await
        .unwrap();
    assert!(outcome.is_done());
    let records = desk
        .log()
        .query(&JournalFilter::all().actor("cleo"))
        .await
        .unwrap();
    assert_eq!((records.len(), records[0].outcome.as_str()), (1, "resumed"));
}

#[tokio::test]
async fn a_program_that_runs_what_is_due_knows_which_plans_would_show_a_password() {
    let desk = Desk::new();
    let (plan, harmless) = (
        Case::ResetPassword.plan(&desk).await,
        Case::Revoke.plan(&desk).await,
    );
    let sealing = desk.runner().delivery(Delivery::Sealed(key()));
    let shown = desk.runner().submit(&plan, ACTOR).await.unwrap();
    let sealed = sealing.submit(&plan, ACTOR).await.unwrap();
    let harmless = desk.runner().submit(&harmless, ACTOR).await.unwrap();

    let would = async |runner: &Runner, id| runner.would_show_secrets(&id).await.unwrap();

    assert!(would(&desk.runner(), shown).await);
    assert!(!would(&desk.runner(), sealed).await);
    assert!(!would(&desk.runner(), harmless).await);
    assert!(!would(&sealing, shown).await);
}
