//! A refresh token that the embedder has already.

use msp365_core::TenantId;
use secrecy::SecretString;

use super::{OPENID_SCOPES, connected, unredeemed};
use crate::{
    Connection, Error, Exchange,
    oauth::{self, ATTEMPTS, Want},
};

impl Connection {
    /// The connection that a refresh token stands for, which another program got for the same app: it is redeemed once
    /// in the tenant, and who signed in is read from the id token that comes with the answer. Nothing is stored.
    ///
    /// # Errors
    /// `SignIn` if the service does not take the token; `Denied` if the id token is not what it should be, or of another
    /// tenant; `Invalid` if the authority is not reached by `https:`; else the kind of what kept the service from
    /// answering.
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
        // A service that gives no new one goes on with the old one.
        granted.refresh.get_or_insert(token);
        connected(exchange, tenant, None, (granted, vec![graph])).await
    }
}
