//! Faults that take more than one request to show.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{cloud, requests};
use crate::{Cloud, Sim, SinKind, faults::target::Target, front::bench};

async fn read(cloud: &Cloud, path: &str) -> Request<Bytes> {
    let url = format!("{}/v1.0/{path}", requests::GRAPH);
    bench::get(cloud, bench::customer(cloud), &url).await
}

async fn ask(cloud: &Cloud, request: Request<Bytes>) -> Reply {
    bench::send(cloud, request).await.unwrap()
}

async fn status(cloud: &Cloud, request: &Request<Bytes>) -> u16 {
    ask(cloud, request.clone()).await.status.as_u16()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(reply.text_bytes()).unwrap_or_default()
}

async fn page(cloud: &Cloud, link: &Value) -> Value {
    let request = bench::get(cloud, bench::customer(cloud), link.as_str().unwrap()).await;
    body(&ask(cloud, request).await)
}

#[tokio::test]
async fn f031_refuses_once_too_many_requests_are_under_way() {
    let cloud = Sim::seeded(7)
        .customers(1)
        .users_each(3)
        .latency(Duration::from_millis(20))
        .build();
    let request = read(&cloud, "users").await;
    let script = cloud.faults().script("F031").unwrap().size(1).install();

    let (one, two) = tokio::join!(status(&cloud, &request), status(&cloud, &request));
    let alone = status(&cloud, &request).await;

    assert_eq!((one.max(two), alone), (429, 200));
    assert!(script.hits() >= 1);
}

#[tokio::test]
async fn f035_and_f043_leave_small_requests_alone() {
    let cloud = cloud();
    let small = read(&cloud, "users?$top=10&$select=id").await;
    let large = read(&cloud, "users?$top=500&$select=id").await;
    let slow = cloud.faults().script("F035").unwrap().install();

    assert_eq!(status(&cloud, &small).await, 200);
    assert_eq!(status(&cloud, &large).await, 504);
    slow.uninstall();
    assert_eq!(status(&cloud, &large).await, 200);

    let _strict = cloud.faults().script("F043").unwrap().size(200).install();
    let names = vec!["displayName"; 30].join(",");
    let long = read(&cloud, &format!("users?$select={names}")).await;
    assert_eq!(status(&cloud, &small).await, 200);
    assert_eq!(status(&cloud, &long).await, 414);
    let batch = requests::of(&cloud, Target::Batch).await;
    assert_eq!(status(&cloud, &batch).await, 413);
}

#[tokio::test]
async fn f073_comes_back_to_the_first_page() {
    let cloud = cloud();
    let _loop = cloud.faults().script("F073").unwrap().size(2).install();

    let first = body(&ask(&cloud, read(&cloud, "users?$top=5&$select=id").await).await);
    let second = page(&cloud, &first["@odata.nextLink"]).await;
    let third = page(&cloud, &second["@odata.nextLink"]).await;

    assert_ne!(first["value"], second["value"]);
    assert_eq!(first["value"], third["value"]);
    assert_eq!(first["@odata.nextLink"], third["@odata.nextLink"]);
}

#[tokio::test]
async fn f065_and_f078_lead_on_to_the_real_page() {
    let cloud = cloud();
    let request = read(&cloud, "users?$top=5&$select=id").await;
    let real = body(&ask(&cloud, request.clone()).await);
    for id in ["F065", "F078"] {
        let _script = cloud.faults().script(id).unwrap().install();

        let empty = body(&ask(&cloud, request.clone()).await);
        let next = page(&cloud, &empty["@odata.nextLink"]).await;

        assert_eq!(empty["value"], json!([]), "{id}");
        assert_eq!(next["value"], real["value"], "{id}");
    }
}

#[tokio::test]
async fn f078_refuses_a_link_that_was_decoded_on_the_way() {
    let cloud = cloud();
    let _script = cloud.faults().script("F078").unwrap().install();
    let empty = body(&ask(&cloud, read(&cloud, "users?$top=5").await).await);

    let link = empty["@odata.nextLink"].as_str().unwrap().replace("%7B", "{");
    let url = link.replace('{', "%7b");
    let reply = ask(&cloud, bench::get(&cloud, bench::customer(&cloud), &url).await).await;

    assert_eq!(reply.status.as_u16(), 400);
}

#[tokio::test]
async fn f082_wants_on_later_pages_the_header_of_the_first() {
    let cloud = cloud();
    let _script = cloud.faults().script("F082").unwrap().install();
    let mut request = read(&cloud, "users?$top=5&$select=id&$count=true").await;
    let level = "eventual".parse().unwrap();
    request.headers_mut().insert("consistencylevel", level);
    let first = body(&ask(&cloud, request.clone()).await);

    let link = first["@odata.nextLink"].as_str().unwrap();
    let mut next = bench::get(&cloud, bench::customer(&cloud), link).await;

    assert_eq!(status(&cloud, &next).await, 400);
    let level = "eventual".parse().unwrap();
    next.headers_mut().insert("consistencylevel", level);
    assert_eq!(status(&cloud, &next).await, 200);
}

