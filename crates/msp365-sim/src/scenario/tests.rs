//! Scenario files: what they pin, what they refuse, and what happens in them.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::{Cloud, Sim, front::bench};

const CONTOSO: &str = include_str!("../../scenarios/contoso.toml");
const TROUBLES: &str = include_str!("../../scenarios/troubles.toml");
const QUARTER: &str = include_str!("../../scenarios/quarter.toml");

fn cloud(text: &str) -> Cloud {
    let scenario = Scenario::parse(text).unwrap();
    Sim::seeded(7).manual_clock().scenario(scenario).build()
}

/// The lines of a kind.
fn lines(cloud: &Cloud, kind: &str) -> Vec<Value> {
    let mut lines = cloud.truth();
    lines.retain(|line| line["kind"] == kind);
    lines
}

fn named<'a>(lines: &'a [Value], name: &str) -> &'a Value {
    lines.iter().find(|line| line["displayName"] == name).unwrap()
}

fn refusal(text: &str) -> (usize, usize, String) {
    let refused = Scenario::parse(text).unwrap_err();
    (refused.line(), refused.column(), refused.reason().to_owned())
}

/// A customer with one user, behind which a test writes what it is about.
fn with(rest: &str) -> String {
    format!(
        "[[customers]]\nname = \"Contoso Ltd\"\ndomain = \"contoso.example\"\n\
         subscriptions = [{{ product = \"SPB\", units = 1 }}]\n\
         [[customers.users]]\nuser = \"ada\"\nname = \"Ada\"\n\
         [[customers.users]]\nuser = \"bo\"\nname = \"Bo\"\n\
         [[customers.groups]]\ngroup = \"Board\"\nmembers = [\"ada\"]\n\
         [[customers.devices]]\ndevice = \"NB-1\"\nowner = \"ada\"\nserial = \"S1\"\n{rest}"
    )
}

/// A cloud in which one thing happened on the first day.
fn after(action: &str) -> Cloud {
    let change = format!("[[changes]]\nat = \"day 1\"\ntenant = \"contoso.example\"\ndo = {action}\n");
    let cloud = cloud(&with(&change));
    cloud.advance(Duration::from_hours(24));
    cloud
}

#[test]
fn a_file_pins_customers_with_people_groups_devices_and_licences() {
    let cloud = cloud(CONTOSO);

    let tenants = lines(&cloud, "tenant");
    assert_eq!(tenants.len(), 1);
    assert_eq!(tenants[0]["tenant"], "11111111-1111-4111-8111-111111111111");
    assert_eq!(tenants[0]["name"], "Contoso Ltd");
    let users = lines(&cloud, "user");
    assert_eq!(users.len(), 3);
    let ada = named(&users, "Ada Lindqvist");
    assert_eq!(ada["id"], "aaaaaaaa-0000-4000-8000-000000000001");
    assert_eq!(ada["userPrincipalName"], "ada@contoso.example");
    assert_eq!(ada["jobTitle"], "Managing Director");
    assert_eq!(ada["assignedLicenses"].as_array().unwrap().len(), 2);
    assert_eq!(named(&users, "Cleo Marchetti")["userType"], "Guest");
    assert_eq!(named(&users, "Bo Okafor")["onPremisesSyncEnabled"], true);
    assert_eq!(lines(&cloud, "membership").len(), 4);
    assert_eq!(lines(&cloud, "role_assignment").len(), 2);
    let managed = lines(&cloud, "managed_device");
    assert!(managed.iter().any(|line| line["serialNumber"] == "PF2ABCDE"));
    assert_eq!(managed.len(), 2);
}

#[test]
fn the_same_file_gives_the_same_world() {
    for text in [CONTOSO, TROUBLES, QUARTER] {
        assert_eq!(cloud(text).truth(), cloud(text).truth());
    }
}

#[test]
fn every_trouble_can_be_pinned() {
    let cloud = cloud(TROUBLES);

    let troubles: Vec<Value> = lines(&cloud, "tenant")
        .into_iter()
        .map(|line| line["trouble"].clone())
        .collect();

    assert_eq!(
        json!(troubles),
        json!([
            null,
            "NoRelationship",
            "Expired",
            "NewestWithoutGroup",
            "OnlyPrivilegedRoleAdministrator",
            "NotAdminAgent",
            "ConsentMissing",
            "ConditionalAccess",
            "NoP1",
            "ReportNamesConcealed",
        ])
    );
}

#[test]
fn a_plan_says_how_many_customers_there_are_and_how_large() {
    let cloud = cloud(QUARTER);

    let tenants = lines(&cloud, "tenant");

    assert_eq!(tenants.len(), 6);
    for tenant in &tenants[1..] {
        assert_eq!(tenant["counts"]["users"], 20);
    }
}

