//! Secrets sealed to a public key of the caller, by HPKE (RFC 9180): X25519, HKDF-SHA-256, ChaCha20-Poly1305.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use hpke::{
    Deserializable, Kem as KemTrait, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};

type Kem = X25519HkdfSha256;

/// What ties what is sealed to its purpose.
const INFO: &[u8] = b"msp365 secret 1";

/// Why a secret could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// A text that is no public key.
    #[error("a public key is 32 bytes of X25519 in base64")]
    NotAKey,
    /// It could not be sealed.
    #[error("the secret could not be sealed")]
    Seal,
    /// It was sealed to another key, for another purpose, or was changed.
    #[error("the sealed secret does not open with this key and label")]
    Open,
}

/// The public key that secrets are sealed to.
#[derive(Clone)]
pub struct RecipientKey(<Kem as KemTrait>::PublicKey);

/// A secret that only the private key opens. It can be stored and sent on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SealedSecret {
    /// The encapsulated key, in base64.
    pub encapsulated: String,
    /// The sealed bytes, in base64.
    pub ciphertext: String,
    /// What it is tied to: it opens under this label alone.
    pub label: String,
}

impl RecipientKey {
    /// The key of these bytes.
    ///
    /// # Errors
    /// [`SecretError::NotAKey`] for bytes that are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SecretError> {
        <Kem as KemTrait>::PublicKey::from_bytes(bytes)
            .map(Self)
            .map_err(|_| SecretError::NotAKey)
    }

    pub(crate) fn seal(&self, secret: &SecretString, label: &str) -> Result<SealedSecret, SecretError> {
        let (encapsulated, ciphertext) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &self.0,
            INFO,
            secret.expose_secret().as_bytes(),
            label.as_bytes(),
        )
        .map_err(|_| SecretError::Seal)?;
        Ok(SealedSecret {
            encapsulated: STANDARD.encode(encapsulated.to_bytes()),
            ciphertext: STANDARD.encode(ciphertext),
            label: label.to_owned(),
        })
    }
}

impl FromStr for RecipientKey {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| SecretError::NotAKey)?;
        Self::from_bytes(&bytes)
    }
}

/// The key in base64, as it is read.
impl fmt::Display for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0.to_bytes()))
    }
}

impl fmt::Debug for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecipientKey").field(&self.to_string()).finish()
    }
}

/// Opens a sealed secret with the private key, 32 bytes of X25519. For recipients that are written in Rust; any
/// implementation of RFC 9180 does the same.
///
/// # Errors
/// [`SecretError::NotAKey`] for bytes that are no key; [`SecretError::Open`] where it was not sealed to this key, or was
/// changed.
pub fn open(sealed: &SealedSecret, private_key: &[u8]) -> Result<SecretString, SecretError> {
    let key = <Kem as KemTrait>::PrivateKey::from_bytes(private_key).map_err(|_| SecretError::NotAKey)?;
    let decode = |text: &str| STANDARD.decode(text).map_err(|_| SecretError::Open);
    let encapsulated = <Kem as KemTrait>::EncappedKey::from_bytes(&decode(&sealed.encapsulated)?);
    let encapsulated = encapsulated.map_err(|_| SecretError::Open)?;
    let bytes = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        INFO,
        &decode(&sealed.ciphertext)?,
        sealed.label.as_bytes(),
    );
    let bytes = Zeroizing::new(bytes.map_err(|_| SecretError::Open)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| SecretError::Open)?;
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(seed: u8) -> (Vec<u8>, RecipientKey) {
        let (private, public) = Kem::derive_keypair(&[seed; 32]);
        (private.to_bytes().to_vec(), RecipientKey(public))
    }

    #[test]
    fn a_sealed_secret_opens_with_its_key_and_label_alone() {
        let ((private, public), (other, _)) = (pair(1), pair(2));
        let secret = SecretString::from("Xy7-quiet-river");
        let sealed = public.seal(&secret, "plan 1 step 0").unwrap();

        assert_eq!(
            open(&sealed, &private).unwrap().expose_secret(),
            "Xy7-quiet-river"
        );
        assert_eq!(open(&sealed, &other).unwrap_err(), SecretError::Open);
        let mut moved = sealed.clone();
        moved.label = "plan 2 step 0".to_owned();
        assert_eq!(open(&moved, &private).unwrap_err(), SecretError::Open);
        let text = format!("{sealed:?} {}", serde_json::to_string(&sealed).unwrap());
        assert!(!text.contains("quiet"));
    }

    #[test]
    fn a_key_is_read_from_text() {
        let (_, public) = pair(1);
        let text = STANDARD.encode(public.0.to_bytes());

        assert_eq!(
            format!("{:?}", text.parse::<RecipientKey>().unwrap()),
            format!("{public:?}")
        );
        assert_eq!("AAAA".parse::<RecipientKey>().unwrap_err(), SecretError::NotAKey);
    }
}
