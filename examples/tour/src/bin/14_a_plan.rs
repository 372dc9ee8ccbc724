//! A user leaves and comes back: a plan is shown, run, and undone by the snapshot it took.
//!
//! Nothing but reading is asked for until a host turns changing users on.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    actions::{Ask, Offboard, Protection, rehire},
    graph::users,
    sim,
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = sim::builder(&cloud).in_memory().changing_users(true).build()?;
    sim::connect(&cloud, &msp).await?;
    let customers = tour::ready_customers(&msp).await?;
    let protection = Protection::new().own_account("service@provider.example");

    // The first user whose leaving nothing stands in the way of.
    let mut found = None;
    'search: for customer in &customers {
        for user in msp.tenant(customer).send(users::list()).await?.items {
            let facts = msp.actions().facts(customer, &Ask::user(&user.id)).await?;
            let wish = Offboard::user()
                .block()
                .revoke_sessions()
                .remove_licences()
                .leave_groups();
            let Ok(plan) = wish.plan(&facts, &protection) else {
                continue;
            };
            if plan.steps.len() > 3 && msp.actions().refusal(&plan).await?.is_none() {
                found = Some(plan);
                break 'search;
            }
        }
    }
    let plan = found.ok_or("nobody can be offboarded")?;

    // Shown: each step with its request, role, permission and risk. Nothing was sent.
    println!("{plan}");

    // Run: each step is stored before it is sent.
    let gone = msp.actions().run(&plan, "ada").await?;
    println!("{gone}");

    // What was taken comes back from the snapshot in the plan.
    let snapshot = gone
        .plan
        .snapshot
        .as_ref()
        .ok_or("an offboarding takes a snapshot")?;
    let facts = msp
        .actions()
        .facts(
            &plan.tenant,
            &Ask::user(plan.subject.key()).managers_of(&snapshot.reports),
        )
        .await?;
    let back = msp.actions().run(&rehire(snapshot, &facts)?, "ada").await?;
    println!("{back}");

    let end = msp.actions().log()?.verify(None).await?;
    println!("Records in the activity log: {}.", end.count);
    Ok(())
}
