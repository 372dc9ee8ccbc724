//! Technicians and stored plans: what they may not do is refused first, and what is done is in their name.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use msp365::{
    Error, ErrorKind, Msp365, TenantId,
    actions::{
        Access, ActivitySink, Ask, Error as PlanError, Plan, Protection, Risk, SinkError, TwoPersons,
        explain::Levels,
    },
    sim::{self, Cloud, Sim},
    store::{JournalFilter, JournalRecord, PlanFilter, PlanState},
};
use serde_json::json;

/// Takes records unless it is down.
#[derive(Default)]
struct Elsewhere {
    is_down: AtomicBool,
    taken: Mutex<Vec<i64>>,
}

#[async_trait]
impl ActivitySink for Elsewhere {
    async fn record(&self, record: &JournalRecord) -> Result<(), SinkError> {
        if self.is_down.load(Ordering::Relaxed) {
            return Err("it is down".into());
        }
        self.taken.lock().unwrap().push(record.sequence);
        Ok(())
    }
}

struct Office {
    cloud: Cloud,
    msp: Msp365,
    tenants: Vec<TenantId>,
    elsewhere: Arc<Elsewhere>,
    /// Records of connecting and enrolling.
    before: i64,
}

impl Office {
    async fn open() -> Self {
        let cloud = Sim::seeded(7).customers(2).users_each(10).manual_clock().build();
        let elsewhere = Arc::new(Elsewhere::default());
        let msp = sim::builder(&cloud)
            .seed(7)
            .in_memory()
            .changing_users(true)
            .gate(Arc::new(TwoPersons::from(Risk::High)))
            .log_sink(Arc::clone(&elsewhere) as _);
        let msp = msp.build().unwrap();
        sim::connect(&cloud, &msp).await.unwrap();
        msp.tenants().refresh().await.unwrap();
        let tenants = cloud.customer_ids().to_vec();
        msp.tenants().enrol(&tenants, |_| {}).await.unwrap();
        let before = msp.actions().log().unwrap().anchor().await.unwrap().count;
        Self {
            cloud,
            msp,
            tenants,
            elsewhere,
            before,
        }
    }

    /// Bo sees the first customer alone, Cleo the second.
    fn levels(&self) -> Levels {
        let of =
            |at: usize| json!({"level": "desk", "tenants": {"only": [self.tenants[at]]}, "sites": "all"});
        serde_json::from_value(json!({
            "levels": {"desk": {"areas": {"users": "operate", "activity": "view"}}},
            "technicians": {"bo": of(0), "cleo": of(1)},
        }))
        .unwrap()
    }

    async fn blocking(&self) -> Plan {
        let truth = self.cloud.truth();
        let ordinary = truth.iter().find(|line| {
            line["kind"] == "user"
                && line["tenant"] == self.tenants[0].to_string()
                && line["accountEnabled"] == true
                && line["onPremisesSyncEnabled"] != true
                && !truth.iter().any(|other| other["principalId"] == line["id"])
        });
        let user = ordinary.unwrap()["id"].as_str().unwrap();
        let facts = self.msp.actions().facts(&self.tenants[0], &Ask::user(user)).await;
        Access::Block.plan(&facts.unwrap(), &Protection::new()).unwrap()
    }
}

#[tokio::test]
async fn a_technician_who_does_not_see_a_plan_decides_nothing_about_it() {
    let office = Office::open().await;
    let (levels, plan) = (office.levels(), office.blocking().await);
    let host = office.msp.actions();
    let (bo, cleo) = (host.by(&levels, "bo", &[]), host.by(&levels, "cleo", &[]));
    let runner = host.runner().unwrap();
    let id = bo.submit_by(&runner, &plan, "somebody else").await.unwrap();
    let record = office.msp.store().plan(&id).await.unwrap().unwrap();
    assert_eq!(
        record.actor, "bo",
        "a technician's plan is in the technician's name"
    );
    let before = office.cloud.requests();

    let hidden = [
        cleo.resume(&record).await.unwrap_err(),
        cleo.approve(&id, "bo").await.unwrap_err(),
        cleo.cancel(&id, "bo").await.unwrap_err(),
        cleo.take_over(&id, "bo").await.unwrap_err(),
    ];

    assert_eq!(office.cloud.requests(), before);
    for refused in hidden {
        assert!(matches!(refused, Error::WouldBeRefused(_)), "{refused}");
    }
    assert!(cleo.plans(&PlanFilter::all()).await.unwrap().is_empty());
    assert!(cleo.due().await.unwrap().is_empty());
    let since = JournalFilter::all().after(office.before);
    assert!(cleo.activity(&since).await.unwrap().is_empty());
    assert_eq!(bo.due().await.unwrap().len(), 1);
    for kind in [
        cleo.runner().map(|_| ()).unwrap_err().kind(),
        cleo.log().map(|_| ()).unwrap_err().kind(),
    ] {
        assert_eq!(kind, ErrorKind::Denied, "the host's own is not a technician's");
    }
    let told: Vec<_> = bo.activity(&JournalFilter::all().actor("cleo")).await.unwrap();
    assert_eq!(told.len(), 4, "attempts are recorded: {told:?}");
    assert!(told.iter().all(|record| record.outcome == "refused"));

    bo.take_over(&id, "somebody else").await.unwrap();
    let since = JournalFilter::all().after(office.before).actor("bo");
    let told = bo.activity(&since).await.unwrap();
    assert_eq!(told.last().unwrap().outcome, "taken_over", "{told:?}");
    let outcome = bo.resume(&record).await.unwrap();
    assert!(outcome.is_done(), "{outcome}");
    let over = cleo.resume(&record).await.unwrap_err();
    assert!(
        matches!(over, Error::WouldBeRefused(_)),
        "nothing is left, and it is not seen all the same: {over}"
    );
    let over = bo.resume(&record).await.unwrap_err();
    assert!(matches!(over, Error::Actions(PlanError::Over { .. })), "{over}");
}

