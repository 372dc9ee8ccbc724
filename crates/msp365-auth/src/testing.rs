//! Things the tests of this crate share: people, places, a vault in memory, and a signing service.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use aws_lc_rs::{
    encoding::AsDer,
    rand,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use msp365_core::{
    Clock, Endpoints, Sealed, TenantId, Transport, Vault, VaultError, manual::ManualClock,
    random::SeededRandom,
};
use serde_json::{Value, json};

use crate::{App, Connection, Exchange, Mfa, StaticKeyRing, SystemRandom, TokenVault, VaultKey};

pub(crate) const CLIENT: &str = "5f3c1a52-0000-4000-8000-000000000001";
pub(crate) const REFRESH: &str = "canary-refresh-0";

pub(crate) fn partner() -> TenantId {
    "11111111-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn customer() -> TenantId {
    "22222222-0000-4000-8000-000000000002".parse().unwrap()
}

pub(crate) fn other_customer() -> TenantId {
    "33333333-0000-4000-8000-000000000003".parse().unwrap()
}

pub(crate) fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub(crate) fn app() -> App {
    App::new(CLIENT, "canary-client-secret".into())
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(noon()))
}

pub(crate) fn exchange<T: Transport, C: Clock>(transport: &Arc<T>, clock: &Arc<C>) -> Exchange {
    Exchange::new(
        app(),
        Endpoints::public(),
        Arc::<T>::clone(transport),
        Arc::<C>::clone(clock),
        Arc::new(SeededRandom::new(1)),
    )
}

pub(crate) fn connection() -> Connection {
    Connection {
        authority: Endpoints::public().authority,
        tenant: partner(),
        client_id: CLIENT.to_owned(),
        account_id: "aaaaaaaa-0000-4000-8000-00000000000a".to_owned(),
        account_name: "ada@partner.example".to_owned(),
        scopes: vec!["https://graph.microsoft.com/Directory.Read.All".to_owned()],
        mfa: Mfa::Proven,
        signed_in_at: noon(),
        refresh_token: REFRESH.into(),
    }
}

pub(crate) fn vault(kept: &Arc<MemoryVault>) -> TokenVault {
    let ring = StaticKeyRing::new(VaultKey::from_bytes("k", [1; 32]));
    TokenVault::new(
        Arc::clone(kept) as Arc<dyn Vault>,
        Arc::new(ring),
        Arc::new(SystemRandom),
    )
}

fn is_flight(record: &str) -> bool {
    record.starts_with("flight/")
}

/// A vault in memory that writes down what happened, in order with what others write down.
#[derive(Default)]
pub(crate) struct MemoryVault {
    pub(crate) records: Mutex<HashMap<String, Sealed>>,
    pub(crate) writes: Mutex<u32>,
    pub(crate) broken: Mutex<bool>,
}

impl MemoryVault {
    /// The one record that is no flight.
    pub(crate) fn only(&self) -> Sealed {
        let records = self.records.lock().unwrap();
        let mut others = records.iter().filter(|(name, _)| !is_flight(name));
        others.next().unwrap().1.clone()
    }
}

#[async_trait]
impl Vault for MemoryVault {
    async fn load(&self, name: &str) -> Result<Option<Sealed>, VaultError> {
        Ok(self.records.lock().unwrap().get(name).cloned())
    }

    async fn store(&self, name: &str, sealed: &Sealed, expected: Option<u64>) -> Result<u64, VaultError> {
        let name = name.to_owned();
        if *self.broken.lock().unwrap() {
            return Err(VaultError::Storage {
                name,
                source: "the disk is full".into(),
            });
        }
        let mut records = self.records.lock().unwrap();
        if records.get(&name).map(|present| present.version) != expected {
            return Err(VaultError::Conflict { name });
        }
        let mut kept = sealed.clone();
        kept.version = expected.unwrap_or(0) + 1;
        let version = kept.version;
        records.insert(name.clone(), kept);
        if !is_flight(&name) {
            *self.writes.lock().unwrap() += 1;
        }
        Ok(version)
    }

    async fn remove(&self, name: &str) -> Result<(), VaultError> {
        self.records.lock().unwrap().remove(name);
        Ok(())
    }
}

/// A token that can be read, signed by nobody.
pub(crate) fn readable(claims: &Value) -> String {
    format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(claims))
}

pub(crate) fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A sign-in service's key.
pub(crate) struct Signer {
    pair: KeyPair,
    kid: &'static str,
}

impl Signer {
    pub(crate) fn new(kid: &'static str) -> Self {
        Self {
            pair: KeyPair::generate(KeySize::Rsa2048).unwrap(),
            kid,
        }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_under(&json!({"typ": "JWT", "alg": "RS256", "kid": self.kid}), claims)
    }

    pub(crate) fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &rand::SystemRandom::new(),
                message.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub(crate) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA", "use": "sig", "kid": self.kid, "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        })
    }

    pub(crate) fn public_der(&self) -> Vec<u8> {
        let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = self.pair.public_key().as_der().unwrap();
        der.as_ref().to_vec()
    }
}
