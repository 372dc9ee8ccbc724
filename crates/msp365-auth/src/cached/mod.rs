//! Token cache: one flight per tenant and audience, early renewal, and remembered refusals.

mod slot;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use msp365_core::{AccessToken, Audience, Clock, ErrorKind, Freshness, TenantId, TokenError, TokenRequest};

use self::slot::{Look, Slot};
use crate::{
    aadsts::Reach,
    oauth::{self, Granted, Refusal},
};

/// Most slots kept; beyond that, the least recently used one goes.
const SLOTS: usize = 20_000;
/// How long before its end a token is renewed; a tenth of its life if that is longer.
const MARGIN: Duration = Duration::from_mins(5);
/// How long a change at the service, such as a new consent or certificate, may take to be known everywhere.
const SPREADING: Duration = Duration::from_mins(15);
/// How long a refusal stands while a change spreads: at least, and at most.
const WHILE_SPREADING: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(1));
/// The refusal of a certificate that the service does not know, or not yet.
const UNKNOWN_CERTIFICATE: &str = "AADSTS700027";
/// How long after a failed early renewal the next one waits.
const RENEW_AGAIN: Duration = Duration::from_mins(1);

/// Gets a token from the service, whatever is cached.
#[async_trait]
pub(crate) trait Mint: Send + Sync {
    /// What tokens are made from.
    type Basis: Send;

    /// Reads what tokens are made from, and a name for it that changes when a person signs in anew.
    async fn basis(&self) -> Result<(Self::Basis, String), Refusal>;

    /// Makes one token.
    async fn mint(&self, basis: Self::Basis, order: Order<'_>) -> Result<Minted, Refusal>;

    /// Forgets what other workers may have stored about a tenant.
    async fn forget(&self, _tenant: TenantId) {}
}

/// A token to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) wanted: &'a TokenRequest,
    /// The token that it replaces.
    pub(crate) replaced: Option<&'a AccessToken>,
    /// Most requests to the service.
    pub(crate) attempts: u32,
}

/// A new token, and when it should be renewed.
#[derive(Debug, Clone)]
pub(crate) struct Minted {
    pub(crate) token: AccessToken,
    pub(crate) asked_at: Timestamp,
    pub(crate) renew_at: Timestamp,
}

impl Minted {
    /// The token of a reply to a request made at this time.
    pub(crate) fn new(granted: &Granted, wanted: &TokenRequest, asked_at: Timestamp) -> Self {
        let ends = later(asked_at, granted.life);
        let margin = MARGIN.max(granted.life / 10).min(granted.life / 2);
        // Tokens issued together are renewed at different times: each tenant has its own place within a tenth of the
        // margin.
        let place = u32::from(
            wanted
                .tenant
                .as_uuid()
                .as_bytes()
                .iter()
                .fold(0_u8, |sum, byte| sum ^ byte),
        );
        let ahead = granted.life.saturating_sub(margin + margin / 10 * place / 255);
        let renew_at = later(asked_at, granted.refresh_in.map_or(ahead, |hint| hint.min(ahead)));
        Self {
            token: AccessToken::new(granted.access.clone(), ends, wanted.tenant, wanted.audience),
            asked_at,
            renew_at,
        }
    }
}

/// The tokens of one source.
pub(crate) struct Cache {
    slots: Mutex<HashMap<(TenantId, Audience), Arc<Slot>>>,
    /// The refusal that stops all tenants.
    dead: Mutex<Option<Dead>>,
    /// When the tokens of a tenant were dropped because something changed there.
    changed: Mutex<HashMap<TenantId, Timestamp>>,
    /// When the certificate was first refused.
    unknown_since: Mutex<Option<Timestamp>>,
}

