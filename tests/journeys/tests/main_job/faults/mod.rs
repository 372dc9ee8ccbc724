//! Faults of single readings, by their ids: what is stored stays, or becomes the truth.

mod listings;
mod rounds;

use msp365::TenantId;

use crate::{
    journey::{Journey, world},
    rows,
};

/// A customer that was read once.
async fn synced(users: u64) -> (Journey, TenantId) {
    let journey = Journey::begin(world(1, users)).await;
    let tenant = journey.choose_all().await[0];
    journey.run().await;
    rows::assert_same(&journey.stored().await, &journey.expected());
    (journey, tenant)
}
