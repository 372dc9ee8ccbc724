//! What a finished sign-in leaves behind.

use jiff::Timestamp;
use msp365_core::TenantId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// A sign-in of one person to one tenant, with the refresh token it gave. It is kept by
/// [`TokenVault::save_connection`](crate::TokenVault::save_connection).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Connection {
    /// The sign-in service the person signed in to.
    pub authority: String,
    /// The tenant that was entered, and whose token came back.
    pub tenant: TenantId,
    /// The app that asked.
    pub client_id: String,
    /// The object id of the person, which stays when the name changes.
    pub account_id: String,
    /// The sign-in name of the person, for people to read only.
    pub account_name: String,
    /// The permissions that were granted, which may be fewer than asked for.
    pub scopes: Vec<String>,
    /// Whether the person proved a second factor.
    pub mfa: Mfa,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// Gives access tokens in every tenant that the person reaches.
    pub refresh_token: SecretString,
}

/// Whether a sign-in proved a second factor. Partner Center refuses tokens of one that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mfa {
    /// The token says so.
    Proven,
    /// The token lists the proofs, and a second factor is not among them.
    NotProven,
    /// The token cannot be read.
    Unknown,
}
