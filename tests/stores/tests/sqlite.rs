//! The suite on SQLite, and what only a file can do.

#![allow(clippy::unwrap_used, reason = "what the tests share fails by panicking too")]

use std::{fs, path::Path, sync::Arc};

use msp365_core::ErrorKind;
use msp365_store::{
    DirectoryReader, DirectoryStore, Error, PageCommit, PageCounts, PassEnd, PassStart, Removal, Resource,
    Rows, RunStore, SqliteStore, Store, TenantStore, UserQuery, UserRow,
    suite::{both_tenants, contoso, noon, pass, user},
};
use tempfile::TempDir;

async fn store() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("msp365.db")).await.unwrap();
    (Arc::new(store), folder)
}

msp365_store::store_suite!(store());

async fn refused(path: &Path) -> Error {
    SqliteStore::open(path).await.unwrap_err()
}

/// A database with three users, closed.
async fn filled(path: &Path) {
    let store = SqliteStore::open(path).await.unwrap();
    both_tenants(&store).await;
    let rows = vec![user("1", "Ada"), user("2", "Bo"), user("3", "Cleo")];
    pass(&store, contoso(), Resource::Users, vec![rows.into()]).await;
}

fn raw(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_reopened_database_keeps_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    filled(&path).await;

    let store = SqliteStore::open(&path).await.unwrap();

    assert_eq!(store.count(&[], Resource::Users).await.unwrap(), 3);
    assert_eq!(
        store
            .stream(&contoso(), Resource::Users)
            .await
            .unwrap()
            .fresh_as_of,
        Some(noon())
    );
}

#[tokio::test]
async fn a_store_dropped_between_pages_keeps_the_last_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let store = SqliteStore::open(&path).await.unwrap();
    both_tenants(&store).await;
    store
        .begin(&PassStart::new(contoso(), 0, Resource::Users, "all", noon()))
        .await
        .unwrap();
    let page = PageCommit::new(contoso(), 0, Resource::Users, 1).rows(vec![user("1", "Ada")]);
    store.commit(page.cursor("2")).await.unwrap();
    // What a kill leaves behind: the file and its log, with nothing closed.
    let killed = folder.path().join("killed.db");
    fs::copy(&path, &killed).unwrap();
    fs::copy(
        folder.path().join("msp365.db-wal"),
        folder.path().join("killed.db-wal"),
    )
    .unwrap();

    let again = SqliteStore::open(&killed).await.unwrap();

    assert_eq!(again.count(&[], Resource::Users).await.unwrap(), 1);
    let stream = again.stream(&contoso(), Resource::Users).await.unwrap();
    assert_eq!(stream.cursor.as_deref(), Some("2"));
}

/// More rows than the writer remembers without entering them.
const MANY: usize = 40_000;
const PAGE: usize = 999;

/// People in no order of their ids.
fn people(version: usize) -> Vec<UserRow> {
    (0..MANY)
        .map(|n| {
            let version = if n % 100 == 0 { version } else { 0 };
            let id = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            user(&format!("{id:016x}"), &format!("Ada {version}"))
        })
        .collect()
}

async fn begin(store: &dyn Store) -> i64 {
    let start = PassStart::new(contoso(), 0, Resource::Users, "all", noon());
    store.begin(&start).await.unwrap().generation
}

async fn bring(store: &dyn Store, generation: i64, rows: &[UserRow]) -> PageCounts {
    let mut counts = PageCounts::default();
    for page in rows.chunks(PAGE) {
        let commit = PageCommit::new(contoso(), 0, Resource::Users, generation);
        counts += store.commit(commit.rows(page.to_vec())).await.unwrap();
    }
    counts
}

async fn sweep(store: &dyn Store, generation: i64) -> u64 {
    let end = PassEnd::new(contoso(), 0, Resource::Users, generation, noon());
    store.finish(end.sweep(Resource::Users)).await.unwrap()
}

