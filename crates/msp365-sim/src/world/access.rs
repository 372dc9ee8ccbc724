//! Who may do what now: lookups, GDAP relationships by the clock, and effective directory roles.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;
use serde_json::{Value, json};

use super::{
    gdap,
    model::{Assignment, Json, Relationship, Row, Table, Tenant, World},
    packed::Needs,
    units::Over,
};

const DAY: i64 = 24;
const EXTENSION_DAYS: i64 = 180;
/// An invitation that nobody answers in this time is void.
const UNANSWERED_DAYS: i64 = 90;
/// How long the service takes to undo what an ended relationship gave. Microsoft gives no figure.
const EXPIRING: SignedDuration = SignedDuration::from_mins(15);

impl World {
    /// The partner tenant or a customer.
    pub(crate) fn tenant(&self, id: TenantId) -> Option<&Tenant> {
        if self.partner.id == id {
            return Some(&self.partner);
        }
        self.customer(id)
    }

    /// The partner tenant or a customer, to change.
    pub(crate) fn tenant_mut(&mut self, id: TenantId) -> Option<&mut Tenant> {
        if self.partner.id == id {
            return Some(&mut self.partner);
        }
        self.customers.iter_mut().find(|tenant| tenant.id == id)
    }

    /// A customer.
    pub(crate) fn customer(&self, id: TenantId) -> Option<&Tenant> {
        self.customers.iter().find(|tenant| tenant.id == id)
    }

    /// A tenant by id, or by one of its domains.
    pub(crate) fn tenant_named(&self, name: &str) -> Option<&Tenant> {
        if let Ok(id) = name.parse() {
            return self.tenant(id);
        }
        std::iter::once(&self.partner)
            .chain(&self.customers)
            .find(|tenant| {
                tenant.default_domain.eq_ignore_ascii_case(name)
                    || tenant.initial_domain.eq_ignore_ascii_case(name)
            })
    }

    /// Lets the objects of a tenant, and those of the partner tenant, take little room again.
    pub(crate) fn close(&mut self, tenant: TenantId) {
        self.partner.close();
        if let Some(tenant) = self.tenant_mut(tenant) {
            tenant.close();
        }
    }

    /// Lets all objects take little room again.
    pub(crate) fn close_all(&mut self) {
        self.partner.close();
        self.customers.iter_mut().for_each(Tenant::close);
    }

    /// The relationship that decides about a customer: the one created last among the active ones.
    pub(crate) fn deciding_relationship(&self, customer: TenantId, now: Timestamp) -> Option<&Relationship> {
        self.relationships
            .iter()
            .filter(|one| one.customer == Some(customer) && one.status(now) == "active")
            .max_by_key(|one| one.created)
    }

    /// Template ids of the directory roles that hold over a whole tenant, and that an account of the partner tenant holds in a tenant now: through the
    /// deciding GDAP relationship in a customer, by its own assignments (and those of its groups) at home. A user of
    /// a customer holds its own assignments there.
    pub(crate) fn directory_roles(&self, tenant: TenantId, oid: &str, now: Timestamp) -> Vec<String> {
        let Some(target) = self.tenant(tenant) else {
            return Vec::new();
        };
        let mut roles = target.own_roles(oid);
        if tenant != self.partner.id && self.partner.users.has(oid) {
            let groups = self.partner.transitive_groups(oid);
            if let Some(relationship) = self.deciding_relationship(tenant, now) {
                for assignment in relationship.active_assignments() {
                    if groups.contains(&assignment.group) {
                        roles.extend(assignment.roles.iter().cloned());
                    }
                }
            }
        }
        roles.into_iter().collect()
    }
}

impl Tenant {
    /// Ids of all groups this object is in, directly or through other groups.
    pub(crate) fn transitive_groups(&self, member: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![member.to_owned()];
        while let Some(next) = open.pop() {
            for (group, members) in &self.members {
                let is_in = members.get(&next).is_some_and(|edge| !edge.removed);
                if is_in && self.groups.has(group) && found.insert(group.clone()) {
                    open.push(group.clone());
                }
            }
        }
        found
    }

    /// Template ids of roles assigned in the whole of this tenant to an object or to a group it is in.
    fn own_roles(&self, oid: &str) -> BTreeSet<String> {
        self.roles_where(oid, |over| over == Over::Tenant)
    }
}

impl Table {
    /// The object of this id, if it is present.
    pub(crate) fn get(&self, id: &str) -> Option<&Json> {
        let row = self.rows.get(id).filter(|row| row.removed.is_none())?;
        self.touched.set(true);
        Some(&row.json)
    }

    /// The id of the first object present whose property is a text that fits; opens none.
    pub(crate) fn find(&self, property: &str, fits: impl Fn(&str) -> bool) -> Option<&str> {
        let needs = Needs::of([property]);
        let mut rows = self.present_rows();
        let found = rows.find(|(_, row)| text(&row.json.pick(&needs), property).is_some_and(&fits));
        found.map(|(id, _)| id)
    }

