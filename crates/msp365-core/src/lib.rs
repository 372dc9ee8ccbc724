//! The protocol of msp365 as plain values, and the traits (seams) between it and the world.
//!
//! A [`Request<T>`] says what to ask and how to decode the reply. A [`Page<T>`] holds rows and the [`Cursor`] to the
//! next page. A [`Batch`] carries requests with different replies. [`retry::judge`] decides what a reply or a failure
//! means. Nothing here sends, sleeps or opens a file: that happens behind [`Transport`], [`TokenSource`], [`Clock`],
//! [`Random`] and [`Vault`].
//!
//! ```
//! use msp365_core::{Endpoints, Request, Service, path};
//!
//! #[derive(serde::Deserialize)]
//! struct User { id: String }
//!
//! let ada: Request<User> = Request::get("users.get", Service::Graph, path!["users", "ada@contoso.example"])
//!     .select(["id", "displayName"]);
//! let url = ada.call().url(&Endpoints::public())?;
//! assert_eq!(url, "https://graph.microsoft.com/v1.0/users/ada%40contoso.example?$select=id,displayName");
//! # Ok::<(), msp365_core::Error>(())
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`id`], [`service`], [`path`](mod@path) | tenant ids, services and clouds, escaped paths |
//! | [`request`], [`reply`], [`page`], [`batch`] | requests, replies, pages with cursors, batches with typed slots |
//! | [`operation`] | what the service asks for and allows, as data beside each request |
//! | [`model`](mod@model), [`query`] | lenient models, and queries by their properties |
//! | [`retry`] | what to do after each reply or failure, and how long to wait |
//! | [`error`] | error kinds shared by all crates, and the error bodies of the services |
//! | [`open_enum`](crate::open_enum!), [`change`] | enums that keep unknown values, and fields of a PATCH |
//! | [`seams`] | the traits that hide network, time, chance and disk |
//! | [`record`] | an exchange as a line of JSON without secrets |
//! | `manual` (feature `testing`) | a manual clock, a scripted transport |
//!
//! This crate knows no resource of Microsoft Graph (see `msp365-graph`), nor how to get a token (`msp365-auth`).

pub mod batch;
pub mod catalogue;
pub mod change;
pub mod error;
pub mod id;
#[cfg(feature = "testing")]
pub mod manual;
pub mod model;
mod open_enum;
pub mod operation;
pub mod page;
pub mod path;
pub mod query;
pub mod random;
pub mod record;
pub mod reply;
pub mod request;
pub mod retry;
pub mod seams;
pub mod service;

pub use batch::{Answers, Batch, Slot};
pub use change::Change;
pub use error::{Error, ErrorKind, ServiceError};
pub use id::TenantId;
pub use operation::Operation;
pub use page::{Cursor, Lenient, Page};
pub use path::Path;
pub use random::SeededRandom;
pub use reply::Reply;
pub use request::{Body, Call, Check, Occurred, Replay, Request};
pub use seams::{
    AUDIT_KEY, AccessToken, Clock, Freshness, Random, Sealed, TokenError, TokenRequest, TokenSource,
    Transport, TransportError, VAULT_SALT, Vault, VaultError,
};
pub use service::{Audience, Cloud, Endpoints, Service};

/// What this crate's macros need where they are used.
#[doc(hidden)]
pub mod __private {
    pub use serde;
    pub use serde_json::Value;
}
