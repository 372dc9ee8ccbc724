//! Sync and unsync: choosing which customers are read, and letting one go.
//!
//! `sync` marks; the next run enrols and reads. `enrol` marks and enrols at once, which gives the customer's consent
//! through Partner Center. `unsync` removes what is stored.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::store::{TenantFilter, TenantKind, TenantStatus};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let tenants = msp.tenants().refresh().await?;
    let customers: Vec<_> = tenants
        .iter()
        .filter(|tenant| tenant.kind == TenantKind::Customer)
        .map(|tenant| tenant.id)
        .collect();

    msp.tenants().sync(&customers).await?;
    let report = msp.sync().run(&[]).await?;
    println!("{} customers chosen.", report.tenants.len());
    for status in [
        TenantStatus::Synced,
        TenantStatus::Degraded,
        TenantStatus::Blocked,
    ] {
        println!("    {}: {}", status.as_str(), report.count(status));
    }

    // Let go of the first one that was read.
    let synced = TenantFilter::all().status(TenantStatus::Synced);
    if let Some(first) = msp.tenants().list(&synced).await?.first() {
        for gone in msp.tenants().unsync(&[first.id]).await? {
            println!("{}: unsynced, {} rows removed.", gone.name, gone.rows_removed);
        }
    }

    // The provider's own tenant cannot be let go of.
    if let Err(error) = msp.tenants().unsync(&[cloud.partner_tenant()]).await {
        println!("{}: {error}", error.kind().as_str());
    }
    Ok(())
}
