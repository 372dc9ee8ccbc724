//! Tokens in the name of the partner's service account, for the partner and every customer.

mod turn;

use std::time::Duration;

use async_trait::async_trait;
use msp365_core::{AccessToken, Audience, ErrorKind, TenantId, TokenError, TokenRequest, TokenSource};
use secrecy::ExposeSecret;

use crate::{
    Exchange, SystemRandom, TokenVault,
    aadsts::Reach,
    cached::{Cache, Mint, Minted, Order},
    oauth::{self, Granted, Refusal, Want},
    peek::Peek,
    vault::{Lane, Redemption, Slot, Stored},
};
use turn::{Turn, Wish, Workers};

/// How often a refused request is repeated because another worker has stored a newer refresh token.
const READINGS: u32 = 3;
/// The refusal of a refresh token that is not, or no longer, accepted.
const SPENT: &str = "AADSTS70000";
/// How long another worker may take to store the successor of a refresh token that it has used up.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// Exchanges the partner's stored sign-in for a token in any tenant, once per tenant and audience.
///
/// Programs that share a vault also share tokens: one asks, and the others wait for its answer. If the service accepts
/// a refresh token only once, which its first refusal shows, the programs redeem it one after another.
///
/// If a call is dropped between the service's reply and storing it in the vault, the new refresh token is lost; the
/// service still accepts the stored one.
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
    workers: Workers,
    /// What is known of the service from the start.
    redemption: Redemption,
}

impl PartnerTokens {
    /// Tokens from the sign-in that the vault holds for this partner and the app of the exchange.
    pub fn new(exchange: Exchange, partner: TenantId, vault: TokenVault) -> Self {
        let slot = Slot::new(&exchange.endpoints.authority, partner, exchange.app.client_id());
        Self {
            source: Source {
                workers: Workers::new(vault.clone(), &SystemRandom),
                exchange,
                slot,
                vault,
                redemption: Redemption::Unknown,
            },
            cache: Cache::new(),
        }
    }

    /// Declares from the start that the service accepts a refresh token only once, so that no second redemption has to
    /// show it: tenants are asked for one after another. Microsoft accepts refresh tokens many times.
    #[must_use]
    pub fn single_use(mut self) -> Self {
        self.source.redemption = Redemption::Once;
        self
    }
}

#[async_trait]
impl TokenSource for PartnerTokens {
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
    type Basis = Stored;

    async fn basis(&self) -> Result<(Stored, String), Refusal> {
        let stored = self.stored().await?;
        let sign_in = stored.sign_in.clone();
        Ok((stored, sign_in))
    }

    async fn mint(&self, basis: Stored, order: Order<'_>) -> Result<Minted, Refusal> {
        let sign_in = basis.sign_in.clone();
        let wish = Wish {
            sign_in: &sign_in,
            wanted: order.wanted,
            replaced: order.replaced,
        };
        let lane = Lane::of_key(&self.slot, order.wanted.tenant, order.wanted.audience);
        let ticket = match self.workers.turn(&self.exchange, lane, wish).await? {
            Turn::Theirs(minted) => return Ok(minted),
            Turn::Ours(ticket) => ticket,
        };
        let result = self.ask(basis, order).await;
        self.workers.land(ticket, wish, result.as_ref().ok()).await;
        result
    }

    async fn forget(&self, tenant: TenantId) {
        for audience in [Audience::Graph, Audience::PartnerCenter] {
            // If this fails, the token stays; the service will refuse it, and it is then replaced.
            let _ = self
                .vault
                .drop_flight(&Lane::of_key(&self.slot, tenant, audience))
                .await;
        }
    }
}

impl Source {
    /// Asks the service with the newest refresh token there is.
    async fn ask(&self, basis: Stored, order: Order<'_>) -> Result<Minted, Refusal> {
        let mut stored = basis;
        let mut reading = 1;
        loop {
            let result = match (stored.redemption, self.redemption) {
                (Redemption::Unknown, Redemption::Unknown) => self.redeem(&stored, order).await,
                _ => self.redeem_in_turn(&stored, order).await,
            };
            match result {
                Err(refusal) if refusal.reach == Reach::Credential => {
                    match self.newer(&stored, &refusal).await? {
                        None => return Err(refusal),
                        Some(_) if reading == READINGS => return Err(overtaken()),
                        Some(newer) => stored = newer,
                    }
                    if &*refusal.code == SPENT {
                        stored.redemption = Redemption::Once;
                    }
                    reading += 1;
                }
                result => return result,
            }
        }
    }

    /// Redeems a single-use refresh token while no other worker does.
    async fn redeem_in_turn(&self, stored: &Stored, order: Order<'_>) -> Result<Minted, Refusal> {
        let wish = Wish {
            sign_in: &stored.sign_in,
            wanted: order.wanted,
            replaced: None,
        };
        let lane = Lane::of_sign_in(&self.slot);
        // Held across the exchange on purpose: the refresh token works once, whatever it is redeemed for.
        let _alone = self.workers.alone.lock().await;
        let Turn::Ours(ticket) = self.workers.turn(&self.exchange, lane, wish).await? else {
            return Err(overtaken());
        };
        let result = match self.stored().await {
            Ok(mut now) => {
                now.redemption = Redemption::Once;
                self.redeem(&now, order).await
            }
            Err(refusal) => Err(refusal),
        };
        self.workers.land(ticket, wish, None).await;
        result
    }

    async fn stored(&self) -> Result<Stored, Refusal> {
        self.vault.load(&self.slot).await?.ok_or_else(not_connected)
    }

    /// The sign-in now in the vault, if it differs from the one that was refused.
    async fn newer(&self, refused: &Stored, refusal: &Refusal) -> Result<Option<Stored>, Refusal> {
        let is_other = |now: &Stored| now.version != refused.version || now.sign_in != refused.sign_in;
        let mut now = self.stored().await?;
        if !is_other(&now) && &*refusal.code == SPENT {
            self.exchange.clock.sleep(SECOND_LOOK).await;
            now = self.stored().await?;
        }
        Ok(Some(now).filter(is_other))
    }

    async fn redeem(&self, stored: &Stored, order: Order<'_>) -> Result<Minted, Refusal> {
        let wanted = order.wanted;
        let asked_at = self.exchange.clock.now();
        let want = Want {
            tenant: wanted.tenant,
            scope: self.exchange.endpoints.default_scope(wanted.audience),
            claims: wanted.claims.as_deref(),
            attempts: order.attempts,
        };
        let granted =
            oauth::redeem_refresh_token(&self.exchange, &stored.connection.refresh_token, &want).await?;
        check(&granted, wanted, &self.exchange)?;
        let minted = Minted::new(&granted, wanted, asked_at);
        self.store_next(stored, granted).await?;
        Ok(minted)
    }

    /// Stores a rotated refresh token before the access token is used: after a crash in between, the service may accept
    /// only the new one.
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

/// A token that says it belongs elsewhere is neither used nor kept.
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

/// It says nothing about the sign-in itself, so nothing else stops because of it.
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
