//! The life of a GDAP relationship: requests about it, the groups it gives access to, and the operations that change
//! it. What the service does by and by is put on the agenda.

mod dealings;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;

pub(crate) use self::dealings::{Action, Change, Dealings};
use self::dealings::{LOCKED, Operation, Request, TAKEN_UP};
use super::{
    change::derived_id,
    due::Due,
    model::{Assignment, Relationship, World},
};

/// How long the service takes to give access and to change it. Microsoft gives no figures; tools met minutes up to
/// 2026.
const ASSIGNED: SignedDuration = SignedDuration::from_secs(90);
const UNASSIGNED: SignedDuration = SignedDuration::from_secs(60);
const RUNNING: SignedDuration = SignedDuration::from_secs(5);
const OPERATED: SignedDuration = SignedDuration::from_secs(30);

impl World {
    /// A relationship of any status.
    pub(crate) fn relationship(&self, id: &str) -> Option<&Relationship> {
        self.relationships.iter().find(|one| one.id == id)
    }

    fn relationship_mut(&mut self, id: &str) -> Option<&mut Relationship> {
        self.relationships.iter_mut().find(|one| one.id == id)
    }

    /// What was asked for about a relationship, and what is done to it.
    pub(crate) fn dealings(&self, relationship: &str) -> Option<&Dealings> {
        self.journal.dealings.get(relationship)
    }

    /// Whether a request or an operation about a relationship is still under way.
    pub(crate) fn is_busy(&self, relationship: &str) -> bool {
        self.journal.agenda.has(|due| match due {
            Due::Relationship { id, .. } => id == relationship,
            Due::Request { relationship: id, .. } | Due::Operation { relationship: id, .. } => {
                id == relationship
            }
            Due::Assignment { .. } | Due::Consent { .. } => false,
        })
    }

    /// Takes up a request about a relationship; `None` if its status does not allow that now.
    pub(crate) fn ask(&mut self, relationship: &str, action: Action, now: Timestamp) -> Option<Request> {
        let found = self.relationship(relationship)?;
        if found.status(now) != action.wants() || self.is_busy(relationship) {
            return None;
        }
        let version = self.next_version();
        let request = Request {
            id: derived_id(self.partner.id, &format!("relationship request {version}")),
            action,
            status: "created",
            created: now,
            modified: now,
            version,
        };
        let next = |to| Due::Request {
            relationship: relationship.to_owned(),
            id: request.id.clone(),
            to,
        };
        let (pending, succeeded) = (next("pending"), next("succeeded"));
        self.journal.agenda.note(moment(now, TAKEN_UP), pending);
        if let Some(to) = action.at_once() {
            self.turn(relationship, (action.wants(), to), now);
        }
        let mut last = moment(now, LOCKED);
        for (span, from, to) in action.follows() {
            last = moment(now, *span);
            let due = Due::Relationship {
                id: relationship.to_owned(),
                from,
                to,
            };
            self.journal.agenda.note(last, due);
        }
        self.journal.agenda.note(last, succeeded);
        let dealings = self.journal.dealings.entry(relationship.to_owned()).or_default();
        dealings.requests.push(request.clone());
        Some(request)
    }

