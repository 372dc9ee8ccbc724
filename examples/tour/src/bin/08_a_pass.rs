//! A pass: customers are read into the database, here only some resources of them, with progress.
//!
//! A page's rows and the cursor to the next are one transaction: killed at any moment, the next run goes on from there.
//! Memberships come with groups, so the rows of groups are both.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use msp365::{
    store::Resource,
    sync::{Observer, Progress},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;

    // Called from many tasks at once, so it counts atomically.
    let pages = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&pages);
    let observer: Observer = Arc::new(move |progress: &Progress| {
        if let Progress::Stored { .. } = progress {
            seen.fetch_add(1, Ordering::Relaxed);
        }
    });

    let report = msp
        .sync()
        .only([Resource::Users, Resource::Groups])
        .observed(observer)
        .run(&customers)
        .await?;

    println!("{} pages stored.", pages.load(Ordering::Relaxed));
    for tenant in &report.tenants {
        println!(
            "{}: {}, {} requests",
            tenant.name,
            tenant.status.as_str(),
            tenant.requests
        );
        for (resource, done) in &tenant.resources {
            println!(
                "    {}: {} rows, {} of them new",
                resource.as_str(),
                done.rows,
                done.added
            );
        }
    }

    let again = msp.sync().only([Resource::Users]).run(&customers).await?;
    println!("Once more, and nothing has changed: {}", again.is_unchanged());
    Ok(())
}
