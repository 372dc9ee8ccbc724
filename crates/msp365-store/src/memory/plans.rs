//! Plans and the activity log in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{MemoryStore, State};
use crate::{
    Error, IntentRecord, IntentStore, Journal, JournalFilter, JournalRecord, PlanFilter, PlanRecord,
    PlanState, Result,
};

impl State {
    fn plan_mut(&mut self, id: &Uuid, fence: Option<i64>) -> Result<&mut PlanRecord> {
        let plan = self.plans.get_mut(id).ok_or(Error::UnknownPlan { plan: *id })?;
        if fence.is_some_and(|fence| fence != plan.fence) {
            return Err(Error::Claimed { plan: *id });
        }
        Ok(plan)
    }
}

#[async_trait]
impl IntentStore for MemoryStore {
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> Result<()> {
        let mut state = self.state();
        if state.plans.contains_key(&plan.id) {
            return Err(Error::Claimed { plan: plan.id });
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
        let epochs = state.tenants.clone();
        let plan = state.plan_mut(id, None)?;
        let epoch = epochs.get(&plan.tenant).map_or(plan.epoch, |tenant| tenant.epoch);
        if epoch != plan.epoch {
            return Err(Error::Fenced { tenant: plan.tenant });
        }
        if plan.claimed_until.is_some_and(|until| now < until) {
            return Err(Error::Claimed { plan: *id });
        }
        plan.fence += 1;
        plan.claimed_until = Some(until);
        Ok(plan.fence)
    }

    async fn put_intent(&self, intent: &IntentRecord, fence: i64, until: Timestamp) -> Result<()> {
        let mut state = self.state();
        state.plan_mut(&intent.plan, Some(fence))?.claimed_until = Some(until);
        state.intents.insert((intent.plan, intent.step), intent.clone());
        Ok(())
    }

    async fn set_plan_state(&self, id: &Uuid, to: PlanState, fence: Option<i64>) -> Result<()> {
        let mut state = self.state();
        let plan = state.plan_mut(id, fence)?;
        plan.state = to;
        plan.claimed_until = None;
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
