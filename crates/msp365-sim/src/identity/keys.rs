//! The key that signs tokens: made once for a process.

use std::sync::OnceLock;

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{self, KeyPair as _, RsaKeyPair, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// An RSA key of 2048 bits with its id.
#[derive(Debug)]
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    public: Vec<u8>,
    id: String,
}

static KEY: OnceLock<Option<SigningKey>> = OnceLock::new();

/// The key of this process; `None` if the crypto library could not make one.
pub(crate) fn key() -> Option<&'static SigningKey> {
    KEY.get_or_init(SigningKey::generate).as_ref()
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

    /// As an entry of a key set, whose issuer is a template.
    pub(crate) fn jwk(&self, authority: &str) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "issuer": format!("{authority}/{{tenantid}}/v2.0"),
        })
    }
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
