//! A Microsoft cloud in a process: sign-in, Graph and Partner Center over a seeded world of a provider and its
//! customers. Develop against it, and test what a real tenant would never show on demand.
//!
//! The same seed gives the same world. Some customers have problems: no relationship, an expired one, no consent, a
//! policy that blocks, and so on. [`Cloud::truth`] says which.
//!
//! ```
//! use msp365_sim::Sim;
//!
//! let cloud = Sim::seeded(7).customers(12).users_each(5).build();
//!
//! let truth = cloud.truth();
//! let blocked = truth.iter().filter(|line| line["expected_blocked"] == true).count();
//! assert_eq!(blocked, 7);
//! assert_eq!(cloud.endpoints().graph, "https://graph.microsoft.com");
//! ```
//!
//! | name | what it is |
//! |---|---|
//! | [`Sim`] | the builder of a cloud: seed, size, clock, latency, recording |
//! | [`Cloud`] | a cloud in process: transport, clock, apps, truth, changes, the requests it saw |
//! | [`Throttle`] | whether it throttles clients |
//! | [`Ledger`] | the effects of writes, and what clients did wrong |
//! | [`Budget`] | how many requests clients may send |
//! | [`Faults`] | what goes wrong on demand, by id |
//! | [`FaultPlan`] | faults as text: which, how often, for whom |
//! | [`Server`] | a cloud served over HTTP or HTTPS on one port |
//! | [`sign_in`] | goes through the sign-in pages as a person would |
//! | [`WorldPlan`] | what the generated world is like |
//! | [`Scenario`] | a world defined by a file, and what happens in it |
//! | [`Edit`] | changes to the world while it runs |
//! | [`AccessPolicy`] | what a tenant demands of those who sign in |
//! | [`Inventory`] | the records of the tool that the provider works with |
//!
//! This crate shares no model with the client crates. It serves JSON built from Microsoft's documented shapes, so that
//! a field misspelt on one side is found.

// The widest objects of Graph have more properties than `json!` unfolds by default.
#![recursion_limit = "256"]

mod api;
mod app;
mod canary;
mod clock;
mod cloud;
mod cut;
mod dispatch;
mod edit;
mod error;
mod faults;
mod front;
mod graph;
mod hooks;
mod identity;
mod inventory;
mod ledger;
mod odata;
mod partner;
mod permissions;
#[cfg(feature = "recorded")]
mod recording;
mod reply;
mod scenario;
mod server;
pub mod sign_in;
mod sim;
mod story;
#[cfg(test)]
mod tests;
mod throttle;
mod tls;
mod transport;
mod truth;
mod wire;
mod world;

pub use app::SimApp;
pub use cloud::{Cloud, Exchange};
pub use edit::{Edit, GroupKind};
pub use error::{Error, PlanProblem};
pub use faults::{FaultPlan, Faults, Installed, Script};
pub use identity::AccessPolicy;
pub use inventory::{Inventory, ToolDevice, ToolOrganization};
pub use ledger::{Budget, Effect, Excess, ExcessKind, Ledger, Sin, SinKind};
pub use scenario::{Moment, Scenario, ScenarioError};
pub use server::Server;
pub use sim::Sim;
pub use throttle::Throttle;
pub use world::{
    Trouble,
    notices::LifecycleEvent,
    plan::{Shares, Sizes, WorldPlan},
};
