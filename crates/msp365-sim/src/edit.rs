//! Changes that tests and stories make to the world. Each is seen by delta, as a change in the service would be.

use msp365_core::TenantId;
use serde_json::{Value, json};

use crate::{
    cloud::State,
    identity::Desk,
    permissions,
    world::{
        Json, Removed, World,
        change::{GRAPH_APP_ID, derived_id},
        groups,
    },
};

/// The world, open for changes. What names an object that is not there changes nothing and answers `false`.
#[derive(Debug)]
pub struct Edit<'a> {
    world: &'a mut World,
    desk: &'a mut Desk,
}

impl<'a> Edit<'a> {
    pub(crate) const fn new(state: &'a mut State) -> Self {
        Self {
            world: &mut state.world,
            desk: &mut state.desk,
        }
    }

    /// Gives a user another display name.
    pub fn rename_user(&mut self, tenant: TenantId, user: &str, name: &str) -> bool {
        self.set_user(tenant, user, "displayName", json!(name))
    }

    /// Blocks an account from signing in.
    pub fn disable_account(&mut self, tenant: TenantId, user: &str) -> bool {
        self.set_user(tenant, user, "accountEnabled", json!(false))
    }

    /// Blocks the account that the provider signs in with.
    pub fn disable_service_account(&mut self) -> bool {
        let (tenant, account) = (self.world.partner.id, self.world.service_account.clone());
        self.disable_account(tenant, &account)
    }

    /// Ends all refresh tokens of an account.
    pub fn revoke_sessions(&mut self, user: &str) {
        self.desk.revoke(user);
    }

    /// Ends all refresh tokens of the account that the provider signs in with.
    pub fn revoke_service_sessions(&mut self) {
        self.desk.revoke(&self.world.service_account);
    }

    /// Adds a member who has no licence and never signed in. Answers its id; `None` if the tenant is unknown.
    pub fn add_user(&mut self, tenant: TenantId, name: &str, local: &str) -> Option<String> {
        let version = self.world.next_version();
        let created = self.world.epoch.to_string();
        let target = self.world.tenant_mut(tenant)?;
        let id = derived_id(tenant, &format!("user {version}"));
        let address = format!("{local}@{}", target.default_domain);
        let mut json = blank(target.users.present().next());
        for (property, value) in [
            ("id", json!(id)),
            ("displayName", json!(name)),
            ("userPrincipalName", json!(address)),
            ("mail", json!(address)),
            ("mailNickname", json!(local)),
            ("userType", json!("Member")),
            ("accountEnabled", json!(true)),
            ("createdDateTime", json!(created)),
            ("lastPasswordChangeDateTime", json!(created)),
            ("usageLocation", json!(target.country)),
            ("proxyAddresses", json!([format!("SMTP:{address}")])),
        ] {
            json.insert(property.to_owned(), value);
        }
        target.users.put(json, version);
        Some(id)
    }

    /// Deletes a user: it leaves its groups, and its licences are free again.
    pub fn delete_user(&mut self, tenant: TenantId, user: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        if target.users.get(user).is_none() {
            return false;
        }
        target.leave(user, version);
        target.sign_in_activity.remove(user);
        target.users.remove(user, Removed::Changed, version)
    }

    /// Puts a user into a group.
    pub fn add_member(&mut self, tenant: TenantId, group: &str, user: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let known = target.groups.get(group).is_some() && target.users.get(user).is_some();
        if known {
            target.add_member(group, user, groups::USER, version);
        }
        known
    }

    /// Takes a member out of a group.
    pub fn remove_member(&mut self, tenant: TenantId, group: &str, member: &str) -> bool {
        let version = self.world.next_version();
        let edge = self
            .world
            .tenant_mut(tenant)
            .and_then(|target| target.members.get_mut(group)?.get_mut(member))
            .filter(|edge| !edge.removed);
        match edge {
            Some(edge) => {
                edge.removed = true;
                edge.version = version;
                true
            }
            None => false,
        }
    }

    /// Grants the delegated app all it is registered for on Graph, as an administrator of the tenant would.
    pub fn consent(&mut self, tenant: TenantId) -> bool {
        let scopes = permissions::GRAPH_DELEGATED
            .iter()
            .map(|scope| (*scope).to_owned());
        let scopes: Vec<_> = scopes.collect();
        self.world.grant_consent(tenant, GRAPH_APP_ID, &scopes)
    }

    /// Removes the app with its permissions from a tenant.
    pub fn revoke_consent(&mut self, tenant: TenantId) -> bool {
        self.world.revoke_consent(tenant)
    }

    /// Ends all active relationships of a customer.
    pub fn expire_relationships(&mut self, customer: TenantId) -> bool {
        let version = self.world.next_version();
        let mut any = false;
        for relationship in &mut self.world.relationships {
            if relationship.customer == customer && relationship.stored_status == "active" {
                relationship.stored_status = "expired";
                relationship.version = version;
                any = true;
            }
        }
        any
    }

    fn set_user(&mut self, tenant: TenantId, user: &str, property: &str, value: Value) -> bool {
        let version = self.world.next_version();
        self.world
            .tenant_mut(tenant)
            .is_some_and(|target| target.users.set(user, property, value, version))
    }
}

/// The properties of an object, all empty.
fn blank(model: Option<&Json>) -> Json {
    let members = model.into_iter().flatten().map(|(name, value)| {
        let empty = if value.is_array() { json!([]) } else { Value::Null };
        (name.clone(), empty)
    });
    members.collect()
}
