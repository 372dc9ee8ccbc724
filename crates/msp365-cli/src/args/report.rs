//! What can be typed of reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Asker, Features, Filing, Finding, Narrowing, Paging};

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// How many units of each product there are in each tenant, and how many are assigned.
    Licenses(ReportList),
    /// What each tenant subscribes to, and how that stands: units in force, in grace, suspended, locked out.
    Subscriptions(ReportList),
    /// When each user signed in last; who did so longest ago comes first.
    Activity(ReportUsers),
    /// How each mailbox is used; the largest comes first.
    Mailboxes(ReportList),
    /// Licences that are paid for and of no use: units that nobody has, licences of users who are blocked, never came, or have
    /// not signed in for long. What is not known is counted apart.
    Waste(ReportWaste),
    /// What runs out when: secrets, certificates, the sign-in, relationships, invitations, subscriptions.
    Expiry(ReportExpiry),
    /// What a set of features needs: permissions of Microsoft Graph and GDAP roles, and no more.
    Permissions(Features),
}

/// A report of stored rows, over all tenants.
#[derive(Debug, Args)]
pub(crate) struct ReportList {
    #[command(flatten)]
    pub(crate) narrowing: Narrowing,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// A report of users, over all tenants.
#[derive(Debug, Args)]
pub(crate) struct ReportUsers {
    #[command(flatten)]
    pub(crate) finding: Finding,
    #[command(flatten)]
    pub(crate) form: Form,
}

/// In which form a report is wanted: as a table, or as a file.
#[derive(Debug, Args)]
pub(crate) struct Form {
    #[command(flatten)]
    pub(crate) paging: Paging,
    #[command(flatten)]
    pub(crate) filing: Filing,
    /// Write all of it as CSV to this file; `-` writes it to standard output.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["page", "after", "size", "sources"])]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportWaste {
    /// Only these tenants; may be repeated.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Vec<String>,
    /// From how many days without a sign-in on a user is silent.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub(crate) days: u32,
    /// The time zone of dates, such as `Europe/Amsterdam`; UTC unless given.
    #[arg(long, value_name = "ZONE", default_value = "UTC", hide_default_value = true)]
    pub(crate) zone: String,
    /// Write it as CSV to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// With `--out`: begin with the mark of UTF-8 (BOM), which Excel needs for letters beyond ASCII.
    #[arg(long, requires = "out")]
    pub(crate) bom: bool,
    #[command(flatten)]
    pub(crate) asker: Asker,
}

#[derive(Debug, Args)]
pub(crate) struct ReportExpiry {
    /// Write a calendar with reminders to this file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) ical: Option<PathBuf>,
}
