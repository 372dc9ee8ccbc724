//! One field of a PATCH.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a PATCH does to a field: leave it, clear it, or set it.
///
/// In a body, mark the field `#[serde(skip_serializing_if = "Change::is_keep")]`: then keeping leaves the member out
/// and clearing writes `null`.
///
/// ```
/// use msp365_core::Change;
///
/// #[derive(serde::Serialize)]
/// #[serde(rename_all = "camelCase")]
/// struct Edit {
///     #[serde(skip_serializing_if = "Change::is_keep")]
///     job_title: Change<String>,
///     #[serde(skip_serializing_if = "Change::is_keep")]
///     department: Change<String>,
///     #[serde(skip_serializing_if = "Change::is_keep")]
///     city: Change<String>,
/// }
///
/// let edit = Edit { job_title: Change::Keep, department: Change::Clear, city: Change::Set("Oslo".into()) };
/// assert_eq!(serde_json::to_string(&edit).unwrap(), r#"{"department":null,"city":"Oslo"}"#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// Leave the field as it is.
    #[default]
    Keep,
    /// Remove the value.
    Clear,
    /// Set this value.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the field is left alone.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value the field has afterwards, given its value before.
    pub fn apply(self, was: Option<T>) -> Option<T> {
        match self {
            Self::Keep => was,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    /// A value sets, null clears; mark a field that may be absent `#[serde(default)]`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_as_it_was_written() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Edit {
            #[serde(default, skip_serializing_if = "Change::is_keep")]
            city: Change<String>,
        }
        for city in [Change::Keep, Change::Clear, Change::Set("Oslo".to_owned())] {
            let edit = Edit { city };
            let text = serde_json::to_string(&edit).unwrap();

            assert_eq!(serde_json::from_str::<Edit>(&text).unwrap(), edit, "{text}");
        }
    }

    #[test]
    fn a_change_is_applied_to_what_was() {
        assert_eq!(Change::Keep.apply(Some(1)), Some(1));
        assert_eq!(Change::Clear.apply(Some(1)), None);
        assert_eq!(Change::Set(2).apply(Some(1)), Some(2));
    }
}
