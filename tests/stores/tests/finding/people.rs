//! Random people, the same for the same seed.

use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;
use msp365_store::{
    GroupRow, MembershipRow, Names, Resource, RoleAssignmentRow, SignInRow, Store, TenantRecord, UserRow,
    suite::{noon, pass},
};

/// A sequence that follows from a seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    pub(crate) fn one_of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.below(some.len())]
    }

    pub(crate) fn perhaps<T: Copy>(&mut self, some: &[T]) -> Option<T> {
        (self.below(4) > 0).then(|| self.one_of(some))
    }

    pub(crate) fn moment(&mut self) -> Option<Timestamp> {
        let hours = i64::try_from(self.below(400)).unwrap();
        (self.below(3) > 0).then(|| noon() - SignedDuration::from_hours(hours))
    }
}

pub(crate) const NAMES: [&str; 12] = [
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
pub(crate) const DEPARTMENTS: [&str; 4] = ["Sales", "SALES", "Support; EU", "50% north_west"];
pub(crate) const PRODUCTS: [&str; 3] = ["Microsoft 365 E3", "Microsoft 365 E5", "Visio Plan 2"];
pub(crate) const ROLES: [&str; 3] = ["Global Reader", "Helpdesk Administrator", "User Administrator"];
pub(crate) const PATTERNS: [&str; 14] = [
    "ada", "a%", "%o", "_o", "é", "σ", "αΣ", r"50\%", r"%\_x", "", "%", "example", "micro", "o_ha",
];
/// Patterns of addresses: anchored, across what could be joined, and of what stands before an address.
pub(crate) const ADDRESSES: [&str; 20] = [
    "ada@%",
    "%@fabrikam.example",
    "%@contoso.example",
    "bo_@%",
    "smtp",
    "smtp:%",
    "SMTP:ada@%",
    "x500:%",
    "/o=first%",
    "%:%",
    "ada%contoso%fabrikam%",
    "o'hare\\_%",
    r#"%"q\\%"#,
    "%",
    "_",
    "_da%",
    "ad_@fabrikam.example",
    "+31 20 5",
    "+31%5",
    r"%\%%",
];
/// The part of an address before its `@`.
const BOXES: [&str; 6] = ["ada", "Bo1", "O'Hare_", r#"x"q\"#, "50%", "Émile"];
pub(crate) const PHONES: [&str; 4] = ["+31 20 5", "+31 20 55", r#"+1 "5" \ 5"#, "5"];

pub(crate) fn tenant(number: usize) -> TenantId {
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
            row.mail = chance
                .perhaps(&BOXES)
                .map(|own| format!("{own}@{}", domain(chance)));
            row.proxy_addresses = (0..chance.below(4))
                .map(|_| {
                    let kind = chance.one_of(&["SMTP:", "smtp:", "smtp:", "x500:/o=First/cn=", ""]);
                    format!("{kind}{}@{}", chance.one_of(&BOXES), domain(chance))
                })
                .collect();
            row.business_phones = (0..chance.below(3))
                .map(|_| chance.one_of(&PHONES).to_owned())
                .collect();
            row
        })
        .collect()
}

fn domain(chance: &mut Chance) -> &'static str {
    chance.one_of(&["contoso.example", "fabrikam.example"])
}

/// Fills a store; the same seed brings the same rows.
pub(crate) async fn fill(store: &dyn Store, seed: u64) {
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
                row.last_sign_in_at = chance.moment();
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
            row.directory_scope_id = chance
                .perhaps(&["/", "/", "/administrativeUnits/a7"])
                .map(str::to_owned);
            row
        });
        let held: Vec<_> = held.collect();
        // Of one tenant they are never read.
        if number != 3 {
            pass(store, of, Resource::RoleAssignments, vec![held.into()]).await;
        }
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
