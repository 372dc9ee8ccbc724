//! What comes and goes: everything with the ways by which it is held, before and after.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Application, Card, License, Named, RoleEntry, Standing},
    Effect, GroupFacts, Hanging, What, direct,
};

/// By which ways somebody holds something: `None` is directly.
type Ways = BTreeSet<Option<Named>>;

/// Everything that somebody holds, with its name and its ways.
#[derive(Default)]
struct Having {
    held: BTreeMap<What, (String, Ways)>,
}

impl Having {
    fn add(&mut self, (what, name): (What, &str), way: Option<Named>) {
        let entry = self
            .held
            .entry(what)
            .or_insert_with(|| (name.to_owned(), Ways::new()));
        entry.1.insert(way);
    }

    /// What hangs on a group, for somebody who is in it.
    fn join(&mut self, hanging: &Hanging) {
        let group = || Some(Named::new(&hanging.group.id, hanging.group.name.clone()));
        for product in &hanging.licenses {
            let sku_id = product.sku_id.clone();
            self.add((What::License { sku_id }, &product.name), group());
        }
        if hanging.group.has_team == Some(true) {
            let id = hanging.group.id.clone();
            self.add((What::Team { id }, hanging.group.label()), group());
        }
        for application in &hanging.applications {
            self.add(application_of(application), group());
        }
        for role in &hanging.roles {
            self.add(role_of(role), group());
        }
    }

    /// Without the ways through these groups.
    fn without(&self, groups: &BTreeSet<&str>) -> Self {
        let is_left = |way: &&Option<Named>| {
            way.as_ref()
                .is_none_or(|group| !groups.contains(group.id.as_str()))
        };
        let rest = self.held.iter().map(|(what, (name, ways))| {
            let ways: Ways = ways.iter().filter(is_left).cloned().collect();
            (what.clone(), (name.clone(), ways))
        });
        Self {
            held: rest.filter(|(_, (_, ways))| !ways.is_empty()).collect(),
        }
    }
}

fn application_of(application: &Application) -> (What, &str) {
    let what = What::Application {
        id: application.id.clone(),
        role: application.role.clone(),
    };
    (what, application.name.as_deref().unwrap_or(&application.id))
}

fn role_of(role: &RoleEntry) -> (What, &str) {
    let what = What::Role {
        id: role.id.clone(),
        scope: role.scope.clone(),
        is_eligible: role.standing != Standing::InForce,
    };
    (what, &role.name)
}

/// What a user has now.
fn before(facts: &GroupFacts) -> Having {
    let details = &facts.details;
    let mut having = Having::default();
    for license in details.licenses.iter().flat_map(Card::rows) {
        let License {
            sku_id,
            product,
            ways,
            ..
        } = license;
        for way in ways {
            let sku_id = sku_id.clone();
            having.add((What::License { sku_id }, product), way.group.clone());
        }
    }
    for group in direct(details).filter(|group| group.has_team == Some(true)) {
        let way = Named::new(&group.id, group.name.clone());
        let id = group.id.clone();
        having.add((What::Team { id }, group.label()), Some(way));
    }
    for application in details.applications.iter().flat_map(Card::rows) {
        having.add(application_of(application), application.group.clone());
    }
    for role in details.roles.iter().flat_map(Card::rows) {
        having.add(role_of(role), role.group.clone());
    }
    having
}

/// What is gained, lost, and kept.
pub(super) fn of(
    facts: &GroupFacts,
    joins: &[Named],
    leaves: &[Named],
) -> (Vec<Effect>, Vec<Effect>, Vec<Effect>) {
    let ids =
        |groups: &[Named]| -> BTreeSet<String> { groups.iter().map(|group| group.id.clone()).collect() };
    let (joined, left) = (ids(joins), ids(leaves));
    let before = before(facts);
    let mut after = before.without(&left.iter().map(String::as_str).collect());
    for id in &joined {
        if let Some(hanging) = facts.hanging.get(id) {
            after.join(hanging);
        }
    }
    let (mut gained, mut lost, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for (what, (name, ways)) in &after.held {
        match before.held.get(what) {
            None => gained.push(effect(what, name, (ways, &joined), remark(facts, what))),
            Some((_, earlier)) if earlier != ways => {
                let all: Ways = earlier.union(ways).cloned().collect();
                let changed = joined.union(&left).cloned().collect();
                kept.push(effect(what, name, (&all, &changed), None));
            }
            Some(_) => {}
        }
    }
    for (what, (name, ways)) in &before.held {
        if !after.held.contains_key(what) {
            lost.push(effect(what, name, (ways, &left), None));
        }
    }
    (gained, lost, kept)
}

fn effect(
    what: &What,
    name: &str,
    (ways, changed): (&Ways, &BTreeSet<String>),
    remark: Option<&'static str>,
) -> Effect {
    let is_changed = |group: &&Named| changed.contains(&group.id);
    let others = ways
        .iter()
        .filter(|way| way.as_ref().is_none_or(|group| !changed.contains(&group.id)));
    Effect {
        what: what.clone(),
        name: name.to_owned(),
        through: ways.iter().flatten().filter(is_changed).cloned().collect(),
        also: others
            .map(|way| way.as_ref().map_or("directly", Named::label).to_owned())
            .collect(),
        remark,
    }
}

/// What else there is to know of something that comes.
fn remark(facts: &GroupFacts, what: &What) -> Option<&'static str> {
    let What::License { sku_id } = what else {
        return None;
    };
    // Where the products of the tenant were not read, nothing can be said of them.
    let products = facts.details.availability.as_ref()?.content.as_ref()?;
    let own = products.iter().find(|product| product.sku_id == *sku_id);
    own.is_none_or(|product| product.has_run_out)
        .then_some("no unit is free: the licence is assigned and does not work until one is")
}
