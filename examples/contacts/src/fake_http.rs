//! A tool that speaks JSON, in this process: it gives lists in pages, remembers the keys of what it made, and fails
//! when told to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use msp365::{
    core::{Reply, Transport, TransportError},
    sync::tool::{Inventory, Records, Sink, ToolError, conformance::Rig},
};
use serde_json::{Value, json};
use url::Url;

use crate::http_tool::HttpTool;

/// Items of a page.
const PAGE: usize = 100;

/// The tool. Cheap to clone; clones are one tool.
#[derive(Debug, Clone)]
pub struct FakeHttp {
    base: Url,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    lists: BTreeMap<String, Vec<Value>>,
    made: BTreeMap<String, String>,
    /// How many more requests are answered, if it is to fail at all.
    left: Option<usize>,
}

impl FakeHttp {
    /// An empty tool at this address, which ends in a slash.
    pub fn at(base: Url) -> Self {
        Self {
            base,
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The adapter of this tool.
    pub fn adapter(&self) -> HttpTool {
        HttpTool::new(Arc::new(self.clone()), self.base.clone())
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> (StatusCode, Value) {
        if let Some(left) = &mut self.left {
            if *left == 0 {
                return (StatusCode::SERVICE_UNAVAILABLE, json!({}));
            }
            *left -= 1;
        }
        let path = request.uri().path().trim_start_matches("/api/").to_owned();
        let parts: Vec<&str> = path.split('/').collect();
        match (request.method(), parts.as_slice()) {
            (&Method::GET, [list]) => self.page(list, request.uri().query()),
            (&Method::POST, ["contacts"]) => self.make(request),
            (&Method::PUT, ["contacts", id, "overlay"]) => self.lay(id, request),
            _ => (StatusCode::NOT_FOUND, json!({})),
        }
    }

    fn page(&self, list: &str, query: Option<&str>) -> (StatusCode, Value) {
        let Some(items) = self.lists.get(list) else {
            return (StatusCode::OK, json!({ "items": [], "next": null }));
        };
        let from: usize = query
            .and_then(|query| query.strip_prefix("from=")?.parse().ok())
            .unwrap_or_default();
        let page: Vec<&Value> = items.iter().skip(from).take(PAGE).collect();
        let next = (from + PAGE < items.len()).then(|| format!("{list}?from={}", from + PAGE));
        (StatusCode::OK, json!({ "items": page, "next": next }))
    }

    fn make(&mut self, request: &Request<Bytes>) -> (StatusCode, Value) {
        let key = request
            .headers()
            .get("Idempotency-Key")
            .and_then(|key| key.to_str().ok());
        let (Some(key), Ok(mut contact)) = (key, serde_json::from_slice::<Value>(request.body())) else {
            return (StatusCode::BAD_REQUEST, json!({}));
        };
        if let Some(id) = self.made.get(key) {
            return (StatusCode::OK, json!({ "id": id }));
        }
        let id = format!("made-{}", self.made.len() + 1);
        contact["id"] = json!(id);
        self.made.insert(key.to_owned(), id.clone());
        self.lists.entry("contacts".to_owned()).or_default().push(contact);
        (StatusCode::CREATED, json!({ "id": id }))
    }

    fn lay(&mut self, id: &str, request: &Request<Bytes>) -> (StatusCode, Value) {
        let facts: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let contacts = self.lists.entry("contacts".to_owned()).or_default();
        match contacts.iter_mut().find(|contact| contact["id"] == id) {
            Some(contact) => {
                contact["overlay"] = facts;
                (StatusCode::OK, json!({}))
            }
            None => (StatusCode::NOT_FOUND, json!({})),
        }
    }
}

#[async_trait]
impl Transport for FakeHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let (status, body) = self.state().answer(&request);
        Ok(Reply::new(status, HeaderMap::new(), body.to_string()))
    }
}

#[async_trait]
impl Rig for FakeHttp {
    fn inventory(&self) -> Arc<dyn Inventory> {
        Arc::new(self.adapter())
    }

    fn sink(&self) -> Option<Arc<dyn Sink>> {
        Some(Arc::new(self.adapter()))
    }

    async fn fill(&self, records: &Records) -> Result<(), ToolError> {
        let organizations = records
            .organizations
            .iter()
            .map(|own| json!({ "id": own.id, "name": own.name, "domains": own.domains }));
        let devices = records.devices.iter().map(|own| {
            let seen = own.last_seen.map(|at| at.to_string());
            json!({
                "id": own.id, "hostname": own.hostname, "site": own.site, "serial": own.serial, "last_seen": seen,
            })
        });
        let contacts = records.contacts.iter().map(|own| {
            json!({
                "id": own.id, "organization": own.organization, "name": own.name, "emails": own.emails,
                "fields": own.fields,
            })
        });
        let lists = [
            ("organizations".to_owned(), organizations.collect()),
            ("devices".to_owned(), devices.collect()),
            ("contacts".to_owned(), contacts.collect()),
        ];
        *self.state() = State {
            lists: lists.into(),
            ..State::default()
        };
        Ok(())
    }

    async fn fail_after(&self, requests: usize) -> bool {
        self.state().left = Some(requests);
        true
    }
}
