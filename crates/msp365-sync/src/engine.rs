//! The engine: lists tenants, checks them, and runs passes over those that were chosen.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use msp365_client::{Client, TenantClient};
use msp365_core::{Clock, TenantId, TokenSource};
use msp365_partner::readiness::{CredentialKind, Rules};
use msp365_store::{Resource, Store, TenantFilter, TenantRecord};

use crate::{CUSTOMER_SCOPES, DirectTenant, Error, view::PartnerView};

/// Tenants read at a time.
const TENANTS_AT_A_TIME: usize = 16;

/// The application, as customers see it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Application {
    /// Its client id.
    pub client_id: String,
    /// The name it bears among the customer's enterprise applications.
    pub display_name: String,
    /// What it proves itself with.
    pub credential: CredentialKind,
    /// When that ends, where it is known.
    pub credential_ends_at: Option<Timestamp>,
}

impl Application {
    /// The application with this client id, under this name.
    pub fn new(client_id: impl Into<String>, display_name: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            display_name: display_name.into(),
            credential: CredentialKind::default(),
            credential_ends_at: None,
        }
    }

    /// Says what it proves itself with, and when that ends.
    #[must_use]
    pub const fn proven_by(mut self, credential: CredentialKind, end: Option<Timestamp>) -> Self {
        self.credential = credential;
        self.credential_ends_at = end;
        self
    }
}

/// How an engine works.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// What makes a customer ready.
    pub rules: Rules,
    /// How many tenants are read at a time, from 1.
    pub tenants_at_a_time: usize,
    /// What is wanted of each tenant. A tenant that lacks some of it is degraded.
    pub resources: Vec<Resource>,
    /// What of it this run reads; `None` reads all.
    pub only: Option<Vec<Resource>>,
}

impl Options {
    /// The streams that are wanted. Memberships come with groups.
    pub(crate) fn wanted(&self) -> Vec<Resource> {
        let wants = |resource: &Resource| match resource {
            Resource::Memberships => false,
            Resource::Groups => has(&self.resources, &[Resource::Groups, Resource::Memberships]),
            other => self.resources.contains(other),
        };
        Resource::ALL.into_iter().filter(wants).collect()
    }

    /// The streams that this run reads.
    pub(crate) fn chosen(&self) -> Vec<Resource> {
        match &self.only {
            None => self.wanted(),
            Some(only) => Self {
                resources: only.clone(),
                ..Self::default()
            }
            .wanted(),
        }
    }
}

fn has(resources: &[Resource], any: &[Resource]) -> bool {
    any.iter().any(|resource| resources.contains(resource))
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Rules::default().require(CUSTOMER_SCOPES),
            tenants_at_a_time: TENANTS_AT_A_TIME,
            resources: Resource::ALL.to_vec(),
            only: None,
        }
    }
}

/// Keeps the store true to the tenants of one partner, and to those that are reached directly.
#[derive(Clone)]
pub struct Engine {
    pub(crate) client: Client,
    pub(crate) tokens: Arc<dyn TokenSource>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) partner: Option<TenantId>,
    pub(crate) direct: Vec<DirectTenant>,
    pub(crate) app: Application,
    pub(crate) options: Options,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("partner", &self.partner)
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// What an engine acts through.
#[derive(Clone)]
pub struct Seams {
    /// Sends requests.
    pub client: Client,
    /// Gives tokens; told when a tenant's consent has changed.
    pub tokens: Arc<dyn TokenSource>,
    /// Keeps rows.
    pub store: Arc<dyn Store>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for Seams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seams").finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine for the customers of this partner; none, for tenants that are reached directly alone
    /// ([`with_direct`](Self::with_direct)).
    pub fn new(seams: Seams, partner: Option<TenantId>, app: Application, options: Options) -> Self {
        let Seams {
            client,
            tokens,
            store,
            clock,
        } = seams;
        Self {
            client,
            tokens,
            store,
            clock,
            partner,
            direct: Vec::new(),
            app,
            options,
        }
    }

    /// Sends requests to the partner's own tenant.
    pub(crate) fn partner(&self) -> Result<TenantClient, Error> {
        let partner = self.partner.ok_or(Error::NoPartner)?;
        Ok(self.client.tenant(partner))
    }

    /// Reads the list of tenants from the partner tenant and stores it. Answers all of them as they stand.
    ///
    /// # Errors
    /// The kind of the failed request; `Storage`.
    pub async fn refresh(&self) -> Result<Vec<TenantRecord>, Error> {
        if let Some(error) = self.listed().await?.unread {
            return Err(error);
        }
        Ok(self.store.tenants(&TenantFilter::all()).await?)
    }

    /// What the partner tenant says, stored; with the tenants that are reached beside it. These are looked after also
    /// where the partner tenant cannot be read.
    pub(crate) async fn listed(&self) -> Result<PartnerView, Error> {
        let now = self.clock.now();
        let mut view = PartnerView::default();
        if self.partner.is_some() {
            let read = Box::pin(PartnerView::read(&self.partner()?, &self.options.rules, now)).await;
            view.unread = self.beside(read.map(|read| view = read))?;
        }
        view.credential = self.app.credential;
        view.credential_ends_at = self.app.credential_ends_at;
        for direct in &self.direct {
            view.add(direct, now);
        }
        let before = self.store.tenants(&TenantFilter::all()).await?;
        self.store.upsert_tenants(&view.tenants()).await?;
        self.follow_listing(&view, &before).await?;
        Ok(view)
    }

    /// Why the partner tenant could not be read, where tenants beside it are reached all the same.
    ///
    /// # Errors
    /// The failure itself, where none is reached directly.
    pub(crate) fn beside(&self, read: Result<(), Error>) -> Result<Option<Error>, Error> {
        match read {
            Ok(()) => Ok(None),
            Err(error) if self.direct.is_empty() => Err(error),
            Err(error) => Ok(Some(error)),
        }
    }

    /// Stored tenants of these ids, or all of them.
    pub(crate) async fn known(&self, ids: &[TenantId]) -> Result<Vec<TenantRecord>, Error> {
        let mut records = self.store.tenants(&TenantFilter::all()).await?;
        if let Some(&tenant) = ids
            .iter()
            .find(|id| !records.iter().any(|record| record.id == **id))
        {
            return Err(Error::UnknownTenant { tenant });
        }
        if !ids.is_empty() {
            records.retain(|record| ids.contains(&record.id));
        }
        Ok(records)
    }
}
