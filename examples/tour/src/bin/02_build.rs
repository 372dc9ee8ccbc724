//! Build: a database, a key that seals what is secret in it, and whatever else shall not be the default.
//!
//! The database is in memory unless you name another: `cargo run -p msp365-tour --bin 02_build -- sqlite:tour.db`.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use std::sync::Arc;

use msp365::{
    Connected, Msp365,
    auth::{App, KeyRing, StaticKeyRing, VaultKey},
    sim, store,
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "memory:".to_owned());
    let store = store::open(&address).await?;
    let key = VaultKey::from_text("keep this text somewhere else than the database", b"salt")?;
    let keys: Arc<dyn KeyRing> = Arc::new(StaticKeyRing::new(key));

    // All defaults: Microsoft's global cloud over HTTP, the system's clock. Nothing is sent yet.
    let app = App::new("5f3c1a52-0000-4000-8000-000000000001", "the client secret".into());
    let msp = Msp365::builder(app)
        .store(Arc::clone(&store), Arc::clone(&keys))
        .build()?;
    println!("By default requests go to {}", msp.endpoints().graph);

    // The simulated cloud replaces three parts: where, by what, and what time it is.
    let cloud = tour::cloud();
    let on_simulator = |app| {
        Msp365::builder(app)
            .cloud(cloud.endpoints())
            .transport(cloud.transport())
            .clock(cloud.clock())
            .store(Arc::clone(&store), Arc::clone(&keys))
            .build()
    };
    let msp = on_simulator(sim::app(&cloud))?;
    let consent = msp.begin_connect(cloud.partner_tenant(), &cloud.app().redirect_uri)?;
    let callback = sim::sign_in(&cloud, consent.url()).await?;
    msp.connect(consent, &callback).await?;

    // A program that starts later finds app, secret and connection in the database.
    if let Some(connected) = Connected::of(&*store).await? {
        let msp = on_simulator(connected.app(&store, Arc::clone(&keys)).await?)?;
        let tenants = msp.tenants().refresh().await?;
        println!("{} was signed in already", connected.account);
        println!("{} tenants listed without a person", tenants.len());
    }
    Ok(())
}
