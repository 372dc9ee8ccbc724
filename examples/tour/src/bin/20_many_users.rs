//! Many users at once: who is chosen, what would happen, a report by user, and a run that is cut off and gone on with.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use jiff::tz::TimeZone;
use msp365::{
    actions::{
        Access,
        bulk::{Bulk, Chosen, Row, Wish},
    },
    auth::SystemRandom,
    core::random,
    sim,
    store::{SavedView, Selection},
};
use msp365_tour as tour;
use tokio::sync::Notify;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = sim::builder(&cloud).in_memory().changing_users(true).build()?;
    sim::connect(&cloud, &msp).await?;
    let customers = tour::ready_customers(&msp).await?;
    msp.sync().run(&customers).await?;

    // All guests of all customers, across the pages of a view. Before each is touched, the list is asked again.
    let view = SavedView {
        filters: vec!["user_type=Guest".to_owned(), "account_enabled=true".to_owned()],
        ..SavedView::default()
    };
    let guests = Chosen::Selected(Selection::all(view, msp.now(), &TimeZone::UTC));
    let desk = msp.many_users();

    // What is for one user at a time is refused, and nothing is asked.
    let run = random::uuid(&SystemRandom);
    let passwords = Bulk::new(run, Wish::ResetPassword, "ada");
    if let Err(refused) = desk.run(&passwords, &guests, &mut |_| {}).await {
        println!("{refused}");
    }

    // What a run would do: nothing is stored, and nothing is sent but reads.
    let block = Bulk::new(run, Access::BlockAndRevoke, "ada");
    let looked = desk.look(&block, &guests, &mut |_| {}).await?;
    println!("Would be: {looked}.");

    // It runs, several customers at a time, and is cut off.
    let (enough, mut told) = (Notify::new(), 0);
    let mut tell = |row: Row| {
        println!("    {} {}", row.state.as_str(), row.name);
        told += 1;
        if told == 5 {
            enough.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = enough.notified() => println!("Cut off after 5 users."),
        ended = desk.run(&block, &guests, &mut tell) => println!("At once: {}.", ended?),
    }

    // The same run goes on: who is done is skipped, and what was under way is looked into. Another program would wait for
    // five minutes; here the first is known to have ended.
    let tally = desk.run(&block.taking_over(), &guests, &mut |_| {}).await?;
    println!("At the end: {tally}.");
    let once = cloud.ledger().effects().iter().all(|effect| effect.count == 1);
    println!("Each happened once: {once}.");
    Ok(())
}
