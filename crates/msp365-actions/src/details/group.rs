//! Groups of somebody, the teams and applications that hang on them.

use msp365_core::id::canonical;
use msp365_graph::{
    app_role_assignments::{AppRoleAssignment, DEFAULT_ACCESS},
    groups::{FixedMembership, Group, GroupKind},
    sku_names,
};
use msp365_store::GroupRow;
use serde::Serialize;

use super::license::{self, Availability, GroupNames, Named};

/// A group that somebody is in directly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupEntry {
    /// Object id.
    pub id: String,
    /// Name as shown.
    pub name: Option<String>,
    /// What kind it is, which the service does not name.
    pub kind: GroupKind,
    /// Its address.
    pub mail: Option<String>,
    /// Whether directory roles can be given to it.
    pub is_assignable_to_role: bool,
    /// Whether a rule decides who is in it.
    pub is_dynamic: bool,
    /// Whether it is mastered on-premises.
    pub is_synced: bool,
    /// What decides who is in it, where Graph cannot change that.
    pub fixed: Option<FixedMembership>,
    /// Whether a team hangs on it; `None` where passes do not keep that.
    pub has_team: Option<bool>,
    /// The products that its members get; `None` where passes do not keep that.
    pub licenses: Option<Vec<String>>,
}

impl GroupEntry {
    pub(super) fn live(group: &Group) -> Self {
        let products = group
            .assigned_licenses
            .iter()
            .filter_map(|one| one.sku_id.as_deref());
        Self {
            id: canonical(&group.id),
            name: group.display_name.clone(),
            kind: group.kind(),
            mail: group.mail.clone(),
            is_assignable_to_role: group.is_assignable_to_role == Some(true),
            is_dynamic: group.is_dynamic(),
            is_synced: group.on_premises_sync_enabled == Some(true),
            fixed: group.fixed_membership(),
            has_team: Some(group.has_team()),
            licenses: Some(
                products
                    .map(|sku| sku_names::name(sku).unwrap_or(sku).to_owned())
                    .collect(),
            ),
        }
    }

    pub(super) fn stored(row: &GroupRow) -> Self {
        let is_synced = row.on_premises_sync_enabled == Some(true);
        let kind = kind(&row.kind);
        Self {
            id: row.id.clone(),
            name: row.display_name.clone(),
            kind,
            mail: row.mail.clone(),
            is_assignable_to_role: row.is_assignable_to_role == Some(true),
            is_dynamic: row.is_dynamic,
            is_synced,
            fixed: fixed(kind, row.is_dynamic, is_synced),
            has_team: None,
            licenses: None,
        }
    }

    /// Calls products without a name of ours as the tenant's own licences do, where these were read.
    pub(super) fn call_as(&mut self, bought: &[Availability]) {
        for product in self.licenses.iter_mut().flatten() {
            if let Some(name) = license::called(product, bought) {
                *product = name;
            }
        }
    }

    /// The name, or the id where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// Parts of a group that passes do not keep.
pub(super) const NOT_STORED: [&str; 2] = ["has_team", "licenses"];

/// A kind as it is stored.
fn kind(word: &str) -> GroupKind {
    let kinds = [
        GroupKind::Microsoft365,
        GroupKind::MailEnabledSecurity,
        GroupKind::Distribution,
    ];
    let known = kinds.into_iter().find(|kind| kind.as_str() == word);
    known.unwrap_or(GroupKind::Security)
}

/// What decides who is in a group, where Graph cannot change that.
pub const fn fixed(kind: GroupKind, is_dynamic: bool, is_synced: bool) -> Option<FixedMembership> {
    match kind {
        _ if is_synced => Some(FixedMembership::OnPremises),
        _ if is_dynamic => Some(FixedMembership::Rule),
        GroupKind::MailEnabledSecurity | GroupKind::Distribution => Some(FixedMembership::Exchange),
        _ => None,
    }
}

/// Names by id.
pub(super) fn names(groups: &[GroupEntry]) -> GroupNames {
    groups
        .iter()
        .map(|group| (group.id.clone(), group.name.clone()))
        .collect()
}

/// An application that somebody may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Application {
    /// Object id of the application's service principal.
    pub id: String,
    /// Name as shown.
    pub name: Option<String>,
    /// The role in it; `None`: access without any particular one.
    pub role: Option<String>,
    /// The group it comes through; `None`: assigned directly.
    pub group: Option<Named>,
}

impl Application {
    /// An assignment to a user, or to a group of theirs.
    pub(super) fn of(assignment: &AppRoleAssignment, groups: &GroupNames) -> Option<Self> {
        let of_group = assignment.principal_type.as_deref() == Some("Group");
        let principal = assignment
            .principal_id
            .as_ref()
            .filter(|_| of_group)
            .map(canonical);
        let role = assignment
            .app_role_id
            .clone()
            .filter(|role| role != DEFAULT_ACCESS);
        Some(Self {
            id: canonical(assignment.resource_id.as_ref()?),
            name: assignment.resource_display_name.clone(),
            role,
            group: principal.map(|id| {
                let name = groups.get(&id).cloned().flatten();
                let shown = assignment.principal_display_name.clone();
                Named::new(id, name.or(shown))
            }),
        })
    }
}
