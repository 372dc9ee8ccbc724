//! Matching: which organization and which device of a tool is which of Microsoft's.
//!
//! Each record of ours gets a verdict: `certain` may be linked unasked, `suggested` and `ambiguous` are for a person,
//! `none` found no counterpart. A tool implements `Inventory`; records that are at hand already are `Records`.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    sim,
    store::MatchKind,
    sync::tool::{Organization, Records},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    msp.sync().run(&customers).await?;

    // The simulated provider has a tool as well, with records much like those of the tenants.
    let found = msp.matching().run(&customers, &sim::records(&cloud)).await?;
    let devices = found.devices;
    println!(
        "Devices: {} certain, {} suggested, {} ambiguous, {} without a counterpart.",
        devices.certain, devices.suggested, devices.ambiguous, devices.none
    );
    for pair in msp.matching().pairs(MatchKind::Organizations).await? {
        let theirs = pair.theirs.as_deref().unwrap_or("nothing");
        println!("{} is {theirs}: {}, {:.2}", pair.ours, pair.verdict, pair.score);
        println!("    because {}", pair.evidence);
    }

    // Records of one's own take the place of those found before.
    let mut records = Records::default();
    for tenant in msp.tenants().refresh().await? {
        records.organizations.push(Organization::new(
            format!("company-{}", tenant.id),
            tenant.name.to_uppercase(),
        ));
    }
    let found = msp.matching().run(&customers, &records).await?;
    println!(
        "Shouted names: {} of {} certain.",
        found.organizations.certain,
        customers.len()
    );
    Ok(())
}
