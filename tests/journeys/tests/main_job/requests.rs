//! Requests grow with pages, never with users.

use std::collections::BTreeMap;

use msp365::{TenantId, store::TenantStatus};
use serde_json::Value;

use crate::{
    journey::{Journey, world},
    spy::Sent,
};

/// Requests by method and path.
type Requests = BTreeMap<String, usize>;

/// What the partner tenant is asked once in each run; the assignments of up to twenty relationships are one batch.
const OF_THE_PARTNER: [&str; 7] = [
    "GET /v1.0/organization",
    "GET /v1.0/me",
    "GET /v1.0/me/transitiveMemberOf",
    "GET /v1.0/groups",
    "GET /v1/customers",
    "GET /v1.0/tenantRelationships/delegatedAdminRelationships",
    "POST /v1.0/$batch",
];
/// What the first run needs to enrol a customer: the token that is refused, the consent, the token that is given, and
/// what was granted.
const TO_ENROL: [&str; 5] = [
    "POST /{customer}/oauth2/v2.0/token",
    "POST /v1/customers/{customer}/applicationconsents",
    "POST /{customer}/oauth2/v2.0/token",
    "GET /v1.0/servicePrincipals(appId='{app}')",
    "GET /v1.0/oauth2PermissionGrants",
];
/// What a customer is asked in each run beside listings: who it is, and the report.
const OF_THE_CUSTOMER: [&str; 3] = [
    "GET /v1.0/organization",
    "GET /v1.0/reports/getMailboxUsageDetail(period='D30')",
    "GET /reports-download/{key}",
];

/// Rows of a page by listing; the licences come in one page.
const USERS: usize = 999;
const SIGN_INS: usize = 500;
const ROLE_ASSIGNMENTS: usize = 999;
const DEVICES: usize = 999;
const MANAGED_DEVICES: usize = 1_000;
/// Groups of a page of changes, and members on it in all.
const GROUPS: usize = 200;
const MEMBERS: usize = 1_000;

/// The requests of one run over the one customer of this world. `groups` is the number of pages of changed groups.
fn run(truth: &[Value], groups: usize) -> Requests {
    let count = |kind: &str| usize::try_from(truth[0]["counts"][kind].as_u64().unwrap()).unwrap();
    let pages = |rows: usize, page: usize| rows.div_ceil(page).max(1);
    let mut wanted = Requests::new();
    for path in OF_THE_PARTNER.into_iter().chain(OF_THE_CUSTOMER) {
        *wanted.entry(path.to_owned()).or_default() += 1;
    }
    for (path, pages) in [
        (
            "users",
            pages(count("users"), USERS) + pages(count("users"), SIGN_INS),
        ),
        ("groups/delta", groups),
        (
            "roleManagement/directory/roleAssignments",
            pages(count("role_assignments"), ROLE_ASSIGNMENTS),
        ),
        ("subscribedSkus", 1),
        ("devices", pages(count("devices"), DEVICES)),
        (
            "deviceManagement/managedDevices",
            pages(count("managed_devices"), MANAGED_DEVICES),
        ),
    ] {
        wanted.insert(format!("GET /v1.0/{path}"), pages);
    }
    wanted
}

/// The pages of all groups with their members: a group whose members do not fit goes on on the next page.
fn group_pages(truth: &[Value]) -> usize {
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for line in truth {
        match line["kind"].as_str().unwrap() {
            "group" => _ = members.entry(line["id"].as_str().unwrap()).or_default(),
            "membership" => *members.entry(line["group"].as_str().unwrap()).or_default() += 1,
            _ => {}
        }
    }
    let (mut pages, mut groups, mut room) = (1, 0, MEMBERS);
    for mut left in members.into_values() {
        if groups == GROUPS || (room == 0 && left > 0) {
            (pages, groups, room) = (pages + 1, 0, MEMBERS);
        }
        while left > room {
            left -= room;
            (pages, groups, room) = (pages + 1, 0, MEMBERS);
        }
        (groups, room) = (groups + 1, room - left);
    }
    pages
}

/// What was sent, with ids replaced by what they are.
fn counted(journey: &Journey, customer: TenantId, sent: &[Sent]) -> Requests {
    let (customer, app) = (customer.to_string(), journey.cloud.app().client_id);
    let mut counted = Requests::new();
    for one in sent {
        let path = one.path().replace(&customer, "{customer}").replace(&app, "{app}");
        let path = match path.strip_prefix("/reports-download/") {
            Some(_) => "/reports-download/{key}".to_owned(),
            None => path,
        };
        *counted.entry(format!("{} {path}", one.method)).or_default() += 1;
    }
    counted
}

async fn asks_by_pages(users: u64) -> usize {
    let journey = Journey::begin(world(1, users)).await;
    journey.spy.close_eyes();
    let customer = journey.choose_all().await[0];
    let truth = journey.cloud.truth();
    assert_eq!(truth[0]["counts"]["users"], users);

    let (before, _) = (journey.cloud.requests(), journey.spy.take());
    let report = journey.run().await;
    let first = journey.spy.take();

    assert_eq!(report.tenants[0].status, TenantStatus::Synced);
    assert_eq!(journey.cloud.requests() - before, first.len());
    let again = run(&truth, 1);
    let mut wanted = run(&truth, group_pages(&truth));
    for path in TO_ENROL {
        *wanted.entry(path.to_owned()).or_default() += 1;
    }
    wanted.insert("GET /v1.0/organization".to_owned(), 2);
    assert_eq!(counted(&journey, customer, &first), wanted);
    // Token requests are no requests of the client.
    assert_eq!(report.requests, first.len() as u64 - 2);

    let report = journey.run().await;
    let second = journey.spy.take();

    assert!(report.is_unchanged());
    let mut wanted = again;
    wanted.insert("GET /v1.0/organization".to_owned(), 2);
    assert_eq!(counted(&journey, customer, &second), wanted);
    assert_eq!(report.requests, second.len() as u64);
    let paths: Vec<_> = first.iter().chain(&second).map(Sent::path).collect();
    let paths = paths.join("\n");
    let people = truth.iter().filter(|line| line["kind"] == "user");
    for name in people.flat_map(|user| [&user["id"], &user["userPrincipalName"]]) {
        assert!(!paths.contains(name.as_str().unwrap()), "a path names {name}");
    }
    first.len()
}

#[tokio::test]
async fn requests_grow_with_pages_and_never_with_users() {
    assert_eq!(asks_by_pages(10).await, 22);

    let many = asks_by_pages(10_000).await;

    assert!(many < 10_000 / 50, "{many} requests for 10,000 users");
}
