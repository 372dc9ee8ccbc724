//! A tool that speaks JSON over HTTP: lists in pages with a link to the next one, and writes that carry a key.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request};
use msp365::{
    TenantId,
    core::Transport,
    sync::tool::{Contact, Device, Inventory, NewContact, Organization, Sink, ToolError},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;

/// More pages than this are a tool that goes round in circles.
const MOST_PAGES: usize = 10_000;

/// The adapter. It sends through the seam that all of msp365 sends through.
pub struct HttpTool {
    transport: Arc<dyn Transport>,
    base: Url,
}

impl std::fmt::Debug for HttpTool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpTool")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct OrganizationItem {
    id: String,
    name: String,
    #[serde(default)]
    domains: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct DeviceItem {
    id: String,
    hostname: String,
    site: Option<String>,
    serial: Option<String>,
    last_seen: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ContactItem {
    id: String,
    organization: Option<String>,
    name: String,
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    overlay: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct Draft<'a> {
    organization: &'a str,
    name: &'a str,
    emails: &'a [String],
    fields: &'a BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Made {
    id: String,
}

impl HttpTool {
    /// The tool at an address.
    pub fn new(transport: Arc<dyn Transport>, base: Url) -> Self {
        Self { transport, base }
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        key: Option<&str>,
        body: Bytes,
    ) -> Result<Bytes, ToolError> {
        let mut request = Request::builder().method(method).uri(url.as_str());
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.body(body).map_err(ToolError::new)?;
        let reply = self.transport.send(request).await.map_err(ToolError::new)?;
        if !reply.status.is_success() {
            return Err(ToolError::new(format!(
                "{} answered {}",
                url.path(),
                reply.status
            )));
        }
        Ok(reply.body)
    }

    fn url(&self, path: &str) -> Result<Url, ToolError> {
        self.base.join(path).map_err(ToolError::new)
    }

    /// All items of a list, page by page.
    async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ToolError> {
        let mut url = self.url(path)?;
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let body = self.send(Method::GET, url.clone(), None, Bytes::new()).await?;
            let page: Page<T> = serde_json::from_slice(&body).map_err(ToolError::new)?;
            items.extend(page.items);
            let Some(next) = page.next else {
                return Ok(items);
            };
            url = self.url(&next)?;
        }
        Err(ToolError::new(format!("`{path}` has no last page")))
    }
}

#[async_trait]
impl Inventory for HttpTool {
    async fn organizations(&self) -> Result<Vec<Organization>, ToolError> {
        let items: Vec<OrganizationItem> = self.list("organizations").await?;
        let organization = |item: OrganizationItem| {
            let mut own = Organization::new(item.id, item.name);
            own.domains = item.domains;
            own
        };
        Ok(items.into_iter().map(organization).collect())
    }

    async fn devices(&self) -> Result<Vec<Device>, ToolError> {
        let items: Vec<DeviceItem> = self.list("devices").await?;
        let device = |item: DeviceItem| {
            let mut own = Device::new(item.id, item.hostname);
            own.site = item.site;
            own.serial = item.serial;
            own.last_seen = item
                .last_seen
                .map(|text| {
                    text.parse()
                        .map_err(|_| ToolError::new(format!("`{text}` is no time")))
                })
                .transpose()?;
            Ok(own)
        };
        items.into_iter().map(device).collect()
    }

    async fn sites(&self) -> Result<Vec<(TenantId, String)>, ToolError> {
        Ok(Vec::new())
    }

    async fn contacts(&self) -> Result<Vec<Contact>, ToolError> {
        let items: Vec<ContactItem> = self.list("contacts").await?;
        let contact = |item: ContactItem| {
            let mut own = Contact::new(item.id, item.name);
            own.organization = item.organization;
            own.emails = item.emails;
            own.fields = item.fields;
            own.overlay = item.overlay;
            own
        };
        Ok(items.into_iter().map(contact).collect())
    }
}

#[async_trait]
impl Sink for HttpTool {
    async fn create_contact(&self, key: &str, contact: &NewContact) -> Result<String, ToolError> {
        let draft = Draft {
            organization: &contact.organization,
            name: &contact.name,
            emails: &contact.emails,
            fields: &contact.fields,
        };
        let body = serde_json::to_vec(&draft).map_err(ToolError::new)?;
        let reply = self
            .send(Method::POST, self.url("contacts")?, Some(key), body.into())
            .await?;
        let made: Made = serde_json::from_slice(&reply).map_err(ToolError::new)?;
        Ok(made.id)
    }

    async fn overlay_contact(&self, id: &str, facts: &BTreeMap<String, String>) -> Result<(), ToolError> {
        let mut url = self.url("contacts")?;
        url.path_segments_mut()
            .map_err(|()| ToolError::new("the address cannot have paths"))?
            .extend([id, "overlay"]);
        let body = serde_json::to_vec(facts).map_err(ToolError::new)?;
        self.send(Method::PUT, url, None, body.into()).await?;
        Ok(())
    }
}
