//! Sends the requests of msp365: with tokens, retries, paging and batches.
//!
//! A [`Client`] holds what all tenants share. A [`TenantClient`] is bound to one tenant and sends the requests; there
//! is no current tenant.
//!
//! ```
//! use std::sync::Arc;
//! use msp365_client::Client;
//! use msp365_core::{
//!     AccessToken, Endpoints, Request, SeededRandom, Service, TenantId, TokenError, TokenRequest, TokenSource,
//!     manual::{Answer, ManualClock, ScriptedTransport}, path,
//! };
//!
//! # struct Tokens;
//! # #[async_trait::async_trait]
//! # impl TokenSource for Tokens {
//! #     async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
//! #         let end = "2026-11-22T13:00:00Z".parse().unwrap_or_default();
//! #         Ok(AccessToken::new("token".into(), end, wanted.tenant, wanted.audience))
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct User { display_name: String }
//!
//! let contoso: TenantId = "11111111-2222-3333-4444-555555555555".parse()?;
//! let busy = Answer::text(429, &[("retry-after", "7")], "");
//! let ada = Answer::text(200, &[], r#"{"displayName":"Ada"}"#);
//!
//! let client = Client::builder(Endpoints::public(), Arc::new(Tokens))
//!     .transport(Arc::new(ScriptedTransport::new([busy, ada])))
//!     .clock(Arc::new(ManualClock::at("2026-11-22T12:00:00Z".parse()?)))
//!     .random(Arc::new(SeededRandom::new(7)))
//!     .build()?;
//! let who: Request<User> = Request::get("users.get", Service::Graph, path!["users", "ada@contoso.example"]);
//! let user = client.tenant(contoso).send(who).await?;
//!
//! assert_eq!(user.display_name, "Ada");
//! assert_eq!(client.meter().total().requests, 2);
//! # Ok(())
//! # }
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`client`], [`tenant`] | what all tenants share, and what sends one tenant's requests |
//! | [`error`] | what can go wrong, with what was tried |
//! | [`meter`] | counts of requests, throttled requests and retries |
//! | [`http`], [`clock`] | the real network and the real time |
//! | [`record`] | a transport that records every exchange |
//!
//! All requests through one [`Client`] share what keeps a tenant from being overloaded: the waits that services ask
//! for, at most 64 requests in flight to one service of a tenant, a retry budget that successes refill, and a circuit
//! for each resource of a tenant, which opens after five failures in a row.
//!
//! This crate does not get tokens (`msp365-auth`), knows no resource of Microsoft Graph (`msp365-graph`), and stores
//! nothing.

mod batch;
pub mod client;
pub mod clock;
mod download;
pub mod error;
pub mod http;
mod load;
pub mod meter;
mod pages;
mod pipeline;
pub mod record;
pub mod tenant;
#[cfg(test)]
mod testing;

pub use self::http::HttpTransport;
pub use client::{Client, ClientBuilder};
pub use clock::SystemClock;
pub use error::{Error, Trail, in_words};
pub use meter::{Counts, Meter};
pub use record::Recorder;
pub use tenant::TenantClient;