async fn all(store: &dyn Store) -> Vec<UserRow> {
    let mut rows = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store
            .rows(&contoso(), Resource::Users, after.as_deref(), 7_001)
            .await
            .unwrap();
        after = page.last_key();
        match page {
            Rows::Users(page) if !page.is_empty() => rows.extend(page),
            _ => return rows,
        }
    }
}

fn in_order(mut rows: Vec<UserRow>) -> Vec<UserRow> {
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    rows
}

#[tokio::test]
async fn many_rows_are_found_before_and_after_they_are_entered() {
    let (store, _folder) = store().await;
    both_tenants(&*store).await;
    let (first, second) = (people(0), people(1));

    let one = begin(&*store).await;
    let counts = bring(&*store, one, &first).await;
    assert_eq!(
        (counts.added, counts.changed, counts.unchanged),
        (MANY as u64, 0, 0)
    );
    // The first rows are entered by now, the last are not: both are read, counted and known.
    assert_eq!(all(&*store).await, in_order(first.clone()));
    assert_eq!(
        store.count(&[contoso()], Resource::Users).await.unwrap(),
        MANY as u64
    );
    assert_eq!(
        store.counts().await.unwrap(),
        [(contoso(), Resource::Users, MANY as u64)]
    );
    let query = UserQuery::all().tenants([contoso()]);
    assert_eq!(store.users(&query).await.unwrap().count, MANY as u64);
    let again = bring(&*store, one, &first).await;
    assert_eq!(again.unchanged, MANY as u64);
    assert_eq!(sweep(&*store, one).await, 0);

    let two = begin(&*store).await;
    let counts = bring(&*store, two, &second[MANY / 4..]).await;
    assert_eq!((counts.added, counts.changed), (0, MANY as u64 / 100 * 3 / 4));
    assert_eq!(sweep(&*store, two).await, MANY as u64 / 4);
    assert_eq!(all(&*store).await, in_order(second[MANY / 4..].to_vec()));
    assert_eq!(sweep(&*store, two).await, 0);
}

#[tokio::test]
async fn rows_that_were_not_entered_are_known_after_a_kill_and_to_other_processes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let one = SqliteStore::open(&path).await.unwrap();
    both_tenants(&one).await;
    let generation = begin(&one).await;
    let rows = people(0)[..1_500].to_vec();
    bring(&one, generation, &rows[..1_000]).await;

    let other = SqliteStore::open(&path).await.unwrap();
    let counts = bring(&other, generation, &rows[500..]).await;

    assert_eq!((counts.added, counts.changed, counts.unchanged), (500, 0, 500));
    let counts = bring(&one, generation, &rows).await;
    assert_eq!((counts.added, counts.changed, counts.unchanged), (0, 0, 1_500));
    assert_eq!(all(&one).await, in_order(rows));
    assert_eq!(sweep(&other, generation).await, 0);
    let gone = Removal::Row {
        resource: Resource::Users,
        id: people(0)[7].id.clone(),
    };
    let page = PageCommit::new(contoso(), 0, Resource::Users, generation).removed(gone);
    assert_eq!(one.commit(page).await.unwrap().removed, 1);
}