#[tokio::test]
async fn f092_ends_tokens_by_their_age() {
    let cloud = cloud();
    let _script = cloud.faults().script("F092").unwrap().size(2).install();
    let latest = read(&cloud, "users/delta?$deltatoken=latest").await;
    let link = body(&ask(&cloud, latest).await)["@odata.deltaLink"].clone();
    let tenant = bench::customer(&cloud);
    let link = link.as_str().unwrap();

    cloud.advance(Duration::from_hours(47));
    let young = bench::get(&cloud, tenant, link).await;
    assert_eq!(status(&cloud, &young).await, 200);
    cloud.advance(Duration::from_hours(2));
    let old = bench::get(&cloud, tenant, link).await;

    assert_eq!(status(&cloud, &old).await, 410);
}

#[tokio::test]
async fn f099_brings_the_other_members_on_the_next_page() {
    let cloud = cloud();
    let request = read(&cloud, "groups/delta?$select=displayName,members").await;
    let members = |page: &Value| -> usize {
        let rows = page["value"].as_array().unwrap().iter();
        rows.filter_map(|row| row["members@delta"].as_array())
            .map(Vec::len)
            .sum()
    };
    let whole = body(&ask(&cloud, request.clone()).await);
    let _script = cloud.faults().script("F099").unwrap().install();

    let first = body(&ask(&cloud, request).await);
    let second = page(&cloud, &first["@odata.nextLink"]).await;

    assert_eq!(members(&first) + members(&second), members(&whole));
    assert_eq!(
        second["@odata.deltaLink"].is_string(),
        whole["@odata.deltaLink"].is_string()
    );
}

#[tokio::test]
async fn f100_is_silent_on_members_that_left() {
    let cloud = cloud();
    let truth = cloud.truth();
    let edge = truth.iter().find(|line| line["kind"] == "membership").unwrap();
    let latest = read(&cloud, "groups/delta?$deltatoken=latest&$select=members").await;
    let link = body(&ask(&cloud, latest).await)["@odata.deltaLink"].clone();
    let (group, member) = (edge["group"].as_str().unwrap(), edge["member"].as_str().unwrap());
    let tenant = bench::customer(&cloud);
    cloud.edit(|world| world.remove_member(tenant, group, member));
    assert!(page(&cloud, &link).await.to_string().contains("@removed"));

    let script = cloud.faults().script("F100").unwrap().install();

    assert!(!page(&cloud, &link).await.to_string().contains("@removed"));
    assert_eq!(script.hits(), 1);
}

#[tokio::test]
async fn f126_throttles_all_but_four_items_on_a_mailbox() {
    let cloud = cloud();
    let item = |id: u32| json!({"id": id.to_string(), "method": "GET", "url": "/users/ada/mailFolders"});
    let items: Vec<Value> = (0..6).map(item).collect();
    let _script = cloud.faults().script("F126").unwrap().install();

    let request = bench::batch(&cloud, bench::customer(&cloud), &items).await;
    let all = body(&ask(&cloud, request).await);

    let all = all["responses"].as_array().unwrap();
    assert_eq!(all.iter().filter(|one| one["status"] == 429).count(), 2);
}

#[tokio::test]
async fn f139_ends_after_its_time() {
    let cloud = cloud();
    let request = requests::of(&cloud, Target::Token).await;
    let _script = cloud.faults().script("F139").unwrap().install();

    let early = ask(&cloud, request.clone()).await;
    cloud.advance(Duration::from_secs(61));

    assert_eq!(body(&early)["error_codes"], json!([65_001]));
    assert_eq!(status(&cloud, &request).await, 200);
}

#[tokio::test]
async fn f140_refuses_the_token_it_met_first_and_no_other() {
    let cloud = cloud();
    let old = read(&cloud, "users").await;
    let _script = cloud.faults().script("F140").unwrap().install();

    assert_eq!(status(&cloud, &old).await, 403);
    let new = read(&cloud, "users").await;

    assert_eq!(
        (status(&cloud, &new).await, status(&cloud, &old).await),
        (200, 403)
    );
}

#[tokio::test]
async fn f147_and_f148_take_a_refresh_token_once() {
    for id in ["F147", "F148"] {
        let cloud = cloud();
        let request = requests::of(&cloud, Target::Refresh).await;
        let _script = cloud.faults().script(id).unwrap().install();

        let first = ask(&cloud, request.clone()).await;

        assert!(body(&first)["refresh_token"].is_string(), "{id}");
        assert_eq!(status(&cloud, &request).await, 400, "{id}");
    }
}

