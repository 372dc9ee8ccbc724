//! What can be typed of any list.

use std::path::PathBuf;

use clap::Args;

use super::Asker;

/// Which rows of a list are meant, in which order, and what is shown of them.
#[derive(Debug, Args)]
pub(crate) struct Narrowing {
    /// Only these tenants; may be repeated.
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Vec<String>,
    /// A condition such as `last_sign_in>90d`, `account_enabled=false`, `user_type=Guest|Member`; may be repeated.
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
    /// Begin with a view that was saved; what else is given comes on top.
    #[arg(long, value_name = "FILE")]
    pub(crate) view: Option<PathBuf>,
    /// The time zone of days and dates, such as `Europe/Amsterdam`; UTC, or as the view says.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// How dates are shown, such as `%d.%m.%Y %H:%M`, or `age`.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
    #[command(flatten)]
    pub(crate) asker: Asker,
}

impl Narrowing {
    /// Whether somebody said which columns to show.
    pub(crate) const fn chooses_columns(&self) -> bool {
        !self.columns.is_empty() || self.view.is_some()
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// Which page, from 1, or `all`; the first unless given.
    #[arg(long, value_name = "N|all")]
    pub(crate) page: Option<String>,
    /// Begin behind the place that an answer called `next`, with the same filters and sort; one page, or all with
    /// `--page all`.
    #[arg(long, value_name = "MARK", allow_hyphen_values = true)]
    pub(crate) after: Option<String>,
    /// Rows a page; 50, or as the view says.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) size: Option<u32>,
    /// No more than so many of all pages; what is cut off is told.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max: Option<u64>,
    /// Show beneath the list where its values come from, and how old they are.
    #[arg(long)]
    pub(crate) sources: bool,
    /// Keep the view in a file, for `--view`.
    #[arg(long, value_name = "FILE")]
    pub(crate) save_view: Option<PathBuf>,
}

/// How a list is written as a file.
#[derive(Debug, Args)]
pub(crate) struct Filing {
    /// Leave out the line of headers.
    #[arg(long)]
    pub(crate) no_headers: bool,
    /// Begin with the mark of UTF-8 (BOM), which Excel needs for letters beyond ASCII.
    #[arg(long)]
    pub(crate) bom: bool,
}
