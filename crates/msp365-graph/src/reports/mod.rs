//! Usage reports as typed rows, and whether they show names.
//!
//! A report request returns an address; the CSV found there is turned into rows by [`read`].
//!
//! ```
//! use msp365_graph::reports::{self, MailboxUsageRow};
//!
//! let csv = "Report Refresh Date,User Principal Name,Last Activity Date,Item Count,Storage Used (Byte)\n\
//!     2026-03-01,ada@contoso.example,2026-02-28,12,4096\n";
//!
//! let report = reports::read::<MailboxUsageRow>(csv.as_bytes())?;
//!
//! assert_eq!(report.rows[0].storage_used, Some(4096));
//! # Ok::<(), msp365_graph::Error>(())
//! ```

mod rows;
mod table;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use msp365_core::{Operation, Path, Request, operation::Verb, path};
use secrecy::SecretString;
use serde_json::json;

pub use rows::{
    ActivationRow, ActiveUserRow, AppUserRow, EmailActivityRow, MailboxUsageRow, OneDriveUsageRow,
    TeamsActivityRow,
};
pub use table::{Report, ReportRow, read};

use crate::Error;

pub(crate) static OPERATIONS: &[&Operation] = &[
    &SETTINGS,
    &CONCEAL,
    &MAILBOX_USAGE,
    &ACTIVE_USERS,
    &APP_USERS,
    &EMAIL_ACTIVITY,
    &TEAMS_ACTIVITY,
    &ONE_DRIVE_USAGE,
    &ACTIVATIONS,
];

const READ: &[&str] = &["Reports.Read.All"];
const NOTE: &str = "global cloud alone; figures two days old; 14 requests in 10 minutes for each report";

const fn report(name: &'static str, path: &'static str) -> Operation {
    Operation::read(name, path)
        .permission(READ)
        .options(&[])
        .note(NOTE)
}

static SETTINGS: Operation = Operation::read("reports.settings", "admin/reportSettings")
    .permission(&["ReportSettings.Read.All"])
    .note("global cloud alone");
static CONCEAL: Operation = Operation::new(Verb::Patch, "reports.set_concealment", "admin/reportSettings")
    .permission(&["ReportSettings.ReadWrite.All"])
    .note("global cloud alone; takes minutes to show");
static MAILBOX_USAGE: Operation = report(
    "reports.mailbox_usage",
    "reports/getMailboxUsageDetail(period={period})",
);
static ACTIVE_USERS: Operation = report(
    "reports.active_users",
    "reports/getOffice365ActiveUserDetail({window})",
);
static APP_USERS: Operation = report("reports.app_users", "reports/getM365AppUserDetail({window})");
static EMAIL_ACTIVITY: Operation = report(
    "reports.email_activity",
    "reports/getEmailActivityUserDetail({window})",
);
static TEAMS_ACTIVITY: Operation = report(
    "reports.teams_activity",
    "reports/getTeamsUserActivityUserDetail({window})",
);
static ONE_DRIVE_USAGE: Operation = report(
    "reports.one_drive_usage",
    "reports/getOneDriveUsageAccountDetail({window})",
);
static ACTIVATIONS: Operation = report("reports.activations", "reports/getOffice365ActivationsUserDetail");

/// Whether the tenant's reports show names.
///
/// Permission: `ReportSettings.Read.All`. The global cloud alone has it.
pub fn settings() -> Request<ReportSettings> {
    SETTINGS.one(path!["admin", "reportSettings"])
}

/// Makes the tenant's reports hide or show names. It takes some minutes to take effect.
///
/// Permission: `ReportSettings.ReadWrite.All`. The global cloud alone has it.
pub fn set_concealment(names: Names) -> Request<()> {
    CONCEAL
        .command(path!["admin", "reportSettings"])
        .json(json!({ "displayConcealedNames": names == Names::Hidden }))
}

/// Whether reports show names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Names {
    /// They do.
    Shown,
    /// They show hashes.
    Hidden,
}

/// The address of the mailbox usage in a period, valid for a few minutes and to be read without a token. [`read`] reads
/// it as [`MailboxUsageRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn mailbox_usage(period: Period) -> Request<SecretString> {
    address(
        &MAILBOX_USAGE,
        function("getMailboxUsageDetail").key("period", period.as_str()),
    )
}

/// The address of the report on who uses which service; [`read`] reads it as [`ActiveUserRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn active_users(window: Window) -> Request<SecretString> {
    address(&ACTIVE_USERS, window.of("getOffice365ActiveUserDetail"))
}

/// The address of the report on who uses which Office application; [`read`] reads it as [`AppUserRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn app_users(window: Window) -> Request<SecretString> {
    address(&APP_USERS, window.of("getM365AppUserDetail"))
}

/// The address of the report on how much mail users send; [`read`] reads it as [`EmailActivityRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn email_activity(window: Window) -> Request<SecretString> {
    address(&EMAIL_ACTIVITY, window.of("getEmailActivityUserDetail"))
}

/// The address of the report on users' activity in Teams; [`read`] reads it as [`TeamsActivityRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn teams_activity(window: Window) -> Request<SecretString> {
    address(&TEAMS_ACTIVITY, window.of("getTeamsUserActivityUserDetail"))
}

/// The address of the report on the usage of each OneDrive; [`read`] reads it as [`OneDriveUsageRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn one_drive_usage(window: Window) -> Request<SecretString> {
    address(&ONE_DRIVE_USAGE, window.of("getOneDriveUsageAccountDetail"))
}

/// The address of the report on who activated which product where; [`read`] reads it as [`ActivationRow`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn activations() -> Request<SecretString> {
    address(&ACTIVATIONS, function("getOffice365ActivationsUserDetail"))
}

fn function(name: &str) -> Path {
    path!["reports", name]
}

fn address(operation: &'static Operation, path: Path) -> Request<SecretString> {
    operation.redirect(path)
}

/// Reads a report of mailbox usage.
///
/// # Errors
/// `Decode` if it is not CSV, or lacks one of the columns for the day, the user, the last activity, the items or the
/// storage.
pub fn mailbox_usage_rows(report: &[u8]) -> Result<MailboxUsage, Error> {
    read(report)
}

/// A mailbox usage report.
pub type MailboxUsage = Report<MailboxUsageRow>;

/// The number of days that a usage report covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Period {
    /// 7 days.
    D7,
    /// 30 days.
    D30,
    /// 90 days.
    D90,
    /// 180 days.
    D180,
}

impl Period {
    /// The period in the form that the service takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::D7 => "D7",
            Self::D30 => "D30",
            Self::D90 => "D90",
            Self::D180 => "D180",
        }
    }
}

/// What a report covers: a period, or one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// The last days.
    Period(Period),
    /// One of the last 30 days.
    Day(Date),
}

impl Window {
    fn of(self, name: &str) -> Path {
        match self {
            Self::Period(period) => function(name).key("period", period.as_str()),
            Self::Day(day) => function(name).argument("date", &day.to_string()),
        }
    }
}

msp365_core::model! {
    /// The settings of a tenant's reports.
    pub struct ReportSettings {
        /// Whether reports hide names behind hashes.
        display_concealed_names, DISPLAY_CONCEALED_NAMES = "displayConcealedNames": Option<bool>,
    }
}
