//! What a command works with: the database, the vault key, the stored connection.

use std::{env, path::Path, sync::Arc};

use jiff::Timestamp;
use msp365::{
    Builder, Connected, DataSource, Endpoints, ErrorKind, Msp365, TenantId,
    actions::{ActivityLog, AuditKey},
    auth::{App, KeyRing, StaticKeyRing, SystemRandom, TokenVault},
    client::SystemClock,
    core::{Clock, Random, VAULT_SALT},
    partner::privilege::Feature,
    store::{self, Store},
    sync::Options,
};
use secrecy::SecretString;

use crate::{
    args::{By, Global},
    failure::Failure,
};

/// The variable that holds the vault key.
const VAULT_KEY: &str = "MSP365_VAULT_KEY";
/// The variable that holds the client secret.
const CLIENT_SECRET: &str = "MSP365_CLIENT_SECRET";

/// Opens the database.
pub(crate) async fn store(global: &Global) -> Result<Arc<dyn Store>, Failure> {
    store::open(&global.db)
        .await
        .map_err(|error| Failure::from(msp365::Error::from(error)))
}

/// The stored connection to a partner, ready to work; without one, that of the tenants that are connected directly.
pub(crate) async fn connected(global: &Global) -> Result<Msp365, Failure> {
    connected_for(global, &[]).await
}

/// The same, in the name of who was typed.
pub(crate) async fn connected_by(global: &Global, by: &By) -> Result<Msp365, Failure> {
    let msp = connected(global).await?;
    Ok(msp.in_name_of(by.name()))
}

/// The same, demanding what these features need; none: what a sync needs.
pub(crate) async fn connected_for(global: &Global, features: &[Feature]) -> Result<Msp365, Failure> {
    let store = store(global).await?;
    let builder = if Connected::of(&*store).await?.is_none() {
        direct(global, store).await?
    } else {
        stored(global, store).await?.0
    };
    let mut options = Options::default();
    if !features.is_empty() {
        options.rules = options.rules.for_features(features.iter().copied());
    }
    Ok(builder.options(options).build()?)
}

/// The stored connection, ready to change users, and what is known of that to a partner. Without a partner it is that of
/// the tenants that are connected directly, whose apps may do what they were granted.
pub(crate) async fn acting(global: &Global) -> Result<(Msp365, Option<Connected>), Failure> {
    let store = store(global).await?;
    let (builder, connected) = if Connected::of(&*store).await?.is_none() {
        let builder = direct(global, store).await?;
        (builder.changing_users(true), None)
    } else {
        let (builder, connected) = stored(global, store).await?;
        (builder, Some(connected))
    };
    Ok((builder.build()?, connected))
}

/// The key that chains the activity log of this database.
pub(crate) async fn audit_key(store: &Arc<dyn Store>) -> Result<[u8; 32], Failure> {
    let keys = keys(&**store).await?;
    let vault = TokenVault::new(Arc::clone(store) as _, keys, Arc::new(SystemRandom));
    Ok(vault.audit_key().await.map_err(msp365::Error::from)?)
}

/// The activity log, to read and to write into.
pub(crate) async fn log(store: &Arc<dyn Store>) -> Result<ActivityLog, Failure> {
    let key = AuditKey::new(&audit_key(store).await?);
    Ok(ActivityLog::new(
        Arc::clone(store) as _,
        Arc::new(SystemClock),
        key,
    ))
}

/// The same; none where the environment has no key for it.
pub(crate) async fn log_if_keyed(store: &Arc<dyn Store>) -> Result<Option<ActivityLog>, Failure> {
    match env::var_os(VAULT_KEY) {
        Some(_) => log(store).await.map(Some),
        None => Ok(None),
    }
}

/// Why the activity log does not tell of something where the environment has no key for it.
pub(crate) const KEYLESS: &str = "without MSP365_VAULT_KEY it cannot be written";

/// What is said where the activity log does not tell of something.
pub(crate) fn unrecorded(because: &str) -> String {
    format!("The activity log does not tell of it: {because}.")
}