#[tokio::test]
async fn a_technicians_run_is_recorded_in_the_technicians_name() {
    let office = Office::open().await;
    let (levels, plan) = (office.levels(), office.blocking().await);
    let bo = office.msp.actions().by(&levels, "bo", &[]);

    assert!(bo.run(&plan, "ada").await.unwrap().is_done());

    let since = JournalFilter::all().after(office.before);
    let records = office.msp.actions().activity(&since).await.unwrap();
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.actor == "bo"), "{records:?}");
}

#[tokio::test]
async fn what_would_be_refused_is_not_due_any_more() {
    let office = Office::open().await;
    let (host, plan) = (office.msp.actions(), office.blocking().await);
    let id = host
        .submit_by(&host.runner().unwrap(), &plan, "ada")
        .await
        .unwrap();
    let record = office.msp.store().plan(&id).await.unwrap().unwrap();
    let scopes = ["Directory.Read.All"];
    assert!(
        office
            .cloud
            .edit(|world| world.set_scopes(office.tenants[0], &scopes))
    );

    host.resume(&record).await.unwrap_err();

    assert!(host.due().await.unwrap().is_empty());
    let kept = office.msp.store().plan(&id).await.unwrap().unwrap();
    assert_eq!(kept.state, PlanState::Refused);
    let since = JournalFilter::all().after(office.before + 1);
    let told = host.activity(&since).await.unwrap();
    assert_eq!(told[0].detail["reason"], "consent", "{told:?}");
}

#[tokio::test]
async fn what_is_stored_to_be_left_alone_is_so_for_every_plan() {
    let office = Office::open().await;
    let (host, plan) = (office.msp.actions(), office.blocking().await);
    let id = host
        .submit_by(&host.runner().unwrap(), &plan, "ada")
        .await
        .unwrap();
    let name = plan.subject.name.clone();
    host.protect(&Protection::new().break_glass(&name)).await.unwrap();
    let record = office.msp.store().plan(&id).await.unwrap().unwrap();

    let outcome = host.resume(&record).await.unwrap();

    assert!(outcome.steps[0].words.contains("emergencies"), "{outcome}");
    assert_eq!(host.protection().await.unwrap().break_glass, [name]);
    let levels = office.levels();
    let bo = host.by(&levels, "bo", &[]);
    let refused = bo.protect(&Protection::new()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Denied);
}

#[tokio::test]
async fn the_hosts_own_log_gets_each_record_also_after_it_was_down() {
    let office = Office::open().await;
    let (host, plan) = (office.msp.actions(), office.blocking().await);
    let taken = || {
        let taken = office.elsewhere.taken.lock().unwrap();
        let since: Vec<_> = taken.iter().map(|number| number - office.before).collect();
        since.into_iter().filter(|number| *number > 0).collect::<Vec<_>>()
    };

    let outcome = host.run(&plan, "ada").await.unwrap();
    assert_eq!(taken(), [1, 2]);
    office.elsewhere.is_down.store(true, Ordering::Relaxed);
    let undone = host.run(&outcome.inverse().unwrap(), "ada").await.unwrap();
    assert!(undone.is_done(), "what is done is done: {undone}");
    assert_eq!(taken(), [1, 2]);
    office.elsewhere.is_down.store(false, Ordering::Relaxed);
    assert!(host.run(&plan, "ada").await.unwrap().is_done());

    assert_eq!(taken(), [1, 2, 3, 4, 5, 6]);
}
