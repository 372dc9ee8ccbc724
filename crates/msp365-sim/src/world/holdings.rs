//! Licences that users hold, as `licenseAssignmentStates` tell them; pools, services and groups follow from these.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    access::{object, text},
    model::{Json, Removed, Tenant},
};

/// One way in which a user holds a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) sku: String,
    pub(crate) disabled: Vec<String>,
    /// The group that hands it out; none: assigned to the user itself.
    pub(crate) by_group: Option<String>,
    /// Why it could not be given, in Microsoft's word for it.
    pub(crate) error: Option<String>,
    /// Since when.
    pub(crate) since: String,
}

impl Holding {
    fn read(state: &Json) -> Self {
        let words = |name: &str| -> Vec<String> {
            let all = state.get(name).and_then(Value::as_array);
            let all = all.into_iter().flatten().filter_map(Value::as_str);
            all.map(str::to_owned).collect()
        };
        Self {
            sku: text(state, "skuId").unwrap_or_default().to_owned(),
            disabled: words("disabledPlans"),
            by_group: text(state, "assignedByGroup").map(str::to_owned),
            error: text(state, "error")
                .filter(|error| *error != "None")
                .map(str::to_owned),
            since: text(state, "lastUpdatedDateTime").unwrap_or_default().to_owned(),
        }
    }

    fn write(&self) -> Value {
        let mut state = object(json!({
            "skuId": self.sku,
            "disabledPlans": self.disabled,
            "assignedByGroup": self.by_group,
            "state": if self.error.is_some() { "Error" } else { "Active" },
            "error": self.error.as_deref().unwrap_or("None"),
        }));
        if !self.since.is_empty() {
            state.insert("lastUpdatedDateTime".to_owned(), json!(self.since));
        }
        Value::Object(state)
    }
}

impl Tenant {
    /// How a user holds its products.
    pub(crate) fn holdings(&self, user: &str) -> Vec<Holding> {
        let Some(row) = self.users.get(user) else {
            return Vec::new();
        };
        let list = |name: &str| row.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut held: Vec<Holding> = list("licenseAssignmentStates")
            .filter_map(Value::as_object)
            .map(Holding::read)
            .collect();
        for licence in list("assignedLicenses").filter_map(Value::as_object) {
            let direct = Holding::read(licence);
            if !held.iter().any(|one| one.sku == direct.sku) {
                held.push(direct);
            }
        }
        held
    }

    /// Lets a user hold exactly this; pools and services follow.
    pub(crate) fn hold(&mut self, user: &str, held: &[Holding], version: u64) {
        let before = skus(&self.holdings(user));
        let after = skus(held);
        for sku in &mut self.subscribed_skus {
            let id = text(sku, "skuId").unwrap_or_default().to_owned();
            let units = sku.get("consumedUnits").and_then(Value::as_u64).unwrap_or(0);
            let units = match (before.contains(&id), after.contains(&id)) {
                (true, false) => units.saturating_sub(1),
                (false, true) => units + 1,
                _ => continue,
            };
            sku.insert("consumedUnits".to_owned(), json!(units));
        }
        let assigned: Vec<Value> = after
            .iter()
            .map(|sku| json!({"skuId": sku, "disabledPlans": disabled(held, sku)}))
            .collect();
        let states: Vec<Value> = held.iter().map(Holding::write).collect();
        let plans = self.plans(held);
        self.users.set(user, "assignedLicenses", assigned, version);
        self.users.set(user, "licenseAssignmentStates", states, version);
        self.users.set(user, "assignedPlans", plans, version);
    }

    fn plans(&self, held: &[Holding]) -> Vec<Value> {
        let mut plans = BTreeMap::new();
        for sku in skus(held) {
            let off = disabled(held, &sku);
            let since = held
                .iter()
                .find(|one| one.sku == sku)
                .map(|one| one.since.as_str());
            for (id, name) in self.plans_of(&sku) {
                if off.contains(&id) {
                    continue;
                }
                let mut plan = object(json!({
                    "capabilityStatus": "Enabled",
                    "service": name,
                    "servicePlanId": id,
                }));
                if let Some(since) = since.filter(|since| !since.is_empty()) {
                    plan.insert("assignedDateTime".to_owned(), json!(since));
                }
                plans.insert(id, Value::Object(plan));
            }
        }
        plans.into_values().collect()
    }

    /// The product as the tenant bought it.
    pub(crate) fn sku(&self, id: &str) -> Option<&Json> {
        let own = |row: &&Json| text(row, "skuId").is_some_and(|own| own.eq_ignore_ascii_case(id));
        self.subscribed_skus.iter().find(own)
    }

