//! Relationships and access assignments as the service describes them.

use jiff::{Span, Timestamp};
use msp365_core::open_enum;
use serde::{Deserialize, Deserializer, Serialize};

use crate::customers::list_or_null;

/// A GDAP relationship with one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Relationship {
    /// The id, two GUIDs joined.
    pub id: String,
    /// The version, which a change has to name.
    #[serde(rename = "@odata.etag")]
    pub etag: Option<String>,
    /// The type, where it is not the plain one.
    #[serde(rename = "@odata.type")]
    pub object_type: Option<String>,
    /// The name, unique within the partner.
    pub display_name: Option<String>,
    /// The customer; absent in an invitation that any customer may accept.
    pub customer: Option<RelationshipCustomer>,
    /// The roles it covers.
    pub access_details: Option<AccessDetails>,
    /// How long it lasts, ISO 8601.
    pub duration: Option<String>,
    /// By how much it is extended at its end, ISO 8601; see [`Relationship::extends_itself`].
    pub auto_extend_duration: Option<String>,
    /// Where it stands.
    pub status: Option<RelationshipStatus>,
    /// When it was made.
    #[serde(default, deserialize_with = "time_or_none")]
    pub created_date_time: Option<Timestamp>,
    /// When the customer's acceptance took effect.
    #[serde(default, deserialize_with = "time_or_none")]
    pub activated_date_time: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "time_or_none")]
    pub end_date_time: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "time_or_none")]
    pub last_modified_date_time: Option<Timestamp>,
}

impl Relationship {
    /// The roles it covers, by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.access_details.iter().flat_map(AccessDetails::roles)
    }

    /// Whether it goes on by itself at its end.
    pub fn extends_itself(&self) -> bool {
        let span = self
            .auto_extend_duration
            .as_deref()
            .and_then(|text| text.parse::<Span>().ok());
        span.is_some_and(Span::is_positive)
    }

    /// Whether Microsoft made it (`MLT_…`): it can be read, and serves nothing.
    pub fn is_microsoft_led(&self) -> bool {
        is_microsoft_led(self.display_name.as_deref().unwrap_or_default())
    }
}

/// Whether a relationship of this name was made by Microsoft.
pub(crate) fn is_microsoft_led(name: &str) -> bool {
    name.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("MLT_"))
}

/// The customer of a relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelationshipCustomer {
    /// The tenant id.
    pub tenant_id: Option<String>,
    /// The name shown.
    pub display_name: Option<String>,
}

/// Roles that are given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessDetails {
    /// The roles.
    #[serde(default, deserialize_with = "list_or_null")]
    pub unified_roles: Vec<UnifiedRole>,
}

impl AccessDetails {
    /// The roles by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.unified_roles
            .iter()
            .filter_map(|role| role.role_definition_id.as_deref())
    }
}

/// One role that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnifiedRole {
    /// Its template id.
    pub role_definition_id: Option<String>,
}

open_enum! {
    /// Where a relationship stands. Only an active one gives access.
    pub enum RelationshipStatus {
        Created = "created",
        ApprovalPending = "approvalPending",
        Approved = "approved",
        Activating = "activating",
        Active = "active",
        Expiring = "expiring",
        Expired = "expired",
        TerminationRequested = "terminationRequested",
        Terminating = "terminating",
        Terminated = "terminated",
    }
}

/// A group of the partner's and the roles it has at a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessAssignment {
    /// The id.
    pub id: String,
    /// The version, which a change has to name.
    #[serde(rename = "@odata.etag")]
    pub etag: Option<String>,
    /// The group.
    pub access_container: Option<AccessContainer>,
    /// The roles, a part of those of the relationship.
    pub access_details: Option<AccessDetails>,
    /// Where it stands.
    pub status: Option<AssignmentStatus>,
    /// When it was made.
    #[serde(default, deserialize_with = "time_or_none")]
    pub created_date_time: Option<Timestamp>,
}

impl AccessAssignment {
    /// The object id of the group, in the partner's tenant.
    pub fn group_id(&self) -> Option<&str> {
        self.access_container.as_ref()?.access_container_id.as_deref()
    }

    /// The roles the group has, by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.access_details.iter().flat_map(AccessDetails::roles)
    }
}

/// What roles are given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessContainer {
    /// The object id, in the partner's tenant.
    pub access_container_id: Option<String>,
    /// What it is; `securityGroup` is known.
    pub access_container_type: Option<String>,
}

open_enum! {
    /// Where an access assignment stands. It is made and removed in the background.
    pub enum AssignmentStatus {
        Pending = "pending",
        Active = "active",
        Deleting = "deleting",
        Deleted = "deleted",
        Error = "error",
    }
}

/// A time; anything that is none costs only itself.
fn time_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}
