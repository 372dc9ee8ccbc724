//! Giving and taking licences.

use msp365_graph::{
    groups::{FixedMembership, Group},
    users::{LicenseAssignmentState, UserEdit},
};

use super::edit::sendable;
use crate::{
    Facts, Plan, Protection, Refused,
    facts::Person,
    names::product,
    plan::{Action, Grant, IfChanged, Left, StepKind},
    protection::Harm,
    refused::Reason,
};

/// Licences to give and to take.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Licenses {
    /// Products to give.
    pub add: Vec<Grant>,
    /// Products to take, by their ids.
    pub remove: Vec<String>,
    /// The country that is set first where the user has none; there is no default.
    pub usage_location: Option<String>,
}

impl Licenses {
    /// Gives a product.
    #[must_use]
    pub fn give(mut self, grant: Grant) -> Self {
        self.add.push(grant);
        self
    }

    /// Takes a product.
    #[must_use]
    pub fn take(mut self, sku: impl Into<String>) -> Self {
        self.remove.push(sku.into());
        self
    }

    /// The country for a user who has none.
    #[must_use]
    pub fn usage_location(mut self, country: impl Into<String>) -> Self {
        self.usage_location = Some(country.into());
        self
    }

    /// The plan for one user. A licence that comes through a group is taken by leaving the group.
    ///
    /// # Errors
    /// `Conflict` where no unit is free; `NotFound` for a product that the tenant has not; `Invalid` without usage
    /// location, for a licence of a group that cannot be left here, and where nothing would change; `Denied` for an
    /// account that is to be left alone.
    pub fn plan(&self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        let mut plan = Plan::new(facts.tenant, Action::Licenses, person.subject());
        let add = missing(facts, person, &self.add)?;
        if !self.remove.is_empty() {
            protection.check(facts, person, Harm::Other)?;
        }
        if !add.is_empty() && person.user.usage_location.is_none() {
            let country = self.usage_location.as_ref().ok_or_else(|| {
                Reason::NoUsageLocation.with(
                    format!("`{}` has no usage location, and licences need one", person.name()),
                    "give the two-letter country where the services are used",
                )
            })?;
            let mut edit = UserEdit::default();
            edit.usage_location = Some(country.clone());
            plan.push(StepKind::UpdateUser {
                user: person.whom(),
                edit: edit.into(),
                was: Box::default(),
                if_changed: IfChanged::Overwrite,
            });
        }
        let mut remove = Vec::new();
        for sku in &self.remove {
            taking(facts, person, sku, (&mut plan, &mut remove))?;
        }
        push(&mut plan, person, (add, remove))?;
        Ok(plan.not_empty()?.naming(&facts.group_names()))
    }
}

/// Adds the one step for direct licences, if there are any.
fn push(plan: &mut Plan, person: &Person, (add, remove): (Vec<Grant>, Vec<Grant>)) -> Result<(), Refused> {
    if add.is_empty() && remove.is_empty() {
        return Ok(());
    }
    let needs: Vec<usize> = (0..plan.steps.len())
        .filter(|at| {
            matches!(
                plan.steps.get(*at).map(|step| &step.kind),
                Some(StepKind::UpdateUser { .. })
            )
        })
        .collect();
    let kind = StepKind::AssignLicenses {
        user: person.whom(),
        was: held_otherwise(person, &add),
        add,
        remove,
    };
    sendable(&kind)?;
    plan.push_after(kind, 0, needs);
    Ok(())
}

/// The grants that change something, each with a free unit.
fn missing(facts: &Facts, person: &Person, wanted: &[Grant]) -> Result<Vec<Grant>, Refused> {
    let mut add = Vec::new();
    for grant in wanted {
        check_pool(facts, grant, holds(person, &grant.sku_id))?;
        let same = |state: &LicenseAssignmentState| {
            let (mut own, mut new) = (state.disabled_plans.clone(), grant.disabled_plans.clone());
            own.sort_unstable();
            new.sort_unstable();
            state.is_direct() && own == new
        };
        if !states(person, &grant.sku_id).any(same) {
            add.push(grant.clone());
        }
    }
    Ok(add)
}

/// Refuses a product of which no unit is free. Who holds it already takes no further unit.
pub(super) fn check_pool(facts: &Facts, grant: &Grant, is_held: bool) -> Result<(), Refused> {
    let sku = facts.product(&grant.sku_id)?;
    if !is_held && sku.available_units() < 1 {
        return Err(Reason::PoolEmpty.with(
            format!("no unit of `{}` is free", sku.label()),
            "buy more units, or take one from somebody else first",
        ));
    }
    let known = |plan: &&String| {
        sku.service_plans.iter().any(|own| {
            own.service_plan_id
                .as_ref()
                .is_some_and(|id| id.eq_ignore_ascii_case(plan))
        })
    };
    if let Some(plan) = grant.disabled_plans.iter().find(|plan| !known(plan)) {
        return Err(Reason::Malformed.with(
            format!("`{plan}` is no service plan of `{}`", sku.label()),
            "choose from the service plans of the product",
        ));
    }
    Ok(())
}

