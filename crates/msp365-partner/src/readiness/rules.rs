//! What is required of a customer.

use super::Facts;
use crate::{
    privilege::{Feature, Privileges},
    roles,
};

/// What is required. The default is what a sync needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// Accepted roles, by template id; a customer's relationship must give at least one.
    pub accepted_roles: Vec<String>,
    /// Delegated permissions of Microsoft Graph that must be consented to.
    pub required_scopes: Vec<String>,
    /// What the host does: a relationship without a role for some of it is reported. If empty, nothing is checked.
    pub features: Vec<Feature>,
    /// Delegated permissions of other services, by the application id of each.
    pub other_scopes: Vec<(String, Vec<String>)>,
    /// Whether temporary access passes are wanted: a tenant that does not allow them is then reported.
    pub temporary_passes: bool,
    /// How many days before its end a credential or a relationship is reported, in any order.
    pub warning_days: Vec<u16>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            accepted_roles: roles::ACCEPTED_FOR_SYNC.map(str::to_owned).to_vec(),
            required_scopes: Vec::new(),
            features: Vec::new(),
            other_scopes: Vec::new(),
            temporary_passes: false,
            warning_days: vec![1, 7, 30],
        }
    }
}

impl Rules {
    /// Accepts only these roles, such as [`roles::STRICT_GLOBAL_ADMIN`].
    #[must_use]
    pub fn accept<S: Into<String>>(mut self, roles: impl IntoIterator<Item = S>) -> Self {
        self.accepted_roles = roles.into_iter().map(Into::into).collect();
        self
    }

    /// Requires these delegated permissions.
    #[must_use]
    pub fn require<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.required_scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Requires what these features need: their permissions, and a role for each in the relationship.
    #[must_use]
    pub fn for_features(mut self, features: impl IntoIterator<Item = Feature>) -> Self {
        self.features = features.into_iter().collect();
        let needed = Privileges::of(self.features.iter().copied());
        self.temporary_passes = self.features.contains(&Feature::TemporaryPasses);
        self.require(needed.scopes)
    }

    /// Also requires these delegated permissions, and a role for each of these features.
    pub fn extend(
        &mut self,
        scopes: impl IntoIterator<Item = &'static str>,
        features: impl IntoIterator<Item = Feature>,
    ) {
        let mut all = std::mem::take(&mut self.required_scopes);
        all.extend(scopes.into_iter().map(str::to_owned));
        all.sort_unstable();
        all.dedup();
        self.required_scopes = all;
        self.features.extend(features);
    }

    /// The permissions required in a tenant: if it is reached directly, those of an application alone.
    pub(super) fn permissions(&self, facts: &Facts) -> Vec<&str> {
        if facts.is_direct && !self.features.is_empty() {
            let needed = Privileges::of(self.features.iter().copied());
            return needed.app_roles.into_iter().collect();
        }
        self.required_scopes.iter().map(String::as_str).collect()
    }

    pub(super) fn accepts(&self, role: &str) -> bool {
        self.accepted_roles
            .iter()
            .any(|own| own.eq_ignore_ascii_case(role))
    }

    /// The accepted roles by name, joined by "or".
    pub(super) fn accepted_names(&self) -> String {
        let names: Vec<_> = self
            .accepted_roles
            .iter()
            .map(|id| roles::name(id).unwrap_or(id))
            .collect();
        names.join(" or ")
    }
}
