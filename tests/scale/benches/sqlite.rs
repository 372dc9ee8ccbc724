//! What it costs to keep 100,000 users in SQLite: our store against the least that SQLite takes.
//!
//! `cargo bench -p msp365-scale --bench sqlite`. Each way starts with an empty file, stores all rows, and stores them
//! again with one in a hundred changed. The least of five rounds is shown, and its ratio to the floor. A part of a name as
//! an argument leaves out all other ways. Our store packs rows on the caller's thread while another writes, so its ratio
//! needs a second core that is free. `sqlx` is not among the ways: version 0.9 and `rusqlite` 0.41 want different versions
//! of `libsqlite3-sys`, of which one program can link only one.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use msp365_store::{
    Direction, DirectoryReader, DirectoryStore, PageCommit, PassEnd, PassStart, Resource, SqliteStore,
    UserColumn, UserFilter, UserLicense, UserQuery, UserRow,
    suite::{both_tenants, contoso, noon, pass, user},
};
use rusqlite::{Connection, params_from_iter, types::Value};

const USERS: usize = 100_000;
const PAGE: usize = 999;
const ROUNDS: usize = 5;
const COLUMNS: [&str; 25] = [
    "id",
    "user_principal_name",
    "display_name",
    "given_name",
    "surname",
    "mail",
    "mail_nickname",
    "user_type",
    "account_enabled",
    "job_title",
    "department",
    "company_name",
    "office_location",
    "city",
    "country",
    "usage_location",
    "mobile_phone",
    "business_phones",
    "proxy_addresses",
    "employee_id",
    "on_premises_sync_enabled",
    "created_at",
    "last_password_change_at",
    "licenses",
    "products",
];

/// The times of a first and a second run.
type Times = (Duration, Duration);
/// A way to store users in a file, timed for both runs.
type Way = fn(&Path, &[Vec<UserRow>; 2]) -> Times;

fn main() {
    let first = users(0);
    let second = users(1);
    let ways: [(&str, Way); 6] = [
        ("floor: one prepared upsert, one transaction", floor),
        ("prepared upsert, one transaction a page", floor_by_page),
        ("json_each, one statement a page", by_json),
        ("our store, 999 rows a commit", |path, rows| {
            ours(path, rows, PAGE)
        }),
        ("our store, 9,990 rows a commit", |path, rows| {
            ours(path, rows, 10 * PAGE)
        }),
        ("our store, all rows in one commit", |path, rows| {
            ours(path, rows, USERS)
        }),
    ];
    let both = [first, second];
    // A part of a name leaves out all other ways, to look at one alone.
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| {
        wanted
            .as_ref()
            .is_none_or(|wanted| name.contains(wanted.as_str()))
    };
    let mut least = [(Duration::MAX, Duration::MAX); 6];
    for _ in 0..ROUNDS {
        for ((name, way), least) in ways.iter().zip(&mut least) {
            if !is_wanted(name) {
                continue;
            }
            let folder = tempfile::tempdir().unwrap();
            let (first, second) = way(&folder.path().join("bench.db"), &both);
            *least = (least.0.min(first), least.1.min(second));
        }
    }
    let floor = least[0].0.as_secs_f64();
    println!(
        "{USERS} users, least of {ROUNDS} rounds: first run, ratio to the floor, second run / first run"
    );
    for ((name, _), (first, second)) in ways.iter().zip(least) {
        let (first, second) = (first.as_secs_f64(), second.as_secs_f64());
        if !is_wanted(name) {
            continue;
        }
        println!(
            "{name:<46} {first:6.2} s {:6.2} {:6.2}",
            first / floor,
            second / first
        );
    }
    if wanted.is_none() {
        lists(&both[0]);
    }
}

/// What the first pages of the user list take, for which no index is kept.
fn lists(rows: &[UserRow]) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = runtime
        .block_on(SqliteStore::open(folder.path().join("bench.db")))
        .unwrap();
    runtime.block_on(both_tenants(&store));
    runtime.block_on(pass(
        &store,
        contoso(),
        Resource::Users,
        vec![rows.to_vec().into()],
    ));
    let ada = UserFilter::parse("mail=ada.0@contoso.example", noon()).unwrap();
    let queries = [
        ("by display name", UserQuery::all()),
        (
            "by last sign-in",
            UserQuery::all().sort(UserColumn::LastSignIn, Direction::Descending),
        ),
        ("of one tenant", UserQuery::all().tenants([contoso()])),
        ("one found by mail", UserQuery::all().filter(ada)),
        (
            "found by a part of the name",
            UserQuery::all().like(UserColumn::DisplayName, "lovelace 1"),
        ),
    ];
    println!("first page of {USERS} users, least of {ROUNDS} rounds");
    for (name, query) in queries {
        let ask = || timed(|| drop(runtime.block_on(store.users(&query)).unwrap()));
        let least = (0..ROUNDS).map(|_| ask()).min().unwrap();
        println!("{name:<46} {:6.3} s", least.as_secs_f64());
    }
}

