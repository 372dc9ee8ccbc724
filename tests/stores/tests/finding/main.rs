//! Lists of all stores, compared over random rows, filters, orders and pages, with and without indexes.

#![allow(clippy::unwrap_used, reason = "what the tests share fails by panicking too")]

mod many;
mod meaning;
mod people;

use std::{process::ExitCode, sync::Arc};

use libtest_mimic::Arguments;
use msp365_store::{
    Direction, MemoryStore, PostgresStore, SqliteStore, Store, UserColumn, UserFilter, UserQuery, suite::noon,
};
use msp365_stores::{Schema, plain, with_server};

use many::{
    short_patterns_and_pairs_of_columns_in_postgresql, short_patterns_and_pairs_of_columns_in_sqlite,
};
use meaning::lists_find_whom_they_mean;
use people::{ADDRESSES, Chance, DEPARTMENTS, NAMES, PATTERNS, PHONES, PRODUCTS, ROLES, fill, tenant};

/// Columns of one text.
const TEXTS: [&str; 6] = [
    "display_name",
    "department",
    "user_principal_name",
    "user_type",
    "tenant",
    "mail",
];

fn condition(chance: &mut Chance) -> String {
    let text = chance.one_of(&TEXTS);
    let names = chance.one_of(&["roles", "licenses"]);
    let time = chance.one_of(&[
        "created_at",
        "last_sign_in",
        "last_successful_sign_in",
        "last_password_change_at",
    ]);
    let (one, two) = (chance.one_of(&NAMES), chance.one_of(&DEPARTMENTS));
    let pattern = chance.one_of(&PATTERNS);
    let (list, address) = (
        chance.one_of(&["business_phones", "proxy_addresses", "name_or_address"]),
        chance.one_of(&ADDRESSES),
    );
    match chance.below(18) {
        0 => format!("{text}={one}"),
        1 => format!(
            "{text}={}|{one}|{}",
            two.replace('|', ""),
            chance.one_of(&["Guest", "contoso"])
        ),
        2 => format!("{text}="),
        3 | 4 => format!("{text}~{pattern}"),
        5 => format!("{names}={}|{}", chance.one_of(&PRODUCTS), chance.one_of(&ROLES)),
        6 => format!("{names}={}", chance.one_of(&ROLES)),
        7 => format!("{names}~{pattern}"),
        8 => format!("{names}="),
        9 => format!("account_enabled={}", chance.one_of(&["true", "false", ""])),
        10 => format!("{time}{}{}d", chance.one_of(&["<", ">"]), chance.below(16)),
        11 => format!(
            "{time}=2026-02-{:02}..2026-02-{:02}",
            13 + chance.below(9),
            18 + chance.below(10)
        ),
        12 => format!(
            "{}={}",
            chance.one_of(&[
                "last_sign_in",
                "last_successful_sign_in",
                "last_password_change_at"
            ]),
            chance.one_of(&["never", "unknown", "not_licensed", ""])
        ),
        13 | 14 => format!("{list}~{address}"),
        15 => format!(
            "business_phones={}|{}",
            chance.one_of(&PHONES),
            chance.one_of(&["", "7"])
        ),
        16 => format!(
            "{}={}",
            chance.one_of(&["roles", "licenses", "account_enabled", "proxy_addresses"]),
            chance.one_of(&["unknown", "not_licensed", ""])
        ),
        _ => format!("name_or_address~{pattern}"),
    }
}

fn query(chance: &mut Chance) -> (String, UserQuery) {
    let mut query = UserQuery::all();
    let mut said = Vec::new();
    for _ in 0..chance.below(4) {
        let text = condition(chance);
        query = query.filter(UserFilter::parse(&text, noon()).unwrap());
        said.push(text);
    }
    match chance.below(4) {
        0 => {
            let some = [tenant(chance.below(4)), tenant(chance.below(4))];
            query = query.only_in(some);
            said.push(format!("in {some:?}"));
        }
        1 if chance.below(3) == 1 => {
            query = query.except((0..9).map(|n| (tenant(n % 4), format!("u{:03}", n * 3))));
            said.push("except".to_owned());
        }
        1 if chance.below(3) == 0 => {
            query = query.only((0..6).map(|n| (tenant(n % 4), format!("u{:03}", n * 3))));
            said.push("only".to_owned());
        }
        _ => {}
    }
    let column = chance.one_of(UserColumn::ALL);
    let direction = chance.one_of(&[Direction::Ascending, Direction::Descending]);
    said.push(format!("by {column} {direction:?}"));
    (said.join(" and "), query.sort(column, direction))
}

