//! Choosing tenants: marked to be synced, or no longer.

use msp365_core::TenantId;
use msp365_store::{TenantKind, TenantState, TenantStatus};
use serde::Serialize;

use crate::{Engine, Error};

/// What unsyncing a tenant did.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Unsynced {
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Stored rows that were removed.
    pub rows_removed: u64,
}

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

    /// Stops syncing tenants and removes their rows. A run that is reading one is fenced: what it writes later is
    /// refused.
    ///
    /// # Errors
    /// `NotFound` for a tenant the store does not know and `Invalid` for the partner's own; nothing is done then.
    /// `Storage`.
    pub async fn unsync(&self, tenants: &[TenantId]) -> Result<Vec<Unsynced>, Error> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        let records = self.known(tenants).await?;
        if let Some(primary) = records.iter().find(|record| record.kind == TenantKind::Primary) {
            return Err(Error::PrimaryTenant { tenant: primary.id });
        }
        let mut done = Vec::new();
        for record in records {
            self.store.set_selected(&[record.id], false).await?;
            self.store
                .set_state(&record.id, &TenantState::new(TenantStatus::Unsyncing))
                .await?;
            self.store.new_epoch(&record.id).await?;
            let rows_removed = self.store.purge(&record.id).await?;
            self.store
                .set_state(&record.id, &TenantState::new(TenantStatus::Deactivated))
                .await?;
            done.push(Unsynced {
                tenant: record.id,
                name: record.name,
                rows_removed,
            });
        }
        Ok(done)
    }
}
