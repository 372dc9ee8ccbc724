//! What follows from a complete list of tenants: one that two lists in a row lack is detached, one that is back starts
//! over.

use std::collections::BTreeSet;

use msp365_core::TenantId;
use msp365_store::{TenantKind, TenantRecord, TenantState, TenantStatus};

use crate::{Engine, Error, view::PartnerView};

/// Where the store keeps which tenants the last list lacked.
const LACKED: &str = "not_listed";

impl Engine {
    /// Follows a complete list. The services were seen to leave out a customer once, so a single list proves nothing.
    pub(crate) async fn follow_listing(
        &self,
        view: &PartnerView,
        before: &[TenantRecord],
    ) -> Result<(), Error> {
        let lacked = self.lacked().await?;
        let mut lacking = BTreeSet::new();
        for record in before {
            let is_detached = record.status == TenantStatus::Detached;
            // A list that could not be read says nothing.
            if view.unread(record).is_some() {
                lacking.extend(lacked.get(&record.id));
                continue;
            }
            if view.lists(record.id) {
                if is_detached {
                    self.store.set_state(&record.id, &back(record)).await?;
                }
                continue;
            }
            lacking.insert(record.id);
            // Which tenants are connected directly is ours to say, and said once.
            let is_certain = record.kind == TenantKind::Direct || lacked.contains(&record.id);
            if is_certain && !is_detached {
                self.store.set_state(&record.id, &detached(record)).await?;
            }
        }
        if lacking != lacked {
            let text = serde_json::to_string(&lacking).unwrap_or_default();
            self.store.set_meta(LACKED, &text).await?;
        }
        Ok(())
    }

    /// The tenants that the last list lacked.
    async fn lacked(&self) -> Result<BTreeSet<TenantId>, Error> {
        let text = self.store.meta(LACKED).await?;
        // What cannot be read proves nothing: the next list says it again.
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }
}

/// It keeps its rows.
fn detached(record: &TenantRecord) -> TenantState {
    let reason = if record.kind == TenantKind::Direct {
        "the tenant is no longer connected directly"
    } else {
        "the partner's list of customers no longer holds this tenant"
    };
    TenantState::new(TenantStatus::Detached)
        .reason(reason)
        .remedy("if that is meant, unsync it to remove its rows")
}

fn back(record: &TenantRecord) -> TenantState {
    TenantState::new(if record.selected {
        TenantStatus::Pending
    } else {
        TenantStatus::Deactivated
    })
}
