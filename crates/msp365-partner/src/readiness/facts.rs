//! What is known about one customer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use msp365_core::{ErrorKind, TenantId, TokenError};

use super::{Capabilities, CredentialKind};
use crate::relationships::{AccessAssignment, AssignmentStatus, Relationship, RelationshipStatus};

/// What is known about one customer. What was not checked keeps its default, and gives no finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Facts {
    /// The tenant, for links.
    pub tenant: Option<TenantId>,
    /// Whether it is the partner's own tenant, which needs no relationship.
    pub is_primary: bool,
    /// Whether an application reaches it with permissions of its own, without an account or a relationship in between.
    pub is_direct: bool,
    /// What the application proves its identity with.
    pub credential: CredentialKind,
    /// When the credential expires, if that is known.
    pub credential_ends_at: Option<Timestamp>,
    /// Whether the connected tenant is a partner at all.
    pub partner_is_csp: Option<bool>,
    /// The service account.
    pub account: AccountFacts,
    /// Whether the service account is an admin agent.
    pub admin_agent: AdminAgent,
    /// Whether Partner Center lists the customer.
    pub in_partner_center: Option<bool>,
    /// All relationships with the customer, whatever their status.
    pub relationships: Vec<RelationshipFacts>,
    /// Object ids of all groups the service account is in, directly or through other groups.
    pub member_of: BTreeSet<String>,
    /// For each group that the service account is in only through other groups, by object id: the names of the groups
    /// on the way, from the one it is in directly to the group itself.
    pub nested: BTreeMap<String, Vec<String>>,
    /// Whether a token was obtained in the customer's tenant.
    pub token: TokenFacts,
    /// What the application may do in the customer's tenant.
    pub consent: ConsentFacts,
    /// Whether the customer's organization could be read and is the right one.
    pub organization_ok: Option<bool>,
    /// What the customer's tenant can do.
    pub capabilities: Capabilities,
}

/// What is known about the service account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AccountFacts {
    /// Its user principal name, for messages.
    pub name: Option<String>,
    /// Whether it may sign in.
    pub enabled: Option<bool>,
    /// Whether it is a member of the partner's tenant, not a guest.
    pub member: Option<bool>,
    /// Whether its sign-in proved a second factor.
    pub mfa: Option<bool>,
}

/// Whether the service account is an admin agent of the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AdminAgent {
    /// It is in the group `AdminAgents`.
    Yes,
    /// It is not.
    No,
    /// It is, but Partner Center refuses it for this customer.
    NotForThisCustomer,
    /// It was not determined.
    #[default]
    Unknown,
}

/// What is known about a relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelationshipFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its status.
    pub status: RelationshipStatus,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When it took effect.
    pub activated: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Whether it is extended automatically at its end.
    pub auto_extend: bool,
    /// The roles it covers, by template id.
    pub roles: Vec<String>,
    /// The groups it gives roles to.
    pub assignments: Vec<AssignmentFacts>,
}

impl RelationshipFacts {
    /// A relationship about which nothing else is known.
    pub fn new(id: impl Into<String>, name: impl Into<String>, status: RelationshipStatus) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            status,
            created: None,
            activated: None,
            ends_at: None,
            auto_extend: false,
            roles: Vec::new(),
            assignments: Vec::new(),
        }
    }

    /// What a relationship and its access assignments, as they were read, say.
    pub fn of<'a>(
        relationship: &Relationship,
        assignments: impl IntoIterator<Item = &'a AccessAssignment>,
    ) -> Self {
        let name = relationship.display_name.clone().unwrap_or_default();
        let status = relationship.status.clone();
        let unknown = || RelationshipStatus::Other(String::new());
        Self {
            created: relationship.created_date_time,
            activated: relationship.activated_date_time,
            ends_at: relationship.end_date_time,
            auto_extend: relationship.extends_itself(),
            roles: relationship.roles().map(str::to_owned).collect(),
            assignments: assignments.into_iter().filter_map(AssignmentFacts::of).collect(),
            ..Self::new(relationship.id.clone(), name, status.unwrap_or_else(unknown))
        }
    }

    /// Sorts relationships by age, the newest last: by creation, then activation, then id.
    pub fn order(&self) -> (Option<Timestamp>, Option<Timestamp>, &str) {
        (self.created, self.activated, &self.id)
    }

    /// The roles it gives to any of these groups, by template id in lower case: the roles that an account in these
    /// groups has in the customer's tenant if this relationship decides.
    ///
    /// ```
    /// use msp365_partner::{readiness::{AssignmentFacts, RelationshipFacts}, relationships::*, roles};
    ///
    /// let mut one = RelationshipFacts::new("r-1", "Contoso", RelationshipStatus::Active);
    /// one.assignments = vec![AssignmentFacts::new("g-1", AssignmentStatus::Active, [roles::USER_ADMINISTRATOR])];
    ///
    /// assert!(one.roles_of(&["G-1".to_owned()].into()).contains(roles::USER_ADMINISTRATOR));
    /// assert!(one.roles_of(&["g-2".to_owned()].into()).is_empty());
    /// ```
    pub fn roles_of(&self, groups: &BTreeSet<String>) -> BTreeSet<String> {
        let gives = |assignment: &&AssignmentFacts| {
            assignment.status == AssignmentStatus::Active
                && assignment.group_exists != Some(false)
                && groups
                    .iter()
                    .any(|id| id.eq_ignore_ascii_case(&assignment.group_id))
        };
        let roles = self.assignments.iter().filter(gives).flat_map(|one| &one.roles);
        roles.map(|role| role.to_ascii_lowercase()).collect()
    }

    /// Whether it covers this role.
    pub(super) fn has_role(&self, id: &str) -> bool {
        self.roles.iter().any(|own| own.eq_ignore_ascii_case(id))
    }
}

