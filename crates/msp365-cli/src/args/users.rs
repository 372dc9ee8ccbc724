//! What can be typed of users.

use clap::{Args, Subcommand};

use super::ChangeCommand;

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Users of all tenants, from the database.
    List(UsersList),
    /// One user with everything that is stored.
    Show(UsersShow),
    #[command(flatten)]
    Change(ChangeCommand),
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
