//! How long the first page of a list of users takes, for every kind of filter and sort.
//!
//! `cargo bench -p msp365-scale --bench find [-- USERS [sqlite|postgres]]`; a million users unless told otherwise, and
//! both databases (PostgreSQL where the server of `MSP365_TEST_POSTGRES`, or `postgres@127.0.0.1:5432/test`, answers).
//! The rows come in through the store's own pages. Each question is asked once, which makes the indexes that it needs,
//! and then five times; the table shows the time of the first question, the median and the longest of the five, and the
//! median of three times the page after it. At the end it shows what it takes to store rows anew while all these indexes
//! are kept.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

mod world;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use msp365_store::{
    Direction, PostgresStore, SqliteStore, Store, UserColumn, UserFilter, UserPage, UserQuery, suite::noon,
};
use msp365_stores::{Schema, missing};
use world::{fill, tenant};

const USERS: usize = 1_000_000;
/// Tenants: one with a tenth of all users, one with a hundredth, and many small ones.
const TENANTS: usize = 1_000;
const PAGE: usize = 50;
/// What the first page may take.
const AIM: Duration = Duration::from_millis(50);

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let users = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(USERS);
    let wants = |name: &str| {
        let named = arguments
            .iter()
            .filter(|argument| argument.parse::<usize>().is_err());
        named.clone().count() == 0 || named.clone().any(|argument| argument == name)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    if wants("sqlite") {
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("bench.db");
            bench("SQLite", Arc::new(SqliteStore::open(&path).await.unwrap()), users).await;
            let bytes = std::fs::metadata(&path).unwrap().len();
            let start = Instant::now();
            drop(SqliteStore::open(&path).await.unwrap());
            let opened = start.elapsed().as_secs_f64();
            println!(
                "SQLite: {} MiB on the disk, checked and opened again in {opened:.1} s",
                bytes >> 20
            );
        });
    }
    if let Some(why) = missing() {
        println!("PostgreSQL: {why}");
    } else if wants("postgres") {
        runtime.block_on(async {
            let schema = Schema::new().await;
            let store = PostgresStore::open(&schema.url()).await.unwrap();
            bench("PostgreSQL", Arc::new(store), users).await;
            schema.drop_it().await;
        });
    }
}

async fn bench(name: &str, store: Arc<dyn Store>, users: usize) {
    let start = Instant::now();
    fill(&*store, users, 0).await;
    println!(
        "{name}: {users} users of {TENANTS} tenants stored in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    println!(
        "{:<68} {:>9} {:>9} {:>9} {:>9} {:>6}",
        "first page of 50", "first", "median", "longest", "next page", "rows"
    );
    let (mut over, mut asked) = (Vec::new(), 0);
    for (said, query) in questions() {
        let (first, page) = timed(&*store, &query).await;
        let rows = page.rows.len();
        let mut times = Vec::new();
        for _ in 0..5 {
            times.push(timed(&*store, &query).await.0);
        }
        times.sort_unstable();
        let mut next = Vec::new();
        if let Some(mark) = page.next {
            let second = query.after(mark);
            for _ in 0..3 {
                next.push(timed(&*store, &second).await.0);
            }
            next.sort_unstable();
        }
        asked += 1;
        if times[2] > AIM || next.get(1).is_some_and(|time| *time > AIM) {
            over.push(format!(
                "{said}: {:.0} ms, next page {:.0} ms",
                ms(times[2]),
                next.get(1).map_or(0.0, |time| ms(*time))
            ));
        }
        println!(
            "{said:<68} {:>6.0} ms {:>6.1} ms {:>6.1} ms {:>6.1} ms {rows:>6}",
            ms(first),
            ms(times[2]),
            ms(times[4]),
            next.get(1).map_or(0.0, |time| ms(*time)),
        );
    }
    println!(
        "{name}: {} of {asked} questions have a median above 50 ms",
        over.len()
    );
    for line in &over {
        println!("    {line}");
    }
    count(&*store).await;
    let start = Instant::now();
    fill(&*store, users / 20, 1).await;
    println!(
        "{name}: with all indexes of the above kept, {} rows were stored anew in {:.1} s",
        users / 20,
        start.elapsed().as_secs_f64()
    );
}

