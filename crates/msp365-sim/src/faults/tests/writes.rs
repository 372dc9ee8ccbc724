//! Faults of writes that take more than one request to show.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::{cloud, writing::*};
use crate::front::bench;

#[tokio::test]
async fn f184_does_not_find_a_new_user_until_its_time() {
    let cloud = cloud();
    let old = make_user(&cloud, "bo.old").await;
    let script = cloud.faults().script("F184").unwrap().size(60).install();
    let new = make_user(&cloud, "ada.new").await;
    let path = format!("users/{new}");

    assert_eq!(read(&cloud, &path).await.0, 404);
    assert_eq!(read(&cloud, &format!("users/{old}")).await.0, 200);
    cloud.advance(Duration::from_mins(1));

    assert_eq!(read(&cloud, &path).await.0, 200);
    assert_eq!(script.hits(), 1);
}

#[tokio::test]
async fn f185_does_not_put_a_new_user_into_a_group_until_its_time() {
    let cloud = cloud();
    let group = make_group(&cloud).await;
    let script = cloud.faults().script("F185").unwrap().size(60).install();
    let new = make_user(&cloud, "ada.new").await;
    let path = format!("groups/{group}/members/$ref");

    assert_eq!(sent(&cloud, Method::POST, &path, &link(&new)).await.0, 404);
    assert_eq!(read(&cloud, &format!("users/{new}")).await.0, 200);
    cloud.advance(Duration::from_mins(1));

    assert_eq!(sent(&cloud, Method::POST, &path, &link(&new)).await.0, 204);
    assert_eq!(script.hits(), 1);
}

#[tokio::test]
async fn f192_does_not_know_the_usage_location_until_its_time() {
    let cloud = cloud();
    let (user, sku) = (make_user(&cloud, "ada.new").await, product(&cloud).await);
    let body = json!({"addLicenses": [{"skuId": sku, "disabledPlans": []}], "removeLicenses": []});
    let path = format!("users/{user}/assignLicense");
    let _script = cloud.faults().script("F192").unwrap().install();

    let (status, said) = sent(&cloud, Method::POST, &path, &body).await;
    cloud.advance(Duration::from_secs(31));

    assert_eq!(status, 400);
    assert!(
        said["error"]["message"]
            .as_str()
            .unwrap()
            .contains("usage location")
    );
    assert_eq!(sent(&cloud, Method::POST, &path, &body).await.0, 200);
}

#[tokio::test]
async fn f195_fails_one_write_of_many_and_in_three_ways() {
    for (variant, failed, applied) in [(0, Some(500), false), (1, Some(504), true), (2, None, true)] {
        let cloud = cloud();
        let user = make_user(&cloud, "ada.new").await;
        let script = cloud.faults().script("F195").unwrap();
        let _script = script.variant(variant).size(2).install();
        let path = format!("users/{user}");
        let mut came = Vec::new();

        for title in ["one", "two", "three"] {
            let request = request(&cloud, Method::PATCH, &path, &json!({"jobTitle": title})).await;
            let reply = bench::send(&cloud, request).await.ok();
            came.push(reply.map(|reply| reply.status.as_u16()));
            let (_, now) = read(&cloud, &format!("{path}?$select=jobTitle")).await;
            if title == "two" {
                assert_eq!(now["jobTitle"] == "two", applied, "{variant}");
            }
        }

        assert_eq!(came, [Some(204), failed, Some(204)], "{variant}");
    }
}

#[tokio::test]
async fn f197_refuses_on_a_condition_alone() {
    let cloud = cloud();
    let user = make_user(&cloud, "ada.new").await;
    let path = format!("users/{user}");
    let _script = cloud.faults().script("F197").unwrap().install();

    let (status, _) = sent(&cloud, Method::PATCH, &path, &json!({"department": "Sales"})).await;
    let (_, now) = read(&cloud, &format!("{path}?$select=department,jobTitle")).await;

    assert_eq!(status, 204);
    assert_eq!(now["department"], "Sales");
    assert_eq!(now["jobTitle"], "Changed by somebody else");
}

