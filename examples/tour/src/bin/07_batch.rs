//! A batch: requests of different types travel together, twenty to a round trip.
//!
//! `add` gives a slot, and the slot takes its own reply, of its own type.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    core::Batch,
    graph::{domains, organization, subscribed_skus, users},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    let customer = customers.first().ok_or("no customer is ready")?;

    let mut batch = Batch::new();
    let profile = batch.add(organization::get());
    let domains = batch.add(domains::list());
    let products = batch.add(subscribed_skus::list());
    let nobody = batch.add(users::get("nobody@nowhere.example"));
    let asked = batch.len();

    let before = cloud.requests();
    let mut answers = msp.tenant(customer).batch(batch).await?;
    println!("{asked} requests, {} round trip.", cloud.requests() - before);

    println!("{}", answers.take(profile)?.display_name.unwrap_or_default());
    for domain in answers.take(domains)?.items {
        println!("    {}", domain.id);
    }
    for product in answers.take(products)?.items {
        let free = product.available_units();
        println!(
            "    {}: {} assigned, {free} free",
            product.label(),
            product.consumed_units.unwrap_or_default()
        );
    }
    // One that fails does not take the others with it.
    if let Err(error) = answers.take(nobody) {
        println!("    nobody@nowhere.example: {}", error.kind().as_str());
    }
    Ok(())
}