    /// Whether there is an object of this id; opens none.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.rows.get(id).is_some_and(|row| row.removed.is_none())
    }

    /// The rows of all objects present; opens none.
    pub(crate) fn present_rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        let present = self.rows.iter().filter(|(_, row)| row.removed.is_none());
        present.map(|(id, row)| (id.as_str(), row))
    }

    /// These members of all objects present, by id; opens none.
    pub(crate) fn picked(&self, names: &[&str]) -> impl Iterator<Item = (&str, Json)> {
        let needs = Needs::of(names.iter().copied());
        let rows = self.present_rows();
        rows.map(move |(id, row)| (id, row.json.pick(&needs)))
    }

    /// All rows, those of removed objects among them, by id.
    pub(crate) fn opened(&self) -> impl Iterator<Item = &Row> {
        self.touched.set(true);
        self.rows.values()
    }

    /// All objects present, by id.
    pub(crate) fn present(&self) -> impl Iterator<Item = &Json> {
        self.touched.set(true);
        self.present_rows().map(|(_, row)| &*row.json)
    }
}

impl Tenant {
    /// Lets all objects take little room again.
    pub(crate) fn close(&mut self) {
        self.tables().into_iter().for_each(Table::close);
    }

    /// All objects, by their kind.
    pub(super) fn tables(&mut self) -> [&mut Table; 12] {
        [
            &mut self.users,
            &mut self.groups,
            &mut self.devices,
            &mut self.managed_devices,
            &mut self.role_assignments,
            &mut self.role_definitions,
            &mut self.service_principals,
            &mut self.permission_grants,
            &mut self.register.eligibility,
            &mut self.register.eligibility_requests,
            &mut self.register.applications,
            &mut self.register.app_roles,
        ]
    }
}

impl Table {
    fn close(&mut self) {
        if self.touched.take() {
            for row in self.rows.values_mut() {
                row.json.close();
            }
        }
    }
}

impl Relationship {
    /// When it ends, as seen now: auto-extension has moved it past the present.
    pub(crate) fn end(&self, now: Timestamp) -> Option<Timestamp> {
        if self.stored_status == "terminated" {
            return Some(self.modified);
        }
        let days = self.duration_days.saturating_add(self.extended_days);
        let mut end = later(self.activated?, days);
        if self.auto_extends && self.stored_status == "active" {
            while end <= now && end < Timestamp::MAX {
                end = later(end, EXTENSION_DAYS);
            }
        }
        Some(end)
    }

    /// Its status now.
    pub(crate) fn status(&self, now: Timestamp) -> &'static str {
        match self.stored_status {
            "active" => match self.end(now) {
                Some(end) if end <= earlier(now, EXPIRING) => "expired",
                Some(end) if end <= now => "expiring",
                _ => "active",
            },
            "approvalPending" if later(self.modified, UNANSWERED_DAYS) <= now => "expired",
            stored => stored,
        }
    }

    /// Assignments that give access.
    pub(crate) fn active_assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(|one| one.status == "active")
    }

    /// The entity tag of its present state.
    pub(crate) fn etag(&self) -> String {
        gdap::etag(self.version)
    }

    /// As `delegatedAdminRelationship`.
    pub(crate) fn render(&self, now: Timestamp) -> Json {
        let value = json!({
            "@odata.etag": self.etag(),
            "id": self.id,
            "displayName": self.display_name,
            "duration": format!("P{}D", self.duration_days),
            "autoExtendDuration": if self.auto_extends { "P180D" } else { "PT0S" },
            "customer": self.customer.map(|id| json!({"tenantId": id, "displayName": self.customer_name})),
            "accessDetails": {"unifiedRoles": unified(&self.roles)},
            "status": self.status(now),
            "createdDateTime": self.created.to_string(),
            "lastModifiedDateTime": self.modified.to_string(),
            "activatedDateTime": self.activated.map(|at| at.to_string()),
            "endDateTime": self.end(now).map(|at| at.to_string()),
        });
        object(value)
    }
}

impl Assignment {
    /// The entity tag of its present state.
    pub(crate) fn etag(&self) -> String {
        gdap::etag(self.version)
    }

    /// As `delegatedAdminAccessAssignment`.
    pub(crate) fn render(&self) -> Json {
        let value = json!({
            "@odata.etag": self.etag(),
            "id": self.id,
            "status": self.status,
            "createdDateTime": self.created.to_string(),
            "lastModifiedDateTime": self.modified.to_string(),
            "accessContainer": {
                "accessContainerId": self.group,
                "accessContainerType": "securityGroup",
            },
            "accessDetails": {"unifiedRoles": unified(&self.roles)},
        });
        object(value)
    }
}

/// A text member of an object.
pub(crate) fn text<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    json.get(name).and_then(Value::as_str)
}

/// The members of a value known to be an object; none of any other.
pub(crate) fn object(value: Value) -> Json {
    match value {
        Value::Object(members) => members,
        _ => Json::new(),
    }
}

/// As `unifiedRoles`.
pub(crate) fn unified(roles: &[String]) -> Vec<Value> {
    roles
        .iter()
        .map(|role| json!({"roleDefinitionId": role}))
        .collect()
}

/// A moment some days later (earlier for negative days), within what can be told.
pub(crate) fn later(from: Timestamp, days: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_hours(days.saturating_mul(DAY)))
        .unwrap_or(Timestamp::MAX)
}

fn earlier(from: Timestamp, span: SignedDuration) -> Timestamp {
    from.checked_sub(span).unwrap_or(Timestamp::MIN)
}
