//! Keeps the store true to the tenants of all customers: finds them, checks and enrols them, and runs passes over
//! those that were chosen.
//!
//! An [`Engine`] acts through seams alone: a client, a token source, a store and a clock. What it does comes back as
//! values: a [`Diagnosis`] per tenant, a [`RunReport`] per run, [`Progress`] while it runs.
//!
//! Matching is a part of its own that needs the store alone:
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
//! | `view`, `check`, `look` | what the partner tenant says of all customers; whether one is ready; what it can do |
//! | `direct` | tenants that an application reaches by permissions of its own |
//! | `enrol` | giving consent, reading it back, letting it grow |
//! | `stream`, `pass` | one resource page by page; one module per thing read |
//! | `tenants`, `leave` | marking tenants to be synced; unsyncing them, and turning all of it off |
//! | `invite` | sending a GDAP invitation, and following it |
//! | [`expiry`] | what runs out when, as values and as a calendar |
//! | [`tool`], [`matching`] | the tool's records, and pairs of them with stored rows |
//! | `report` | what was done, and progress, as values |
//!
//! It does not schedule itself, and several engines must not run over one database at a time.

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
