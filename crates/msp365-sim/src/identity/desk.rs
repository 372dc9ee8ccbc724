//! What the sign-in service remembers: sign-ins under way, browsers, codes and refresh tokens.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use msp365_core::{Random, SeededRandom, TenantId};

use super::{client::Proof, device::Device, keys::KeyRing, policy::Watch};
use crate::canary::MARK;

/// How long a code or a sign-in page is good for.
const SHORT: SignedDuration = SignedDuration::from_mins(10);

/// How long a browser stays signed in.
const SESSION: SignedDuration = SignedDuration::from_hours(24);

/// How long refresh tokens of scripts in browsers live.
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How long a refresh token lives without being used.
const IDLE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The memory of the sign-in service.
#[derive(Debug)]
pub(crate) struct Desk {
    random: SeededRandom,
    pub(crate) flows: BTreeMap<String, Flow>,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) refresh_tokens: BTreeMap<String, RefreshToken>,
    /// Device code → sign-in on a device.
    pub(crate) devices: BTreeMap<String, Device>,
    /// Cookie → who is signed in to that browser.
    pub(crate) browsers: BTreeMap<String, Vec<Login>>,
    pub(crate) keys: KeyRing,
    pub(crate) watch: Watch,
}

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) home: TenantId,
    pub(crate) oid: String,
    pub(crate) second_factor: bool,
    pub(crate) at: Timestamp,
}

/// What an app asked for at the authorize page.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) scope: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) prompt: Option<String>,
    /// The `claims` parameter.
    pub(crate) claims: Option<String>,
}

/// How an answer goes back to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
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
    pub(crate) purpose: Purpose,
    /// The tenant to sign in to; none: that of the account.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) client_id: String,
    pub(crate) login: Option<Login>,
    pub(crate) began: Timestamp,
}

/// What a sign-in is for.
#[derive(Debug, Clone)]
pub(crate) enum Purpose {
    /// A code for an app.
    Code(Wanted),
    /// Consent of an administrator for the whole tenant.
    AdminConsent(Admin),
    /// A program on a device, by its device code.
    Device(String),
    /// A customer's answer to a partner, by the id of the relationship.
    Invitation(String),
}

/// What an app asked for at an admin consent page.
#[derive(Debug, Clone)]
pub(crate) struct Admin {
    pub(crate) redirect_uri: String,
    /// None at the older page, which grants all that is registered.
    pub(crate) scope: Option<String>,
    pub(crate) state: Option<String>,
}

/// A code that waits to be redeemed, or was.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) tenant: TenantId,
    pub(crate) wanted: Wanted,
    pub(crate) login: Login,
    pub(crate) issued: Timestamp,
    pub(crate) redeemed: bool,
}

/// Bound to an account and an app, good for any tenant and resource.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    pub(crate) login: Login,
    pub(crate) client_id: String,
    /// Whether it was given to an app that had to prove itself, and has to again.
    pub(crate) proven: bool,
    pub(crate) used: Timestamp,
    /// When it and all that come from it end, whether used or not.
    pub(crate) ends: Option<Timestamp>,
    pub(crate) revoked: bool,
}

impl Desk {
    /// A desk that opens now, whose opaque values follow from the seed.
    pub(crate) fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            random: SeededRandom::for_purpose(seed, "sign-in"),
            flows: BTreeMap::new(),
            codes: BTreeMap::new(),
            refresh_tokens: BTreeMap::new(),
            devices: BTreeMap::new(),
            browsers: BTreeMap::new(),
            keys: KeyRing::new(now),
            watch: Watch::default(),
        }
    }

    /// A new opaque value with a prefix, and the mark of secrets.
    pub(crate) fn opaque(&self, prefix: &str) -> String {
        let mut bytes = [0; 48];
        self.random.fill(&mut bytes);
        format!("{prefix}{MARK}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A random id.
    pub(crate) fn id(&self) -> String {
        msp365_core::random::uuid(&self.random).to_string()
    }

    /// A number below a bound.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        msp365_core::random::below(&self.random, bound)
    }

    /// Keeps a new refresh token and answers it.
    pub(crate) fn refresh_token(
        &mut self,
        login: &Login,
        client: (&str, Proof),
        (now, ends): (Timestamp, Option<Timestamp>),
    ) -> String {
        let token = self.opaque("1.AX");
        let kept = RefreshToken {
            login: login.clone(),
            client_id: client.0.to_owned(),
            proven: client.1 != Proof::Nothing,
            used: now,
            ends,
            revoked: false,
        };
        self.refresh_tokens.insert(token.clone(), kept);
        token
    }

    /// Ends all sessions of an account: its refresh tokens, its browsers, and the access tokens that can be recalled.
    pub(crate) fn revoke(&mut self, oid: &str, now: Timestamp) {
        for token in self.refresh_tokens.values_mut() {
            token.revoked |= token.login.oid == oid;
        }
        for logins in self.browsers.values_mut() {
            logins.retain(|login| login.oid != oid);
        }
        self.watch.account(oid, now);
    }

    /// Forgets what nobody can come back to.
    pub(crate) fn tidy(&mut self, now: Timestamp) {
        self.flows.retain(|_, flow| flow.is_fresh(now));
        self.browsers
            .retain(|_, logins| logins.iter().any(|login| !login.is_old(now)));
        self.devices.retain(|_, device| !device.is_forgotten(now));
    }
}

impl Login {
    /// Whether a browser has forgotten it.
    pub(crate) fn is_old(&self, now: Timestamp) -> bool {
        now >= self.at + SESSION
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

    /// Whether its time is over, however often it was used.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.ends.is_some_and(|ends| now >= ends)
    }
}
