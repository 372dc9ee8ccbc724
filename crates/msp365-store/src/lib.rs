//! Stores tenants, directory rows, matches, runs and sealed tokens, in memory, in SQLite or in PostgreSQL.
//!
//! A pass stores each page with its cursor in one transaction, so an interrupted pass resumes after the last stored
//! page. A digest shows which rows did not change; these are only marked as seen. What a complete pass did not see is
//! swept.
//!
//! ```
//! use msp365_core::TenantId;
//! use msp365_store::{PageCommit, PassEnd, PassStart, Resource, TenantRecord, UserQuery, UserRow};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = msp365_store::open("memory:").await?;
//! let contoso: TenantId = "11111111-2222-3333-4444-555555555555".parse()?;
//! store.upsert_tenants(&[TenantRecord::new(contoso, "Contoso")]).await?;
//!
//! let now = "2026-03-01T12:00:00Z".parse()?;
//! let start = PassStart::new(contoso, 0, Resource::Users, "select=id,displayName", now);
//! let pass = store.begin(&start).await?;
//! let mut ada = UserRow::new("ada-1");
//! ada.display_name = Some("Ada".to_owned());
//! let page = PageCommit::new(contoso, 0, Resource::Users, pass.generation).rows(vec![ada]);
//! assert_eq!(store.commit(page).await?.added, 1);
//! let end = PassEnd::new(contoso, 0, Resource::Users, pass.generation, now);
//! store.finish(end.sweep(Resource::Users)).await?;
//!
//! let users = store.users(&UserQuery::all()).await?;
//! assert_eq!(users.rows[0].user.display_name.as_deref(), Some("Ada"));
//! # Ok(())
//! # }
//! ```
//!
//! | part | what is in it |
//! |---|---|
//! | [`open()`], [`SqliteStore`], [`MemoryStore`], `PostgresStore` (feature `postgres`) | stores |
//! | [`TenantStore`], [`TenantFilter`], [`TenantColumn`] | the tenant list and how each tenant stands |
//! | [`DirectoryStore`], [`DirectoryReader`] | pages in, rows and counts out |
//! | [`UserQuery`], [`UserFilter`], [`UserColumn`] | the user list over all tenants |
//! | [`RowQuery`], [`RowColumn`] | lists of groups, devices, licences, sign-ins and so on |
//! | [`View`], [`Selected`], [`Times`] | how a list is shown, what is selected in it, how moments are shown; [`SavedView`] and [`Selection`] of users, [`RowView`] and [`RowSelection`] of rows |
//! | [`Listing`] | what all lists have in common |
//! | [`MatchStore`], [`RunStore`] | matches with what people decided, runs, small facts; sealed tokens are core's [`Vault`](msp365_core::Vault) |
//! | [`IntentStore`] | plans of changes, and the state of each step |
//! | [`Journal`] | the activity log, which only grows |
//! | `suite` (feature `testing`) | what every store must do |
//!
//! One thread writes to SQLite, with prepared statements; callers pack rows for it, and new rows enter the index in the
//! order of their keys, many at a time. `cargo bench -p msp365-scale --bench sqlite` on 2026-11-22, 100,000 users on
//! two busy cores, two runs: with 999 rows per commit, 1.58 and 1.34 times the floor (one prepared upsert in one
//! transaction, 0.4 s), and 0.42 and 0.44 of that when one row in a hundred has changed. `sqlx` is not compared:
//! version 0.9 and `rusqlite` 0.41 want different versions of `libsqlite3-sys`, and one program can link only one.
//!
//! This crate does not decide what to read or sweep (see `msp365-sync`), knows no model of Microsoft Graph, and does
//! not look inside sealed tokens.

mod choose;
mod claim;
mod directory;
mod error;
mod intent;
mod journal;
mod matching;
mod memory;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod ranges;
mod reader;
mod row;
mod run;
mod sqlite;
mod stream;
#[cfg(feature = "testing")]
pub mod suite;
mod tenant;

pub use choose::{TenantColumn, TenantFilter};
pub use claim::PlanChange;
pub use directory::{DirectoryStore, OddRow, PageCommit, PageCounts, PassEnd, PassStart, Removal, Unseen};
pub use error::{Error, Result};
pub use intent::{IntentRecord, IntentState, IntentStore, PlanFilter, PlanRecord, PlanState};
pub use journal::{Journal, JournalFilter, JournalRecord};
pub use matching::{DecisionRow, MatchKind, MatchRow, MatchStore};
pub use memory::MemoryStore;
pub use open::open;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use query::{
    Direction, Incomplete, IncompleteState, IncompleteTenant, LastSignIn, ListColumn, ListPage, Listing,
    Pattern, Query, RowColumn, RowPage, RowQuery, RowRef, RowSelection, RowView, SavedView, Selected,
    Selection, Source, Times, UserColumn, UserFilter, UserPage, UserQuery, UserRef, UserView, Users, Value,
    View,
};
pub use reader::DirectoryReader;
pub use row::{
    DeviceRow, GroupRow, LicenseRow, MailboxRow, ManagedDeviceRow, MembershipRow, Names, RoleAssignmentRow,
    Rows, SignInRow, UserLicense, UserRow,
};
pub use run::{RunRecord, RunStart, RunStore};
pub use sqlite::SqliteStore;
pub use stream::{Phase, Resource, StreamState};
pub use tenant::{LogFate, TenantKind, TenantRecord, TenantState, TenantStatus, TenantStore};

/// Everything that is remembered. Whatever has all the roles is a store.
pub trait Store:
    TenantStore
    + DirectoryStore
    + DirectoryReader
    + MatchStore
    + RunStore
    + IntentStore
    + Journal
    + msp365_core::Vault
{
}

impl<T> Store for T where
    T: TenantStore
        + DirectoryStore
        + DirectoryReader
        + MatchStore
        + RunStore
        + IntentStore
        + Journal
        + msp365_core::Vault
        + ?Sized
{
}