/// Users in no order of their ids; of a later version, one in a hundred differs from the first.
fn users(version: usize) -> Vec<UserRow> {
    (0..USERS)
        .map(|n| {
            let mixed = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let id = format!(
                "{:08x}-0000-4000-8000-{:012x}",
                mixed >> 32,
                mixed & 0xffff_ffff_ffff
            );
            let mut row = user(&id, &format!("Ada Lovelace {mixed:x}"));
            row.user_principal_name = format!("ada.{mixed:x}@contoso.example");
            row.mail = Some(row.user_principal_name.clone());
            row.given_name = Some("Ada".to_owned());
            row.surname = Some(format!("Lovelace {mixed:x}"));
            row.mail_nickname = Some(format!("ada.{mixed:x}"));
            row.job_title = Some("Analyst of engines".to_owned());
            row.department = Some(format!("Department {}", n % 40));
            row.company_name = Some("Contoso".to_owned());
            row.office_location = Some(format!("12/{}", n % 900));
            row.city = Some("London".to_owned());
            row.country = Some("United Kingdom".to_owned());
            row.usage_location = Some("GB".to_owned());
            row.mobile_phone = Some(format!("+44 20 {n:07}"));
            row.business_phones = vec![format!("+44 20 {n:07}")];
            row.proxy_addresses = vec![
                format!("SMTP:ada.{mixed:x}@contoso.example"),
                format!("smtp:{mixed:x}@contoso.onmicrosoft.example"),
            ];
            row.employee_id = Some(if n % 100 == 0 {
                format!("{n}-{version}")
            } else {
                n.to_string()
            });
            row.created_at = Some(noon());
            row.last_password_change_at = Some(noon());
            row.licenses = vec![UserLicense::new("05e9a617-0261-4cee-bb44-138d3ef5d965")];
            row
        })
        .collect()
}

/// The values as they stand in the columns; making them is no part of the floor.
fn values(row: &UserRow) -> Vec<Value> {
    let json = serde_json::to_value(row).unwrap();
    COLUMNS
        .iter()
        .map(|column| match &json[*column] {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(truth) => Value::Integer(i64::from(*truth)),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            other => Value::Text(other.to_string()),
        })
        .collect()
}

fn empty(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 65536;
             CREATE TABLE users (tenant INTEGER NOT NULL, {} TEXT, PRIMARY KEY (tenant, id));",
            COLUMNS.join(", "),
        ))
        .unwrap();
    connection
}

fn upsert(source: &str) -> String {
    let set: Vec<_> = COLUMNS[1..]
        .iter()
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    format!(
        "INSERT INTO users (tenant, {}) {source} ON CONFLICT (tenant, id) DO UPDATE SET {}",
        COLUMNS.join(", "),
        set.join(", "),
    )
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn floor(path: &Path, rows: &[Vec<UserRow>; 2]) -> Times {
    prepared(path, rows, USERS)
}

fn floor_by_page(path: &Path, rows: &[Vec<UserRow>; 2]) -> Times {
    prepared(path, rows, PAGE)
}

fn prepared(path: &Path, rows: &[Vec<UserRow>; 2], page: usize) -> Times {
    let mut connection = empty(path);
    let sql = upsert(&format!("VALUES (1{})", ", ?".repeat(COLUMNS.len())));
    let mut run = |rows: &[UserRow]| {
        let rows: Vec<_> = rows.iter().map(values).collect();
        timed(|| {
            for page in rows.chunks(page) {
                let transaction = connection.transaction().unwrap();
                let mut statement = transaction.prepare_cached(&sql).unwrap();
                for row in page {
                    statement.execute(params_from_iter(row)).unwrap();
                }
                drop(statement);
                transaction.commit().unwrap();
            }
        })
    };
    (run(&rows[0]), run(&rows[1]))
}

fn by_json(path: &Path, rows: &[Vec<UserRow>; 2]) -> Times {
    let mut connection = empty(path);
    let paths: Vec<_> = COLUMNS.iter().map(|name| format!("value ->> '{name}'")).collect();
    let sql = upsert(&format!(
        "SELECT 1, {} FROM json_each(?1) WHERE true",
        paths.join(", ")
    ));
    let mut run = |rows: &[UserRow]| {
        timed(|| {
            let transaction = connection.transaction().unwrap();
            let mut statement = transaction.prepare_cached(&sql).unwrap();
            for page in rows.chunks(PAGE) {
                statement.execute([serde_json::to_string(page).unwrap()]).unwrap();
            }
            drop(statement);
            transaction.commit().unwrap();
        })
    };
    (run(&rows[0]), run(&rows[1]))
}

fn ours(path: &Path, rows: &[Vec<UserRow>; 2], page: usize) -> Times {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = runtime.block_on(SqliteStore::open(path)).unwrap();
    runtime.block_on(both_tenants(&store));
    let run = |rows: &[UserRow]| {
        let pages: Vec<_> = rows.chunks(page).map(<[_]>::to_vec).collect();
        timed(|| {
            runtime.block_on(async {
                let users = Resource::Users;
                let begun = store
                    .begin(&PassStart::new(contoso(), 0, users, "all", noon()))
                    .await
                    .unwrap();
                for page in pages {
                    let commit = PageCommit::new(contoso(), 0, users, begun.generation).rows(page);
                    store.commit(commit.cursor("next")).await.unwrap();
                }
                let end = PassEnd::new(contoso(), 0, users, begun.generation, noon()).sweep(users);
                store.finish(end).await.unwrap();
            });
        })
    };
    (run(&rows[0]), run(&rows[1]))
}
