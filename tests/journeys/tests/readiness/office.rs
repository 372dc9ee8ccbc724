//! A provider who is connected to a simulated cloud.

use msp365::{
    Msp365, TenantId,
    sim::{self, Cloud, Sim, Trouble, WorldPlan},
    sync::Diagnosis,
};
use serde_json::Value;

/// A cloud and the facade connected to it.
pub(crate) struct Office {
    pub(crate) cloud: Cloud,
    pub(crate) msp: Msp365,
}

/// A world of small customers with these troubles, in which no test waits.
pub(crate) fn world(seed: u64, cases: Vec<Vec<Trouble>>) -> Sim {
    let mut plan = WorldPlan::default();
    plan.customers = cases.len();
    plan.users_each = 3;
    plan.cases = cases;
    Sim::seeded(seed).world(plan).manual_clock()
}

impl Office {
    /// Connected, in memory.
    pub(crate) async fn open(sim: Sim) -> Self {
        let office = Self::closed(sim);
        office.connect().await;
        office
    }

    /// Not connected yet.
    pub(crate) fn closed(sim: Sim) -> Self {
        let cloud = sim.build();
        let msp = sim::builder(&cloud).in_memory().build().unwrap();
        Self { cloud, msp }
    }

    pub(crate) async fn connect(&self) {
        sim::connect(&self.cloud, &self.msp).await.unwrap();
    }

    pub(crate) async fn doctor(&self) -> Vec<Diagnosis> {
        self.msp.tenants().doctor(&[], |_| {}).await.unwrap()
    }

    /// The ids of the customers in the order of the world.
    pub(crate) fn customers(&self) -> Vec<TenantId> {
        let truth = self.cloud.truth();
        let tenants = truth.iter().filter(|line| line["kind"] == "tenant");
        tenants.map(tenant_of).collect()
    }
}

pub(crate) fn tenant_of(line: &Value) -> TenantId {
    line["tenant"].as_str().unwrap().parse().unwrap()
}
