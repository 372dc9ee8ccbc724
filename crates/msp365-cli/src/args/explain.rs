//! What can be typed of explanations.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Leaving;

/// What can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deed {
    Create,
    Edit,
    Manager,
    Delete,
    Restore,
    Licenses,
    Groups,
    Roles,
    Block,
    Unblock,
    Revoke,
    ResetPassword,
    TemporaryPass,
    RemoveMethods,
    Devices,
    Offboard,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// What is to be done.
    #[arg(value_enum, value_name = "ACTION")]
    pub(crate) action: Deed,
    /// The user, by user principal name or object id.
    #[arg(long, value_name = "USER")]
    pub(crate) user: String,
    /// The tenant, by id, name or a domain; else that of the stored user of this name.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// With `groups`: the object id of the group.
    #[arg(long, value_name = "ID")]
    pub(crate) group: Option<String>,
    /// With `roles`: the name or the template id of the role.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// With `licenses`: the id of a product; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) license: Vec<String>,
    /// With `manager`: the object id of the manager.
    #[arg(long, value_name = "ID")]
    pub(crate) manager: Option<String>,
    /// With `devices`: the object id of the device that is disabled.
    #[arg(long, value_name = "ID")]
    pub(crate) device: Option<String>,
    /// With `devices`: allow it again.
    #[arg(long, requires = "device", conflicts_with = "remove")]
    pub(crate) enable: bool,
    /// With `groups`, `roles`, `licenses` and `manager`: take it away. Where none is named, all. With `devices`: delete.
    #[arg(long)]
    pub(crate) remove: bool,
    /// With `edit`: a property and its value; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// With `temporary-pass`: how long it lasts.
    #[arg(long, value_name = "N")]
    pub(crate) minutes: Option<i64>,
    /// With `offboard`: what is taken, as of `users offboard`.
    #[command(flatten)]
    pub(crate) leaving: Leaving,
    #[command(flatten)]
    pub(crate) asker: Asker,
}

/// Who asks: the host itself, or a technician of it.
#[derive(Debug, Args)]
pub(crate) struct Asker {
    /// For this technician, by the host's id.
    #[arg(long, value_name = "ID", requires = "levels")]
    pub(crate) technician: Option<String>,
    /// A JSON file with the levels and technicians of the host.
    #[arg(long, value_name = "FILE", requires = "technician")]
    pub(crate) levels: Option<PathBuf>,
    /// A site of the host that the user and the tenant belong to; may be repeated.
    #[arg(long, value_name = "SITE")]
    pub(crate) site: Vec<String>,
}
