//! What a technician does to a customer's users, as plans: shown first, then run step by step. Each step is stored
//! before it is sent, so a plan can be resumed after a crash.
//!
//! ```
//! use msp365_actions::{Access, Facts, Protection};
//! use msp365_core::TenantId;
//!
//! let contoso: TenantId = "11111111-2222-3333-4444-555555555555".parse().unwrap();
//! let facts = Facts::new(contoso, "2026-03-01T12:00:00Z".parse().unwrap());
//!
//! // Facts are read by `gather`; without a user among them nothing can be planned.
//! let refused = Access::Block.plan(&facts, &Protection::new()).unwrap_err();
//! assert_eq!(refused.to_string(), "there is no such user; check the id in this tenant");
//! ```
//!
//! | part | what is in it |
//! |---|---|
//! | [`Facts`], [`gather`] | what is known of a user, read live in few requests |
//! | [`Create`], [`Edit`], [`Licenses`], [`Groups`], [`Roles`], [`Access`], [`ResetPassword`], [`AccessPass`], [`ResetMethods`], [`Offboard`], [`rehire`], [`Restore`] | wishes: pure functions from facts to a plan, or to a reason why not |
//! | [`Plan`], [`Step`], [`StepKind`] | what will be done, as values |
//! | [`Protection`] | accounts that plans leave alone |
//! | [`Runner`], [`Outcome`] | running a plan, and the result |
//! | [`bulk`] | the same for many users: a plan for each, a summary first, a report by user, resumed after a crash |
//! | [`details`] | a user's cards, and what a change of groups adds and removes |
//! | [`explain`] | whether an action will work, and why not; what the host's technicians may do |
//! | [`ApprovalGate`] | who must approve a plan |
//! | [`ActivityLog`] | who did what, chained |
//! | [`Export`], [`sheet`] | users of a list, or rows of any resource, as CSV, row by row; cells that no spreadsheet runs as formulas |
//! | [`waste`] | licences that are paid for and not used |
//! | [`Handover`], [`RecipientKey`] | passwords and passes, handed over once |
//!
//! This crate keeps no list of users (see `msp365-store`) and schedules nothing by itself: [`Runner::due`] says what
//! may run.

mod activity;
pub mod bulk;
pub mod details;
mod error;
pub mod explain;
mod facts;
mod listing;
mod names;
mod plan;
mod protection;
mod refused;
mod run;
mod secret;
pub mod sheet;
pub mod waste;
mod wish;

pub use activity::{
    Activity, ActivityLog, ActivitySink, Anchor, AuditKey, Broken, Fault, SinkError, to_csv, verify,
};
pub use error::Error;
pub use facts::{Ask, Domain, Facts, Machine, Owned, Person, gather};
pub use listing::{Export, Exported, TenantsExport};
pub use plan::{
    Action, Count, Grant, GroupNames, IfChanged, Left, PasswordRoute, Plan, Preview, RULES, Risk, Stage,
    Step, StepKind, Subject, Whom,
};
pub use protection::Protection;
pub use refused::{Reason, Refused};
pub use run::{ApprovalGate, Decision, Open, Outcome, Runner, StepOutcome, StepState, TwoPersons};
pub use secret::{Delivery, Handover, OneTime, PasswordRules, RecipientKey, SealedSecret, SecretError, open};
pub use wish::{
    Access, AccessPass, Create, Devices, Edit, ForRoles, Groups, LastOwner, Licenses, Offboard, ResetMethods,
    ResetPassword, Restore, Roles, Snapshot, Template, check_together, from_csv, rehire,
};
