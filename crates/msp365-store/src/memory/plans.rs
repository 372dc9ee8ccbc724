//! Plans and the activity log in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{MemoryStore, State};
use crate::{
    Error, IntentRecord, IntentStore, Journal, JournalFilter, JournalRecord, PlanChange, PlanFilter,
    PlanRecord, Result,
};

impl State {
    fn plan_mut(&mut self, id: &Uuid) -> Result<&mut PlanRecord> {
        self.plans.get_mut(id).ok_or(Error::UnknownPlan { plan: *id })
    }

    /// Refuses a plan whose tenant has another epoch by now.
    fn of_epoch(&self, plan: &PlanRecord) -> Result<()> {
        match self.tenants.get(&plan.tenant) {
            Some(tenant) if tenant.epoch != plan.epoch => Err(Error::Fenced { tenant: plan.tenant }),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl IntentStore for MemoryStore {
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> Result<()> {
        let mut state = self.state();
        if state.plans.contains_key(&plan.id) {
            return Err(Error::Claimed { plan: plan.id });
        }
        if plan.claimed_until.is_some() {
            state.of_epoch(plan)?;
        }
        state.plans.insert(plan.id, plan.clone());
        let planned = (0..steps).map(|step| ((plan.id, step), IntentRecord::planned(plan.id, step)));
        state.intents.extend(planned);
        Ok(())
    }

    async fn plan(&self, id: &Uuid) -> Result<Option<PlanRecord>> {
        Ok(self.state().plans.get(id).cloned())
    }

    async fn plans(&self, filter: &PlanFilter) -> Result<Vec<PlanRecord>> {
        let state = self.state();
        let mut found: Vec<_> = state
            .plans
            .values()
            .filter(|plan| filter.accepts(plan))
            .cloned()
            .collect();
        found.sort_by_key(|plan| (plan.created_at, plan.id));
        Ok(found)
    }

    async fn intents(&self, plan: &Uuid) -> Result<Vec<IntentRecord>> {
        let state = self.state();
        let own = state.intents.range((*plan, 0)..=(*plan, u32::MAX));
        Ok(own.map(|(_, intent)| intent.clone()).collect())
    }

    async fn claim_plan(&self, id: &Uuid, now: Timestamp, until: Timestamp) -> Result<i64> {
        let mut state = self.state();
        let plan = state.plan_mut(id)?.clone();
        state.of_epoch(&plan)?;
        state.plan_mut(id)?.claim(now, until)
    }

    async fn put_intent(&self, intent: &IntentRecord, fence: i64, until: Timestamp) -> Result<()> {
        let mut state = self.state();
        let plan = state.plan_mut(&intent.plan)?;
        plan.takes(intent, fence)?;
        plan.claimed_until = Some(until);
        state.intents.insert((intent.plan, intent.step), intent.clone());
        Ok(())
    }

    async fn change_plan(&self, id: &Uuid, change: &PlanChange) -> Result<()> {
        self.state().plan_mut(id)?.change(change)
    }

    async fn take_lease(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        let mut state = self.state();
        let is_taken = |(by, until): &(String, Timestamp)| by != holder && now < *until;
        if state.leases.get(name).is_some_and(is_taken) {
            return Ok(false);
        }
        state.leases.insert(name.to_owned(), (holder.to_owned(), until));
        Ok(true)
    }

    async fn end_lease(&self, name: &str, holder: &str) -> Result<()> {
        self.state()
            .leases
            .retain(|of, (by, _)| of != name || by != holder);
        Ok(())
    }
}

#[async_trait]
impl Journal for MemoryStore {
    async fn journal_head(&self) -> Result<Option<JournalRecord>> {
        Ok(self.state().journal.last().cloned())
    }

    async fn append_journal(&self, records: &[JournalRecord]) -> Result<()> {
        let mut state = self.state();
        let last = state.journal.last().map_or(0, |last| last.sequence);
        follows(last, records)?;
        state.journal.extend_from_slice(records);
        Ok(())
    }

    async fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalRecord>> {
        let state = self.state();
        let found = state.journal.iter().filter(|record| filter.accepts(record));
        Ok(found.take(filter.limit).cloned().collect())
    }
}

/// Refuses records that do not follow the last one without a gap.
pub(crate) fn follows(last: i64, records: &[JournalRecord]) -> Result<()> {
    let mut next = last;
    for record in records {
        next += 1;
        if record.sequence != next {
            return Err(Error::NotNext { sequence: next });
        }
    }
    Ok(())
}
