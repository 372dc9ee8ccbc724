//! What a tenant keeps beside its objects, and the journal of what was done to the world.

use std::collections::{BTreeMap, BTreeSet};

use msp365_core::TenantId;

use serde_json::Value;

use super::{
    access::text,
    commerce::Commerce,
    due::Agenda,
    gdap::Dealings,
    model::{Json, Table, Tenant, World},
    notices::Notice,
    units::Unit,
};

/// What a tenant keeps beside its objects.
#[derive(Debug, Default)]
pub(crate) struct Register {
    /// User id → id of the manager.
    pub(crate) managers: BTreeMap<String, String>,
    /// Group id → ids of the users that own it.
    pub(crate) owners: BTreeMap<String, BTreeSet<String>>,
    /// Administrative units, by their id.
    pub(crate) units: BTreeMap<String, Unit>,
    /// Device id → id of the user it is registered for.
    pub(crate) device_owners: BTreeMap<String, String>,
    /// User id → sign-in methods, once they were changed; until then they follow from the seed.
    pub(crate) methods: BTreeMap<String, Vec<Json>>,
    /// User id → temporary access pass.
    pub(crate) passes: BTreeMap<String, Json>,
    /// Operations of password resets, by their id.
    pub(crate) operations: BTreeMap<String, Json>,
    /// The policy of temporary access passes, once it was changed.
    pub(crate) pass_policy: Option<Json>,
    /// Template ids of directory roles that were activated.
    pub(crate) activated: BTreeSet<String>,
    /// Roles somebody may activate, as `unifiedRoleEligibilityScheduleInstance`.
    pub(crate) eligibility: Table,
    /// What was asked of `eligibility`, as `unifiedRoleEligibilityScheduleRequest`.
    pub(crate) eligibility_requests: Table,
    /// Who wants to be told of changes, as `subscription`.
    pub(crate) subscriptions: Table,
    /// Application objects.
    pub(crate) applications: Table,
    /// `appRoleAssignment` of users, groups and service principals.
    pub(crate) app_roles: Table,
}

/// Something a call did to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) tenant: TenantId,
    /// Such as `user.create`.
    pub(crate) operation: &'static str,
    /// Id of the object, and of the second one after a blank where two take part.
    pub(crate) target: String,
    /// World version it happened at.
    pub(crate) version: u64,
}

/// What happened to the world as a whole, and what is under way.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// Everything that calls changed, in order.
    pub(crate) effects: Vec<Effect>,
    /// How many of them were told to those who subscribed to changes.
    pub(crate) told: usize,
    /// What is to be told of subscriptions themselves.
    pub(crate) lifecycle: Vec<Notice>,
    /// Addresses on this machine that showed that they want to be told.
    pub(crate) answering: BTreeSet<String>,
    /// Accounts whose refresh tokens are to end.
    pub(crate) revoked: Vec<String>,
    /// What Partner Center keeps.
    pub(crate) commerce: Commerce,
    /// What is still to come.
    pub(crate) agenda: Agenda,
    /// Requests about relationships and operations on them, by the id of the relationship.
    pub(crate) dealings: BTreeMap<String, Dealings>,
}

impl World {
    /// Notes that a call changed something.
    pub(crate) fn effect(&mut self, tenant: TenantId, operation: &'static str, target: &str) {
        let version = self.version;
        self.journal.effects.push(Effect {
            tenant,
            operation,
            target: target.to_owned(),
            version,
        });
    }

    /// The accounts whose refresh tokens are to end since this was asked last.
    pub(crate) fn take_revoked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.journal.revoked)
    }
}

impl Tenant {
    /// Gives each department a manager, and each Microsoft 365 group an owner: the first who can be it.
    pub(crate) fn appoint(&mut self) {
        let mut heads: BTreeMap<String, &str> = BTreeMap::new();
        for (id, user) in self.users.picked(&["accountEnabled", "department"]) {
            let is_active = user.get("accountEnabled") == Some(&Value::Bool(true));
            if let Some(department) = text(&user, "department").filter(|_| is_active) {
                let head = heads.entry(department.to_owned()).or_insert(id);
                if *head != id {
                    let managers = &mut self.register.managers;
                    managers.insert(id.to_owned(), (*head).to_owned());
                }
            }
        }
        for group in self.groups.present() {
            let types = group.get("groupTypes").and_then(Value::as_array);
            let is_unified = types.is_some_and(|types| types.iter().any(|kind| kind == "Unified"));
            let members = text(group, "id").and_then(|id| Some((id, self.members.get(id)?)));
            if let Some((id, first)) = members
                .filter(|_| is_unified)
                .and_then(|(id, members)| Some((id, members.keys().find(|id| self.users.has(id))?)))
            {
                let owners = self.register.owners.entry(id.to_owned()).or_default();
                owners.insert(first.clone());
            }
        }
    }
}
