//! Ids with a meaning of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The id of a Microsoft tenant (a directory), compared without regard to letter case.
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

/// A text that is no tenant id.
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

#[cfg(test)]
mod tests {
    use super::*;

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
