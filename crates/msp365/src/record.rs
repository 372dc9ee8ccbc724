//! What people do beside plans, on record: connecting, choosing tenants, deciding on pairs, turning off.

use msp365_actions::{Activity, ActivityLog};
use msp365_core::TenantId;

use crate::{Error, Msp365};

/// Who is recorded where nobody is named.
const HOST: &str = "msp365";
/// How an act is recorded that is about to begin, that came to its end, and that did not.
const STARTED: &str = "started";
const DONE: &str = "done";
const FAILED: &str = "failed";
/// Records that are added at once.
const BATCH: usize = 500;

impl Msp365 {
    /// The same in the name of this person. So the activity log keeps who connects and turns off, marks tenants to be
    /// synced or not, decides on pairs, and says which accounts are left alone. Without it that is the host itself. Plans
    /// name their own.
    #[must_use]
    pub fn in_name_of(&self, person: impl Into<String>) -> Self {
        let person = Some(person.into()).filter(|person| !person.is_empty());
        Self {
            person: person.map(Into::into),
            ..self.clone()
        }
    }

    pub(crate) fn recorder(&self) -> Recorder<'_> {
        Recorder {
            log: self.inner.log.as_ref(),
            person: self.person.as_deref(),
        }
    }
}

/// Records what a person does, where there is a log.
#[derive(Clone, Copy)]
pub(crate) struct Recorder<'a> {
    pub(crate) log: Option<&'a ActivityLog>,
    pub(crate) person: Option<&'a str>,
}

/// Something that a person does, as it is recorded unless it fails.
pub(crate) struct Act<'a> {
    recorder: Recorder<'a>,
    pub(crate) activity: Activity,
    /// Whether it is known how it ended, whatever becomes of the call.
    is_settled: bool,
}

impl<'a> Recorder<'a> {
    pub(crate) fn act(self, action: &str) -> Act<'a> {
        Act {
            recorder: self,
            activity: Activity::new(self.person.unwrap_or(HOST), action, DONE),
            is_settled: false,
        }
    }

    /// The same act on each of these tenants.
    pub(crate) fn acts(self, action: &str, tenants: &[TenantId]) -> Vec<Act<'a>> {
        let one = |tenant: &TenantId| self.act(action).on(*tenant);
        tenants.iter().map(one).collect()
    }

    /// Records acts that are about to begin, since they can be cut off. Where that cannot be recorded, nothing is done.
    pub(crate) async fn begun(self, acts: Vec<Act<'_>>) -> Result<(), Error> {
        let begun = acts.into_iter().map(|act| act.ended(STARTED).activity);
        Ok(self.add(begun.collect()).await?)
    }

    /// Records how acts ended, all of which were one call, and answers what the call does.
    pub(crate) async fn ended<T>(self, acts: Vec<Act<'_>>, done: Result<T, Error>) -> Result<T, Error> {
        let activities = acts.into_iter().map(|act| match &done {
            Err(error) if !act.is_settled => act.failed(error).activity,
            _ => act.activity,
        });
        let told = self.add(activities.collect()).await;
        // What failed is said even where it cannot be recorded either.
        let done = done?;
        told.map_err(|source| Error::Unrecorded { source })?;
        Ok(done)
    }

    async fn add(self, activities: Vec<Activity>) -> Result<(), msp365_store::Error> {
        let Some(log) = self.log else { return Ok(()) };
        for some in activities.chunks(BATCH) {
            log.add_all(some).await?;
        }
        Ok(())
    }
}

impl Act<'_> {
    /// In a tenant, which it is about unless something else is said.
    pub(crate) fn on(mut self, tenant: TenantId) -> Self {
        self.activity.tenant = Some(tenant);
        self.activity.target = tenant.to_string();
        self
    }

    /// About this object; what looks like a name of somebody is not written.
    pub(crate) fn target(mut self, id_or_name: &str) -> Self {
        self.activity.target = self.word(id_or_name);
        self
    }

    /// What stands for an object in records.
    pub(crate) fn word(&self, id_or_name: &str) -> String {
        let log = self.recorder.log;
        log.map_or_else(String::new, |log| log.target(id_or_name))
    }

    /// What was asked for.
    pub(crate) fn asking(mut self, asked: serde_json::Value) -> Self {
        self.activity.asked = Some(asked);
        self
    }

    /// How it ended, as a short word, whatever becomes of the call that it is part of.
    pub(crate) fn ended(mut self, outcome: &str) -> Self {
        self.is_settled = true;
        outcome.clone_into(&mut self.activity.outcome);
        self
    }

    /// Why it ended so, as a stable word.
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        self.activity.reason = Some(reason.into());
        self
    }

    /// It failed: with what kind of failure, and the code of the service. Its words may hold names.
    fn failed(mut self, error: &Error) -> Self {
        self.activity.error = Some(error.kind().as_str().to_owned());
        self.activity.reason = error.code();
        self.ended(FAILED)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use msp365_actions::AuditKey;
    use msp365_client::SystemClock;
    use msp365_core::ErrorKind;
    use msp365_match::decisions::{Decision, Said};
    use msp365_store::{Journal, JournalFilter, JournalRecord, MatchKind, MatchStore, MemoryStore};

    use super::*;
    use crate::Deciding;

    /// A log that takes nothing.
    struct Full;

    #[async_trait]
    impl Journal for Full {
        async fn journal_head(&self) -> msp365_store::Result<Option<JournalRecord>> {
            Ok(None)
        }

        async fn append_journal(&self, _: &[JournalRecord]) -> msp365_store::Result<()> {
            let path = "full".to_owned();
            Err(msp365_store::Error::NoFolder { path })
        }

        async fn journal(&self, _: &JournalFilter) -> msp365_store::Result<Vec<JournalRecord>> {
            Ok(Vec::new())
        }
    }

    fn full() -> ActivityLog {
        ActivityLog::new(Arc::new(Full), Arc::new(SystemClock), AuditKey::new(&[7; 32]))
    }

    #[tokio::test]
    async fn what_cannot_be_recorded_before_it_begins_does_not_begin() {
        let log = full();
        let recorder = Recorder {
            log: Some(&log),
            person: None,
        };

        let refused = recorder.begun(vec![recorder.act("disconnect")]).await;

        assert!(matches!(refused, Err(Error::Store(_))), "{refused:?}");
    }

    #[tokio::test]
    async fn what_was_done_and_is_not_recorded_says_so() {
        let (store, log) = (MemoryStore::new(), full());
        let said = [Decision::new("devices", "d-1", Said::Ignored)];

        let deciding = Deciding::new(&store, Some(&log));
        let error = deciding.decide(MatchKind::Devices, &said).await.unwrap_err();

        assert!(matches!(error, Error::Unrecorded { .. }), "{error}");
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert_eq!(store.decisions(MatchKind::Devices).await.unwrap().len(), 1);
    }
}