    /// Id and name of the services in a product that users get.
    pub(crate) fn plans_of(&self, sku: &str) -> Vec<(String, String)> {
        let plans = self.sku(sku).and_then(|row| row.get("servicePlans")?.as_array());
        let plans = plans.into_iter().flatten().filter_map(Value::as_object);
        plans
            .filter(|plan| text(plan, "appliesTo") != Some("Company"))
            .filter_map(|plan| {
                let name = text(plan, "servicePlanName")?;
                Some((text(plan, "servicePlanId")?.to_owned(), name.to_owned()))
            })
            .collect()
    }

    /// How many units of a product may still be assigned.
    pub(crate) fn free_units(&self, sku: &str) -> u64 {
        let Some(row) = self.sku(sku) else {
            return 0;
        };
        let units = |name: &str| {
            let units = row
                .get("prepaidUnits")
                .and_then(|units| units.get(name)?.as_u64());
            units.unwrap_or(0)
        };
        let consumed = row.get("consumedUnits").and_then(Value::as_u64).unwrap_or(0);
        (units("enabled") + units("warning")).saturating_sub(consumed)
    }

    /// Gives a user what its groups hand out now, and takes away what they no longer do.
    pub(crate) fn inherit(&mut self, user: &str, now: &str, version: u64) {
        let before = self.holdings(user);
        let mut held: Vec<Holding> = before
            .iter()
            .filter(|one| one.by_group.is_none())
            .cloned()
            .collect();
        for (group, sku, disabled) in self.handed_out(user) {
            let earlier = before
                .iter()
                .find(|one| {
                    one.by_group.as_ref() == Some(&group) && one.sku == sku && one.disabled == disabled
                })
                .filter(|one| one.error.is_none());
            let has_one = skus(&before).contains(&sku) || skus(&held).contains(&sku);
            let error = (!has_one && self.free_units(&sku) == 0).then(|| "CountViolation".to_owned());
            held.push(earlier.cloned().unwrap_or(Holding {
                sku,
                disabled,
                by_group: Some(group),
                error,
                since: now.to_owned(),
            }));
        }
        if held != before {
            self.hold(user, &held, version);
        }
    }

    /// Group, product and services left out, for all groups a user is in that hand out licences.
    fn handed_out(&self, user: &str) -> Vec<(String, String, Vec<String>)> {
        let mut out = Vec::new();
        for (group, members) in &self.members {
            if members.get(user).is_none_or(|edge| edge.removed) {
                continue;
            }
            let licences = self
                .groups
                .get(group)
                .and_then(|row| row.get("assignedLicenses")?.as_array());
            for licence in licences.into_iter().flatten().filter_map(Value::as_object) {
                let licence = Holding::read(licence);
                out.push((group.clone(), licence.sku, licence.disabled));
            }
        }
        out
    }

    /// Takes a user out of everything: licences, groups, roles, and the lists of others.
    pub(crate) fn leave(&mut self, user: &str, version: u64) {
        self.hold(user, &[], version);
        self.mailboxes.retain(|mailbox| mailbox.user != user);
        for members in self.members.values_mut() {
            if let Some(edge) = members.get_mut(user).filter(|edge| !edge.removed) {
                edge.removed = true;
                edge.version = version;
            }
        }
        let assigned: Vec<String> = self
            .role_assignments
            .present()
            .filter(|row| text(row, "principalId") == Some(user))
            .filter_map(|row| text(row, "id").map(str::to_owned))
            .collect();
        for id in assigned {
            self.role_assignments.remove(&id, Removed::Deleted, version);
        }
        self.register
            .managers
            .retain(|report, manager| report != user && manager != user);
        for owners in self.register.owners.values_mut() {
            owners.remove(user);
        }
        for unit in self.register.units.values_mut() {
            unit.members.remove(user);
        }
    }
}

/// The products held without a fault.
pub(crate) fn skus(held: &[Holding]) -> BTreeSet<String> {
    held.iter()
        .filter(|one| one.error.is_none())
        .map(|one| one.sku.clone())
        .collect()
}

/// The services that no way of holding a product brings.
pub(crate) fn disabled(held: &[Holding], sku: &str) -> Vec<String> {
    let mut ways = held.iter().filter(|one| one.sku == sku && one.error.is_none());
    let first = ways.next().map(|one| one.disabled.clone()).unwrap_or_default();
    ways.fold(first, |left, one| {
        left.into_iter()
            .filter(|plan| one.disabled.contains(plan))
            .collect()
    })
}
