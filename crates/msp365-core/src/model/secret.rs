//! A value that a service shows only once.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Kind, Member};

/// A password, pass or client secret in a reply. It is never displayed, and is written as null.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret, for code that passes it on.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The secret in the type that other crates take.
    pub fn into_inner(self) -> SecretString {
        self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl Member for Secret {
    const KIND: Kind = Kind::Text;

    fn read<'de, D: Deserializer<'de>>(
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Option<Value>, D::Error> {
        let mut text = None;
        // The raw form would reveal it.
        <String as Member>::read(&mut text, deserializer)?;
        *slot = text.map(Self::from);
        Ok(None)
    }
}
