//! Administrative units: parts of a tenant, and the roles that hold over their members alone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_core::TenantId;
use serde_json::{Value, json};

use super::{
    access::{object, text},
    model::{Json, Removed, Tenant, World},
};

/// How a scope names a unit.
const PREFIX: &str = "/administrativeUnits/";
/// The same, letter case aside.
const FOLDED: &str = "/administrativeunits/";

/// Roles that can be given over a unit, by their names; those of the tenant's own can be, too.
const ASSIGNABLE: [&str; 13] = [
    "Attribute Assignment Administrator",
    "Attribute Assignment Reader",
    "Authentication Administrator",
    "Cloud Device Administrator",
    "Groups Administrator",
    "Helpdesk Administrator",
    "License Administrator",
    "Password Administrator",
    "Printer Administrator",
    "Privileged Authentication Administrator",
    "SharePoint Administrator",
    "Teams Administrator",
    "User Administrator",
];

/// A part of a tenant.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    pub(crate) name: String,
    /// Whether those alone change its members who hold a role over it.
    pub(crate) is_restricted: bool,
    /// Ids of the users in it.
    pub(crate) members: BTreeSet<String>,
}

impl Unit {
    /// As `administrativeUnit`.
    pub(crate) fn render(&self, id: &str) -> Json {
        object(json!({
            "id": id,
            "displayName": self.name,
            "description": Value::Null,
            "isMemberManagementRestricted": self.is_restricted,
        }))
    }
}

/// The scope of a role that holds over a unit.
pub(crate) fn scope_of(unit: &str) -> String {
    format!("{PREFIX}{unit}")
}

/// What a role assignment holds over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over<'a> {
    Tenant,
    /// The members of a unit, by its id.
    Unit(&'a str),
    /// One object, such as an application.
    Object,
}

impl<'a> Over<'a> {
    pub(crate) fn of(assignment: &'a Json) -> Self {
        match text(assignment, "directoryScopeId") {
            None | Some("/") => Self::Tenant,
            Some(scope) => scope.strip_prefix(PREFIX).map_or(Self::Object, Self::Unit),
        }
    }
}

impl Tenant {
    /// The units that a user is in, by their ids.
    pub(crate) fn units_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = (&'a str, &'a Unit)> {
        let units = self.register.units.iter();
        let own = units.filter(move |(_, unit)| unit.members.contains(user));
        own.map(|(id, unit)| (id.as_str(), unit))
    }

    /// Whether none but those who hold a role over a restricted unit change a user.
    pub(crate) fn is_restricted(&self, user: &str) -> bool {
        let row = self.users.get(user);
        row.is_some_and(|row| row.get("isManagementRestricted") == Some(&Value::Bool(true)))
    }

    /// Template ids of the roles that an object holds, itself or through a group, where they hold over what fits.
    pub(crate) fn roles_where(&self, oid: &str, fits: impl Fn(Over<'_>) -> bool) -> BTreeSet<String> {
        let mut principals = self.transitive_groups(oid);
        principals.insert(oid.to_owned());
        self.role_assignments
            .present()
            .filter(|row| text(row, "principalId").is_some_and(|id| principals.contains(id)))
            .filter(|row| fits(Over::of(row)))
            .filter_map(|row| text(row, "roleDefinitionId").map(str::to_owned))
            .collect()
    }

    /// Takes all roles over units from an object. Whether it held any.
    pub(crate) fn take_roles_over_units(&mut self, principal: &str, version: u64) -> bool {
        let held = self.role_assignments.present().filter(|row| {
            text(row, "principalId") == Some(principal) && matches!(Over::of(row), Over::Unit(_))
        });
        let held: Vec<String> = held
            .filter_map(|row| text(row, "id").map(str::to_owned))
            .collect();
        for id in &held {
            self.role_assignments.remove(id, Removed::Deleted, version);
        }
        !held.is_empty()
    }

    /// The scope as it is kept, if there is such a part of the tenant and the role can be given over it.
    pub(crate) fn scope(&self, scope: &str, role: &str) -> Option<String> {
        if scope == "/" {
            return Some(scope.to_owned());
        }
        let scope = scope.to_lowercase();
        let unit = scope.strip_prefix(FOLDED)?;
        let definition = self.role_definitions.get(role)?;
        let is_own = definition.get("isBuiltIn") == Some(&Value::Bool(false));
        let is_assignable = text(definition, "displayName").is_some_and(|name| ASSIGNABLE.contains(&name));
        let known = self.register.units.contains_key(unit);
        (known && (is_own || is_assignable)).then(|| scope_of(unit))
    }
}

impl World {
    /// The roles with which somebody acts on a user: those of the whole tenant, and those over the units that the user
    /// is in. On a user of a restricted unit it is those over that unit alone.
    pub(crate) fn roles_over(&self, tenant: TenantId, oid: &str, user: &str, now: Timestamp) -> Vec<String> {
        let Some(target) = self.tenant(tenant) else {
            return Vec::new();
        };
        let is_restricted = target.is_restricted(user);
        let units: BTreeSet<&str> = target
            .units_of(user)
            .filter(|(_, unit)| unit.is_restricted || !is_restricted)
            .map(|(id, _)| id)
            .collect();
        let mut roles = target.roles_where(oid, |over| match over {
            Over::Unit(unit) => units.contains(unit),
            Over::Tenant | Over::Object => false,
        });
        if !is_restricted {
            roles.extend(self.directory_roles(tenant, oid, now));
        }
        roles.into_iter().collect()
    }

    /// The roles that protect a user, wherever they hold.
    pub(crate) fn protecting_roles(&self, tenant: TenantId, user: &str, now: Timestamp) -> Vec<String> {
        let mut roles: BTreeSet<String> = self.directory_roles(tenant, user, now).into_iter().collect();
        if let Some(target) = self.tenant(tenant) {
            roles.extend(target.roles_where(user, |_| true));
        }
        roles.into_iter().collect()
    }
}
