//! What runs out when, the least that is needed, and turning off: what is removed, and what stays behind.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    partner::{
        privilege::{Feature, Privileges},
        roles,
    },
    store::LogFate,
    sync::expiry,
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;

    // The earliest end comes first. The same entries go into a calendar.
    let ends = msp.expiries().await?;
    for end in ends.entries.iter().take(3) {
        let day = end.ends_at.strftime("%Y-%m-%d");
        println!("{day}: {} of {} ends.", end.name, end.tenant_name);
    }
    let calendar = expiry::to_ical(&ends.entries, msp.now());
    println!("{} events.\n", calendar.matches("BEGIN:VEVENT").count());

    // What a host that reads and assigns licences needs, and no more.
    let needed = Privileges::of([Feature::Directory, Feature::Licenses]);
    let names: Vec<_> = needed.roles.keys().filter_map(|id| roles::name(id)).collect();
    println!("Permissions: {:?}; roles: {names:?}\n", needed.scopes);

    // One customer, then all of it.
    let left = msp
        .tenants()
        .unsync(customers.get(..1).unwrap_or_default())
        .await?;
    for tenant in &left {
        println!("{}: removed {:?}", tenant.name, tenant.removed);
    }
    let exit = msp.disconnect(LogFate::Keep).await?;
    println!("Nothing stays behind in customers: {}", exit.is_clean());
    for remnant in &exit.remains {
        println!("On your side: {} ({})", remnant.what, remnant.place);
    }
    Ok(())
}
