//! Columns of more values than can be looked at one by one: short patterns, and pairs of columns.

use std::{path::Path, sync::Arc};

use msp365_store::{
    Direction, MemoryStore, PostgresStore, Resource, SqliteStore, Store, TenantRecord, UserColumn,
    UserFilter, UserQuery, UserRow,
    suite::{noon, pass},
};
use msp365_stores::Schema;

use crate::{
    people::{Chance, tenant},
    shown,
};

const USERS: usize = 2_000;
/// Columns of few values, which are asked for in pairs.
const BROAD: [&str; 8] = [
    "user_type=Guest",
    "account_enabled=false",
    "department=Sales|Support",
    "city=Porto",
    "country=Malta",
    "job_title=Clerk",
    "company_name=Fabrikam",
    "usage_location=MT",
];
const SORTS: [UserColumn; 4] = [
    UserColumn::DisplayName,
    UserColumn::CreatedAt,
    UserColumn::City,
    UserColumn::Mail,
];

fn person(chance: &mut Chance, number: usize) -> UserRow {
    let mut row = UserRow::new(format!("u{number:04}"));
    // A letter that few have, one that stands at the end alone, and a run of two that is rare.
    let rare = match number % 500 {
        7 => "xq",
        11 => "ß",
        _ => "",
    };
    row.user_principal_name = format!("{number}@contoso.example");
    row.display_name = Some(format!(
        "{} {number}{rare}",
        chance.one_of(&["Ada", "Bo", "Émile"])
    ));
    row.mail = chance
        .perhaps(&["ada@contoso.example", "bo@contoso.example"])
        .map(str::to_owned);
    row.user_type = chance.perhaps(&["Guest", "Member"]).map(str::to_owned);
    row.account_enabled = chance.perhaps(&[true, false]);
    row.department = chance.perhaps(&["Sales", "Support", "Legal"]).map(str::to_owned);
    row.city = chance.perhaps(&["Porto", "London"]).map(str::to_owned);
    row.country = chance.perhaps(&["Malta", "Peru"]).map(str::to_owned);
    row.job_title = chance.perhaps(&["Clerk", "Nurse"]).map(str::to_owned);
    row.company_name = chance.perhaps(&["Fabrikam", "Contoso"]).map(str::to_owned);
    row.usage_location = chance.perhaps(&["MT", "PE"]).map(str::to_owned);
    row.created_at = chance.moment();
    row
}

async fn fill(store: &dyn Store) {
    let chance = &mut Chance(11);
    let listed: Vec<_> = (0..2)
        .map(|n| TenantRecord::new(tenant(n), format!("Customer {n}")))
        .collect();
    store.upsert_tenants(&listed).await.unwrap();
    for half in 0..2 {
        let rows: Vec<_> = (0..USERS / 2)
            .map(|n| person(chance, half * USERS / 2 + n))
            .collect();
        pass(store, tenant(half), Resource::Users, vec![rows.into()]).await;
    }
}

fn questions() -> Vec<Vec<String>> {
    let short = ["xq", "q", "ß", "%ß", "zz", "z", "1_x", "%9", "0%", "_", "é"];
    let patterns = short.iter().map(|pattern| vec![format!("name~{pattern}")]);
    let places = short
        .iter()
        .map(|pattern| vec![format!("name_or_address~{pattern}")]);
    let mut pairs = Vec::new();
    for (at, one) in BROAD.iter().enumerate() {
        for other in &BROAD[at + 1..] {
            pairs.push(vec![(*one).to_owned(), (*other).to_owned()]);
        }
    }
    patterns.chain(places).chain(pairs).collect()
}

async fn agrees(store: &dyn Store, expected: &dyn Store) {
    for (at, texts) in questions().into_iter().enumerate() {
        let direction = if at % 2 == 0 {
            Direction::Ascending
        } else {
            Direction::Descending
        };
        let mut query = UserQuery::all().sort(SORTS[at % SORTS.len()], direction);
        for text in &texts {
            query = query.filter(UserFilter::parse(text, noon()).unwrap());
        }
        assert_eq!(
            shown(store, &query, 70).await,
            shown(expected, &query, 500).await,
            "{texts:?}"
        );
    }
}

fn pairs(path: &Path) -> i64 {
    let sql =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'find\\_pair\\_%' ESCAPE '\\'";
    rusqlite::Connection::open(path)
        .unwrap()
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}

/// Twenty-eight pairs of columns are asked for; indexes are made for so many of them only, and the answers are right.
pub(crate) async fn short_patterns_and_pairs_of_columns_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msp365.db");
    let store = SqliteStore::open(&path).await.unwrap().indexed_from(0, 40);
    let memory = MemoryStore::new();
    fill(&store).await;
    fill(&memory).await;

    agrees(&store, &memory).await;

    assert_eq!(pairs(&path), 24);
}

pub(crate) async fn short_patterns_and_pairs_of_columns_in_postgresql() {
    let schema = Schema::new().await;
    let store = PostgresStore::open(&schema.url())
        .await
        .unwrap()
        .indexed_from(0, 40);
    let store: Arc<dyn Store> = Arc::new(store);
    let memory = MemoryStore::new();
    fill(&*store).await;
    fill(&memory).await;

    agrees(&*store, &memory).await;

    drop(store);
    schema.drop_it().await;
}
