//! A run that blocks users without end.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use msp365::{
    actions::{
        Access, ActivityLog, AuditKey, Runner,
        bulk::{Bulk, Chosen, Hands, Mode, Row, Tally, Unguarded},
    },
    client::Client,
    core::{Clock, Endpoints, SeededRandom},
    store::{SavedView, Selection},
};
use uuid::Uuid;

use crate::{
    cloud::{Answering, Tokens},
    endless::{Endless, peak, tenant},
    plans::Forgetful,
};

/// Users that a run reads from the list at a time.
const PAGE: u64 = 100;

/// It is always the same moment, and nobody waits.
struct Still;

#[async_trait::async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    async fn sleep(&self, _: Duration) {
        tokio::task::yield_now().await;
    }
}

/// Blocks so many users of so many tenants, or looks what that would do. Answers how they stand, and by how many kibibytes
/// the peak of the memory of this process grew meanwhile.
pub(crate) async fn over(
    tenants: u64,
    users: u64,
    mode: Mode,
    told: &mut (dyn FnMut(Row) + Send),
) -> (Tally, u64) {
    let clock: Arc<dyn Clock> = Arc::new(Still);
    let client = Client::builder(Endpoints::public(), Arc::new(Tokens))
        .transport(Arc::new(Answering))
        .clock(Arc::clone(&clock))
        .random(Arc::new(SeededRandom::new(7)))
        .build()
        .unwrap();
    let plans = Arc::new(Forgetful::default());
    let log = ActivityLog::new(
        Arc::clone(&plans) as _,
        Arc::clone(&clock),
        AuditKey::new(&[7; 32]),
    );
    let random = Arc::new(SeededRandom::new(7));
    let runner = Runner::new(plans, log, Arc::clone(&clock), random);
    let list = Endless::of(tenants, users, PAGE).await;
    let hands = Hands {
        client: &client,
        store: &list,
        runner: &runner,
        guard: &Unguarded,
    };
    let bulk = Bulk::new(Uuid::from_u128(7), Access::BlockAndRevoke, "ada");
    let all = Selection::all(SavedView::default(), clock.now(), &jiff::tz::TimeZone::UTC);
    let tenants: Vec<_> = (1..=tenants).map(tenant).collect();
    let before = peak();
    let chosen = (&Chosen::Selected(all), tenants.as_slice(), mode);
    let tally = bulk.go(hands, chosen, told).await.unwrap();
    (tally, peak() - before)
}
