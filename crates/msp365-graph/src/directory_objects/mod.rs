//! Directory objects whose type differs from row to row: members, memberships, owners, deleted ones.

use msp365_core::{Operation, Page, Request, open_enum, operation::Verb, path};
use serde_json::json;

use crate::filters;

/// Most ids in one look-up.
const IDS: usize = 1000;
/// Most groups in one check.
const GROUPS: usize = 20;

pub(crate) static OPERATIONS: &[&Operation] = &[&BY_IDS, &RESTORE, &PURGE, &MY_GROUPS_AMONG];

static BY_IDS: Operation = Operation::new(
    Verb::Post,
    "directory_objects.by_ids",
    "directoryObjects/getByIds",
)
.permission(&["Directory.Read.All"])
.options(&["$select"])
.safe()
.note("1,000 ids; without `$select` users come reduced");
static RESTORE: Operation = Operation::new(
    Verb::Post,
    "directory_objects.restore",
    "directory/deletedItems/{id}/restore",
)
.permission(&["User.ReadWrite.All"])
.note("within 30 days; refused where the name was taken meanwhile");
static PURGE: Operation = Operation::new(
    Verb::Delete,
    "directory_objects.purge",
    "directory/deletedItems/{id}",
)
.permission(&["User.ReadWrite.All"])
.note("for good");
static MY_GROUPS_AMONG: Operation = Operation::new(
    Verb::Post,
    "directory_objects.my_groups_among",
    "me/checkMemberGroups",
)
.delegated(&["User.Read", "GroupMember.Read.All"])
.safe()
.note("20 groups");

/// The objects with these ids and types that exist; at most 1,000 ids.
///
/// Permission: `Directory.Read.All`.
pub fn by_ids<S: AsRef<str>>(
    ids: impl IntoIterator<Item = S>,
    types: &[ObjectType],
) -> Request<Page<DirectoryObject>> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
    let names: Vec<&str> = types.iter().map(ObjectType::short_name).collect();
    let request = BY_IDS.list(path!["directoryObjects", "getByIds"]);
    if ids.is_empty() || ids.len() > IDS {
        return request.refuse("one look-up is of 1 to 1,000 ids");
    }
    request.json(json!({ "ids": ids, "types": names }))
}

/// Restores a deleted object, up to 30 days after it was deleted.
///
/// It is sent once: after a lost answer, look for the object before sending it again.
///
/// Permission: `User.ReadWrite.All` for users.
pub fn restore(id: impl AsRef<str>) -> Request<DirectoryObject> {
    RESTORE.one(path!["directory", "deletedItems", id, "restore"])
}

/// Permanently deletes a deleted object.
///
/// Permission: `User.ReadWrite.All` for users.
pub fn purge(id: impl AsRef<str>) -> Request<()> {
    PURGE.command(path!["directory", "deletedItems", id])
}

/// Which of these groups, at most twenty, the signed-in account belongs to, directly or through other groups.
///
/// Permission: `User.Read` and `GroupMember.Read.All`. Delegated tokens only.
pub fn my_groups_among<S: AsRef<str>>(groups: impl IntoIterator<Item = S>) -> Request<Page<String>> {
    let ids: Vec<String> = groups.into_iter().map(|id| id.as_ref().to_owned()).collect();
    let request = MY_GROUPS_AMONG.list(path!["me", "checkMemberGroups"]);
    if ids.is_empty() || ids.len() > GROUPS {
        return request.refuse("one check is of one to twenty groups");
    }
    request.json(json!({ "groupIds": ids }))
}

msp365_core::model! {
    /// An object of some type. If the caller may not read its type, only the id is returned.
    pub struct DirectoryObject {
        /// The object id.
        id, ID = "id": String [filters::ID],
        /// What it is.
        object_type, OBJECT_TYPE = "@odata.type": Option<ObjectType>,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// For users: the sign-in name.
        user_principal_name, USER_PRINCIPAL_NAME = "userPrincipalName": Option<String>,
        /// For users, groups and contacts: the mail address.
        mail, MAIL = "mail": Option<String>,
        /// For directory roles: the template id, the same in every tenant.
        role_template_id, ROLE_TEMPLATE_ID = "roleTemplateId": Option<String>,
        /// For applications and service principals: the client id.
        app_id, APP_ID = "appId": Option<String>,
        /// For groups that come from another tenant: that tenant. If GDAP gives a role, it is the partner's.
        organization_id, ORGANIZATION_ID = "organizationId": Option<String>,
    }
}

impl DirectoryObject {
    /// Whether it is a group.
    pub fn is_group(&self) -> bool {
        self.object_type == Some(ObjectType::Group)
    }

    /// Whether it is an administrative unit.
    pub fn is_administrative_unit(&self) -> bool {
        self.object_type == Some(ObjectType::AdministrativeUnit)
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

impl ObjectType {
    /// The name without its namespace, as used by look-ups.
    pub fn short_name(&self) -> &str {
        let name = self.as_str();
        name.rsplit('.').next().unwrap_or(name)
    }
}

#[cfg(test)]
mod tests;
