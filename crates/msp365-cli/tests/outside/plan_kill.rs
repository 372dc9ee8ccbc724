//! A program that is killed at each step of a plan, before the service did it and right after, over either database:
//! what is gone on with does everything once.

use std::{ffi::OsStr, os::unix::process::ExitStatusExt, sync::Arc, time::Duration};

use msp365::{
    sim::GroupKind,
    store::{self, IntentState, PlanFilter, Store},
};
use msp365_stores::Schema;
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::{
    command::{Answer, command, ended},
    office::Office,
};

/// How long the cloud takes for an answer, so that a program is met while it waits for one.
const LATENCY: Duration = Duration::from_millis(40);
/// How often it is looked where a program is.
const LOOK: Duration = Duration::from_millis(1);
/// How many looks a program is held for: three times as long as the cloud takes for an answer.
const HELD: u32 = 120;
/// How long anything may take that is waited for.
const BOUND: Duration = Duration::from_secs(30);
/// Who leaves: one for each step and moment.
const PEOPLE: usize = 12;
const READER: &str = "Directory Readers";

/// When the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// As soon as the step is stored as sent: the service may never see it.
    Sent,
    /// Once the service has done it, and before the program has its answer.
    Done,
}

/// An office over a database, and those who work at its first customer.
pub(crate) struct Desk {
    pub(crate) office: Office,
    url: String,
    store: Arc<dyn Store>,
    pub(crate) tenant: String,
    pub(crate) people: Vec<String>,
    domain: String,
    groups: [String; 2],
}

impl Desk {
    pub(crate) async fn open(url: impl FnOnce(&Office) -> String) -> Self {
        let office = Office::open(1, 5, LATENCY).await;
        let url = url(&office);
        let store = store::open(&url).await.unwrap();
        let tenant = office.server.customer_ids()[0];
        let (groups, people) = office.server.edit(|world| {
            let groups =
                ["Crew", "Ship"].map(|name| world.add_group(tenant, name, GroupKind::Security).unwrap());
            let one = |number| {
                world
                    .add_user(tenant, &format!("Mate {number}"), &format!("leaver{number}"))
                    .unwrap()
            };
            (groups, (0..PEOPLE).map(one).collect::<Vec<_>>())
        });
        let truth = office.server.truth();
        let first = truth
            .iter()
            .find(|line| line["kind"] == "user" && line["id"] == people[0]);
        let name = first.unwrap()["userPrincipalName"].as_str().unwrap();
        let desk = Self {
            domain: name.split('@').nth(1).unwrap().to_owned(),
            tenant: tenant.to_string(),
            people,
            groups,
            store,
            url,
            office,
        };
        desk.connect().await;
        desk
    }

