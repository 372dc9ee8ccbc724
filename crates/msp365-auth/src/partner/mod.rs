//! Tokens in the name of the partner's service account, for the partner and every customer.

use std::time::Duration;

use async_trait::async_trait;
use msp365_core::{AccessToken, ErrorKind, TenantId, TokenError, TokenRequest, TokenSource};
use secrecy::ExposeSecret;

use crate::{
    Exchange, TokenVault,
    aadsts::Reach,
    cached::{Cache, Mint, Minted},
    oauth::{self, Granted, Refusal, Want},
    peek::Peek,
    vault::{Slot, Stored},
};

/// How often a refusal is asked about again because another worker stored a newer refresh token meanwhile.
const READINGS: u32 = 3;
/// The refusal of a refresh token that is not, or no longer, accepted.
const SPENT: &str = "AADSTS70000";
/// How long another worker may take to store the successor of a refresh token that it has spent.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Exchanges the stored sign-in of the partner for a token in any tenant, once per tenant and audience.
///
/// A call that is dropped between the service's answer and the vault's loses the new refresh token; the service goes
/// on accepting the stored one.
#[derive(Debug)]
pub struct PartnerTokens {
    source: Source,
    cache: Cache,
}

#[derive(Debug)]
struct Source {
    exchange: Exchange,
    slot: Slot,
    vault: TokenVault,
}

impl PartnerTokens {
    /// Tokens by the sign-in that the vault holds for this partner and the app of the exchange.
    pub fn new(exchange: Exchange, partner: TenantId, vault: TokenVault) -> Self {
        let slot = Slot::new(&exchange.endpoints.authority, partner, exchange.app.client_id());
        Self {
            source: Source {
                exchange,
                slot,
                vault,
            },
            cache: Cache::new(),
        }
    }

    /// Drops the cached tokens of a tenant. A new consent is not in them.
    pub fn forget_tenant(&self, tenant: TenantId) {
        self.cache.forget_tenant(tenant);
    }
}

#[async_trait]
impl TokenSource for PartnerTokens {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        let clock = &*self.source.exchange.clock;
        self.cache.token(&self.source, clock, wanted).await
    }

    async fn forget(&self, tenant: TenantId) {
        self.forget_tenant(tenant);
    }
}

#[async_trait]
impl Mint for Source {
    type Basis = Stored;

    async fn basis(&self) -> Result<(Stored, String), Refusal> {
        let stored = self.stored().await?;
        let sign_in = stored.sign_in.clone();
        Ok((stored, sign_in))
    }

    async fn mint(&self, basis: Stored, wanted: &TokenRequest, attempts: u32) -> Result<Minted, Refusal> {
        let mut stored = basis;
        let mut reading = 1;
        loop {
            match self.redeem(&stored, wanted, attempts).await {
                Err(refusal) if refusal.reach == Reach::Credential => {
                    match self.newer(&stored, &refusal).await? {
                        None => return Err(refusal),
                        Some(_) if reading == READINGS => return Err(overtaken()),
                        Some(newer) => stored = newer,
                    }
                    reading += 1;
                }
                result => return result,
            }
        }
    }
}

impl Source {
    async fn stored(&self) -> Result<Stored, Refusal> {
        self.vault.load(&self.slot).await?.ok_or_else(not_connected)
    }

    /// The sign-in as it stands in the vault now, if it is another than the one that was refused.
    async fn newer(&self, refused: &Stored, refusal: &Refusal) -> Result<Option<Stored>, Refusal> {
        let is_other = |now: &Stored| now.version != refused.version || now.sign_in != refused.sign_in;
        let mut now = self.stored().await?;
        if !is_other(&now) && &*refusal.code == SPENT {
            self.exchange.clock.sleep(SECOND_LOOK).await;
            now = self.stored().await?;
        }
        Ok(Some(now).filter(is_other))
    }

    async fn redeem(&self, stored: &Stored, wanted: &TokenRequest, attempts: u32) -> Result<Minted, Refusal> {
        let asked_at = self.exchange.clock.now();
        let want = Want {
            tenant: wanted.tenant,
            scope: self.exchange.endpoints.default_scope(wanted.audience),
            claims: wanted.claims.as_deref(),
            attempts,
        };
        let granted =
            oauth::redeem_refresh_token(&self.exchange, &stored.connection.refresh_token, &want).await?;
        check(&granted, wanted, &self.exchange)?;
        let minted = Minted::new(&granted, wanted, asked_at);
        self.store_next(stored, granted).await?;
        Ok(minted)
    }

    /// Stores a rotated refresh token before the access token is used: after a crash in between, the service may
    /// accept the new one only.
    async fn store_next(&self, stored: &Stored, granted: Granted) -> Result<(), Refusal> {
        let present = stored.connection.refresh_token.expose_secret();
        let Some(next) = granted.refresh.filter(|next| next.expose_secret() != present) else {
            return Ok(());
        };
        match self.vault.rotate(&self.slot, stored, next).await {
            Err(error) if error.kind() == ErrorKind::Conflict => {
                // Another worker was first, and its token is as good; unless the tenant was disconnected.
                self.stored().await.map(drop)
            }
            result => result.map_err(Refusal::from),
        }
    }
}

/// A token that says of itself that it belongs elsewhere is neither used nor kept.
pub(crate) fn check(granted: &Granted, wanted: &TokenRequest, exchange: &Exchange) -> Result<(), Refusal> {
    let Some(peek) = Peek::into_token(&granted.access) else {
        return Ok(());
    };
    if !peek.fits_tenant(wanted.tenant) {
        return Err(foreign("the sign-in service gave a token of another tenant"));
    }
    if !peek.fits_audience(wanted.audience, &exchange.endpoints) {
        return Err(foreign("the sign-in service gave a token for another service"));
    }
    Ok(())
}

fn foreign(message: &'static str) -> Refusal {
    Refusal::new(ErrorKind::Decode, "foreign_token", message)
        .remedy("stop and find out why; the token was not used")
}

/// It says nothing of the sign-in itself, so nothing else stops for it.
fn overtaken() -> Refusal {
    Refusal::new(
        ErrorKind::Unavailable,
        "overtaken",
        "other workers renewed the sign-in again and again at the same time",
    )
    .remedy("try again later")
}

fn not_connected() -> Refusal {
    Refusal::new(
        ErrorKind::SignIn,
        "not_connected",
        "the partner tenant is not connected",
    )
    .remedy("connect the partner tenant with the service account")
}

#[cfg(test)]
mod tests;