/// All pages after each other, and the count.
async fn shown(store: &dyn Store, query: &UserQuery, size: usize) -> (u64, Vec<String>) {
    let (count, is_all) = store.user_count(query, u64::MAX).await.unwrap();
    assert!(is_all);
    let mut rows = Vec::new();
    let mut asked = query.clone().page(1, size);
    loop {
        let page = store.user_page(&asked).await.unwrap();
        rows.extend(page.rows.iter().map(|row| {
            let roles = row.roles.join("+");
            format!(
                "{} {} {roles} {:?} {:?}",
                &row.tenant_id.to_string()[..1],
                row.user.id,
                row.last_sign_in,
                row.last_successful_sign_in
            )
        }));
        match page.next {
            Some(mark) => asked = query.clone().page(1, size).after(mark),
            None => return (count, rows),
        }
    }
}

async fn agree(stores: &[(&str, Arc<dyn Store>)], seed: u64, questions: usize) {
    for (_, store) in stores {
        fill(&**store, seed).await;
    }
    lists_find_whom_they_mean(stores).await;
    let chance = &mut Chance(seed ^ 0x5eed);
    let (mut found, mut most) = (0, 0);
    for _ in 0..questions {
        let (said, query) = query(chance);
        let size = 1 + chance.below(40);
        let expected = shown(&*stores[0].1, &query, size).await;
        assert_eq!(expected.0, expected.1.len() as u64, "{said}");
        for (name, store) in &stores[1..] {
            assert_eq!(
                shown(&**store, &query, size).await,
                expected,
                "{name}, seed {seed}: {said}"
            );
            let third = store.user_page(&query.clone().page(3, 7)).await.unwrap();
            let ids: Vec<_> = third.rows.iter().map(|row| row.user.id.as_str()).collect();
            let skipped = expected.1.iter().skip(14).take(7);
            assert_eq!(
                ids,
                skipped.map(|line| &line[2..6]).collect::<Vec<_>>(),
                "{name}: {said}"
            );
        }
        found += usize::from(expected.0 > 0);
        most = most.max(expected.0);
    }
    // Questions that nobody passes prove nothing.
    assert!(
        found > questions / 3 && most > 100,
        "{found} of {questions}, {most}"
    );
}

async fn lists_in_sqlite_are_those_in_memory() {
    for seed in 1..4 {
        let folder = tempfile::tempdir().unwrap();
        let open = async |name: &str| SqliteStore::open(folder.path().join(name)).await.unwrap();
        let stores: [(&str, Arc<dyn Store>); 4] = [
            ("memory", Arc::new(MemoryStore::new())),
            ("sqlite", Arc::new(open("one.db").await)),
            ("sqlite, few", Arc::new(open("two.db").await.indexed_from(0, 200))),
            (
                "sqlite, walked",
                Arc::new(open("three.db").await.indexed_from(0, 3)),
            ),
        ];
        agree(&stores, seed, 250).await;
    }
}

async fn lists_in_postgresql_are_those_in_memory() {
    let schemas = [Schema::new().await, Schema::new().await, Schema::new().await];
    let [one, two, three] = schemas;
    let open = async |schema: &Schema| PostgresStore::open(&schema.url()).await.unwrap();
    let stores: [(&str, Arc<dyn Store>); 4] = [
        ("memory", Arc::new(MemoryStore::new())),
        ("postgres", Arc::new(open(&one).await)),
        ("postgres, few", Arc::new(open(&two).await.indexed_from(0, 200))),
        (
            "postgres, walked",
            Arc::new(open(&three).await.indexed_from(0, 3)),
        ),
    ];
    agree(&stores, 7, 250).await;
    drop(stores);
    for schema in [one, two, three] {
        schema.drop_it().await;
    }
}

async fn indexes_follow_what_is_written_after_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let sqlite = SqliteStore::open(folder.path().join("msp365.db")).await.unwrap();
    let sqlite: Arc<dyn Store> = Arc::new(sqlite.indexed_from(0, 40));
    for seed in 1..4 {
        // The rows of each seed replace those of the one before.
        fill(&*memory, seed).await;
        fill(&*sqlite, seed).await;
        let chance = &mut Chance(77);
        for _ in 0..120 {
            let (said, query) = query(chance);
            let expected = shown(&*memory, &query, 30).await;
            assert_eq!(shown(&*sqlite, &query, 30).await, expected, "seed {seed}: {said}");
        }
        sqlite.purge(&tenant(1)).await.unwrap();
        memory.purge(&tenant(1)).await.unwrap();
    }
}

fn main() -> ExitCode {
    let tests = vec![
        plain(
            "lists_in_sqlite_are_those_in_memory",
            lists_in_sqlite_are_those_in_memory,
        ),
        with_server(
            "lists_in_postgresql_are_those_in_memory",
            lists_in_postgresql_are_those_in_memory,
        ),
        plain(
            "indexes_follow_what_is_written_after_they_were_made",
            indexes_follow_what_is_written_after_they_were_made,
        ),
        plain(
            "short_patterns_and_pairs_of_columns_in_sqlite",
            short_patterns_and_pairs_of_columns_in_sqlite,
        ),
        with_server(
            "short_patterns_and_pairs_of_columns_in_postgresql",
            short_patterns_and_pairs_of_columns_in_postgresql,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
