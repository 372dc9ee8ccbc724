//! Gets tokens for partner and customer tenants, and keeps refresh tokens sealed.
//!
//! A person at the partner signs in once ([`Consent`]). The refresh token of that [`Connection`] is kept sealed in a
//! [`TokenVault`], and [`PartnerTokens`] exchanges it for access tokens in every customer tenant. Without a person,
//! [`AppTokens`] uses only the secret or the certificate of the app.
//!
//! ```
//! use std::sync::Arc;
//!
//! use msp365_auth::{App, Consent, ConsentRequest, Prompt, SystemRandom};
//! use msp365_core::{Endpoints, TenantId};
//!
//! let app = App::new("5f3c1a52-0000-4000-8000-000000000001", "the client secret".into());
//! let partner: TenantId = "11111111-2222-4333-8444-555555555555".parse()?;
//! let request = ConsentRequest::new(
//!     app,
//!     Endpoints::public(),
//!     partner,
//!     "https://tool.example/microsoft365/callback",
//!     ["https://graph.microsoft.com/Directory.Read.All"],
//! )
//! .prompt(Prompt::SelectAccount);
//!
//! let consent = Consent::begin(&request, &SystemRandom, "2026-11-22T09:00:00Z".parse()?)?;
//!
//! // Keep `consent` in the session of the person and send the browser to its URL. The callback hands its query to
//! // `Consent::finish`, and the connection that comes back goes into `TokenVault::save_connection`.
//! assert!(consent.url().starts_with("https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`app`] | the app registration, and what else a token call needs |
//! | [`certificate`] | certificates from PEM or PKCS#12, and what they sign |
//! | [`consent`] | sign-in by authorization code with PKCE, state and nonce; by device code; by a refresh token |
//! | [`connection`] | what a finished sign-in leaves behind |
//! | [`key`], [`vault`] | the embedder's keys; connections, secrets and certificates sealed with them |
//! | [`partner`], [`app_only`] | the two token sources |
//! | [`aadsts`] | what the sign-in service's error numbers mean, and who must act |
//! | [`error`] | what can go wrong while connecting |
//!
//! This crate opens no database (see `msp365-store`) and no socket (see `msp365-client`). It does not check the
//! signature of access tokens: only the service they are issued for can.

pub mod aadsts;
pub mod app;
pub mod app_only;
mod authority;
mod cached;
pub mod certificate;
pub mod connection;
pub mod consent;
pub mod error;
mod id_token;
pub mod key;
mod oauth;
pub mod partner;
mod peek;
mod random;
mod sealed;
#[cfg(test)]
mod testing;
pub mod vault;
mod wording;

pub use app::{App, Credential, Exchange};
pub use app_only::AppTokens;
pub use certificate::Certificate;
pub use connection::{Connection, Mfa};
pub use consent::{Consent, ConsentRequest, DeviceSignIn, Prompt};
pub use error::{CallbackFlaw, CertificateFlaw, Error, IdTokenFlaw};
pub use key::{KeyRing, StaticKeyRing, VaultKey};
pub use partner::PartnerTokens;
pub use random::SystemRandom;
pub use vault::TokenVault;
