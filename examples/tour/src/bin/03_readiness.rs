//! Readiness: which customers can be read, and for each of the others the cause, the remedy, and who can apply it.
//!
//! Nothing is changed by looking.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;

    // What Partner Center and the GDAP relationships list, the provider's own tenant included.
    let listed = msp.tenants().refresh().await?;
    println!("{} tenants are listed.", listed.len());

    // No ids: all of them. The closure sees each answer as it comes.
    let mut looked_at = 0;
    let checked = msp.tenants().doctor(&[], |_| looked_at += 1).await?;
    println!("{looked_at} were looked at.\n");

    for customer in &checked {
        let verdict = if customer.ready { "ready" } else { "not ready" };
        println!("{}: {verdict}", customer.name);
        for finding in &customer.findings {
            println!("    {} {}", finding.id.as_str(), finding.evidence);
            println!("       {} ({})", finding.remedy, finding.who.as_str());
        }
    }
    let ready = checked.iter().filter(|customer| customer.ready).count();
    println!("\n{ready} of {} are ready.", checked.len());
    Ok(())
}