struct Dead {
    sign_in: String,
    refusal: Refusal,
    until: Timestamp,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            slots: Mutex::default(),
            dead: Mutex::default(),
            changed: Mutex::default(),
            unknown_since: Mutex::default(),
        }
    }

    /// A token for this request, from the cache or from the service.
    ///
    /// # Errors
    /// Why there is none; a refusal is repeated for as long as it stands.
    pub(crate) async fn token<M: Mint>(
        &self,
        mint: &M,
        clock: &dyn Clock,
        wanted: &TokenRequest,
    ) -> Result<AccessToken, TokenError> {
        let slot = self.slot(wanted, clock.now());
        let seen = match slot.look(wanted, clock.now()) {
            Look::Serve(token) => return Ok(token),
            Look::Mint { seen, spare } => {
                if let (Some(token), true) = (spare, slot.is_in_flight()) {
                    return Ok(token);
                }
                seen
            }
        };
        // Held across the exchange on purpose: this is the one flight per tenant and audience.
        let flight = slot.flight.lock().await;
        if let Some(token) = slot.landed(wanted, seen, clock.now()) {
            return Ok(token);
        }
        let result = self.fly(mint, clock, wanted, &slot).await;
        drop(flight);
        result.map_err(|refusal| refusal.into_error(wanted.tenant))
    }

    /// Drops a tenant's tokens and refusals.
    pub(crate) async fn forget<M: Mint>(&self, mint: &M, clock: &dyn Clock, tenant: TenantId) {
        self.note_change(tenant, clock.now());
        // A flight under way keeps its own slot and fills that, so an older token does not come back.
        lock(&self.slots).retain(|(of, _), _| *of != tenant);
        mint.forget(tenant).await;
    }

    async fn fly<M: Mint>(
        &self,
        mint: &M,
        clock: &dyn Clock,
        wanted: &TokenRequest,
        slot: &Slot,
    ) -> Result<AccessToken, Refusal> {
        let replaced = slot.held();
        let spare = match wanted.freshness {
            Freshness::Any if wanted.claims.is_none() => slot.spare(clock.now()),
            _ => slot.discard(),
        };
        let attempts = if spare.is_some() { 1 } else { oauth::ATTEMPTS };
        let order = Order {
            wanted,
            replaced: replaced.as_ref(),
            attempts,
        };
        match self.ask(mint, clock, order, slot).await {
            Ok(minted) => Ok(slot.keep(minted, wanted.claims.clone())),
            Err(refusal) => match spare.filter(|token| token.expires_at > clock.now()) {
                Some(token) => {
                    slot.postpone(later(clock.now(), refusal.stands.max(RENEW_AGAIN)));
                    Ok(token)
                }
                None => Err(refusal),
            },
        }
    }

    /// Asks the service, unless it has just refused the same request.
    async fn ask<M: Mint>(
        &self,
        mint: &M,
        clock: &dyn Clock,
        order: Order<'_>,
        slot: &Slot,
    ) -> Result<Minted, Refusal> {
        let wanted = order.wanted;
        let (basis, sign_in) = mint.basis().await?;
        if let Some(refusal) = self
            .dead(&sign_in, clock.now())
            .or_else(|| slot.refusal(wanted, &sign_in, clock.now()))
        {
            return Err(refusal);
        }
        let result = mint.mint(basis, order).await;
        if let Err(refusal) = &result {
            let until = match refusal.reach {
                Reach::Credential => Timestamp::MAX,
                Reach::Tenant | Reach::App => {
                    later(clock.now(), self.stands(refusal, wanted.tenant, clock.now()))
                }
            };
            if refusal.reach == Reach::Tenant {
                slot.remember(wanted, sign_in, refusal.clone(), until);
            } else {
                *lock(&self.dead) = Some(Dead {
                    sign_in,
                    refusal: refusal.clone(),
                    until,
                });
            }
        }
        result
    }

    fn note_change(&self, tenant: TenantId, now: Timestamp) {
        let mut changed = lock(&self.changed);
        changed.retain(|_, then| is_within(*then, now, SPREADING));
        changed.insert(tenant, now);
    }

    /// How long a refusal stands: only briefly if a change may not be known everywhere yet.
    fn stands(&self, refusal: &Refusal, tenant: TenantId, now: Timestamp) -> Duration {
        let since = if &*refusal.code == UNKNOWN_CERTIFICATE {
            Some(*lock(&self.unknown_since).get_or_insert(now))
        } else if refusal.kind == ErrorKind::Consent {
            lock(&self.changed).get(&tenant).copied()
        } else {
            None
        };
        let Some(since) = since.filter(|since| is_within(*since, now, SPREADING)) else {
            return refusal.stands;
        };
        let (shortest, longest) = WHILE_SPREADING;
        let gone = Duration::try_from(now.duration_since(since)).unwrap_or_default();
        gone.clamp(shortest, longest)
    }

    fn dead(&self, sign_in: &str, now: Timestamp) -> Option<Refusal> {
        lock(&self.dead)
            .as_ref()
            .filter(|dead| dead.sign_in == sign_in && now < dead.until)
            .map(|dead| dead.refusal.clone())
    }

    fn slot(&self, wanted: &TokenRequest, now: Timestamp) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        let key = (wanted.tenant, wanted.audience);
        if !slots.contains_key(&key) && slots.len() >= SLOTS {
            let idle = slots
                .iter()
                .filter(|(_, slot)| Arc::strong_count(slot) == 1)
                .min_by_key(|(_, slot)| slot.used_at())
                .map(|(key, _)| *key);
            if let Some(idle) = idle {
                slots.remove(&idle);
            }
        }
        let slot = slots.entry(key).or_default();
        slot.touch(now);
        Arc::clone(slot)
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("slots", &lock(&self.slots).len())
            .finish_non_exhaustive()
    }
}

fn is_within(then: Timestamp, now: Timestamp, span: Duration) -> bool {
    then <= now && now < later(then, span)
}

fn later(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span)
        .ok()
        .and_then(|span| now.checked_add(span).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Locks a value; no panic leaves it half-made.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
