//! One run over many tenants: each is checked, read, and left in a state.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use msp365_client::{Meter, TenantClient};
use msp365_core::{ErrorKind, TenantId};
use msp365_store::{RunStart, TenantKind, TenantRecord, TenantState, TenantStatus};

use crate::{
    Engine, Error,
    check::Reach,
    outcome::{blocked, failed, finished},
    report::{Observer, Progress, RunReport, TenantReport},
    view::PartnerView,
};

/// One tenant of a run.
pub(crate) struct Job<'a> {
    pub(crate) view: &'a PartnerView,
    pub(crate) record: &'a TenantRecord,
    pub(crate) client: TenantClient,
    pub(crate) observer: &'a Observer,
}

impl Engine {
    /// Runs passes over these tenants, or over all that are marked to be synced.
    ///
    /// A tenant that is not ready, or fails, is reported and does not stop the others. So are all that are reached through
    /// a partner tenant that cannot be read, where others are reached directly.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant and `Invalid` for one that is not marked; the kind of the failure where the
    /// partner tenant cannot be read and no tenant is reached directly; `Storage`.
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
        records.retain(|record| record.selected && (view.lists(record.id) || view.unread(record).is_some()));
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
        if let Some(error) = view.unread(record) {
            return Ok(failed(error));
        }
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
    if record.kind != TenantKind::Customer || record.name.is_empty() {
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
