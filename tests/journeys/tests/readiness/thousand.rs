//! `doctor` over a thousand customers.

use std::collections::BTreeMap;

use msp365::{
    TenantId,
    sim::{Budget, Sim, Sizes, WorldPlan},
};

use crate::office::Office;

const CUSTOMERS: usize = 1_000;
/// What the partner tenant is asked once, however many customers there are: itself, the account, its groups, all groups;
/// pages of 500 customers and of relationships.
const OF_THE_PARTNER: usize = 24;

fn thousand() -> Sim {
    let mut plan = WorldPlan::default();
    plan.customers = CUSTOMERS;
    plan.users_each = 3;
    plan.sizes = Sizes::Equal;
    Sim::seeded(7).world(plan).manual_clock()
}

#[tokio::test]
async fn doctor_asks_at_most_eight_requests_for_each_of_a_thousand_customers() {
    let office = Office::open(thousand()).await;
    let before = office.cloud.requests();
    let mut seen: BTreeMap<TenantId, usize> = BTreeMap::new();
    let mut first = None;

    office
        .msp
        .tenants()
        .inspect(&[], |diagnosis| {
            first.get_or_insert_with(|| office.cloud.requests() - before);
            *seen.entry(diagnosis.tenant).or_default() += 1;
        })
        .await
        .unwrap();

    let sent = office.cloud.requests() - before;
    assert_eq!(seen.len(), CUSTOMERS + 1);
    assert!(seen.values().all(|times| *times == 1));
    assert!(sent <= 5 * CUSTOMERS, "{sent} exchanges");
    assert!(
        first.unwrap() < sent / 10,
        "the first came after {first:?} of {sent}"
    );
    // The ledger counts what batches hold one by one.
    let budget = Budget::new().total(8 * CUSTOMERS + OF_THE_PARTNER);
    office.cloud.ledger().assert_within(&budget).unwrap();
}
