//! Databases that cannot be used: they are left as they were.

use std::{fs, path::Path};

use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    bad_input::refused,
    command::{command, ended},
};

/// Where SQLite keeps the version that a program gave its schema: four bytes, the largest first.
const USER_VERSION: std::ops::Range<usize> = 60..64;

/// Commands of all sorts: they read, write, need a connection, or make a world of their own.
const COMMANDS: [&[&str]; 5] = [
    &["tenants", "list"],
    &["users", "list"],
    &["sync"],
    &["doctor"],
    &["demo", "--customers", "1", "--users", "1"],
];

fn on(db: &Path, arguments: &'static [&'static str]) -> impl Fn() -> Command {
    let url = format!("sqlite:{}", db.display());
    move || {
        let mut whole = command(arguments);
        whole.args(["--db", &url]);
        whole
    }
}

/// A database that the demo has filled.
async fn filled(folder: &TempDir) -> std::path::PathBuf {
    let db = folder.path().join("filled.db");
    ended(on(&db, &["demo", "--customers", "1", "--users", "2"])())
        .await
        .ended(0);
    db
}

async fn is_left_alone(db: &Path, word: &str) {
    let before = fs::read(db).unwrap();
    for arguments in COMMANDS {
        let (line, kind) = refused(on(db, arguments), 4).await;
        assert_eq!(kind, "storage", "{arguments:?}");
        assert!(
            line.contains(word) && line.contains(db.to_str().unwrap()),
            "{line}"
        );
    }
    assert!(fs::read(db).unwrap() == before, "the file is as it was");
    let beside = fs::read_dir(db.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "nothing was left beside it");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = msp365_stores::folder();
    let db = folder.path().join("notes.txt");
    fs::write(&db, "Ada, Bo and Cleo\n".repeat(1_000)).unwrap();

    is_left_alone(&db, "is not an msp365 database").await;
}

#[tokio::test]
async fn a_short_text_is_left_alone() {
    let folder = msp365_stores::folder();
    let db = folder.path().join("note.txt");
    fs::write(&db, "Ada").unwrap();

    is_left_alone(&db, "is not an msp365 database").await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let folder = msp365_stores::folder();
    let db = filled(&folder).await;
    let mut bytes = fs::read(&db).unwrap();
    bytes[USER_VERSION].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&db, bytes).unwrap();

    is_left_alone(&db, "schema version 99").await;
}

#[tokio::test]
async fn a_cut_database_is_left_alone() {
    let folder = msp365_stores::folder();
    let db = filled(&folder).await;
    let bytes = fs::read(&db).unwrap();
    fs::write(&db, &bytes[..bytes.len() / 2]).unwrap();

    is_left_alone(&db, "damaged").await;
}

#[tokio::test]
async fn a_missing_folder_is_not_made() {
    let folder = msp365_stores::folder();
    let db = folder.path().join("absent").join("office.db");

    for arguments in COMMANDS {
        let (line, kind) = refused(on(&db, arguments), 4).await;
        assert_eq!(kind, "storage", "{arguments:?}");
        assert!(line.contains("folder"), "{line}");
    }

    assert!(!db.parent().unwrap().exists());
}

#[tokio::test]
async fn an_address_that_is_no_database_is_wrong_usage() {
    for url in [
        "office.db",
        "mysql://ada:canary@host/db",
        "postgres://ada:canary@host:door/db",
        "sqlite:",
    ] {
        let list = || {
            let mut list = command(["tenants", "list"]);
            list.args(["--db", url]);
            list
        };

        let (line, kind) = refused(list, 2).await;

        assert_eq!(kind, "invalid");
        assert!(!line.contains("canary"), "{line}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_of_storage() {
    let mut whole = command(["tenants", "list", "--json"]);
    whole.args(["--db", "postgres://ada:canary@127.0.0.1:1/none"]);

    let refused = ended(whole).await.ended(4);

    assert!(!format!("{refused:?}").contains("canary"));
    assert!(
        refused.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("127.0.0.1:1/none")
    );
}
