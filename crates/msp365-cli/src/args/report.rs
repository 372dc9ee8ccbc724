//! What can be typed of reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Features, Filing, Finding, Narrowing, Paging};

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
pub(crate) struct ReportExpiry {
    /// Write a calendar with reminders to this file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) ical: Option<PathBuf>,
}
