//! Telling addresses on this machine: that they are subscribed, and what changed.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::world::notices::is_loopback;

/// How long an address may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of an answer: a status and a token.
const MOST_READ: u64 = 16 * 1024;

/// The addresses on this machine that a request wants to subscribe.
pub(crate) fn subscribes(request: &Request<Bytes>) -> Vec<String> {
    let path = request.uri().path().trim_end_matches('/');
    if request.method() != Method::POST || !path.ends_with("/subscriptions") {
        return Vec::new();
    }
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let urls = ["notificationUrl", "lifecycleNotificationUrl"].map(|name| body.get(name)?.as_str());
    let urls = urls.into_iter().flatten().filter(|url| is_loopback(url));
    urls.map(str::to_owned).collect()
}

/// Whether an address gives back the token it is sent, which is how it shows that it wants to be told.
pub(crate) async fn answers(url: &str, token: &str) -> bool {
    let joint = if url.contains('?') { '&' } else { '?' };
    let encoded = utf8_percent_encode(token, NON_ALPHANUMERIC);
    let answer = post(
        &format!("{url}{joint}validationToken={encoded}"),
        "text/plain",
        "",
    )
    .await;
    let Some((StatusCode::OK, body)) = answer else {
        return false;
    };
    percent_decode_str(body.trim()).decode_utf8_lossy() == token
}

/// Posts to an address on this machine; `None` if nothing there answers.
pub(crate) async fn post(url: &str, kind: &str, body: &str) -> Option<(StatusCode, String)> {
    timeout(PATIENCE, exchange(url, kind, body)).await.ok().flatten()
}

