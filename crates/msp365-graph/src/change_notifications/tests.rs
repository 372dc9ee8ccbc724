use insta::assert_snapshot;

use super::*;
use crate::testing::{refused, shown};

fn wish() -> NewSubscription {
    let until = "2026-03-20T00:00:00Z".parse().unwrap();
    NewSubscription::to("users", "https://hook.contoso.example/graph", until)
}

#[test]
fn changes_of_users_are_subscribed_to() {
    let mut wish = wish();
    wish.client_state = Some("canary".into());

    assert_snapshot!(shown(&create(&wish)), @r#"
    POST subscriptions
    content-type: application/json
    {"changeType":"updated,deleted","clientState":"canary","expirationDateTime":"2026-03-20T00:00:00Z","notificationUrl":"https://hook.contoso.example/graph","resource":"users"}
    "#);
}

#[test]
fn what_the_service_would_not_take_is_refused() {
    let changed = |change: fn(&mut NewSubscription)| {
        let mut wish = wish();
        change(&mut wish);
        refused(&create(&wish))
    };

    assert!(changed(
        |wish| wish.notification_url = "http://hook.contoso.example".into()
    ));
    assert!(changed(
        |wish| wish.lifecycle_notification_url = Some("ftp://x".into())
    ));
    assert!(changed(|wish| wish.client_state = Some("x".repeat(129))));
    assert!(changed(|wish| wish.resource = "/users".into()));
    assert!(!changed(|_| ()));
}

#[test]
fn a_subscription_is_read_renewed_and_ended() {
    let until = "2026-03-20T00:00:00Z".parse().unwrap();

    assert_snapshot!(shown(&list()), @"GET subscriptions");
    assert_snapshot!(shown(&get("s")), @"GET subscriptions/s");
    assert_snapshot!(shown(&renew("s", until)), @r#"
    PATCH subscriptions/s
    content-type: application/json
    {"expirationDateTime":"2026-03-20T00:00:00Z"}
    "#);
    assert_snapshot!(shown(&reauthorize("s")), @"POST subscriptions/s/reauthorize");
    assert_snapshot!(shown(&delete("s")), @"DELETE subscriptions/s");
}

#[test]
fn only_a_notification_with_the_secret_is_genuine() {
    let body = r##"{"value":[{"subscriptionId":"s","tenantId":"t","clientState":"canary","changeType":"updated",
        "resource":"Users/ada","resourceData":{"@odata.type":"#Microsoft.Graph.User","id":"ada"}},
        {"subscriptionId":"s","clientState":null,"lifecycleEvent":"missed"}]}"##;

    let sent: Notifications = serde_json::from_str(body).unwrap();

    assert!(sent.value[0].is_genuine("canary"));
    assert!(
        !sent.value[0].is_genuine("canary2")
            && !sent.value[0].is_genuine("")
            && !sent.value[1].is_genuine("")
    );
    assert_eq!(sent.value[1].lifecycle_event, Some(Lifecycle::Missed));
    assert!(!format!("{sent:?}").contains("canary"));
}