    async fn connect(&self) {
        self.run(&self.office.words_to_connect(&["--write"]))
            .await
            .ended(0);
        self.run(&["tenants", "sync", &self.tenant]).await.ended(0);
    }

    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut whole = command(arguments);
        whole.args(["--db", &self.url]);
        whole
    }

    pub(crate) async fn run<A: AsRef<OsStr> + Sync>(&self, arguments: &[A]) -> Answer {
        ended(self.command(arguments)).await
    }

    /// How many effects there were so far, those that happened twice counted twice.
    pub(crate) fn effects(&self) -> usize {
        let ledger = self.office.server.ledger();
        ledger.effects().iter().map(|effect| effect.count).sum()
    }

    /// Runs a plan and kills it at one of its steps; answers the id of the plan.
    async fn killed(&self, arguments: &[&str], subject: &str, at: (usize, Moment)) -> String {
        let mut child = self.command(arguments).spawn().unwrap();
        let come_so_far = self.come_so_far(&mut child, subject, at);
        let plan = tokio::time::timeout(BOUND, come_so_far).await;
        let plan = plan.unwrap_or_else(|_| panic!("{subject}: {at:?} never comes"));
        child.start_kill().unwrap();
        assert_eq!(child.wait().await.unwrap().signal(), Some(9));
        plan
    }

    /// Waits until a program is where it is to be killed.
    async fn come_so_far(&self, child: &mut Child, subject: &str, (step, moment): (usize, Moment)) -> String {
        let before = self.effects();
        let mut look = tokio::time::interval(LOOK);
        let plan = loop {
            look.tick().await;
            assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
            if let Some(plan) = self.has_sent(subject, step).await {
                break plan;
            }
        };
        if moment == Moment::Done {
            self.stopped_after(child, before + step + 1).await;
        }
        plan
    }

    /// Holds a program until there are so many effects: it has sent the next request, and never sees its answer. A
    /// program that was held too early, before its request had left, is let go on for a moment.
    async fn stopped_after(&self, child: &Child, effects: usize) {
        let mut look = tokio::time::interval(LOOK);
        loop {
            signal(child, "-STOP").await;
            for _ in 0..HELD {
                if self.effects() >= effects {
                    return;
                }
                look.tick().await;
            }
            signal(child, "-CONT").await;
            look.tick().await;
        }
    }

    /// The plan about somebody, once this step of it is stored as sent.
    async fn has_sent(&self, subject: &str, step: usize) -> Option<String> {
        let plans = self.store.plans(&PlanFilter::all()).await.unwrap();
        let plan = plans.iter().find(|plan| plan.subject == subject)?;
        let intents = self.store.intents(&plan.id).await.unwrap();
        let is_sent = intents.get(step)?.state != IntentState::Planned;
        is_sent.then(|| plan.id.to_string())
    }

    /// Goes on with all plans, each in a program of its own and all at once.
    async fn go_on(&self, action: &str, plans: &[String]) -> Vec<Value> {
        let mut running = tokio::task::JoinSet::new();
        for plan in plans {
            let whole = ["users", action, "--resume", plan, "--take-over", "--json"];
            running.spawn(ended(self.command(&whole)));
        }
        let answers = running.join_all().await;
        answers
            .into_iter()
            .map(|answer| {
                let document = answer.ended(0).json();
                assert_eq!(document["done"], true, "{document:#}");
                document
            })
            .collect()
    }

    /// Nothing happened twice, all that was planned happened, and the log tells of each step once.
    async fn is_whole(&self, before: usize, steps: usize, plans: &[String]) {
        assert_eq!(self.effects() - before, steps * plans.len());
        assert_eq!(self.office.server.ledger().assert_clean(), Ok(()));
        self.run(&["activity", "--verify"]).await.ended(0);
        let log = self.run(&["activity", "--json"]).await.ended(0).json();
        for plan in plans {
            let records = log["records"].as_array().unwrap().iter();
            let own = records.filter(|record| record["detail"]["plan"] == *plan);
            let mut told: Vec<_> = own
                .filter_map(|record| record["detail"]["step"].as_u64())
                .collect();
            told.sort_unstable();
            assert_eq!(told, (0..steps as u64).collect::<Vec<_>>(), "{log:#}");
        }
        let left = self.run(&["users", "plans", "--json"]).await.ended(0).json();
        assert_eq!(left["count"], 0, "{left}");
    }

    async fn offboardings(&self) {
        let reader = msp365::graph::roles::all()
            .find(|role| role.name == READER)
            .unwrap()
            .id;
        let tenant = self.office.server.customer_ids()[0];
        self.office.server.edit(|world| {
            for id in &self.people {
                assert!(world.assign_role(tenant, reader, id));
                assert!(
                    self.groups
                        .iter()
                        .all(|group| world.add_member(tenant, group, id))
                );
            }
        });
        let wish = |id: &str| {
            let chosen = "--block --revoke --remove-roles --leave-groups --delete --apply";
            let mut whole = vec!["users", "offboard", id, "--tenant", &self.tenant];
            whole.extend(chosen.split(' '));
            whole.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let shown: Vec<_> = wish(&self.people[0]);
        let shown: Vec<_> = shown
            .iter()
            .map(String::as_str)
            .filter(|one| *one != "--apply")
            .collect();
        let shown = self
            .run(&[&shown[..], &["--json"]].concat())
            .await
            .ended(0)
            .json();
        let steps = shown["plan"]["steps"].as_array().unwrap().len();
        assert_eq!(steps, 6, "{shown:#}");
        let (before, mut plans) = (self.effects(), Vec::new());
        let moments = (0..steps).flat_map(|step| [(step, Moment::Sent), (step, Moment::Done)]);
        for (id, at) in self.people.iter().zip(moments) {
            let whole = wish(id);
            let whole: Vec<_> = whole.iter().map(String::as_str).collect();
            plans.push(self.killed(&whole, id, at).await);
        }

        self.go_on("offboard", &plans).await;

        assert_eq!(plans.len(), PEOPLE);
        self.is_whole(before, steps, &plans).await;
        let truth = self.office.server.truth();
        let is_there = |id: &String| {
            truth
                .iter()
                .any(|line| line["kind"] == "user" && line["id"] == **id)
        };
        assert_eq!(self.people.iter().filter(|id| is_there(id)).count(), 0);
    }

    async fn creations(&self) {
        let domain = &self.domain;
        let manager = &self.people[0];
        let [crew, ship] = &self.groups;
        let (steps, before) = (5, self.effects());
        let moments = (0..steps).flat_map(|step| [(step, Moment::Sent), (step, Moment::Done)]);
        let (mut plans, mut names) = (Vec::new(), Vec::new());
        for (number, at) in moments.enumerate() {
            let name = format!("mate{number}@{domain}");
            let whole = [
                "users",
                "create",
                &name,
                "--name",
                "Mate",
                "--tenant",
                &self.tenant,
                "--role",
                READER,
                "--group",
                crew,
                "--group",
                ship,
                "--manager",
                manager,
                "--apply",
            ];
            plans.push(self.killed(&whole, &name, at).await);
            names.push(name);
        }

        let outcomes = self.go_on("create", &plans).await;

        self.is_whole(before, steps, &plans).await;
        let truth = self.office.server.truth();
        let count = |name: &String| {
            truth
                .iter()
                .filter(|line| line["userPrincipalName"] == **name)
                .count()
        };
        assert!(names.iter().all(|name| count(name) == 1));
        // The password died with the program that made it; where another had to be made, it is told.
        let told = outcomes
            .iter()
            .filter(|one| !one["secrets"].as_array().unwrap().is_empty());
        assert!(told.count() <= 1);
    }
}

async fn signal(child: &Child, signal: &str) {
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().await.unwrap();
    assert!(sent.success());
}

pub(crate) fn sqlite(office: &Office) -> String {
    format!("sqlite:{}", office.db.display())
}

pub(crate) async fn offboardings_over_sqlite() {
    Desk::open(sqlite).await.offboardings().await;
}

pub(crate) async fn offboardings_over_postgres(schema: &Schema) {
    Desk::open(|_| schema.url()).await.offboardings().await;
}

pub(crate) async fn creations_over_sqlite() {
    Desk::open(sqlite).await.creations().await;
}

pub(crate) async fn creations_over_postgres(schema: &Schema) {
    Desk::open(|_| schema.url()).await.creations().await;
}