async fn exchange(url: &str, kind: &str, body: &str) -> Option<(StatusCode, String)> {
    let url = url::Url::parse(url).ok()?;
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let mut socket = TcpStream::connect((host.trim_matches(['[', ']']), port))
        .await
        .ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let head = format!(
        "POST {}{query} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\ncontent-type: {kind}; \
         charset=utf-8\r\ncontent-length: {}\r\n\r\n",
        url.path(),
        body.len()
    );
    socket.write_all(head.as_bytes()).await.ok()?;
    socket.write_all(body.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    socket.take(MOST_READ).read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse::<u16>().ok()?;
    Some((StatusCode::from_u16(status).ok()?, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Router, extract::RawQuery, routing::post as posted};
    use http::header;
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;
    use crate::{Cloud, LifecycleEvent, Sim};

    const SUBSCRIPTIONS: &str = "https://graph.microsoft.com/v1.0/subscriptions";

    type Heard = Arc<Mutex<Vec<Value>>>;

    /// An address that wants to be told if `willing`, and what it heard.
    async fn receiver(willing: &'static str) -> (String, Heard) {
        let heard = Heard::default();
        let kept = Arc::clone(&heard);
        let answer = move |RawQuery(query): RawQuery, body: String| async move {
            let query = query.unwrap_or_default();
            if let Some(token) = query.strip_prefix("validationToken=") {
                let token = percent_decode_str(token).decode_utf8_lossy().into_owned();
                return if willing == "yes" { token } else { String::new() };
            }
            kept.lock().unwrap().push(serde_json::from_str(&body).unwrap());
            String::new()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/hook", posted(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (format!("http://{address}/hook"), heard)
    }

    async fn send(cloud: &Cloud, method: Method, url: &str, body: &Value) -> (u16, Value) {
        let token =
            crate::edit::tests::grants::token(cloud, crate::edit::tests::grants::first_customer(cloud)).await;
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let reply = cloud.transport().send(request).await.unwrap();
        let body = serde_json::from_slice(&reply.body).unwrap_or_default();
        (reply.status.as_u16(), body)
    }

    fn wish(url: &str, resource: &str) -> Value {
        json!({
            "changeType": "created,updated,deleted", "notificationUrl": url, "resource": resource,
            "expirationDateTime": "2026-10-10T00:00:00Z", "clientState": "secret",
        })
    }

    fn cloud() -> Cloud {
        Sim::seeded(7).customers(1).users_each(5).manual_clock().build()
    }

    #[tokio::test]
    async fn an_address_on_this_machine_is_told_of_a_change() {
        let cloud = cloud();
        let tenant = crate::edit::tests::grants::first_customer(&cloud);
        let (url, heard) = receiver("yes").await;
        let (status, made) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish(&url, "users")).await;

        let user = cloud
            .edit(|world| world.add_user(tenant, "Ada", "ada.new"))
            .unwrap();

        assert_eq!(status, 201, "{made}");
        while heard.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let told = heard.lock().unwrap()[0]["value"][0].clone();
        assert_eq!(told["subscriptionId"], made["id"]);
        assert_eq!(
            (&told["changeType"], &told["clientState"]),
            (&json!("created"), &json!("secret"))
        );
        assert_eq!(told["resourceData"]["id"], user.as_str());
        assert_eq!(cloud.notifications().len(), 1);
    }

    #[tokio::test]
    async fn an_address_that_does_not_give_the_token_back_is_not_subscribed() {
        let cloud = cloud();
        let (url, _) = receiver("no").await;

        let (status, said) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish(&url, "users")).await;

        assert_eq!((status, &said["error"]["code"]), (400, &json!("ValidationError")));
    }

    #[tokio::test]
    async fn a_subscription_to_one_object_hears_of_no_other_and_of_nothing_once_it_ended() {
        let cloud = cloud();
        let tenant = crate::edit::tests::grants::first_customer(&cloud);
        let add = |name: &str| cloud.edit(|world| world.add_user(tenant, name, name)).unwrap();
        let (ada, bo) = (add("ada.new"), add("bo.new"));
        let wish = wish("https://hooks.contoso.example/", &format!("users/{ada}"));
        let (_, made) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish).await;
        let one = format!("{SUBSCRIPTIONS}/{}", made["id"].as_str().unwrap());

        cloud.edit(|world| world.rename_user(tenant, &bo, "Bo"));
        cloud.edit(|world| world.rename_user(tenant, &ada, "Ada"));
        let (deleted, _) = send(&cloud, Method::DELETE, &one, &Value::Null).await;
        cloud.edit(|world| world.rename_user(tenant, &ada, "Ada Lovelace"));

        assert_eq!(deleted, 204);
        let told: Vec<Value> = cloud.notifications().into_iter().map(|(_, body)| body).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["value"][0]["resource"], format!("Users/{ada}"));
    }

    #[tokio::test]
    async fn a_subscription_is_renewed_for_a_month_at_most_and_then_ends_by_itself() {
        let cloud = cloud();
        let wish = wish("https://hooks.contoso.example/", "groups");
        let (_, made) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish).await;
        let one = format!("{SUBSCRIPTIONS}/{}", made["id"].as_str().unwrap());
        let until = |at: &str| json!({"expirationDateTime": at});

        let (renewed, row) = send(&cloud, Method::PATCH, &one, &until("2026-10-20T00:00:00Z")).await;
        let (too_long, _) = send(&cloud, Method::PATCH, &one, &until("2027-10-20T00:00:00Z")).await;
        cloud.advance(Duration::from_hours(30 * 24));
        let (ended, _) = send(&cloud, Method::GET, &one, &Value::Null).await;

        assert_eq!((renewed, too_long, ended), (200, 400, 404));
        assert_eq!(row["expirationDateTime"], "2026-10-20T00:00:00Z");
    }

    #[tokio::test]
    async fn a_subscriber_is_told_what_happens_to_its_subscription() {
        let cloud = cloud();
        let tenant = crate::edit::tests::grants::first_customer(&cloud);
        let mut wish = wish("https://hooks.contoso.example/", "users");
        wish["lifecycleNotificationUrl"] = json!("https://hooks.contoso.example/life");
        let (_, made) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish).await;
        let one = format!("{SUBSCRIPTIONS}/{}", made["id"].as_str().unwrap());
        let again = format!("{one}/reauthorize");

        let met = [
            LifecycleEvent::ReauthorizationRequired,
            LifecycleEvent::Missed,
            LifecycleEvent::SubscriptionRemoved,
        ]
        .map(|event| cloud.edit(|world| world.subscriptions_meet(tenant, event)));
        let told = cloud.notifications();
        let (gone, _) = send(&cloud, Method::POST, &again, &Value::Null).await;

        assert_eq!(met, [1, 1, 1]);
        let events: Vec<&str> = told
            .iter()
            .map(|(_, body)| body["value"][0]["lifecycleEvent"].as_str().unwrap())
            .collect();
        assert_eq!(
            events,
            ["reauthorizationRequired", "missed", "subscriptionRemoved"]
        );
        assert!(told.iter().all(|(url, _)| url.ends_with("/life")));
        assert_eq!(told[0].1["value"][0]["subscriptionId"], made["id"]);
        assert_eq!(gone, 404);
    }

    #[tokio::test]
    async fn a_subscription_can_be_said_again_to_be_wanted() {
        let cloud = cloud();
        let wish = wish("https://hooks.contoso.example/", "users");
        let (_, made) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish).await;
        let again = format!("{SUBSCRIPTIONS}/{}/reauthorize", made["id"].as_str().unwrap());

        let (status, _) = send(&cloud, Method::POST, &again, &Value::Null).await;

        assert_eq!(status, 204);
    }

    #[tokio::test]
    async fn both_addresses_of_a_subscription_have_to_answer() {
        let cloud = cloud();
        let (good, _) = receiver("yes").await;
        let (bad, _) = receiver("no").await;
        let mut wish = wish(&good, "users");
        wish["lifecycleNotificationUrl"] = json!(bad);

        let (status, said) = send(&cloud, Method::POST, SUBSCRIPTIONS, &wish).await;

        assert_eq!((status, &said["error"]["code"]), (400, &json!("ValidationError")));
    }

    #[tokio::test]
    async fn what_cannot_be_subscribed_to_is_refused() {
        let cloud = cloud();
        let mut cases = vec![
            wish("http://hooks.contoso.example/", "users"),
            wish("https://a.example/", "me/messages"),
        ];
        for (name, value) in [
            ("changeType", json!("renamed")),
            ("expirationDateTime", json!("2020-01-01T00:00:00Z")),
            ("colour", json!("red")),
        ] {
            let mut one = wish("https://hooks.contoso.example/", "users");
            one[name] = value;
            cases.push(one);
        }

        for case in cases {
            let (status, said) = send(&cloud, Method::POST, SUBSCRIPTIONS, &case).await;
            assert_eq!(status, 400, "{case}: {said}");
        }
    }
}
