//! Changes of what the provider may do in a customer, and what the customer allows of ways to sign in.

use std::collections::BTreeSet;

use msp365_core::TenantId;
use serde_json::Value;

use super::Edit;
use crate::{
    graph::pass_policy,
    world::{Json, change::GRAPH_APP_ID},
};

impl Edit<'_> {
    /// Lets the relationship that decides about a customer give its groups exactly these roles, by template id. `false`
    /// if none decides.
    pub fn delegate(&mut self, customer: TenantId, roles: &[&str]) -> bool {
        let version = self.world.next_version();
        let deciding = self.world.deciding_relationship(customer, self.now);
        let Some(id) = deciding.map(|one| one.id.clone()) else {
            return false;
        };
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        for one in self.world.relationships.iter_mut().filter(|one| one.id == id) {
            one.roles.clone_from(&roles);
            one.version = version;
            for assignment in &mut one.assignments {
                assignment.roles.clone_from(&roles);
                assignment.version = version;
            }
        }
        true
    }

    /// Lets the delegated app have exactly these permissions of Graph in a tenant. Nothing changes if one of them is not
    /// known here. Tokens that were given keep theirs.
    pub fn set_scopes(&mut self, tenant: TenantId, scopes: &[&str]) -> bool {
        let all: BTreeSet<_> = crate::permissions::scopes().map(|one| one.name).collect();
        if !scopes.iter().all(|scope| all.contains(scope)) {
            return false;
        }
        self.world.revoke_consent(tenant);
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.world.grant_consent(tenant, GRAPH_APP_ID, &scopes)
    }

    /// Makes a user an owner of a group.
    pub fn add_owner(&mut self, tenant: TenantId, group: &str, user: &str) -> bool {
        self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let known = target.groups.has(group) && target.users.has(user);
        known
            && target
                .register
                .owners
                .entry(group.to_owned())
                .or_default()
                .insert(user.to_owned())
    }

    /// Sets properties of a tenant's policy on temporary access passes, by their names in Graph.
    pub fn set_pass_policy(&mut self, tenant: TenantId, properties: &Json) -> bool {
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let mut policy = pass_policy(target);
        let known = properties.keys().all(|name| policy.contains_key(name));
        if known {
            let changes = properties
                .iter()
                .map(|(name, value): (&String, &Value)| (name.clone(), value.clone()));
            policy.extend(changes);
            target.register.pass_policy = Some(policy);
        }
        known
    }
}
