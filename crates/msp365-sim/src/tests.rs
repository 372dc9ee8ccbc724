use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use jiff::SignedDuration;
use msp365_core::Reply;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Cloud, Sim, world::Download};

fn small() -> Cloud {
    Sim::seeded(7).customers(12).users_each(20).manual_clock().build()
}

fn of_kind<'a>(truth: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    truth.iter().filter(move |line| line["kind"] == kind)
}

async fn get(cloud: &Cloud, url: &str, token: Option<&str>) -> Reply {
    let mut request = Request::get(url);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Bytes::new()).unwrap();
    cloud.transport().send(request).await.unwrap()
}

/// What is made of a seed is part of what others' tests rely on, so a change of it has to be meant.
#[test]
fn the_world_of_a_seed_stays_what_it_was() {
    let cloud = Sim::seeded(7).customers(12).users_each(40).manual_clock().build();

    let lines: Vec<String> = cloud.truth().iter().map(Value::to_string).collect();
    let print = lines
        .iter()
        .flat_map(|line| line.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |print, byte| {
            (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });

    assert_eq!(
        (lines.len(), format!("{print:x}").as_str()),
        (5_417, "f4b864efc55d5180")
    );
}

#[test]
fn the_same_seed_gives_the_same_truth() {
    let (one, two, other) = (
        small().truth(),
        small().truth(),
        Sim::seeded(8).customers(12).users_each(20).build().truth(),
    );

    assert_eq!(one, two);
    assert_ne!(one, other);
}

#[test]
fn a_customer_is_the_same_however_many_others_there_are() {
    let few = Sim::seeded(7).customers(2).users_each(20).build().truth();
    let many = small().truth();
    let rows = |truth: &[Value]| -> Vec<Value> {
        let tenant = truth[0]["tenant"].clone();
        let own = truth.iter().filter(|line| line["tenant"] == tenant);
        own.filter(|line| !line["kind"].as_str().unwrap().starts_with("tool"))
            .cloned()
            .collect()
    };

    assert_eq!(rows(&few), rows(&many));
}

#[test]
fn customers_differ_in_size_and_add_up_to_the_mean() {
    let truth = Sim::seeded(7).customers(25).users_each(100).build().truth();
    let sizes: Vec<u64> = of_kind(&truth, "tenant")
        .map(|line| line["counts"]["users"].as_u64().unwrap())
        .collect();

    assert_eq!(sizes[0], 100);
    assert_eq!(sizes.iter().min(), Some(&3));
    assert!(sizes.iter().max() > Some(&900));
    let total: u64 = sizes.iter().sum();
    assert!((2_250..=2_750).contains(&total), "{total}");
}

#[test]
fn worlds_of_nobody_and_of_one_exist() {
    let nobody = Sim::seeded(7).customers(0).build().truth();
    assert!(nobody.iter().all(|line| line["kind"] == "app"));

    let truth = Sim::seeded(7).customers(3).users_each(1).build().truth();

    assert!(of_kind(&truth, "tenant").all(|line| line["counts"]["users"] == 1));
}

#[test]
fn names_and_domains_of_many_customers_are_their_own() {
    let truth = Sim::seeded(7).customers(300).users_each(1).build().truth();
    let names: BTreeSet<_> = of_kind(&truth, "tenant")
        .map(|line| line["name"].to_string())
        .collect();
    let domains: BTreeSet<_> = of_kind(&truth, "tenant")
        .map(|line| line["default_domain"].to_string())
        .collect();

    assert_eq!((names.len(), domains.len()), (300, 300));
}

#[test]
fn every_trouble_is_there_once_there_are_twelve_customers() {
    let truth = small().truth();
    let troubles: BTreeSet<_> = of_kind(&truth, "tenant")
        .filter_map(|line| line["trouble"].as_str())
        .collect();

    assert_eq!(truth[0]["trouble"], Value::Null);
    assert_eq!(
        troubles.into_iter().collect::<Vec<_>>(),
        [
            "ConditionalAccess",
            "ConsentMissing",
            "Expired",
            "NewestWithoutGroup",
            "NoP1",
            "NoRelationship",
            "NotAdminAgent",
            "OnlyPrivilegedRoleAdministrator",
            "ReportNamesConcealed",
        ]
    );
}

#[test]
fn consumed_units_are_the_licences_that_users_hold() {
    let truth = Sim::seeded(7).customers(6).users_each(60).build().truth();
    let mut held: BTreeMap<(String, String), u64> = BTreeMap::new();
    for user in of_kind(&truth, "user") {
        for licence in user["assignedLicenses"].as_array().unwrap() {
            let states = user["licenseAssignmentStates"].as_array().unwrap();
            assert!(
                states.iter().any(|state| state["skuId"] == licence["skuId"]),
                "{user}"
            );
            let key = (user["tenant"].to_string(), licence["skuId"].to_string());
            *held.entry(key).or_default() += 1;
        }
    }

    for sku in of_kind(&truth, "license") {
        let key = (sku["tenant"].to_string(), sku["skuId"].to_string());
        assert_eq!(
            sku["consumedUnits"],
            held.remove(&key).unwrap_or_default(),
            "{sku}"
        );
        assert!(sku["prepaidUnits"]["enabled"].as_u64() >= sku["consumedUnits"].as_u64());
    }
    assert!(held.is_empty());
}

#[test]
fn people_of_every_kind_are_there() {
    let truth = Sim::seeded(7).customers(1).users_each(200).build().truth();
    let users: Vec<_> = of_kind(&truth, "user").collect();
    let signed_in: BTreeSet<_> = of_kind(&truth, "sign_in")
        .map(|line| line["user"].to_string())
        .collect();
    let by_group = |user: &&Value| {
        user["licenseAssignmentStates"]
            .to_string()
            .contains("\"assignedByGroup\":\"")
    };

    assert!(
        users
            .iter()
            .any(|user| user["userPrincipalName"].as_str().unwrap().contains("#EXT#@"))
    );
    assert!(users.iter().any(|user| user["accountEnabled"] == false));
    assert!(
        users
            .iter()
            .any(|user| !signed_in.contains(&user["id"].to_string()))
    );
    assert!(users.iter().any(by_group));
    let names: BTreeSet<_> = of_kind(&truth, "device")
        .map(|line| line["displayName"].to_string())
        .collect();
    assert!(names.len() < of_kind(&truth, "device").count());
}

#[test]
fn the_tool_knows_most_companies_and_machines() {
    let inventory = Sim::seeded(7).customers(25).users_each(20).build().inventory();

    assert!(inventory.organizations.len() > 22);
    assert!(
        inventory
            .devices
            .iter()
            .any(|device| device.hostname.contains(".example"))
    );
    assert!(inventory.sites.len() < 25);
}

#[test]
fn changes_move_the_truth() {
    let cloud = small();
    let truth = cloud.truth();
    let user = of_kind(&truth, "user").next().unwrap();
    let (tenant, id) = (
        user["tenant"].as_str().unwrap().parse().unwrap(),
        user["id"].as_str().unwrap(),
    );

    assert!(cloud.edit(|world| world.delete_user(tenant, id)));
    assert!(!cloud.edit(|world| world.rename_user(tenant, id, "Gone")));
    let added = cloud
        .edit(|world| world.add_user(tenant, "Ada", "ada.new"))
        .unwrap();

    let after = cloud.truth();
    assert!(!of_kind(&after, "user").any(|line| line["id"] == id));
    assert!(!of_kind(&after, "membership").any(|line| line["member"] == id));
    assert!(of_kind(&after, "user").any(|line| line["id"] == added.as_str()));
}

#[tokio::test]
async fn an_api_without_a_token_refuses_in_its_own_way() {
    let cloud = small();

    let graph = get(&cloud, "https://graph.microsoft.com/v1.0/users", None).await;
    let partner = get(
        &cloud,
        "https://api.partnercenter.microsoft.com/v1/customers",
        Some("x.y.z"),
    )
    .await;

    assert_eq!(graph.status, StatusCode::UNAUTHORIZED);
    let body: Value = serde_json::from_slice(&graph.body).unwrap();
    assert_eq!(body["error"]["code"], "InvalidAuthenticationToken");
    assert_eq!(
        graph.header("request-id"),
        body["error"]["innerError"]["request-id"].as_str()
    );
    assert_eq!(graph.header("date"), Some("Fri, 02 Oct 2026 00:00:00 GMT"));
    assert_eq!(partner.status, StatusCode::UNAUTHORIZED);
    let body: Value = serde_json::from_slice(&partner.body).unwrap();
    assert_eq!(body["code"], "400");
    assert_eq!(cloud.requests(), 2);
    assert_eq!(cloud.requests_by(|_, path| path.starts_with("/v1.0/")), 1);
}

#[tokio::test]
async fn a_report_is_not_given_to_who_shows_a_token() {
    let cloud = small();

    let unknown = get(&cloud, "https://reports.example/reports-download/none", None).await;
    let with_token = get(&cloud, "https://reports.example/reports-download/none", Some("t")).await;

    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(with_token.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_report_waits_five_minutes_at_its_address() {
    let cloud = small();
    let address = "https://reports.example/reports-download/key";
    cloud.edit(|edit| {
        let download = Download {
            body: Bytes::from_static(b"Report"),
            until: edit.now + SignedDuration::from_mins(5),
        };
        edit.world.downloads.insert("key".to_owned(), download)
    });

    let early = get(&cloud, address, None).await;
    cloud.advance(Duration::from_mins(5));
    let late = get(&cloud, address, None).await;

    assert_eq!((early.status, &early.body[..]), (StatusCode::OK, &b"Report"[..]));
    assert_eq!(late.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_served_cloud_answers_over_a_socket_and_stops() {
    let server = Sim::seeded(7).customers(1).users_each(3).start().await.unwrap();
    let root = format!("http://{}", server.address());
    let path = "/common/v2.0/.well-known/openid-configuration";

    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.address()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains(&format!("\"jwks_uri\":\"{root}/common/discovery/v2.0/keys\"")));
    assert_eq!(server.endpoints().graph, root);
    assert_eq!(server.announcement()["authority"], json!(root));
    assert_eq!(server.requests(), 1);
    let address = server.address();
    server.serve_until(async {}).await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_in_use_is_an_error() {
    let first = Sim::seeded(7).customers(0).start().await.unwrap();

    let second = Sim::seeded(7).customers(0).listen(first.address()).start().await;

    let error = second.err().unwrap();
    assert_eq!(error.kind(), msp365_core::ErrorKind::Unavailable);
    assert_eq!(error.to_string(), format!("cannot listen on {}", first.address()));
}
