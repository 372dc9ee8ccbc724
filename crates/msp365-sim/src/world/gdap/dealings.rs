//! Requests about a relationship and operations on it, as the service keeps them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::etag;
use crate::world::{
    Json,
    access::{object, unified},
};

/// How long the service takes for each step. Microsoft gives no figures: seconds for what it keeps itself, minutes for
/// what it provisions in the customer, as tools met it up to 2026.
pub(super) const TAKEN_UP: SignedDuration = SignedDuration::from_secs(2);
pub(super) const LOCKED: SignedDuration = SignedDuration::from_secs(5);
const ACTIVATING: SignedDuration = SignedDuration::from_secs(15);
const ACTIVATED: SignedDuration = SignedDuration::from_secs(120);
const TERMINATING: SignedDuration = SignedDuration::from_secs(15);
const TERMINATED: SignedDuration = SignedDuration::from_secs(180);
/// What can be asked for about a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    LockForApproval,
    Approve,
    Reject,
    Terminate,
}

impl Action {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LockForApproval => "lockForApproval",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Terminate => "terminate",
        }
    }

    /// The status in which it can be asked for.
    pub(crate) const fn wants(self) -> &'static str {
        match self {
            Self::LockForApproval => "created",
            Self::Approve | Self::Reject => "approvalPending",
            Self::Terminate => "active",
        }
    }

    /// The status that is taken on at once, if it is another.
    pub(super) const fn at_once(self) -> Option<&'static str> {
        match self {
            Self::LockForApproval => None,
            Self::Approve => Some("approved"),
            // The service has no word for a refused invitation; it ends like one that was taken back.
            Self::Reject => Some("terminating"),
            Self::Terminate => Some("terminationRequested"),
        }
    }

    /// The statuses that follow by themselves, and after what time.
    pub(super) const fn follows(self) -> &'static [(SignedDuration, &'static str, &'static str)] {
        match self {
            Self::LockForApproval => &[(LOCKED, "created", "approvalPending")],
            Self::Approve => &[
                (ACTIVATING, "approved", "activating"),
                (ACTIVATED, "activating", "active"),
            ],
            Self::Reject => &[(LOCKED, "terminating", "terminated")],
            Self::Terminate => &[
                (TERMINATING, "terminationRequested", "terminating"),
                (TERMINATED, "terminating", "terminated"),
            ],
        }
    }
}

/// What was asked for about one relationship, and what is done to it.
#[derive(Debug, Default)]
pub(crate) struct Dealings {
    pub(crate) requests: Vec<Request>,
    pub(crate) operations: Vec<Operation>,
}

/// A request about a relationship.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) action: Action,
    pub(super) status: &'static str,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) version: u64,
}

/// A long-running operation.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) change: Change,
    pub(super) status: &'static str,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) version: u64,
}

/// What an operation changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// The roles of an assignment.
    Assignment {
        id: String,
        group: String,
        roles: Vec<String>,
    },
    /// The roles of the relationship, and of assignments that hold more.
    Relationship { roles: Vec<String> },
}

impl Request {
    /// As `delegatedAdminRelationshipRequest`.
    pub(crate) fn render(&self) -> Json {
        object(json!({
            "@odata.etag": etag(self.version),
            "id": self.id,
            "action": self.action.name(),
            "status": self.status,
            "createdDateTime": self.created.to_string(),
            "lastModifiedDateTime": self.modified.to_string(),
        }))
    }
}

impl Operation {
    /// As `delegatedAdminRelationshipOperation`.
    pub(crate) fn render(&self, relationship: &str) -> Json {
        object(json!({
            "@odata.etag": etag(self.version),
            "id": self.id,
            "operationType": self.change.kind(),
            "data": self.change.data(relationship).to_string(),
            "status": self.status,
            "createdDateTime": self.created.to_string(),
            "lastModifiedDateTime": self.modified.to_string(),
        }))
    }
}

impl Change {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Assignment { .. } => "delegatedAdminAccessAssignmentUpdate",
            Self::Relationship { .. } => "delegatedAdminRelationshipUpdate",
        }
    }

    /// The object as it is to become.
    fn data(&self, relationship: &str) -> Value {
        match self {
            Self::Assignment { id, group, roles } => json!({
                "id": id,
                "accessContainer": {"accessContainerId": group, "accessContainerType": "securityGroup"},
                "accessDetails": {"unifiedRoles": unified(roles)},
                "status": "active",
            }),
            Self::Relationship { roles } => json!({
                "id": relationship,
                "accessDetails": {"unifiedRoles": unified(roles)},
                "status": "active",
            }),
        }
    }
}
