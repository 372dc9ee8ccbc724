//! What can go wrong in a store.

use std::error::Error as StdError;

use msp365_core::{ErrorKind, TenantId};
use uuid::Uuid;

use crate::PlanState;

/// The result of asking a store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An address that names no kind of store.
    #[error(
        "`{url}` is no database address: give `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/DATABASE` or `memory:`"
    )]
    Address {
        /// What was given.
        url: String,
    },
    /// A kind of database that this build cannot talk to.
    #[error("{database} is not available in this build: give `sqlite:PATH` or `memory:`")]
    NotInThisBuild {
        /// The database.
        database: &'static str,
    },
    /// The file cannot be opened, made or written.
    #[error("database `{path}` cannot be opened for reading and writing")]
    Open {
        /// The file.
        path: String,
        /// What went wrong.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The folder that should hold the file is absent.
    #[error("database `{path}` cannot be made: its folder does not exist")]
    NoFolder {
        /// The file.
        path: String,
    },
    /// The file is something else.
    #[error("`{path}` is not an msp365 database; it was left as it is")]
    NotOurs {
        /// The file.
        path: String,
    },
    /// A newer program has written the file.
    #[error(
        "database `{path}` has schema version {found}, this program knows {known}: use a newer msp365, or another file"
    )]
    Newer {
        /// The file.
        path: String,
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The file is damaged.
    #[error(
        "database `{path}` is damaged ({finding}): restore it from a backup, or remove it and sync again"
    )]
    Damaged {
        /// The file.
        path: String,
        /// The first finding of the integrity check.
        finding: String,
    },
    /// A statement did not succeed; its transaction was rolled back.
    #[error("the database could not {doing}")]
    Statement {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The database threads have ended.
    #[error("the database is closed")]
    Closed,
    /// A stored value that does not decode.
    #[error("the stored `{column}` cannot be read")]
    Value {
        /// The column.
        column: &'static str,
    },
    /// The store does not know this tenant.
    #[error("tenant `{tenant}` is not in the store")]
    UnknownTenant {
        /// The tenant.
        tenant: TenantId,
    },
    /// The tenant was unsynced, or another pass has begun since: nothing was written.
    #[error("the pass of tenant `{tenant}` was overtaken; nothing was written")]
    Fenced {
        /// The tenant.
        tenant: TenantId,
    },
    /// The store does not know this run.
    #[error("run {run} is not in the store")]
    UnknownRun {
        /// The run.
        run: i64,
    },
    /// The store does not know this plan.
    #[error("plan `{plan}` is not in the store")]
    UnknownPlan {
        /// The plan.
        plan: Uuid,
    },
    /// Somebody else works on this plan, or has since: nothing was written.
    #[error("plan `{plan}` is in other hands; nothing was written")]
    Claimed {
        /// The plan.
        plan: Uuid,
    },
    /// The plan does not stand as what was to be done with it takes: nothing was written.
    #[error("plan `{plan}` is {}; nothing was written", .found.as_str())]
    Stands {
        /// The plan.
        plan: Uuid,
        /// How it stands.
        found: PlanState,
    },
    /// A record of the activity log that is not the next one: nothing was written.
    #[error("the next record of the activity log is number {sequence}; nothing was written")]
    NotNext {
        /// The number that comes next.
        sequence: i64,
    },
    /// A name that is no column of a list.
    #[error("`{name}` is no column of {of}: give one of {columns}")]
    UnknownColumn {
        /// What is listed.
        of: &'static str,
        /// What was given.
        name: String,
        /// The names there are.
        columns: String,
    },
    /// A filter that cannot be read.
    #[error("`{filter}` is no filter: {reason}")]
    Filter {
        /// What was given.
        filter: String,
        /// What a filter should look like.
        reason: &'static str,
    },
    /// A text that is no saved view.
    #[error("the saved view cannot be read")]
    View {
        /// What does not fit.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// A saved view of another version.
    #[error("the saved view is of version {found}, this program knows {known}: save it anew")]
    ViewVersion {
        /// The version of the view.
        found: u32,
        /// The version this program knows.
        known: u32,
    },
    /// A saved view of another list.
    #[error("the saved view is of {found}, and one of {wanted} is asked for")]
    OtherList {
        /// What it is of.
        found: &'static str,
        /// What it should be of.
        wanted: &'static str,
    },
    /// A name that is no time zone.
    #[error("`{zone}` is no time zone: give a name such as `Europe/Amsterdam` or `UTC`")]
    Zone {
        /// What was given.
        zone: String,
    },
    /// A format that moments cannot be shown in.
    #[error("`{format}` is no format of dates: give one such as `%Y-%m-%d %H:%M`")]
    TimeFormat {
        /// What was given.
        format: String,
    },
    /// A mark of a next page that no store gave.
    #[error("`{mark}` is not the mark of a page")]
    PageMark {
        /// What was given.
        mark: String,
    },
}

impl Error {
    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Address { .. }
            | Self::NotInThisBuild { .. }
            | Self::UnknownColumn { .. }
            | Self::Filter { .. }
            | Self::View { .. }
            | Self::ViewVersion { .. }
            | Self::OtherList { .. }
            | Self::Zone { .. }
            | Self::TimeFormat { .. }
            | Self::PageMark { .. } => ErrorKind::Invalid,
            Self::Open { .. }
            | Self::NoFolder { .. }
            | Self::NotOurs { .. }
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::Statement { .. }
            | Self::Closed
            | Self::Value { .. } => ErrorKind::Storage,
            Self::UnknownTenant { .. } | Self::UnknownRun { .. } | Self::UnknownPlan { .. } => {
                ErrorKind::NotFound
            }
            Self::Fenced { .. } | Self::Claimed { .. } | Self::Stands { .. } | Self::NotNext { .. } => {
                ErrorKind::Conflict
            }
        }
    }
}
