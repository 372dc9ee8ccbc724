//! One flight per key among all workers of a vault.

use std::time::Duration;

use jiff::SignedDuration;
use msp365_core::{AccessToken, Random, TokenRequest, random};

use crate::{
    Exchange, TokenVault,
    cached::Minted,
    oauth::Refusal,
    vault::{Flight, Holder, Lane, SKEW},
};

/// How long a worker may ask before it is taken to be gone.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How long to wait for another worker's answer: somewhat longer than that.
const PATIENCE: SignedDuration = SignedDuration::from_secs(45);
/// Shortest pause between two looks; up to as much again is added at random.
const PAUSE: Duration = Duration::from_millis(20);

/// Whose turn it is.
pub(super) enum Turn {
    /// It is this worker's turn to ask the service.
    Ours(Option<Ticket>),
    /// Another worker has asked, and this is the result.
    Theirs(Minted),
}

/// The right to record the result of a flight.
pub(super) struct Ticket {
    lane: Lane,
    version: u64,
}

/// What a token is wanted for, and the one it replaces.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    pub(super) sign_in: &'a str,
    pub(super) wanted: &'a TokenRequest,
    pub(super) replaced: Option<&'a AccessToken>,
}

/// One worker among others.
#[derive(Debug)]
pub(super) struct Workers {
    vault: TokenVault,
    name: String,
    /// Makes this worker's tasks take turns: the vault cannot tell them apart.
    pub(super) alone: tokio::sync::Mutex<()>,
}

impl Workers {
    pub(super) fn new(vault: TokenVault, random: &dyn Random) -> Self {
        Self {
            vault,
            name: random::uuid(random).to_string(),
            alone: tokio::sync::Mutex::default(),
        }
    }

    /// Waits for this worker's turn, or for what another one brings. If the vault cannot say whose turn it is, it is
    /// ours: the version of the stored sign-in still tells who was first.
    ///
    /// # Errors
    /// `Unavailable` if other workers took up all the time.
    pub(super) async fn turn(
        &self,
        exchange: &Exchange,
        lane: Lane,
        wish: Wish<'_>,
    ) -> Result<Turn, Refusal> {
        let began = exchange.clock.now();
        loop {
            let Ok((mut flight, version)) = self.vault.flight(&lane).await else {
                return Ok(Turn::Ours(None));
            };
            let now = exchange.clock.now();
            if let Some(minted) = flight.token(wish.sign_in, wish.wanted, wish.replaced, now) {
                return Ok(Turn::Theirs(minted));
            }
            if self.is_free(&flight, now) {
                let until = now.checked_add(LEASE).unwrap_or(now);
                let name = self.name.clone();
                flight.holder = Some(Holder { name, until });
                match self.vault.set_flight(&lane, &flight, version).await {
                    Ok(Some(version)) => return Ok(Turn::Ours(Some(Ticket { lane, version }))),
                    // Another worker was first.
                    Ok(None) => {}
                    Err(_) => return Ok(Turn::Ours(None)),
                }
            }
            if now.duration_since(began) > PATIENCE {
                return Err(super::overtaken());
            }
            let more = random::u64_from(&*exchange.random) % 20;
            exchange.clock.sleep(PAUSE + Duration::from_millis(more)).await;
        }
    }

    fn is_free(&self, flight: &Flight, now: jiff::Timestamp) -> bool {
        let is_theirs = |holder: &Holder| {
            let left = holder.until.duration_since(now);
            // A holder whose clock is far ahead of ours must not keep everyone else out; one a little ahead may.
            holder.name != self.name && left.is_positive() && left <= LEASE + SKEW
        };
        !flight.holder.as_ref().is_some_and(is_theirs)
    }

    /// Records the result of a flight; it does not matter if that fails.
    pub(super) async fn land(&self, ticket: Option<Ticket>, wish: Wish<'_>, minted: Option<&Minted>) {
        let Some(Ticket { lane, version }) = ticket else {
            return;
        };
        let flight = minted.map_or_else(Flight::default, |minted| {
            Flight::landed(wish.sign_in, minted, wish.wanted.claims.as_deref())
        });
        // If another worker has taken over the turn, it records the result instead.
        let _ = self.vault.set_flight(&lane, &flight, Some(version)).await;
    }
}
