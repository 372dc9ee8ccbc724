//! The seed decides about everything.

use msp365::{sim::Sim, sync::matching::Matched};

use crate::{
    journey::Journey,
    rows::{self, Tables},
};

struct Figures {
    stored: Tables,
    requests: u64,
    matched: Matched,
}

async fn figures(seed: u64) -> Figures {
    let sim = Sim::seeded(seed).customers(12).users_each(15).manual_clock();
    let journey = Journey::begin(sim).await;
    let customers = journey.choose_all().await;
    let report = journey.run().await;
    let tool = msp365::sim::records(&journey.cloud);
    let matched = journey.msp.matching().run(&customers, &tool).await.unwrap();
    Figures {
        stored: journey.stored().await,
        requests: report.requests,
        matched,
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows_requests_and_matches() {
    let (one, two) = (figures(3).await, figures(3).await);

    assert!(one.stored.len() > 30);
    rows::assert_same(&one.stored, &two.stored);
    assert_eq!((one.requests, one.matched), (two.requests, two.matched));
}

#[tokio::test]
async fn another_seed_gives_another_world() {
    let (one, other) = (figures(3).await, figures(4).await);

    let shared = one.stored.keys().find(|place| other.stored.contains_key(place));
    assert_eq!(shared, None);
}
