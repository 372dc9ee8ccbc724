//! The tool that is being integrated: the records it holds of its own.

use std::error::Error as StdError;

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;

/// An organization (company, client, site group) of the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Organization {
    /// The tool's id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Organization {
    /// An organization of this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
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
    /// When its agent was last heard of.
    pub last_seen: Option<Timestamp>,
}

impl Device {
    /// A device of this id and host name.
    pub fn new(id: impl Into<String>, hostname: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            hostname: hostname.into(),
            site: None,
            last_seen: None,
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
}

/// What the tool reports.
#[derive(Debug, thiserror::Error)]
#[error("the tool's records cannot be read")]
pub struct ToolError(#[source] pub Box<dyn StdError + Send + Sync>);

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
}
