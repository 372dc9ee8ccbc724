//! Passwords and passes are handed over once, and stand nowhere else.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use jiff::Timestamp;
use msp365::{
    actions::{Delivery, Handover, RecipientKey, Runner, StepState, open as open_sealed},
    store::{self, IntentRecord, IntentStore, JournalFilter, PlanChange, PlanFilter, PlanRecord, Store},
};
use secrecy::ExposeSecret;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    cases::Case,
    desk::{ACTOR, Desk},
};

/// Everything that is kept, as text.
async fn kept(desk: &Desk) -> String {
    let plans = desk.store.plans(&PlanFilter::all()).await.unwrap();
    let mut text = format!("{plans:?}");
    for plan in &plans {
        text = format!("{text}{:?}", desk.store.intents(&plan.id).await.unwrap());
    }
    text + &format!("{:?}", desk.log().query(&JournalFilter::all()).await.unwrap())
}

#[tokio::test]
async fn a_secret_shows_itself_once_and_stands_nowhere_else() {
    for case in [Case::ResetPassword, Case::AccessPass, Case::Create] {
        let desk = Desk::new();
        let plan = case.plan(&desk).await;

        let mut outcome = desk.run(&plan).await;

        let shown = format!("{outcome:?} {outcome} {plan} {plan:?}");
        assert_eq!(outcome.secrets.len(), 1, "{case:?}");
        let Some(Handover::Once(secret)) = outcome.secrets.remove(&0) else {
            panic!("{case:?}: no secret");
        };
        let secret = secret.reveal(str::to_owned);
        assert!(secret.len() >= 8, "{case:?}");
        assert!(
            !shown.contains(&secret) && !kept(&desk).await.contains(&secret),
            "{case:?}"
        );
        if case == Case::AccessPass {
            assert!(desk.wire.answers().iter().any(|answer| answer.contains(&secret)));
        }
    }
}

#[tokio::test]
async fn f193_a_refused_password_stands_in_no_text() {
    for variant in 0..2 {
        let desk = Desk::new();
        let plan = Case::ResetPassword.plan(&desk).await;
        let script = desk.cloud.faults().script("F193").unwrap().variant(variant);
        let fault = script.install();

        let outcome = desk.run(&plan).await;

        assert!(fault.hits() > 0);
        let step = &outcome.steps[0];
        assert_eq!(
            (step.state, step.error.as_deref()),
            (StepState::Rejected, Some("invalid"))
        );
        assert!(outcome.secrets.is_empty() && step.remedy.is_some());
        let sent: Value = serde_json::from_str(desk.wire.sent().last().unwrap()).unwrap();
        let password = sent["passwordProfile"]["password"].as_str().unwrap();
        assert!(password.len() >= 8);
        let rest = outcome.rest().unwrap();
        let text = format!("{outcome:?} {outcome} {plan} {plan:?} {rest}");
        assert!(
            !text.contains(password) && !kept(&desk).await.contains(password),
            "{variant}"
        );
    }
}

#[tokio::test]
async fn a_secret_is_sealed_to_the_key_of_the_caller() {
    // The key pair of RFC 9180, A.2.1, as it is printed there.
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let private = hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
    let public = hex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
    let desk = Desk::new();
    let plan = Case::ResetPassword.plan(&desk).await;
    let runner = desk
        .runner()
        .delivery(Delivery::Sealed(RecipientKey::from_bytes(&public).unwrap()));

    let mut outcome = runner.run(&desk.client(), &plan, ACTOR).await.unwrap();

    let Some(Handover::Sealed(sealed)) = outcome.secrets.remove(&0) else {
        panic!("it is not sealed");
    };
    let opened = open_sealed(&sealed, &private).unwrap();
    assert_eq!(opened.expose_secret().len(), 20);
    assert!(
        !serde_json::to_string(&sealed)
            .unwrap()
            .contains(opened.expose_secret())
    );
    let mut other = private;
    other[1] ^= 1;
    assert!(open_sealed(&sealed, &other).is_err());
}

#[tokio::test]
async fn a_password_is_handed_over_though_the_database_fails_later() {
    for writes in 2..6 {
        let desk = Desk::new();
        let plan = Case::Create.plan(&desk).await;
        let failing = Arc::new(Failing {
            inner: Arc::clone(&desk.store),
            writes: AtomicUsize::new(writes),
        });
        let runner = Runner::new(
            failing,
            desk.log(),
            desk.cloud.clock(),
            Arc::clone(&desk.random) as _,
        );

        let outcome = runner.run(&desk.client(), &plan, ACTOR).await.unwrap();

        assert_eq!(outcome.secrets.len(), 1, "{writes}\n{outcome}");
        assert!(
            outcome.made().is_some() && outcome.stopped.is_some(),
            "{writes}\n{outcome}"
        );
    }
}

/// A store whose disk is full after so many changes of intents.
struct Failing {
    inner: Arc<dyn Store>,
    writes: AtomicUsize,
}

#[async_trait::async_trait]
impl IntentStore for Failing {
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> store::Result<()> {
        self.inner.add_plan(plan, steps).await
    }

    async fn plan(&self, id: &Uuid) -> store::Result<Option<PlanRecord>> {
        self.inner.plan(id).await
    }

    async fn plans(&self, filter: &PlanFilter) -> store::Result<Vec<PlanRecord>> {
        self.inner.plans(filter).await
    }

    async fn intents(&self, plan: &Uuid) -> store::Result<Vec<IntentRecord>> {
        self.inner.intents(plan).await
    }

    async fn claim_plan(&self, id: &Uuid, now: Timestamp, until: Timestamp) -> store::Result<i64> {
        self.inner.claim_plan(id, now, until).await
    }

    async fn put_intent(&self, intent: &IntentRecord, fence: i64, until: Timestamp) -> store::Result<()> {
        let left = self.writes.load(Ordering::Relaxed);
        if left == 1 {
            return self.inner.put_intent(intent, fence - 1, until).await;
        }
        self.writes.store(left - 1, Ordering::Relaxed);
        self.inner.put_intent(intent, fence, until).await
    }

    async fn change_plan(&self, id: &Uuid, change: &PlanChange) -> store::Result<()> {
        self.inner.change_plan(id, change).await
    }

    async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> store::Result<bool> {
        self.inner.take_lease(name, holder, now, until).await
    }

    async fn end_lease(&self, name: &str, holder: &str) -> store::Result<()> {
        self.inner.end_lease(name, holder).await
    }
}

#[tokio::test]
async fn the_password_of_who_leaves_is_told_to_nobody() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let wish = msp365::actions::Offboard::user().block().reset_password();
    let plan = wish.plan(&desk.about(&user).await, &crate::desk::open()).unwrap();

    let outcome = desk.run(&plan).await;

    assert!(outcome.is_done() && outcome.secrets.is_empty(), "{outcome}");
}
