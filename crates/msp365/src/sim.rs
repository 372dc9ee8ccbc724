//! The simulated Microsoft cloud, joined to the facade.

use crate::{Builder, Msp365};
use msp365_auth::{App, Connection};
use msp365_core::TenantId;
pub use msp365_sim::*;
use msp365_sync::tool::{Device, Organization, Records};

/// The app registered in a simulated cloud, as the facade takes it.
pub fn app(cloud: &Cloud) -> App {
    let app = cloud.app();
    App::new(&app.client_id, app.client_secret)
}

/// A builder configured for a simulated cloud in this process: its app, addresses, transport and clock.
pub fn builder(cloud: &Cloud) -> Builder {
    Msp365::builder(app(cloud))
        .cloud(cloud.endpoints())
        .transport(cloud.transport())
        .clock(cloud.clock())
}

/// Connects to the partner tenant of a simulated cloud: signs in as its service account and consents.
///
/// # Errors
/// As for [`Msp365::connect`].
pub async fn connect(cloud: &Cloud, msp: &Msp365) -> Result<Connection, crate::Error> {
    let consent = msp.begin_connect(cloud.partner_tenant(), &cloud.app().redirect_uri)?;
    let callback = sign_in(cloud, consent.url()).await?;
    msp.connect(consent, &callback).await
}

/// Walks through the sign-in pages of a simulated cloud in this process. Returns the query of the callback.
///
/// # Errors
/// Where the pages are not as they should be.
pub async fn sign_in(cloud: &Cloud, url: &str) -> Result<String, crate::Error> {
    Ok(callback_query(&sign_in::walk(&*cloud.transport(), url).await?))
}

/// The query of a callback URL.
pub fn callback_query(url: &str) -> String {
    url.split_once('?')
        .map(|(_, query)| query.split('#').next().unwrap_or_default().to_owned())
        .unwrap_or_default()
}

/// The records of the simulated provider's tool.
pub fn records(cloud: &Cloud) -> Records {
    let inventory = cloud.inventory();
    let mut records = Records::default();
    records.organizations = inventory
        .organizations
        .into_iter()
        .map(|own| Organization::new(own.id, own.name))
        .collect();
    records.devices = inventory
        .devices
        .into_iter()
        .map(|own| {
            let mut device = Device::new(own.id, own.hostname);
            device.site = Some(own.site);
            device.last_seen = Some(own.last_seen);
            device.serial = own.serial;
            device
        })
        .collect();
    records.sites = inventory
        .sites
        .into_iter()
        .map(|(tenant, site)| (TenantId::from(tenant.as_uuid()), site))
        .collect();
    records
}
