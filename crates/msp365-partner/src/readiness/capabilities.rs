//! What a tenant can do at all: what it bought, and what its administrators turned on.

use serde::{Deserialize, Serialize};

/// What a tenant can do. `None` is what was not looked at, or may not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// Entra ID P1 or P2: the last sign-in of users can be read.
    pub entra_p1: Option<bool>,
    /// Entra ID P2: privileged identity management and risk.
    pub entra_p2: Option<bool>,
    /// Intune: there are managed devices.
    pub intune: Option<bool>,
    /// Exchange Online: there are mailboxes.
    pub exchange: Option<bool>,
    /// Users come from a directory on premises, where they have to be changed.
    pub synced_on_premises: Option<bool>,
    /// Password resets are written back to that directory.
    pub password_writeback: Option<bool>,
    /// The policy allows temporary access passes.
    pub temporary_pass: Option<bool>,
    /// Usage reports hide the names of users.
    pub report_names_concealed: Option<bool>,
}

impl Capabilities {
    /// Notes what the service plans of all products in force bring, by their names in `subscribedSkus`.
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