#[tokio::test]
async fn f199_runs_for_ever_where_it_can_be_watched() {
    let cloud = cloud();
    let user = make_user(&cloud, "ada.new").await;
    let _script = cloud.faults().script("F199").unwrap().install();
    let path = format!("users/{user}");
    let asked = request(&cloud, Method::PATCH, &path, &json!({"jobTitle": "Lead"})).await;

    let accepted = bench::send(&cloud, asked).await.unwrap();

    assert_eq!(accepted.status.as_u16(), 202);
    let at = accepted.header("location").unwrap().to_owned();
    let (_, path) = at.split_once("/v1.0/").unwrap();
    for _ in 0..3 {
        assert_eq!(
            read(&cloud, path).await,
            (200, json!({"status": "running", "percentageComplete": 50}))
        );
        cloud.advance(Duration::from_hours(1));
    }
}

#[tokio::test]
async fn f200_lets_so_many_writes_through_and_no_more() {
    let cloud = cloud();
    let user = make_user(&cloud, "ada.new").await;
    let _script = cloud.faults().script("F200").unwrap().size(2).install();
    let mut came = Vec::new();

    for title in ["one", "two", "three", "four"] {
        let path = format!("users/{user}");
        let request = request(&cloud, Method::PATCH, &path, &json!({"jobTitle": title})).await;
        came.push(bench::send(&cloud, request).await.is_ok());
    }

    assert_eq!(came, [true, true, false, false]);
    assert_eq!(
        read(&cloud, &format!("users/{user}?$select=jobTitle")).await.1["jobTitle"],
        "two"
    );
}

#[tokio::test]
async fn f186_and_f198_leave_the_directory_as_it_was_wanted() {
    let cloud = cloud();
    let (user, group) = (make_user(&cloud, "ada.new").await, make_group(&cloud).await);
    let path = format!("groups/{group}/members");
    let _added = cloud.faults().script("F186").unwrap().times(2).install();

    let (added, said) = sent(&cloud, Method::POST, &format!("{path}/$ref"), &link(&user)).await;
    let (_, members) = read(&cloud, &format!("{path}?$select=id")).await;
    let (removed, _) = sent(
        &cloud,
        Method::DELETE,
        &format!("{path}/{user}/$ref"),
        &Value::Null,
    )
    .await;
    let (_, left) = read(&cloud, &format!("{path}?$select=id")).await;

    assert_eq!((added, removed), (400, 404));
    assert!(
        said["error"]["message"]
            .as_str()
            .unwrap()
            .contains("already exist")
    );
    assert_eq!(members["value"][0]["id"], user.as_str());
    assert_eq!(left["value"], json!([]));

    let _renewed = cloud.faults().script("F198").unwrap().variant(1).install();
    let (gone, _) = sent(&cloud, Method::DELETE, &format!("users/{user}"), &Value::Null).await;
    let name = super::writing::user(&cloud, "ada.new")["userPrincipalName"].clone();
    let (_, holder) = read(&cloud, &format!("users/{}", name.as_str().unwrap())).await;

    assert_eq!(gone, 404);
    assert!(
        holder["id"].is_string() && holder["id"] != user.as_str(),
        "{holder}"
    );
}

#[tokio::test]
async fn f190_shows_a_licence_of_a_group_in_error() {
    let cloud = cloud();
    let (user, sku) = (make_user(&cloud, "ada.new").await, product(&cloud).await);
    let body = json!({"addLicenses": [{"skuId": sku, "disabledPlans": []}], "removeLicenses": []});
    let path = format!("users/{user}/assignLicense");
    let _script = cloud.faults().script("F190").unwrap().variant(1).install();

    sent(&cloud, Method::POST, &path, &body).await;

    let (_, now) = read(&cloud, &format!("users/{user}?$select=licenseAssignmentStates")).await;
    assert!(now.to_string().contains("CountViolation"), "{now}");
}
