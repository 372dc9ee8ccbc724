//! What stored cards say of somebody who has no sign-in.

use msp365_core::TenantId;
use msp365_store::{
    DirectoryReader, DirectoryStore, LastSignIn, MemoryStore, PageCommit, PassEnd, PassStart, Resource, Rows,
    SignInRow, TenantRecord, TenantStore, UserQuery, UserRow,
};

use super::{super::*, at};

const READ: &str = "2026-03-01T12:00:00Z";
const BEFORE: &str = "2026-03-01T11:59:59Z";

fn contoso() -> TenantId {
    "11111111-2222-3333-4444-555555555555".parse().unwrap()
}

/// A tenant with Ada, who was made at this moment and has no sign-in, and users that were read since.
async fn with_ada(created_at: Option<&str>) -> MemoryStore {
    let store = MemoryStore::new();
    let tenant = TenantRecord::new(contoso(), "Contoso");
    store.upsert_tenants(&[tenant]).await.unwrap();
    let mut ada = UserRow::new("ada");
    ada.user_principal_name = "ada@contoso.example".to_owned();
    ada.created_at = created_at.map(at);
    pass(&store, Resource::Users, "2026-03-01T13:00:00Z", vec![ada].into()).await;
    store
}

/// Sign-ins were read, as of that moment: none but Bo's.
async fn read_sign_ins(store: &MemoryStore) {
    let rows = vec![SignInRow::new("bo")];
    pass(store, Resource::SignIns, READ, rows.into()).await;
}

async fn pass(store: &MemoryStore, resource: Resource, fresh: &str, rows: Rows) {
    let begun = store
        .begin(&PassStart::new(contoso(), 0, resource, "all", at(fresh)))
        .await;
    let generation = begun.unwrap().generation;
    let page = PageCommit::new(contoso(), 0, resource, generation).rows(rows);
    store.commit(page).await.unwrap();
    let end = PassEnd::new(contoso(), 0, resource, generation, at(fresh));
    store.finish(end).await.unwrap();
}

/// What the card says of the last sign-in, and why it is not known; and what the list says.
async fn told(store: &MemoryStore) -> (LastSignIn, Vec<Why>, LastSignIn) {
    let record = store.tenant(&contoso()).await.unwrap().unwrap();
    let wanted = Wanted::only([CardKind::Account]);
    let now = at("2026-03-02T12:00:00Z");
    let found = stored(store, &record, "ada", &wanted, now).await;
    let card = found.unwrap().unwrap().account.unwrap();
    let whys = card.gaps.iter().filter(|gap| gap.part == "last_sign_in");
    let whys = whys.map(|gap| gap.why).collect();
    let listed = store.users(&UserQuery::all()).await.unwrap();
    (
        card.content.unwrap().last_sign_in,
        whys,
        listed.rows[0].last_sign_in,
    )
}

#[tokio::test]
async fn who_was_there_when_the_sign_ins_were_read_never_signed_in() {
    for created_at in [Some(BEFORE), None] {
        let store = with_ada(created_at).await;
        read_sign_ins(&store).await;

        assert_eq!(
            told(&store).await,
            (LastSignIn::Never, vec![], LastSignIn::Never),
            "{created_at:?}"
        );
    }
}

#[tokio::test]
async fn of_who_was_made_since_the_sign_ins_were_read_nothing_is_known() {
    let store = with_ada(Some(READ)).await;
    read_sign_ins(&store).await;

    let said = told(&store).await;

    assert_eq!(
        said,
        (LastSignIn::Unknown, vec![Why::NotSynced], LastSignIn::Unknown)
    );
}

#[tokio::test]
async fn of_who_was_made_since_passes_fail_the_failure_is_the_reason() {
    let store = with_ada(Some(READ)).await;
    read_sign_ins(&store).await;
    store
        .stale(&contoso(), Resource::SignIns, "denied")
        .await
        .unwrap();

    let said = told(&store).await;

    assert_eq!(said, (LastSignIn::Unknown, vec![Why::Stale], LastSignIn::Unknown));
}

#[tokio::test]
async fn without_the_licence_nobody_has_never_signed_in() {
    let store = with_ada(Some(BEFORE)).await;
    read_sign_ins(&store).await;
    store
        .stale(&contoso(), Resource::SignIns, "not_licensed")
        .await
        .unwrap();

    let said = told(&store).await;

    assert_eq!(
        said,
        (
            LastSignIn::NotLicensed,
            vec![Why::NotLicensed],
            LastSignIn::NotLicensed
        )
    );
}
