//! The suite on SQLite, and what only a file can do.

#![allow(clippy::unwrap_used, reason = "what the tests share fails by panicking too")]

use std::{fs, path::Path, sync::Arc};

use msp365_core::ErrorKind;
use msp365_store::{
    DirectoryReader, DirectoryStore, Error, PageCommit, PassStart, Resource, SqliteStore, Store, TenantStore,
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
            "postgres://msp:secret@db.example/msp",
            "PostgreSQL is not available in this build",
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