fn taking(
    facts: &Facts,
    person: &Person,
    sku: &str,
    (plan, remove): (&mut Plan, &mut Vec<Grant>),
) -> Result<(), Refused> {
    let (mut groups, name) = (Vec::new(), product(sku));
    for state in states(person, sku) {
        match &state.assigned_by_group {
            None => remove.push(Grant::new(sku).without(&state.disabled_plans)),
            Some(group) => groups.push(group.clone()),
        }
    }
    if groups.is_empty() {
        return Ok(());
    }
    if remove.iter().any(|grant| grant.sku_id == sku) {
        plan.warn(format!(
            "`{name}` is also held through a group: taking the direct licence alone changes nothing visible"
        ));
    }
    for id in groups {
        let group = facts.group(&id)?;
        leavable(group).map_err(|refused| {
            Reason::Inherited.with(
                format!("`{name}` comes through a group: {}", refused.words),
                refused.remedy,
            )
        })?;
        for line in gives(person, group, sku) {
            plan.warn(line);
        }
        plan.push(StepKind::RemoveMember {
            user: person.whom(),
            group: id,
        });
    }
    Ok(())
}

/// What else a user loses with a group.
fn gives(person: &Person, group: &Group, sku: &str) -> Vec<String> {
    let label = group.display_name.as_deref().unwrap_or(&group.id);
    let others = person.user.license_assignment_states.iter().filter(|state| {
        state.assigned_by_group.as_deref() == Some(group.id.as_str()) && state.sku_id.as_deref() != Some(sku)
    });
    let mut lost: Vec<String> = others
        .filter_map(|state| state.sku_id.as_deref())
        .map(|other| format!("leaving `{label}` also takes `{}`", product(other)))
        .collect();
    lost.push(format!(
        "leaving `{label}` takes whatever else hangs on that group"
    ));
    lost
}

/// Refuses a group whose members cannot be changed here, with what can be done instead.
pub(super) fn leavable(group: &Group) -> Result<(), Refused> {
    let name = group.display_name.as_deref().unwrap_or(&group.id);
    match group.fixed_membership() {
        None => Ok(()),
        Some(FixedMembership::Exchange) => Err(Reason::GroupIsExchange.with(
            format!("the members of `{name}` are kept in Exchange"),
            "change them in the Exchange admin centre",
        )),
        Some(FixedMembership::Rule) => Err(Reason::GroupIsDynamic.with(
            format!("a rule decides who is in `{name}`"),
            "change the rule, or the field of the user that it looks at",
        )),
        Some(_) => Err(Reason::GroupIsSynced.with(
            format!("`{name}` is mastered on-premises"),
            "change its members in the directory on-premises",
        )),
    }
}

/// Direct licences of a user, as one step takes them.
pub(super) fn direct(person: &Person) -> Vec<Grant> {
    let states = person.user.license_assignment_states.iter();
    states
        .filter(|state| state.is_direct())
        .filter_map(|state| Some(Grant::new(state.sku_id.clone()?).without(&state.disabled_plans)))
        .collect()
}

/// How those products are held directly that are to be given.
pub(super) fn held_otherwise(person: &Person, add: &[Grant]) -> Vec<Grant> {
    let mut held = direct(person);
    held.retain(|own| {
        add.iter()
            .any(|grant| grant.sku_id.eq_ignore_ascii_case(&own.sku_id))
    });
    held
}

/// The groups through which a user holds licences, and that cannot be left here.
pub(super) fn stuck(facts: &Facts, person: &Person) -> Vec<Left> {
    let states = person.user.license_assignment_states.iter();
    let pairs = states.filter_map(|state| Some((state.assigned_by_group.clone()?, state.sku_id.clone()?)));
    pairs
        .filter_map(|(group, sku)| {
            let refused = leavable(facts.group(&group).ok()?).err()?;
            Some(Left::new(
                format!("licence `{}`", product(&sku)),
                refused.words,
                refused.remedy,
            ))
        })
        .collect()
}

fn states<'a>(person: &'a Person, sku: &'a str) -> impl Iterator<Item = &'a LicenseAssignmentState> {
    let states = person.user.license_assignment_states.iter();
    states.filter(move |state| {
        state
            .sku_id
            .as_deref()
            .is_some_and(|own| own.eq_ignore_ascii_case(sku))
    })
}

fn holds(person: &Person, sku: &str) -> bool {
    states(person, sku).next().is_some()
}
