//! What can be typed of tenants and their sync.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Asker, By};

/// Which tenants are meant.
#[derive(Debug, Args, Clone)]
pub(crate) struct Tenants {
    /// Tenant ids; none means all.
    #[arg(value_name = "TENANT")]
    pub(crate) tenants: Vec<String>,
    #[command(flatten)]
    pub(crate) features: Features,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TenantsCommand {
    /// The table of tenants.
    List(TenantsList),
    /// Links to the eight portals of tenants. Whether they open is for Microsoft to say, by the roles of who clicks.
    Portals(TenantsPortals),
    /// Mark tenants to be synced, and enrol them. The next `sync` reads them.
    Sync(TenantsSync),
    /// Stop syncing tenants: take the application out of them and remove what is stored of them.
    Unsync(TenantsUnsync),
    /// Invite a customer to a GDAP relationship. Shows what would be sent and the consent that follows; `--apply` sends it.
    Invite(Invite),
}

/// What the host does in customers' tenants.
#[derive(Debug, Args, Clone)]
pub(crate) struct Features {
    /// What is done in the tenants, separated by commas, such as `directory,helpdesk`, for which the least is demanded; an
    /// unknown name is answered with all there are.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) features: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// The customer's tenant id.
    #[arg(value_name = "TENANT")]
    pub(crate) tenant: String,
    /// The name of the relationship, unique among the partner's. An invitation of this name is gone on with.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// A security group of the partner by its object id, and what its people do, such as `ID=directory,helpdesk`; may be
    /// repeated. The service account has to be in the first.
    #[arg(long = "group", value_name = "ID=FEATURES", required = true)]
    pub(crate) groups: Vec<String>,
    /// Send it.
    #[arg(long)]
    pub(crate) apply: bool,
    /// Follow it for so many minutes: once the customer accepted, the groups are given their roles.
    #[arg(long, value_name = "MINUTES", requires = "apply")]
    pub(crate) wait: Option<u64>,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct TenantsList {
    /// Tenant ids, parts of names, ids or domains, or patterns of one: `%` is any text, `_` one character; none means all.
    #[arg(value_name = "TENANT")]
    pub(crate) tenants: Vec<String>,
    /// All tenants, as without any.
    #[arg(long, conflicts_with = "tenants")]
    pub(crate) all: bool,
    /// Only tenants of this status; may be repeated.
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Vec<String>,
    /// A column and a pattern such as `name=cont%`; may be repeated.
    #[arg(long, value_name = "COLUMN=PATTERN")]
    pub(crate) like: Vec<String>,
    /// A condition such as `synced_at>7d`, `synced_at=never`, `selected=true`, `reason=consent|C3`; may be repeated.
    #[arg(long, value_name = "CONDITION")]
    pub(crate) filter: Vec<String>,
    /// What to sort by: name, `tenant_id`, status, `synced_at` or any other column; with a `-` in front from last to first.
    #[arg(
        long,
        value_name = "COLUMN",
        default_value = "name",
        allow_hyphen_values = true
    )]
    pub(crate) sort: String,
    /// The columns to show, separated by commas.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// The time zone of days and dates, such as `Europe/Amsterdam`; UTC unless given.
    #[arg(long, value_name = "ZONE", default_value = "UTC", hide_default_value = true)]
    pub(crate) zone: String,
    /// Which page, from 1, or `all`.
    #[arg(long, default_value = "all", value_name = "N|all")]
    pub(crate) page: String,
    /// Rows a page.
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) size: u32,
    /// Ask the partner tenant for its customers first.
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Write what would be shown as CSV to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// With `--out`: begin with the mark of UTF-8 (BOM), which Excel needs for letters beyond ASCII.
    #[arg(long, requires = "out")]
    pub(crate) bom: bool,
    #[command(flatten)]
    pub(crate) asker: Asker,
}

#[derive(Debug, Args)]
pub(crate) struct TenantsPortals {
    /// Tenant ids; none means all.
    #[arg(value_name = "TENANT")]
    pub(crate) tenants: Vec<String>,
    /// All tenants, as without any.
    #[arg(long, conflicts_with = "tenants")]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) asker: Asker,
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
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct TenantsUnsync {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    #[command(flatten)]
    pub(crate) by: By,
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
