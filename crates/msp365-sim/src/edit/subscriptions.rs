//! What happens to those who want to be told of changes.

use msp365_core::TenantId;

use super::Edit;
use crate::LifecycleEvent;

impl Edit<'_> {
    /// Lets something happen to all subscriptions that run in a tenant: whoever gave a `lifecycleNotificationUrl` is
    /// told of it, and what is removed is gone. Answers how many subscriptions there are.
    pub fn subscriptions_meet(&mut self, tenant: TenantId, event: LifecycleEvent) -> usize {
        self.world.befall(tenant, event, self.now)
    }
}
