//! `msp365 demo`: the whole main job in one process, on the simulated cloud.

use std::sync::Arc;

use msp365::{
    Connected, ErrorKind, Msp365, TenantId,
    auth::{StaticKeyRing, SystemRandom, VaultKey},
    core::Random,
    sim::{self, Cloud, Sim},
    store::{LogFate, Resource, Store, TenantFilter, TenantKind, TenantRecord, TenantStatus},
    sync::{RunReport, matching::Matched},
};
use serde::Serialize;

use crate::{
    Ended,
    args::{Demo, Global, World},
    bars::Bars,
    failure::Failure,
    output, session,
    sim::install,
    summary::{self, Summary},
};

/// Where the store keeps which simulated world its rows are of.
const WORLD: &str = "demo_world";

/// The document that `demo --json` prints.
#[derive(Serialize)]
struct Document {
    tenants: TenantCounts,
    users: u64,
    groups: u64,
    memberships: u64,
    devices: u64,
    managed_devices: u64,
    licenses: u64,
    role_assignments: u64,
    sign_ins: u64,
    mailboxes: u64,
    matches: Matched,
    changed: Difference,
    #[serde(flatten)]
    cost: Cost,
}

/// What it took.
#[derive(Serialize, Clone, Copy)]
struct Cost {
    requests: u64,
    throttled: u64,
    elapsed_ms: u64,
}

#[derive(Serialize)]
struct TenantCounts {
    listed: usize,
    ready: usize,
    synced: usize,
    blocked: usize,
}

/// What this run changed in the database.
#[derive(Serialize, Clone, Copy, Default, PartialEq, Eq)]
struct Difference {
    added: u64,
    changed: u64,
    removed: u64,
}

pub(crate) async fn run(global: &Global, command: &Demo) -> Result<Ended, Failure> {
    let world = command.world;
    let cloud = Sim::seeded(global.seed)
        .customers(usize::try_from(world.customers).unwrap_or(usize::MAX))
        .users_each(u64::from(world.users))
        .build();
    let _faults = install(&cloud, &command.faults)?;
    let store = prepared(global, world).await?;
    let mut key = [0; 32];
    SystemRandom.fill(&mut key);
    let keys = Arc::new(StaticKeyRing::new(VaultKey::from_bytes("demo", key)));
    let msp = sim::builder(&cloud)
        .store(Arc::clone(&store), keys)
        .seed(global.seed)
        .build()?;
    let started = cloud.clock().now();

    connect(global, &cloud, &msp).await?;
    let tenants = msp.tenants().refresh().await?;
    let customers: Vec<_> = tenants
        .iter()
        .filter(|tenant| tenant.kind == TenantKind::Customer)
        .map(|tenant| tenant.id)
        .collect();
    output::note(
        global,
        &format!("Listed {}.", output::many(customers.len(), "customer")),
    );
    let bars = Bars::new(global);
    let report = read(&msp, &customers, &bars).await;
    let stage = bars.stage("matched", 1);
    let report = report?;
    let matches = msp.matching().run(&customers, &sim::records(&cloud)).await?;
    stage.inc(1);
    bars.finish();

    let records = chosen(&*store, &customers).await?;
    let summary = Summary::read(&msp, &customers).await?;
    let sent = msp.client().meter().total();
    let elapsed = cloud.clock().now().duration_since(started).as_millis();
    let cost = Cost {
        requests: sent.requests,
        throttled: sent.throttled,
        elapsed_ms: u64::try_from(elapsed).unwrap_or_default(),
    };
    let document = documented(&records, &summary, (&report, matches), cost);
    if global.json {
        output::json(&document)?;
    } else {
        show(&records, &summary, &document)?;
    }
    Ok(Ended::Done)
}

/// What is stored now, what this run changed and found, and what it took.
fn documented(
    records: &[TenantRecord],
    summary: &Summary,
    (report, matches): (&RunReport, Matched),
    cost: Cost,
) -> Document {
    Document {
        tenants: counts(records),
        users: summary.total(Resource::Users),
        groups: summary.total(Resource::Groups),
        memberships: summary.total(Resource::Memberships),
        devices: summary.total(Resource::Devices),
        managed_devices: summary.total(Resource::ManagedDevices),
        licenses: summary.total(Resource::Licenses),
        role_assignments: summary.total(Resource::RoleAssignments),
        sign_ins: summary.total(Resource::SignIns),
        mailboxes: summary.total(Resource::Mailboxes),
        matches,
        changed: changed(report),
        cost,
    }
}

