//! Behaviours of lists: searching, selecting, counting, what else is listed.

use msp365_core::ErrorKind;

use super::{
    at, both_tenants, contoso, fabrikam, noon, pass, user,
    users::{each_finds, found, people},
};
use crate::{
    DeviceRow, Direction, LicenseRow, Names, PageCommit, Resource, RowQuery, Store, UserColumn, UserQuery,
    UserRow, Value,
};

pub async fn licences_are_listed_by_product(store: &dyn Store) {
    both_tenants(store).await;
    let with = |id: &str, products: &[&str]| UserRow {
        products: Names::of(products.iter().copied()),
        ..user(id, id)
    };
    let rows = vec![
        with("1", &["Visio; Plan 2", "Microsoft 365 E3"]),
        with("2", &["Microsoft 365 E3"]),
        with("3", &[]),
    ];
    pass(store, contoso(), Resource::Users, vec![rows.into()]).await;

    let by_product = UserQuery::all().sort(UserColumn::Licenses, Direction::Ascending);
    assert_eq!(found(store, by_product).await, ["C3", "C2", "C1"]);
    let table: [(&str, &[&str]); 4] = [
        ("licenses=microsoft 365 e3", &["C1", "C2"]),
        ("licenses=Visio, Plan 2", &["C1"]),
        ("licenses=", &["C3"]),
        ("licenses~visio", &["C1"]),
    ];
    each_finds(store, &table).await;
}

/// So products get their part numbers once licences are read.
pub async fn a_user_stored_again_between_passes_is_found_anew_and_no_stream_moves(store: &dyn Store) {
    both_tenants(store).await;
    let with = |id: &str, product: &str| UserRow {
        products: Names::of([product]),
        ..user(id, id)
    };
    let rows = vec![with("1", "5e1f"), with("2", "5e1f")];
    pass(store, contoso(), Resource::Users, vec![rows.into()]).await;
    let before = store.stream(&contoso(), Resource::Users).await.unwrap();

    let mut page = PageCommit::new(contoso(), 0, Resource::Users, before.generation);
    (page.cursor, page.phase) = (before.cursor.clone(), before.phase);
    let counts = store.commit(page.rows(vec![with("1", "ADDON")])).await.unwrap();

    assert_eq!((counts.added, counts.changed), (0, 1));
    assert_eq!(store.stream(&contoso(), Resource::Users).await.unwrap(), before);
    let table: [(&str, &[&str]); 2] = [("licenses=addon", &["C1"]), ("licenses=5e1f", &["C2"])];
    each_finds(store, &table).await;
    // Who was stored again is removed like anybody else whom the next listing lacks.
    let rows = vec![with("2", "ADDON")];
    pass(store, contoso(), Resource::Users, vec![rows.into()]).await;
    each_finds(store, &[("licenses=addon", &["C2"])]).await;
}

pub async fn users_are_named_or_left_out_by_tenant_and_id(store: &dyn Store) {
    people(store).await;

    let named = UserQuery::all().only([(contoso(), "2"), (fabrikam(), "1"), (contoso(), "none")]);
    assert_eq!(found(store, named).await, ["C2", "F1"]);
    let nobody: [(msp365_core::TenantId, &str); 0] = [];
    assert_eq!(found(store, UserQuery::all().only(nobody)).await, [""; 0]);
    let narrowed = UserQuery::all().tenants([contoso()]).only_in([fabrikam()]);
    assert_eq!(found(store, narrowed).await, [""; 0]);
    let but = UserQuery::all()
        .tenants([contoso()])
        .except([(contoso(), "2"), (fabrikam(), "3")]);
    assert_eq!(found(store, but).await, ["C1", "C3"]);
    let narrowed = UserQuery::all().only_in([fabrikam()]);
    assert_eq!(found(store, narrowed).await, ["F2", "F1"]);
}

pub async fn a_count_ends_where_it_may(store: &dyn Store) {
    people(store).await;
    let query = UserQuery::all();

    assert_eq!(store.user_count(&query, 3).await.unwrap(), (3, false));
    assert_eq!(store.user_count(&query, 5).await.unwrap(), (5, true));
    assert_eq!(store.user_count(&query.only_in([]), 5).await.unwrap(), (0, true));
}

pub async fn a_page_says_how_old_its_columns_are(store: &dyn Store) {
    people(store).await;

    let page = store.user_page(&UserQuery::all()).await.unwrap();

    let users = page.source(&fabrikam(), UserColumn::DisplayName).unwrap();
    assert_eq!(
        (users.fresh_as_of, users.stale_because.as_deref()),
        (Some(noon()), None)
    );
    let sign_ins = page.source(&fabrikam(), UserColumn::LastSignIn).unwrap();
    assert_eq!(sign_ins.stale_because.as_deref(), Some("not_licensed"));
    assert_eq!(page.source(&fabrikam(), UserColumn::Roles), None);
}

