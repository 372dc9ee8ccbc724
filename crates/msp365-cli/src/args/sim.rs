//! What can be typed of the simulated cloud.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};

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
