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

impl Connection {
    /// Those of these permissions, by their full names, that the sign-in did not give: what needs them cannot work. Of
    /// another service than the token was for, nothing is known, and nothing is named.
    pub fn not_granted<'s>(&self, asked: &[&'s str]) -> Vec<&'s str> {
        let resource = |scope: &str| {
            scope
                .rsplit_once('/')
                .map(|(resource, _)| resource.to_ascii_lowercase())
        };
        let is_told = |scope: &str| {
            let wanted = resource(scope);
            wanted.is_some() && self.scopes.iter().any(|granted| resource(granted) == wanted)
        };
        let is_granted = |scope: &str| {
            self.scopes
                .iter()
                .any(|granted| granted.eq_ignore_ascii_case(scope))
        };
        asked
            .iter()
            .copied()
            .filter(|scope| is_told(scope) && !is_granted(scope))
            .collect()
    }
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
