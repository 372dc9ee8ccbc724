//! Passwords and passes: made, handed over once, and gone.

mod password;
mod sealed;

use std::fmt;

use msp365_core::Random;
use secrecy::{ExposeSecret, SecretString};

pub use password::PasswordRules;
pub use sealed::{RecipientKey, SealedSecret, SecretError, open};

/// How secrets are handed to the caller.
#[derive(Debug, Clone, Default)]
pub enum Delivery {
    /// As a value that shows itself once, in this process.
    #[default]
    Once,
    /// Sealed to a public key: this process cannot read it any more.
    Sealed(RecipientKey),
}

/// A secret on its way to the caller.
#[derive(Debug)]
pub enum Handover {
    /// Shows itself once.
    Once(OneTime),
    /// Only who has the private key can read it.
    Sealed(SealedSecret),
}

/// A secret that can be read once. Its memory is wiped when it was read, or dropped unread.
pub struct OneTime(SecretString);

impl OneTime {
    pub(crate) const fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// Shows the secret to this function, and wipes it after that.
    pub fn reveal<T>(self, show: impl FnOnce(&str) -> T) -> T {
        show(self.0.expose_secret())
    }
}

impl fmt::Debug for OneTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTime")
    }
}

impl Delivery {
    /// The public key, in base64; `None` where secrets show themselves.
    pub(crate) fn recipient(&self) -> Option<String> {
        match self {
            Self::Once => None,
            Self::Sealed(key) => Some(key.to_string()),
        }
    }

    /// Packs a secret; `label` ties it to its plan and step.
    ///
    /// # Errors
    /// `Other` if it could not be sealed.
    pub(crate) fn pack(&self, secret: SecretString, label: &str) -> Result<Handover, SecretError> {
        Ok(match self {
            Self::Once => Handover::Once(OneTime::new(secret)),
            Self::Sealed(key) => Handover::Sealed(key.seal(&secret, label)?),
        })
    }
}

/// A new password by the rules, from this randomness.
pub(crate) fn password(rules: PasswordRules, random: &dyn Random, names: &[&str]) -> SecretString {
    password::make(rules, random, names)
}
