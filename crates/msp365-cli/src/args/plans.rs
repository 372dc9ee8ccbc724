//! What can be typed of stored plans, and of accounts that all plans leave alone.

use std::path::PathBuf;

use clap::Args;

use super::By;

#[derive(Debug, Args)]
pub(crate) struct Plans {
    /// Only this tenant.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// Those that are over, too.
    #[arg(long, conflicts_with = "run")]
    pub(crate) all: bool,
    /// Run those whose time has come, and go on with those that were cut off more than five minutes ago. One that makes a
    /// password is left alone unless it was stored with `--seal-to`. With `--json` a line for each.
    #[arg(long)]
    pub(crate) run: bool,
    /// With `--run`: seal passwords and passes of plans that were stored without a key to the one in this file.
    #[arg(long, value_name = "KEYFILE", requires = "run")]
    pub(crate) seal_to: Option<PathBuf>,
    /// With `--run`: who runs them, as the activity log keeps it; else the name of the account that runs this.
    #[arg(long, value_name = "NAME", requires = "run")]
    pub(crate) actor: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Protect {
    /// Accounts for emergencies that every plan leaves alone from now on, by name or object id; none shows the list.
    #[arg(value_name = "USER")]
    pub(crate) users: Vec<String>,
    /// Take this account off the list; may be repeated.
    #[arg(long, value_name = "USER")]
    pub(crate) remove: Vec<String>,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct OfPlan {
    /// The id of the plan, as `users plans` lists it.
    #[arg(value_name = "PLAN")]
    pub(crate) plan: String,
    /// Who says so, as the activity log keeps it; else the name of the account that runs this.
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
}
