//! Lists of all stores, compared over random rows, filters, orders and pages, with and without indexes.

#![allow(clippy::unwrap_used, reason = "what the tests share fails by panicking too")]

use std::{process::ExitCode, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use libtest_mimic::Arguments;
use msp365_core::TenantId;
use msp365_store::{
    Direction, GroupRow, MembershipRow, MemoryStore, Names, PostgresStore, Resource, RoleAssignmentRow,
    SignInRow, SqliteStore, Store, TenantRecord, UserColumn, UserFilter, UserQuery, UserRow,
    suite::{noon, pass},
};
use msp365_stores::{Schema, plain, with_server};

/// A sequence that follows from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.below(some.len())]
    }

    fn perhaps<T: Copy>(&mut self, some: &[T]) -> Option<T> {
        (self.below(4) > 0).then(|| self.one_of(some))
    }

    fn moment(&mut self) -> Option<Timestamp> {
        let hours = i64::try_from(self.below(400)).unwrap();
        (self.below(3) > 0).then(|| noon() - SignedDuration::from_hours(hours))
    }
}

const NAMES: [&str; 12] = [
    "Ada",
    "ada",
    "Adam",
    "Bo",
    "Cleo",
    "Émile",
    "émilie",
    "Zoë",
    "ΑΣ",
    "ας",
    "50% off",
    r"O'Hare_\x",
];
const DEPARTMENTS: [&str; 4] = ["Sales", "SALES", "Support; EU", "50% north_west"];
const PRODUCTS: [&str; 3] = ["Microsoft 365 E3", "Microsoft 365 E5", "Visio Plan 2"];
const ROLES: [&str; 3] = ["Global Reader", "Helpdesk Administrator", "User Administrator"];
const PATTERNS: [&str; 14] = [
    "ada", "a%", "%o", "_o", "é", "σ", "αΣ", r"50\%", r"%\_x", "", "%", "example", "micro", "o_ha",
];

fn tenant(number: usize) -> TenantId {
    format!("{}0000000-0000-4000-8000-000000000001", 9 - number)
        .parse()
        .unwrap()
}

fn users(chance: &mut Chance, many: usize) -> Vec<UserRow> {
    (0..many)
        .map(|number| {
            let name = chance.perhaps(&NAMES).map(str::to_owned);
            let mut row = UserRow::new(format!("u{number:03}"));
            row.user_principal_name = format!(
                "{}{}@contoso.example",
                chance.one_of(&["ada", "Bo"]),
                chance.below(9)
            );
            row.display_name = name;
            row.user_type = chance.perhaps(&["Member", "Guest"]).map(str::to_owned);
            row.department = chance.perhaps(&DEPARTMENTS).map(str::to_owned);
            row.account_enabled = chance.perhaps(&[true, false]);
            row.created_at = chance.moment();
            row.last_password_change_at = chance.moment();
            let products = (0..chance.below(3))
                .map(|_| chance.one_of(&PRODUCTS))
                .collect::<Vec<_>>();
            row.products = Names::of(products);
            row
        })
        .collect()
}

/// Fills a store; the same seed brings the same rows.
async fn fill(store: &dyn Store, seed: u64) {
    let chance = &mut Chance(seed);
    let names = ["Contoso", "fabrikam", "Ärzte", "Contoso"];
    let listed: Vec<_> = (0..4).map(|n| TenantRecord::new(tenant(n), names[n])).collect();
    store.upsert_tenants(&listed).await.unwrap();
    for number in 0..4 {
        let of = tenant(number);
        let first = users(chance, 30 + number * 10);
        pass(store, of, Resource::Users, vec![first.clone().into()]).await;
        let signed: Vec<_> = first
            .iter()
            .filter_map(|user| {
                let mut row = SignInRow::new(&user.id);
                row.last_successful_at = chance.moment();
                row.last_non_interactive_at = chance.moment();
                (chance.below(2) == 0).then_some(row)
            })
            .collect();
        match number {
            0 | 1 => drop(pass(store, of, Resource::SignIns, vec![signed.into()]).await),
            2 => store.stale(&of, Resource::SignIns, "not_licensed").await.unwrap(),
            _ => {}
        }
        let held = (0..6).map(|n| {
            let mut row = RoleAssignmentRow::new(format!("r{n}"));
            row.principal_id
                .push_str(chance.one_of(&["u001", "u002", "u003", "g1", "g2"]));
            row.role_name = chance.perhaps(&ROLES).map(str::to_owned);
            row.role_definition_id = format!("role; {}", n % 2);
            row
        });
        let held: Vec<_> = held.collect();
        pass(store, of, Resource::RoleAssignments, vec![held.into()]).await;
        let members = (0..8).map(|_| {
            let user = format!("u{:03}", chance.below(20));
            MembershipRow::new(chance.one_of(&["g1", "g2"]), user)
        });
        let members: Vec<_> = members.collect();
        let groups = vec![GroupRow::new("g1"), GroupRow::new("g2")];
        pass(store, of, Resource::Groups, vec![groups.into(), members.into()]).await;
        // Some come, some go, some change.
        let mut second = users(chance, 25 + number * 10);
        second.truncate(50);
        pass(store, of, Resource::Users, vec![second.into()]).await;
    }
}

fn condition(chance: &mut Chance) -> String {
    let text = chance.one_of(&[
        "display_name",
        "department",
        "user_principal_name",
        "user_type",
        "tenant",
        "mail",
    ]);
    let names = chance.one_of(&["roles", "licenses"]);
    let time = chance.one_of(&["created_at", "last_sign_in", "last_password_change_at"]);
    let (one, two) = (chance.one_of(&NAMES), chance.one_of(&DEPARTMENTS));
    let pattern = chance.one_of(&PATTERNS);
    match chance.below(14) {
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
            "last_sign_in={}",
            chance.one_of(&["never", "unknown", "not_licensed"])
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
                "{} {} {roles} {:?}",
                &row.tenant_id.to_string()[..1],
                row.user.id,
                row.last_sign_in
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
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
