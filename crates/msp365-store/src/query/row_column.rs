//! The columns of lists of rows.

use std::fmt;

use super::{Field, ListColumn, Test, listing::sealed};
use crate::{
    Resource, Result,
    row::{Row, any_rows},
};

/// A column of the list of a resource's rows: a field of its row type, or the tenant's name or id.
///
/// ```
/// use msp365_store::{Resource, RowColumn};
///
/// let name = RowColumn::parse(Resource::Devices, "display_name")?;
/// assert_eq!(name.as_str(), "display_name");
/// assert!(RowColumn::parse(Resource::Devices, "shoe_size").is_err());
/// # Ok::<(), msp365_store::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowColumn {
    resource: Resource,
    field: Field,
}

impl RowColumn {
    /// The column of this name.
    ///
    /// # Errors
    /// `Invalid` if rows of the resource have none; the message lists the columns there are.
    pub fn parse(resource: Resource, name: &str) -> Result<Self> {
        let field = Field::of(resource, name)?;
        Ok(Self { resource, field })
    }

    /// Every column of a resource: the tenant by name and id, then the fields of its rows.
    pub fn all(resource: Resource) -> Vec<Self> {
        let fields = any_rows!(resource, type R => R::FIELDS);
        let all = [Field::TENANT, Field::TENANT_ID].into_iter();
        all.chain(fields.iter().copied())
            .map(|field| Self { resource, field })
            .collect()
    }

    /// The columns that are shown where none were chosen.
    pub(crate) fn usual(resource: Resource) -> Vec<Self> {
        let all = Self::all(resource);
        let of = |name: &&str| all.iter().find(|column| column.as_str() == *name).copied();
        usual(resource).iter().filter_map(of).collect()
    }

    /// The first field of the rows.
    pub(crate) fn first(resource: Resource) -> Self {
        let fields = any_rows!(resource, type R => R::FIELDS);
        Self {
            resource,
            field: fields.first().copied().unwrap_or(Field::TENANT),
        }
    }

    /// The column as it is written in filters.
    pub const fn as_str(self) -> &'static str {
        self.field.name
    }

    /// Whose column it is.
    pub const fn resource(self) -> Resource {
        self.resource
    }

    pub(crate) const fn field(self) -> Field {
        self.field
    }

    /// That it fits a pattern.
    pub(crate) fn like(self, pattern: &str) -> Test {
        Test::Like(self.field, pattern.to_owned())
    }
}

impl sealed::Held for RowColumn {
    fn held(self) -> Field {
        self.field
    }
}

impl ListColumn for RowColumn {
    fn name(self) -> &'static str {
        self.as_str()
    }

    fn stream(self) -> Resource {
        self.resource.stream()
    }
}

impl fmt::Display for RowColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const fn usual(resource: Resource) -> &'static [&'static str] {
    match resource {
        Resource::Users => &["display_name", "user_principal_name", "tenant", "account_enabled"],
        Resource::Groups => &["display_name", "tenant", "kind", "mail", "is_dynamic"],
        Resource::Memberships => &["group_id", "member_id", "member_type", "tenant"],
        Resource::RoleAssignments => &["role_name", "principal_id", "directory_scope_id", "tenant"],
        Resource::Licenses => &[
            "sku_part_number",
            "tenant",
            "capability_status",
            "enabled",
            "warning",
            "consumed",
        ],
        Resource::Devices => &[
            "display_name",
            "tenant",
            "operating_system",
            "trust_type",
            "is_compliant",
            "last_sign_in_at",
        ],
        Resource::ManagedDevices => &[
            "device_name",
            "tenant",
            "user_principal_name",
            "operating_system",
            "compliance_state",
            "last_sync_at",
        ],
        Resource::SignIns => &[
            "user_id",
            "tenant",
            "last_sign_in_at",
            "last_non_interactive_at",
            "last_successful_at",
        ],
        Resource::Mailboxes => &[
            "user_principal_name",
            "tenant",
            "storage_used_bytes",
            "item_count",
            "last_activity_on",
            "report_refreshed_on",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_columns_of_every_resource_are_columns_of_it() {
        for resource in Resource::ALL {
            let shown: Vec<_> = RowColumn::usual(resource)
                .into_iter()
                .map(RowColumn::as_str)
                .collect();

            assert_eq!(shown, usual(resource), "{resource:?}");
        }
    }
}
