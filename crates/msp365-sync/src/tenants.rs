//! Choosing tenants.

use msp365_core::TenantId;
use msp365_store::{TenantState, TenantStatus};

use crate::{Engine, Error};

impl Engine {
    /// Marks tenants to be synced; the next run reads them. A tenant that is marked already stays as it is.
    ///
    /// # Errors
    /// `NotFound` for a tenant the store does not know; nothing is marked then. `Storage`.
    pub async fn select(&self, tenants: &[TenantId]) -> Result<(), Error> {
        if tenants.is_empty() {
            return Ok(());
        }
        let records = self.known(tenants).await?;
        self.store.set_selected(tenants, true).await?;
        for record in records
            .iter()
            .filter(|record| record.status == TenantStatus::Deactivated)
        {
            self.store
                .set_state(&record.id, &TenantState::new(TenantStatus::Pending))
                .await?;
        }
        Ok(())
    }
}
