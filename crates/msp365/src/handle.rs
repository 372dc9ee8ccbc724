//! The handle and its views.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use msp365_actions::explain::{self, Action, Actor, Explanation, Viewer};
use msp365_auth::App;
use msp365_client::{Client, TenantClient};
use msp365_core::{Endpoints, TenantId, TokenSource};
use msp365_match::{contacts::Preview, decisions::Decision};
use msp365_store::{
    MatchKind, MatchRow, Resource, Store, TenantFilter, TenantKind, TenantRecord, UserPage, UserQuery,
};
use msp365_sync::{
    Application, Engine, Observer, Options, RunReport, Seams,
    matching::{self, Matched},
    tool::Inventory,
    unobserved,
};

use crate::{Actions, Builder, Cards, Error, inner::Inner, source};

/// All customers of one partner: connect, list, check, sync, read, match. Cheap to clone.
#[derive(Clone)]
pub struct Msp365 {
    pub(crate) inner: Arc<Inner>,
    /// Who does what is not a plan, where that was said.
    pub(crate) person: Option<Arc<str>>,
}

impl fmt::Debug for Msp365 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Msp365")
            .field("link", &self.inner.link)
            .finish_non_exhaustive()
    }
}

impl Msp365 {
    /// Starts a builder for this app.
    pub fn builder(app: App) -> Builder {
        Builder::new(app)
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
            person: None,
        }
    }

    /// Sends requests directly to one tenant, without the store.
    pub fn tenant(&self, tenant: &TenantId) -> TenantClient {
        self.inner.client.tenant(*tenant)
    }

    /// Listing, checking and choosing tenants.
    pub const fn tenants(&self) -> Tenants<'_> {
        Tenants { msp: self }
    }

    /// Reading the chosen tenants into the store.
    pub fn sync(&self) -> Sync<'_> {
        Sync {
            msp: self,
            options: self.inner.options.clone(),
            observer: unobserved(),
        }
    }

    /// Stored users of all tenants, some, or one.
    ///
    /// # Errors
    /// `Invalid` for an impossible page; `Storage`.
    pub async fn users(&self, query: &UserQuery) -> Result<UserPage, Error> {
        Ok(self.inner.store.users(query).await?)
    }

    /// Users' details, card by card, as a particular viewer sees them.
    pub const fn details<'a>(&'a self, viewer: Viewer<'a>) -> Cards<'a> {
        Cards::new(self, viewer)
    }

    /// Changing users, by plans.
    pub const fn actions(&self) -> Actions<'_> {
        Actions::new(self)
    }

    /// Whether an action on a user of a tenant, by object id or name, will work, and why or why not. Nothing is
    /// changed. For a technician who may not see the tenant, the service is not asked at all.
    ///
    /// # Errors
    /// `SignIn` if nothing is connected; `Storage`. What the services refuse is part of the answer.
    pub async fn explain(
        &self,
        actor: &Actor,
        tenant: &TenantId,
        action: &Action,
        user: &str,
    ) -> Result<Explanation, Error> {
        if let Some(refused) = explain::unseen(actor, false, action) {
            return Ok(refused);
        }
        let (tenant, target) = self.known_of(*tenant, user, action).await?;
        Ok(explain::explain(actor, &tenant, action, &target))
    }

    /// Matching with the tool's records.
    pub const fn matching(&self) -> Matching<'_> {
        Matching { msp: self }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// The client that all requests go through, with its meter.
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    /// The cloud.
    pub fn endpoints(&self) -> &Endpoints {
        self.inner.client.endpoints()
    }

    /// The present moment by the clock in use.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) async fn engine(&self, options: Options) -> Result<Engine, Error> {
        let inner = &self.inner;
        let link = &inner.link;
        let direct = link.sources().direct(link.exchange()).await?;
        let partner = match link.partner().await {
            Ok(partner) => Some(partner),
            Err(Error::NotConnected) if !direct.is_empty() => None,
            Err(error) => return Err(error),
        };
        let tokens: Arc<dyn TokenSource> = Arc::clone(&inner.link) as _;
        let seams = Seams {
            client: inner.client.clone(),
            tokens,
            store: Arc::clone(&inner.store),
            clock: Arc::clone(&inner.clock),
        };
        let own = &link.exchange().app;
        let app = Application::new(own.client_id(), &inner.display_name)
            .proven_by(source::kind(own), own.credential_ends_at());
        Ok(Engine::new(seams, partner, app, options).with_direct(direct))
    }
}

/// Listing, checking and choosing tenants.
#[derive(Debug, Clone, Copy)]
pub struct Tenants<'a> {
    pub(crate) msp: &'a Msp365,
}

