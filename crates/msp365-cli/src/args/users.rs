//! What can be typed of users.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Asker, ChangeCommand, Filing, Narrowing, OfPlan, Paging, Plans, Protect};

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Users of all tenants, from the database.
    List(UsersList),
    /// The same as CSV, all pages.
    Export(UsersExport),
    /// The five users who were looked at last, the last one first.
    Recent(UsersRecent),
    /// One user, card by card: from the database, or asked for now.
    Show(UsersShow),
    /// What joining and leaving groups would bring a user and take from them. Changes nothing.
    Preview(UsersPreview),
    #[command(flatten)]
    Change(ChangeCommand),
    /// The stored plans that are not over: scheduled, waiting, cut off.
    Plans(Plans),
    /// The accounts that every plan leaves alone: show them, add to them, take from them.
    Protect(Protect),
    /// Let a plan run that waits for a second person.
    Approve(OfPlan),
    /// Keep a plan from running, or from going on; what happened stays.
    Cancel(OfPlan),
}

/// Which users are meant, in which order, and what is shown of them.
#[derive(Debug, Args)]
pub(crate) struct Finding {
    #[command(flatten)]
    pub(crate) narrowing: Narrowing,
    /// Part of a name or address, in whatever tenant.
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UsersList {
    #[command(flatten)]
    pub(crate) finding: Finding,
    #[command(flatten)]
    pub(crate) paging: Paging,
}

#[derive(Debug, Args)]
pub(crate) struct UsersExport {
    #[command(flatten)]
    pub(crate) finding: Finding,
    #[command(flatten)]
    pub(crate) filing: Filing,
    /// No more than so many; what is cut off is told.
    #[arg(long, value_name = "N")]
    pub(crate) max: Option<u64>,
    /// The file to write; standard output unless given.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct UsersRecent {
    #[command(flatten)]
    pub(crate) asker: Asker,
}

#[derive(Debug, Args)]
pub(crate) struct UsersShow {
    /// User principal name or id.
    #[arg(value_name = "USER")]
    pub(crate) user: String,
    /// The tenant, where several have such a user; with `--live` a user that is not stored takes it.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// Ask Microsoft now, instead of the database.
    #[arg(long)]
    pub(crate) live: bool,
    /// Only this card, such as `licenses` or `sign_ins`; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) card: Vec<String>,
    /// Show what each sign-in had to prove, too: from the beta version of the service, which may change.
    #[arg(long, requires = "live")]
    pub(crate) requirement: bool,
    /// Only sign-ins that meet this, as JSON such as `{"status":["failure"],"device":"LT-%"}`.
    #[arg(long, value_name = "JSON", requires = "live")]
    pub(crate) sign_ins: Option<String>,
    /// Show times as dates of this zone, such as `Europe/Amsterdam`, and not as ages.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// With `--zone`: the format of dates.
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "%Y-%m-%d %H:%M",
        requires = "zone"
    )]
    pub(crate) format: String,
    #[command(flatten)]
    pub(crate) looking: Looking,
}

#[derive(Debug, Args)]
pub(crate) struct UsersPreview {
    /// User principal name or id.
    #[arg(value_name = "USER")]
    pub(crate) user: String,
    /// The tenant, by id, name or a domain; else that of the stored user of this name.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// The object id of a group to be joined; may be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) join: Vec<String>,
    /// The object id of a group to be left; may be repeated.
    #[arg(long, value_name = "ID", required_unless_present = "join")]
    pub(crate) leave: Vec<String>,
    #[command(flatten)]
    pub(crate) looking: Looking,
}

/// Who looks.
#[derive(Debug, Args)]
pub(crate) struct Looking {
    #[command(flatten)]
    pub(crate) asker: Asker,
    /// A JSON file with the site of each device of the tool, `{"DEVICE":"SITE"}`: a technician is shown links to those
    /// devices alone whose site they see.
    #[arg(long, value_name = "FILE", requires = "technician")]
    pub(crate) device_sites: Option<PathBuf>,
}
