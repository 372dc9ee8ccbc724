//! Two technicians edit one user.

use msp365::{
    actions::{Edit, Outcome, Plan, StepState},
    core::Change,
    graph::users::UserEdit,
};
use serde_json::json;

use crate::desk::{Desk, open};

/// A desk, one of its people, and a wish to change two fields.
fn captain() -> (Desk, String, Edit) {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let mut fields = UserEdit::default();
    fields.department = Change::Set("Deck".into());
    fields.job_title = Change::Set("Captain".into());
    (desk, ada, Edit::new(fields))
}

async fn planned(desk: &Desk, user: &str, wish: &Edit) -> Plan {
    wish.plan(&desk.about(user).await, &open()).unwrap()
}

fn somebody_sets(desk: &Desk, user: &str, field: &str, value: &str) {
    desk.cloud
        .edit(|world| assert!(world.set_user(desk.tenant, user, field, value)));
}

fn title(desk: &Desk, user: &str) -> serde_json::Value {
    desk.user(user).unwrap()["jobTitle"].clone()
}

#[tokio::test]
async fn f197_only_what_was_changed_is_sent() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    let mut fields = UserEdit::default();
    fields.department = Change::Set("Deck".into());
    let plan = Edit::new(fields).plan(&desk.about(&user).await, &open()).unwrap();

    let fault = desk.cloud.faults().script("F197").unwrap().install();
    let outcome = desk.run(&plan).await;
    assert!(fault.hits() > 0);

    assert!(outcome.is_done(), "{outcome}");
    let row = desk.user(&user).unwrap();
    assert_eq!(
        (&row["department"], &row["jobTitle"]),
        (&json!("Deck"), &json!("Changed by somebody else"))
    );
}

#[tokio::test]
async fn f197_the_last_writer_wins_unless_chosen_otherwise() {
    let (desk, ada, wish) = captain();
    let plan = planned(&desk, &ada, &wish).await;
    somebody_sets(&desk, &ada, "jobTitle", "Mate");

    let outcome = desk.run(&plan).await;

    assert!(outcome.is_done(), "{outcome}");
    assert_eq!(title(&desk, &ada), "Captain");
}

#[tokio::test]
async fn f197_a_field_that_somebody_else_changed_is_left_as_it_is_where_that_was_chosen() {
    let (desk, ada, wish) = captain();
    let plan = planned(&desk, &ada, &wish.unless_changed()).await;
    somebody_sets(&desk, &ada, "jobTitle", "Mate");
    desk.wire.take();

    let outcome: Outcome = desk.run(&plan).await;

    let step = &outcome.steps[0];
    assert_eq!(
        (step.state, step.error.as_deref()),
        (StepState::Rejected, Some("conflict"))
    );
    assert!(
        step.words.contains("jobTitle") && !step.words.contains("department") && step.remedy.is_some(),
        "{outcome}"
    );
    assert!(desk.wire.take().is_empty(), "nothing is written");
    assert_eq!(title(&desk, &ada), "Mate");
}

#[tokio::test]
async fn f197_what_somebody_else_set_alike_or_elsewhere_is_no_conflict() {
    let (desk, ada, wish) = captain();
    let plan = planned(&desk, &ada, &wish.unless_changed()).await;
    somebody_sets(&desk, &ada, "jobTitle", "Captain");
    somebody_sets(&desk, &ada, "city", "Bergen");

    let outcome = desk.run(&plan).await;

    assert!(outcome.is_done(), "{outcome}");
    let row = desk.user(&ada).unwrap();
    assert_eq!(
        [&row["department"], &row["jobTitle"], &row["city"]],
        [&json!("Deck"), &json!("Captain"), &json!("Bergen")]
    );
}
