//! `msp365 connect`.

mod redirect;
mod target;

use std::{path::Path, time::Duration};

use msp365::{ErrorKind, Msp365, TenantId, auth::Connection, client::HttpTransport, sim};
use serde_json::json;

use crate::{
    Ended, args,
    args::Global,
    failure::Failure,
    output,
    session::{self, Place},
};

/// How long a sign-in is waited for: no longer than its state is valid.
const PATIENCE: Duration = Duration::from_mins(10);

pub(crate) async fn run(global: &Global, command: args::Connect) -> Result<Ended, Failure> {
    let tenant: TenantId = command
        .partner
        .parse()
        .map_err(|error: msp365::core::id::NotATenantId| Failure::usage(error.to_string()))?;
    let mut target = target::target(&command)?;
    let app = target::app(&command, &mut target)?;
    let store = session::store(global).await?;
    let keys = session::keys(&*store).await?;
    let pages = pages(&target.place)?;
    let audit = session::audit_key(&store).await?;
    let msp = session::builder(global, app.clone(), target.place, store, keys)
        .changing_users(command.write)
        .changing_administrators(command.write_administrators)
        .changing_devices(command.write_devices)
        .seeing_policies(command.read_policies)
        .audit_key(audit)
        .build()?
        .in_name_of(command.by.name());
    if command.app_only {
        let source = msp.connect_app(tenant, app).await?;
        return said_of_source(global, &source);
    }

    let redirect = target.redirect.as_deref();
    let connection = if command.auto {
        walk(&msp, tenant, redirect, &pages).await?
    } else if command.device_code {
        on_a_device(&msp, tenant).await?
    } else if let Some(path) = &command.refresh_token_file {
        taken_over(&msp, tenant, path).await?
    } else {
        sign_in(&msp, tenant, redirect).await?
    };
    said_of_partner(global, &msp, &connection).await
}

fn said_of_source(global: &Global, source: &msp365::DataSource) -> Result<Ended, Failure> {
    if global.json {
        output::json(&json!({
            "tenant": source.tenant, "name": source.name, "client_id": source.client_id,
            "credential_ends_at": source.credential_ends_at,
        }))?;
    } else {
        output::line(&format!(
            "Connected to {} ({}) by its own permissions.",
            output::shown(&source.name),
            source.tenant
        ))?;
        output::note(
            global,
            "Next: `msp365 doctor`, then `msp365 tenants sync --all` and `msp365 sync`.",
        );
    }
    Ok(Ended::Done)
}

async fn said_of_partner(global: &Global, msp: &Msp365, connection: &Connection) -> Result<Ended, Failure> {
    let partner = connection.tenant;
    let tenants = msp.tenants().refresh().await?;
    let customers = tenants.iter().filter(|tenant| tenant.id != partner).count();
    if global.json {
        output::json(&json!({
            "partner": partner, "account": connection.account_name, "client_id": connection.client_id,
            "mfa": connection.mfa, "scopes": connection.scopes, "customers": customers,
        }))?;
    } else {
        let account = output::shown(&connection.account_name);
        output::line(&format!(
            "Connected to {partner} as {account}: {} listed.",
            output::many(customers, "customer")
        ))?;
        output::note(
            global,
            "Next: `msp365 doctor`, then `msp365 tenants sync --all` and `msp365 sync`.",
        );
    }
    Ok(Ended::Done)
}

/// Signs in by a person who types a code into a browser elsewhere.
async fn on_a_device(msp: &Msp365, partner: TenantId) -> Result<Connection, Failure> {
    let sign_in = msp.begin_device_connect(partner).await?;
    output::tell(&format!(
        "Open {} on any device, sign in with the service account, and type this code: {}",
        sign_in.page(),
        sign_in.code()
    ));
    Ok(msp.connect_device(sign_in).await?)
}

/// Takes over the refresh token of another program.
async fn taken_over(msp: &Msp365, partner: TenantId, path: &Path) -> Result<Connection, Failure> {
    let token = session::secret_in(path)?
        .ok_or_else(|| Failure::usage(format!("`{}` holds no refresh token", path.display())))?;
    Ok(msp.connect_with_refresh_token(partner, token).await?)
}

/// What reaches the sign-in pages of a cloud.
fn pages(place: &Place) -> Result<HttpTransport, Failure> {
    let transport = match &place.root_certificate {
        Some(root) => HttpTransport::trusting(root),
        None => HttpTransport::new(),
    };
    transport.map_err(|error| Failure::from(msp365::Error::from(error)))
}

/// Signs in through the pages of the simulated cloud, as a person would.
async fn walk(
    msp: &Msp365,
    partner: TenantId,
    registered: Option<&str>,
    pages: &HttpTransport,
) -> Result<Connection, Failure> {
    let redirect = registered.ok_or_else(|| {
        Failure::usage("--auto walks through the pages of a simulated cloud alone")
            .remedy("give the file that `msp365 sim serve` printed as --cloud")
    })?;
    let consent = msp.begin_connect(partner, redirect)?;
    let callback = sim::sign_in::walk(pages, consent.url())
        .await
        .map_err(msp365::Error::from)?;
    Ok(msp.connect(consent, &sim::callback_query(&callback)).await?)
}

/// Signs in by a person whose browser comes back to this machine.
async fn sign_in(msp: &Msp365, partner: TenantId, registered: Option<&str>) -> Result<Connection, Failure> {
    let listener = redirect::listen().await?;
    let port = listener
        .local_addr()
        .map_err(|error| redirect::unheard(&error))?
        .port();
    let consent = msp.begin_connect(partner, &redirect::local(registered, port))?;
    output::tell(&format!(
        "Open this address and sign in with the service account:
{}",
        consent.url()
    ));
    let query = tokio::time::timeout(PATIENCE, redirect::callback(&listener))
        .await
        .map_err(|_| {
            Failure::new(ErrorKind::Timeout, "nobody signed in within ten minutes")
                .remedy("run `msp365 connect` again")
        })??;
    Ok(msp.connect(consent, &query).await?)
}
