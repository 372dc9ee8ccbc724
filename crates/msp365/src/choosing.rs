//! Choosing tenants, on record: to be synced, or not any more.

use std::collections::HashMap;

use msp365_core::TenantId;
use msp365_store::TenantFilter;
use msp365_sync::{Diagnosis, Unsynced};

use crate::{
    Error, Tenants,
    record::{Act, Recorder},
};

/// How these acts are called in the activity log.
const SYNC: &str = "sync_tenant";
const UNSYNC: &str = "unsync_tenant";

impl Tenants<'_> {
    /// Marks tenants to be synced; the next run enrols and reads them. Each that was not marked before is recorded, in the
    /// name of [who does it](crate::Msp365::in_name_of).
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `NotFound` for an unknown tenant; `Storage`.
    pub async fn sync(&self, tenants: &[TenantId]) -> Result<(), Error> {
        let engine = self.engine().await?;
        let unmarked = self.unmarked(tenants).await?;
        let done = engine.select(tenants).await.map_err(Error::from);
        let changed = if done.is_ok() { &unmarked } else { tenants };
        let recorder = self.msp.recorder();
        recorder.ended(recorder.acts(SYNC, changed), done).await
    }

    /// Those of these tenants that are not marked to be synced.
    async fn unmarked(&self, tenants: &[TenantId]) -> Result<Vec<TenantId>, Error> {
        let records = self.list(&TenantFilter::all()).await?;
        let marked = |id: &TenantId| records.iter().any(|record| record.id == *id && record.selected);
        Ok(tenants.iter().copied().filter(|id| !marked(id)).collect())
    }

    /// Marks tenants to be synced and enrols them at once: consent is given where nothing else stands in the way.
    /// Answers what was found of each; `see` is called with each as it is known. Each is recorded when it begins and when
    /// it has ended: done, or blocked and by what.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `NotFound` for an unknown tenant; the kind of the failed request; `Storage`,
    /// also where the activity log cannot be written: before the start, and then nothing is done, or after the end.
    pub async fn enrol(
        &self,
        tenants: &[TenantId],
        mut see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<Vec<Diagnosis>, Error> {
        let engine = self.engine().await?;
        let recorder = self.msp.recorder();
        recorder.begun(recorder.acts(SYNC, tenants)).await?;
        let mut known = HashMap::new();
        let done = engine
            .enrol(tenants, |diagnosis| {
                known.insert(diagnosis.tenant, stands(diagnosis));
                see(diagnosis);
            })
            .await;
        let mut acts = Vec::new();
        for tenant in tenants {
            let act = recorder.act(SYNC).on(*tenant);
            acts.push(match known.remove(tenant) {
                Some((outcome, Some(reason))) => act.ended(outcome).because(reason),
                Some((outcome, None)) => act.ended(outcome),
                None => act,
            });
        }
        recorder.ended(acts, done.map_err(Error::from)).await
    }

    /// Stops syncing tenants: takes the application out of them, and removes what is stored of them. Each is recorded when
    /// it begins and when it has ended: done, or in part, where something stays behind in the tenant.
    ///
    /// # Errors
    /// `NotFound` for an unknown tenant, `Invalid` for the partner's own; `Storage`, also where the activity log cannot be
    /// written: before the start, and then nothing is done, or after the end.
    pub async fn unsync(&self, tenants: &[TenantId]) -> Result<Vec<Unsynced>, Error> {
        let engine = self.engine().await?;
        let recorder = self.msp.recorder();
        recorder.begun(recorder.acts(UNSYNC, tenants)).await?;
        let done = engine.unsync(tenants).await.map_err(Error::from);
        let acts = match &done {
            Ok(done) => left(recorder, done),
            Err(_) => recorder.acts(UNSYNC, tenants),
        };
        recorder.ended(acts, done).await
    }
}

/// How a tenant stands once it is enrolled, and the finding that blocks it.
fn stands(diagnosis: &Diagnosis) -> (&'static str, Option<String>) {
    match (diagnosis.ready, &diagnosis.unfinished, diagnosis.findings.first()) {
        (true, ..) => ("done", None),
        (false, Some(_), _) => ("unfinished", None),
        (false, None, finding) => ("blocked", finding.map(|finding| finding.id.as_str().to_owned())),
    }
}

/// Tenants that were left, as they are recorded.
pub(crate) fn left<'a>(recorder: Recorder<'a>, done: &[Unsynced]) -> Vec<Act<'a>> {
    let one = |unsynced: &Unsynced| {
        let act = recorder.act(UNSYNC).on(unsynced.tenant);
        if unsynced.remains.is_empty() {
            act.ended("done")
        } else {
            act.ended("done, in part")
        }
    };
    done.iter().map(one).collect()
}