#[tokio::test]
async fn a_refused_page_leaves_nothing_in_memory_either() {
    let (store, _folder) = store().await;
    both_tenants(&*store).await;
    let generation = begin(&*store).await;
    // The page names a generation that is not the stream's, which is noticed after its rows were written.
    let rows = vec![user("1", "Ada")];
    let late = PageCommit::new(contoso(), 0, Resource::Users, generation - 1).rows(rows.clone());
    assert_eq!(store.commit(late).await.unwrap_err().kind(), ErrorKind::Conflict);

    let counts = bring(&*store, generation, &rows).await;

    assert_eq!(counts.added, 1);
    assert_eq!(all(&*store).await, rows);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    filled(&path).await;
    raw(&path, "PRAGMA user_version = 999");

    let error = refused(&path).await;

    assert!(matches!(error, Error::Newer { found: 999, .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("use a newer msp365"), "{error}");
}

#[tokio::test]
async fn what_is_no_database_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for text in ["short", "a text that is longer than the header of a database"] {
        fs::write(&path, text).unwrap();

        let error = refused(&path).await;

        assert!(matches!(error, Error::NotOurs { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert!(matches!(refused(folder.path()).await, Error::NotOurs { .. }));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_database_of_another_program_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    raw(&path, "CREATE TABLE users (name TEXT)");
    let before = fs::read(&path).unwrap();

    let error = refused(&path).await;

    assert!(matches!(error, Error::NotOurs { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    filled(&path).await;
    raw(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    let mut bytes = fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(4096).step_by(7) {
        *byte = 0xa5;
    }
    fs::write(&path, &bytes).unwrap();

    let error = refused(&path).await;

    assert!(matches!(error, Error::Damaged { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

/// Connections that close at the same moment would each leave the log to the other.
#[tokio::test]
async fn a_store_that_is_gone_leaves_its_file_alone_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    filled(&path).await;

    for _ in 0..200 {
        let store = SqliteStore::open(&path).await.unwrap();
        store.set_meta("a", "b").await.unwrap();
        drop(store);

        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[tokio::test]
async fn an_absent_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();

    let error = refused(&folder.path().join("absent").join("msp365.db")).await;

    assert!(
        error
            .to_string()
            .ends_with("cannot be made: its folder does not exist"),
        "{error}"
    );
}

#[tokio::test]
async fn two_stores_on_one_file_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let (one, two) = (
        SqliteStore::open(&path).await.unwrap(),
        SqliteStore::open(&path).await.unwrap(),
    );
    both_tenants(&one).await;

    for _ in 0..20 {
        let tenant = contoso();
        let (first, second) = tokio::join!(one.new_epoch(&tenant), two.new_epoch(&tenant));
        first.unwrap();
        second.unwrap();
    }

    assert_eq!(one.tenant(&contoso()).await.unwrap().unwrap().epoch, 40);
}

#[tokio::test]
async fn a_future_dropped_at_once_leaves_no_half_page() {
    let (store, _folder) = store().await;
    both_tenants(&*store).await;
    store
        .begin(&PassStart::new(contoso(), 0, Resource::Users, "all", noon()))
        .await
        .unwrap();
    let many: Vec<_> = (0..500).map(|n| user(&n.to_string(), "Ada")).collect();
    let page = PageCommit::new(contoso(), 0, Resource::Users, 1)
        .rows(many)
        .cursor("2");

    let task = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.commit(page).await }
    });
    tokio::task::yield_now().await;
    task.abort();
    let _ = task.await;
    // The writer works in order: once this has happened, the page has or never will.
    store.set_meta("after", "").await.unwrap();

    let count = store.count(&[], Resource::Users).await.unwrap();
    let cursor = store.stream(&contoso(), Resource::Users).await.unwrap().cursor;
    assert!(
        matches!((count, cursor.as_deref()), (0, None) | (500, Some("2"))),
        "{count}"
    );
}

#[tokio::test]
async fn addresses_name_their_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let url = format!("sqlite:{}", path.display());

    let file = msp365_store::open(&url).await.unwrap();
    file.set_meta("a", "b").await.unwrap();
    let memory = msp365_store::open("memory:").await.unwrap();

    assert!(path.exists());
    assert_eq!(memory.meta("a").await.unwrap(), None);
    let refusals = [
        (
            "postgres://msp:secret@db.example:no-port/msp",
            "`…@db.example:no-port/msp` is no database address",
        ),
        (
            "oracle://msp:secret@db.example",
            "`…@db.example` is no database address",
        ),
        ("sqlite:", "`sqlite:` is no database address"),
    ];
    for (url, expected) in refusals {
        let error = msp365_store::open(url).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
