//! A technician's plan waits for a second person, and what a technician may not do costs no request.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use std::sync::Arc;

use msp365::{
    actions::{
        Access, Ask, LastOwner, Offboard, Protection, Risk, TwoPersons,
        explain::{Area, Level, Levels, Scope, Technician, Tier},
    },
    graph::users,
    sim,
};
use msp365_tour as tour;

/// The desk helps users at once, and deletes nobody. A host reads such levels from a file of its own.
fn levels() -> Levels {
    let mut levels = Levels::default();
    let mut desk = Level::default();
    desk.areas.insert(Area::Users, Tier::Operate);
    levels.levels.insert("desk".to_owned(), desk);
    let bo = Technician {
        level: "desk".to_owned(),
        tenants: Scope::All,
        sites: Scope::All,
    };
    levels.technicians.insert("bo".to_owned(), bo);
    levels
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = sim::builder(&cloud).in_memory().changing_users(true).build()?;
    sim::connect(&cloud, &msp).await?;
    let customers = tour::ready_customers(&msp).await?;
    let levels = levels();
    let desk = msp.actions().by(&levels, "bo", &[]);
    let open = Protection::new();

    // The first user who can be blocked.
    let mut found = None;
    'search: for customer in &customers {
        for user in msp.tenant(customer).send(users::list()).await?.items {
            let facts = desk.facts(customer, &Ask::user(&user.id)).await?;
            let Ok(plan) = Access::Block.plan(&facts, &open) else {
                continue;
            };
            if desk.refusal(&plan).await?.is_none() {
                found = Some((facts, plan));
                break 'search;
            }
        }
    }
    let (facts, plan) = found.ok_or("nobody can be blocked")?;

    // Deleting is not for the desk: no request is sent to find that out.
    let before = cloud.requests();
    let wish = Offboard::user().delete().last_owner(LastOwner::Warned);
    let refused = desk.run(&wish.plan(&facts, &open)?, "bo").await;
    println!(
        "Deleting: {}; requests for that: {}.",
        refused.err().map(|error| error.to_string()).unwrap_or_default(),
        cloud.requests() - before
    );

    // Blocking takes a second person: the plan is stored, and waits.
    let runner = msp
        .actions()
        .runner()?
        .gate(Arc::new(TwoPersons::from(Risk::Medium)));
    let id = desk.submit_by(&runner, &plan, "bo").await?;
    let record = msp.store().plan(&id).await?.ok_or("the plan is stored")?;
    println!("The plan is {}.", record.state.as_str());
    println!("By the same person: {}.", runner.approve(&id, "bo").await.is_ok());
    runner.approve(&id, "ada").await?;

    // Whoever works through what is due runs it; until then another program may do the same.
    for due in runner.due().await? {
        println!("{}", desk.resume_by(&runner, &due).await?);
    }
    Ok(())
}
