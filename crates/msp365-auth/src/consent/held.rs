//! A refresh token that the embedder already has.

use msp365_core::TenantId;
use secrecy::SecretString;

use super::{OPENID_SCOPES, connected, unredeemed};
use crate::{
    Connection, Error, Exchange,
    oauth::{self, ATTEMPTS, Want},
};

impl Connection {
    /// The connection for a refresh token that another program got for the same app. The token is redeemed once in the
    /// tenant, and the id token in the reply tells who signed in. Nothing is stored.
    ///
    /// # Errors
    /// `SignIn` if the service does not accept the token; `Denied` if the id token is not as it should be, or is of
    /// another tenant; `Invalid` if the authority is not reached by `https:`; otherwise the kind of what kept the
    /// service from answering.
    pub async fn from_refresh_token(
        token: SecretString,
        tenant: TenantId,
        exchange: &Exchange,
    ) -> Result<Self, Error> {
        let scopes = OPENID_SCOPES.join(" ");
        let graph = exchange.endpoints.default_scope(msp365_core::Audience::Graph);
        let want = Want {
            tenant,
            scope: format!("{graph} {scopes}"),
            claims: None,
            attempts: ATTEMPTS,
        };
        let mut granted = oauth::redeem_refresh_token(exchange, &token, &want)
            .await
            .map_err(|refusal| unredeemed(tenant, refusal))?;
        // If the service gives no new one, the old one stays in use.
        granted.refresh.get_or_insert(token);
        connected(exchange, tenant, None, (granted, vec![graph])).await
    }
}
