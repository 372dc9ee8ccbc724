//! What a tenant can do at all: what was bought, and what its administrators turned on.

use serde::{Deserialize, Serialize};

/// What a tenant can do. `None` means that it was not checked, or may not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// Entra ID P1 or P2: users' last sign-ins can be read.
    pub entra_p1: Option<bool>,
    /// Entra ID P2: privileged identity management and risk.
    pub entra_p2: Option<bool>,
    /// Intune: there are managed devices.
    pub intune: Option<bool>,
    /// Exchange Online: there are mailboxes.
    pub exchange: Option<bool>,
    /// Users come from an on-premises directory, and have to be changed there.
    pub synced_on_premises: Option<bool>,
    /// Password resets are written back to that directory.
    pub password_writeback: Option<bool>,
    /// The tenant's policy allows temporary access passes.
    pub temporary_pass: Option<bool>,
    /// Usage reports hide the names of users.
    pub report_names_concealed: Option<bool>,
}

impl Capabilities {
    /// Records whether users come from an on-premises directory, and what follows for password resets: without such a
    /// directory or without Entra ID P1, none is written back. Otherwise the services show only with a further
    /// permission whether write-back is turned on, so that stays unknown.
    pub fn take_sync(&mut self, synced: Option<bool>) {
        self.synced_on_premises = synced;
        let impossible = synced == Some(false) || self.entra_p1 == Some(false);
        self.password_writeback = impossible.then_some(false);
    }

    /// Records what the service plans of all active products provide, by their names in `subscribedSkus`.
    pub fn take_plans<'a>(&mut self, plans: impl IntoIterator<Item = &'a str>) {
        let (mut p1, mut p2, mut intune, mut exchange) = (false, false, false, false);
        for plan in plans {
            match plan {
                "AAD_PREMIUM" => p1 = true,
                "AAD_PREMIUM_P2" => (p1, p2) = (true, true),
                // The basic device management of Office: it lists no managed devices.
                "INTUNE_O365" | "EXCHANGE_S_FOUNDATION" => {}
                other if other.starts_with("INTUNE_") => intune = true,
                other if other.starts_with("EXCHANGE_S_") => exchange = true,
                _ => {}
            }
        }
        self.entra_p1 = Some(p1);
        self.entra_p2 = Some(p2);
        self.intune = Some(intune);
        self.exchange = Some(exchange);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_written_back_where_that_cannot_be() {
        for (synced, p1, writeback) in [
            (Some(false), Some(true), Some(false)),
            (Some(false), None, Some(false)),
            (Some(true), Some(false), Some(false)),
            (Some(true), Some(true), None),
            (Some(true), None, None),
            (None, Some(true), None),
        ] {
            let mut tenant = Capabilities {
                entra_p1: p1,
                ..Capabilities::default()
            };

            tenant.take_sync(synced);

            assert_eq!(tenant.synced_on_premises, synced);
            assert_eq!(tenant.password_writeback, writeback, "{synced:?} {p1:?}");
        }
    }

    #[test]
    fn plans_tell_what_a_tenant_can_do() {
        let mut premium = Capabilities::default();
        premium.take_plans(["AAD_PREMIUM_P2", "INTUNE_A", "EXCHANGE_S_ENTERPRISE"]);
        let mut plain = Capabilities::default();
        plain.take_plans(["INTUNE_O365", "EXCHANGE_S_FOUNDATION", "TEAMS1"]);

        let of = |one: Capabilities| [one.entra_p1, one.entra_p2, one.intune, one.exchange];
        assert_eq!(of(premium), [Some(true); 4]);
        assert_eq!(of(plain), [Some(false); 4]);
        assert_eq!(of(Capabilities::default()), [None; 4]);
    }
}
