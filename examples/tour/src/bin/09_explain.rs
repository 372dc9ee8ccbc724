//! Why an action will work, or why not: the whole chain, before anything is changed.
//!
//! Each link says what it was seen by; a broken one says who mends it, and how.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    actions::explain::{Action, ActionKind, Actor, Ask, Explanation, Level, Levels, State},
    graph::role_assignments,
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    let customer = customers.first().ok_or("no customer is ready")?;
    let host = Actor::host();

    // Reading was consented to, and no more.
    let roles = msp.tenant(customer).send(role_assignments::list()).await?.items;
    let holder = |role: &str| {
        let found = roles
            .iter()
            .find(|one| one.role_definition_id.as_deref() == Some(role));
        found
            .and_then(|one| one.principal_id.clone())
            .ok_or("nobody holds the role")
    };
    let administrator = holder(msp365::partner::roles::GLOBAL_ADMINISTRATOR)?;
    show(
        "Before",
        &msp.explain(&host, customer, &Action::Block, &administrator)
            .await?,
    );

    // With the permission, it is the target's own role that protects it.
    cloud.edit(|edit| edit.grant_scopes(*customer, &["User.ReadWrite.All"]));
    show(
        "After",
        &msp.explain(&host, customer, &Action::Block, &administrator)
            .await?,
    );

    // A user without any role is within reach.
    let reader = holder(msp365::partner::roles::USER_ADMINISTRATOR)?;
    show(
        "Another",
        &msp.explain(&host, customer, &Action::Revoke, &reader).await?,
    );

    // The host's own technicians, by levels that are data. What they may not do is not even asked of the service.
    let mut levels = Levels::default();
    levels.levels.insert("desk".to_owned(), Level::default());
    let ask = Ask::action(*customer, ActionKind::Block);
    let bo = Actor::asking(&levels, "bo", &ask, &Action::Block);
    let before = cloud.requests();
    show(
        "For Bo",
        &msp.explain(&bo, customer, &Action::Block, &administrator).await?,
    );
    println!("{} requests were sent for Bo.", cloud.requests() - before);
    Ok(())
}

fn show(title: &str, said: &Explanation) {
    println!("{title}: {}", said.verdict.as_str());
    for link in &said.links {
        println!(
            "    {} {}: {}",
            link.state.as_str(),
            link.id.as_str(),
            link.evidence
        );
        if let (State::Broken, Some(remedy), Some(mender)) = (link.state, &link.remedy, link.mender) {
            println!("        {remedy} ({})", mender.as_str());
        }
    }
}
