//! Connect: a person of the provider signs in once, with a second factor, and consents.
//!
//! `begin_connect` gives a value to keep in that person's session, and a URL for the browser. The browser comes back
//! to the redirect address with a query. `connect` checks it (state, nonce, id token, tenant, second factor) and seals
//! the refresh token in the store.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{auth::Mfa, sim};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::provider(&cloud)?;
    let (partner, redirect) = (cloud.partner_tenant(), cloud.app().redirect_uri);

    let consent = msp.begin_connect(partner, &redirect)?;
    let page = consent.url().split('?').next().unwrap_or_default();
    println!("The browser goes to {page}");

    // Here a person would sign in; the simulated cloud has pages that can be walked through.
    let callback = sim::sign_in(&cloud, consent.url()).await?;

    let connection = msp.connect(consent, &callback).await?;
    println!("Connected as {}", connection.account_name);
    println!("Second factor proven: {}", connection.mfa == Mfa::Proven);
    println!("Permissions granted: {}", connection.scopes.len());

    // A callback counts for its own sign-in alone.
    let another = msp.begin_connect(partner, &redirect)?;
    if let Err(error) = msp.connect(another, &callback).await {
        println!("The same callback once more: {} ({error})", error.kind().as_str());
    }
    Ok(())
}
