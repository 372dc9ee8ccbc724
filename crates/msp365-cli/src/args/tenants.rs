//! What can be typed of tenants and their sync.

use clap::{Args, Subcommand};

/// Which tenants are meant.
#[derive(Debug, Args, Clone)]
pub(crate) struct Tenants {
    /// Tenant ids; none means all.
    #[arg(value_name = "TENANT")]
    pub(crate) tenants: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TenantsCommand {
    /// The table of tenants.
    List(TenantsList),
    /// Mark tenants to be synced, and enrol them. The next `sync` reads them.
    Sync(TenantsSync),
    /// Stop syncing tenants: take the application out of them and remove what is stored of them.
    Unsync(Chosen),
}

#[derive(Debug, Args)]
pub(crate) struct TenantsList {
    /// Part of a name or id.
    #[arg(value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Only tenants of this status; may be repeated.
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Vec<String>,
    /// Ask the partner tenant for its customers first.
    #[arg(long)]
    pub(crate) refresh: bool,
}

/// Some tenants, or all of them.
#[derive(Debug, Args, Clone)]
pub(crate) struct Chosen {
    /// Tenant ids.
    #[arg(value_name = "TENANT", required_unless_present = "all")]
    pub(crate) tenants: Vec<String>,
    /// All tenants.
    #[arg(long, conflicts_with = "tenants")]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TenantsSync {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Read them at once, too.
    #[arg(long)]
    pub(crate) now: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Only this tenant; may be repeated.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Vec<String>,
    /// Only these resources, separated by commas: users, groups, devices, …
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
}
