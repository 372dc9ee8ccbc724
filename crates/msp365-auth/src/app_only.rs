//! Tokens of the app itself, for tenants that granted it application permissions.

use async_trait::async_trait;
use msp365_core::{AccessToken, TenantId, TokenError, TokenRequest, TokenSource};

use crate::{
    Exchange,
    aadsts::Reach,
    cached::{Cache, Mint, Minted, Order},
    oauth::{self, Refusal, Want},
    partner,
};

/// Asks with the app's client secret or certificate, once per tenant and audience. No person is involved.
#[derive(Debug)]
pub struct AppTokens {
    source: Source,
    cache: Cache,
}

#[derive(Debug)]
struct Source {
    exchange: Exchange,
}

impl AppTokens {
    /// Tokens of the app of this exchange.
    pub fn new(exchange: Exchange) -> Self {
        Self {
            source: Source { exchange },
            cache: Cache::new(),
        }
    }
}

#[async_trait]
impl TokenSource for AppTokens {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        let clock = &*self.source.exchange.clock;
        self.cache.token(&self.source, clock, wanted).await
    }

    async fn forget(&self, tenant: TenantId) {
        self.cache
            .forget(&self.source, &*self.source.exchange.clock, tenant)
            .await;
    }
}

#[async_trait]
impl Mint for Source {
    type Basis = ();

    async fn basis(&self) -> Result<((), String), Refusal> {
        Ok(((), String::new()))
    }

    async fn mint(&self, (): (), order: Order<'_>) -> Result<Minted, Refusal> {
        let wanted = order.wanted;
        let asked_at = self.exchange.clock.now();
        let want = Want {
            tenant: wanted.tenant,
            scope: self.exchange.endpoints.default_scope(wanted.audience),
            claims: wanted.claims.as_deref(),
            attempts: order.attempts,
        };
        let granted = oauth::client_credentials(&self.exchange, &want)
            .await
            .map_err(without_person)?;
        partner::check(&granted, wanted, &self.exchange)?;
        Ok(Minted::new(&granted, wanted, asked_at))
    }
}

/// No person's sign-in can have ended here: what the service says about one concerns this tenant only.
fn without_person(mut refusal: Refusal) -> Refusal {
    if refusal.reach == Reach::Credential {
        refusal.reach = Reach::Tenant;
    }
    refusal
}
