//! What can be typed.

mod matching;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use matching::{Evidence, MatchCommand, MatchContacts, MatchDevices, MatchFiles};

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
    /// The stored users.
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
    /// Turn off: take the application out of customers, remove all that is stored, say what stays behind.
    Disconnect,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// What runs out when: secrets, certificates, the sign-in, relationships, invitations, subscriptions.
    Expiry(ReportExpiry),
}

#[derive(Debug, Args)]
pub(crate) struct ReportExpiry {
    /// Write a calendar with reminders to this file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) ical: Option<PathBuf>,
}

/// How large the simulated world is.
#[derive(Debug, Args, Clone, Copy)]
pub(crate) struct World {
    /// Number of customers.
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(0..=5_000))]
    pub(crate) customers: u32,
    /// Users per customer, in the mean.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) users: u32,
}

/// Which simulated world.
#[derive(Debug, Args, Clone)]
pub(crate) struct Pinned {
    #[command(flatten)]
    pub(crate) world: World,
    /// A file that pins the world, and what happens in it, in place of the numbers above. `docs/scenarios.md` describes
    /// it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["customers", "users"])]
    pub(crate) scenario: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) world: World,
    /// Faults of the simulated cloud by their ids, such as `F070,F020@5%`; `sim serve --help` tells more.
    #[arg(long, value_name = "PLAN", default_value = "", hide_default_value = true)]
    pub(crate) faults: String,
}

/// Whether the simulated cloud refuses for load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Throttling {
    Documented,
    Off,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimCommand {
    /// Serve the simulated cloud over HTTP or HTTPS until a signal; prints one JSON line with addresses and ids.
    Serve(Serve),
    /// Print the world's truth as JSON lines.
    Truth(Truth),
}

#[derive(Debug, Args)]
pub(crate) struct Truth {
    #[command(flatten)]
    pub(crate) pinned: Pinned,
    /// The truth at a moment of the scenario, once all is done that happens until then: `day 3`, `36h`, or a date with
    /// time and offset.
    #[arg(long, value_name = "MOMENT", visible_alias = "after")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) pinned: Pinned,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// Serve HTTPS, under a root certificate that is made at the start.
    #[arg(long)]
    pub(crate) tls: bool,
    /// The file that the root certificate is written to, for clients to trust.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls",
        default_value = "msp365-root.pem"
    )]
    pub(crate) root: PathBuf,
    /// Refuse for load at the limits that Microsoft documents, or never, which is usual.
    #[arg(long, value_enum)]
    pub(crate) throttle: Option<Throttling>,
    /// Faults by their ids, separated by commas, such as `F070,F020@5%:seed=3,F033:first=4:path=/v1.0/users`. Behind
    /// colons come limits: first, every, skip, always, tenant, method, path, operation, variant, size. A wrong id lists
    /// those there are.
    #[arg(long, value_name = "PLAN", default_value = "", hide_default_value = true)]
    pub(crate) faults: String,
    /// Wait this long before each answer.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=60_000))]
    pub(crate) latency_ms: Option<u64>,
    /// Write every exchange to this file as JSON lines, without secrets.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The cloud: `public`, `usgov`, `usgov-dod`, `china`, or a file with the line that `sim serve` printed.
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) cloud: String,
    /// The partner tenant's id; with `--app-only` that of the tenant to connect.
    #[arg(long, value_name = "TENANT")]
    pub(crate) partner: String,
    /// The application's client id; a simulated cloud's file names its own.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// A file that holds the client secret; else it comes from the variable `MSP365_CLIENT_SECRET`.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// A certificate with its private key, in place of a secret: PEM, or PKCS#12 whose password is in the variable
    /// `MSP365_CERTIFICATE_PASSWORD`.
    #[arg(long, value_name = "FILE", conflicts_with = "secret_file")]
    pub(crate) certificate: Option<PathBuf>,
    /// Connect one tenant directly by the application's own permissions, without a person.
    #[arg(long, conflicts_with_all = ["device_code", "refresh_token_file", "auto"])]
    pub(crate) app_only: bool,
    /// Sign in on another device: prints a page and a code to type there.
    #[arg(long, conflicts_with_all = ["refresh_token_file", "auto"])]
    pub(crate) device_code: bool,
    /// Take over the refresh token in this file, which another program got for the same application.
    #[arg(long, value_name = "FILE", conflicts_with = "auto")]
    pub(crate) refresh_token_file: Option<PathBuf>,
    /// Walk through the sign-in pages of the simulated cloud instead of a person.
    #[arg(long)]
    pub(crate) auto: bool,
}

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

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Users of all tenants, from the database.
    List(UsersList),
    /// One user with everything that is stored.
    Show(UsersShow),
}

#[derive(Debug, Args)]
pub(crate) struct UsersList {
    /// Only these tenants; may be repeated.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Vec<String>,
    /// A condition such as `last_sign_in>90d`, `account_enabled=false`, `user_type=Guest`; may be repeated.
    #[arg(long, value_name = "CONDITION")]
    pub(crate) filter: Vec<String>,
    /// A column and a pattern such as `name=ada%`; may be repeated.
    #[arg(long, value_name = "COLUMN=PATTERN")]
    pub(crate) like: Vec<String>,
    /// The column to sort by; with a `-` in front from last to first.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// The columns to show, separated by commas.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Which page, from 1, or `all`.
    #[arg(long, default_value = "1", value_name = "N|all")]
    pub(crate) page: String,
    /// Rows a page.
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) size: u32,
}

#[derive(Debug, Args)]
pub(crate) struct UsersShow {
    /// User principal name or id.
    #[arg(value_name = "USER")]
    pub(crate) user: String,
    /// The tenant, where several have such a user.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
}

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
    /// The tenant's id.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: String,
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
    /// With `groups`, `roles`, `licenses` and `manager`: take it away. Where none is named, all.
    #[arg(long)]
    pub(crate) remove: bool,
    /// With `edit`: a property and its value; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// With `temporary-pass`: how long it lasts.
    #[arg(long, value_name = "N")]
    pub(crate) minutes: Option<i64>,
    /// For this technician, by the host's id.
    #[arg(long, value_name = "ID", requires = "levels")]
    pub(crate) technician: Option<String>,
    /// A JSON file with the levels and technicians of the host.
    #[arg(long, value_name = "FILE", requires = "technician")]
    pub(crate) levels: Option<PathBuf>,
    /// A site of the host that the user belongs to; may be repeated.
    #[arg(long, value_name = "SITE")]
    pub(crate) site: Vec<String>,
}
