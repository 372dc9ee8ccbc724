//! Cards of every user of some worlds are the simulated service's truth, and what cannot be read is named.

use std::collections::BTreeMap;

use msp365::{
    Msp365, TenantId,
    actions::details::{self, CardKind, Viewer, Wanted},
    sim::{self, Cloud, Sim},
    store::TenantStatus,
};

use crate::cards_sign_ins::assert_sign_ins;
use crate::cards_truth::{
    World, assert_account, assert_availability, assert_devices, assert_further, assert_groups,
    assert_licenses, assert_mailbox, assert_manager, assert_profile, assert_roles, assert_same, text,
};

/// A provider who has connected, enrolled and read all customers.
async fn provider(seed: u64, customers: usize, users: u64) -> (Cloud, Msp365) {
    let cloud = Sim::seeded(seed)
        .customers(customers)
        .users_each(users)
        .manual_clock()
        .build();
    let msp = sim::builder(&cloud)
        .seed(seed)
        .in_memory()
        .changing_users(true)
        .seeing_policies(true)
        .build()
        .unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let all = msp.tenants().customers().await.unwrap();
    msp.tenants().sync(&all).await.unwrap();
    msp.sync().run(&[]).await.unwrap();
    msp.matching().run(&all, &sim::records(&cloud)).await.unwrap();
    (cloud, msp)
}

async fn ready(msp: &Msp365) -> Vec<TenantId> {
    let mut ready = Vec::new();
    for tenant in msp.tenants().customers().await.unwrap() {
        let record = msp.store().tenant(&tenant).await.unwrap().unwrap();
        if matches!(record.status, TenantStatus::Synced | TenantStatus::Degraded) {
            ready.push(tenant);
        }
    }
    ready
}

#[tokio::test]
async fn cards_of_every_user_are_the_truth_live_and_from_the_store() {
    let mut seen = 0;
    for seed in [7, 21] {
        let (cloud, msp) = provider(seed, 6, 12).await;
        let truth = cloud.truth();
        for tenant in ready(&msp).await {
            let world = World::of(&truth, tenant);
            for user in world.all("user") {
                let id = text(&user["id"]);
                let cards = msp.details(Viewer::host());
                let live = cards.live(&tenant, &id, &Wanted::all()).await.unwrap();
                let stored = cards.stored(&tenant, &id, &Wanted::all()).await.unwrap();
                for details in [&live, &stored] {
                    assert_profile(details, user);
                    assert_licenses(details, user);
                    assert_groups(details, &world);
                    assert_roles(details, &world);
                    assert_account(details, user, &world);
                    assert_availability(details, &world);
                    assert_mailbox(details, &world);
                }
                assert_further(&live, user);
                assert_devices(&live, &world);
                assert_sign_ins(&live, &world);
                assert_manager(&live, &world);
                assert_same(&live, &stored);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "only {seen} users");
}

#[tokio::test]
async fn devices_lead_to_the_tools_own_where_the_match_is_certain() {
    let (cloud, msp) = provider(7, 6, 12).await;
    let truth = cloud.truth();
    let devices: BTreeMap<String, String> = truth
        .iter()
        .filter(|line| line["kind"] == "tool_device" && line["device"].is_string())
        .map(|line| (text(&line["id"]), text(&line["device"])))
        .collect();
    let mut linked = 0;
    for tenant in ready(&msp).await {
        for user in World::of(&truth, tenant).all("user") {
            let wanted = Wanted::only([CardKind::Devices]);
            let cards = msp.details(Viewer::host());
            let found = cards.live(&tenant, &text(&user["id"]), &wanted).await.unwrap();
            for row in found.devices.unwrap().rows() {
                if let details::Link::To { id } = &row.link {
                    assert_eq!(devices.get(id), row.directory_id.as_ref(), "{row:?}");
                    linked += 1;
                }
            }
        }
    }
    assert!(linked > 10, "{linked}");
}
