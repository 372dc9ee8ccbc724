//! Changes of what tenants buy, who holds it, and whose policies let whom in.

use msp365_core::TenantId;
use serde_json::json;

use super::Edit;
use crate::world::{
    Json, Removed, Tenant, Trouble,
    access::{object, text},
    change::derived_id,
    holdings::Holding,
    licences,
    products::{self, Product},
    units::Over,
};

impl Edit<'_> {
    /// Buys units of a product, named by its part number such as `SPB`, beside those the tenant has. `false` if there
    /// is no such product.
    pub fn buy(&mut self, tenant: TenantId, product: &str, units: u64) -> bool {
        self.purchase(tenant, product, |before| before.saturating_add(units))
    }

    /// Gives units of a product back. Who holds one keeps it, so that more may be held than are bought.
    pub fn give_back(&mut self, tenant: TenantId, product: &str, units: u64) -> bool {
        self.purchase(tenant, product, |before| before.saturating_sub(units))
    }

    /// Gives a user a licence, with a mailbox where the product has one. `false` if the tenant has no unit of it left.
    pub fn give_license(&mut self, tenant: TenantId, user: &str, product: &str) -> bool {
        let (now, version) = (self.now, self.world.next_version());
        let Some((target, product)) = self.held(tenant, user, product) else {
            return false;
        };
        let mut held = target.holdings(user);
        let is_held = held
            .iter()
            .any(|one| one.sku == product.sku_id && one.by_group.is_none());
        if is_held || target.free_units(product.sku_id) == 0 {
            return false;
        }
        held.push(Holding {
            sku: product.sku_id.to_owned(),
            disabled: Vec::new(),
            by_group: None,
            error: None,
            since: now.to_string(),
        });
        target.hold(user, &held, version);
        let has_mailbox = target.mailboxes.iter().any(|mailbox| mailbox.user == user);
        if product.has_mailbox() && !has_mailbox {
            let user = target.users.get(user);
            let mailbox = user.and_then(|user| licences::empty_mailbox(user, now));
            target.mailboxes.extend(mailbox);
        }
        self.world.effect(tenant, "user.update", user);
        true
    }

    /// Takes a licence from a user that it holds itself, not through a group.
    pub fn take_license(&mut self, tenant: TenantId, user: &str, product: &str) -> bool {
        let version = self.world.next_version();
        let Some((target, product)) = self.held(tenant, user, product) else {
            return false;
        };
        let before = target.holdings(user);
        let mut held = before.clone();
        held.retain(|one| one.sku != product.sku_id || one.by_group.is_some());
        if held == before {
            return false;
        }
        target.hold(user, &held, version);
        self.world.effect(tenant, "user.update", user);
        true
    }

    /// Takes a directory role of the whole tenant, by its template id, from a user, a group or a service principal.
    pub fn take_role(&mut self, tenant: TenantId, role: &str, principal: &str) -> bool {
        let version = self.world.next_version();
        let Some(target) = self.world.tenant_mut(tenant) else {
            return false;
        };
        let is_it = |row: &&Json| {
            text(row, "roleDefinitionId") == Some(role)
                && text(row, "principalId") == Some(principal)
                && Over::of(row) == Over::Tenant
        };
        let id = target.role_assignments.present().find(is_it);
        let id = id.and_then(|row| text(row, "id")).map(str::to_owned);
        id.is_some_and(|id| target.role_assignments.remove(&id, Removed::Deleted, version))
    }

    /// Lets a Conditional Access policy of a customer keep the provider's account out.
    pub fn block_by_policy(&mut self, customer: TenantId) -> bool {
        self.fall(customer, Some(Trouble::ConditionalAccess), |_| true)
    }

    /// Takes back what [`Self::block_by_policy`] does.
    pub fn lift_policy(&mut self, customer: TenantId) -> bool {
        self.fall(customer, None, |before| {
            before == Some(Trouble::ConditionalAccess)
        })
    }

    /// Lets the secret of an app end; nobody gets a token with it from then on.
    pub fn end_secrets(&mut self, client_id: &str) -> bool {
        let now = self.now;
        let Some(secrets) = self.world.secrets.get_mut(client_id) else {
            return false;
        };
        for secret in secrets.iter_mut().filter(|secret| secret.ends > now) {
            secret.ends = now;
        }
        true
    }

    fn fall(
        &mut self,
        customer: TenantId,
        trouble: Option<Trouble>,
        fits: impl Fn(Option<Trouble>) -> bool,
    ) -> bool {
        let target = self.world.customers.iter_mut().find(|one| one.id == customer);
        match target.filter(|target| fits(target.trouble)) {
            Some(target) => {
                target.trouble = trouble;
                true
            }
            None => false,
        }
    }

    fn held(&mut self, tenant: TenantId, user: &str, product: &str) -> Option<(&mut Tenant, Product)> {
        let product = products::known(product)?;
        let target = self.world.tenant_mut(tenant)?;
        target.users.has(user).then_some((target, product))
    }

    fn purchase(&mut self, tenant: TenantId, product: &str, units: impl Fn(u64) -> u64) -> bool {
        self.world.next_version();
        let Some((product, target)) = products::known(product).zip(self.world.tenant_mut(tenant)) else {
            return false;
        };
        if target.sku(product.sku_id).is_none() {
            let id = derived_id(tenant, &format!("subscription of {}", product.sku_id));
            let sku = products::subscription(target, &product, &id);
            target.subscribed_skus.push(object(sku));
        }
        let is_it = |sku: &&mut Json| text(sku, "skuId") == Some(product.sku_id);
        let sku = target.subscribed_skus.iter_mut().find(is_it);
        let enabled = sku.and_then(|sku| sku.get_mut("prepaidUnits")?.get_mut("enabled"));
        if let Some(enabled) = enabled {
            *enabled = json!(units(enabled.as_u64().unwrap_or(0)));
        }
        true
    }
}
