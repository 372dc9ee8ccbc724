//! Changes that tests and stories make to the world. Each is seen by delta, as a change in the service would be.

mod delegation;
mod licences;
mod objects;
mod subscriptions;
mod units;

pub use objects::GroupKind;

use jiff::Timestamp;
use msp365_core::TenantId;
use serde_json::{Value, json};

use crate::{
    cloud::State,
    identity::Desk,
    permissions,
    world::{
        Json, Removed, World,
        chance::Dice,
        change::{GRAPH_APP_ID, derived_id},
        gdap::Action,
        groups,
    },
};

/// The world, open for changes. What names an object that is not there changes nothing and answers `false`.
#[derive(Debug)]
pub struct Edit<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) desk: &'a mut Desk,
    pub(crate) now: Timestamp,
}

impl<'a> Edit<'a> {
    pub(crate) fn new(state: &'a mut State, now: Timestamp) -> Self {
        state.settle(now);
        Self {
            now,
            world: &mut state.world,
            desk: &mut state.desk,
        }
    }

    /// Gives a user another display name.
    pub fn rename_user(&mut self, tenant: TenantId, user: &str, name: &str) -> bool {
        self.set_user(tenant, user, "displayName", name)
    }

    /// Blocks an account from signing in.
    pub fn disable_account(&mut self, tenant: TenantId, user: &str) -> bool {
        self.set_user(tenant, user, "accountEnabled", false)
    }

    /// Blocks the account that the provider signs in with.
    pub fn disable_service_account(&mut self) -> bool {
        let (tenant, account) = (self.world.partner.id, self.world.service_account.clone());
        self.disable_account(tenant, &account)
    }

    /// Ends all refresh tokens of an account.
    pub fn revoke_sessions(&mut self, user: &str) {
        self.desk.revoke(user, self.now);
    }

    /// Ends all refresh tokens of the account that the provider signs in with.
    pub fn revoke_service_sessions(&mut self) {
        self.desk.revoke(&self.world.service_account, self.now);
    }

    /// Adds a member who has no licence and never signed in. Answers its id; `None` if the tenant is unknown.
    pub fn add_user(&mut self, tenant: TenantId, name: &str, local: &str) -> Option<String> {
        let id = derived_id(tenant, &format!("user {}", self.world.version + 1));
        self.add_user_as(tenant, &id, (name, local)).then_some(id)
    }

    pub(crate) fn add_user_as(&mut self, tenant: TenantId, id: &str, (name, local): (&str, &str)) -> bool {
        let version = self.world.next_version();
        let created = self.world.epoch.to_string();
        let model = blank(self.world.partner.users.present().next());
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let address = format!("{local}@{}", target.default_domain);
        let mut json = model;
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
        self.world.effect(tenant, "user.create", id);
        true
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
        let removed = target.users.remove(user, Removed::Changed, version);
        self.world.effect(tenant, "user.delete", user);
        removed
    }

    /// Puts a user, or another group, into a group.
    pub fn add_member(&mut self, tenant: TenantId, group: &str, member: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let kind = if target.users.get(member).is_some() {
            Some(groups::USER)
        } else {
            target.groups.get(member).map(|_| groups::GROUP)
        };
        let Some(kind) = kind.filter(|_| target.groups.get(group).is_some()) else {
            return false;
        };
        target.add_member(group, member, kind, version);
        self.world
            .effect(tenant, "group.member.add", &format!("{group} {member}"));
        true
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
                let target = format!("{group} {member}");
                self.world.effect(tenant, "group.member.remove", &target);
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

    /// Grants app roles of Graph to the app-only app in a tenant, beside those it has; an app role is named as in
    /// Microsoft's documentation (`User.ReadWrite.All`). Its next token carries them. Nothing is granted if one of
    /// them is not known here.
    pub fn grant_app_roles(&mut self, tenant: TenantId, roles: &[&str]) -> bool {
        self.world.grant_app_roles(tenant, roles)
    }

    /// Grants delegated permissions of Graph to the delegated app in a tenant, beside those it has. Nothing is granted
    /// if one of them is not known here.
    pub fn grant_scopes(&mut self, tenant: TenantId, scopes: &[&str]) -> bool {
        self.world.grant_scopes(tenant, scopes)
    }

    /// Assigns a directory role, by its template id, to a user, a group or an app's service principal of a tenant.
    pub fn assign_role(&mut self, tenant: TenantId, role: &str, principal: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let is_there = [&target.users, &target.groups, &target.service_principals]
            .iter()
            .any(|table| table.get(principal).is_some());
        if !is_there || target.role_definitions.get(role).is_none() {
            return false;
        }
        groups::assign_role(target, role, principal, version);
        true
    }

    /// The object id of the app-only app's service principal in a tenant, if it is there.
    pub fn app_only_principal(&self, tenant: TenantId) -> Option<&str> {
        let tenant = self.world.tenant(tenant)?;
        tenant.app_consent.service_principal.as_deref()
    }

    /// Removes the app with its permissions from a tenant.
    pub fn revoke_consent(&mut self, tenant: TenantId) -> bool {
        self.world.revoke_consent(tenant)
    }

    /// Lets the customer accept an invitation that waits for it. The relationship becomes active by and by.
    pub fn approve_relationship(&mut self, relationship: &str) -> bool {
        let one = self.world.relationship(relationship);
        one.is_some_and(|one| one.customer.is_some()) && self.ask(relationship, Action::Approve)
    }

    /// Lets a customer accept an invitation that is for it, or for whoever accepts it.
    pub fn accept_relationship(&mut self, relationship: &str, customer: TenantId) -> bool {
        let waits = |status: &str| status == Action::Approve.wants();
        let one = self.world.relationship(relationship);
        one.is_some_and(|one| waits(one.status(self.now)))
            && self.world.settle_customer(relationship, customer)
            && self.ask(relationship, Action::Approve)
    }

    /// Lets the customer refuse an invitation that waits for it.
    pub fn reject_relationship(&mut self, relationship: &str) -> bool {
        self.ask(relationship, Action::Reject)
    }

    /// Lets the customer end an active relationship. It is over by and by.
    pub fn terminate_relationship(&mut self, relationship: &str) -> bool {
        self.ask(relationship, Action::Terminate)
    }

    /// Lets an access assignment fail, as the service does now and then.
    pub fn fail_assignment(&mut self, relationship: &str, assignment: &str) -> bool {
        let found = self.world.relationship(relationship);
        let status = found
            .and_then(|one| one.assignment(assignment))
            .map(|one| one.status);
        let Some(from) = status else {
            return false;
        };
        self.world
            .turn_assignment((relationship, assignment), (from, "error"), self.now);
        true
    }

    fn ask(&mut self, relationship: &str, action: Action) -> bool {
        self.world.ask(relationship, action, self.now).is_some()
    }

    /// Ends all active relationships of a customer.
    pub fn expire_relationships(&mut self, customer: TenantId) -> bool {
        let version = self.world.next_version();
        let mut any = false;
        for relationship in &mut self.world.relationships {
            if relationship.customer == Some(customer) && relationship.stored_status == "active" {
                relationship.stored_status = "expired";
                relationship.version = version;
                any = true;
            }
        }
        any
    }

    fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.world.seed, purpose)
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

#[cfg(test)]
pub(crate) mod tests;
