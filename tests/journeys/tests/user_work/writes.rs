//! The faults of directory writes, by id.

use std::time::Duration;

use msp365::actions::{
    Ask, Create, Grant, Groups, Licenses, Offboard, Outcome, Plan, ResetPassword, Restore, StepState,
};
use serde_json::json;

use crate::{
    cases::{Case, groups},
    desk::{Desk, open},
};

fn assert_clean(desk: &Desk, outcome: &Outcome) {
    let ledger = desk.cloud.ledger();
    assert_eq!(ledger.assert_clean(), Ok(()), "{outcome}");
    assert!(
        ledger.effects().iter().all(|effect| effect.count == 1),
        "{outcome}"
    );
}

fn states(outcome: &Outcome) -> Vec<StepState> {
    outcome.steps.iter().map(|step| step.state).collect()
}

/// A user to be made, with nothing beside.
async fn newcomer(desk: &Desk) -> Plan {
    let name = format!("cleo.new@{}", desk.domain());
    Create::new("Cleo New", &name)
        .plan(&desk.facts(&Ask::newcomer(name)).await)
        .unwrap()
}

/// Runs a plan while this fault shows itself in this way.
async fn with(desk: &Desk, plan: &Plan, fault: &str, variant: usize) -> Outcome {
    let fault = desk
        .cloud
        .faults()
        .script(fault)
        .unwrap()
        .variant(variant)
        .install();
    let outcome = desk.run(plan).await;
    assert!(fault.hits() > 0, "the fault met nothing\n{outcome}");
    fault.uninstall();
    outcome
}

#[tokio::test]
async fn f181_our_own_user_is_adopted_and_a_foreign_one_never() {
    let desk = Desk::new();
    let plan = newcomer(&desk).await;

    let own = with(&desk, &plan, "F181", 1).await;

    assert!(
        own.is_done() && own.steps[0].is_reconciled && own.secrets.len() == 1,
        "{own}"
    );
    assert_eq!(desk.user(own.made().unwrap()).unwrap()["displayName"], "Cleo New");
    assert_clean(&desk, &own);

    let desk = Desk::new();
    let plan = newcomer(&desk).await;
    let foreign = with(&desk, &plan, "F181", 0).await;
    assert_eq!(states(&foreign), [StepState::Rejected]);
    assert_eq!(
        (foreign.steps[0].error.as_deref(), foreign.made()),
        (Some("conflict"), None)
    );
    assert!(foreign.secrets.is_empty());
}

#[tokio::test]
async fn f182_an_address_that_is_taken_is_a_conflict_and_nothing_is_changed() {
    let desk = Desk::new();
    let plan = Case::Edit.plan(&desk).await;
    let before = desk.truth("user");

    let outcome = with(&desk, &plan, "F182", 0).await;

    assert_eq!(states(&outcome), [StepState::Rejected, StepState::Applied]);
    assert_eq!(outcome.steps[0].error.as_deref(), Some("conflict"), "{outcome}");
    assert_eq!(desk.truth("user"), before);
}

#[tokio::test]
async fn f183_a_name_that_a_deleted_user_holds_offers_to_restore() {
    let desk = Desk::new();
    let plan = newcomer(&desk).await;

    let outcome = with(&desk, &plan, "F183", 0).await;

    assert_eq!(states(&outcome), [StepState::Rejected]);
    let step = &outcome.steps[0];
    let name = plan.subject.name.as_str();
    assert!(
        step.words.contains(&format!("`{name}`")) && step.words.contains("a deleted user holds it"),
        "{outcome}"
    );
    assert!(
        step.remedy.as_ref().unwrap().starts_with("restore that user"),
        "{outcome}"
    );
}