/// What is known about a group that a relationship gives roles to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssignmentFacts {
    /// The group's object id in the partner's tenant.
    pub group_id: String,
    /// Its name, if that was read.
    pub group_name: Option<String>,
    /// Whether it still exists, if that was checked.
    pub group_exists: Option<bool>,
    /// The status of the assignment.
    pub status: AssignmentStatus,
    /// The roles the group has, by template id.
    pub roles: Vec<String>,
}

impl AssignmentFacts {
    /// A group with these roles.
    pub fn new<S: Into<String>>(
        group_id: impl Into<String>,
        status: AssignmentStatus,
        roles: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            group_id: group_id.into(),
            group_name: None,
            group_exists: None,
            status,
            roles: roles.into_iter().map(Into::into).collect(),
        }
    }

    /// What an access assignment, as it was read, says; `None` if it names no group.
    pub fn of(assignment: &AccessAssignment) -> Option<Self> {
        let status = assignment.status.clone();
        let unknown = || AssignmentStatus::Other(String::new());
        let group = assignment.group_id()?;
        Some(Self::new(
            group,
            status.unwrap_or_else(unknown),
            assignment.roles(),
        ))
    }

    /// Its name, or its id if the name is not known.
    pub fn label(&self) -> &str {
        self.group_name.as_deref().unwrap_or(&self.group_id)
    }
}

/// Whether a token was obtained in the customer's tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TokenFacts {
    /// None was requested.
    #[default]
    NotTried,
    /// A token was issued.
    Ok,
    /// It was refused.
    Refused {
        /// What that means to a caller.
        kind: ErrorKind,
        /// The code, such as `AADSTS53003`.
        code: String,
        /// What went wrong.
        message: String,
        /// What to do about it, if that is known.
        remedy: String,
    },
}

impl TokenFacts {
    /// What the failure to get a token says.
    pub fn refused(error: &TokenError) -> Self {
        Self::Refused {
            kind: error.kind,
            code: error.code.clone(),
            message: error.message.clone(),
            remedy: error.remedy.clone(),
        }
    }
}

/// What the application may do in the customer's tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ConsentFacts {
    /// This was not read.
    #[default]
    NotRead,
    /// These permissions of Microsoft Graph were granted: delegated ones for everybody, or the application's own if it
    /// reaches the tenant directly.
    Granted(BTreeSet<String>),
    /// There is none, and none was ever given: enrolment does that.
    NotGiven,
    /// There is none, though it should be there.
    Missing,
    /// It could not be given.
    Refused(ConsentRefusal),
}

/// Why a consent could not be given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsentRefusal {
    /// What that means to a caller.
    pub kind: ErrorKind,
    /// The code of Partner Center.
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// What to do about it, if that is known.
    pub remedy: String,
    /// The link under which an administrator of the customer can consent instead.
    pub link: Option<String>,
}

impl ConsentRefusal {
    /// A refusal about which nothing else is known.
    pub fn new(kind: ErrorKind, code: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            message: String::new(),
            remedy: String::new(),
            link: None,
        }
    }
}
