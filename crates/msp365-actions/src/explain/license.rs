//! Whether licences can be given and taken: pools, places, ways of holding them, and service plans that go ill together.

use std::collections::BTreeSet;

use msp365_graph::{
    licenses::{LicenseChange, LicenseGrant},
    sku_names,
    subscribed_skus::{CapabilityStatus, SubscribedSku},
    users::User,
};

use super::{
    Action, LinkId, Mender,
    chain::{Case, Chain},
    tables::{PlanRule, plan_rules},
    target::{label, nothing},
};

/// One way in which a user holds a product.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Holding {
    sku: String,
    off: BTreeSet<String>,
    by_group: bool,
    works: bool,
}

/// Whether the licences can be given and taken.
pub(super) fn check(case: &Case<'_>, chain: &mut Chain) {
    let Some(user) = case.target.user.get().and_then(Option::as_ref) else {
        return;
    };
    match case.action {
        Action::Licenses(change) if change.add.is_empty() && change.remove.is_empty() => nothing(chain),
        Action::Licenses(change) => one_step(case, user, change, chain),
        Action::RemoveAllLicenses => all(case, user, chain),
        _ => {}
    }
}

fn all(case: &Case<'_>, user: &User, chain: &mut Chain) {
    let held = holdings(user);
    let own: BTreeSet<_> = held
        .iter()
        .filter(|one| !one.by_group)
        .map(|one| one.sku.clone())
        .collect();
    let inherited = held.len() - held.iter().filter(|one| !one.by_group).count();
    if inherited > 0 {
        chain.caution(format!(
            "{inherited} licences come through groups, and go when the user leaves these"
        ));
    }
    if own.is_empty() {
        chain.holds(
            LinkId::License,
            format!("{} holds no licence itself", label(user)),
        );
        return chain.already();
    }
    let mut change = LicenseChange::default();
    change.remove = own.into_iter().collect();
    one_step(case, user, &change, chain);
}

fn one_step(case: &Case<'_>, user: &User, change: &LicenseChange, chain: &mut Chain) {
    let before = holdings(user);
    let mut after = before.clone();
    let both = change
        .add
        .iter()
        .find(|grant| change.remove.iter().any(|sku| same(sku, &grant.sku_id)));
    if let Some(both) = both {
        return refuse(
            chain,
            Mender::Caller,
            format!("'{}' is both to be given and to be taken", product(&both.sku_id)),
            "leave out one of the two",
        );
    }
    for sku in &change.remove {
        taken(user, &before, &mut after, sku, chain);
    }
    if !change.add.is_empty() && user.usage_location.as_deref().is_none_or(str::is_empty) {
        no_location(user, chain);
    }
    let products = case.tenant.products.known();
    for grant in &change.add {
        match products {
            Ok(products) => given(products, &before, grant, chain),
            Err(why) => chain.unknown(LinkId::License, "what the tenant bought", why),
        }
        after.retain(|one| one.by_group || !same(&one.sku, &grant.sku_id));
        after.push(Holding {
            sku: grant.sku_id.to_ascii_lowercase(),
            off: grant
                .disabled_plans
                .iter()
                .map(|plan| plan.to_ascii_lowercase())
                .collect(),
            by_group: false,
            works: true,
        });
    }
    match products {
        Ok(products) => together(products, &after, chain),
        Err(why) => chain.unknown(LinkId::License, "which service plans would be on", why),
    }
    if chain.links.iter().all(|link| link.id != LinkId::License) {
        chain.holds(LinkId::License, "the licences can be given and taken");
    }
}

/// A deleted user is listed without its location: of one that comes back it is not known.
fn no_location(user: &User, chain: &mut Chain) {
    if user.has(User::USAGE_LOCATION) {
        return refuse(
            chain,
            Mender::Caller,
            format!("{} has no usage location, which licences need", label(user)),
            "set the country where the user works first",
        );
    }
    chain.unknown(
        LinkId::License,
        "the usage location, which licences need",
        "deleted users are listed without it",
    );
}

fn refuse(chain: &mut Chain, mender: Mender, evidence: impl Into<String>, remedy: impl Into<String>) {
    chain.broken((LinkId::License, mender), evidence, remedy);
}

/// Whether one product can be taken; what is left then.
fn taken(user: &User, before: &[Holding], after: &mut Vec<Holding>, sku: &str, chain: &mut Chain) {
    let ways: Vec<_> = before.iter().filter(|one| same(&one.sku, sku)).collect();
    after.retain(|one| one.by_group || !same(&one.sku, sku));
    if ways.is_empty() {
        return refuse(
            chain,
            Mender::Caller,
            format!("{} does not hold '{}'", label(user), product(sku)),
            "leave it out",
        );
    }
    let by_group = ways.iter().filter(|one| one.by_group).count();
    if by_group == ways.len() {
        return refuse(
            chain,
            Mender::Caller,
            format!(
                "'{}' comes through a group, and cannot be taken from the user itself",
                product(sku)
            ),
            "take the user out of the group, and look what else that group gives",
        );
    }
    if by_group > 0 {
        chain.caution(format!(
            "'{}' comes through a group as well, so that nothing visible changes",
            product(sku)
        ));
    }
}