#[tokio::test]
async fn f183_who_holds_the_name_is_restored() {
    let desk = Desk::new();
    let plan = newcomer(&desk).await;
    let id = desk.run(&plan).await.made().unwrap().to_owned();
    let gone = Offboard::user().delete().plan(&desk.about(&id).await, &open());
    assert!(desk.run(&gone.unwrap()).await.is_done());
    desk.cloud.advance(Duration::from_mins(16));

    let outcome = desk.run(&plan).await;

    assert_eq!(states(&outcome), [StepState::Rejected], "{outcome}");
    let remedy = outcome.steps[0].remedy.as_ref().unwrap();
    assert!(remedy.starts_with("restore that user"), "{outcome}");
    let back = Restore.plan(&desk.facts(&Ask::deleted(&id)).await).unwrap();
    assert!(desk.run(&back).await.is_done());
    assert_eq!(
        desk.user(&id).unwrap()["userPrincipalName"],
        plan.subject.name.as_str()
    );
}

#[tokio::test]
async fn f184_f185_a_new_user_that_is_not_known_yet_is_waited_for() {
    for fault in ["F184", "F185"] {
        for seconds in [1, 30, 110] {
            let desk = Desk::new();
            let plan = Case::Create.plan(&desk).await;
            let lag = desk.cloud.faults().script(fault).unwrap().size(seconds).install();

            let outcome = desk.run(&plan).await;

            assert!(outcome.is_done(), "{fault} {seconds}\n{outcome}");
            assert!(lag.hits() > 0, "{fault} {seconds}");
            assert_clean(&desk, &outcome);
        }
    }
}

#[tokio::test]
async fn f186_who_is_a_member_by_now_needs_no_change() {
    let desk = Desk::new();
    let plan = Case::Groups.plan(&desk).await;
    let met = desk.cloud.faults().script("F186").unwrap().times(2).install();

    let outcome = desk.run(&plan).await;

    assert_eq!(met.hits(), 2);
    assert_eq!(
        states(&outcome),
        [StepState::NoChange, StepState::NoChange],
        "{outcome}"
    );
    assert!(outcome.rest().is_none());
}

#[tokio::test]
async fn f187_f188_a_group_that_cannot_be_changed_by_now_does_not_stop_the_others() {
    for (fault, variants) in [("F187", 2), ("F188", 3)] {
        for variant in 0..variants {
            let desk = Desk::new();
            let plan = Case::Groups.plan(&desk).await;

            let outcome = with(&desk, &plan, fault, variant).await;

            let said = format!("{fault} {variant}\n{outcome}");
            assert_eq!(
                states(&outcome),
                [StepState::Rejected, StepState::Applied],
                "{said}"
            );
            assert!(outcome.steps[0].remedy.is_some(), "{said}");
            let rest = outcome.rest().unwrap();
            assert_eq!((rest.steps.len(), &rest.steps[0].kind), (1, &plan.steps[0].kind));
        }
    }
}

#[tokio::test]
async fn f190_without_a_free_unit_the_user_is_made_and_the_licence_is_left() {
    let desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;

    let outcome = with(&desk, &plan, "F190", 0).await;

    assert!(desk.user(outcome.made().unwrap()).is_some());
    let rest = outcome.rest().unwrap();
    assert_eq!(rest.steps.len(), 1, "{outcome}");
    assert!(rest.to_string().contains("assign licences"), "{rest}");
    assert!(outcome.to_string().contains("buy more units"), "{outcome}");
}

#[tokio::test]
async fn f190_a_licence_of_a_group_in_error_is_told_with_the_membership() {
    let desk = Desk::new();
    let (user, product) = (desk.plain()[0].clone(), desk.product());
    let (group, _) = groups(&desk);
    let bought = desk.truth("license");
    let bought = bought
        .iter()
        .find(|line| line["skuId"] == product.as_str())
        .unwrap();
    let number = bought["skuPartNumber"].as_str().unwrap();
    desk.cloud.edit(|world| {
        world.set_user(desk.tenant, &user, "licenseAssignmentStates", json!([]));
        assert!(world.give_back(desk.tenant, number, 1_000_000));
        let given = json!([{ "skuId": product, "disabledPlans": [] }]);
        world.set_group(desk.tenant, &group, "assignedLicenses", given);
    });
    let facts = desk.facts(&Ask::user(&user).groups([&group])).await;
    let plan = Groups::default().join(&group).plan(&facts, &open()).unwrap();

    let outcome = desk.run(&plan).await;

    assert_eq!(states(&outcome), [StepState::Applied], "{outcome}");
    let step = &outcome.steps[0];
    assert!(
        step.words.contains("CountViolation") && step.remedy.is_some(),
        "{outcome}"
    );
    assert_eq!(step.error.as_deref(), Some("conflict"));
}

