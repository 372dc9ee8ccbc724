//! A technician's desk: a customer with people, groups and products, and what is needed to change them.

use std::{sync::Arc, time::Duration};

use msp365::{
    TenantId,
    actions::{ActivityLog, Ask, AuditKey, Error, Facts, Outcome, Plan, Protection, Runner, gather},
    client::{Client, TenantClient},
    core::SeededRandom,
    sim::{Cloud, Sim},
    store::{self, IntentStore, Journal, MemoryStore, Store},
};
use msp365_stores::Schema;
use serde_json::Value;
use tempfile::TempDir;

use crate::wire::{AppTokens, Wire};

/// What an app needs to do all of this.
pub(crate) const RIGHTS: [&str; 13] = [
    "Device.ReadWrite.All",
    "Directory.Read.All",
    "Domain.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "LicenseAssignment.ReadWrite.All",
    "Organization.Read.All",
    "Policy.ReadWrite.AuthenticationMethod",
    "RoleManagement.ReadWrite.Directory",
    "User.ReadWrite.All",
    "User-PasswordProfile.ReadWrite.All",
    "User.RevokeSessions.All",
    "UserAuthenticationMethod.ReadWrite.All",
];
pub(crate) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
pub(crate) const READER: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
pub(crate) const ACTOR: &str = "ada@provider.example";

/// Where plans, intents and records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    Sqlite,
    Postgres,
}

/// What the place is made of.
enum Kept {
    Memory,
    Sqlite(TempDir),
    Postgres(Schema),
}

