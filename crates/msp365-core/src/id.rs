//! Ids with a meaning of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The id of a Microsoft tenant (a directory), compared without regard to case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(Uuid);

impl TenantId {
    /// The tenant with this id.
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// The id as a UUID.
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantId({})", self.0)
    }
}

/// A text that is not a tenant id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a tenant id, which looks like 11111111-2222-3333-4444-555555555555")]
#[non_exhaustive]
pub struct NotATenantId {
    /// What was given.
    pub given: String,
}

impl FromStr for TenantId {
    type Err = NotATenantId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text.trim()).map(Self).map_err(|_| NotATenantId {
            given: text.to_owned(),
        })
    }
}

impl From<Uuid> for TenantId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// The form in which ids are compared and stored: a GUID in lower case and without braces, any other id as it is.
///
/// The service takes GUIDs in either case and may return them so; ids of other kinds are case-sensitive.
///
/// ```
/// use msp365_core::id::canonical;
///
/// assert_eq!(canonical("{0A1B2C3D-0000-4000-8000-00000000BEEF}"), "0a1b2c3d-0000-4000-8000-00000000beef");
/// assert_eq!(canonical("lAPpYvVpN0KRkAEhdxReEJC2sEqbR_9Hr48lds9SGHI-1"), "lAPpYvVpN0KRkAEhdxReEJC2sEqbR_9Hr48lds9SGHI-1");
/// ```
pub fn canonical(id: impl Into<String>) -> String {
    let id = id.into();
    if !matches!(id.len(), HYPHENATED | BRACED) {
        return id;
    }
    Uuid::try_parse(&id).map_or(id, |guid| guid.to_string())
}

/// The length of a GUID, and of one in braces.
const HYPHENATED: usize = 36;
const BRACED: usize = 38;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f058_a_guid_is_compared_without_letter_case_and_braces_and_other_ids_as_they_are() {
        let guid = "0a1b2c3d-0000-4000-8000-00000000beef";

        assert_eq!(canonical(guid.to_uppercase()), guid);
        assert_eq!(canonical(format!("{{{}}}", guid.to_uppercase())), guid);
        for other in [
            "",
            "A",
            "Ab-1",
            "0A1B2C3D000040008000000000000BEEF",
            &"Z".repeat(36),
        ] {
            assert_eq!(canonical(other), other);
        }
    }

    #[test]
    fn letter_case_makes_no_other_tenant() {
        let lower: TenantId = "0a1b2c3d-0000-4000-8000-00000000beef".parse().unwrap();
        let upper: TenantId = "0A1B2C3D-0000-4000-8000-00000000BEEF".parse().unwrap();

        assert_eq!(lower, upper);
        assert_eq!(upper.to_string(), "0a1b2c3d-0000-4000-8000-00000000beef");
    }

    #[test]
    fn a_name_is_no_tenant_id() {
        let error = "contoso.example".parse::<TenantId>().unwrap_err();

        assert!(
            error
                .to_string()
                .starts_with("`contoso.example` is not a tenant id")
        );
    }
}
