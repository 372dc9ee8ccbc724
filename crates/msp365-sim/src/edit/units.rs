//! Changes of administrative units, and of the roles that hold over them alone.

use msp365_core::TenantId;
use serde_json::{Value, json};

use super::Edit;
use crate::world::{
    access::object,
    change::derived_id,
    units::{Unit, scope_of},
};

impl Edit<'_> {
    /// Adds an administrative unit without members. Answers its id; `None` if the tenant is unknown.
    pub fn add_unit(&mut self, tenant: TenantId, name: &str) -> Option<String> {
        let version = self.world.next_version();
        let id = derived_id(tenant, &format!("unit {version}"));
        let unit = Unit {
            name: name.to_owned(),
            ..Unit::default()
        };
        let target = self.world.tenant_mut(tenant)?;
        target.register.units.insert(id.clone(), unit);
        Some(id)
    }

    /// Restricts an administrative unit: those alone change its members from then on who hold a role over it.
    pub fn restrict_unit(&mut self, tenant: TenantId, unit: &str) -> bool {
        let target = self.world.tenant_mut(tenant);
        let Some(found) = target.and_then(|target| target.register.units.get_mut(unit)) else {
            return false;
        };
        found.is_restricted = true;
        for user in found.members.clone() {
            self.set_user(tenant, &user, "isManagementRestricted", true);
        }
        true
    }

    /// Puts a user into an administrative unit.
    pub fn join_unit(&mut self, tenant: TenantId, unit: &str, user: &str) -> bool {
        let target = self.world.tenant_mut(tenant);
        let Some(target) = target.filter(|target| target.users.has(user)) else {
            return false;
        };
        let Some(found) = target.register.units.get_mut(unit) else {
            return false;
        };
        found.members.insert(user.to_owned());
        if found.is_restricted {
            self.set_user(tenant, user, "isManagementRestricted", true);
        }
        true
    }

    /// Assigns a directory role over an administrative unit alone, by its template id, to a user, a group or an app's
    /// service principal of a tenant. `false` if the role cannot be given over a unit.
    pub fn assign_role_over(
        &mut self,
        tenant: TenantId,
        (role, unit): (&str, &str),
        principal: &str,
    ) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let is_there = [&target.users, &target.groups, &target.service_principals]
            .iter()
            .any(|table| table.has(principal));
        let scope = target.scope(&scope_of(unit), role);
        let Some(scope) = scope.filter(|_| is_there) else {
            return false;
        };
        let id = derived_id(tenant, &format!("role {role} of {principal} over {unit}"));
        let assignment = json!({
            "id": id, "principalId": principal, "roleDefinitionId": role, "directoryScopeId": scope,
            "appScopeId": Value::Null, "condition": Value::Null, "principalOrganizationId": tenant,
        });
        target.role_assignments.put(object(assignment), version);
        true
    }

    /// Takes all roles over administrative units from a user, a group or an app's service principal.
    pub fn take_roles_over_units(&mut self, tenant: TenantId, principal: &str) -> bool {
        let version = self.world.next_version();
        self.world
            .tenant_mut(tenant)
            .is_some_and(|target| target.take_roles_over_units(principal, version))
    }
}
