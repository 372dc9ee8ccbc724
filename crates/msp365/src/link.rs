//! The link to the partner tenant: signed in or not, and the tokens that come of it.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_auth::{App, Connection, Exchange, KeyRing, Mfa, PartnerTokens, SystemRandom, TokenVault};
use msp365_core::{AccessToken, Audience, Endpoints, TenantId, TokenError, TokenRequest, TokenSource};
use msp365_partner::privilege::Feature;
use msp365_store::Store;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, sync::Arc};
use tokio::sync::RwLock;

use crate::{Error, source::Sources};

/// Where the store keeps what is known of the connection, apart from its secrets.
const META: &str = "connection";

/// What is known of a stored connection, except its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Connected {
    /// The cloud.
    pub endpoints: Endpoints,
    /// The cloud's root certificate, as PEM, if it needs its own.
    #[serde(default)]
    pub root_certificate: Option<String>,
    /// The partner tenant.
    pub partner: TenantId,
    /// The app that signed in.
    pub client_id: String,
    /// The account that signed in.
    pub account: String,
    /// When it signed in.
    pub signed_in_at: Timestamp,
    /// Whether the permissions to change users were asked for as well.
    #[serde(default)]
    pub changes_users: bool,
    /// What else was asked for, besides reading and changing users.
    #[serde(default)]
    pub also: BTreeSet<Feature>,
    /// When the client secret expires, if that was given.
    #[serde(default)]
    pub secret_ends_at: Option<Timestamp>,
}

impl Connected {
    /// What the store knows of a connection; `None` if nothing was connected yet.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn of(store: &dyn Store) -> Result<Option<Self>, Error> {
        let Some(text) = store.meta(META).await? else {
            return Ok(None);
        };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|_| Error::Meta { name: META })
    }

    /// The connection's app, with the secret or certificate that was sealed with it.
    ///
    /// # Errors
    /// `SignIn` if none was sealed; `Storage` if these keys do not open it.
    pub async fn app(&self, store: &Arc<dyn Store>, keys: Arc<dyn KeyRing>) -> Result<App, Error> {
        let vault = TokenVault::new(Arc::clone(store) as _, keys, Arc::new(SystemRandom));
        let authority = &self.endpoints.authority;
        let credential = vault
            .load_credential(authority, self.partner, &self.client_id)
            .await?;
        credential
            .map(|credential| App::proven_by(&self.client_id, credential).secret_ends_at(self.secret_ends_at))
            .ok_or(Error::NotConnected)
    }
}

/// The token source of the facade: that of the partner once there is a connection.
pub(crate) struct Link {
    exchange: Exchange,
    vault: TokenVault,
    store: Arc<dyn Store>,
    root: Option<String>,
    changes_users: bool,
    also: BTreeSet<Feature>,
    sources: Sources,
    tokens: RwLock<Option<(TenantId, Arc<PartnerTokens>)>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("exchange", &self.exchange)
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn new(
        exchange: Exchange,
        vault: TokenVault,
        store: Arc<dyn Store>,
        partner: Option<TenantId>,
    ) -> Self {
        let tokens = partner.map(|partner| {
            (
                partner,
                Arc::new(PartnerTokens::new(exchange.clone(), partner, vault.clone())),
            )
        });
        Self {
            sources: Sources::new(vault.clone(), Arc::clone(&store)),
            exchange,
            vault,
            store,
            root: None,
            changes_users: false,
            also: BTreeSet::new(),
            tokens: RwLock::new(tokens),
        }
    }

    /// Keeps this root certificate with the connection.
    pub(crate) fn trusting(mut self, root: Option<String>) -> Self {
        self.root = root;
        self
    }

    /// Asks for the permissions to change users, too.
    pub(crate) const fn changing_users(mut self, wanted: bool) -> Self {
        self.changes_users = wanted;
        self
    }

    /// Asks for what these features need, too.
    pub(crate) fn also(mut self, features: BTreeSet<Feature>) -> Self {
        self.also = features;
        self
    }

    /// What is asked for beside reading.
    pub(crate) fn features(&self) -> BTreeSet<Feature> {
        let changing = Feature::CHANGING_USERS.into_iter();
        let mut features: BTreeSet<_> = changing.filter(|_| self.changes_users).collect();
        features.extend(&self.also);
        features
    }

