//! The ways to connect.

use msp365_auth::{App, AppTokens, Connection, Consent, ConsentRequest, DeviceSignIn, Prompt};
use msp365_client::Client;
use msp365_core::{TenantId, TokenSource};
use msp365_graph::organization;
use msp365_store::{TenantKind, TenantRecord};
use secrecy::SecretString;
use std::sync::Arc;

use crate::{DataSource, Error, Msp365, permissions};

impl Msp365 {
    /// Begins a sign-in to the partner tenant. Keep the value in the person's session, and redirect to its URL.
    ///
    /// # Errors
    /// `Invalid` for a redirect address that must not receive codes.
    pub fn begin_connect(&self, partner: TenantId, redirect: &str) -> Result<Consent, Error> {
        let exchange = self.inner.link.exchange();
        let scopes = permissions::required(&exchange.endpoints, self.inner.link.features());
        let request = ConsentRequest::new(
            exchange.app.clone(),
            exchange.endpoints.clone(),
            partner,
            redirect,
            scopes,
        )
        .prompt(Prompt::SelectAccount);
        Ok(Consent::begin(
            &request,
            &exchange.random,
            self.inner.clock.now(),
        )?)
    }

    /// Finishes a sign-in with the query of the callback, and seals what came of it. It is recorded, in the name of [who does
    /// it](Self::in_name_of) or of the account that signed in, also where it fails.
    ///
    /// # Errors
    /// `Denied` for a callback or id token that does not belong to this sign-in, or for another tenant than was
    /// entered; `SignIn` where the service refused or no second factor was proven; `Storage`. Nothing is stored then.
    pub async fn connect(&self, consent: Consent, callback_query: &str) -> Result<Connection, Error> {
        let partner = consent.tenant();
        let connection = consent.finish(callback_query, self.inner.link.exchange()).await;
        self.take(partner, connection).await
    }

    /// Begins a sign-in to the partner tenant on another device, for a program that no browser can return to. Show its
    /// page and code, then wait with [`connect_device`](Self::connect_device). Many organizations forbid this way.
    ///
    /// # Errors
    /// The kind of the failure, if the service gives no code.
    pub async fn begin_device_connect(&self, partner: TenantId) -> Result<DeviceSignIn, Error> {
        let exchange = self.inner.link.exchange();
        let scopes = permissions::required(&exchange.endpoints, self.inner.link.features());
        Ok(DeviceSignIn::begin(exchange, partner, scopes).await?)
    }

    /// Waits for the person to sign in on the other device, and seals the result.
    ///
    /// # Errors
    /// `Timeout` if nobody used the code; otherwise as for [`connect`](Self::connect).
    pub async fn connect_device(&self, sign_in: DeviceSignIn) -> Result<Connection, Error> {
        let partner = sign_in.tenant();
        let connection = sign_in.finish(self.inner.link.exchange()).await;
        self.take(partner, connection).await
    }

    /// Takes over a refresh token that another program obtained for the same app and the partner tenant: redeems it
    /// once, checks who signed in, and seals the result.
    ///
    /// # Errors
    /// `SignIn` if the service does not accept it or no second factor was proven; `Denied` if it belongs to another
    /// tenant; `Storage`. Nothing is stored then.
    pub async fn connect_with_refresh_token(
        &self,
        partner: TenantId,
        token: SecretString,
    ) -> Result<Connection, Error> {
        let exchange = self.inner.link.exchange();
        let connection = Connection::from_refresh_token(token, partner, exchange).await;
        self.take(partner, connection).await
    }

    /// Connects one tenant directly, through an app that it granted application permissions: with a client secret or a
    /// certificate, without a person. The tenant's name is read to check that this works, and the credential is sealed.
    /// You can connect many such data sources, each with its own app, with or without a partner connection. The tenant
    /// is then listed, checked, chosen and synced like a customer.
    ///
    /// # Errors
    /// `SignIn`, `Consent` or `NotFound` if the service gives no token; `Denied` if the tenant granted the app no
    /// permission to read it; `Storage`. Nothing is stored then.
    pub async fn connect_app(&self, tenant: TenantId, app: App) -> Result<DataSource, Error> {
        let recorder = self.recorder();
        let act = recorder.act("connect_app").on(tenant).target(app.client_id());
        let done = Box::pin(self.connect_directly(tenant, app)).await;
        recorder.ended(vec![act], done).await
    }

    async fn connect_directly(&self, tenant: TenantId, app: App) -> Result<DataSource, Error> {
        let link = &self.inner.link;
        let exchange = link.exchange().by(app);
        let tokens: Arc<dyn TokenSource> = Arc::new(AppTokens::new(exchange.clone()));
        let client = Client::builder(exchange.endpoints.clone(), tokens)
            .transport(Arc::clone(&exchange.transport))
            .clock(Arc::clone(&exchange.clock))
            .random(Arc::clone(&exchange.random))
            .build()?;
        let organization = client.tenant(tenant).send(organization::get()).await?;
        let name = organization.display_name.unwrap_or_else(|| tenant.to_string());
        let source = DataSource::of(&exchange, (tenant, name), link.root());
        link.sources().add(&source, &exchange.app).await?;
        self.list_directly(&source).await?;
        Ok(source)
    }

    /// The tenants that are connected directly, ordered by id.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn data_sources(&self) -> Result<Vec<DataSource>, Error> {
        DataSource::all(&*self.inner.store).await
    }

    /// Forgets a directly connected tenant and its credential. Returns whether there was one. Its rows stay until it is
    /// unsynced.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn forget_app(&self, tenant: TenantId) -> Result<bool, Error> {
        let removed = self.inner.link.sources().remove(tenant).await;
        let recorder = self.recorder();
        let acts = match &removed {
            Ok(false) => Vec::new(),
            _ => vec![recorder.act("forget_app").on(tenant)],
        };
        recorder.ended(acts, removed).await
    }

    /// Puts a data source into the list of tenants. The partner's own tenant stays what it is.
    async fn list_directly(&self, source: &DataSource) -> Result<(), Error> {
        let store = &self.inner.store;
        let known = store.tenant(&source.tenant).await?;
        if known
            .as_ref()
            .is_some_and(|known| known.kind == TenantKind::Primary)
        {
            return Ok(());
        }
        let mut record = known.unwrap_or_else(|| TenantRecord::new(source.tenant, &source.name));
        record.kind = TenantKind::Direct;
        record.listed_at = Some(self.now());
        Ok(store.upsert_tenants(&[record]).await?)
    }

    /// Takes a finished sign-in, and records how it ended.
    async fn take(
        &self,
        partner: TenantId,
        finished: Result<Connection, msp365_auth::Error>,
    ) -> Result<Connection, Error> {
        let (recorder, link) = (self.recorder(), &self.inner.link);
        let client_id = link.exchange().app.client_id();
        let mut act = recorder.act("connect").on(partner).target(client_id);
        let taken = match finished {
            Ok(connection) => link.take(&connection).await.map(|()| connection),
            Err(error) => Err(error.into()),
        };
        if let (Ok(connection), None) = (&taken, recorder.person) {
            act.activity.actor.clone_from(&connection.account_name);
        }
        recorder.ended(vec![act], taken).await
    }
}
