//! Writing into the tool.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::ToolError;

/// A contact to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewContact {
    /// The organization it is made in, by the tool's id.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub emails: Vec<String>,
    /// What else is known, by the tool's names.
    pub fields: BTreeMap<String, String>,
}

impl NewContact {
    /// A contact of this name in this organization.
    pub fn new(organization: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            organization: organization.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

/// What may be written into the tool. Deliveries are repeated where it is not known whether one arrived, so each has
/// a key, and the same key must never make two records.
#[async_trait]
pub trait Sink: Send + Sync + 'static {
    /// Makes a contact and answers its id; with a key that was delivered before, answers the id of then.
    ///
    /// # Errors
    /// Whatever the tool reports; it is shown as it is.
    async fn create_contact(&self, key: &str, contact: &NewContact) -> Result<String, ToolError>;

    /// Lays Microsoft's facts over a contact, beside its own fields, none of which changes. Facts of an earlier
    /// overlay are replaced.
    ///
    /// # Errors
    /// Whatever the tool reports; it is shown as it is.
    async fn overlay_contact(&self, id: &str, facts: &BTreeMap<String, String>) -> Result<(), ToolError>;
}
