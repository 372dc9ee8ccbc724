//! Which tenants of a list are not all in it.

use jiff::Timestamp;
use msp365_core::TenantId;
use serde::Serialize;

use super::{Facts, Find, NOT_LICENSED};
use crate::{Resource, TenantStatus};

/// The tenants of a list whose rows are not all in it, or not kept fresh. A tenant that is not to be synced, or that has
/// gone, counts where it was asked for by its id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Incomplete {
    /// How many were never read to the end.
    pub never_read: usize,
    /// How many the last pass failed for; what an earlier one read is in the list.
    pub failed: usize,
    /// How many cannot be read until a person acts; what was read before is in the list.
    pub blocked: usize,
    /// How many have no plan that shows such rows; what was read before is in the list.
    pub not_licensed: usize,
    /// The first of them by name, at most [`Incomplete::MOST`].
    pub tenants: Vec<IncompleteTenant>,
}

/// A tenant whose rows are not all in a list, or not kept fresh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IncompleteTenant {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// How it stands.
    pub state: IncompleteState,
    /// Why, as a short word, where that is known.
    pub reason: Option<String>,
    /// The moment that its rows in the list show; `None` if they were never read to the end.
    pub fresh_as_of: Option<Timestamp>,
}

/// Why a tenant is not complete in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IncompleteState {
    /// Its rows were never read to the end, and no pass failed.
    NeverRead,
    /// The last pass over its rows failed.
    Failed,
    /// Nothing can be read until a person acts.
    Blocked,
    /// The tenant's plan does not show such rows.
    NotLicensed,
}

impl IncompleteState {
    /// The state as it is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeverRead => "never_read",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::NotLicensed => "not_licensed",
        }
    }
}

impl Incomplete {
    /// Tenants that are named at most.
    pub const MOST: usize = 100;

    /// How many there are, named or not.
    pub const fn count(&self) -> usize {
        self.never_read + self.failed + self.blocked + self.not_licensed
    }

    /// Whether all tenants are complete.
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub(crate) fn of(find: &Find, facts: &[Facts]) -> Self {
        let mut incomplete = Self::default();
        let in_scope = facts.iter().filter(|facts| find.asks_for(facts));
        let stream = find.resource.stream();
        for tenant in in_scope.filter_map(|facts| facts.incomplete(stream)) {
            match tenant.state {
                IncompleteState::NeverRead => incomplete.never_read += 1,
                IncompleteState::Failed => incomplete.failed += 1,
                IncompleteState::Blocked => incomplete.blocked += 1,
                IncompleteState::NotLicensed => incomplete.not_licensed += 1,
            }
            incomplete.tenants.push(tenant);
        }
        let name = |tenant: &IncompleteTenant| (tenant.tenant_name.to_lowercase(), tenant.tenant_id);
        incomplete.tenants.sort_by_cached_key(name);
        incomplete.tenants.truncate(Self::MOST);
        incomplete
    }
}

impl Find {
    /// Whether somebody who asks this expects the rows of a tenant.
    fn asks_for(&self, tenant: &Facts) -> bool {
        let is_wanted = self.tenants.as_ref().is_none_or(|ids| ids.contains(&tenant.id));
        let is_synced = match tenant.status {
            TenantStatus::Deactivated => tenant.selected,
            TenantStatus::Detached | TenantStatus::Unsyncing => false,
            _ => true,
        };
        let is_named = self.named.contains(&tenant.id);
        let only = self.only.as_ref();
        is_wanted
            && (is_synced || is_named)
            && only.is_none_or(|only| only.iter().any(|(of, _)| *of == tenant.id))
            && self
                .tests
                .iter()
                .filter(|test| test.is_of_tenant())
                .all(|test| tenant.passes(test))
    }
}

impl Facts {
    fn incomplete(&self, stream: Resource) -> Option<IncompleteTenant> {
        let source = self.stream(stream);
        let fresh_as_of = source.and_then(|source| source.fresh_as_of);
        let stale_because = source.and_then(|source| source.stale_because.clone());
        let (state, reason) = match (self.status, fresh_as_of, stale_because) {
            (TenantStatus::Blocked, _, because) => {
                (IncompleteState::Blocked, self.reason.clone().or(because))
            }
            (_, _, Some(because)) if because == NOT_LICENSED => (IncompleteState::NotLicensed, Some(because)),
            (_, _, Some(because)) => (IncompleteState::Failed, Some(because)),
            (_, None, None) => (IncompleteState::NeverRead, self.reason.clone()),
            (_, Some(_), None) => return None,
        };
        Some(IncompleteTenant {
            tenant_id: self.id,
            tenant_name: self.name.clone(),
            state,
            reason,
            fresh_as_of,
        })
    }
}
