//! A provider who is connected to the simulated cloud.

use std::sync::Arc;

use msp365::{
    Msp365, TenantId,
    auth::{StaticKeyRing, VaultKey},
    sim::{self, Cloud, Sim},
    store::{MemoryStore, Store, TenantFilter, TenantKind, TenantRecord},
    sync::{RunReport, TenantReport},
};

use crate::{rows, spy::Spy, truth};

/// A cloud, the facade connected to it, and what is sent between them.
pub(crate) struct Journey {
    pub(crate) cloud: Cloud,
    pub(crate) msp: Msp365,
    pub(crate) spy: Arc<Spy>,
}

/// A world whose time moves only when somebody sleeps, so that no test waits.
pub(crate) fn world(customers: usize, users: u64) -> Sim {
    Sim::seeded(7)
        .customers(customers)
        .users_each(users)
        .manual_clock()
}

impl Journey {
    /// Connected, in memory.
    pub(crate) async fn begin(sim: Sim) -> Self {
        Self::with_store(sim, Arc::new(MemoryStore::new())).await
    }

    /// Connected, with this store.
    pub(crate) async fn with_store(sim: Sim, store: Arc<dyn Store>) -> Self {
        let cloud = sim.build();
        let spy = Spy::new(cloud.transport());
        let keys = StaticKeyRing::new(VaultKey::from_bytes("journey", [7; 32]));
        let msp = Msp365::builder(sim::app(&cloud))
            .cloud(cloud.endpoints())
            .transport(Arc::<Spy>::clone(&spy))
            .clock(cloud.clock())
            .seed(7)
            .store(store, Arc::new(keys))
            .build()
            .unwrap();
        sim::connect(&cloud, &msp).await.unwrap();
        Self { cloud, msp, spy }
    }

    /// All customers listed and marked to be synced. Answers their ids.
    pub(crate) async fn choose_all(&self) -> Vec<TenantId> {
        let listed = self.msp.tenants().refresh().await.unwrap();
        let customers = listed.iter().filter(|one| one.kind == TenantKind::Customer);
        let ids: Vec<_> = customers.map(|one| one.id).collect();
        self.msp.tenants().sync(&ids).await.unwrap();
        ids
    }

    /// One run over all that are marked.
    pub(crate) async fn run(&self) -> RunReport {
        self.msp.sync().run(&[]).await.unwrap()
    }

    /// One run, of which only one tenant is of interest.
    pub(crate) async fn run_of(&self, tenant: TenantId) -> TenantReport {
        let report = self.run().await;
        let found = report.tenants.into_iter().find(|one| one.tenant == tenant);
        found.unwrap()
    }

    /// The first customer of the world: it has no trouble.
    pub(crate) fn first(&self) -> TenantId {
        self.cloud.truth()[0]["tenant"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn record(&self, tenant: TenantId) -> TenantRecord {
        let all = self.msp.tenants().list(&TenantFilter::all()).await.unwrap();
        all.into_iter().find(|one| one.id == tenant).unwrap()
    }

    /// All rows that are stored.
    pub(crate) async fn stored(&self) -> rows::Tables {
        rows::stored(&**self.msp.store()).await
    }

    /// All rows that should be stored by the world's truth, if all customers were synced that can be.
    pub(crate) fn expected(&self) -> rows::Tables {
        truth::expected(&self.cloud)
    }
}
