//! Mailbox usage: one report per tenant, as CSV behind a redirect.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use msp365_client::Meter;
use msp365_graph::reports::{self, MailboxUsage, Period};
use msp365_store::{MailboxRow, PageCommit, PassEnd, PassStart, Resource, Rows};

use crate::{
    Error,
    report::{Progress, ResourceReport},
    stream::Tenant,
};

const RESOURCE: Resource = Resource::Mailboxes;
/// Rows one transaction writes, so that a large report does not hold the database.
const ROWS: usize = 2_000;
/// Why a report with concealed names is not stored.
pub(crate) const CONCEALED: &str = "names_concealed";

impl Tenant<'_> {
    /// Reads the report of the last 30 days. A report with concealed names is left out: its rows belong to nobody.
    pub(crate) async fn read_mailboxes(&self) -> Result<ResourceReport, Error> {
        let started = self.clock.now();
        let meter = Arc::new(Meter::new());
        let usage = self.mailbox_usage(&meter).await?;
        let sent = meter.total();
        let mut report = if usage.concealed {
            self.store.stale(&self.id, RESOURCE, CONCEALED).await?;
            ResourceReport {
                stale_because: Some(CONCEALED.to_owned()),
                ..ResourceReport::default()
            }
        } else {
            self.store_mailboxes(usage, started).await?
        };
        report.requests = sent.requests;
        report.throttled = sent.throttled;
        report.rows = self.store.count(&[self.id], RESOURCE).await?;
        Ok(report)
    }

    async fn mailbox_usage(&self, meter: &Arc<Meter>) -> Result<MailboxUsage, Error> {
        let client = self.client.clone().metered(Arc::clone(meter));
        let failed = Error::request_error;
        let link = client
            .send(reports::mailbox_usage(Period::D30))
            .await
            .map_err(failed("reading mailbox usage"))?;
        let csv = client
            .download(&link)
            .await
            .map_err(failed("downloading mailbox usage"))?;
        reports::mailbox_usage_rows(&csv).map_err(|source| Error::Report {
            tenant: self.id,
            source: Box::new(source),
        })
    }

    async fn store_mailboxes(
        &self,
        usage: MailboxUsage,
        started: Timestamp,
    ) -> Result<ResourceReport, Error> {
        let refreshed_on = usage.refreshed_on;
        let rows: Vec<_> = usage
            .rows
            .into_iter()
            .map(|usage| row(usage, refreshed_on))
            .collect();
        let start = PassStart::new(self.id, self.epoch, RESOURCE, "mailbox_usage(D30)", started);
        let state = self.store.begin(&start).await?;
        let mut report = ResourceReport {
            fresh_as_of: Some(started),
            ..ResourceReport::default()
        };
        for page in rows.chunks(ROWS) {
            let commit = PageCommit::new(self.id, self.epoch, RESOURCE, state.generation);
            let counts = self
                .store
                .commit(commit.rows(Rows::Mailboxes(page.to_vec())))
                .await?;
            report.added += counts.added;
            report.changed += counts.changed;
            (self.observer)(&Progress::Stored {
                tenant: self.id,
                resource: RESOURCE,
                rows: page.len(),
            });
        }
        let end = PassEnd::new(self.id, self.epoch, RESOURCE, state.generation, started).sweep(RESOURCE);
        report.removed = self.store.finish(end).await?;
        Ok(report)
    }
}

fn row(usage: reports::MailboxUsageRow, refreshed_on: Option<Date>) -> MailboxRow {
    let number = |value: Option<u64>| value.and_then(|value| i64::try_from(value).ok());
    let mut row = MailboxRow::new(usage.user_principal_name);
    row.display_name = usage.display_name;
    row.last_activity_on = usage.last_activity_on;
    row.item_count = number(usage.item_count);
    row.storage_used_bytes = number(usage.storage_used);
    row.is_deleted = usage.is_deleted;
    row.report_refreshed_on = refreshed_on;
    row
}