/// Whether one product can be given.
fn given(products: &[SubscribedSku], before: &[Holding], grant: &LicenseGrant, chain: &mut Chain) {
    let own = products
        .iter()
        .find(|one| one.sku_id.as_deref().is_some_and(|id| same(id, &grant.sku_id)));
    let Some(own) = own else {
        return refuse(
            chain,
            Mender::Caller,
            format!("the tenant has not bought '{}'", product(&grant.sku_id)),
            "choose a product of the tenant, or buy this one",
        );
    };
    let is_off = matches!(
        own.capability_status,
        Some(CapabilityStatus::Suspended | CapabilityStatus::Deleted | CapabilityStatus::LockedOut)
    );
    if !own.is_for_users() || is_off {
        let why = if is_off {
            "is suspended"
        } else {
            "is for the company as a whole"
        };
        return refuse(
            chain,
            Mender::CustomerAdministrator,
            format!("'{}' {why}, and cannot be given to users", own.label()),
            "choose another product, or renew this one",
        );
    }
    let plans = plans_of(own);
    let stranger = grant
        .disabled_plans
        .iter()
        .find(|plan| !plans.iter().any(|(id, _)| same(id, plan)));
    if let Some(stranger) = stranger {
        refuse(
            chain,
            Mender::Caller,
            format!("the service plan {stranger} is no part of '{}'", own.label()),
            "leave it out of the plans that stay off",
        );
    }
    let has_one = before
        .iter()
        .any(|one| one.works && same(&one.sku, &grant.sku_id));
    if own.available_units() < 1 && !has_one {
        refuse(
            chain,
            Mender::PartnerAdministrator,
            format!("'{}' has no free units", own.label()),
            "buy more units, or free some",
        );
    }
}

/// Whether the service plans that would be on go together, by the rules that are known.
fn together(products: &[SubscribedSku], held: &[Holding], chain: &mut Chain) {
    let on = plans_on(products, held);
    for rule in plan_rules() {
        match rule {
            PlanRule::OneOf(family) => {
                let own: Vec<_> = family
                    .iter()
                    .filter(|plan| on.contains(**plan))
                    .copied()
                    .collect();
                if own.len() > 1 {
                    refuse(
                        chain,
                        Mender::Caller,
                        format!("the service plans {} exclude each other", own.join(" and ")),
                        "take the other licence in the same step, or keep one of the plans off",
                    );
                }
            }
            PlanRule::Needs(plan, bases) => {
                if on.contains(*plan) && !bases.iter().any(|base| on.contains(*base)) {
                    refuse(
                        chain,
                        Mender::Caller,
                        format!("the service plan {plan} needs {}", bases.join(" or ")),
                        "give a product that has it too, or keep the plan off",
                    );
                }
            }
        }
    }
}

/// Names of the service plans that some product held brings.
fn plans_on(products: &[SubscribedSku], held: &[Holding]) -> BTreeSet<String> {
    let mut on = BTreeSet::new();
    let skus: BTreeSet<_> = held
        .iter()
        .filter(|one| one.works)
        .map(|one| one.sku.as_str())
        .collect();
    for sku in skus {
        let ways: Vec<_> = held.iter().filter(|one| one.works && one.sku == sku).collect();
        let Some(own) = products
            .iter()
            .find(|one| one.sku_id.as_deref().is_some_and(|id| same(id, sku)))
        else {
            continue;
        };
        // A plan is off where every way of holding the product leaves it out.
        let is_off = |id: &str| ways.iter().all(|way| way.off.contains(&id.to_ascii_lowercase()));
        let names = plans_of(own).into_iter().filter(|(id, _)| !is_off(id));
        on.extend(names.map(|(_, name)| name.to_owned()));
    }
    on
}

/// Id and name of the service plans that users get.
fn plans_of(product: &SubscribedSku) -> Vec<(&str, &str)> {
    let plans = product
        .service_plans
        .iter()
        .filter(|plan| plan.applies_to.as_deref() != Some("Company"));
    plans
        .filter_map(|plan| {
            Some((
                plan.service_plan_id.as_deref()?,
                plan.service_plan_name.as_deref()?,
            ))
        })
        .collect()
}

fn holdings(user: &User) -> Vec<Holding> {
    let low = |list: &[String]| list.iter().map(|one| one.to_ascii_lowercase()).collect();
    let mut held: Vec<_> = user
        .license_assignment_states
        .iter()
        .filter_map(|state| {
            Some(Holding {
                sku: state.sku_id.as_deref()?.to_ascii_lowercase(),
                off: low(&state.disabled_plans),
                by_group: !state.is_direct(),
                works: state.problem().is_none(),
            })
        })
        .collect();
    for own in &user.assigned_licenses {
        let Some(sku) = own.sku_id.as_deref() else {
            continue;
        };
        if !held.iter().any(|one| same(&one.sku, sku)) {
            held.push(Holding {
                sku: sku.to_ascii_lowercase(),
                off: low(&own.disabled_plans),
                by_group: false,
                works: true,
            });
        }
    }
    held
}

/// Whether a user holds a product other than through a group.
pub(super) fn holds_itself(user: &User) -> bool {
    holdings(user).iter().any(|one| !one.by_group)
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn product(sku: &str) -> &str {
    sku_names::name(sku).unwrap_or(sku)
}
