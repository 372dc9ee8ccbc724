//! The input records.

use std::collections::BTreeMap;

/// A person of Microsoft 365.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Person {
    /// Object id.
    pub id: String,
    /// The tenant.
    pub tenant: Option<String>,
    /// The display name.
    pub name: String,
    /// Sign-in name, mail, proxy addresses as the directory writes them, other mails.
    pub addresses: Vec<String>,
    /// Other facts, by the names of Microsoft's fields.
    pub fields: BTreeMap<String, String>,
}

impl Person {
    /// A person with this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            tenant: None,
            name: name.into(),
            addresses: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    /// In this tenant.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// With this address; call again for more.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.addresses.push(address.into());
        self
    }

    /// With this fact.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }
}

/// A contact of the tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Contact {
    /// The tool's id.
    pub id: String,
    /// The organization that the contact belongs to.
    pub organization: Option<String>,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub emails: Vec<String>,
    /// Other facts, by the names of the tool's own fields.
    pub fields: BTreeMap<String, String>,
}

impl Contact {
    /// A contact with this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            organization: None,
            name: name.into(),
            emails: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    /// In this organization.
    #[must_use]
    pub fn organization(mut self, organization: impl Into<String>) -> Self {
        self.organization = Some(organization.into());
        self
    }

    /// With this address; call again for more.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.emails.push(email.into());
        self
    }

    /// With this fact.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }
}
