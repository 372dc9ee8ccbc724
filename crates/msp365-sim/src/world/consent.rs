//! What administrators grant beyond the consent that customers begin with.

use msp365_core::TenantId;

use super::{
    access::text,
    change::GRAPH_APP_ID,
    model::{Removed, World},
};
use crate::permissions::{self, Permission};

impl World {
    /// Grants app roles of Graph to the app-only app in a tenant, with its service principal if that is missing.
    /// `false`, and nothing granted, if the tenant or one of the roles is unknown.
    pub(crate) fn grant_app_roles(&mut self, tenant: TenantId, roles: &[&str]) -> bool {
        let find = |role: &&str| permissions::app_roles().find(|own| own.name == *role);
        let Some(roles) = roles.iter().map(find).collect::<Option<Vec<Permission>>>() else {
            return false;
        };
        let version = self.next_version();
        let (app, owner, apps) = (self.app_only.clone(), self.partner.id, self.app_ids());
        let at = self.epoch;
        let Some(target) = self.tenant_mut(tenant) else {
            return false;
        };
        let principal = target.app_principal(&app.client_id, &app.name, owner, version);
        target.give_roles(&principal, &roles, (at, version));
        target.settle_consent(&apps);
        true
    }

    /// Lets the app-only app hold these app roles of Graph in a tenant, and no others.
    pub(crate) fn hold_app_roles(&mut self, tenant: TenantId, roles: &[&str]) -> bool {
        let version = self.next_version();
        let Some(target) = self.tenant_mut(tenant) else {
            return false;
        };
        if let Some(principal) = target.app_consent.service_principal.clone() {
            let held = target.register.app_roles.present();
            let held = held.filter(|row| text(row, "principalId") == Some(principal.as_str()));
            let held: Vec<String> = held
                .filter_map(|row| text(row, "id").map(str::to_owned))
                .collect();
            for id in held {
                target.register.app_roles.remove(&id, Removed::Deleted, version);
            }
        }
        self.grant_app_roles(tenant, roles)
    }

    /// Grants delegated permissions of Graph to the delegated app in a tenant, beside those it has. `false`, and
    /// nothing granted, if the tenant or one of the permissions is unknown.
    pub(crate) fn grant_scopes(&mut self, tenant: TenantId, scopes: &[&str]) -> bool {
        let known = |scope: &&str| permissions::scopes().any(|own| own.name == *scope);
        if !scopes.iter().all(known) {
            return false;
        }
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.grant_consent(tenant, GRAPH_APP_ID, &scopes)
    }
}
