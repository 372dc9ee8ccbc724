//! The keys that sign tokens: they take turns, and are made once for a process when they are first needed.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{self, KeyPair as _, RsaKeyPair, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long a key signs before the next one does.
const TURN: SignedDuration = SignedDuration::from_hours(42 * 24);

/// An RSA key of 2048 bits with its id.
#[derive(Debug)]
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    public: Vec<u8>,
    id: String,
}

/// Which of the keys signs, and which are published.
#[derive(Debug)]
pub(crate) struct KeyRing {
    start: Timestamp,
    /// How often it was turned by hand.
    turned: u64,
}

type Pool = BTreeMap<u64, Option<Arc<SigningKey>>>;

static POOL: Mutex<Pool> = Mutex::new(BTreeMap::new());

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The key of a turn; `None` if the crypto library could not make one.
fn numbered(number: u64) -> Option<Arc<SigningKey>> {
    let mut pool = pool();
    let key = pool
        .entry(number)
        .or_insert_with(|| SigningKey::generate().map(Arc::new));
    key.clone()
}

/// The key that signed a token, whether it is published or not.
pub(crate) fn of(token: &str) -> Option<Arc<SigningKey>> {
    let id = key_id(token)?;
    let pool = pool();
    let mut keys = pool.values().flatten();
    keys.find(|key| key.id == id).cloned()
}

impl KeyRing {
    /// A ring whose first key signs from this moment on.
    pub(crate) const fn new(start: Timestamp) -> Self {
        Self { start, turned: 0 }
    }

    /// Lets the next key sign from now on. The one before stays published for a turn.
    pub(crate) const fn rotate(&mut self) {
        self.turned = self.turned.saturating_add(1);
    }

    fn number(&self, now: Timestamp) -> u64 {
        let turns = now.duration_since(self.start).as_secs() / TURN.as_secs();
        u64::try_from(turns).unwrap_or(0).saturating_add(self.turned)
    }

    /// The key that signs now.
    pub(crate) fn signing(&self, now: Timestamp) -> Option<Arc<SigningKey>> {
        numbered(self.number(now))
    }

    /// The keys that tokens may be signed with: the one before, the present one and the next.
    pub(super) fn published(&self, now: Timestamp) -> Vec<Arc<SigningKey>> {
        let number = self.number(now);
        let all = number.saturating_sub(1)..=number.saturating_add(1);
        all.filter_map(numbered).collect()
    }

    /// The claims of a JWT that a published key signed.
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Option<Value> {
        let id = key_id(token)?;
        let number = self.number(now);
        let found = {
            let pool = pool();
            let near = number.saturating_sub(1)..=number.saturating_add(1);
            let mut keys = pool.range(near).filter_map(|(_, key)| key.as_ref());
            keys.find(|key| key.id == id).cloned()
        };
        found?.open(token)
    }
}

fn key_id(token: &str) -> Option<String> {
    let (header, _) = token.split_once('.')?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    header["kid"].as_str().map(str::to_owned)
}

impl SigningKey {
    fn generate() -> Option<Self> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
        let public = pair.public_key().as_ref().to_vec();
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der.as_ref());
        let id = URL_SAFE_NO_PAD.encode(digest.as_ref().get(..20)?);
        Some(Self { pair, public, id })
    }

    /// Signs claims as a JWT (RS256).
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": self.id});
        let signed = format!("{}.{}", part(&header), part(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &signature::RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a JWT that this key signed.
    pub(crate) fn open(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, claims) = signed.split_once('.')?;
        UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &self.public)
            .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// As an entry of a key set.
    pub(super) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        })
    }
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
