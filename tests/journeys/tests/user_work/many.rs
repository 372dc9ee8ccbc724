//! Changing many users: cut off, throttled, gone on with.

use std::{sync::Mutex, time::Duration};

use msp365::{
    TenantId,
    actions::{
        Access, StepState,
        bulk::{Bulk, Chosen, Hands, Mode, Row, RowState, Tally, Unguarded},
    },
    core::random,
    sim::{Sim, Throttle},
    store::UserRef,
};
use tokio::sync::Notify;

use crate::{
    desk::{ACTOR, Desk, GLOBAL_ADMINISTRATOR, RIGHTS},
    wire::Mishap,
};

const TENANTS: usize = 50;
const OF_EACH: usize = 20;

fn named(desk: &Desk, people: &[String]) -> Chosen {
    let users = people.iter().map(|id| UserRef {
        tenant_id: desk.tenant,
        id: id.clone(),
    });
    Chosen::Named(users.collect())
}

pub(crate) fn blocking(desk: &Desk) -> Bulk {
    Bulk::new(random::uuid(&*desk.random), Access::BlockAndRevoke, ACTOR)
}

/// Goes through the chosen until the end; every row that was told, and the tally.
pub(crate) async fn gone(desk: &Desk, bulk: &Bulk, chosen: &Chosen, mode: Mode) -> (Vec<Row>, Tally) {
    let mut rows = Vec::new();
    let runner = desk.runner();
    let hands = Hands {
        client: &desk.client,
        store: &*desk.store,
        runner: &runner,
        guard: &Unguarded,
    };
    let tally = bulk
        .go(hands, (chosen, &[], mode), &mut |row| rows.push(row))
        .await;
    (rows, tally.unwrap())
}

/// Steps that the rows say have happened.
fn applied(rows: &[Row]) -> usize {
    let outcomes = rows.iter().filter_map(|row| row.outcome.as_ref());
    let steps = outcomes.flat_map(|outcome| &outcome.steps);
    steps.filter(|step| step.state == StepState::Applied).count()
}

/// How many effects there were, those that happened twice counted twice.
fn effects(desk: &Desk) -> usize {
    let ledger = desk.cloud.ledger();
    ledger.effects().iter().map(|effect| effect.count).sum()
}

#[tokio::test]
async fn f200_a_run_over_many_users_that_is_cut_off_reports_what_the_ledger_holds() {
    let desk = Desk::new();
    let people = desk.plain();
    let (bulk, chosen) = (blocking(&desk), named(&desk, &people));
    let fault = desk.cloud.faults().script("F200").unwrap().size(5).install();

    let (rows, tally) = gone(&desk, &bulk, &chosen, Mode::Run).await;

    assert!(fault.hits() > 0 && tally.of(RowState::Open) > 0, "{tally}");
    assert_eq!(rows.len(), people.len());
    assert_eq!(applied(&rows), effects(&desk), "{tally}");
    fault.uninstall();
    desk.cloud.advance(Duration::from_mins(6));
    let (rest, second) = gone(&desk, &bulk, &chosen, Mode::Run).await;
    assert_eq!(second.of(RowState::Earlier), tally.of(RowState::Done), "{second}");
    assert_eq!(
        second.of(RowState::Done),
        people.len() as u64 - tally.of(RowState::Done),
        "{second}"
    );
    assert!(second.is_fine() && rest.iter().all(|row| row.stop.is_none()));
    assert_eq!(effects(&desk), people.len() * 2);
    assert_eq!(desk.cloud.ledger().assert_clean(), Ok(()));
}

