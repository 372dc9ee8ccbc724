//! Going back, and going on.

use crate::{
    cases::Case,
    desk::{Desk, READER},
};

#[tokio::test]
async fn what_was_done_is_undone_by_the_inverse_plan() {
    for case in [Case::Block, Case::Edit, Case::Groups, Case::Licenses] {
        let desk = Desk::new();
        let plan = case.plan(&desk).await;
        let before = desk.state();

        let outcome = desk.run(&plan).await;
        let undone = desk.run(&outcome.inverse().unwrap()).await;

        assert!(undone.is_done(), "{case:?}\n{undone}");
        assert_eq!(desk.state(), before, "{case:?}");
    }
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
