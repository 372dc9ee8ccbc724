//! How many repetitions may be spent. Successes earn them back, so that an outage does not multiply the requests.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use msp365_core::{Audience, TenantId};

use super::Target;

/// The budget of one tenant's service, the shared budget (both start full), and the price of a repetition. A success
/// earns one.
const OWN: u32 = 100;
const SHARED: u32 = 500;
const PRICE: u32 = 5;

/// What was spent on repetitions, by tenant and service, and over all.
#[derive(Debug, Default)]
pub(crate) struct Budgets {
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    own: HashMap<(TenantId, Audience), u32>,
    shared: u32,
}

impl Budgets {
    /// Pays for a repetition, if enough is left.
    pub(crate) fn spend(&self, target: Target) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let own = spent.own.get(&target.service()).copied().unwrap_or_default();
        if own + PRICE > OWN || spent.shared + PRICE > SHARED {
            return false;
        }
        spent.own.insert(target.service(), own + PRICE);
        spent.shared += PRICE;
        true
    }

    /// Records a success.
    pub(crate) fn earn(&self, target: Target) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.shared = spent.shared.saturating_sub(1);
        if let Some(own) = spent.own.get_mut(&target.service()) {
            *own -= 1;
            if *own == 0 {
                spent.own.remove(&target.service());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(tenant: u128) -> Target {
        Target {
            tenant: TenantId::new(uuid::Uuid::from_u128(tenant)),
            audience: Audience::Graph,
            resource: "rows",
            is_write: false,
        }
    }

    fn spent(budgets: &Budgets, tenant: u128) -> usize {
        std::iter::repeat_with(|| budgets.spend(target(tenant)))
            .take_while(|paid| *paid)
            .count()
    }

    #[test]
    fn f038_a_budget_ends_and_five_successes_earn_one_repetition() {
        let budgets = Budgets::default();

        assert_eq!(spent(&budgets, 1), 20);
        for _ in 0..4 {
            budgets.earn(target(1));
        }
        assert!(!budgets.spend(target(1)));
        budgets.earn(target(1));
        assert!(budgets.spend(target(1)));
    }

    #[test]
    fn f038_all_tenants_together_have_a_budget_too() {
        let budgets = Budgets::default();

        let all: usize = (1..=8).map(|tenant| spent(&budgets, tenant)).sum();

        assert_eq!(all, 100);
    }

    #[test]
    fn nothing_is_kept_of_a_tenant_that_has_its_whole_budget() {
        let budgets = Budgets::default();
        budgets.spend(target(1));

        for _ in 0..9 {
            budgets.earn(target(1));
        }

        assert!(budgets.spent.lock().unwrap().own.is_empty());
    }
}