impl Tenants<'_> {
    pub(crate) async fn engine(&self) -> Result<Engine, Error> {
        self.msp.engine(self.msp.inner.options.clone()).await
    }

    /// Asks the partner tenant, if one is connected, for its customers. Stores them, with the directly connected
    /// tenants, as the list of tenants.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; the kind of the failed request; `Storage`.
    pub async fn refresh(&self) -> Result<Vec<TenantRecord>, Error> {
        Ok(self.engine().await?.refresh().await?)
    }

    /// The stored list.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn list(&self, filter: &TenantFilter) -> Result<Vec<TenantRecord>, Error> {
        Ok(self.msp.inner.store.tenants(filter).await?)
    }

    /// The ids of all stored customers and directly connected tenants, without the partner's own.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn customers(&self) -> Result<Vec<TenantId>, Error> {
        let records = self.list(&TenantFilter::all()).await?;
        let customers = records
            .into_iter()
            .filter(|record| record.kind != TenantKind::Primary);
        Ok(customers.map(|record| record.id).collect())
    }
}

/// Reading the chosen tenants into the store.
#[must_use = "a sync does nothing until it is run"]
pub struct Sync<'a> {
    msp: &'a Msp365,
    options: Options,
    observer: Observer,
}

impl fmt::Debug for Sync<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sync")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Sync<'_> {
    /// Reads only these resources. The others stay as they are.
    pub fn only(mut self, resources: impl IntoIterator<Item = Resource>) -> Self {
        self.options.only = Some(resources.into_iter().collect());
        self
    }

    /// Reports progress to this observer.
    pub fn observed(mut self, observer: Observer) -> Self {
        self.observer = observer;
        self
    }

    /// Reads these tenants, or all that are marked. A tenant that is not ready, or fails, does not stop the others.
    ///
    /// # Errors
    /// `SignIn` if nothing is connected; `NotFound` or `Invalid` for a tenant that is unknown or not marked; the kind
    /// of the failure if the partner tenant cannot be read; `Storage`.
    pub async fn run(self, tenants: &[TenantId]) -> Result<RunReport, Error> {
        Ok(self
            .msp
            .engine(self.options)
            .await?
            .run(tenants, &self.observer)
            .await?)
    }
}

/// Matching with the tool's records.
#[derive(Debug, Clone, Copy)]
pub struct Matching<'a> {
    pub(crate) msp: &'a Msp365,
}

impl Matching<'_> {
    /// Matches these tenants and their stored devices with the tool's records, and stores the pairs.
    ///
    /// # Errors
    /// `Storage`; `Other` where the tool's records cannot be read.
    pub async fn run(&self, tenants: &[TenantId], tool: &dyn Inventory) -> Result<Matched, Error> {
        Ok(matching::run(&*self.msp.inner.store, tenants, tool).await?)
    }

    /// The stored pairs.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn pairs(&self, kind: MatchKind) -> Result<Vec<MatchRow>, Error> {
        Ok(self.msp.inner.store.matches(kind).await?)
    }

    /// The rows that a person must choose from, by our id, the best first; see [`matching::candidates`].
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn candidates(&self, kind: MatchKind) -> Result<Vec<MatchRow>, Error> {
        Ok(matching::candidates(&*self.msp.inner.store, kind).await?)
    }

    /// The tool's records to check before creating another for this one of ours; see [`matching::look_alikes`].
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn look_alikes(&self, kind: MatchKind, ours: &str) -> Result<Vec<MatchRow>, Error> {
        Ok(matching::look_alikes(&*self.msp.inner.store, kind, ours).await?)
    }

    /// One row for each record of ours that is neither linked nor ignored, with its best candidate; see
    /// [`matching::unmatched`].
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn unmatched(&self, kind: MatchKind) -> Result<Vec<MatchRow>, Error> {
        Ok(matching::unmatched(&*self.msp.inner.store, kind).await?)
    }

    /// What a sync of contacts would do, by the pairs of the last run. Check it before anything is written.
    ///
    /// # Errors
    /// `Storage`; `Other` where the tool's contacts cannot be read.
    pub async fn preview(&self, tenants: &[TenantId], tool: &dyn Inventory) -> Result<Preview, Error> {
        Ok(matching::preview(&*self.msp.inner.store, tenants, tool).await?)
    }

    /// What people decided.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn decisions(&self, kind: MatchKind) -> Result<Vec<Decision>, Error> {
        Ok(matching::decided(&*self.msp.inner.store, kind).await?)
    }

    /// All decisions as a file that people can read, keep and compare; [`enter`](Self::enter) reads it back, also into
    /// another database.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn file(&self) -> Result<String, Error> {
        Ok(matching::file(&*self.msp.inner.store).await?)
    }
}
