//! Behaviours of passes and of the rows they leave.

use msp365_core::{ErrorKind, TenantId};

use super::{both_tenants, contoso, fabrikam, noon, pass, user};
use crate::{
    GroupRow, MembershipRow, OddRow, PageCommit, PageCounts, PassEnd, PassStart, Phase, Removal, Resource,
    Rows, Store, StreamState, UserRow,
};

const USERS: Resource = Resource::Users;

fn counted(added: u64, changed: u64, unchanged: u64, removed: u64) -> PageCounts {
    PageCounts {
        added,
        changed,
        unchanged,
        removed,
    }
}

fn page(generation: i64, rows: Vec<UserRow>) -> PageCommit {
    PageCommit::new(contoso(), 0, USERS, generation).rows(rows)
}

pub(super) async fn ids(store: &dyn Store, tenant: &TenantId, resource: Resource) -> Vec<String> {
    let mut keys = Vec::new();
    let mut last: Option<String> = None;
    while let Some(key) = store
        .rows(tenant, resource, last.as_deref(), 1)
        .await
        .unwrap()
        .last_key()
    {
        keys.push(key.clone());
        last = Some(key);
    }
    keys
}

pub async fn a_page_and_its_cursor_are_stored_together(store: &dyn Store) {
    both_tenants(store).await;
    let begun = store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();
    assert_eq!(
        (begun.generation, begun.phase, begun.cursor),
        (1, Phase::Reading, None)
    );

    let rows = vec![user("1", "Ada"), user("2", "Bo"), user("1", "Ada Two")];
    let counts = store.commit(page(1, rows).cursor("next")).await.unwrap();

    assert_eq!(counts, counted(2, 1, 0, 0));
    let stream = store.stream(&contoso(), USERS).await.unwrap();
    let expected = StreamState {
        generation: 1,
        phase: Phase::Reading,
        cursor: Some("next".to_owned()),
        fingerprint: Some("all".to_owned()),
        begun_at: Some(noon()),
        ..StreamState::default()
    };
    assert_eq!(stream, expected);
    let stored = store.rows(&contoso(), USERS, None, 9).await.unwrap();
    assert_eq!(stored, Rows::Users(vec![user("1", "Ada Two"), user("2", "Bo")]));
}

pub async fn the_same_page_twice_changes_nothing(store: &dyn Store) {
    both_tenants(store).await;
    store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();
    let rows = vec![user("1", "Ada"), user("2", "Bo")];
    let first = page(1, rows).cursor("next");
    store.commit(first.clone()).await.unwrap();

    let again = store.commit(first).await.unwrap();

    assert_eq!(again, counted(0, 0, 2, 0));
    assert_eq!(store.count(&[], USERS).await.unwrap(), 2);
}

pub async fn a_sweep_removes_only_what_was_not_seen(store: &dyn Store) {
    both_tenants(store).await;
    let all = vec![user("1", "Ada"), user("2", "Bo"), user("3", "Cleo")];
    assert_eq!(pass(store, contoso(), USERS, vec![all.into()]).await, 0);
    let groups = vec![GroupRow::new("g")];
    pass(store, contoso(), Resource::Groups, vec![groups.into()]).await;

    // While a new generation is read, the old rows stay.
    store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();
    let counts = store.commit(page(2, vec![user("1", "Ada")])).await.unwrap();
    assert_eq!(counts, counted(0, 0, 1, 0));
    assert_eq!(ids(store, &contoso(), USERS).await, ["1", "2", "3"]);
    store.commit(page(2, vec![user("3", "Cleo Two")])).await.unwrap();
    let end = PassEnd::new(contoso(), 0, USERS, 2, noon()).sweep(USERS);
    let swept = store.finish(end).await.unwrap();

    assert_eq!(swept, 1);
    assert_eq!(ids(store, &contoso(), USERS).await, ["1", "3"]);
    assert_eq!(store.count(&[contoso()], Resource::Groups).await.unwrap(), 1);
}

pub async fn a_pass_of_an_older_epoch_writes_nothing(store: &dyn Store) {
    both_tenants(store).await;
    store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();
    assert_eq!(store.new_epoch(&contoso()).await.unwrap(), 1);

    let late = page(1, vec![user("1", "Ada")]).cursor("next");
    let committed = store.commit(late).await.unwrap_err().kind();
    let end = PassEnd::new(contoso(), 0, USERS, 1, noon()).sweep(USERS);
    let finished = store.finish(end).await.unwrap_err().kind();
    let begun = store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap_err()
        .kind();

    assert_eq!([committed, finished, begun], [ErrorKind::Conflict; 3]);
    assert_eq!(store.count(&[], USERS).await.unwrap(), 0);
    let stream = store.stream(&contoso(), USERS).await.unwrap();
    assert_eq!((stream.epoch, stream.generation, stream.cursor), (1, 1, None));
}