/// The database, holding rows of this world or none. Rows of another simulated world go; a real connection stays, and
/// the demo with it.
async fn prepared(global: &Global, world: World) -> Result<Arc<dyn Store>, Failure> {
    let store = session::store(global).await?;
    let wanted = format!(
        "seed={} customers={} users={}",
        global.seed, world.customers, world.users
    );
    let found = store.meta(WORLD).await.map_err(msp365::Error::from)?;
    if found.as_deref() == Some(&wanted) {
        return Ok(store);
    }
    if found.is_none() && Connected::of(&*store).await?.is_some() {
        return Err(Failure::new(
            ErrorKind::Conflict,
            format!("`{}` holds a connection that is not the demo's", global.db),
        )
        .remedy("give the demo a database of its own, such as `--db sqlite:demo.db`"));
    }
    if found.is_some() {
        output::note(
            global,
            "The database held another simulated world; its rows were removed.",
        );
    }
    store.wipe(LogFate::Remove).await.map_err(msp365::Error::from)?;
    store
        .set_meta(WORLD, &wanted)
        .await
        .map_err(msp365::Error::from)?;
    Ok(store)
}

/// Signs in as a person would: account, second factor, consent.
async fn connect(global: &Global, cloud: &Cloud, msp: &Msp365) -> Result<(), Failure> {
    let connection = sim::connect(cloud, msp).await?;
    let factor = if connection.mfa == msp365::auth::Mfa::Proven {
        "with"
    } else {
        "without"
    };
    output::note(
        global,
        &format!(
            "Connected as {}, {factor} a second factor.",
            connection.account_name
        ),
    );
    Ok(())
}

/// Checks and enrols every customer, then reads those that are ready.
async fn read(msp: &Msp365, customers: &[TenantId], bars: &Bars) -> Result<RunReport, Failure> {
    let checked = bars.checked(customers.len());
    let found = msp.tenants().enrol(customers, |_| checked.inc(1)).await?;
    let ready: Vec<_> = found
        .iter()
        .filter(|diagnosis| diagnosis.ready)
        .map(|diagnosis| diagnosis.tenant)
        .collect();
    if ready.is_empty() {
        return Ok(RunReport::default());
    }
    Ok(msp
        .sync()
        .observed(bars.observer(ready.len()))
        .run(&ready)
        .await?)
}

async fn chosen(store: &dyn Store, customers: &[TenantId]) -> Result<Vec<TenantRecord>, Failure> {
    let mut records = store
        .tenants(&TenantFilter::all())
        .await
        .map_err(msp365::Error::from)?;
    records.retain(|record| customers.contains(&record.id));
    Ok(records)
}

fn counts(records: &[TenantRecord]) -> TenantCounts {
    let of = |statuses: &[TenantStatus]| {
        records
            .iter()
            .filter(|record| statuses.contains(&record.status))
            .count()
    };
    let blocked = of(&[TenantStatus::Blocked]);
    TenantCounts {
        listed: records.len(),
        ready: records.len() - blocked,
        synced: of(&[TenantStatus::Synced, TenantStatus::Degraded]),
        blocked,
    }
}

fn changed(report: &RunReport) -> Difference {
    let mut sum = Difference::default();
    for done in report.tenants.iter().flat_map(|tenant| tenant.resources.values()) {
        sum.added += done.added;
        sum.changed += done.changed;
        sum.removed += done.removed;
    }
    sum
}

fn show(records: &[TenantRecord], summary: &Summary, document: &Document) -> Result<(), Failure> {
    output::line(&summary::tenants(records, summary).to_string())?;
    let Document { tenants, matches, .. } = document;
    output::line(&format!(
        "\n{}: {} ready, {} synced (with gaps: {}), {} blocked.",
        output::many(tenants.listed, "customer"),
        tenants.ready,
        tenants.synced,
        records
            .iter()
            .filter(|record| record.status == TenantStatus::Degraded)
            .count(),
        tenants.blocked
    ))?;
    output::line(&format!(
        "{} users, {} groups with {} memberships, {} devices, {} managed devices, {} products, {} role assignments.",
        document.users,
        document.groups,
        document.memberships,
        document.devices,
        document.managed_devices,
        document.licenses,
        document.role_assignments
    ))?;
    for (name, counts) in [
        ("Organizations", matches.organizations),
        ("Devices", matches.devices),
    ] {
        output::line(&format!(
            "{name} matched with the tool's records: {} certain, {} suggested, {} ambiguous, {} without a counterpart.",
            counts.certain, counts.suggested, counts.ambiguous, counts.none
        ))?;
    }
    output::line(&format!("\n{}", summary.licences()))?;
    output::line(&summary.activity())?;
    let change = if document.changed == Difference::default() {
        "Nothing has changed since the last run.".to_owned()
    } else {
        let Difference {
            added,
            changed,
            removed,
        } = document.changed;
        format!("{added} rows added, {changed} changed, {removed} removed.")
    };
    output::line(&format!(
        "{change} {} requests, {} throttled, {:.1} s.",
        document.cost.requests,
        document.cost.throttled,
        std::time::Duration::from_millis(document.cost.elapsed_ms).as_secs_f64()
    ))
}
