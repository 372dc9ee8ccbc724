//! A million made-up users: where they work, what they hold, when they were last seen.

use jiff::SignedDuration;
use msp365_core::TenantId;
use msp365_store::{
    Names, PageCommit, PassEnd, PassStart, Resource, RoleAssignmentRow, SignInRow, Store, TenantRecord,
    UserLicense, UserRow, suite::noon,
};

use crate::TENANTS;

pub(crate) fn tenant(number: usize) -> TenantId {
    format!("{number:08x}-0000-4000-8000-000000000001")
        .parse()
        .unwrap()
}

/// A number of no order, for each user and purpose.
fn mixed(number: usize, purpose: u64) -> usize {
    let mut mixed = (number as u64 ^ (purpose << 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from((mixed ^ (mixed >> 32)) & 0xffff_ffff).unwrap()
}

/// Which tenant a user is of.
fn home(number: usize) -> usize {
    match mixed(number, 1) % 100 {
        0..10 => 0,
        10 => 1,
        _ => 2 + mixed(number, 2) % (TENANTS - 2),
    }
}

fn user(number: usize, version: u64) -> UserRow {
    let at = |purpose: u64, days: usize| {
        let hours = mixed(number, purpose) % (days * 24);
        noon() - SignedDuration::from_hours(i64::try_from(hours).unwrap())
    };
    let first = ["Ada", "Bo", "Cleo", "Émile", "Grace"][mixed(number, 3) % 5];
    let last = ["Lovelace", "Hopper", "Turing", "Noether"][mixed(number, 4) % 4];
    let id = mixed(number, 5);
    let mut row = UserRow::new(format!("{id:08x}-0000-4000-8000-{number:012x}"));
    let is_guest = mixed(number, 6).is_multiple_of(12);
    row.user_principal_name = format!("{}.{number}@contoso.example", first.to_lowercase());
    row.display_name = Some(format!("{first} {last} {number}"));
    row.given_name = Some(first.to_owned());
    row.surname = Some(format!("{last} {number}"));
    row.mail = Some(row.user_principal_name.clone());
    row.mail_nickname = Some(format!("{first}{number}"));
    row.user_type = Some(if is_guest { "Guest" } else { "Member" }.to_owned());
    row.account_enabled = Some(!mixed(number, 7).is_multiple_of(10));
    row.job_title = Some(["Analyst", "Clerk", "Driver", "Nurse"][mixed(number, 8) % 4].to_owned());
    row.department = Some(format!(
        "Department {}",
        mixed(number, 9) % 60 + usize::try_from(version).unwrap()
    ));
    row.company_name = Some(format!("Customer {}", home(number)));
    row.office_location = Some(format!("12/{}", mixed(number, 10) % 900));
    row.city = Some(["London", "Utrecht", "Porto", "Malmö"][mixed(number, 11) % 4].to_owned());
    row.country = Some("United Kingdom".to_owned());
    row.usage_location = Some("GB".to_owned());
    row.mobile_phone = Some(format!("+44 20 {number:07}"));
    row.business_phones = vec![format!("+44 20 {number:07}")];
    row.proxy_addresses = vec![format!("SMTP:{}", row.user_principal_name)];
    row.employee_id = Some(number.to_string());
    row.on_premises_sync_enabled = home(number).is_multiple_of(5).then_some(true);
    row.created_at = Some(at(12, 2_000));
    row.last_password_change_at = Some(at(13, 400));
    row.licenses = vec![UserLicense::new("05e9a617-0261-4cee-bb44-138d3ef5d965")];
    row.products = match mixed(number, 14) % 1000 {
        0 => Names::of(["Project Plan 5"]),
        1..50 => Names::of(["Microsoft 365 E3", "Visio Plan 2"]),
        50..500 => Names::of(["Microsoft 365 E3"]),
        500..900 => Names::of(["Microsoft 365 Business Premium"]),
        _ => Names::default(),
    };
    row
}

/// Blocked users have not signed in for long, as is natural.
fn sign_in(number: usize, user: &UserRow) -> Option<SignInRow> {
    let days = if user.account_enabled == Some(false) {
        200 + mixed(number, 15) % 400
    } else {
        mixed(number, 15) % 150
    };
    let mut row = SignInRow::new(&user.id);
    let hours = i64::try_from(days * 24 + mixed(number, 16) % 24).unwrap();
    row.last_successful_at = Some(noon() - SignedDuration::from_hours(hours));
    (!mixed(number, 17).is_multiple_of(8)).then_some(row)
}

pub(crate) async fn fill(store: &dyn Store, users: usize, version: u64) {
    let listed: Vec<_> = (0..TENANTS)
        .map(|n| TenantRecord::new(tenant(n), format!("Customer {n}")))
        .collect();
    store.upsert_tenants(&listed).await.unwrap();
    let mut homes: Vec<Vec<usize>> = vec![Vec::new(); TENANTS];
    for number in 0..users {
        homes[home(number)].push(number);
    }
    for (number, people) in homes.into_iter().enumerate() {
        let of = tenant(number);
        let generation = begin(store, of, Resource::Users).await;
        for some in people.chunks(9_990) {
            let rows: Vec<_> = some.iter().map(|person| user(*person, version)).collect();
            let page = PageCommit::new(of, 0, Resource::Users, generation).rows(rows);
            store.commit(page).await.unwrap();
        }
        end(store, of, Resource::Users, generation).await;
        match number % 10 {
            9 => continue,
            8 => {
                store.stale(&of, Resource::SignIns, "not_licensed").await.unwrap();
                continue;
            }
            _ => {}
        }
        let generation = begin(store, of, Resource::SignIns).await;
        for some in people.chunks(9_990) {
            let rows: Vec<_> = some
                .iter()
                .filter_map(|person| sign_in(*person, &user(*person, version)))
                .collect();
            let page = PageCommit::new(of, 0, Resource::SignIns, generation).rows(rows);
            store.commit(page).await.unwrap();
        }
        end(store, of, Resource::SignIns, generation).await;
        let generation = begin(store, of, Resource::RoleAssignments).await;
        let roles = ["Global Administrator", "Global Reader", "Helpdesk Administrator"];
        let held = people.iter().take(6).enumerate().map(|(n, person)| {
            let mut row = RoleAssignmentRow::new(format!("{n}"));
            row.principal_id = user(*person, version).id;
            row.role_name = Some(roles[n % 3].to_owned());
            row
        });
        let page =
            PageCommit::new(of, 0, Resource::RoleAssignments, generation).rows(held.collect::<Vec<_>>());
        store.commit(page).await.unwrap();
        end(store, of, Resource::RoleAssignments, generation).await;
    }
}

async fn begin(store: &dyn Store, tenant: TenantId, stream: Resource) -> i64 {
    let start = PassStart::new(tenant, 0, stream, "all", noon());
    store.begin(&start).await.unwrap().generation
}

async fn end(store: &dyn Store, tenant: TenantId, stream: Resource, generation: i64) {
    store
        .finish(PassEnd::new(tenant, 0, stream, generation, noon()))
        .await
        .unwrap();
}