async fn timed(store: &dyn Store, query: &UserQuery) -> (Duration, UserPage) {
    let start = Instant::now();
    let page = store.user_page(query).await.unwrap();
    (start.elapsed(), page)
}

async fn count(store: &dyn Store) {
    for text in ["account_enabled=false", "name~ada", "roles=Global Reader"] {
        let query = UserQuery::all().filter(filter(text));
        let start = Instant::now();
        let (some, is_all) = store.user_count(&query, 10_000).await.unwrap();
        let bounded = start.elapsed();
        let start = Instant::now();
        let (all, _) = store.user_count(&query, u64::MAX).await.unwrap();
        println!(
            "count of {text}: {some}{} in {:.0} ms, {all} in {:.0} ms",
            if is_all { "" } else { " or more" },
            ms(bounded),
            ms(start.elapsed())
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn filter(text: &str) -> UserFilter {
    UserFilter::parse(text, noon()).unwrap()
}

/// Every sort alone and in the largest tenant, then every kind of filter under sorts that go with it and against it.
fn questions() -> Vec<(String, UserQuery)> {
    let both = [Direction::Ascending, Direction::Descending];
    let mut questions = Vec::new();
    for column in UserColumn::ALL {
        for direction in both {
            let query = UserQuery::all().sort(*column, direction).page(1, PAGE);
            questions.push((format!("all by {column} {}", sign(direction)), query));
        }
    }
    for column in [
        UserColumn::DisplayName,
        UserColumn::CompanyName,
        UserColumn::LastSignIn,
        UserColumn::CreatedAt,
    ] {
        let of_large = UserQuery::all()
            .tenants([tenant(0)])
            .sort(column, Direction::Descending)
            .page(1, PAGE);
        questions.push((format!("tenant of a tenth by {column} desc"), of_large));
        let of_small = UserQuery::all()
            .tenants([tenant(700)])
            .sort(column, Direction::Ascending)
            .page(1, PAGE);
        questions.push((format!("small tenant by {column}"), of_small));
        let of_many = UserQuery::all()
            .tenants((0..200).map(tenant))
            .sort(column, Direction::Ascending)
            .page(1, PAGE);
        questions.push((format!("200 tenants by {column}"), of_many));
    }
    let sorts = [
        (UserColumn::DisplayName, Direction::Ascending),
        (UserColumn::Tenant, Direction::Ascending),
        (UserColumn::LastSignIn, Direction::Descending),
        (UserColumn::CreatedAt, Direction::Ascending),
        (UserColumn::Department, Direction::Descending),
    ];
    for filters in FILTERS {
        for (column, direction) in sorts {
            let mut query = UserQuery::all().sort(column, direction).page(1, PAGE);
            for text in *filters {
                query = query.filter(filter(text));
            }
            questions.push((
                format!("{} by {column} {}", filters.join(", "), sign(direction)),
                query,
            ));
        }
    }
    questions
}

fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => "",
        Direction::Descending => "desc",
    }
}

const FILTERS: &[&[&str]] = &[
    &["account_enabled=false"],
    &["user_type=Guest"],
    &["user_type=Guest", "account_enabled=false"],
    &["on_premises_sync_enabled=true"],
    &["department=Department 7"],
    &["department=Department 7|Department 8"],
    &["city~lond"],
    &["employee_id=4711"],
    &["mail=nobody@contoso.example"],
    &["name=Ada Lovelace 4711"],
    &["name~ada%"],
    &["name~lovelace 1234"],
    &["name~%hopper%7"],
    &["name~ov"],
    &["name~zz"],
    &["name~nobody is called so"],
    &["name_or_address~bo.123"],
    &["last_sign_in<7d"],
    &["last_sign_in>90d"],
    &["last_sign_in=never"],
    &["last_sign_in=unknown"],
    &["last_sign_in=not_licensed"],
    &["last_sign_in>90d", "account_enabled=true"],
    &["created_at=2025-06-01..2025-06-30"],
    &["created_at<24h"],
    &["last_password_change_at>180d"],
    &["roles=Global Administrator"],
    &["roles~reader"],
    &["licenses=Microsoft 365 E3"],
    &["licenses=Project Plan 5"],
    &["licenses~visio"],
    &["tenant~customer 12"],
    &["tenant=Customer 7", "name~ada%"],
    &["job_title=Analyst", "city~lond", "account_enabled=true"],
];