pub async fn a_stream_remembers_when_its_generation_was_begun(store: &dyn Store) {
    both_tenants(store).await;

    let begun = store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();

    assert_eq!(begun.begun_at, Some(noon()));
    assert_eq!(store.stream(&contoso(), USERS).await.unwrap(), begun);
}

pub async fn a_pass_of_an_older_generation_writes_nothing(store: &dyn Store) {
    both_tenants(store).await;
    store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();
    store
        .begin(&PassStart::new(contoso(), 0, USERS, "fewer", noon()))
        .await
        .unwrap();

    let late = page(1, vec![user("1", "Ada")])
        .removed(Removal::Row {
            resource: USERS,
            id: "2".to_owned(),
        })
        .cursor("next");
    let error = store.commit(late).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(store.count(&[], USERS).await.unwrap(), 0);
    assert_eq!(store.stream(&contoso(), USERS).await.unwrap().cursor, None);
}

pub async fn removals_remove_what_they_name(store: &dyn Store) {
    both_tenants(store).await;
    pass(
        store,
        contoso(),
        USERS,
        vec![vec![user("1", "Ada"), user("2", "Bo")].into()],
    )
    .await;
    let gone = |id: &str| Removal::Row {
        resource: USERS,
        id: id.to_owned(),
    };

    let delta = page(1, Vec::new())
        .removed(gone("2"))
        .removed(gone("9"))
        .phase(Phase::Tracking);
    let counts = store.commit(delta).await.unwrap();

    assert_eq!(counts, counted(0, 0, 0, 1));
    assert_eq!(ids(store, &contoso(), USERS).await, ["1"]);
}

pub async fn a_group_that_goes_takes_its_memberships_along(store: &dyn Store) {
    both_tenants(store).await;
    let groups = vec![GroupRow::new("g"), GroupRow::new("g1")];
    let members = vec![
        MembershipRow::new("g", "1"),
        MembershipRow::new("g", "2"),
        MembershipRow::new("g1", "1"),
        MembershipRow::new("g1", "2"),
    ];
    pass(
        store,
        contoso(),
        Resource::Groups,
        vec![groups.into(), members.into()],
    )
    .await;

    let left = Removal::Membership {
        group_id: "g1".to_owned(),
        member_id: "2".to_owned(),
    };
    let gone = Removal::Row {
        resource: Resource::Groups,
        id: "g".to_owned(),
    };
    let page = PageCommit::new(contoso(), 0, Resource::Groups, 1)
        .removed(left)
        .removed(gone);
    let counts = store.commit(page).await.unwrap();

    assert_eq!(counts, counted(0, 0, 0, 4));
    assert_eq!(ids(store, &contoso(), Resource::Groups).await, ["g1"]);
    assert_eq!(ids(store, &contoso(), Resource::Memberships).await, ["g1/1"]);
}

pub async fn a_delta_cursor_outlives_its_pass(store: &dyn Store) {
    both_tenants(store).await;
    store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();

    let end = PassEnd::new(contoso(), 0, USERS, 1, noon()).cursor("delta");
    store.finish(end).await.unwrap();

    let stream = store.stream(&contoso(), USERS).await.unwrap();
    assert_eq!(
        (stream.phase, stream.cursor.as_deref()),
        (Phase::Tracking, Some("delta"))
    );
    assert_eq!(stream.fresh_as_of, Some(noon()));
}

pub async fn staleness_is_noted_until_a_pass_ends(store: &dyn Store) {
    both_tenants(store).await;
    store.stale(&contoso(), USERS, "denied").await.unwrap();
    let stream = store.stream(&contoso(), USERS).await.unwrap();
    assert_eq!(
        (stream.generation, stream.stale_because.as_deref()),
        (0, Some("denied"))
    );

    pass(store, contoso(), USERS, Vec::new()).await;

    assert_eq!(store.stream(&contoso(), USERS).await.unwrap().stale_because, None);
}