#[test]
fn things_happen_at_their_moments_and_not_before() {
    let cloud = cloud(QUARTER);
    let users = |cloud: &Cloud| {
        let own = lines(cloud, "tenant")[0]["counts"]["users"].as_u64();
        own.unwrap()
    };
    let units = |cloud: &Cloud| {
        let licences = lines(cloud, "license");
        let own = licences
            .iter()
            .find(|line| line["skuPartNumber"] == "SPB")
            .unwrap();
        own["prepaidUnits"]["enabled"].as_u64().unwrap()
    };
    let (before, bought) = (users(&cloud), units(&cloud));

    cloud.advance_to("47h".parse().unwrap());
    assert_eq!((users(&cloud), units(&cloud)), (before, bought));

    cloud.advance_to("day 2".parse().unwrap());
    assert_eq!((users(&cloud), units(&cloud)), (before + 1, bought + 40));

    cloud.advance_to("day 3".parse().unwrap());
    assert_eq!(users(&cloud), before);
    assert!(
        !lines(&cloud, "user")
            .iter()
            .any(|line| line["userPrincipalName"] == "ada@contoso.example")
    );
}

#[test]
fn what_happens_to_people_is_seen() {
    let user = |action: &str, name: &str| named(&lines(&after(action), "user"), name).clone();

    assert_eq!(
        user(
            "{ rename_user = { user = \"ada\", name = \"Ada L.\" } }",
            "Ada L."
        )["mailNickname"],
        "ada"
    );
    assert_eq!(user("{ block_user = \"ada\" }", "Ada")["accountEnabled"], false);
    let set = "{ set_user = { user = \"ada\", properties = { jobTitle = \"Analyst\" } } }";
    assert_eq!(user(set, "Ada")["jobTitle"], "Analyst");
    let give = "{ give_licence = { user = \"ada\", product = \"SPB\" } }";
    assert_eq!(user(give, "Ada")["assignedLicenses"].as_array().unwrap().len(), 1);
    let role = "{ give_role = { user = \"bo\", role = \"Global Reader\" } }";
    assert_eq!(lines(&after(role), "role_assignment").len(), 1);
    assert_eq!(lines(&after("{ sign_in = \"bo\" }"), "sign_in").len(), 1);
}

#[test]
fn what_happens_to_groups_and_devices_is_seen() {
    let rename = "{ rename_group = { group = \"Board\", name = \"Council\" } }";
    assert_eq!(
        named(&lines(&after(rename), "group"), "Council")["securityEnabled"],
        true
    );
    let join = "{ add_member = { group = \"Board\", user = \"bo\" } }";
    assert_eq!(lines(&after(join), "membership").len(), 2);
    let part = "{ remove_member = { group = \"Board\", user = \"ada\" } }";
    assert_eq!(lines(&after(part), "membership").len(), 0);
    assert_eq!(lines(&after("{ delete_group = \"Board\" }"), "group").len(), 0);
    let replace = "{ replace_device = { device = \"NB-1\", name = \"NB-2\", serial = \"S2\" } }";
    let replaced = after(replace);
    let devices = lines(&replaced, "device");
    assert_eq!((devices.len(), &devices[0]["displayName"]), (1, &json!("NB-2")));
    let managed = lines(&replaced, "managed_device");
    assert_eq!((managed.len(), &managed[0]["serialNumber"]), (1, &json!("S2")));
}

