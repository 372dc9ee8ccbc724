//! Faults of logs and of rows that move between pages, which take more than one request to show.

use std::time::Duration;

use http::Request;
use msp365_core::Reply;
use serde_json::Value;

use super::{super::target::Target, cloud, requests, writing};
use crate::{Cloud, front::bench};

async fn rows(cloud: &Cloud, request: &Request<bytes::Bytes>) -> Vec<Value> {
    let reply = bench::send(cloud, request.clone()).await.unwrap();
    let body: Value = serde_json::from_slice(reply.text_bytes()).unwrap();
    body["value"].as_array().unwrap().clone()
}

#[tokio::test]
async fn f211_brings_events_twice_and_the_newest_a_request_later() {
    let cloud = cloud();
    let request = requests::of(&cloud, Target::Logs).await;
    let served = rows(&cloud, &request).await;
    assert!(served.len() > 1, "{served:?}");
    let script = cloud.faults().script("F211").unwrap().install();

    let twice = rows(&cloud, &request).await;
    let late = rows(&cloud, &request).await;
    let then = rows(&cloud, &request).await;

    assert_eq!(twice, [served.clone(), served.clone()].concat());
    assert_eq!(late, served[1..]);
    assert_eq!(then, served);
    assert_eq!(script.hits(), 2);
}

#[tokio::test]
async fn f212_answers_five_requests_in_ten_seconds() {
    let cloud = cloud();
    let request = requests::of(&cloud, Target::Logs).await;
    let status = async |cloud: &Cloud| -> Reply { bench::send(cloud, request.clone()).await.unwrap() };
    let _cap = cloud.faults().script("F212").unwrap().install();

    for _ in 0..5 {
        assert_eq!(status(&cloud).await.status.as_u16(), 200);
    }
    let refused = status(&cloud).await;
    cloud.advance(Duration::from_secs(10));

    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (429, Some("10"))
    );
    assert_eq!(status(&cloud).await.status.as_u16(), 200);
}

#[tokio::test]
async fn f080_shows_a_row_on_two_pages_and_changed_on_the_second() {
    let cloud = cloud();
    let script = cloud.faults().script("F080").unwrap().variant(2).install();
    let (_, first) = writing::read(&cloud, "users?$top=5&$select=id,displayName").await;
    let link = first["@odata.nextLink"].as_str().unwrap();

    let (_, second) = writing::read(&cloud, link.split_once("/v1.0/").unwrap().1).await;

    assert_eq!(second["value"][0]["id"], first["value"][4]["id"]);
    assert_eq!(second["value"][0]["displayName"], "Cleo Moved");
    assert_ne!(first["value"][4]["displayName"], "Cleo Moved");
    assert_eq!(second["value"].as_array().unwrap().len(), 6);
    assert_eq!(script.hits(), 1);
}

#[tokio::test]
async fn f080_shows_a_row_twice_on_a_page_and_rows_in_another_order() {
    let cloud = cloud();
    let request = requests::of(&cloud, Target::Read).await;
    let served = rows(&cloud, &request).await;
    let _script = cloud.faults().script("F080").unwrap().times(2).install();

    let twice = rows(&cloud, &request).await;
    let turned = rows(&cloud, &request).await;

    assert_eq!((twice.len(), twice.last()), (served.len() + 1, served.first()));
    assert!(turned.iter().rev().eq(&served));
}
