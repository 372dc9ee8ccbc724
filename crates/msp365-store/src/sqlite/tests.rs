use rusqlite::Connection;

use crate::{
    Resource,
    row::{Row, any_rows},
    sqlite::open,
};

#[test]
fn tables_have_the_columns_of_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    open::open(&path).unwrap();
    let connection = Connection::open(&path).unwrap();
    for resource in Resource::ALL {
        let mut select = connection
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap();
        let columns = select.query_map([resource.as_str()], |row| row.get(0)).unwrap();
        let columns: Vec<String> = columns.collect::<Result<_, _>>().unwrap();

        let mut expected = any_rows!(resource, type R => [&["row", "tenant"], R::COLUMNS].concat());
        if resource == Resource::Users {
            expected.extend(["roles", "last_sign_in_at", "last_successful_sign_in_at"]);
        }
        assert_eq!(columns, expected, "{resource:?}");
    }
}

#[test]
fn a_migration_cut_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(&format!(
            "BEGIN; {}",
            include_str!("../../migrations/0001_start.sql")
        ))
        .unwrap();
    drop(connection);

    open::open(&path).unwrap();

    let version: i64 = Connection::open(&path)
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, open::limit_version());
}
