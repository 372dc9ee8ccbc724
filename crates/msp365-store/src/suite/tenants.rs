//! Behaviours of the tenant list.

use msp365_core::ErrorKind;
use serde_json::json;

use super::{both_tenants, contoso, fabrikam, noon};
use crate::{PassStart, Resource, Store, TenantFilter, TenantRecord, TenantState, TenantStatus};

pub async fn a_listing_changes_names_but_no_state(store: &dyn Store) {
    both_tenants(store).await;
    store.set_selected(&[contoso()], true).await.unwrap();
    let state = TenantState::new(TenantStatus::Blocked)
        .reason("consent_missing")
        .remedy("consent again")
        .findings(json!([{ "id": "A12" }]))
        .synced_at(noon());
    store.set_state(&contoso(), &state).await.unwrap();
    store.new_epoch(&contoso()).await.unwrap();

    let mut renamed = TenantRecord::new(contoso(), "Contoso Group");
    renamed.default_domain = Some("contoso.example".to_owned());
    renamed.in_gdap = true;
    renamed.listed_at = Some(noon());
    store.upsert_tenants(&[renamed.clone()]).await.unwrap();

    let mut expected = renamed;
    expected.selected = true;
    expected.status = TenantStatus::Blocked;
    expected.reason = Some("consent_missing".to_owned());
    expected.remedy = Some("consent again".to_owned());
    expected.findings = json!([{ "id": "A12" }]);
    expected.synced_at = Some(noon());
    expected.epoch = 1;
    assert_eq!(store.tenant(&contoso()).await.unwrap(), Some(expected.clone()));

    // A later state without a time keeps the time of the last complete reading.
    let state = TenantState::new(TenantStatus::Syncing);
    store.set_state(&contoso(), &state).await.unwrap();
    let now = store.tenant(&contoso()).await.unwrap().unwrap();
    assert_eq!((now.reason, now.synced_at), (None, Some(noon())));
}

pub async fn tenants_are_found_by_text_status_and_mark(store: &dyn Store) {
    both_tenants(store).await;
    store.set_selected(&[fabrikam()], true).await.unwrap();
    let state = TenantState::new(TenantStatus::Synced);
    store.set_state(&fabrikam(), &state).await.unwrap();
    let names = async |filter: TenantFilter| -> Vec<String> {
        let found = store.tenants(&filter).await.unwrap();
        found.into_iter().map(|tenant| tenant.name).collect()
    };

    assert_eq!(names(TenantFilter::all()).await, ["Contoso", "Fabrikam"]);
    assert_eq!(names(TenantFilter::all().text("FABRI")).await, ["Fabrikam"]);
    assert_eq!(names(TenantFilter::all().text("c0000000-")).await, ["Contoso"]);
    for (pattern, expected) in [
        ("%", &["Contoso", "Fabrikam"][..]),
        ("fab%", &["Fabrikam"]),
        ("%toso", &["Contoso"]),
        ("_abrikam", &["Fabrikam"]),
        ("ontos%", &[]),
        (r"\%", &[]),
        ("c0000000-%1", &["Contoso"]),
    ] {
        assert_eq!(
            names(TenantFilter::all().text(pattern)).await,
            expected,
            "{pattern}"
        );
    }
    assert_eq!(names(TenantFilter::all().selected(false)).await, ["Contoso"]);
    assert_eq!(
        names(TenantFilter::all().status(TenantStatus::Synced)).await,
        ["Fabrikam"]
    );
}

pub async fn marking_tenants_is_all_or_nothing(store: &dyn Store) {
    store
        .upsert_tenants(&[TenantRecord::new(contoso(), "Contoso")])
        .await
        .unwrap();

    let error = store
        .set_selected(&[contoso(), fabrikam()], true)
        .await
        .unwrap_err();

    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(!store.tenant(&contoso()).await.unwrap().unwrap().selected);
}

pub async fn an_unknown_tenant_is_refused(store: &dyn Store) {
    let state = TenantState::new(TenantStatus::Synced);

    let kinds = [
        store.set_state(&contoso(), &state).await.unwrap_err().kind(),
        store.new_epoch(&contoso()).await.unwrap_err().kind(),
        store
            .stream(&contoso(), Resource::Users)
            .await
            .unwrap_err()
            .kind(),
        store
            .begin(&PassStart::new(contoso(), 0, Resource::Users, "all", noon()))
            .await
            .unwrap_err()
            .kind(),
        store
            .stale(&contoso(), Resource::Users, "denied")
            .await
            .unwrap_err()
            .kind(),
        store.purge(&contoso()).await.unwrap_err().kind(),
    ];

    assert_eq!(kinds, [ErrorKind::NotFound; 6]);
    assert_eq!(store.tenant(&contoso()).await.unwrap(), None);
    assert_eq!(store.count(&[contoso()], Resource::Users).await.unwrap(), 0);
    assert!(
        store
            .rows(&contoso(), Resource::Users, None, 9)
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn a_state_of_an_older_epoch_is_refused(store: &dyn Store) {
    store
        .upsert_tenants(&[TenantRecord::new(contoso(), "Contoso")])
        .await
        .unwrap();
    let epoch = store.new_epoch(&contoso()).await.unwrap();
    let synced = TenantState::new(TenantStatus::Synced);

    let older = store
        .set_state(&contoso(), &synced.clone().in_epoch(epoch - 1))
        .await;
    let status = store.tenant(&contoso()).await.unwrap().unwrap().status;
    let present = store.set_state(&contoso(), &synced.in_epoch(epoch)).await;

    assert_eq!(older.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(status, TenantStatus::Deactivated);
    assert!(present.is_ok());
}
