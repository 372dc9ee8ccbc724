//! A provider's office: a simulated cloud on a port, and a folder with a database.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use msp365::{
    sim::{Server, Sim},
    store::{self, Resource, Store, TenantFilter},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::command::{Answer, command, ended};

/// Rows read from a store at a time.
const PAGE: usize = 1_000;

/// A cloud that is served by the test itself, its announcement in a file, and a database beside it.
pub(crate) struct Office {
    pub(crate) server: Server,
    pub(crate) cloud: PathBuf,
    pub(crate) db: PathBuf,
    pub(crate) folder: TempDir,
}

impl Office {
    pub(crate) async fn open(customers: usize, users: u64, latency: Duration) -> Self {
        let folder = msp365_stores::folder();
        let server = Sim::seeded(7)
            .customers(customers)
            .users_each(users)
            .real_time()
            .latency(latency)
            .start()
            .await
            .unwrap();
        let cloud = folder.path().join("cloud.json");
        fs::write(&cloud, server.announcement().to_string()).unwrap();
        Self {
            server,
            cloud,
            db: folder.path().join("office.db"),
            folder,
        }
    }

    /// A small one that is connected.
    pub(crate) async fn connected() -> Self {
        let office = Self::open(2, 5, Duration::ZERO).await;
        ended(office.connect()).await.ended(0);
        office
    }

    /// `connect` to the cloud of the office, without a person.
    pub(crate) fn connect(&self) -> Command {
        command_on(&self.db, &self.words_to_connect(&[]))
    }

    /// The words of that, with more behind them.
    pub(crate) fn words_to_connect(&self, more: &[&str]) -> Vec<String> {
        let partner = self.server.partner_tenant().to_string();
        let cloud = self.cloud.to_str().unwrap();
        let connect = ["connect", "--cloud", cloud, "--partner", &partner, "--auto"];
        connect.iter().chain(more).map(ToString::to_string).collect()
    }

    /// A command on the database of the office.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        command_on(&self.db, arguments)
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Answer {
        ended(self.command(arguments)).await
    }

    /// Everything that the database of the office holds.
    pub(crate) async fn dump(&self) -> Value {
        dump(&self.db).await
    }
}

/// A command on a database.
pub(crate) fn command_on<A: AsRef<OsStr>>(db: &Path, arguments: &[A]) -> Command {
    let mut whole = command(arguments);
    whole.arg("--db").arg(format!("sqlite:{}", db.display()));
    whole
}

/// Everything that a database holds of tenants, rows and the connection.
pub(crate) async fn dump(db: &Path) -> Value {
    let store = open(db).await;
    let tenants = store.tenants(&TenantFilter::all()).await.unwrap();
    json!({
        "tenants": tenants,
        "rows": rows(&*store).await,
        "connection": store.meta("connection").await.unwrap(),
        "demo": store.meta("demo_world").await.unwrap(),
    })
}

pub(crate) async fn open(db: &Path) -> std::sync::Arc<dyn Store> {
    store::open(&format!("sqlite:{}", db.display())).await.unwrap()
}

/// All rows of a store, as JSON by tenant and resource.
pub(crate) async fn rows(store: &dyn Store) -> BTreeMap<String, Vec<Value>> {
    let mut all = BTreeMap::new();
    for tenant in store.tenants(&TenantFilter::all()).await.unwrap() {
        for resource in Resource::ALL {
            let mut own: Vec<Value> = Vec::new();
            let mut after = None;
            loop {
                let page = store
                    .rows(&tenant.id, resource, after.as_deref(), PAGE)
                    .await
                    .unwrap();
                let (length, last) = (page.len(), page.last_key());
                let mut document = serde_json::to_value(page).unwrap();
                let Value::Array(rows) = document["rows"].take() else {
                    panic!("rows are a list");
                };
                own.extend(rows);
                if length < PAGE {
                    break;
                }
                after = last;
            }
            if !own.is_empty() {
                all.insert(format!("{} {}", tenant.id, resource.as_str()), own);
            }
        }
    }
    all
}
