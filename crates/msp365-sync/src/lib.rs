//! Keeps the store in step with the tenants of all customers: lists, checks and enrols them, and runs passes over the
//! chosen ones.
//!
//! An [`Engine`] acts only through seams: a client, a token source, a store and a clock. It returns its results as
//! values: a [`Diagnosis`] per tenant, a [`RunReport`] per run, and [`Progress`] while it runs.
//!
//! Matching is separate, and needs only the store:
//!
//! ```
//! use msp365_store::{MemoryStore, TenantRecord, TenantStore};
//! use msp365_sync::{matching, tool::{Organization, Records}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = MemoryStore::new();
//! let contoso = "11111111-2222-4333-8444-555555555555".parse()?;
//! store.upsert_tenants(&[TenantRecord::new(contoso, "Contoso Ltd.")]).await?;
//! let mut tool = Records::default();
//! tool.organizations.push(Organization::new("42", "Contoso Limited"));
//!
//! let matched = matching::run(&store, &[contoso], &tool).await?;
//!
//! assert_eq!(matched.organizations.certain, 1);
//! # Ok(())
//! # }
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `engine`, `listing`, `run`, `doctor` | listing and what follows from it; running passes; checking many tenants |
//! | `view`, `check`, `look` | what the partner tenant says of all customers; whether one is ready; what a tenant can do |
//! | `direct` | tenants that an application reaches through its own permissions |
//! | `enrol` | giving consent, reading it back, extending it |
//! | `stream`, `pass` | one resource page by page; one module per thing read |
//! | `tenants`, `leave` | marking tenants to be synced; unsyncing them, and disconnecting |
//! | `invite` | sending a GDAP invitation, and following it |
//! | [`expiry`] | what expires when, as values and as a calendar |
//! | [`tool`], [`matching`] | the tool's records, and their pairs with stored rows |
//! | `report` | results and progress, as values |
//!
//! This crate does not schedule itself. Only one engine may run over a database at a time.

mod check;
mod direct;
mod doctor;
mod ending;
mod engine;
mod enrol;
mod error;
pub mod expiry;
mod invite;
mod leave;
mod listing;
mod look;
pub mod matching;
mod outcome;
mod pass;
mod report;
mod run;
mod shrink;
mod stream;
mod tenants;
pub mod tool;
mod view;

pub use direct::DirectTenant;
pub use doctor::Diagnosis;
pub use engine::{Application, Engine, Options, Seams};
pub use error::Error;
pub use invite::{Sent, Stage};
pub use leave::{Exit, Remnant, Unsynced};
pub use report::{Observer, Progress, ResourceReport, RunReport, TenantReport, unobserved};

/// The delegated permissions of Microsoft Graph that passes need in a customer's tenant, and no more.
pub const CUSTOMER_SCOPES: [&str; 5] = [
    "AuditLog.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "Directory.Read.All",
    "ReportSettings.Read.All",
    "Reports.Read.All",
];
