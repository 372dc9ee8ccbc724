//! The activity log: who did what to whom, how it ended, and where Microsoft's own log says the same.
//!
//! Records are chained: each holds a keyed digest (HMAC-SHA-256) of itself and of the record before. Who does not have
//! the key cannot edit, remove, reorder or add one without [`verify`] naming the first that is wrong; cutting off the
//! end is found against an [`Anchor`] that was kept elsewhere.

mod chain;
mod export;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::lock::Mutex as Turn;
use jiff::Timestamp;
use msp365_core::{Clock, ErrorKind, TenantId};
use msp365_store::{Journal, JournalFilter, JournalRecord, PlanRecord};
use uuid::Uuid;

pub use chain::{Anchor, AuditKey, Broken, Fault, verify};
pub use export::to_csv;

/// How often a record is tried again when another process was first.
const TRIES: u32 = 32;

/// Something that is to be recorded. Ids and words alone: no secrets, and no names but that of who did it. A user who is
/// not made yet has a [mark](ActivityLog::mark).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activity {
    /// Who.
    pub actor: String,
    /// In which tenant.
    pub tenant: Option<TenantId>,
    /// What, as a short word.
    pub action: String,
    /// To what, by its id.
    pub target: String,
    /// How it ended, as a short word.
    pub outcome: String,
    /// The plan.
    pub plan: Option<Uuid>,
    /// The step of the plan, counted from 0.
    pub step: Option<u32>,
    /// The service's id of the exchange, by which Microsoft's log is searched.
    pub request_id: Option<String>,
    /// What was asked for, where that is a question and no object: conditions and columns.
    pub asked: Option<serde_json::Value>,
    /// What kind of failure it was, as [`ErrorKind`] writes it.
    pub error: Option<String>,
    /// Why, as a stable word, or in words: those of the host's gate, or of what failed.
    pub reason: Option<String>,
}

impl Activity {
    /// Something that somebody did.
    pub fn new(actor: impl Into<String>, action: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self {
            actor: actor.into(),
            tenant: None,
            action: action.into(),
            target: String::new(),
            outcome: outcome.into(),
            plan: None,
            step: None,
            request_id: None,
            asked: None,
            error: None,
            reason: None,
        }
    }

    /// Why it was refused: what kind of failure that is, and the reason.
    #[must_use]
    pub fn because(mut self, error: ErrorKind, reason: impl Into<String>) -> Self {
        self.error = Some(error.as_str().to_owned());
        self.reason = Some(reason.into());
        self
    }

    /// To an object of a tenant.
    #[must_use]
    pub fn on(mut self, tenant: TenantId, target: impl Into<String>) -> Self {
        self.tenant = Some(tenant);
        self.target = target.into();
        self
    }

    fn detail(&self) -> serde_json::Value {
        let mut detail =
            serde_json::json!({ "plan": self.plan, "step": self.step, "request_id": self.request_id });
        if let Some(asked) = &self.asked {
            detail["asked"] = asked.clone();
        }
        for (name, value) in [("error", &self.error), ("reason", &self.reason)] {
            if let Some(value) = value {
                detail[name] = value.as_str().into();
            }
        }
        detail
    }
}

/// Why a host's log did not take a record.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Where records go beside the store: the host's own log.
#[async_trait]
pub trait ActivitySink: Send + Sync + 'static {
    /// Takes a record that was stored. One that was not taken comes again with the next record, and all that followed it,
    /// in order: the number tells which are known already. The log waits for it meanwhile, so that it must not add to the
    /// log itself.
    ///
    /// # Errors
    /// Whatever kept it from being taken. What was done is done, and recorded in the store.
    async fn record(&self, record: &JournalRecord) -> Result<(), SinkError>;
}

/// The host's own log, and the first record that it did not take.
struct Outlet {
    sink: Arc<dyn ActivitySink>,
    missed: Mutex<Option<i64>>,
}

impl Outlet {
    fn missed(&self) -> MutexGuard<'_, Option<i64>> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn miss(&self, sequence: i64) {
        let mut missed = self.missed();
        *missed = Some(missed.map_or(sequence, |first| first.min(sequence)));
    }
}

/// Writes and reads the activity log.
#[derive(Clone)]
pub struct ActivityLog {
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    key: Arc<AuditKey>,
    outlet: Option<Arc<Outlet>>,
    /// Held while a record is added and handed on, so that those who work side by side here do not contend for the next
    /// number, and the host's own log gets records in order.
    turn: Arc<Turn<()>>,
}

impl std::fmt::Debug for ActivityLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ActivityLog")
    }
}

impl ActivityLog {
    /// A log in this store, chained by this key.
    pub fn new(journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, key: AuditKey) -> Self {
        Self {
            journal,
            clock,
            key: Arc::new(key),
            outlet: None,
            turn: Arc::default(),
        }
    }

    /// Hands each record to the host's own log too.
    #[must_use]
    pub fn sink(mut self, sink: Arc<dyn ActivitySink>) -> Self {
        let missed = Mutex::new(None);
        self.outlet = Some(Arc::new(Outlet { sink, missed }));
        self
    }

    /// Adds a record behind the last one.
    ///
    /// # Errors
    /// `Storage` if the database failed; `Conflict` if other processes were first again and again.
    pub async fn add(&self, activity: &Activity) -> Result<JournalRecord, msp365_store::Error> {
        let make = |head: Option<&JournalRecord>, now| [self.next(head, activity, now)];
        self.append(make).await.map(|[record]| record)
    }

