//! What can be typed.

mod change;
mod connect;
mod explain;
mod lists;
mod matching;
mod plans;
mod report;
mod sim;
mod tenants;
mod users;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::session;

pub(crate) use change::{
    About, Change, ChangeCommand, Create, Edit, Groups, Leaving, Licenses, Many, OfStored, Rehire, Roles,
    TemporaryPass, Until,
};
pub(crate) use connect::Connect;
pub(crate) use explain::{Asker, Deed, Explain};
pub(crate) use lists::{Filing, Narrowing, Paging};
pub(crate) use matching::{
    Evidence, Kind, MatchCommand, MatchContacts, MatchDecide, MatchDecisions, MatchDevices, MatchFiles, Rows,
};
pub(crate) use plans::{OfPlan, Plans, Protect};
pub(crate) use report::{Form, ReportCommand, ReportExpiry, ReportList, ReportUsers, ReportWaste};
pub(crate) use sim::{Demo, Pinned, Serve, SimCommand, Throttling, World};
pub(crate) use tenants::{
    Chosen, Features, Invite, Sync, Tenants, TenantsCommand, TenantsList, TenantsPortals, TenantsSync,
    TenantsUnsync,
};
pub(crate) use users::{Finding, Looking, UsersCommand, UsersExport, UsersList, UsersPreview, UsersShow};

/// Work with the Microsoft 365 tenants of all customers of a managed service provider.
///
/// `msp365 demo` shows the whole of it on a simulated cloud, with nothing to configure.
#[derive(Debug, Parser)]
#[command(name = "msp365", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// In whose name something is done that is no plan.
#[derive(Debug, Args, Clone)]
pub(crate) struct By {
    /// In whose name, as the activity log keeps it; else the name of the account that runs this.
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
}

impl By {
    /// The name that the activity log keeps.
    pub(crate) fn name(&self) -> String {
        session::actor(self.actor.as_ref())
    }
}

/// Options of every command.
#[derive(Debug, Args, Clone)]
pub(crate) struct Global {
    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The database: `sqlite:FILE`, `postgres://USER:PASSWORD@HOST/DATABASE` or `memory:`.
    #[arg(long, global = true, value_name = "URL", default_value = "sqlite:msp365.db")]
    pub(crate) db: String,
    /// No progress and no notes on standard error.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// The seed of everything random that is not a secret.
    #[arg(long, global = true, default_value_t = 7)]
    pub(crate) seed: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The whole main job on a simulated cloud: connect, check, sync, match, sum up.
    Demo(Demo),
    /// The simulated Microsoft cloud.
    #[command(subcommand)]
    Sim(SimCommand),
    /// Connect to the partner tenant: prints the sign-in URL and waits for the redirect.
    Connect(Connect),
    /// Say for each customer what stands in the way of a sync, and who mends it. Changes nothing.
    Doctor(Tenants),
    /// The tenants: list them, choose which are synced.
    #[command(subcommand)]
    Tenants(TenantsCommand),
    /// Read the chosen tenants into the database.
    Sync(Sync),
    /// The stored users, and changing users by plans.
    #[command(subcommand)]
    Users(UsersCommand),
    /// Say whether an action on a user will work, link by link, and who mends what is broken. Changes nothing.
    Explain(Explain),
    /// Which records of a tool, in a CSV file, are which of Microsoft 365; a row per pair, with reasons.
    #[command(subcommand)]
    Match(MatchCommand),
    /// Reports over all tenants.
    #[command(subcommand)]
    Report(ReportCommand),
    /// The activity log: who changed what.
    Activity(Activity),
    /// Turn off: take the application out of customers, remove all that is stored but the activity log, say what stays
    /// behind.
    Disconnect(Disconnect),
}

#[derive(Debug, Args)]
pub(crate) struct Disconnect {
    /// Remove the activity log, too, with its key; else both stay, also where nothing is connected any more.
    #[arg(long)]
    pub(crate) purge_log: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct Activity {
    /// Check every link of the chain, and print what to keep outside the database.
    #[arg(long)]
    pub(crate) verify: bool,
    /// With `--verify`: a file with what an earlier `--verify --json` printed, so that a cut end is found.
    #[arg(long, value_name = "FILE", requires = "verify")]
    pub(crate) anchor: Option<PathBuf>,
    /// Write the records as CSV to this file instead; `-` writes them to standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "verify")]
    pub(crate) export: Option<PathBuf>,
    /// Only this tenant.
    #[arg(long, value_name = "TENANT", conflicts_with = "verify")]
    pub(crate) tenant: Option<String>,
    /// Only about this object, by its id.
    #[arg(long, value_name = "ID", conflicts_with = "verify")]
    pub(crate) target: Option<String>,
    /// Only by this person.
    #[arg(long, value_name = "NAME", conflicts_with = "verify")]
    pub(crate) actor: Option<String>,
    /// Only of this action, such as `block` or `create_user`.
    #[arg(long, value_name = "WORD", conflicts_with = "verify")]
    pub(crate) action: Option<String>,
    /// Only from this moment on, such as `2026-03-01T08:00:00Z`.
    #[arg(long, value_name = "TIME", conflicts_with = "verify")]
    pub(crate) from: Option<String>,
    /// Only before this moment.
    #[arg(long, value_name = "TIME", conflicts_with = "verify")]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) asker: Asker,
}
