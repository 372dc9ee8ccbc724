//! A user, card by card: what is known, how old it is, and what could not be read and why.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    actions::details::{Card, CardKind, Viewer, Wanted},
    graph::users,
    store::Times,
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    msp.tenants().sync(&customers).await?;
    msp.sync().run(&customers).await?;
    let customer = *customers.first().ok_or("nobody is ready")?;
    let somebody = msp.tenant(&customer).send(users::list().top(1)).await?.items;
    let user = &somebody.first().ok_or("nobody works there")?.id;

    // Asked for now: one round trip for all cards.
    let before = msp.client().meter().total().requests;
    let live = msp
        .details(Viewer::host())
        .live(&customer, user, &Wanted::all())
        .await?;
    let requests = msp.client().meter().total().requests - before;
    println!("{} in {requests} round trips:", live.name);
    if let Some(profile) = live.profile.as_ref().and_then(|card| card.content.as_ref()) {
        println!("    {:?}, {:?}", profile.job_title, profile.department);
    }
    for license in live.licenses.iter().flat_map(Card::rows) {
        let on = license.plans.iter().filter(|plan| plan.is_on).count();
        println!("    licence {}: {on} services are on", license.product);
    }
    for sign_in in live.sign_ins.iter().flat_map(Card::rows) {
        let when = sign_in.at.map(|at| Times::ages(live.at).show(at));
        println!("    sign-in {}: {:?}", when.unwrap_or_default(), sign_in.status);
    }

    // What could not be read is never a bare blank.
    for (card, gap) in live.gaps() {
        println!(
            "    ? {} of {}: {} ({})",
            gap.part,
            card.as_str(),
            gap.cause,
            gap.code
        );
    }

    // From the database, without a request: the same cards, as old as the last pass.
    let wanted = Wanted::only([CardKind::Groups, CardKind::SignIns]);
    let stored = msp
        .details(Viewer::host())
        .stored(&customer, user, &wanted)
        .await?;
    let groups = stored.groups.as_ref().ok_or("groups were wanted")?;
    println!(
        "Stored: {:?} groups, as of {:?}",
        groups.count(),
        groups.as_of.is_some()
    );
    for (card, gap) in stored.gaps() {
        println!("    ? {} of {}: {}", gap.part, card.as_str(), gap.remedy);
    }
    Ok(())
}