    /// Takes a relationship from one status to another.
    pub(crate) fn turn(&mut self, id: &str, (from, to): (&str, &'static str), at: Timestamp) {
        let version = self.next_version();
        let Some(one) = self.relationship_mut(id).filter(|one| one.stored_status == from) else {
            return;
        };
        one.stored_status = to;
        one.modified = at;
        one.version = version;
        if to == "active" {
            one.activated = Some(at);
        }
    }

    /// Lets a request go on.
    pub(crate) fn proceed(&mut self, relationship: &str, id: &str, to: &'static str, at: Timestamp) {
        let version = self.next_version();
        let dealings = self.journal.dealings.get_mut(relationship);
        let request = dealings.and_then(|all| all.requests.iter_mut().find(|one| one.id == id));
        if let Some(request) = request {
            (request.status, request.modified, request.version) = (to, at, version);
        }
    }

    /// Begins to give the roles to a group; `None` if there is no such relationship.
    pub(crate) fn assign(
        &mut self,
        relationship: &str,
        (group, roles): (String, Vec<String>),
        now: Timestamp,
    ) -> Option<Assignment> {
        let version = self.next_version();
        let assignment = Assignment {
            id: derived_id(self.partner.id, &format!("access assignment {version}")),
            group,
            roles,
            status: "pending",
            created: now,
            modified: now,
            version,
        };
        let one = self.relationship_mut(relationship)?;
        one.assignments.push(assignment.clone());
        self.later_assignment(
            (relationship, &assignment.id),
            ("pending", "active"),
            moment(now, ASSIGNED),
        );
        Some(assignment)
    }

    /// Begins to take an assignment away.
    pub(crate) fn unassign(&mut self, (relationship, id): (&str, &str), from: &'static str, now: Timestamp) {
        self.turn_assignment((relationship, id), (from, "deleting"), now);
        self.later_assignment(
            (relationship, id),
            ("deleting", "deleted"),
            moment(now, UNASSIGNED),
        );
    }

    fn later_assignment(
        &mut self,
        (relationship, id): (&str, &str),
        (from, to): (&'static str, &'static str),
        at: Timestamp,
    ) {
        let due = Due::Assignment {
            relationship: relationship.to_owned(),
            id: id.to_owned(),
            from,
            to,
        };
        self.journal.agenda.note(at, due);
    }

    /// Takes an assignment from one status to another. One that is to become active needs its group still.
    pub(crate) fn turn_assignment(
        &mut self,
        (relationship, id): (&str, &str),
        (from, to): (&str, &'static str),
        at: Timestamp,
    ) {
        let version = self.next_version();
        let Some(group) = self
            .relationship(relationship)
            .and_then(|one| one.assignment(id))
            .filter(|one| one.status == from)
            .map(|one| one.group.clone())
        else {
            return;
        };
        let has_failed = to == "active" && self.partner.groups.get(&group).is_none();
        let found = self
            .relationship_mut(relationship)
            .and_then(|one| one.assignments.iter_mut().find(|one| one.id == id));
        if let Some(one) = found {
            one.status = if has_failed { "error" } else { to };
            (one.modified, one.version) = (at, version);
        }
    }

    /// Begins an operation on a relationship. Answers its id.
    pub(crate) fn begin(&mut self, relationship: &str, change: Change, now: Timestamp) -> String {
        let version = self.next_version();
        let operation = Operation {
            id: derived_id(self.partner.id, &format!("relationship operation {version}")),
            change,
            status: "notStarted",
            created: now,
            modified: now,
            version,
        };
        let id = operation.id.clone();
        for (span, to) in [(RUNNING, "running"), (OPERATED, "succeeded")] {
            let due = Due::Operation {
                relationship: relationship.to_owned(),
                id: id.clone(),
                to,
            };
            self.journal.agenda.note(moment(now, span), due);
        }
        let dealings = self.journal.dealings.entry(relationship.to_owned()).or_default();
        dealings.operations.push(operation);
        id
    }

    /// Lets an operation go on, and makes its change once it has succeeded.
    pub(crate) fn operate(&mut self, relationship: &str, id: &str, to: &'static str, at: Timestamp) {
        let version = self.next_version();
        let dealings = self.journal.dealings.get_mut(relationship);
        let operation = dealings.and_then(|all| all.operations.iter_mut().find(|one| one.id == id));
        let Some(operation) = operation else {
            return;
        };
        (operation.status, operation.modified, operation.version) = (to, at, version);
        let change = (to == "succeeded").then(|| operation.change.clone());
        let Some((change, one)) = change.zip(self.relationship_mut(relationship)) else {
            return;
        };
        match change {
            Change::Assignment { id, roles, .. } => {
                for held in one.assignments.iter_mut().filter(|held| held.id == id) {
                    held.roles.clone_from(&roles);
                    (held.modified, held.version) = (at, version);
                }
            }
            Change::Relationship { roles } => {
                for held in &mut one.assignments {
                    held.roles.retain(|role| roles.contains(role));
                }
                one.roles = roles;
                (one.modified, one.version) = (at, version);
            }
        }
    }

    /// Names the customer of a relationship that has none yet.
    pub(crate) fn settle_customer(&mut self, relationship: &str, customer: TenantId) -> bool {
        let Some(name) = self.customer(customer).map(|tenant| tenant.name.clone()) else {
            return false;
        };
        match self.relationship_mut(relationship) {
            Some(one) if one.customer.is_none_or(|own| own == customer) => {
                one.customer = Some(customer);
                one.customer_name = name;
                true
            }
            _ => false,
        }
    }
}

impl Relationship {
    /// An access assignment of any status.
    pub(crate) fn assignment(&self, id: &str) -> Option<&Assignment> {
        self.assignments.iter().find(|one| one.id == id)
    }

    /// Turns auto-extension on or off. What it was extended by so far stays.
    pub(crate) fn extend_automatically(&mut self, extends: bool, now: Timestamp) {
        let span = self.end(now).zip(self.activated);
        if let Some((end, activated)) = span.filter(|_| self.auto_extends) {
            let days = end.duration_since(activated).as_hours() / 24;
            self.extended_days = days - self.duration_days;
        }
        self.auto_extends = extends;
    }
}

/// The entity tag of a version, in the look of the service.
pub(crate) fn etag(version: u64) -> String {
    format!(
        "W/\"{}\"",
        STANDARD.encode(format!("'\"{version:08x}-0000-0200-0000\"'"))
    )
}

fn moment(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}
