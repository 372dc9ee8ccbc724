//! Least privilege: the permissions and roles that a host needs for what it does, and no more.
//!
//! ```
//! use msp365_partner::privilege::{Feature, Privileges};
//!
//! let needed = Privileges::of([Feature::Directory, Feature::Licenses]);
//! let granted = ["Directory.Read.All", "Mail.Read"];
//!
//! let difference = needed.compare(granted);
//! assert_eq!(difference.missing, ["LicenseAssignment.ReadWrite.All"]);
//! assert_eq!(difference.superfluous, ["Mail.Read"]);
//! ```

mod feature;
mod invitation;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use feature::{Feature, Need};
pub use invitation::{GroupRoles, Invitation};

use crate::{consents::ApplicationConsent, roles};

/// What a set of features needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Privileges {
    /// Delegated permissions of Microsoft Graph in customers' tenants.
    pub scopes: BTreeSet<&'static str>,
    /// The same for an application alone.
    pub app_roles: BTreeSet<&'static str>,
    /// GDAP roles by template id, each with the features that need it; consent needs a role of its own.
    pub roles: BTreeMap<&'static str, BTreeSet<Feature>>,
    /// What an application alone cannot do, because it takes a person.
    pub not_by_application: BTreeSet<Feature>,
}

/// The difference between what is needed and what is granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Needed, but not granted.
    pub missing: Vec<String>,
    /// Granted, but not needed; permissions that come with any sign-in do not count.
    pub superfluous: Vec<String>,
}

impl Privileges {
    /// What these features need together. Enrolment takes Cloud Application Administrator, the least privileged role
    /// that may consent.
    pub fn of(features: impl IntoIterator<Item = Feature>) -> Self {
        let mut needed = Self {
            scopes: BTreeSet::new(),
            app_roles: BTreeSet::new(),
            roles: BTreeMap::from([(roles::CLOUD_APPLICATION_ADMINISTRATOR, BTreeSet::new())]),
            not_by_application: BTreeSet::new(),
        };
        for feature in features {
            let need = feature.need();
            needed.scopes.extend(need.scopes);
            needed.app_roles.extend(need.app_roles);
            needed.roles.entry(need.role).or_default().insert(feature);
            if need.app_roles.is_empty() {
                needed.not_by_application.insert(feature);
            }
        }
        needed.drop_covered();
        needed
    }

    /// Drops what another permission includes: write permission includes reading.
    fn drop_covered(&mut self) {
        for set in [&mut self.scopes, &mut self.app_roles] {
            let all = set.clone();
            set.retain(|scope| !all.iter().any(|own| own != scope && covers(own, scope)));
        }
    }

    /// Which delegated permissions are missing, and which are granted without need.
    pub fn compare<'a>(&self, granted: impl IntoIterator<Item = &'a str>) -> Difference {
        let wanted: Vec<_> = self.scopes.iter().copied().collect();
        compare(granted, &wanted)
    }

    /// The body of the consent for a customer, for Microsoft Graph.
    pub fn consent(
        &self,
        application_id: impl Into<String>,
        display_name: impl Into<String>,
    ) -> ApplicationConsent {
        ApplicationConsent::to_graph(application_id, display_name, self.scopes.iter().copied())
    }
}

/// Permissions that come with any sign-in and give no rights over a tenant.
const OF_ANY_SIGN_IN: [&str; 5] = ["openid", "profile", "email", "offline_access", "User.Read"];

/// The difference between granted and wanted permissions, ignoring case. Write permission covers reading.
pub fn compare<'a>(granted: impl IntoIterator<Item = &'a str>, wanted: &[&str]) -> Difference {
    let granted: BTreeSet<&str> = granted.into_iter().collect();
    let has = |scope: &str| granted.iter().any(|own| covers(own, scope));
    let needs = |scope: &str| {
        let names = wanted.iter().copied().chain(OF_ANY_SIGN_IN);
        names.into_iter().any(|own| own.eq_ignore_ascii_case(scope))
    };
    let names = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
    Difference {
        missing: names(wanted.iter().copied().filter(|scope| !has(scope)).collect()),
        superfluous: names(granted.iter().copied().filter(|scope| !needs(scope)).collect()),
    }
}

/// Whether a granted permission covers another: it is the same, or also allows writing what that one allows reading.
fn covers(granted: &str, wanted: &str) -> bool {
    let granted = granted.to_ascii_lowercase();
    granted.eq_ignore_ascii_case(wanted)
        || granted
            .replacen(".readwrite.", ".read.", 1)
            .eq_ignore_ascii_case(wanted)
}
