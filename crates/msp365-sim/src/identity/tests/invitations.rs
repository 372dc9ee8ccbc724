//! Customers who answer a partner in a browser.

use std::time::Duration;

use super::*;

/// A relationship that waits for its customer.
fn waiting(cloud: &Cloud) -> (String, TenantId) {
    cloud.edit(|edit| {
        let mut all = edit.world.relationships.iter();
        let one = all.find(|one| one.status(edit.now) == "approvalPending").unwrap();
        (one.id.clone(), one.customer.unwrap())
    })
}

fn status(cloud: &Cloud, id: &str) -> &'static str {
    cloud.edit(|edit| edit.world.relationship(id).unwrap().status(edit.now))
}

fn link(id: &str) -> String {
    format!("https://admin.microsoft.com/AdminPortal/partners/invitation/granularAdminRelationships/{id}")
}

#[tokio::test]
async fn an_administrator_approves_a_partner_with_a_browser() {
    let cloud = cloud();
    let (id, customer) = waiting(&cloud);
    let (admin, _) = people(&cloud, customer);
    let mut browser = Browser::open(&cloud, &link(&id)).await;
    browser.sign_in(&admin).await;
    let asked = browser.page();

    browser.press("decision", "approve").await;
    let answered = browser.page();
    cloud.advance(Duration::from_mins(5));

    assert!(
        asked.contains("User Administrator") && asked.contains("730 days"),
        "{asked}"
    );
    assert!(answered.contains("You approved the partner"), "{answered}");
    assert_eq!(status(&cloud, &id), "active");
    assert_eq!(get(&cloud, &link(&id)).await.status, 404, "it is answered");
}

#[tokio::test]
async fn a_partner_may_be_declined_or_kept_waiting() {
    let cloud = cloud();
    let (id, customer) = waiting(&cloud);
    let (admin, _) = people(&cloud, customer);
    let mut browser = Browser::open(&cloud, &link(&id)).await;
    browser.sign_in(&admin).await;

    browser.press("decision", "cancel").await;
    let waits = status(&cloud, &id);
    browser.go(&link(&id)).await;
    browser.press("account", &admin).await;
    browser.press("approval", "approve").await;
    browser.press("decision", "reject").await;

    assert_eq!(waits, "approvalPending");
    assert!(browser.page().contains("You declined"), "{}", browser.page());
    assert_ne!(status(&cloud, &id), "approvalPending");
    cloud.advance(Duration::from_mins(5));
    assert_ne!(status(&cloud, &id), "active");
}

#[tokio::test]
async fn nobody_else_can_answer_a_partner() {
    let cloud = cloud();
    let (id, customer) = waiting(&cloud);
    let (_, other) = people(&cloud, customer);
    let mut browser = Browser::open(&cloud, &link(&id)).await;
    browser.sign_in(&other).await;

    assert_eq!(browser.reply.status, 403);
    assert!(
        browser.page().contains("Only a Global Administrator"),
        "{}",
        browser.page()
    );
    assert_eq!(status(&cloud, &id), "approvalPending");
    assert_eq!(get(&cloud, &link("none")).await.status, 404);
}

#[tokio::test]
async fn the_address_of_microsofts_links_asks_for_what_a_browser_does_not_send() {
    let cloud = cloud();
    let home = "https://admin.microsoft.com/AdminPortal/Home";
    let (id, _) = waiting(&cloud);
    let sent = format!("{home}#/partners/invitation/granularAdminRelationships/{id}");

    let page = Browser::open(&cloud, home).await.page();
    let mut asked = Url::parse(home).unwrap();
    asked.query_pairs_mut().append_pair("relationship", &sent);
    let on = get(&cloud, asked.as_str()).await;

    assert!(page.contains("name=\"relationship\""), "{page}");
    assert_eq!(on.header("location"), Some(link(&id).as_str()));
}
