//! The tool that is being integrated: the records it holds of its own.

use std::{collections::BTreeMap, error::Error as StdError};

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;

pub mod conformance;
mod sink;

pub use sink::{NewContact, Sink};

/// An organization (company, client, site group) of the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Organization {
    /// The tool's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Domains of its website and of its contacts' addresses.
    pub domains: Vec<String>,
    /// The tenant that the tool has on record for it.
    pub tenant: Option<TenantId>,
}

impl Organization {
    /// An organization of this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            domains: Vec::new(),
            tenant: None,
        }
    }
}

/// A device of the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// The tool's id.
    pub id: String,
    /// The host name, as its agent reports it.
    pub hostname: String,
    /// The site it belongs to.
    pub site: Option<String>,
    /// The organization it belongs to, by the tool's id; without one a site of that id is taken for it.
    pub organization: Option<String>,
    /// When its agent was last heard of.
    pub last_seen: Option<Timestamp>,
    /// Its serial number.
    pub serial: Option<String>,
    /// The account that used it last.
    pub last_user: Option<String>,
    /// Its operating system.
    pub os: Option<String>,
    /// The id that the device has in the directory, where the agent knows it.
    pub device_id: Option<String>,
}

impl Device {
    /// A device of this id and host name.
    pub fn new(id: impl Into<String>, hostname: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            hostname: hostname.into(),
            site: None,
            organization: None,
            last_seen: None,
            serial: None,
            last_user: None,
            os: None,
            device_id: None,
        }
    }
}

/// A contact of the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contact {
    /// The tool's id.
    pub id: String,
    /// The organization it belongs to, by the tool's id.
    pub organization: Option<String>,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub emails: Vec<String>,
    /// What else the tool holds, by its own names.
    pub fields: BTreeMap<String, String>,
    /// Microsoft's facts that were [laid over](Sink::overlay_contact) it last. An adapter that cannot read them back
    /// leaves it empty; they are then laid anew by each import.
    pub overlay: BTreeMap<String, String>,
}

impl Contact {
    /// A contact of this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            organization: None,
            name: name.into(),
            emails: Vec::new(),
            fields: BTreeMap::new(),
            overlay: BTreeMap::new(),
        }
    }
}

/// What the tool holds, for matching.
#[async_trait]
pub trait Inventory: Send + Sync + 'static {
    /// All organizations.
    ///
    /// # Errors
    /// Whatever the tool reports; it is shown as it is.
    async fn organizations(&self) -> Result<Vec<Organization>, ToolError>;

    /// All devices.
    ///
    /// # Errors
    /// Whatever the tool reports; it is shown as it is.
    async fn devices(&self) -> Result<Vec<Device>, ToolError>;

    /// Which site's devices may belong to which tenant. Empty: any device may belong to any tenant.
    ///
    /// # Errors
    /// Whatever the tool reports; it is shown as it is.
    async fn sites(&self) -> Result<Vec<(TenantId, String)>, ToolError>;

    /// All contacts; none where the tool has no such thing.
    ///
    /// # Errors
    /// Whatever the tool reports; it is shown as it is.
    async fn contacts(&self) -> Result<Vec<Contact>, ToolError> {
        Ok(Vec::new())
    }
}

/// What the tool reports.
#[derive(Debug, thiserror::Error)]
#[error("the tool's records cannot be read")]
pub struct ToolError(#[source] pub Box<dyn StdError + Send + Sync>);

impl ToolError {
    /// A report in the tool's own words.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

/// Records that are at hand already.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Records {
    /// All organizations.
    pub organizations: Vec<Organization>,
    /// All devices.
    pub devices: Vec<Device>,
    /// Which site belongs to which tenant.
    pub sites: Vec<(TenantId, String)>,
    /// All contacts.
    pub contacts: Vec<Contact>,
}

#[async_trait]
impl Inventory for Records {
    async fn organizations(&self) -> Result<Vec<Organization>, ToolError> {
        Ok(self.organizations.clone())
    }

    async fn devices(&self) -> Result<Vec<Device>, ToolError> {
        Ok(self.devices.clone())
    }

    async fn sites(&self) -> Result<Vec<(TenantId, String)>, ToolError> {
        Ok(self.sites.clone())
    }

    async fn contacts(&self) -> Result<Vec<Contact>, ToolError> {
        Ok(self.contacts.clone())
    }
}
