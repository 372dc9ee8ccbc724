//! What can go wrong in a run.

use msp365_core::{ErrorKind, TenantId};

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A request failed.
    #[error("{doing}")]
    Request {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        #[source]
        source: Box<msp365_client::Error>,
    },
    /// The database failed, or refused because the tenant was unsynced meanwhile.
    #[error(transparent)]
    Store(#[from] msp365_store::Error),
    /// A report cannot be read.
    #[error("the usage report of tenant `{tenant}` cannot be read")]
    Report {
        /// The tenant.
        tenant: TenantId,
        /// What is wrong with it.
        #[source]
        source: Box<msp365_graph::Error>,
    },
    /// The tool's records cannot be read.
    #[error(transparent)]
    Tool(#[from] crate::tool::ToolError),
    /// A tenant the store does not know.
    #[error("tenant `{tenant}` is not known; `tenants list --refresh` reads the partner's customers")]
    UnknownTenant {
        /// The tenant.
        tenant: TenantId,
    },
    /// No partner tenant is connected, and only one could do that.
    #[error("not connected to a partner tenant")]
    NoPartner,
    /// A tenant that was not marked to be synced.
    #[error("tenant `{tenant}` is not marked to be synced; `tenants sync` marks it")]
    NotSelected {
        /// The tenant.
        tenant: TenantId,
    },
    /// The partner's own tenant cannot be unsynced.
    #[error("tenant `{tenant}` is the partner's own: it can be synced, but not unsynced")]
    PrimaryTenant {
        /// The tenant.
        tenant: TenantId,
    },
    /// A tenant without the group that every partner tenant has.
    #[error(
        "tenant `{tenant}` has no group `AdminAgents`; it is made when the tenant joins the partner programme"
    )]
    NoAdminAgents {
        /// The tenant.
        tenant: TenantId,
    },
    /// A listing had to start over too often.
    #[error("the listing of {resource} had to start over {times} times")]
    Restarted {
        /// The resource.
        resource: &'static str,
        /// How often.
        times: u32,
    },
    /// A complete listing shows far fewer rows than are stored.
    #[error("the listing of {resource} shows far fewer rows than before; {FEWER}")]
    Shrunk {
        /// The resource.
        resource: &'static str,
    },
    /// A complete listing shows fewer rows than the service counted.
    #[error("the listing of {resource} shows {shown} rows of {counted} that the service counted")]
    Short {
        /// The resource.
        resource: &'static str,
        /// Rows that came.
        shown: u64,
        /// Rows that there are, as the first page says.
        counted: u64,
    },
}

/// What is done about a listing that is too short; it marks the stream until a later listing is as long as it should be.
pub(crate) const FEWER: &str = "none is removed until a second listing says the same";

impl Error {
    /// What it means to a caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Request { source, .. } => source.kind(),
            Self::Store(error) => error.kind(),
            Self::Report { .. } => ErrorKind::Decode,
            Self::Tool(_) => ErrorKind::Other,
            Self::NoPartner => ErrorKind::SignIn,
            Self::UnknownTenant { .. } | Self::NoAdminAgents { .. } => ErrorKind::NotFound,
            Self::NotSelected { .. } | Self::PrimaryTenant { .. } => ErrorKind::Invalid,
            Self::Restarted { .. } | Self::Shrunk { .. } | Self::Short { .. } => ErrorKind::Unavailable,
        }
    }

    /// What failed, with what it follows from, on one line.
    pub fn words(&self) -> String {
        match self {
            Self::Request { doing, source } => format!("{doing}: {}", source.words()),
            _ => msp365_client::in_words(self),
        }
    }

    /// The request's error, if it was a request that failed.
    pub fn request(&self) -> Option<&msp365_client::Error> {
        match self {
            Self::Request { source, .. } => Some(source),
            _ => None,
        }
    }

    pub(crate) fn request_error(doing: &'static str) -> impl FnOnce(msp365_client::Error) -> Self {
        move |source| Self::Request {
            doing,
            source: Box::new(source),
        }
    }
}
