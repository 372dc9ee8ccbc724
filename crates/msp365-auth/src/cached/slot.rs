//! What is known of one tenant and audience.

use std::sync::Mutex;

use jiff::Timestamp;
use msp365_core::{AccessToken, Freshness, TokenRequest};

use super::{Minted, lock};
use crate::oauth::Refusal;

/// One tenant and audience.
#[derive(Default)]
pub(super) struct Slot {
    /// Whoever holds this asks the service; everyone else waits for the answer.
    pub(super) flight: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    used_at: Timestamp,
    held: Option<Minted>,
    /// Counts the tokens of this slot.
    issue: u64,
    /// The claims that the last token answers.
    claims: Option<String>,
    refused: Option<Refused>,
}

struct Refused {
    sign_in: String,
    claims: Option<String>,
    refusal: Refusal,
    until: Timestamp,
}

/// What a first look at a slot finds.
pub(super) enum Look {
    /// This token will do.
    Serve(AccessToken),
    /// A new one is due. `spare` is the old one, if it is still valid.
    Mint { seen: u64, spare: Option<AccessToken> },
}

impl Slot {
    pub(super) fn touch(&self, now: Timestamp) {
        lock(&self.state).used_at = now;
    }

    pub(super) fn used_at(&self) -> Timestamp {
        lock(&self.state).used_at
    }

    pub(super) fn is_in_flight(&self) -> bool {
        self.flight.try_lock().is_err()
    }

    pub(super) fn look(&self, wanted: &TokenRequest, now: Timestamp) -> Look {
        let state = lock(&self.state);
        let seen = state.issue;
        if is_fresh(wanted) {
            return Look::Mint { seen, spare: None };
        }
        match &state.held {
            Some(held) if held.is_young(now) => Look::Serve(held.token.clone()),
            _ => Look::Mint {
                seen,
                spare: state.valid(now),
            },
        }
    }

    /// The token that another flight brought while this caller waited for the slot.
    pub(super) fn landed(&self, wanted: &TokenRequest, seen: u64, now: Timestamp) -> Option<AccessToken> {
        let state = lock(&self.state);
        let is_newer = state.issue != seen;
        let answers = wanted.claims.is_none() || wanted.claims == state.claims;
        let is_due = state.held.as_ref().is_none_or(|held| !held.is_young(now));
        if is_newer && answers && !is_due {
            return state.valid(now);
        }
        None
    }

    /// The held token, if it is still valid.
    pub(super) fn spare(&self, now: Timestamp) -> Option<AccessToken> {
        lock(&self.state).valid(now)
    }

    /// The held token, whether or not it is valid.
    pub(super) fn held(&self) -> Option<AccessToken> {
        lock(&self.state).held.as_ref().map(|held| held.token.clone())
    }

    /// Drops the held token, which was refused.
    pub(super) fn discard(&self) -> Option<AccessToken> {
        lock(&self.state).held = None;
        None
    }

    pub(super) fn keep(&self, minted: Minted, claims: Option<String>) -> AccessToken {
        let mut state = lock(&self.state);
        let token = minted.token.clone();
        state.issue += 1;
        state.held = Some(minted);
        state.claims = claims;
        state.refused = None;
        token
    }

    /// Postpones the next early renewal.
    pub(super) fn postpone(&self, until: Timestamp) {
        if let Some(held) = &mut lock(&self.state).held {
            held.renew_at = until.min(held.token.expires_at);
        }
    }

    /// The recent refusal of the same request, while it stands.
    pub(super) fn refusal(&self, wanted: &TokenRequest, sign_in: &str, now: Timestamp) -> Option<Refusal> {
        lock(&self.state)
            .refused
            .as_ref()
            .filter(|refused| {
                refused.sign_in == sign_in && refused.claims == wanted.claims && now < refused.until
            })
            .map(|refused| refused.refusal.clone())
    }

    pub(super) fn remember(
        &self,
        wanted: &TokenRequest,
        sign_in: String,
        refusal: Refusal,
        until: Timestamp,
    ) {
        lock(&self.state).refused = Some(Refused {
            sign_in,
            claims: wanted.claims.clone(),
            refusal,
            until,
        });
    }
}

impl Minted {
    /// Whether it need not be renewed yet.
    fn is_young(&self, now: Timestamp) -> bool {
        self.is_possible(now) && now < self.renew_at
    }

    /// Whether it was requested before now. If not, the clock was put back, and nobody knows how old the token is.
    fn is_possible(&self, now: Timestamp) -> bool {
        self.asked_at <= now
    }
}

impl State {
    fn valid(&self, now: Timestamp) -> Option<AccessToken> {
        self.held
            .as_ref()
            .filter(|held| held.is_possible(now) && now < held.token.expires_at)
            .map(|held| held.token.clone())
    }
}

/// Whether a cached token must not be used.
fn is_fresh(wanted: &TokenRequest) -> bool {
    wanted.freshness == Freshness::Fresh || wanted.claims.is_some()
}