async fn stored(global: &Global, store: Arc<dyn Store>) -> Result<(Builder, Connected), Failure> {
    let Some(connected) = Connected::of(&*store).await? else {
        return Err(Failure::from(msp365::Error::NotConnected).remedy("run `msp365 connect` first"));
    };
    let keys = keys(&*store).await?;
    let app = connected.app(&store, Arc::clone(&keys)).await?;
    let place = Place {
        endpoints: connected.endpoints.clone(),
        root_certificate: connected.root_certificate.clone(),
    };
    let audit = audit_key(&store).await?;
    let builder = builder(global, app, place, store, keys)
        .audit_key(audit)
        .changing_users(connected.changes_users)
        .also(connected.also.iter().copied());
    Ok((builder, connected))
}

/// Works with the tenants that are connected directly, in the cloud of the first of them.
async fn direct(global: &Global, store: Arc<dyn Store>) -> Result<Builder, Failure> {
    let Some(source) = DataSource::all(&*store).await?.into_iter().next() else {
        return Err(Failure::from(msp365::Error::NotConnected).remedy("run `msp365 connect` first"));
    };
    let keys = keys(&*store).await?;
    let app = source.app(&store, Arc::clone(&keys)).await?;
    let place = Place {
        endpoints: source.endpoints,
        root_certificate: source.root_certificate,
    };
    let audit = audit_key(&store).await?;
    Ok(builder(global, app, place, store, keys).audit_key(audit))
}

/// Where a cloud is, and the root certificate it may need, as PEM.
pub(crate) struct Place {
    pub(crate) endpoints: Endpoints,
    pub(crate) root_certificate: Option<String>,
}

/// Puts the facade together over HTTP.
pub(crate) fn builder(
    global: &Global,
    app: App,
    place: Place,
    store: Arc<dyn Store>,
    keys: Arc<dyn KeyRing>,
) -> Builder {
    let mut builder = Msp365::builder(app)
        .cloud(place.endpoints)
        .store(store, keys)
        .seed(global.seed);
    if let Some(root) = place.root_certificate {
        builder = builder.root_certificate(root);
    }
    builder
}

/// The key ring of the vault keys in the environment.
pub(crate) async fn keys(store: &dyn Store) -> Result<Arc<dyn KeyRing>, Failure> {
    let salt = salt(store).await?;
    let ring = StaticKeyRing::from_environment(salt.as_bytes()).map_err(|error| {
        Failure::new(ErrorKind::Storage, format!("{VAULT_KEY} is no key")).remedy(error.to_string())
    })?;
    let ring = ring.ok_or_else(|| {
        Failure::new(ErrorKind::Storage, format!("{VAULT_KEY} is not set"))
            .remedy("it seals what the database keeps of the connection; `openssl rand -hex 32` makes one")
    })?;
    Ok(Arc::new(ring))
}

async fn salt(store: &dyn Store) -> Result<String, Failure> {
    if let Some(salt) = store.meta(VAULT_SALT).await.map_err(msp365::Error::from)? {
        return Ok(salt);
    }
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes);
    let salt = format!("{:032x}", u128::from_be_bytes(bytes));
    store
        .set_meta(VAULT_SALT, &salt)
        .await
        .map_err(msp365::Error::from)?;
    Ok(salt)
}

/// The client secret of the file, or of the environment.
pub(crate) fn client_secret(file: Option<&Path>) -> Result<Option<SecretString>, Failure> {
    match file {
        Some(path) => secret_in(path),
        None => Ok(env::var(CLIENT_SECRET).ok().and_then(|text| secret(&text))),
    }
}

/// The secret in a file, without the blanks around it.
pub(crate) fn secret_in(path: &Path) -> Result<Option<SecretString>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    Ok(secret(&text))
}

fn secret(text: &str) -> Option<SecretString> {
    let text = text.trim();
    (!text.is_empty()).then(|| SecretString::from(text))
}

/// Tenant ids as they were typed.
pub(crate) fn tenant_ids(texts: &[String]) -> Result<Vec<TenantId>, Failure> {
    texts
        .iter()
        .map(|text| {
            text.parse::<TenantId>()
                .map_err(|error| Failure::usage(error.to_string()))
        })
        .collect()
}

/// In whose name: as it was typed, else the name of the account that runs the program.
pub(crate) fn actor(typed: Option<&String>) -> String {
    let of_system = || ["USER", "USERNAME"].iter().find_map(|name| env::var(name).ok());
    let named = typed.cloned().or_else(of_system);
    named
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "operator".to_owned())
}

/// The present moment.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}