pub(crate) struct Desk {
    kept: Kept,
    pub(crate) cloud: Cloud,
    pub(crate) tenant: TenantId,
    pub(crate) wire: Arc<Wire>,
    pub(crate) client: Client,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) random: Arc<SeededRandom>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::of(Sim::seeded(7).customers(1).users_each(20))
    }

    pub(crate) fn of(sim: Sim) -> Self {
        let cloud = sim.manual_clock().build();
        let tenant = cloud.customer_ids()[0];
        let wire = Wire::new(cloud.transport());
        cloud.edit(|world| {
            assert!(world.grant_app_roles(tenant, &RIGHTS));
            let principal = world.app_only_principal(tenant).unwrap().to_owned();
            assert!(world.assign_role(tenant, GLOBAL_ADMINISTRATOR, &principal));
        });
        let client = Client::builder(cloud.endpoints(), Arc::new(AppTokens::new(&cloud)))
            .transport(Arc::<Wire>::clone(&wire))
            .clock(cloud.clock())
            .random(Arc::new(SeededRandom::new(7)))
            .build()
            .unwrap();
        Self {
            cloud,
            tenant,
            wire,
            client,
            store: Arc::new(MemoryStore::new()),
            random: Arc::new(SeededRandom::new(11)),
            kept: Kept::Memory,
        }
    }

    /// The same over another store.
    pub(crate) async fn on(place: Place) -> Self {
        let mut desk = Self::new();
        desk.kept = match place {
            Place::Memory => return desk,
            Place::Sqlite => Kept::Sqlite(msp365_stores::folder()),
            Place::Postgres => Kept::Postgres(Schema::new().await),
        };
        desk.reopen().await;
        desk
    }

    /// Opens the database anew, as another process would.
    async fn reopen(&mut self) {
        let url = match &self.kept {
            Kept::Memory => return,
            Kept::Sqlite(folder) => format!("sqlite:{}", folder.path().join("desk.db").display()),
            Kept::Postgres(schema) => schema.url(),
        };
        self.store = store::open(&url).await.unwrap();
    }

    /// Leaves nothing behind.
    pub(crate) async fn close(self) {
        drop(self.store);
        if let Kept::Postgres(schema) = self.kept {
            schema.drop_it().await;
        }
    }

    pub(crate) fn client(&self) -> TenantClient {
        self.client.tenant(self.tenant)
    }

    pub(crate) fn log(&self) -> ActivityLog {
        let journal: Arc<dyn Journal> = Arc::clone(&self.store) as _;
        ActivityLog::new(journal, self.cloud.clock(), AuditKey::new(&[7; 32]))
    }

    pub(crate) fn runner(&self) -> Runner {
        let intents: Arc<dyn IntentStore> = Arc::clone(&self.store) as _;
        Runner::new(
            intents,
            self.log(),
            self.cloud.clock(),
            Arc::clone(&self.random) as _,
        )
    }

    pub(crate) async fn facts(&self, ask: &Ask) -> Facts {
        gather(&self.client(), ask, self.cloud.clock().now())
            .await
            .unwrap()
    }

    pub(crate) async fn about(&self, user: &str) -> Facts {
        self.facts(&Ask::user(user)).await
    }

    pub(crate) async fn run(&self, plan: &Plan) -> Outcome {
        self.runner().run(&self.client(), plan, ACTOR).await.unwrap()
    }

    /// Runs a plan until it ends or the wire dies.
    pub(crate) async fn run_or_die(&self, plan: &Plan) -> Option<Result<Outcome, Error>> {
        let (runner, client) = (self.runner(), self.client());
        tokio::select! {
            biased;
            outcome = runner.run(&client, plan, ACTOR) => Some(outcome),
            () = self.wire.died.notified() => None,
        }
    }

    /// Takes up whatever may go on, as another process would after the first one died.
    pub(crate) async fn take_up(&mut self) -> Vec<Outcome> {
        self.reopen().await;
        self.cloud.advance(Duration::from_mins(6));
        let runner = self.runner();
        let mut outcomes = Vec::new();
        for plan in runner.due().await.unwrap() {
            outcomes.push(runner.resume(&self.client(), &plan.id).await.unwrap());
        }
        outcomes
    }

    /// Lines of one kind of the world's truth.
    pub(crate) fn truth(&self, kind: &str) -> Vec<Value> {
        self.cloud
            .truth()
            .into_iter()
            .filter(|line| line["kind"] == kind)
            .collect()
    }

    /// The truth as it can be compared: without times, and without ids of assignments, which are made anew.
    pub(crate) fn state(&self) -> Vec<Value> {
        let mut lines: Vec<Value> = ["user", "membership", "role_assignment", "license", "manager"]
            .iter()
            .flat_map(|kind| self.truth(kind))
            .map(|mut line| {
                if line["kind"] == "role_assignment" {
                    line["id"] = Value::Null;
                }
                timeless(&mut line);
                line
            })
            .collect();
        lines.sort_by_key(Value::to_string);
        lines
    }

    /// A user of the tenant as the world has it.
    pub(crate) fn user(&self, id: &str) -> Option<Value> {
        self.truth("user").into_iter().find(|user| user["id"] == id)
    }

    /// The ids of users who are members, of the cloud, without a role, and allowed to sign in.
    pub(crate) fn plain(&self) -> Vec<String> {
        let holders: Vec<Value> = self
            .truth("role_assignment")
            .into_iter()
            .map(|line| line["principalId"].clone())
            .collect();
        let users = self.truth("user");
        let fits = |user: &&Value| {
            user["userType"] == "Member"
                && user["accountEnabled"] == true
                && user["onPremisesSyncEnabled"] != true
                && !holders.contains(&user["id"])
        };
        users
            .iter()
            .filter(fits)
            .map(|user| user["id"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn domain(&self) -> String {
        let tenant = self.truth("tenant").remove(0);
        tenant["default_domain"].as_str().unwrap().to_owned()
    }

    /// A product of which units are free.
    pub(crate) fn product(&self) -> String {
        let free = |line: &&Value| {
            let bought = line["prepaidUnits"]["enabled"].as_i64().unwrap_or(0);
            line["appliesTo"] == "User" && bought > line["consumedUnits"].as_i64().unwrap_or(0)
        };
        let products = self.truth("license");
        let found = products.iter().find(free).unwrap();
        found["skuId"].as_str().unwrap().to_owned()
    }
}

fn timeless(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !name.ends_with("DateTime"));
            members.values_mut().for_each(timeless);
        }
        Value::Array(items) => items.iter_mut().for_each(timeless),
        _ => {}
    }
}

pub(crate) fn open() -> Protection {
    Protection::new()
}
