//! Requests beyond a budget: each asked once and left once.

use std::time::Duration;

use super::cloud;
use crate::{Budget, Cloud, ExcessKind, FaultPlan, Throttle, front::bench};

async fn ask(cloud: &Cloud, path: &str) -> serde_json::Value {
    let url = format!("https://graph.microsoft.com/v1.0/{path}");
    let request = bench::get(cloud, bench::customer(cloud), &url).await;
    let reply = bench::send(cloud, request).await.unwrap();
    serde_json::from_slice(reply.text_bytes()).unwrap_or_default()
}

fn over(cloud: &Cloud, budget: &Budget) -> Vec<(ExcessKind, usize)> {
    let over = cloud.ledger().requests_over(budget);
    over.iter().map(|excess| (excess.kind, excess.count)).collect()
}

#[tokio::test]
async fn more_requests_of_an_operation_than_allowed_are_told() {
    let cloud = cloud(Throttle::Off);
    for top in 1..=3 {
        ask(&cloud, &format!("users?$top={top}")).await;
    }

    assert_eq!(over(&cloud, &Budget::new().at_most("GET users", 3).total(3)), []);
    let strict = Budget::new().at_most("GET users", 2).total(2);
    assert_eq!(
        over(&cloud, &strict),
        [(ExcessKind::TooMany, 3), (ExcessKind::TooMany, 3)]
    );
    let said = cloud.ledger().assert_within(&strict).unwrap_err();
    assert_eq!(
        said,
        "TooMany all requests: 3 where 2 do\nTooMany GET users: 3 where 2 do"
    );
}

#[tokio::test]
async fn what_a_fault_makes_one_ask_again_is_no_excess() {
    let cloud = cloud(Throttle::Off);
    "F033:first=2".parse::<FaultPlan>().unwrap().install(&cloud);
    for _ in 0..3 {
        ask(&cloud, "users?$top=1").await;
    }

    let budget = Budget::new()
        .at_most("GET users", 1)
        .no_repeats(Duration::from_mins(1));

    assert_eq!(over(&cloud, &budget), []);
}

#[tokio::test]
async fn the_same_read_again_is_told_within_its_time_alone() {
    let cloud = cloud(Throttle::Off);
    let budget = Budget::new().no_repeats(Duration::from_mins(1));
    ask(&cloud, "users?$top=1").await;
    cloud.advance(Duration::from_mins(1));
    ask(&cloud, "users?$top=1").await;
    assert_eq!(over(&cloud, &budget), []);

    ask(&cloud, "users?$top=1").await;

    assert_eq!(over(&cloud, &budget), [(ExcessKind::Repeated, 2)]);
    let excess = &cloud.ledger().requests_over(&budget)[0];
    assert_eq!(excess.request, "GET users?$top=1");
    assert_eq!(excess.tenant, Some(bench::customer(&cloud)));
}

#[tokio::test]
async fn lists_that_go_on_are_read_in_the_largest_pages() {
    let cloud = cloud(Throttle::Off);
    let budget = Budget::new().full_pages();
    ask(&cloud, "users?$top=999&$select=id").await;
    ask(&cloud, "users?$top=1&$select=id").await;
    assert_eq!(
        over(&cloud, &budget),
        [],
        "one row was wanted, and no page after it"
    );

    let page = ask(&cloud, "users?$top=20&$select=id").await;
    let link = page["@odata.nextLink"].as_str().unwrap();
    ask(&cloud, link.split_once("/v1.0/").unwrap().1).await;

    assert_eq!(over(&cloud, &budget), [(ExcessKind::SmallPages, 1)]);
}

#[tokio::test]
async fn objects_that_a_list_has_are_not_read_one_by_one() {
    let cloud = cloud(Throttle::Off);
    let page = ask(&cloud, "users?$top=4&$select=id").await;
    for user in page["value"].as_array().unwrap() {
        ask(
            &cloud,
            &format!("users/{}?$select=id", user["id"].as_str().unwrap()),
        )
        .await;
    }

    assert_eq!(over(&cloud, &Budget::new().no_item_by_item(4)), []);
    assert_eq!(
        over(&cloud, &Budget::new().no_item_by_item(3)),
        [(ExcessKind::ItemByItem, 4)]
    );
}
