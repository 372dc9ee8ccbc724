//! The engine: lists tenants, checks them, and runs passes over those that were chosen.

use std::{fmt, sync::Arc};

use futures_util::{StreamExt, stream};
use msp365_client::{Client, Meter, TenantClient};
use msp365_core::{Clock, ErrorKind, TenantId, TokenSource};
use msp365_partner::readiness::Rules;
use msp365_store::{
    Resource, RunStart, Store, TenantFilter, TenantKind, TenantRecord, TenantState, TenantStatus,
};

use crate::{
    CUSTOMER_SCOPES, Error,
    check::Reach,
    outcome::{blocked, failed, finished},
    report::{Observer, Progress, RunReport, TenantReport},
    view::PartnerView,
};

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
}

impl Application {
    /// The application with this client id, under this name.
    pub fn new(client_id: impl Into<String>, display_name: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            display_name: display_name.into(),
        }
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

/// Keeps the store true to the tenants of one partner.
#[derive(Clone)]
pub struct Engine {
    pub(crate) client: Client,
    pub(crate) tokens: Arc<dyn TokenSource>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) partner: TenantId,
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

/// One tenant of a run.
pub(crate) struct Job<'a> {
    pub(crate) view: &'a PartnerView,
    pub(crate) record: &'a TenantRecord,
    pub(crate) client: TenantClient,
    pub(crate) observer: &'a Observer,
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
    /// An engine for the customers of this partner.
    pub fn new(seams: Seams, partner: TenantId, app: Application, options: Options) -> Self {
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
            app,
            options,
        }
    }

    /// Reads the list of tenants from the partner tenant and stores it. Answers all of them as they stand.
    ///
    /// # Errors
    /// The kind of the failed request; `Storage`.
    pub async fn refresh(&self) -> Result<Vec<TenantRecord>, Error> {
        self.listed().await?;
        Ok(self.store.tenants(&TenantFilter::all()).await?)
    }

    pub(crate) async fn listed(&self) -> Result<PartnerView, Error> {
        let view = PartnerView::read(&self.client.tenant(self.partner), self.clock.now()).await?;
        let before = self.store.tenants(&TenantFilter::all()).await?;
        self.store.upsert_tenants(&view.tenants()).await?;
        for record in before {
            self.follow_listing(&view, &record).await?;
        }
        Ok(view)
    }

    /// A tenant that a complete list lacks is detached and keeps its rows; one that is back starts over.
    async fn follow_listing(&self, view: &PartnerView, record: &TenantRecord) -> Result<(), Error> {
        let detached = record.status == TenantStatus::Detached;
        match (view.lists(record.id), detached) {
            (false, false) => {
                let state = TenantState::new(TenantStatus::Detached)
                    .reason("the partner's list of customers no longer holds this tenant")
                    .remedy("if that is meant, unsync it to remove its rows");
                self.store.set_state(&record.id, &state).await?;
            }
            (true, true) => {
                let status = if record.selected {
                    TenantStatus::Pending
                } else {
                    TenantStatus::Deactivated
                };
                self.store
                    .set_state(&record.id, &TenantState::new(status))
                    .await?;
            }
            _ => {}
        }
        Ok(())
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

    /// Runs passes over these tenants, or over all that are marked to be synced.
    ///
    /// A tenant that is not ready, or fails, is reported and does not stop the others.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant and `Invalid` for one that is not marked; the kind of the failure where the
    /// partner tenant cannot be read; `Storage`.
    pub async fn run(&self, tenants: &[TenantId], observer: &Observer) -> Result<RunReport, Error> {
        let started = self.clock.now();
        let before = self.client.meter().total();
        let run = self.store.start_run(&RunStart::new("sync", started)).await?;
        let outcome = self.run_listed(tenants, observer).await;
        let ended = self.clock.now();
        let mut report = match outcome {
            Ok(report) => report,
            Err(error) => {
                let failed = serde_json::json!({ "error": error.words() });
                self.store.finish_run(run, ended, &failed).await?;
                return Err(error);
            }
        };
        let after = self.client.meter().total();
        report.requests = after.requests - before.requests;
        report.throttled = after.throttled - before.throttled;
        report.elapsed_ms = millis(started, ended);
        self.store
            .finish_run(run, ended, &serde_json::to_value(&report).unwrap_or_default())
            .await?;
        Ok(report)
    }

    async fn run_listed(&self, tenants: &[TenantId], observer: &Observer) -> Result<RunReport, Error> {
        let view = self.listed().await?;
        (observer)(&Progress::Listed {
            customers: view.customers(),
        });
        let mut records = self.known(tenants).await?;
        if let Some(record) = records
            .iter()
            .find(|record| !tenants.is_empty() && !record.selected)
        {
            return Err(Error::NotSelected { tenant: record.id });
        }
        records.retain(|record| record.selected && view.lists(record.id));
        let passes = records.iter().map(|record| {
            let view = &view;
            async move {
                let report = self.sync_tenant(view, record, observer).await?;
                (observer)(&Progress::Done {
                    report: Box::new(report.clone()),
                });
                Ok::<_, Error>(report)
            }
        });
        let mut report = RunReport::default();
        let mut answers = stream::iter(passes).buffer_unordered(self.options.tenants_at_a_time.max(1));
        while let Some(answer) = answers.next().await {
            report.tenants.push(answer?);
        }
        report
            .tenants
            .sort_by(|a, b| (&a.name, a.tenant).cmp(&(&b.name, b.tenant)));
        Ok(report)
    }

    async fn sync_tenant(
        &self,
        view: &PartnerView,
        record: &TenantRecord,
        observer: &Observer,
    ) -> Result<TenantReport, Error> {
        let started = self.clock.now();
        let meter = Arc::new(Meter::new());
        let client = self.client.tenant(record.id).metered(Arc::clone(&meter));
        let mut report = TenantReport::new(record);
        let job = Job {
            view,
            record,
            client,
            observer,
        };
        let ended = match self.sync_checked(&job, &mut report).await {
            Err(error) if !matches!(error, Error::Store(_)) => Ok(failed(&error)),
            other => other,
        };
        let state = match ended {
            Ok(state) => self
                .store
                .set_state(&record.id, &state.clone().in_epoch(record.epoch))
                .await
                .map(|()| state),
            Err(Error::Store(error)) => Err(error),
            Err(error) => return Err(error),
        };
        let (status, reason, remedy) = match state {
            Ok(state) => (state.status, state.reason, state.remedy),
            // Unsynced meanwhile: its state belongs to whoever did that.
            Err(error) if error.kind() == ErrorKind::Conflict => self.present(record).await?,
            Err(error) => return Err(Error::Store(error)),
        };
        (report.status, report.reason, report.remedy) = (status, reason, remedy);
        let total = meter.total();
        report.requests += total.requests;
        report.throttled += total.throttled;
        report.elapsed_ms = millis(started, self.clock.now());
        tracing::info!(
            tenant = %record.id,
            status = report.status.as_str(),
            requests = report.requests,
            elapsed_ms = report.elapsed_ms,
            "pass"
        );
        Ok(report)
    }

    /// How a tenant stands in the store now.
    async fn present(
        &self,
        record: &TenantRecord,
    ) -> Result<(TenantStatus, Option<String>, Option<String>), Error> {
        let present = self.store.tenant(&record.id).await?;
        Ok(present.map_or((TenantStatus::Detached, None, None), |now| {
            (now.status, now.reason, now.remedy)
        }))
    }

    async fn sync_checked(&self, job: &Job<'_>, report: &mut TenantReport) -> Result<TenantState, Error> {
        let Job {
            view,
            record,
            client,
            observer,
        } = job;
        let mut checked = self.check(client, view.facts(record.id), reach(record)).await?;
        let ready = checked.readiness.is_ready();
        (observer)(&Progress::Checked {
            tenant: record.id,
            ready,
        });
        if !ready {
            return Ok(blocked(&checked));
        }
        if let Some(found) = &checked.organization {
            self.store.upsert_tenants(&[renamed(record, found)]).await?;
        }
        let syncing = TenantState::new(TenantStatus::Syncing).in_epoch(record.epoch);
        self.store.set_state(&record.id, &syncing).await?;
        let now = self.clock.now();
        self.read_all(job, report).await?;
        let faults = self.standing(record.id, &mut checked.facts).await?;
        checked.readiness = self.assess(&checked.facts);
        let state = finished(&checked, &faults);
        Ok(if self.options.only.is_none() {
            state.synced_at(now)
        } else {
            state
        })
    }
}

/// How far a run may go with a tenant. One that was read before is not enrolled again by itself: if its consent is gone,
/// somebody took it back.
fn reach(record: &TenantRecord) -> Reach {
    match record.status {
        TenantStatus::Deactivated | TenantStatus::Pending => Reach::Enrol,
        TenantStatus::Blocked if record.synced_at.is_none() => Reach::Enrol,
        _ => Reach::Read,
    }
}

fn renamed(record: &TenantRecord, found: &msp365_graph::organization::Organization) -> TenantRecord {
    let mut record = record.clone();
    if record.kind == TenantKind::Primary || record.name.is_empty() {
        record.name = found.display_name.clone().unwrap_or(record.name);
    }
    record.default_domain = found
        .default_domain()
        .map(str::to_owned)
        .or(record.default_domain);
    record.initial_domain = found
        .initial_domain()
        .map(str::to_owned)
        .or(record.initial_domain);
    record
}

fn millis(from: jiff::Timestamp, to: jiff::Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or_default()
}
