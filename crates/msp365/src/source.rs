//! Data sources: tenants that are reached directly, each through its own app, with or without a partner connection.

use std::{collections::HashMap, fmt, sync::Arc};

use jiff::Timestamp;
use msp365_auth::{App, AppTokens, Credential, Exchange, KeyRing, SystemRandom, TokenVault};
use msp365_core::{Endpoints, TenantId};
use msp365_partner::readiness::CredentialKind;
use msp365_store::Store;
use msp365_sync::DirectTenant;
use serde::{Deserialize, Serialize};
use tokio::sync::RwLock;

use crate::Error;

/// Where the store keeps what is known of the data sources, apart from their secrets.
const META: &str = "data_sources";

/// What is known of a data source, except its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DataSource {
    /// The cloud.
    pub endpoints: Endpoints,
    /// The cloud's root certificate, as PEM, if it needs its own.
    #[serde(default)]
    pub root_certificate: Option<String>,
    /// The tenant that granted the app its permissions.
    pub tenant: TenantId,
    /// The name of its organization.
    pub name: String,
    /// The app.
    pub client_id: String,
    /// How the app authenticates.
    #[serde(default)]
    pub credential: CredentialKind,
    /// When the credential expires; `None` for a secret whose expiry was not given.
    #[serde(default)]
    pub credential_ends_at: Option<Timestamp>,
    /// When it was connected.
    pub connected_at: Timestamp,
}

impl DataSource {
    /// The data sources that the store knows of, ordered by tenant.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn all(store: &dyn Store) -> Result<Vec<Self>, Error> {
        let Some(text) = store.meta(META).await? else {
            return Ok(Vec::new());
        };
        serde_json::from_str(&text).map_err(|_| Error::Meta { name: META })
    }

    pub(crate) fn of(
        exchange: &Exchange,
        (tenant, name): (TenantId, String),
        root_certificate: Option<String>,
    ) -> Self {
        Self {
            endpoints: exchange.endpoints.clone(),
            root_certificate,
            tenant,
            name,
            client_id: exchange.app.client_id().to_owned(),
            credential: kind(&exchange.app),
            credential_ends_at: exchange.app.credential_ends_at(),
            connected_at: exchange.clock.now(),
        }
    }

    /// The data source's app, with the secret or certificate that was sealed with it.
    ///
    /// # Errors
    /// `SignIn` if none was sealed; `Storage` if these keys do not open it.
    pub async fn app(&self, store: &Arc<dyn Store>, keys: Arc<dyn KeyRing>) -> Result<App, Error> {
        let vault = TokenVault::new(Arc::clone(store) as _, keys, Arc::new(SystemRandom));
        self.opened(&vault).await
    }

    async fn opened(&self, vault: &TokenVault) -> Result<App, Error> {
        let authority = &self.endpoints.authority;
        let credential = vault
            .load_credential(authority, self.tenant, &self.client_id)
            .await?;
        credential
            .map(|credential| {
                App::proven_by(&self.client_id, credential).secret_ends_at(self.credential_ends_at)
            })
            .ok_or(Error::NotConnected)
    }
}

/// What an app proves itself with.
pub(crate) const fn kind(app: &App) -> CredentialKind {
    match app.credential() {
        Credential::Secret(_) => CredentialKind::Secret,
        Credential::Certificate(_) => CredentialKind::Certificate,
        _ => CredentialKind::Nothing,
    }
}

/// The token sources of the data sources, made as they are first needed.
pub(crate) struct Sources {
    vault: TokenVault,
    store: Arc<dyn Store>,
    tokens: RwLock<Option<HashMap<TenantId, Arc<AppTokens>>>>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sources")
    }
}

impl Sources {
    pub(crate) fn new(vault: TokenVault, store: Arc<dyn Store>) -> Self {
        Self {
            vault,
            store,
            tokens: RwLock::new(None),
        }
    }

    /// The tokens of a tenant that is a data source of the cloud in use, or `None`.
    pub(crate) async fn of(
        &self,
        tenant: TenantId,
        exchange: &Exchange,
    ) -> Result<Option<Arc<AppTokens>>, Error> {
        if let Some(tokens) = &*self.tokens.read().await {
            return Ok(tokens.get(&tenant).cloned());
        }
        let mut found = HashMap::new();
        for source in DataSource::all(&*self.store).await? {
            if source.endpoints == exchange.endpoints {
                let app = source.opened(&self.vault).await?;
                found.insert(source.tenant, Arc::new(AppTokens::new(exchange.by(app))));
            }
        }
        let mut tokens = self.tokens.write().await;
        Ok(tokens.get_or_insert(found).get(&tenant).cloned())
    }

    /// The data sources of the cloud in use, as the engine takes them.
    pub(crate) async fn direct(&self, exchange: &Exchange) -> Result<Vec<DirectTenant>, Error> {
        let all = DataSource::all(&*self.store).await?.into_iter();
        let here = all.filter(|source| source.endpoints == exchange.endpoints);
        let direct = here.map(|one| {
            DirectTenant::new(one.tenant, one.name, one.client_id)
                .proven_by(one.credential, one.credential_ends_at)
        });
        Ok(direct.collect())
    }

    /// Forgets the tokens of data sources that were removed from the store.
    pub(crate) async fn leave(&self) {
        *self.tokens.write().await = None;
    }

    /// Seals the credential of a data source, and uses it from now on.
    pub(crate) async fn add(&self, source: &DataSource, app: &App) -> Result<(), Error> {
        let authority = &source.endpoints.authority;
        self.vault
            .save_credential(authority, source.tenant, &source.client_id, app.credential())
            .await?;
        self.change(source.tenant, Some(source)).await
    }

    /// Removes a data source with its credential. Answers whether there was one.
    pub(crate) async fn remove(&self, tenant: TenantId) -> Result<bool, Error> {
        let known = DataSource::all(&*self.store).await?;
        let Some(source) = known.iter().find(|source| source.tenant == tenant) else {
            return Ok(false);
        };
        self.change(tenant, None).await?;
        let authority = &source.endpoints.authority;
        self.vault
            .forget_credential(authority, tenant, &source.client_id)
            .await?;
        Ok(true)
    }

    /// Replaces what the store knows of the data source of a tenant.
    async fn change(&self, tenant: TenantId, by: Option<&DataSource>) -> Result<(), Error> {
        // Held while the list is changed, so that two changes in this process do not undo each other.
        let mut tokens = self.tokens.write().await;
        let mut known = DataSource::all(&*self.store).await?;
        known.retain(|source| source.tenant != tenant);
        known.extend(by.cloned());
        known.sort_by_key(|source| source.tenant);
        let text = serde_json::to_string(&known).map_err(|_| Error::Meta { name: META })?;
        self.store.set_meta(META, &text).await?;
        *tokens = None;
        Ok(())
    }
}
