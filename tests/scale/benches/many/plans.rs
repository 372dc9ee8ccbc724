//! Plans that are forgotten once they are over, and an activity log that keeps its last record.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use msp365::store::{
    Error, IntentRecord, IntentStore, Journal, JournalFilter, JournalRecord, PlanChange, PlanFilter,
    PlanRecord, PlanState, Result,
};
use uuid::Uuid;

/// The plans in hand.
#[derive(Default)]
pub(crate) struct Forgetful {
    plans: Mutex<HashMap<Uuid, (PlanRecord, Vec<IntentRecord>)>>,
    last: Mutex<Option<JournalRecord>>,
}

impl Forgetful {
    fn plans(&self) -> MutexGuard<'_, HashMap<Uuid, (PlanRecord, Vec<IntentRecord>)>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl IntentStore for Forgetful {
    async fn add_plan(&self, plan: &PlanRecord, steps: u32) -> Result<()> {
        let intents = (0..steps)
            .map(|step| IntentRecord::planned(plan.id, step))
            .collect();
        self.plans().insert(plan.id, (plan.clone(), intents));
        Ok(())
    }

    async fn plan(&self, id: &Uuid) -> Result<Option<PlanRecord>> {
        Ok(self.plans().get(id).map(|(plan, _)| plan.clone()))
    }

    async fn plans(&self, _: &PlanFilter) -> Result<Vec<PlanRecord>> {
        Ok(self.plans().values().map(|(plan, _)| plan.clone()).collect())
    }

    async fn intents(&self, plan: &Uuid) -> Result<Vec<IntentRecord>> {
        Ok(self
            .plans()
            .get(plan)
            .map_or_else(Vec::new, |(_, own)| own.clone()))
    }

    async fn claim_plan(&self, id: &Uuid, now: Timestamp, until: Timestamp) -> Result<i64> {
        let mut plans = self.plans();
        let (plan, _) = plans.get_mut(id).ok_or(Error::UnknownPlan { plan: *id })?;
        plan.claim(now, until)
    }

    async fn put_intent(&self, intent: &IntentRecord, _: i64, _: Timestamp) -> Result<()> {
        let mut plans = self.plans();
        let (_, own) = plans.get_mut(&intent.plan).unwrap();
        own[intent.step as usize] = intent.clone();
        Ok(())
    }

    async fn change_plan(&self, id: &Uuid, change: &PlanChange) -> Result<()> {
        let mut plans = self.plans();
        if change.to == PlanState::Done {
            plans.remove(id);
        } else if let Some((plan, _)) = plans.get_mut(id) {
            plan.state = change.to;
        }
        Ok(())
    }

    async fn take_lease(&self, _: &str, _: &str, _: Timestamp, _: Timestamp) -> Result<bool> {
        Ok(true)
    }

    async fn end_lease(&self, _: &str, _: &str) -> Result<()> {
        Ok(())
    }
}

#[async_trait::async_trait]
impl Journal for Forgetful {
    async fn journal_head(&self) -> Result<Option<JournalRecord>> {
        Ok(self.last.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn append_journal(&self, records: &[JournalRecord]) -> Result<()> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = records.last().cloned();
        Ok(())
    }

    async fn journal(&self, _: &JournalFilter) -> Result<Vec<JournalRecord>> {
        Ok(Vec::new())
    }
}
