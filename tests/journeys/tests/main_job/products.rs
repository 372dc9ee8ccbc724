//! What products are called in lists, where no list of names has them.

use std::sync::Arc;

use msp365::{
    TenantId,
    store::{MemoryStore, Resource, SqliteStore, Store, UserFilter, UserQuery},
};

use crate::{
    journey::{Journey, world},
    rows,
};

/// A product without a name: its id, and its part number.
const ADDON: (&str, &str) = ("5e1f0000-0000-4000-8000-000000000365", "UNLISTED_ADDON");

/// A customer one of whose users holds it, not yet read.
async fn holding(store: Arc<dyn Store>) -> (Journey, TenantId, String) {
    let journey = Journey::with_store(world(1, 10), store).await;
    let tenant = journey.choose_all().await[0];
    let ada = journey.cloud.edit(|edit| {
        assert!(edit.buy(tenant, ADDON.1, 5));
        let ada = edit.add_user(tenant, "Ada Lovelace", "ada").unwrap();
        assert!(edit.give_license(tenant, &ada, ADDON.1));
        ada
    });
    (journey, tenant, ada)
}

async fn read(journey: &Journey, tenant: TenantId, only: &[Resource]) {
    let sync = journey.msp.sync().only(only.iter().copied());
    sync.run(&[tenant]).await.unwrap();
}

/// Who is found by a product of this name.
async fn found(journey: &Journey, product: &str) -> Vec<String> {
    let filter = format!("licenses={product}");
    let filter = UserFilter::parse(&filter, journey.cloud.clock().now()).unwrap();
    let page = journey
        .msp
        .store()
        .users(&UserQuery::all().filter(filter))
        .await
        .unwrap();
    page.rows.into_iter().map(|row| row.user.id).collect()
}

async fn is_called_by_its_part_number(store: Arc<dyn Store>) {
    let (journey, tenant, ada) = holding(store).await;
    read(&journey, tenant, &[Resource::Users]).await;
    assert_eq!(
        found(&journey, ADDON.0).await,
        [ada.as_str()],
        "licences were not read"
    );

    read(&journey, tenant, &[Resource::Licenses]).await;

    assert_eq!(found(&journey, ADDON.1).await, [ada]);
    assert_eq!(found(&journey, ADDON.0).await, [""; 0]);
}

#[tokio::test]
async fn a_product_without_a_name_is_called_by_its_part_number_whichever_is_read_first() {
    is_called_by_its_part_number(Arc::new(MemoryStore::new())).await;
}

#[tokio::test]
async fn a_product_without_a_name_is_called_by_its_part_number_in_sqlite() {
    let folder = msp365_stores::folder();
    let store = SqliteStore::open(folder.path().join("products.db"))
        .await
        .unwrap();

    is_called_by_its_part_number(Arc::new(store)).await;
}

#[tokio::test]
async fn users_and_licences_read_side_by_side_change_nothing_the_second_time() {
    let (journey, tenant, ada) = holding(Arc::new(MemoryStore::new())).await;

    journey.run_of(tenant).await;

    assert_eq!(found(&journey, ADDON.1).await, [ada.as_str()]);
    let before = journey.stored().await;
    let report = journey.run_of(tenant).await;
    assert!(report.resources[&Resource::Users].is_unchanged(), "{report:?}");
    rows::assert_same(&journey.stored().await, &before);
    read(&journey, tenant, &[Resource::Users]).await;
    assert_eq!(found(&journey, ADDON.1).await, [ada]);
}