#[tokio::test]
async fn f150_gives_a_token_for_another_audience_or_tenant() {
    let cloud = cloud();
    let audience = cloud.faults().script("F150").unwrap().variant(0).install();
    let users = read(&cloud, "users").await;
    assert_eq!(status(&cloud, &users).await, 401);
    assert_eq!(cloud.ledger().sins()[0].kind, SinKind::WrongAudience);
    audience.uninstall();

    let swap = cloud.faults().script("F150").unwrap().variant(1).install();
    let own = bench::token(&cloud, bench::customer(&cloud)).await;
    let truth = cloud.truth();
    let tenants = truth.iter().filter(|line| line["kind"] == "tenant");
    let second = tenants.clone().nth(1).unwrap()["tenant"].as_str().unwrap();
    let other = bench::token(&cloud, second.parse().unwrap()).await;

    assert_eq!(own, other);
    assert_eq!(swap.hits(), 1);
}

#[tokio::test]
async fn knobs_narrow_what_a_script_meets() {
    let cloud = cloud();
    let (users, groups) = (read(&cloud, "users").await, read(&cloud, "groups").await);
    let script = || cloud.faults().script("F020").unwrap();

    let by_path = script().path("/v1.0/groups").skip(1).times(2).install();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push((status(&cloud, &users).await, status(&cloud, &groups).await));
    }
    assert_eq!(statuses, [(200, 200), (200, 429), (200, 429), (200, 200)]);
    assert_eq!(by_path.hits(), 2);

    let elsewhere = script().tenant(cloud.partner_tenant()).install();
    let posts = script().method(http::Method::POST).install();
    assert_eq!(status(&cloud, &users).await, 200);
    assert_eq!(elsewhere.hits() + posts.hits(), 0);
    cloud.faults().clear();
    let _all = script().anywhere().install();
    let token = requests::of(&cloud, Target::Token).await;
    assert_eq!(status(&cloud, &token).await, 429);
}

#[tokio::test]
async fn chance_repeats_with_its_seed() {
    let cloud = cloud();
    let users = read(&cloud, "users?$top=1").await;
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let script = cloud.faults().script("F024").unwrap();
        let script = script.always().chance(500, seed).install();
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(status(&cloud, &users).await);
        }
        script.uninstall();
        runs.push(statuses);
    }

    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].contains(&200) && runs[0].contains(&429));
}

#[tokio::test]
async fn scripts_combine() {
    let cloud = cloud();
    let request = requests::of(&cloud, Target::Batch).await;
    let _throttled = cloud.faults().script("F115").unwrap().install();
    let _disordered = cloud.faults().script("F118").unwrap().install();
    let _stray = cloud.faults().script("F120").unwrap().install();

    let all = body(&ask(&cloud, request).await);

    let all = all["responses"].as_array().unwrap();
    assert_eq!(all.len(), 6);
    assert!(all.iter().any(|one| one["status"] == 429));
}

#[tokio::test]
async fn f152_f156_and_f157_change_the_way_back() {
    let cloud = cloud();
    let url = bench::authorize_url(&cloud, requests::GRAPH);
    for (id, variant, has, lacks) in [
        ("F152", 0, "code=", "&state="),
        ("F152", 1, "state=forged", "state=given"),
        ("F156", 0, "error=access_denied", "code="),
        ("F156", 1, "%3Cscript", "code="),
        ("F157", 0, "iss=https%3A%2F%2Flogin.evil.example", "error="),
    ] {
        let script = cloud.faults().script(id).unwrap().variant(variant).install();

        let transport = cloud.transport();
        let back = crate::sign_in::walk(transport.as_ref(), &url).await.unwrap();

        assert!(back.contains(has) && !back.contains(lacks), "{id}: {back}");
        script.uninstall();
    }
}

#[tokio::test]
async fn f166_and_f168_change_relationships() {
    let cloud = cloud();
    let (token, _) = bench::signed_in(&cloud, requests::GRAPH).await;
    let url = format!(
        "{}/v1.0/tenantRelationships/delegatedAdminRelationships",
        requests::GRAPH
    );
    let list = bench::with_token(&token, &url);
    let count = async |status: &str| {
        let page = body(&ask(&cloud, list.clone()).await);
        let rows = page["value"].as_array().unwrap().clone();
        rows.iter().filter(|row| row["status"] == status).count()
    };
    let active = count("active").await;

    let _shadow = cloud.faults().script("F168").unwrap().install();
    assert_eq!(count("active").await, active * 2);
    for (variant, status) in [(0, "expired"), (1, "terminated"), (2, "approvalPending")] {
        let _script = cloud.faults().script("F166").unwrap().variant(variant).install();
        assert!(count(status).await > active, "{status}");
    }
}
