//! Objects of a directory whose type differs from row to row: members, memberships, owners.

use msp365_core::open_enum;
use serde::{Deserialize, Serialize};

/// An object of some type. Types the caller may not read come with their id alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DirectoryObject {
    /// The object id.
    pub id: String,
    /// What it is.
    #[serde(rename = "@odata.type")]
    pub object_type: Option<ObjectType>,
    /// The name shown.
    pub display_name: Option<String>,
}

impl DirectoryObject {
    /// Whether it is a group.
    pub fn is_group(&self) -> bool {
        self.object_type == Some(ObjectType::Group)
    }
}

open_enum! {
    /// The type of a directory object.
    pub enum ObjectType {
        User = "#microsoft.graph.user",
        Group = "#microsoft.graph.group",
        Device = "#microsoft.graph.device",
        ServicePrincipal = "#microsoft.graph.servicePrincipal",
        Application = "#microsoft.graph.application",
        DirectoryRole = "#microsoft.graph.directoryRole",
        AdministrativeUnit = "#microsoft.graph.administrativeUnit",
        OrgContact = "#microsoft.graph.orgContact",
    }
}