pub async fn the_last_five_that_a_technician_viewed_are_remembered(store: &dyn Store) {
    both_tenants(store).await;
    let many: Vec<_> = (0..7).map(|n| user(&n.to_string(), "Ada")).collect();
    pass(store, contoso(), Resource::Users, vec![many.clone().into()]).await;
    for (second, id) in (0..).zip(["0", "1", "2", "3", "4", "5", "1"]) {
        let at = noon() + jiff::SignedDuration::from_secs(second);
        store.viewed("bo", &contoso(), id, at).await.unwrap();
    }
    store.viewed("cleo", &contoso(), "6", noon()).await.unwrap();
    let seen = async |technician: &str| -> Vec<String> {
        let views = store.recently_viewed(technician).await.unwrap();
        views.into_iter().map(|view| view.user.id).collect()
    };

    assert_eq!(seen("bo").await, ["1", "5", "4", "3", "2"]);
    assert_eq!(seen("cleo").await, ["6"]);
    assert_eq!(seen("nobody").await, [""; 0]);
    pass(store, contoso(), Resource::Users, vec![many[..4].to_vec().into()]).await;
    assert_eq!(seen("bo").await, ["1", "3", "2"]);
    store.purge(&contoso()).await.unwrap();
    assert_eq!(seen("bo").await, [""; 0]);
    let unknown = "a0000000-0000-4000-8000-000000000009".parse().unwrap();
    let error = store.viewed("bo", &unknown, "1", noon()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

pub async fn rows_of_any_resource_are_listed(store: &dyn Store) {
    both_tenants(store).await;
    let device = |id: &str, name: &str, enabled: Option<bool>| DeviceRow {
        display_name: Some(name.to_owned()),
        account_enabled: enabled,
        last_sign_in_at: Some(at("2026-01-01T00:00:00Z")),
        ..DeviceRow::new(id)
    };
    let devices = vec![device("1", "PC-Ada", Some(true)), device("2", "pc-bo", None)];
    pass(store, contoso(), Resource::Devices, vec![devices.into()]).await;
    let devices = vec![device("1", "laptop", Some(false))];
    pass(store, fabrikam(), Resource::Devices, vec![devices.into()]).await;
    let licenses = vec![
        LicenseRow {
            consumed: 7,
            ..LicenseRow::new("a")
        },
        LicenseRow {
            consumed: 12,
            ..LicenseRow::new("b")
        },
    ];
    pass(store, contoso(), Resource::Licenses, vec![licenses.into()]).await;
    let shown = async |query: RowQuery| -> Vec<String> {
        let page = store.row_page(&query).await.unwrap();
        let (count, _) = store.row_count(&query, 100).await.unwrap();
        assert_eq!(count, page.rows.len() as u64);
        let json = serde_json::to_value(&page.rows).unwrap();
        let rows = json["rows"].as_array().unwrap().iter().zip(&page.tenants);
        let text = |row: &serde_json::Value| {
            row.get("id")
                .or(row.get("sku_id"))
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        };
        rows.map(|(row, tenant)| format!("{}{}", if *tenant == contoso() { 'C' } else { 'F' }, text(row)))
            .collect()
    };
    let devices = || RowQuery::of(Resource::Devices);

    let by_name = devices().sort("display_name", Direction::Descending).unwrap();
    assert_eq!(shown(by_name).await, ["C2", "C1", "F1"]);
    assert_eq!(
        shown(devices().filter("display_name~pc-%", noon()).unwrap()).await,
        ["C1", "C2"]
    );
    assert_eq!(
        shown(devices().filter("account_enabled=false", noon()).unwrap()).await,
        ["F1"]
    );
    assert_eq!(
        shown(devices().filter("tenant=fabrikam", noon()).unwrap()).await,
        ["F1"]
    );
    assert_eq!(
        shown(devices().filter("last_sign_in_at<30d", noon()).unwrap()).await,
        [""; 0]
    );
    assert_eq!(shown(devices().tenants([contoso()])).await, ["C1", "C2"]);
    let full = RowQuery::of(Resource::Licenses)
        .filter("consumed>7", noon())
        .unwrap();
    assert_eq!(shown(full).await, ["Cb"]);
    let first = store.row_page(&devices().page(1, 2)).await.unwrap();
    assert_eq!(shown_keys(&first), ["1", "1"]);
    let second = store
        .row_page(&devices().after(first.next.unwrap()))
        .await
        .unwrap();
    assert_eq!(shown_keys(&second), ["2"]);
    assert_eq!(second.sources[0].fresh_as_of, Some(noon()));
    let error = devices().filter("shoe_size=43", noon()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

fn shown_keys(page: &crate::RowPage) -> Vec<String> {
    let json = serde_json::to_value(&page.rows).unwrap();
    let rows = json["rows"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

pub async fn blank_is_never_ambiguous(store: &dyn Store) {
    people(store).await;
    let page = store
        .user_page(&UserQuery::all().sort(UserColumn::Tenant, Direction::Ascending))
        .await
        .unwrap();
    let shown = |row: usize, column| page.value(&page.rows[row], column);

    assert_eq!(
        shown(0, UserColumn::LastSignIn),
        Value::Date(at("2025-11-30T12:00:00Z"))
    );
    assert_eq!(shown(2, UserColumn::LastSignIn), Value::Never);
    assert_eq!(shown(3, UserColumn::LastSignIn), Value::NotLicensed);
    assert_eq!(shown(0, UserColumn::LastPasswordChangeAt), Value::Never);
    assert_eq!(shown(0, UserColumn::Mail), Value::None);
    // Role assignments were never read.
    assert_eq!(shown(0, UserColumn::Roles), Value::Unknown);
    assert_eq!(shown(0, UserColumn::AccountEnabled), Value::Truth(true));
    assert_eq!(shown(4, UserColumn::AccountEnabled), Value::None);
    assert_eq!(shown(3, UserColumn::Tenant), Value::Text("Fabrikam".to_owned()));
}
