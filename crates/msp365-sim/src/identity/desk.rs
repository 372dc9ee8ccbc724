//! What the sign-in service remembers: sign-ins under way, codes and refresh tokens.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use msp365_core::{Random, SeededRandom, TenantId};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// How long a code or a sign-in page is good for.
const SHORT: SignedDuration = SignedDuration::from_mins(10);

/// How long a refresh token lives without being used.
const IDLE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The memory of the sign-in service.
#[derive(Debug)]
pub(crate) struct Desk {
    random: SeededRandom,
    pub(crate) flows: BTreeMap<String, Flow>,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) refresh_tokens: BTreeMap<String, RefreshToken>,
}

/// What an app asked for at the authorize page.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) prompt: Option<String>,
}

/// A PKCE challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// The verifier's SHA-256, in base64url.
    S256(String),
    /// The verifier itself.
    Plain(String),
}

/// A sign-in that a person is walking through.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) tenant: TenantId,
    pub(crate) client_id: String,
    pub(crate) wanted: Wanted,
    pub(crate) account: Option<String>,
    pub(crate) second_factor: bool,
    pub(crate) began: Timestamp,
}

/// A code that waits to be redeemed, or was.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) flow: Flow,
    pub(crate) oid: String,
    pub(crate) issued: Timestamp,
    pub(crate) redeemed: bool,
}

/// Bound to an account and an app, good for any tenant and resource.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    pub(crate) home: TenantId,
    pub(crate) oid: String,
    pub(crate) client_id: String,
    pub(crate) used: Timestamp,
    pub(crate) revoked: bool,
}

impl Desk {
    /// A desk whose opaque values follow from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: SeededRandom::for_purpose(seed, "sign-in"),
            flows: BTreeMap::new(),
            codes: BTreeMap::new(),
            refresh_tokens: BTreeMap::new(),
        }
    }

    /// A new opaque value with a prefix.
    pub(crate) fn opaque(&self, prefix: &str) -> String {
        let mut bytes = [0; 48];
        self.random.fill(&mut bytes);
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A random id.
    pub(crate) fn id(&self) -> String {
        msp365_core::random::uuid(&self.random).to_string()
    }

    /// Seconds an access token lives: between an hour and an hour and a half.
    pub(crate) fn lifetime(&self) -> i64 {
        let extra = msp365_core::random::below(&self.random, 1_800);
        3_600 + i64::try_from(extra).unwrap_or_default()
    }

    /// Keeps a new refresh token and answers it.
    pub(crate) fn refresh_token(
        &mut self,
        home: TenantId,
        oid: &str,
        client_id: &str,
        now: Timestamp,
    ) -> String {
        let token = self.opaque("1.AX");
        let kept = RefreshToken {
            home,
            oid: oid.to_owned(),
            client_id: client_id.to_owned(),
            used: now,
            revoked: false,
        };
        self.refresh_tokens.insert(token.clone(), kept);
        token
    }

    /// Ends all refresh tokens of an account.
    pub(crate) fn revoke(&mut self, oid: &str) {
        for token in self.refresh_tokens.values_mut().filter(|token| token.oid == oid) {
            token.revoked = true;
        }
    }

    /// Forgets sign-ins that nobody finished.
    pub(crate) fn tidy(&mut self, now: Timestamp) {
        self.flows.retain(|_, flow| flow.is_fresh(now));
    }
}

impl Flow {
    /// Whether the person may still go on.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.began + SHORT
    }
}

impl Code {
    /// Whether it is too old.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.issued + SHORT
    }
}

impl RefreshToken {
    /// Whether it was left unused for too long.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        now >= self.used + IDLE
    }
}
