//! Databases of the version before, with rows in them.

#![allow(clippy::unwrap_used, reason = "what the tests share fails by panicking too")]

use std::process::ExitCode;

use libtest_mimic::Arguments;
use msp365_store::{
    Direction, LastSignIn, PostgresStore, SqliteStore, Store, UserColumn, UserQuery,
    suite::{at, contoso, noon},
};
use msp365_stores::{Schema, on_postgres, plain};

/// Ada holds a role, and another through a group; she has signed in. Bo has done neither.
async fn shows_ada_and_bo(store: &dyn Store) {
    let by_roles = UserQuery::all().sort(UserColumn::Roles, Direction::Descending);

    let page = store.users(&by_roles).await.unwrap();

    let shown: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            (
                row.user.id.as_str(),
                row.roles.join("+"),
                row.last_sign_in,
                row.last_successful_sign_in,
            )
        })
        .collect();
    let signed_in = LastSignIn::Date(at("2026-02-28T00:00:00Z"));
    assert_eq!(
        shown,
        [
            (
                "ada",
                "Global Reader+Helpdesk Administrator (scoped)".to_owned(),
                signed_in,
                LastSignIn::Date(at("2026-02-27T00:00:00Z"))
            ),
            ("bo", String::new(), LastSignIn::Unknown, LastSignIn::Unknown),
        ]
    );
    store.viewed("cleo", &contoso(), "bo", noon()).await.unwrap();
    assert_eq!(store.recently_viewed("cleo").await.unwrap().len(), 1);
}

const OLD_SQLITE: [&str; 3] = [
    include_str!("../../../crates/msp365-store/migrations/0001_start.sql"),
    include_str!("../../../crates/msp365-store/migrations/0002_decisions.sql"),
    include_str!("../../../crates/msp365-store/migrations/0003_plans.sql"),
];

async fn a_sqlite_database_of_version_3_opens_with_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(&OLD_SQLITE.concat()).unwrap();
    old.execute_batch(&format!(
        "PRAGMA application_id = 1836281907; PRAGMA user_version = 3;
         INSERT INTO tenants VALUES (1, '{}', 'Contoso', NULL, NULL, 'customer', 0, 0, 1, 'synced', NULL, NULL, '[]', 0,
            NULL, NULL);
         INSERT INTO users (row, tenant, id, user_principal_name) VALUES (1, 1, 'ada', 'ada@contoso.example'),
            (2, 1, 'bo', 'bo@contoso.example');
         INSERT INTO sign_ins VALUES (1, 1, 'ada', 1772236800000000, NULL, 1772150400000000);
         INSERT INTO role_assignments VALUES (1, 1, 'r1', 'ada', 'd1', 'Helpdesk Administrator', '/administrativeUnits/a7'),
            (2, 1, 'r2', 'g', 'd2', 'Global Reader', '/');
         INSERT INTO memberships VALUES (1, 1, 'g', 'ada', 'user');",
        contoso()
    ))
    .unwrap();
    drop(old);

    let store = SqliteStore::open(&path).await.unwrap();

    shows_ada_and_bo(&store).await;
}

const OLD_POSTGRES: [&str; 2] = [
    include_str!("../../../crates/msp365-store/migrations/postgres/0001_start.sql"),
    include_str!("../../../crates/msp365-store/migrations/postgres/0002_plans.sql"),
];

async fn a_postgresql_schema_of_version_2_opens_with_its_rows(schema: &Schema) {
    schema.run(&OLD_POSTGRES.concat()).await.unwrap();
    let rows = format!(
        "CREATE TABLE msp365_schema (version BIGINT NOT NULL); INSERT INTO msp365_schema VALUES (2);
         INSERT INTO tenants (id, name, kind, in_partner_center, in_gdap, selected, status, findings, epoch)
            VALUES ('{}', 'Contoso', 'customer', false, false, true, 'synced', '[]', 0);
         INSERT INTO users (tenant, key, digest, id, user_principal_name)
            VALUES (1, 'ada', 0, 'ada', 'ada@contoso.example'), (1, 'bo', 0, 'bo', 'bo@contoso.example');
         INSERT INTO sign_ins (tenant, key, digest, user_id, last_sign_in_at, last_successful_at)
            VALUES (1, 'ada', 0, 'ada', 1772236800000000, 1772150400000000);
         INSERT INTO role_assignments (tenant, key, digest, id, principal_id, role_definition_id, role_name,
                directory_scope_id)
            VALUES (1, 'r1', 0, 'r1', 'ada', 'd1', 'Helpdesk Administrator', '/administrativeUnits/a7'),
                (1, 'r2', 0, 'r2', 'g', 'd2', 'Global Reader', '/');
         INSERT INTO memberships (tenant, key, digest, group_id, member_id, member_type)
            VALUES (1, 'g/ada', 0, 'g', 'ada', 'user');",
        contoso()
    );
    schema.run(&rows).await.unwrap();

    let store = PostgresStore::open(&schema.url()).await.unwrap();

    shows_ada_and_bo(&store).await;
}

fn main() -> ExitCode {
    let tests = vec![
        plain(
            "a_sqlite_database_of_version_3_opens_with_its_rows",
            a_sqlite_database_of_version_3_opens_with_its_rows,
        ),
        on_postgres(
            "a_postgresql_schema_of_version_2_opens_with_its_rows",
            a_postgresql_schema_of_version_2_opens_with_its_rows,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