#[tokio::test]
async fn f191_a_licence_in_error_is_no_success() {
    for (variant, word) in ["excludes", "builds on", "usage location", "mail address"]
        .iter()
        .enumerate()
    {
        let desk = Desk::new();
        let user = desk.plain()[0].clone();
        desk.cloud.edit(|world| {
            world.set_user(desk.tenant, &user, "usageLocation", "NO");
            world.set_user(desk.tenant, &user, "licenseAssignmentStates", json!([]));
        });
        let wish = Licenses::default().give(Grant::new(desk.product()));
        let plan = wish.plan(&desk.about(&user).await, &open()).unwrap();

        let outcome = with(&desk, &plan, "F191", variant).await;

        assert_eq!(states(&outcome), [StepState::Faulty], "{outcome}");
        assert!(!outcome.is_done() && outcome.rest().is_some());
        assert!(
            outcome.steps[0].remedy.as_ref().unwrap().contains(word),
            "{outcome}"
        );
    }
}

#[tokio::test]
async fn f192_a_usage_location_that_is_not_known_yet_is_waited_for() {
    let desk = Desk::new();
    let plan = Case::Create.plan(&desk).await;

    let outcome = with(&desk, &plan, "F192", 0).await;

    assert!(outcome.is_done(), "{outcome}");
    assert_clean(&desk, &outcome);
}

#[tokio::test]
async fn f194_a_refusal_for_lack_of_rights_is_asked_once() {
    let desk = Desk::new();
    let plan = Case::Block.plan(&desk).await;
    desk.wire.take();

    let outcome = with(&desk, &plan, "F194", 0).await;

    assert_eq!(states(&outcome), [StepState::Rejected, StepState::Rejected]);
    assert_eq!(outcome.steps[0].error.as_deref(), Some("denied"));
    assert_eq!(desk.wire.take().len(), plan.steps.len());
}

#[tokio::test]
async fn f195_a_failure_at_any_step_is_gone_over() {
    for variant in 0..3 {
        let desk = Desk::new();
        let steps = Case::Offboard.plan(&desk).await.steps.len();
        for number in 1..=steps {
            let desk = Desk::new();
            let plan = Case::Offboard.plan(&desk).await;
            let script = desk.cloud.faults().script("F195").unwrap().variant(variant);
            let fault = script.size(number.try_into().unwrap()).install();

            let outcome = desk.run(&plan).await;

            assert!(
                outcome.is_done() && fault.hits() == 1,
                "{variant} {number}\n{outcome}"
            );
            assert_clean(&desk, &outcome);
        }
    }
}

#[tokio::test]
async fn f198_a_new_holder_of_the_name_is_never_deleted() {
    for variant in 0..2 {
        let desk = Desk::new();
        let user = desk.plain()[0].clone();
        let name = desk.user(&user).unwrap()["userPrincipalName"].clone();
        let plan = Offboard::user()
            .delete()
            .plan(&desk.about(&user).await, &open())
            .unwrap();

        let outcome = with(&desk, &plan, "F198", variant).await;

        assert!(outcome.is_done() && desk.user(&user).is_none(), "{outcome}");
        let holders = desk
            .truth("user")
            .into_iter()
            .filter(|row| row["userPrincipalName"] == name)
            .count();
        assert_eq!(holders, variant, "{outcome}");
    }
}

#[tokio::test]
async fn f199_a_long_operation_that_never_ends_is_asked_for_a_while_and_left_unknown() {
    let desk = Desk::new();
    let user = desk.plain()[0].clone();
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &user, "onPremisesSyncEnabled", true));
    let plan = ResetPassword.plan(&desk.about(&user).await, &open()).unwrap();
    let before = desk.cloud.requests();

    let outcome = with(&desk, &plan, "F199", 0).await;

    assert_eq!(states(&outcome), [StepState::Unknown], "{outcome}");
    assert!(outcome.secrets.is_empty());
    assert!(desk.cloud.requests() - before < 40);
}
