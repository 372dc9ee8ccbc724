//! What can be typed of matching.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum MatchCommand {
    /// Devices: `id,hostname,serial,site,last_user,os,last_seen` and `id,tenant,hostname,serial,azure_ad_device_id,
    /// user_principal_name,os,last_seen`.
    Devices(MatchDevices),
    /// Organizations: `id,name,domains,tenant` and `id,name,domains`; domains with spaces between.
    Organizations(MatchFiles),
    /// Contacts: `id,organization,name,emails` and `id,tenant,display_name,user_principal_name,mail,proxy_addresses`.
    Contacts(MatchContacts),
}

/// The two sides. Columns go by name, in any order; only the id and the name are required.
#[derive(Debug, Args, Clone)]
pub(crate) struct MatchFiles {
    /// The tool's records, as CSV with a header.
    #[arg(long, value_name = "FILE")]
    pub(crate) theirs: PathBuf,
    /// The records of Microsoft 365, as CSV with a header; else those in the database.
    #[arg(long, value_name = "FILE")]
    pub(crate) ours: Option<PathBuf>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Evidence {
    /// Everything that both sides know.
    All,
    /// Host names alone.
    HostNames,
}

#[derive(Debug, Args)]
pub(crate) struct MatchDevices {
    #[command(flatten)]
    pub(crate) files: MatchFiles,
    /// Which site may hold devices of which tenant: CSV with the columns `tenant,site`. Without it, any.
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: Option<PathBuf>,
    /// What to go by.
    #[arg(long, value_enum, default_value_t = Evidence::All)]
    pub(crate) using: Evidence,
}

#[derive(Debug, Args)]
pub(crate) struct MatchContacts {
    #[command(flatten)]
    pub(crate) files: MatchFiles,
    /// Which organization holds contacts of which tenant: CSV with the columns `tenant,organization`. Without it, any.
    #[arg(long, value_name = "FILE")]
    pub(crate) organizations: Option<PathBuf>,
}
