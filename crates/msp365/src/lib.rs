//! Works with the Microsoft 365 tenants of all customers of a managed service provider. Connect once through the
//! provider's partner tenant; list, check and sync the customers; read what is stored; match it with your tool's
//! records; change users.
//!
//! A complete example on a simulated cloud (feature `sim`), without an account:
//!
//! ```
//! # #[cfg(feature = "sim")]
//! # async fn example() -> Result<(), msp365::Error> {
//! use msp365::{sim::{self, Sim}, store::UserQuery};
//!
//! // A partner with three customers, in this process.
//! let cloud = Sim::seeded(7).customers(3).users_each(20).build();
//! let msp = sim::builder(&cloud).in_memory().build()?;
//!
//! // Sign in once, with multi-factor authentication and consent.
//! sim::connect(&cloud, &msp).await?;
//!
//! // List, choose, sync.
//! msp.tenants().refresh().await?;
//! let customers = msp.tenants().customers().await?;
//! msp.tenants().sync(&customers).await?;
//! let report = msp.sync().run(&[]).await?;
//! assert_eq!(report.tenants.len(), 3);
//!
//! // Read what is stored.
//! let users = msp.users(&UserQuery::all()).await?;
//! assert!(users.count >= 60);
//! # Ok(())
//! # }
//! # #[cfg(feature = "sim")]
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`actions`] | users' cards; changing users by plans; whether an action will work, and why not; the activity log |
//! | [`auth`] | sign-in, tokens, keys |
//! | [`client`] | requests to a tenant: retries, pages, batches |
//! | [`core`] | requests, pages, errors and seams as values |
//! | [`graph`], [`partner`] | Microsoft Graph; Partner Center, GDAP and readiness |
//! | [`matching`] | which organization, device or contact is which |
//! | [`store`] | rows, queries, databases |
//! | [`sync`] | listing, checking, enrolling, passes |
//! | [`permissions`] | the permissions that msp365 asks for |
//! | `sim` (feature `sim`) | a simulated Microsoft cloud |
//!
//! This crate schedules nothing by itself.

mod acting;
mod builder;
mod bulk;
mod cards;
mod choosing;
mod connect;
mod deciding;
mod error;
mod handle;
mod inner;
mod link;
pub mod permissions;
mod readiness;
mod record;
mod scope;
#[cfg(feature = "sim")]
pub mod sim;
mod source;
mod staging;
mod waiting;

/// The examples of the README, the guide and the page on the simulated cloud, as tests.
#[cfg(all(doctest, feature = "sim"))]
#[doc = include_str!("../../../README.md")]
#[doc = include_str!("../../../docs/guide.md")]
#[doc = include_str!("../../../docs/simulator.md")]
#[doc = include_str!("../../../docs/users.md")]
mod documents {}

pub use acting::Actions;
pub use builder::Builder;
pub use bulk::ManyUsers;
pub use cards::Cards;
pub use deciding::Deciding;
pub use error::Error;
pub use handle::{Matching, Msp365, Sync, Tenants};
pub use link::Connected;
#[doc(no_inline)]
pub use msp365_core::{Endpoints, ErrorKind, TenantId};
pub use scope::area_of;
pub use source::DataSource;
pub use {
    msp365_actions as actions, msp365_auth as auth, msp365_client as client, msp365_core as core,
    msp365_graph as graph, msp365_match as matching, msp365_partner as partner, msp365_store as store,
    msp365_sync as sync,
};
