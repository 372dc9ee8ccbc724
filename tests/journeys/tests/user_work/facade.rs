//! The same through the facade, signed in as the provider's account.

use msp365::{
    actions::{Access, Ask, Protection, StepState},
    sim::{self, Sim},
};

#[tokio::test]
async fn a_technician_blocks_a_user_and_the_log_knows_it() {
    let cloud = Sim::seeded(7).customers(1).users_each(10).manual_clock().build();
    let msp = sim::builder(&cloud).seed(7).in_memory().build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    let tenant = cloud.customer_ids()[0];
    let scopes = [
        "Directory.Read.All",
        "RoleManagement.Read.Directory",
        "User.ReadWrite.All",
        "User.RevokeSessions.All",
    ];
    assert!(cloud.edit(|world| world.grant_scopes(tenant, &scopes)));
    let truth = cloud.truth();
    let ordinary = truth.iter().find(|line| {
        let holds = |other: &&serde_json::Value| other["principalId"] == line["id"];
        line["kind"] == "user" && line["accountEnabled"] == true && !truth.iter().any(|other| holds(&other))
    });
    let user = ordinary.unwrap()["id"].as_str().unwrap().to_owned();

    let facts = msp.actions().facts(&tenant, &Ask::user(&user)).await.unwrap();
    let plan = Access::BlockAndRevoke.plan(&facts, &Protection::new()).unwrap();
    let outcome = msp.actions().run(&plan, "ada@provider.example").await.unwrap();

    assert_eq!(outcome.steps[0].state, StepState::Applied, "{outcome}");
    assert!(outcome.is_done(), "{outcome}");
    let end = msp.actions().log().unwrap().verify(None).await.unwrap();
    assert_eq!(end.count, 3);
}
