//! What an access token says.

use jiff::Timestamp;
use msp365_core::TenantId;

/// The claims of an access token that the APIs look at.
#[derive(Debug, Clone)]
pub(crate) struct Claims {
    /// The tenant it was issued in.
    pub(crate) tid: TenantId,
    /// The resource it is made out to.
    pub(crate) aud: String,
    /// The calling app.
    pub(crate) appid: String,
    /// The signed-in account; of an app-only token, the service principal.
    pub(crate) oid: Option<String>,
    /// Delegated permissions.
    pub(crate) scp: Vec<String>,
    /// App roles.
    pub(crate) roles: Vec<String>,
    /// How the account proved itself, such as `pwd` and `mfa`.
    pub(crate) amr: Vec<String>,
    pub(crate) app_only: bool,
    pub(crate) exp: Timestamp,
}
