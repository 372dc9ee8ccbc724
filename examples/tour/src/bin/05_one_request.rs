//! One typed request: a function makes a value, and one tenant's client sends it.
//!
//! The tenant is always named. The type of the reply belongs to the request.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    client::TenantClient,
    graph::{organization, users},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    let customer = customers.first().ok_or("no customer is ready")?;

    // Retries and tokens are the client's affair; a person is waiting, so it has 30 seconds for each call.
    let tenant = msp.tenant(customer).deadline(TenantClient::INTERACTIVE);

    let organization = tenant.send(organization::get()).await?;
    println!("{}", organization.display_name.as_deref().unwrap_or_default());
    let domain = organization.default_domain().unwrap_or_default().to_owned();

    // A request can be looked at before it is sent.
    let request = users::list().select(["id", "displayName"]).top(1);
    println!("{request}");
    let page = tenant.send(request).await?;
    let first = page.items.first().ok_or("the tenant has no users")?;

    let card = ["displayName", "userPrincipalName", "accountEnabled", "jobTitle"];
    let user = tenant.send(users::get(&first.id).select(card)).await?;
    println!("{}", user.display_name.unwrap_or_default());
    println!(
        "    name to sign in with: {}",
        user.user_principal_name.unwrap_or_default()
    );
    println!("    may sign in: {:?}", user.account_enabled);

    // What can go wrong has a kind that a program can act on.
    if let Err(error) = tenant.send(users::get(format!("nobody@{domain}"))).await {
        println!("nobody@{domain}: {} ({error})", error.kind().as_str());
    }
    Ok(())
}
