//! What administrators grant beyond the consent that customers begin with.

use msp365_core::TenantId;

use super::{change::GRAPH_APP_ID, model::World};
use crate::permissions;

impl World {
    /// Grants app roles of Graph to the app-only app in a tenant, with its service principal if that is missing.
    /// `false`, and nothing granted, if the tenant or one of the roles is unknown.
    pub(crate) fn grant_app_roles(&mut self, tenant: TenantId, roles: &[&str]) -> bool {
        let known = |role: &&str| permissions::app_roles().any(|own| own == *role);
        if !roles.iter().all(known) || self.tenant(tenant).is_none() {
            return false;
        }
        let version = self.next_version();
        let (app, owner) = (self.app_only.clone(), self.partner.id);
        if let Some(target) = self.tenant_mut(tenant) {
            let principal = target.app_principal(&app.client_id, &app.name, owner, version);
            target.app_consent.service_principal = Some(principal);
            let granted = roles.iter().map(|role| (*role).to_owned());
            target.app_consent.roles.extend(granted);
        }
        true
    }

    /// Grants delegated permissions of Graph to the delegated app in a tenant, beside those it has. `false`, and
    /// nothing granted, if the tenant or one of the permissions is unknown.
    pub(crate) fn grant_scopes(&mut self, tenant: TenantId, scopes: &[&str]) -> bool {
        let known = |scope: &&str| permissions::scopes().any(|own| own == *scope);
        if !scopes.iter().all(known) {
            return false;
        }
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.grant_consent(tenant, GRAPH_APP_ID, &scopes)
    }
}