#[test]
fn what_happens_to_tenants_is_seen() {
    assert_eq!(
        lines(&after("\"block_by_policy\""), "tenant")[0]["trouble"],
        "ConditionalAccess"
    );
    let give_back = after("{ give_back = { product = \"SPB\", units = 1 } }");
    assert_eq!(lines(&give_back, "license")[0]["prepaidUnits"]["enabled"], 0);
    let granted = after("\"consent\"");
    assert_eq!(lines(&granted, "consent")[0]["app"], "delegated");
    let expired = after("\"expire_relationships\"");
    assert!(
        lines(&expired, "relationship")
            .iter()
            .all(|line| line["status"] != "active")
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let (line, column, reason) = refusal("seed = 7\n\n[world]\ncustomer = 3\n");

    assert_eq!((line, column), (4, 1));
    assert!(reason.contains("unknown field `customer`"), "{reason}");
}

#[test]
fn what_is_no_toml_is_refused_with_its_place() {
    let (line, _, _) = refusal("seed = 7\nstart = = 3\n");

    assert_eq!(line, 2);
}

#[test]
fn an_unknown_trouble_is_refused_with_those_there_are() {
    let (line, _, reason) =
        refusal("[[customers]]\nname = \"A\"\ndomain = \"a.example\"\ntrouble = \"bad_luck\"\n");

    assert_eq!(line, 4);
    assert!(
        reason.contains("bad_luck") && reason.contains("no_relationship"),
        "{reason}"
    );
}

#[test]
fn two_tenants_of_one_domain_are_refused() {
    let one = "[[customers]]\nname = \"A\"\ndomain = \"a.example\"\n";

    let (line, column, reason) = refusal(&format!("{one}{}", one.replace("\"A\"", "\"B\"")));

    assert_eq!((line, column), (6, 10));
    assert!(reason.contains("another tenant"), "{reason}");
}

#[test]
fn whoever_is_not_named_cannot_be_spoken_of() {
    let rest = "[[changes]]\nat = \"day 1\"\ntenant = \"contoso.example\"\ndo = { user_leaves = \"cleo\" }\n";

    let (line, column, reason) = refusal(&with(rest));

    assert_eq!((line, column), (21, 22));
    assert!(reason.contains("no user `cleo`"), "{reason}");
}

#[test]
fn what_cannot_be_is_refused_where_it_stands() {
    let change = |at: &str, tenant: &str, action: &str| {
        with(&format!(
            "[[changes]]\nat = \"{at}\"\ntenant = \"{tenant}\"\ndo = {action}\n"
        ))
    };
    let consent = "\"consent\"";
    for (text, line, words) in [
        (
            change("soon", "contoso.example", consent),
            19,
            "`soon` is no moment",
        ),
        (
            change("1d", "fabrikam.example", consent),
            20,
            "no tenant `fabrikam.example`",
        ),
        (
            change("1d", "contoso.example", "\"dance\""),
            21,
            "unknown variant `dance`",
        ),
        (
            change(
                "1d",
                "contoso.example",
                "{ buy = { product = \"SPX\", units = 1 } }",
            ),
            21,
            "no product `SPX`",
        ),
        ("faults = [\"F070\", \"F000\"]".to_owned(), 1, "no fault `F000`"),
        (
            "[world.shares]\nguests = 101\n".to_owned(),
            1,
            "`guests` is more than 100",
        ),
        ("start = 2026-10-01\n".to_owned(), 1, "no moment"),
        (
            with("[[customers.users]]\nuser = \"Ada\"\nname = \"Ada\"\n"),
            19,
            "another user `Ada`",
        ),
        (
            with("[[customers.users]]\nuser = \"cleo\"\nname = \"Cleo\"\nproperties = { shoeSize = 38 }\n"),
            21,
            "no property `shoeSize`",
        ),
    ] {
        let (found, _, reason) = refusal(&text);

        assert!(reason.contains(words), "{reason}");
        assert_eq!(found, line, "{reason}");
    }
}

#[test]
fn a_file_says_how_the_cloud_behaves() {
    let scenario =
        Scenario::parse("latency_ms = 5\nthrottle = \"documented\"\nfaults = [\"F070\"]\nseed = 3\n")
            .unwrap();

    assert_eq!(scenario.seed(), Some(3));
    assert_eq!(scenario.latency(), Some(Duration::from_millis(5)));
    assert_eq!(scenario.throttle(), Some(Throttle::Documented));
    assert_eq!(scenario.faults().ids().collect::<Vec<_>>(), ["F070"]);
}

#[test]
fn a_story_begins_when_its_file_says() {
    let cloud = cloud(CONTOSO);

    assert_eq!(cloud.clock().now().to_string(), "2026-10-02T08:00:00Z");
}

#[tokio::test]
async fn delta_tells_of_what_happened() {
    let change =
        "[[changes]]\nat = \"hour 1\"\ntenant = \"contoso.example\"\ndo = { user_leaves = \"ada\" }\n";
    let cloud = cloud(&with(change));
    let tenant = cloud.customer_ids()[0];
    let first = "https://graph.microsoft.com/v1.0/users/delta?$select=displayName";
    let body = async |url: &str| -> Value {
        let request = bench::get(&cloud, tenant, url).await;
        serde_json::from_slice(&bench::send(&cloud, request).await.unwrap().body).unwrap()
    };
    let before = body(first).await;
    assert_eq!(before["value"].as_array().unwrap().len(), 2);

    cloud.advance_to("hour 1".parse().unwrap());
    let after = body(before["@odata.deltaLink"].as_str().unwrap()).await;

    assert_eq!(after["value"].as_array().unwrap().len(), 1);
    assert_eq!(after["value"][0]["@removed"]["reason"], "changed");
}