#[tokio::test]
async fn f200_a_run_that_dies_at_any_write_does_each_thing_once() {
    for mishap in [Mishap::CrashBefore, Mishap::CrashAfter] {
        for at in 0..8 {
            let desk = Desk::new();
            let people = desk.plain()[..4].to_vec();
            let (bulk, chosen) = (blocking(&desk), named(&desk, &people));
            desk.wire.mishap(at, mishap);
            tokio::select! {
                biased;
                _ = gone(&desk, &bulk, &chosen, Mode::Run) => panic!("write {at} is never sent"),
                () = desk.wire.died.notified() => {}
            }
            let before = effects(&desk);

            let (rows, tally) = gone(&desk, &bulk.clone().taking_over(), &chosen, Mode::Run).await;

            assert!(tally.is_fine() && tally.users == 4, "{mishap:?} at {at}: {tally}");
            assert_eq!(effects(&desk), 8, "{mishap:?} at {at}, of which {before} before");
            assert!(rows.iter().all(|row| row.id.is_some()));
            assert_eq!(desk.cloud.ledger().assert_clean(), Ok(()));
            desk.log().verify(None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn one_user_who_fails_stops_nobody() {
    let desk = Desk::new();
    let mut people = desk.plain();
    let blocked = people[0].clone();
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &blocked, "accountEnabled", false));
    let synced = people[1].clone();
    desk.cloud
        .edit(|world| world.set_user(desk.tenant, &synced, "onPremisesSyncEnabled", true));
    people.push("99999999-8888-7777-6666-555555555555".to_owned());
    let chosen = named(&desk, &people);
    let bulk = Bulk::new(random::uuid(&*desk.random), Access::Block, ACTOR);
    let truth = desk.state();

    let (rows, looked) = gone(&desk, &bulk, &chosen, Mode::Look).await;

    let of = |rows: &[Row], user: &str| {
        let row = rows.iter().find(|row| row.user == user).unwrap();
        (row.state, row.stop.as_ref().map(|stop| stop.reason.clone()))
    };
    assert_eq!(desk.state(), truth, "looking changes nothing");
    assert_eq!(looked.of(RowState::Planned), people.len() as u64 - 3, "{looked}");
    assert_eq!(looked.risks.get("medium"), Some(&looked.of(RowState::Planned)));
    let (ran, tally) = gone(&desk, &bulk, &chosen, Mode::Run).await;
    for rows in [&rows, &ran] {
        assert_eq!(
            of(rows, &blocked),
            (RowState::NoChange, Some("nothing_to_do".to_owned()))
        );
        assert_eq!(
            of(rows, &synced),
            (RowState::Refused, Some("on_premises".to_owned()))
        );
        let unknown = people.last().unwrap();
        assert_eq!(
            of(rows, unknown),
            (RowState::Refused, Some("no_such_user".to_owned()))
        );
    }
    assert_eq!(tally.of(RowState::Done), people.len() as u64 - 3, "{tally}");
    assert!(!tally.is_fine());
    assert_eq!(
        tally.to_string(),
        format!(
            "{0} users: {1} done, 1 no change, 2 refused; by risk: {1} medium; not done: 1 no such user, 1 on \
             premises",
            people.len(),
            people.len() - 3
        )
    );
}

/// A desk over fifty tenants, and people of each who can be blocked.
fn fifty() -> (Desk, Vec<UserRef>) {
    let sim = Sim::seeded(7).customers(TENANTS).users_each(10);
    let desk = Desk::of(sim.throttle(Throttle::Divided(100)));
    let tenants: Vec<TenantId> = desk.cloud.customer_ids().to_vec();
    let chosen = desk.cloud.edit(|world| {
        let mut chosen = Vec::new();
        for tenant in tenants {
            world.grant_app_roles(tenant, &RIGHTS);
            let principal = world.app_only_principal(tenant).unwrap().to_owned();
            world.assign_role(tenant, GLOBAL_ADMINISTRATOR, &principal);
            chosen.extend((0..OF_EACH).map(|number| {
                let id = world.add_user(tenant, &format!("Mate {number}"), &format!("mate{number}"));
                UserRef {
                    tenant_id: tenant,
                    id: id.unwrap(),
                }
            }));
        }
        chosen
    });
    (desk, chosen)
}

#[tokio::test]
async fn f200_a_thousand_users_of_fifty_tenants_are_blocked_once_each_under_throttling() {
    let (desk, users) = fifty();
    assert_eq!(users.len(), TENANTS * OF_EACH);
    let bulk = Bulk::new(random::uuid(&*desk.random), Access::Block, ACTOR);
    let chosen = Chosen::Named(users);
    let (told, enough) = (Mutex::new(0_usize), Notify::new());
    let runner = desk.runner();
    let hands = Hands {
        client: &desk.client,
        store: &*desk.store,
        runner: &runner,
        guard: &Unguarded,
    };
    let mut count = |row: Row| {
        assert_eq!(row.state, RowState::Done, "{row:?}");
        let mut told = told.lock().unwrap();
        *told += 1;
        if *told == 300 {
            enough.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = enough.notified() => {}
        _ = bulk.go(hands, (&chosen, &[], Mode::Run), &mut count) => panic!("it was to be cut off"),
    }
    let before = effects(&desk);
    assert!((300..1_000).contains(&before), "{before}");

    let (rows, tally) = gone(&desk, &bulk.clone().taking_over(), &chosen, Mode::Run).await;

    assert_eq!(rows.len(), 1_000);
    assert!(tally.is_fine() && tally.of(RowState::Earlier) >= 300, "{tally}");
    let ledger = desk.cloud.ledger();
    assert_eq!(ledger.effects().len(), 1_000);
    assert!(ledger.effects().iter().all(|effect| effect.count == 1));
    assert_eq!(ledger.assert_clean(), Ok(()));
    let refusals = desk
        .cloud
        .exchanges()
        .iter()
        .filter(|one| one.status == 429)
        .count();
    assert!(refusals > 0, "nothing was throttled");
}
