//! The log of sign-ins, column by column and filter by filter, is the simulated service's truth.

use std::collections::BTreeSet;

use msp365::{
    Msp365, TenantId,
    actions::details::{
        Applied, CardKind, Details, PolicyOutcome, SignInEntry, SignInFilter, Viewer, Wanted, Why,
    },
    graph::{devices::Compliance, sign_ins::Outcome},
    sim::{self, Cloud, Sim},
};
use serde_json::{Value, json};

use crate::cards_truth::{World, text};

/// What the log holds of somebody, the newest first.
fn known(world: &World, user: &str) -> Vec<Value> {
    let entries = world.all("sign_in_entry").iter();
    let mut entries: Vec<_> = entries.filter(|line| line["userId"] == user).cloned().collect();
    entries.sort_by_key(|line| std::cmp::Reverse(text(&line["createdDateTime"])));
    entries
}

/// A text that may be missing, or empty, which is the same.
fn told(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn outcome(line: &Value) -> Outcome {
    match line["status"]["errorCode"].as_i64() {
        Some(0) => Outcome::Success,
        Some(50_074 | 50_140) => Outcome::Interrupted,
        _ => Outcome::Failure,
    }
}

fn compliance(line: &Value) -> Compliance {
    match line["deviceDetail"]["isCompliant"].as_bool() {
        Some(true) => Compliance::Compliant,
        Some(false) => Compliance::NonCompliant,
        None => Compliance::NotApplicable,
    }
}

fn device(line: &Value) -> Option<String> {
    told(&line["deviceDetail"]["displayName"])
}

fn location(line: &Value) -> Option<String> {
    let parts = ["city", "state", "countryOrRegion"].map(|part| told(&line["location"][part]));
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The policies with what came of each.
fn policies(line: &Value) -> Vec<(String, PolicyOutcome)> {
    let all = line["appliedConditionalAccessPolicies"]
        .as_array()
        .unwrap()
        .iter();
    all.map(|policy| {
        let result = match policy["result"].as_str().unwrap() {
            "success" => PolicyOutcome::Met,
            "failure" => PolicyOutcome::NotMet,
            "notApplied" | "notEnabled" => PolicyOutcome::NotApplied,
            "unknownFutureValue" => PolicyOutcome::Unknown,
            other => panic!("{other}"),
        };
        (text(&policy["displayName"]), result)
    })
    .collect()
}

/// The names of those that took part.
fn took_part(line: &Value) -> Vec<String> {
    let all = policies(line).into_iter();
    all.filter(|(_, result)| matches!(result, PolicyOutcome::Met | PolicyOutcome::NotMet))
        .map(|(name, _)| name)
        .collect()
}

/// The card of one who is connected to see policies.
pub(crate) fn assert_sign_ins(details: &Details, world: &World) {
    let card = details.sign_ins.as_ref().unwrap();
    if world.tenant()["has_p1"] == false {
        assert_eq!((card.count(), card.gaps[0].why), (None, Why::NotLicensed));
        return;
    }
    let known = known(world, &details.user);
    assert_eq!(card.rows().len(), known.len());
    for (row, line) in card.rows().iter().zip(&known) {
        assert_eq!(row.id, text(&line["id"]));
        assert_eq!(row.at, text(&line["createdDateTime"]).parse().ok());
        assert_eq!(
            (row.status, row.compliance),
            (Some(outcome(line)), compliance(line)),
            "{line}"
        );
        assert_eq!(
            (&row.device, &row.location),
            (&device(line), &location(line)),
            "{line}"
        );
        assert_eq!(row.ip_address, told(&line["ipAddress"]));
        assert_eq!(row.resource, told(&line["resourceDisplayName"]));
        assert_eq!(row.requirement, None);
        let shown: Vec<_> = row
            .policies
            .iter()
            .map(|policy| (policy.name.clone().unwrap(), policy.result))
            .collect();
        assert_eq!(shown, policies(line));
        let applied = if took_part(line).is_empty() {
            Applied::NotApplicable
        } else {
            Applied::Applied
        };
        assert_eq!(row.conditional_access, applied, "{line}");
    }
    assert_eq!(card.gap("policies"), None);
}

/// One customer who signs in a lot, enrolled with or without seeing policies.
async fn office(policies: bool) -> (Cloud, Msp365, TenantId) {
    let cloud = Sim::seeded(7).customers(1).users_each(60).manual_clock().build();
    let msp = sim::builder(&cloud).seed(7).in_memory().seeing_policies(policies);
    let msp = msp.build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let tenant = cloud.customer_ids()[0];
    msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
    (cloud, msp, tenant)
}

/// All sign-ins of a tenant, of everybody.
async fn all(msp: &Msp365, tenant: TenantId, world: &World) -> Vec<SignInEntry> {
    let mut rows = Vec::new();
    for user in world.all("user") {
        let wanted = Wanted::only([CardKind::SignIns]);
        let cards = msp.details(Viewer::host());
        let found = cards.live(&tenant, &text(&user["id"]), &wanted).await.unwrap();
        rows.extend(found.sign_ins.unwrap().content.unwrap());
    }
    rows
}

type Fits = Box<dyn Fn(&Value) -> bool>;

/// A filter, and what of the truth it has to leave.
fn filters() -> Vec<(Value, Fits)> {
    let starts = |value: Option<String>, with: &str| value.is_some_and(|value| value.starts_with(with));
    let policy = "Require multifactor authentication for all users";
    let mut all: Vec<(Value, Fits)> = vec![
        (json!({"device": "%"}), Box::new(|line| device(line).is_some())),
        (
            json!({"ip_address": "203.0.113.%"}),
            Box::new(move |line| starts(told(&line["ipAddress"]), "203.0.113.")),
        ),
        (
            json!({"ip_address": "2001:db8%"}),
            Box::new(move |line| starts(told(&line["ipAddress"]), "2001:db8")),
        ),
        (
            json!({"location": "Lisboa%"}),
            Box::new(move |line| starts(location(line), "Lisboa")),
        ),
        (
            json!({"resource": "Microsoft Graph"}),
            Box::new(|line| line["resourceDisplayName"] == "Microsoft Graph"),
        ),
        (
            json!({"policy": policy}),
            Box::new(move |line| took_part(line).iter().any(|name| name == policy)),
        ),
        (
            json!({"policy": "Block access%"}),
            Box::new(|line| {
                took_part(line)
                    .iter()
                    .any(|name| name.starts_with("Block access"))
            }),
        ),
        (
            json!({"status": ["success"], "compliance": ["compliant"], "policy": "Require%"}),
            Box::new(|line| {
                outcome(line) == Outcome::Success
                    && compliance(line) == Compliance::Compliant
                    && took_part(line).iter().any(|name| name.starts_with("Require"))
            }),
        ),
    ];
    for wanted in [Outcome::Success, Outcome::Failure, Outcome::Interrupted] {
        all.push((
            json!({"status": [wanted]}),
            Box::new(move |line| outcome(line) == wanted),
        ));
    }
    for wanted in [
        Compliance::Compliant,
        Compliance::NonCompliant,
        Compliance::NotApplicable,
    ] {
        let filter = json!({"compliance": [wanted]});
        all.push((filter, Box::new(move |line| compliance(line) == wanted)));
    }
    all
}

#[tokio::test]
async fn every_filter_leaves_what_the_truth_says_and_takes_the_rest() {
    let (cloud, msp, tenant) = office(true).await;
    let truth = cloud.truth();
    let world = World::of(&truth, tenant);
    let rows = all(&msp, tenant, &world).await;
    let entries = world.all("sign_in_entry");
    assert_eq!(rows.len(), entries.len());

    for (filter, fits) in filters() {
        let chosen: SignInFilter = serde_json::from_value(filter.clone()).unwrap();
        let left: BTreeSet<_> = rows
            .iter()
            .filter(|row| chosen.accepts(row))
            .map(|row| row.id.clone())
            .collect();
        let wanted: BTreeSet<_> = entries
            .iter()
            .filter(|line| fits(line))
            .map(|line| text(&line["id"]))
            .collect();
        assert_eq!(left, wanted, "{filter}");
        assert!(
            !left.is_empty() && left.len() < rows.len(),
            "{filter} leaves {} of {}",
            left.len(),
            rows.len()
        );
    }
}

#[tokio::test]
async fn what_is_asked_of_the_service_alone_is_what_a_filter_leaves_of_everything() {
    let (cloud, msp, tenant) = office(true).await;
    let truth = cloud.truth();
    let world = World::of(&truth, tenant);
    let rows = all(&msp, tenant, &world).await;
    let mut moments: Vec<_> = rows.iter().filter_map(|row| row.at).collect();
    moments.sort_unstable();
    let (early, late) = (moments[moments.len() / 4], moments[moments.len() / 2]);
    for filter in [
        json!({"status": ["success"]}),
        json!({"status": ["interrupted"]}),
        json!({"status": ["interrupted", "success"], "since": early}),
        json!({"status": ["failure"], "until": late}),
        json!({"since": early, "until": late}),
    ] {
        let chosen: SignInFilter = serde_json::from_value(filter.clone()).unwrap();
        let mut left = BTreeSet::new();
        for user in world.all("user") {
            let wanted = Wanted::only([CardKind::SignIns]).with_sign_ins(chosen.clone());
            let cards = msp.details(Viewer::host());
            let found = cards.live(&tenant, &text(&user["id"]), &wanted).await.unwrap();
            let found = found.sign_ins.unwrap().content.unwrap();
            left.extend(found.into_iter().map(|row| row.id));
        }
        let wanted = rows.iter().filter(|row| chosen.accepts(row));
        assert_eq!(left, wanted.map(|row| row.id.clone()).collect(), "{filter}");
        assert!(!left.is_empty() && left.len() < rows.len(), "{filter}");
    }
}

#[tokio::test]
async fn without_the_permission_policies_are_a_gap_that_names_it() {
    let (cloud, msp, tenant) = office(false).await;
    let truth = cloud.truth();
    let world = World::of(&truth, tenant);
    let seen = |line: &&Value| !took_part(line).is_empty();
    let user = text(&world.all("sign_in_entry").iter().find(seen).unwrap()["userId"]);
    let wanted = Wanted::only([CardKind::SignIns]);

    let found = msp
        .details(Viewer::host())
        .live(&tenant, &user, &wanted)
        .await
        .unwrap();

    let card = found.sign_ins.unwrap();
    assert!(card.rows().iter().all(|row| row.policies.is_empty()));
    assert!(
        card.rows()
            .iter()
            .any(|row| row.conditional_access == Applied::NotShown)
    );
    let gap = card.gap("policies").unwrap();
    assert_eq!(gap.why, Why::NotPermitted);
    assert!(gap.cause.contains("Policy.Read.ConditionalAccess"), "{gap:?}");
    assert!(gap.remedy.contains("Builder::seeing_policies"), "{gap:?}");
    assert!(gap.remedy.contains("--read-policies"), "{gap:?}");
}