pub async fn a_purge_leaves_nothing_of_its_tenant(store: &dyn Store) {
    both_tenants(store).await;
    for tenant in [contoso(), fabrikam()] {
        pass(
            store,
            tenant,
            USERS,
            vec![vec![user("1", "Ada"), user("2", "Bo")].into()],
        )
        .await;
        pass(
            store,
            tenant,
            Resource::Groups,
            vec![vec![GroupRow::new("g")].into()],
        )
        .await;
    }

    let purged = store.purge(&contoso()).await.unwrap();

    assert_eq!(purged, 3);
    assert_eq!(
        store.stream(&contoso(), USERS).await.unwrap(),
        StreamState::default()
    );
    let left = store.counts().await.unwrap();
    assert_eq!(left, [(fabrikam(), USERS, 2), (fabrikam(), Resource::Groups, 1)]);
    assert!(store.tenant(&contoso()).await.unwrap().is_some());
}

pub async fn rows_that_went_between_two_pages_are_new_when_they_come_again(store: &dyn Store) {
    both_tenants(store).await;
    let many: Vec<_> = (0..300).map(|n| user(&n.to_string(), "Ada")).collect();
    let start = PassStart::new(contoso(), 0, USERS, "all", noon());
    store.begin(&start).await.unwrap();
    let counts = store.commit(page(1, many.clone())).await.unwrap();
    assert_eq!(counts, counted(300, 0, 0, 0));

    let gone = Removal::Row {
        resource: USERS,
        id: "7".to_owned(),
    };
    store.commit(page(1, Vec::new()).removed(gone)).await.unwrap();
    let counts = store.commit(page(1, many.clone())).await.unwrap();
    assert_eq!(counts, counted(1, 0, 299, 0));

    store.begin(&start).await.unwrap();
    store.commit(page(2, many[..200].to_vec())).await.unwrap();
    let end = PassEnd::new(contoso(), 0, USERS, 2, noon()).sweep(USERS);
    assert_eq!(store.finish(end).await.unwrap(), 100);
    let counts = store.commit(page(2, many.clone())).await.unwrap();
    assert_eq!(counts, counted(100, 0, 200, 0));

    assert_eq!(store.purge(&contoso()).await.unwrap(), 300);
    store.begin(&start).await.unwrap();
    let counts = store.commit(page(1, many)).await.unwrap();
    assert_eq!(counts, counted(300, 0, 0, 0));
    assert_eq!(store.count(&[contoso()], USERS).await.unwrap(), 300);
}

pub async fn an_odd_row_counts_as_seen_until_it_is_mended(store: &dyn Store) {
    both_tenants(store).await;
    pass(
        store,
        contoso(),
        USERS,
        vec![vec![user("1", "Ada"), user("2", "Bo")].into()],
    )
    .await;
    let odd = |id: Option<&str>, raw: &str| {
        OddRow::new(USERS, id.map(str::to_owned), raw.to_owned(), "no name".to_owned())
    };

    store
        .begin(&PassStart::new(contoso(), 0, USERS, "all", noon()))
        .await
        .unwrap();
    let broken = page(2, vec![user("1", "Ada")])
        .odd(odd(Some("2"), r#"{"id":"2"}"#))
        .odd(odd(None, "[]"));
    store.commit(broken.clone()).await.unwrap();
    store.commit(broken).await.unwrap();
    let end = PassEnd::new(contoso(), 0, USERS, 2, noon()).sweep(USERS);
    assert_eq!(store.finish(end).await.unwrap(), 0);
    let kept = store.odd_rows(&contoso()).await.unwrap();
    assert_eq!(kept, [odd(Some("2"), r#"{"id":"2"}"#), odd(None, "[]")]);

    store.commit(page(2, vec![user("2", "Bo")])).await.unwrap();
    assert_eq!(store.odd_rows(&contoso()).await.unwrap(), [odd(None, "[]")]);
    pass(store, contoso(), USERS, Vec::new()).await;
    assert_eq!(store.odd_rows(&contoso()).await.unwrap(), []);
}

pub async fn the_same_ids_in_two_tenants_do_not_mix(store: &dyn Store) {
    both_tenants(store).await;
    pass(store, contoso(), USERS, vec![vec![user("1", "Ada")].into()]).await;
    pass(
        store,
        fabrikam(),
        USERS,
        vec![vec![user("1", "Bo"), user("2", "Cleo")].into()],
    )
    .await;

    pass(store, fabrikam(), USERS, vec![vec![user("2", "Cleo")].into()]).await;

    assert_eq!(
        store.rows(&contoso(), USERS, None, 9).await.unwrap(),
        vec![user("1", "Ada")].into()
    );
    assert_eq!(ids(store, &fabrikam(), USERS).await, ["2"]);
    assert_eq!(
        store
            .count(&[contoso(), fabrikam(), contoso()], USERS)
            .await
            .unwrap(),
        2
    );
}
