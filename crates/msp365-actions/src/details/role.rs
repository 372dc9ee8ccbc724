//! Directory roles of somebody: their own, those through groups, and those they may activate.

use jiff::Timestamp;
use msp365_core::id::canonical;
use msp365_graph::{
    role_assignments::{RoleAssignment, TENANT},
    role_schedules::RoleSchedule,
    roles,
};
use msp365_store::RoleAssignmentRow;
use serde::Serialize;
use std::collections::BTreeMap;

use super::license::{GroupNames, Named};

/// A directory role that somebody holds, or may activate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RoleEntry {
    /// The role's id; of built-in roles the same in every tenant.
    pub id: String,
    /// Its name; the id where it is one of the tenant's own whose name could not be read.
    pub name: String,
    /// Whether Microsoft calls it privileged; of a role of the tenant's own that is not known.
    pub is_privileged: Option<bool>,
    /// Where it counts.
    pub scope: RoleScope,
    /// The group that it comes through; `None`: held by the user.
    pub group: Option<Named>,
    /// Whether it is in force, or has to be activated.
    pub standing: Standing,
}

/// Where a role counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoleScope {
    /// In the whole tenant.
    Tenant,
    /// In an administrative unit, by its id.
    AdministrativeUnit(String),
    /// For one object, as the service names it.
    Object(String),
}

impl RoleScope {
    /// What `directoryScopeId` means.
    pub fn of(scope: Option<&str>) -> Self {
        match scope {
            None | Some(TENANT) => Self::Tenant,
            Some(other) => match other.strip_prefix("/administrativeUnits/") {
                Some(unit) => Self::AdministrativeUnit(unit.to_owned()),
                None => Self::Object(other.trim_start_matches('/').to_owned()),
            },
        }
    }
}

/// Whether a role is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
#[non_exhaustive]
pub enum Standing {
    /// It is.
    InForce,
    /// It can be activated.
    Eligible {
        /// Until when; `None`: there is no end.
        until: Option<Timestamp>,
    },
}

/// Who holds something, where it may be a group.
pub(super) struct Holders<'a> {
    pub(super) user: &'a str,
    pub(super) groups: &'a GroupNames,
}

/// One of them.
enum Holder {
    User,
    Group(Named),
}

impl Holders<'_> {
    /// Which of them this is; `None` where it is somebody else.
    fn find(&self, principal: &str) -> Option<Holder> {
        if principal == self.user {
            return Some(Holder::User);
        }
        let name = self.groups.get(principal)?;
        Some(Holder::Group(Named::new(principal, name.clone())))
    }
}

/// Names of the tenant's own roles by id.
pub(super) type RoleNames = BTreeMap<String, String>;

pub(super) fn entry(
    (role, principal): (Option<&str>, Option<&str>),
    scope: Option<&str>,
    holders: &Holders<'_>,
    standing: Standing,
) -> Option<RoleEntry> {
    let role = canonical(role?);
    let built_in = roles::find(&role);
    Some(RoleEntry {
        name: built_in.map_or_else(|| role.clone(), |role| role.name.to_owned()),
        is_privileged: built_in.map(|role| role.is_privileged),
        id: role,
        scope: RoleScope::of(scope),
        group: match holders.find(&canonical(principal?))? {
            Holder::User => None,
            Holder::Group(group) => Some(group),
        },
        standing,
    })
}

pub(super) fn in_force(assignment: &RoleAssignment, holders: &Holders<'_>) -> Option<RoleEntry> {
    let ends = (
        assignment.role_definition_id.as_deref(),
        assignment.principal_id.as_deref(),
    );
    let scope = assignment.directory_scope_id.as_deref();
    entry(ends, scope, holders, Standing::InForce)
}

pub(super) fn eligible(schedule: &RoleSchedule, holders: &Holders<'_>) -> Option<RoleEntry> {
    let ends = (
        schedule.role_definition_id.as_deref(),
        schedule.principal_id.as_deref(),
    );
    let until = schedule.end_date_time;
    let scope = schedule.directory_scope_id.as_deref();
    entry(ends, scope, holders, Standing::Eligible { until })
}

pub(super) fn stored(row: &RoleAssignmentRow, holders: &Holders<'_>) -> Option<RoleEntry> {
    let ends = (
        Some(row.role_definition_id.as_str()),
        Some(row.principal_id.as_str()),
    );
    let scope = row.directory_scope_id.as_deref();
    let mut entry = entry(ends, scope, holders, Standing::InForce)?;
    if let Some(name) = row.role_name.clone() {
        entry.name = name;
    }
    Some(entry)
}

/// Puts names to the tenant's own roles, and everything in order.
pub(super) fn settled(mut entries: Vec<RoleEntry>, names: &RoleNames) -> Vec<RoleEntry> {
    for entry in &mut entries {
        if let Some(name) = names.get(&entry.id) {
            entry.name.clone_from(name);
        }
    }
    entries.sort_by(|one, other| {
        let order = |entry: &RoleEntry| (entry.standing != Standing::InForce, entry.name.clone());
        order(one)
            .cmp(&order(other))
            .then_with(|| one.group.cmp(&other.group))
    });
    entries
}
