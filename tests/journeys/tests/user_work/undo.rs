//! Going back, and going on.

use std::time::Duration;

use msp365::{
    actions::{Edit, Grant, Left, Licenses, Reason, StepOutcome, StepState},
    core::Change,
    graph::users::UserEdit,
};
use serde_json::Value;

use crate::{
    cases::{Case, licensed},
    desk::{Desk, READER, open},
};

/// What can be undone, at least in part.
const UNDONE: [Case; 9] = [
    Case::Block,
    Case::Unblock,
    Case::Edit,
    Case::Licenses,
    Case::Groups,
    Case::Create,
    Case::Offboard,
    Case::Rehire,
    Case::Restore,
];
/// What cannot.
const FINAL: [Case; 6] = [
    Case::Revoke,
    Case::Roles,
    Case::ResetPassword,
    Case::AccessPass,
    Case::ResetMethods,
    Case::Devices,
];

#[tokio::test]
async fn what_was_done_is_undone_by_the_inverse_plan() {
    for case in UNDONE {
        let desk = Desk::new();
        let plan = case.plan(&desk).await;
        let before = desk.state();

        let outcome = desk.run(&plan).await;
        desk.cloud.advance(Duration::from_mins(16));
        let undo = outcome.inverse().unwrap();
        let undone = desk.run(&undo).await;

        assert!(outcome.is_done() && undone.is_done(), "{case:?}\n{undone}");
        let is_applied = |step: &StepOutcome| step.state == StepState::Applied;
        assert!(undone.steps.iter().all(is_applied), "{case:?}\n{undone}");
        let is_named = |line: &Value| {
            let names = plan.snapshot.as_ref().map(|snapshot| &snapshot.group_names);
            let is_it = |left: &Left| {
                let name = names.and_then(|names| names.get(line["group"].as_str()?));
                name.is_some_and(|name| left.what == format!("group `{name}`"))
            };
            let is_own = line["member"].as_str() == plan.subject.id.as_deref();
            line["kind"] == "membership" && is_own && undo.left.iter().any(is_it)
        };
        let (after, mut expected) = (desk.state(), before);
        expected.retain(|line| !is_named(line));
        assert_eq!(after, expected, "{case:?}\n{undo}\n{undone}");
        assert!(undo.steps.len() + undo.left.len() >= plan.steps.len(), "{undo}");
    }
}

#[tokio::test]
async fn what_cannot_be_undone_says_so() {
    for case in FINAL {
        let desk = Desk::new();
        let outcome = desk.run(&case.plan(&desk).await).await;

        let refused = outcome.inverse().unwrap_err();

        assert_eq!(refused.reason, Reason::Irreversible, "{case:?}");
    }
}

#[tokio::test]
async fn undoing_a_plan_whose_user_is_not_known_leaves_the_user() {
    let desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;

    let undo = plan.inverse();

    assert_eq!(undo.unwrap_err().reason, Reason::Irreversible);
}

#[tokio::test]
async fn a_changed_licence_goes_back_to_what_it_was() {
    let desk = Desk::new();
    let user = licensed(&desk).unwrap();
    let facts = desk.about(&user).await;
    let state = facts.person.as_ref().unwrap().user.license_assignment_states[0].clone();
    let sku = state.sku_id.unwrap();
    let plans = facts.product(&sku).unwrap().service_plans.clone();
    let off = plans.iter().filter_map(|plan| plan.service_plan_id.clone());
    let off: Vec<String> = off
        .filter(|id| !state.disabled_plans.contains(id))
        .take(1)
        .collect();
    assert_eq!(off.len(), 1);
    let wish = Licenses::default().give(Grant::new(&sku).without(&off));
    let plan = wish.plan(&facts, &open()).unwrap();
    let before = desk.state();

    let outcome = desk.run(&plan).await;
    assert_ne!(desk.state(), before);
    let undone = desk.run(&outcome.inverse().unwrap()).await;

    assert!(undone.is_done(), "{undone}");
    assert_eq!(desk.state(), before);
}

#[tokio::test]
async fn a_field_that_cannot_be_cleared_again_is_named() {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &ada, "usageLocation", Value::Null));
    let mut fields = UserEdit::default();
    fields.usage_location = Some("NO".into());
    fields.job_title = Change::Set("Captain".into());
    let plan = Edit::new(fields).plan(&desk.about(&ada).await, &open()).unwrap();

    let undo = desk.run(&plan).await.inverse().unwrap();

    assert_eq!(undo.steps.len(), 1, "{undo}");
    assert!(
        undo.left.iter().any(|left| left.what.contains("usageLocation")),
        "{undo}"
    );
}

#[tokio::test]
async fn f191_a_licence_in_error_is_taken_back_by_undoing() {
    let desk = Desk::new();
    let product = desk.product();
    let states = |user: &str| desk.user(user).unwrap()["licenseAssignmentStates"].clone();
    let lacks = |user: &&String| !states(user).to_string().contains(&product);
    let user = desk.plain().iter().find(lacks).unwrap().clone();
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &user, "usageLocation", "NO"));
    let before = states(&user);
    let wish = Licenses::default().give(Grant::new(&product));
    let plan = wish.plan(&desk.about(&user).await, &open()).unwrap();
    let fault = desk.cloud.faults().script("F191").unwrap().install();
    let outcome = desk.run(&plan).await;
    fault.uninstall();

    let undone = desk.run(&outcome.inverse().unwrap()).await;

    assert!(undone.is_done() && !outcome.is_done(), "{outcome}{undone}");
    assert_eq!(states(&user), before);
}

#[tokio::test]
async fn what_is_left_is_a_plan_that_runs() {
    let desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;
    let outcome = {
        let empty = desk.cloud.faults().script("F190").unwrap().variant(0).install();
        let outcome = desk.run(&plan).await;
        empty.uninstall();
        outcome
    };
    let rest = outcome.rest().unwrap();
    let products = world_products(&desk);
    desk.cloud.edit(|world| {
        for line in products {
            world.buy(desk.tenant, &line, 1_000);
        }
    });

    let again = desk.run(&rest).await;

    assert!(again.is_done(), "{again}");
    let row = desk.user(outcome.made().unwrap()).unwrap();
    assert_eq!(row["licenseAssignmentStates"].as_array().unwrap().len(), 1);
    let roles = desk.truth("role_assignment");
    assert!(
        roles
            .iter()
            .any(|line| line["principalId"] == row["id"] && line["roleDefinitionId"] == READER)
    );
}

fn world_products(desk: &Desk) -> Vec<String> {
    let products = desk.truth("license");
    products
        .iter()
        .map(|line| line["skuPartNumber"].as_str().unwrap().to_owned())
        .collect()
}
