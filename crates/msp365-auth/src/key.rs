//! Keys that connections are sealed with. They come from the embedder and are not stored.

use std::{fmt, num::NonZeroU32, sync::Arc};

use aws_lc_rs::{digest, pbkdf2};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use secrecy::{
    ExposeSecret, SecretBox,
    zeroize::{Zeroize, Zeroizing},
};

use crate::Error;

/// Shortest passphrase that a key is derived from.
const SHORTEST_PASSPHRASE: usize = 16;
/// Rounds of PBKDF2; each guess costs as many.
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(199_999);

/// A named key of 256 bits. Clones share one copy, which is wiped when the last of them is dropped.
#[derive(Clone)]
pub struct VaultKey {
    id: String,
    bytes: Arc<SecretBox<[u8; 32]>>,
}

impl VaultKey {
    /// A key with these bytes and this name.
    pub fn from_bytes(id: impl Into<String>, mut bytes: [u8; 32]) -> Self {
        let boxed = SecretBox::init_with_mut(|kept: &mut [u8; 32]| kept.copy_from_slice(&bytes));
        bytes.zeroize();
        Self {
            id: id.into(),
            bytes: Arc::new(boxed),
        }
    }

    /// The key for a text: 64 hex characters or 32 bytes in base64 are the key itself; any other text of at least 16
    /// characters is a passphrase, from which the key is derived with the salt. Surrounding blanks are ignored.
    ///
    /// A key is named after its own digest, so that a wrong text shows by its name.
    ///
    /// # Errors
    /// `Invalid` if the text is shorter than that.
    pub fn from_text(text: &str, salt: &[u8]) -> Result<Self, Error> {
        let text = text.trim();
        match from_hex(text).or_else(|| from_base64(text)) {
            Some(bytes) => Ok(Self::named_by_digest(bytes)),
            None => Self::from_passphrase(text, salt),
        }
    }

    /// The key that PBKDF2 derives from a passphrase and a salt. This takes a noticeable fraction of a second, on
    /// purpose.
    ///
    /// # Errors
    /// `Invalid` if the passphrase has fewer than 16 characters.
    pub fn from_passphrase(text: &str, salt: &[u8]) -> Result<Self, Error> {
        if text.chars().count() < SHORTEST_PASSPHRASE {
            return Err(Error::WeakKey);
        }
        let mut bytes = [0; 32];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            ROUNDS,
            salt,
            text.as_bytes(),
            &mut bytes,
        );
        Ok(Self::named_by_digest(bytes))
    }

    /// The name of the key in the records sealed with it.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.bytes.expose_secret()
    }

    fn named_by_digest(bytes: [u8; 32]) -> Self {
        let digest = digest::digest(&digest::SHA256, &bytes);
        let first = digest.as_ref().iter().take(4);
        let id = first.fold(0_u32, |id, byte| (id << 8) | u32::from(*byte));
        Self::from_bytes(format!("{id:08x}"), bytes)
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKey({})", self.id)
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn from_base64(text: &str) -> Option<[u8; 32]> {
    let text = text.trim_end_matches('=');
    let mut decoded = STANDARD_NO_PAD
        .decode(text)
        .or_else(|_| URL_SAFE_NO_PAD.decode(text))
        .ok()?;
    let bytes = decoded.as_slice().try_into().ok();
    decoded.zeroize();
    bytes
}

/// The keys of an embedder: one to seal with, and older ones to open with.
pub trait KeyRing: Send + Sync + 'static {
    /// The key that new records are sealed with.
    fn current(&self) -> VaultKey;

    /// The key with this name, or `None` if there is none.
    fn key(&self, id: &str) -> Option<VaultKey>;
}

/// The variable that holds the key to seal with.
const VARIABLE: &str = "MSP365_VAULT_KEY";
/// The variable that holds older keys, one per line.
const OLDER: &str = "MSP365_VAULT_KEYS_OLD";

/// One key to seal with, and optionally older ones to open with.
///
/// To change the key, use the new one and add the old one as older: records are sealed anew as they are read.
#[derive(Debug, Clone)]
pub struct StaticKeyRing {
    key: VaultKey,
    older: Vec<VaultKey>,
}

