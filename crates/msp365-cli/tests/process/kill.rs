//! A sync that is killed, again and again, ends in the rows of one that was left alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    time::Duration,
};

use msp365::{
    core::{SeededRandom, random},
    store::{TenantFilter, TenantStatus},
};
use serde_json::Value;

use crate::{
    command::ended,
    office::{Office, command_on, open, rows},
};

/// How often the sync is killed.
const KILLS: u64 = 20;
/// How long the cloud takes for an answer, so that a kill lands among others that are under way.
const LATENCY: Duration = Duration::from_millis(5);
/// How often the number of requests is looked at.
const LOOK: Duration = Duration::from_millis(1);
/// How long a sync may take to come as far as it is to be killed.
const BOUND: Duration = Duration::from_mins(1);

/// What must be the same however often it was killed. The day of a report is that of the run.
type Ended = (BTreeMap<String, Vec<Value>>, Vec<(String, TenantStatus, Value)>);

async fn what_is_stored(db: &Path) -> Ended {
    let store = open(db).await;
    let mut rows = rows(&*store).await;
    for row in rows.values_mut().flatten() {
        if let Some(members) = row.as_object_mut() {
            members.remove("report_refreshed_on");
        }
    }
    let tenants = store.tenants(&TenantFilter::all()).await.unwrap();
    let stand = tenants
        .into_iter()
        .map(|tenant| (tenant.name, tenant.status, tenant.findings));
    (rows, stand.collect())
}

/// Starts a sync and kills it once so many requests of it were answered. Answers whether it was still running.
async fn killed_after(office: &Office, db: &Path, requests: u64) -> bool {
    let before = office.server.requests() as u64;
    let mut sync = command_on(db, &["sync", "--json"]).spawn().unwrap();
    let mut look = tokio::time::interval(LOOK);
    let come_so_far = async {
        while (office.server.requests() as u64) < before + requests {
            look.tick().await;
            if sync.try_wait().unwrap().is_some() {
                break;
            }
        }
    };
    tokio::time::timeout(BOUND, come_so_far)
        .await
        .expect("the sync comes so far");
    sync.start_kill().unwrap();
    sync.wait().await.unwrap().signal() == Some(9)
}

/// Runs a sync to its end. Answers how many rows it added.
async fn finished(db: &Path) -> u64 {
    let lines = ended(command_on(db, &["sync", "--json"])).await.ended(1).lines();
    let resources = lines
        .iter()
        .filter_map(|line| line["resources"].as_object())
        .flat_map(|resources| resources.values());
    resources.map(|done| done["added"].as_u64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_end_in_the_rows_of_an_undisturbed_run() {
    let office = Office::open(3, 300, LATENCY).await;
    ended(office.connect()).await.ended(0);
    office.run(&["tenants", "sync", "--all"]).await.ended(1);
    let copy = |name: String| {
        let db = office.folder.path().join(name);
        fs::copy(&office.db, &db).unwrap();
        // A process may end before what it wrote has left the log.
        let log = |db: &Path| db.with_extension("db-wal");
        if log(&office.db).exists() {
            fs::copy(log(&office.db), log(&db)).unwrap();
        }
        db
    };
    let undisturbed = copy("undisturbed.db".to_owned());
    let before = office.server.requests();
    let whole = finished(&undisturbed).await;
    let requests = (office.server.requests() - before) as u64;
    let wanted = what_is_stored(&undisturbed).await;
    assert!(
        whole > 5_000 && requests > 30,
        "{whole} rows, {requests} requests"
    );

    let random = SeededRandom::for_purpose(7, "kills");
    let mut killed = 0;
    let mut partly = BTreeSet::new();
    for round in 0..KILLS {
        let db = copy(format!("{round}.db"));
        let moment = 1 + random::below(&random, requests - 1);

        killed += u64::from(killed_after(&office, &db, moment).await);
        let added = finished(&db).await;

        partly.insert(added);
        let found = what_is_stored(&db).await;
        assert!(found == wanted, "round {round}, killed after {moment} requests");
    }

    assert!(killed >= KILLS * 3 / 4, "only {killed} were killed in the middle");
    // Some were killed before the first page, some had stored a part of the rows, which was not stored again.
    let parts = partly.iter().filter(|added| (1..whole).contains(*added)).count();
    assert!(parts >= 3, "{partly:?} of {whole} rows were added by second runs");
}
