//! The result of a finished sign-in.

use jiff::Timestamp;
use msp365_core::TenantId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// One person's sign-in to one tenant, with the refresh token that it gave. It is stored by
/// [`TokenVault::save_connection`](crate::TokenVault::save_connection).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Connection {
    /// The sign-in service the person signed in to.
    pub authority: String,
    /// The tenant that was entered and confirmed by the id token.
    pub tenant: TenantId,
    /// The app that asked.
    pub client_id: String,
    /// The object id of the person, which stays the same when the name changes.
    pub account_id: String,
    /// The person's sign-in name, only for display.
    pub account_name: String,
    /// The permissions that were granted, perhaps fewer than were asked for.
    pub scopes: Vec<String>,
    /// Whether the person proved a second factor.
    pub mfa: Mfa,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// Gives access tokens in every tenant that the person can reach.
    pub refresh_token: SecretString,
}

impl Connection {
    /// Which of these permissions, given by their full names, the sign-in did not grant: what needs them cannot work.
    /// Nothing is known of services other than the one the token was for, so their permissions are never returned.
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

/// Whether a sign-in proved a second factor. If it did not, Partner Center refuses its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mfa {
    /// The token says so.
    Proven,
    /// The token lists the factors used, and a second one is not among them.
    NotProven,
    /// The token cannot be read.
    Unknown,
}
