//! What can be typed of matching.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::By;

#[derive(Debug, Subcommand)]
pub(crate) enum MatchCommand {
    /// Devices: `id,hostname,serial,site,last_user,os,last_seen` and `id,tenant,hostname,serial,azure_ad_device_id,
    /// user_principal_name,os,last_seen`.
    Devices(MatchDevices),
    /// Organizations: `id,name,domains,tenant` and `id,name,domains`; domains with spaces between.
    Organizations(MatchFiles),
    /// What people said of pairs: written as a file, or read from one into the database.
    Decisions(MatchDecisions),
    /// Say of a record what a person decided, into a file of decisions, or into the database.
    Decide(MatchDecide),
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
    /// What people decided, as `match decide` writes it; it holds whatever is found. Rows then say how they came about.
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// Which rows to list.
    #[arg(long, value_enum, default_value_t = Rows::All)]
    pub(crate) list: Rows,
}

/// Which rows are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// All that were found.
    All,
    /// Suggestions and rivals that a person has to choose from, the best first.
    Candidates,
    /// A row for each record that is neither linked nor ignored, with its best candidate, if there is one.
    Unmatched,
}

/// What is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Tenants with organizations.
    Organizations,
    /// Devices with devices.
    Devices,
    /// People with contacts.
    Contacts,
}

#[derive(Debug, Args)]
pub(crate) struct MatchDecide {
    /// What is matched.
    #[arg(value_enum)]
    pub(crate) kind: Kind,
    /// The id of the record of Microsoft 365.
    pub(crate) ours: String,
    #[command(flatten)]
    pub(crate) said: Said,
    /// The file of decisions; it is made if it is not there. Without it the database.
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// With `--created`: although other records of the tool may be it already.
    #[arg(long, requires = "created")]
    pub(crate) anyway: bool,
    /// Who decides, as the decision and the activity log keep it; without it the log has the name of the account that runs
    /// this.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) by: String,
    /// Why.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
}

/// What is said of the record.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Said {
    /// It is this record of the tool: a suggestion accepted, or another partner chosen.
    #[arg(long, value_name = "THEIRS")]
    pub(crate) link: Option<String>,
    /// This record of the tool was made for it, and none of those that are suggested is it: see `--anyway`.
    #[arg(long, value_name = "THEIRS")]
    pub(crate) created: Option<String>,
    /// It is not this record of the tool, whatever is found.
    #[arg(long, value_name = "THEIRS")]
    pub(crate) refuse: Option<String>,
    /// It needs no partner.
    #[arg(long)]
    pub(crate) ignore: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MatchDecisions {
    /// Enter what this file says into the database, each line in place of what was said of the same before.
    #[arg(long, value_name = "FILE")]
    pub(crate) enter: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) by: By,
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