impl StaticKeyRing {
    /// A ring with only this key.
    pub const fn new(key: VaultKey) -> Self {
        Self {
            key,
            older: Vec::new(),
        }
    }

    /// Adds a key that only opens.
    #[must_use]
    pub fn older(mut self, key: VaultKey) -> Self {
        self.older.push(key);
        self
    }

    /// The ring from the environment: `MSP365_VAULT_KEY` seals, and the keys in `MSP365_VAULT_KEYS_OLD`, one per line,
    /// also open. `None` if the first is not set. Texts are read as by [`VaultKey::from_text`].
    ///
    /// # Errors
    /// `Invalid` if one of them is not a key.
    pub fn from_environment(salt: &[u8]) -> Result<Option<Self>, Error> {
        let variable = |name| std::env::var(name).map(Zeroizing::new).unwrap_or_default();
        Self::from_texts(&variable(VARIABLE), &variable(OLDER), salt)
    }

    fn from_texts(current: &str, older: &str, salt: &[u8]) -> Result<Option<Self>, Error> {
        if current.trim().is_empty() {
            return Ok(None);
        }
        let older = older.lines().filter(|line| !line.trim().is_empty());
        Ok(Some(Self {
            key: VaultKey::from_text(current, salt)?,
            older: older
                .map(|line| VaultKey::from_text(line, salt))
                .collect::<Result<_, _>>()?,
        }))
    }
}

impl KeyRing for StaticKeyRing {
    fn current(&self) -> VaultKey {
        self.key.clone()
    }

    fn key(&self, id: &str) -> Option<VaultKey> {
        let mut keys = std::iter::once(&self.key).chain(&self.older);
        keys.find(|key| key.id == id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use msp365_core::ErrorKind;

    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn hex_and_base64_of_one_key_are_the_same_key() {
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

        let (one, two) = (
            VaultKey::from_text(&format!(" {HEX}\n"), b"a").unwrap(),
            VaultKey::from_text(base64, b"b").unwrap(),
        );

        assert_eq!(one.bytes(), two.bytes());
        assert_eq!((one.id(), two.id()), ("630dcd29", "630dcd29"));
    }

    #[test]
    fn a_passphrase_is_stretched_with_its_salt() {
        let key = |text: &str, salt: &[u8]| VaultKey::from_text(text, salt).unwrap();

        let once = key("correct horse battery", b"salt of one");

        assert_eq!(once.bytes(), key("correct horse battery", b"salt of one").bytes());
        assert_ne!(once.id(), key("correct horse battery", b"salt of two").id());
    }

    #[test]
    fn a_short_text_is_refused_with_advice() {
        let error = VaultKey::from_text("fifteen letters", b"salt").unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains("openssl rand -hex 32"));
    }

    #[test]
    fn a_ring_does_not_hand_out_its_key_under_another_name() {
        let ring = StaticKeyRing::new(VaultKey::from_bytes("one", [7; 32]));

        assert!(ring.key("one").is_some());
        assert!(ring.key("two").is_none());
    }

    #[test]
    fn older_keys_of_the_environment_open_and_do_not_seal() {
        let ring = StaticKeyRing::from_texts("a passphrase of today", &format!("\n{HEX}\n"), b"salt")
            .unwrap()
            .unwrap();

        assert_ne!(ring.current().id(), "630dcd29");
        assert!(ring.key("630dcd29").is_some() && ring.key(ring.current().id()).is_some());
        assert!(StaticKeyRing::from_texts(" ", HEX, b"").unwrap().is_none());
        let short = StaticKeyRing::from_texts(HEX, "short", b"").unwrap_err();
        assert_eq!(short.kind(), ErrorKind::Invalid);
    }

    #[test]
    fn a_key_does_not_show_its_bytes() {
        let key = VaultKey::from_text(HEX, b"").unwrap();

        assert_eq!(
            format!("{:?}", StaticKeyRing::new(key)),
            "StaticKeyRing { key: VaultKey(630dcd29), older: [] }"
        );
    }
}