    /// Adds records behind the last one, in this order, all or none.
    ///
    /// # Errors
    /// As of [`add`](Self::add).
    pub async fn add_all(&self, activities: &[Activity]) -> Result<Vec<JournalRecord>, msp365_store::Error> {
        if activities.is_empty() {
            return Ok(Vec::new());
        }
        self.append(|head, now| {
            let mut records: Vec<JournalRecord> = Vec::with_capacity(activities.len());
            for activity in activities {
                let record = self.next(records.last().or(head), activity, now);
                records.push(record);
            }
            records
        })
        .await
    }

    /// Adds what is made behind the last record, which is made again where another process was first.
    async fn append<R, M>(&self, make: M) -> Result<R, msp365_store::Error>
    where
        R: AsRef<[JournalRecord]> + Send + Sync,
        M: Fn(Option<&JournalRecord>, Timestamp) -> R + Send + Sync,
    {
        let _turn = self.turn.lock().await;
        let mut tries = 0;
        loop {
            let head = self.journal.journal_head().await?;
            let records = make(head.as_ref(), self.clock.now());
            match self.journal.append_journal(records.as_ref()).await {
                Ok(()) => {
                    self.hand_on(records.as_ref()).await;
                    return Ok(records);
                }
                Err(error) if error.kind() == ErrorKind::Conflict && tries < TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Hands records to the host's own log, behind those that it did not take before.
    async fn hand_on(&self, records: &[JournalRecord]) {
        let Some(outlet) = &self.outlet else { return };
        let missed = outlet.missed().take();
        if let Some(first) = missed {
            if let Err(at) = self.hand_again(outlet, first).await {
                outlet.miss(at);
            }
            return;
        }
        for record in records {
            if outlet.sink.record(record).await.is_err() {
                outlet.miss(record.sequence);
                return;
            }
        }
    }

    /// Hands over all records from this number on; the error is the first that was not taken.
    async fn hand_again(&self, outlet: &Outlet, first: i64) -> Result<(), i64> {
        let mut next = first;
        loop {
            let filter = JournalFilter::all().after(next - 1);
            let page = self.query(&filter).await.map_err(|_| next)?;
            if page.is_empty() {
                return Ok(());
            }
            for record in page {
                outlet.sink.record(&record).await.map_err(|_| record.sequence)?;
                next = record.sequence + 1;
            }
        }
    }

    fn next(&self, head: Option<&JournalRecord>, activity: &Activity, now: Timestamp) -> JournalRecord {
        let sequence = head.map_or(0, |head| head.sequence) + 1;
        let at = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        let mut record = JournalRecord::new(sequence, at, &activity.actor, &activity.action);
        record.tenant = activity.tenant;
        record.target.clone_from(&activity.target);
        record.outcome.clone_from(&activity.outcome);
        record.detail = activity.detail();
        record.previous = head.map(|head| head.mac.clone()).unwrap_or_default();
        record.mac = self.key.link(&record);
        record
    }

    /// What stands for a name in records: the same for the same name under the same key, and no name.
    pub fn mark(&self, name: &str) -> String {
        self.key.mark(name)
    }

    /// What stands for an object in records: an id as it is, of a name its [mark](Self::mark).
    pub fn target(&self, id_or_name: &str) -> String {
        if id_or_name.contains('@') {
            self.mark(id_or_name)
        } else {
            id_or_name.to_owned()
        }
    }

    /// The records that pass the filter, in order.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn query(&self, filter: &JournalFilter) -> Result<Vec<JournalRecord>, msp365_store::Error> {
        self.journal.journal(filter).await
    }

    /// What to keep elsewhere, so that a cut end is found: how many records there are, and the link of the last.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    pub async fn anchor(&self) -> Result<Anchor, msp365_store::Error> {
        let head = self.journal.journal_head().await?;
        Ok(head.map_or_else(Anchor::default, |head| Anchor {
            count: head.sequence,
            mac: head.mac,
        }))
    }

    /// Reads the whole log and checks every link, and the end against an anchor that was kept. Answers what to keep
    /// next.
    ///
    /// # Errors
    /// `Storage` with the first record that is wrong, or if the database failed.
    pub async fn verify(&self, kept: Option<&Anchor>) -> Result<Anchor, crate::Error> {
        let mut chain = chain::Walk::new(&self.key, kept);
        loop {
            let page = self.query(&JournalFilter::all().after(chain.last())).await?;
            if page.is_empty() {
                return Ok(chain.end()?);
            }
            for record in &page {
                chain.step(record)?;
            }
        }
    }

    /// Which steps of a plan have a record.
    pub(crate) async fn steps_of(&self, plan: &PlanRecord) -> Result<Vec<u32>, msp365_store::Error> {
        let (mut found, id) = (Vec::new(), plan.id.to_string());
        let mut filter = JournalFilter::all().tenant(plan.tenant);
        filter.from = Some(plan.created_at);
        loop {
            let page = self.query(&filter).await?;
            let Some(last) = page.last() else { return Ok(found) };
            filter.after = last.sequence;
            found.extend(page.iter().filter_map(|record| {
                let is_it = record.detail.get("plan")?.as_str()? == id;
                let step = u32::try_from(record.detail.get("step")?.as_u64()?).ok()?;
                is_it.then_some(step)
            }));
        }
    }
}
