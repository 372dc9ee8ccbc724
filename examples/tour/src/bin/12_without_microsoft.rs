//! Without Microsoft: the same program on the simulated cloud, which changes between two runs.
//!
//! Tests of your own can be written so: build a world, let something happen in it, look at what your tool makes of it.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use std::time::Duration;

use msp365::{
    sim::{self, Sim},
    store::{Resource, UserQuery},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // One customer of ten users. Time stands still unless it is moved.
    let cloud = Sim::seeded(7).customers(1).users_each(10).manual_clock().build();
    let msp = sim::builder(&cloud).in_memory().build()?;
    sim::connect(&cloud, &msp).await?;
    msp.tenants().refresh().await?;
    let customers = msp.tenants().customers().await?;
    let customer = *customers.first().ok_or("no customer is listed")?;
    msp.tenants().sync(&[customer]).await?;
    msp.sync().run(&[customer]).await?;
    let users = msp.users(&UserQuery::all()).await?.rows;
    println!("{} users are stored.", users.len());

    let [married, leaver, ..] = users.as_slice() else {
        return Err("too few users".into());
    };

    // A day later somebody has come, somebody has married, somebody has left.
    cloud.advance(Duration::from_hours(24));
    cloud.edit(|world| {
        world.add_user(customer, "Ada Example", "ada");
        world.rename_user(customer, &married.user.id, "Bo Example");
        world.delete_user(customer, &leaver.user.id);
    });

    let report = msp.sync().run(&[customer]).await?;
    for tenant in &report.tenants {
        if let Some(done) = tenant.resources.get(&Resource::Users) {
            println!(
                "Users: {} added, {} changed, {} removed.",
                done.added, done.changed, done.removed
            );
        }
    }
    println!("The cloud answered {} requests.", cloud.requests());
    Ok(())
}
