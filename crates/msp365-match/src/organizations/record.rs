//! The input records.

/// A tenant of Microsoft 365.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Ours {
    /// The tenant's id.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Its verified domains.
    pub domains: Vec<String>,
}

impl Ours {
    /// A tenant with this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            domains: Vec::new(),
        }
    }

    /// With this verified domain; call again for more.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into());
        self
    }
}

/// An organization of the tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Theirs {
    /// The tool's id for it.
    pub id: String,
    /// The name it has in the tool.
    pub name: String,
    /// Domains of its website and of its contacts' addresses.
    pub domains: Vec<String>,
    /// The tenant that the tool has on record for it.
    pub tenant: Option<String>,
}

impl Theirs {
    /// An organization with this id and name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            domains: Vec::new(),
            tenant: None,
        }
    }

    /// With this domain: a website, an e-mail address or the domain itself; call again for more.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into());
        self
    }

    /// The tool has this tenant on record for it.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }
}