    /// Whether the permissions to change users are asked for.
    pub(crate) const fn changes_users(&self) -> bool {
        self.changes_users
    }

    pub(crate) const fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    pub(crate) const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The root certificate that is kept with connections.
    pub(crate) fn root(&self) -> Option<String> {
        self.root.clone()
    }

    /// Takes a finished sign-in: seals it and the app's credential, and uses it from now on.
    pub(crate) async fn take(&self, connection: &Connection) -> Result<(), Error> {
        if connection.mfa == Mfa::NotProven {
            return Err(Error::NoSecondFactor {
                account: connection.account_name.clone(),
            });
        }
        let connected = Connected {
            endpoints: self.exchange.endpoints.clone(),
            root_certificate: self.root.clone(),
            partner: connection.tenant,
            client_id: connection.client_id.clone(),
            account: connection.account_name.clone(),
            signed_in_at: connection.signed_in_at,
            changes_users: self.changes_users,
            also: self.also.clone(),
            secret_ends_at: self.exchange.app.credential_ends_at(),
        };
        let authority = &self.exchange.endpoints.authority;
        self.vault
            .save_credential(
                authority,
                connection.tenant,
                &connection.client_id,
                self.exchange.app.credential(),
            )
            .await?;
        self.vault.save_connection(connection).await?;
        let text = serde_json::to_string(&connected).map_err(|_| Error::Meta { name: META })?;
        self.store.set_meta(META, &text).await?;
        let tokens = PartnerTokens::new(self.exchange.clone(), connection.tenant, self.vault.clone());
        *self.tokens.write().await = Some((connection.tenant, Arc::new(tokens)));
        Ok(())
    }

    /// The partner tenant and its tokens; from the store, where the program was started anew.
    async fn current(&self) -> Result<(TenantId, Arc<PartnerTokens>), Error> {
        if let Some((partner, tokens)) = &*self.tokens.read().await {
            return Ok((*partner, Arc::clone(tokens)));
        }
        let connected = Connected::of(&*self.store).await?.ok_or(Error::NotConnected)?;
        let mut tokens = self.tokens.write().await;
        let (partner, tokens) = tokens.get_or_insert_with(|| {
            let tokens = PartnerTokens::new(self.exchange.clone(), connected.partner, self.vault.clone());
            (connected.partner, Arc::new(tokens))
        });
        Ok((*partner, Arc::clone(tokens)))
    }

    /// Forgets the tokens of a connection that was removed from the store.
    pub(crate) async fn leave(&self) {
        *self.tokens.write().await = None;
        self.sources.leave().await;
    }

    /// The partner tenant.
    pub(crate) async fn partner(&self) -> Result<TenantId, Error> {
        self.current().await.map(|(partner, _)| partner)
    }
}

impl Link {
    /// Who gives the tokens of a tenant: the data source, where the tenant is one, else the partner.
    async fn source(&self, wanted: &TokenRequest) -> Result<Arc<dyn TokenSource>, Error> {
        let direct = match wanted.audience {
            Audience::Graph => self.sources.of(wanted.tenant, &self.exchange).await?,
            _ => None,
        };
        match (direct, self.current().await) {
            // The partner's own tenant is read by the person who connected it.
            (Some(_), Ok((partner, tokens))) if partner == wanted.tenant => Ok(tokens),
            (Some(direct), _) => Ok(direct),
            (None, current) => Ok(current?.1),
        }
    }
}

#[async_trait]
impl TokenSource for Link {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        let source = self.source(wanted).await.map_err(|error| {
            let remedy = error.remedy().unwrap_or_default();
            TokenError::new(error.kind(), wanted.tenant, "not_connected", &error.to_string()).remedy(remedy)
        })?;
        source.token(wanted).await
    }

    async fn forget(&self, tenant: TenantId) {
        if let Ok((_, tokens)) = self.current().await {
            tokens.forget(tenant).await;
        }
        if let Ok(Some(tokens)) = self.sources.of(tenant, &self.exchange).await {
            tokens.forget(tenant).await;
        }
    }
}
