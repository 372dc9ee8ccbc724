//! A licence that the service denies now and then, though the tenant has it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use msp365::{
    actions::details::{CardKind, Viewer, Wanted, Why},
    core::{Reply, Transport, TransportError},
    sim::{self, Sim},
};
use serde_json::{Value, json};

/// Denies Entra ID P1 to so many requests that ask when somebody last signed in.
struct Denying {
    inner: Arc<dyn Transport>,
    left: AtomicUsize,
    asked: AtomicUsize,
}

impl Denying {
    fn denies(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let fewer = |left: usize| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer)
            .is_ok()
    }
}

fn refusal() -> Value {
    json!({"error": {
        "code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "message": "Neither tenant is B2C or tenant doesn't have premium license",
    }})
}

fn asks(url: &str) -> bool {
    url.contains("signInActivity")
}

#[async_trait]
impl Transport for Denying {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let sent: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let is_alone = asks(&request.uri().to_string());
        let reply = self.inner.send(request).await?;
        if is_alone && self.denies() {
            let body = refusal().to_string();
            return Ok(Reply::new(http::StatusCode::FORBIDDEN, reply.headers, body));
        }
        let items = sent["requests"].as_array().into_iter().flatten();
        let mut meant = items
            .filter(|item| item["url"].as_str().is_some_and(asks))
            .map(|item| item["id"].clone());
        let Some(id) = meant.next_back() else {
            return Ok(reply);
        };
        if !self.denies() {
            return Ok(reply);
        }
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
        for item in body["responses"].as_array_mut().unwrap() {
            if item["id"] == id {
                (item["status"], item["body"]) = (json!(403), refusal());
            }
        }
        Ok(Reply::new(reply.status, reply.headers, body.to_string()))
    }
}

#[tokio::test]
async fn a_licence_that_is_denied_once_and_is_there_leaves_no_gap() {
    for (denied, is_whole) in [(1, true), (9, false)] {
        let cloud = Sim::seeded(7).customers(1).users_each(3).manual_clock().build();
        let wire = Arc::new(Denying {
            inner: cloud.transport(),
            left: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
        });
        let builder = sim::builder(&cloud).transport(Arc::clone(&wire) as Arc<dyn Transport>);
        let msp = builder.seed(7).in_memory().build().unwrap();
        sim::connect(&cloud, &msp).await.unwrap();
        msp.tenants().refresh().await.unwrap();
        let tenant = cloud.customer_ids()[0];
        msp.tenants().enrol(&[tenant], |_| {}).await.unwrap();
        let truth = cloud.truth();
        let fits = |line: &&Value| line["kind"] == "user" && line["tenant"] == tenant.to_string();
        let user = truth.iter().find(fits).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        wire.asked.store(0, Ordering::Relaxed);
        wire.left.store(denied, Ordering::Relaxed);
        let wanted = Wanted::only([CardKind::Account, CardKind::SignIns]);

        let found = msp
            .details(Viewer::host())
            .live(&tenant, &user, &wanted)
            .await
            .unwrap();

        let account = found.account.unwrap();
        let gap = account.gap("last_sign_in").map(|gap| gap.why);
        assert_eq!(gap, (!is_whole).then_some(Why::NotLicensed), "{account:?}");
        assert!(found.sign_ins.unwrap().content.is_some());
        // Asked once more, and no oftener.
        assert_eq!(wire.asked.load(Ordering::Relaxed), 2);
    }
}
