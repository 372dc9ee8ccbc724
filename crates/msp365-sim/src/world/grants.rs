//! What each app was granted in a tenant, and granting it.

use std::{borrow::Cow, collections::BTreeSet};

use jiff::Timestamp;
use msp365_core::TenantId;

use super::{
    model::{Consent, Tenant, Trouble, World},
    registration::Registered,
};
use crate::permissions::{self, Permission};

impl World {
    /// What a tenant granted an app.
    pub(crate) fn consent_in<'a>(&self, tenant: &'a Tenant, client_id: &str) -> Cow<'a, Consent> {
        if client_id == self.app_only.client_id {
            Cow::Borrowed(&tenant.app_consent)
        } else if client_id == self.app.client_id {
            Cow::Borrowed(&tenant.consent)
        } else {
            Cow::Owned(tenant.consent_of(client_id))
        }
    }

    /// Grants an app permissions, as an administrator of the tenant does; its service principal is made where it is
    /// missing. `false` if the tenant or the app is unknown.
    pub(crate) fn grant_to(
        &mut self,
        tenant: TenantId,
        client_id: &str,
        granted: &Registered,
        now: Timestamp,
    ) -> bool {
        let version = self.next_version();
        let apps = self.app_ids();
        let found = self.registration(client_id);
        let Some((name, owner)) = found.map(|known| (known.name.to_owned(), known.owner)) else {
            return false;
        };
        let is_delegated_app = client_id == self.app.client_id;
        let Some(target) = self.tenant_mut(tenant) else {
            return false;
        };
        let principal = target.app_principal(client_id, &name, owner, version);
        let before = target.consent_of(client_id);
        for (resource, names) in &granted.scopes {
            let known = before.scopes.get(*resource).into_iter().flatten();
            let all: BTreeSet<String> = known.chain(names).cloned().collect();
            target.put_grant(&principal, resource, &all, version);
        }
        let roles: Vec<Permission> = permissions::app_roles()
            .filter(|role| granted.roles.iter().any(|name| name == role.name))
            .collect();
        target.give_roles(&principal, &roles, (now, version));
        target.settle_consent(&apps);
        if is_delegated_app && target.has(Trouble::ConsentMissing) && !granted.scopes.is_empty() {
            target.lift(Trouble::ConsentMissing);
        }
        true
    }
}
