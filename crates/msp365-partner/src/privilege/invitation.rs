//! The GDAP invitation for a set of features, with a plan of which group gets which roles.

use serde::Serialize;

use super::{Feature, Privileges};
use crate::{
    relationships::{AutoExtend, NewRelationship},
    roles,
};

/// One of the partner's security groups, and the roles it is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupRoles {
    /// Its object id in the partner's tenant.
    pub group: String,
    /// The roles, by template id.
    pub roles: Vec<&'static str>,
}

/// A relationship to offer to a customer, and what follows once it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invitation {
    /// What the customer is asked for: two years, with automatic extension unless it covers Global Administrator.
    pub relationship: NewRelationship,
    /// Which groups get which roles; a group gets only the roles that its features need.
    pub groups: Vec<GroupRoles>,
}

impl Invitation {
    /// An invitation for a customer: each group with the features that its people work with. The role that may consent
    /// goes to the first group, which the service account has to be in.
    pub fn new(
        name: impl Into<String>,
        customer: impl Into<String>,
        groups: impl IntoIterator<Item = (String, Vec<Feature>)>,
    ) -> Self {
        let mut plan: Vec<GroupRoles> = Vec::new();
        let mut all = Vec::new();
        for (group, features) in groups {
            all.extend(features.iter().copied());
            let is_first = plan.is_empty();
            let needed = Privileges::of(features).roles;
            let own = needed
                .into_iter()
                .filter(|(role, features)| {
                    !features.is_empty() || (is_first && *role == roles::CLOUD_APPLICATION_ADMINISTRATOR)
                })
                .map(|(role, _)| role);
            plan.push(GroupRoles {
                group,
                roles: own.collect(),
            });
        }
        let roles = Privileges::of(all).roles.into_keys();
        Self {
            relationship: NewRelationship::new(name, customer, roles),
            groups: plan,
        }
    }

    /// Whether the relationship will be extended automatically at its end.
    pub fn extends_itself(&self) -> bool {
        self.relationship.auto_extend == AutoExtend::HalfYear
    }
}
