//! Licences of one user.

use serde_json::Value;

use super::{Writer, fields};
use crate::{
    graph::{answer::Answer, write_rights::LICENCES_WRITE},
    odata::{Refused, people},
    world::{
        Json, Tenant,
        access::text,
        holdings::{Holding, disabled, skus},
    },
};

/// Services of which a user may have but one.
const EXCLUSIVE: [&[&str]; 2] = [
    &[
        "EXCHANGE_S_STANDARD",
        "EXCHANGE_S_ENTERPRISE",
        "EXCHANGE_S_DESKLESS",
    ],
    &["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE", "SHAREPOINTDESKLESS"],
];
/// Services, and those of which they need one.
const NEEDS: [(&str, &[&str]); 2] = [
    ("SHAREPOINTWAC", &["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"]),
    ("MCOMEETADV", &["MCOSTANDARD"]),
];

/// What a body asks for.
pub(crate) struct Wanted {
    /// Products, each with the services of it that stay off.
    pub(crate) add: Vec<(String, Vec<String>)>,
    pub(crate) remove: Vec<String>,
}

/// Gives and takes licences in one step, or nothing of it.
pub(super) fn assign(writer: &mut Writer<'_>, user: &str) -> Result<Answer, Refused> {
    writer.demand(&LICENCES_WRITE)?;
    let id = writer.user(user)?;
    let wanted = wanted(&writer.body()?)?;
    let held = wished(
        writer.caller()?.tenant,
        &id,
        (&wanted, &writer.call.now.to_string()),
    )?;
    let (tenant, version) = writer.change("user.assignLicense", &id)?;
    tenant.hold(&id, &held, version);
    answer(writer, &id)
}

/// What the user would hold, if it may.
pub(crate) fn wished(
    tenant: &Tenant,
    user: &str,
    (wanted, now): (&Wanted, &str),
) -> Result<Vec<Holding>, Refused> {
    let held = after(tenant, user, wanted, now)?;
    compatible(tenant, &held)?;
    Ok(held)
}

/// Looks again at what the groups of a user hand out.
pub(super) fn reprocess(writer: &mut Writer<'_>, user: &str) -> Result<Answer, Refused> {
    writer.demand(&LICENCES_WRITE)?;
    let id = writer.user(user)?;
    let now = writer.call.now.to_string();
    let (tenant, version) = writer.change("user.reprocessLicenseAssignment", &id)?;
    tenant.inherit(&id, &now, version);
    answer(writer, &id)
}

fn answer(writer: &Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let caller = writer.caller()?;
    let row = caller
        .tenant
        .users
        .get(id)
        .ok_or_else(|| Refused::not_found(id))?;
    Ok(Answer::Json(writer.whole("users", &people::USER, row)?))
}

pub(super) fn wanted(body: &Json) -> Result<Wanted, Refused> {
    let list = |name: &str| {
        body.get(name).and_then(Value::as_array).ok_or_else(|| {
            Refused::bad(format!(
                "The parameter '{name}' is missing or no collection: both addLicenses and removeLicenses are needed."
            ))
        })
    };
    if let Some(other) = body
        .keys()
        .find(|name| !["addLicenses", "removeLicenses"].contains(&name.as_str()))
    {
        return Err(Refused::bad(format!(
            "The parameter '{other}' is not one of the action 'assignLicense'."
        )));
    }
    let guid = |value: &Value| {
        let id = value.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok());
        id.map(|id| id.to_string())
            .ok_or_else(|| Refused::bad("Cannot convert a value to the expected type 'Edm.Guid'."))
    };
    let mut add = Vec::new();
    for one in list("addLicenses")? {
        let one = one.as_object().ok_or_else(|| fields::invalid("addLicenses"))?;
        let off = one.get("disabledPlans").and_then(Value::as_array);
        let off: Result<Vec<String>, Refused> = off.into_iter().flatten().map(guid).collect();
        add.push((guid(one.get("skuId").unwrap_or(&Value::Null))?, off?));
    }
    let remove: Vec<String> = list("removeLicenses")?
        .iter()
        .map(guid)
        .collect::<Result<_, _>>()?;
    if add.iter().any(|(sku, _)| remove.contains(sku)) {
        return Err(Refused::bad("A license is both to be added and to be removed."));
    }
    Ok(Wanted { add, remove })
}

/// What the user would hold.
fn after(tenant: &Tenant, user: &str, wanted: &Wanted, now: &str) -> Result<Vec<Holding>, Refused> {
    let row = tenant.users.get(user).ok_or_else(|| Refused::not_found(user))?;
    let before = tenant.holdings(user);
    let mut held = before.clone();
    for sku in &wanted.remove {
        let ways = held.iter().filter(|one| one.sku == *sku).count();
        held.retain(|one| one.sku != *sku || one.by_group.is_some());
        let left = held.iter().filter(|one| one.sku == *sku).count();
        match (ways, left) {
            (0, _) => return Err(Refused::bad("User does not have a corresponding license.")),
            (ways, left) if ways == left => {
                return Err(Refused::bad(
                    "User license is inherited from a group membership and it cannot be removed directly from the user.",
                ));
            }
            _ => {}
        }
    }
    for (sku, off) in &wanted.add {
        known(tenant, sku)?;
        if text(row, "usageLocation").is_none() {
            return Err(Refused::bad(
                "License assignment cannot be done for user with invalid usage location.",
            ));
        }
        let plans = tenant.plans_of(sku);
        if let Some(plan) = off.iter().find(|plan| !plans.iter().any(|(id, _)| id == *plan)) {
            return Err(Refused::bad(format!(
                "License assignment failed because the service plan {plan} is not part of the license {sku}."
            )));
        }
        if !skus(&before).contains(sku) && tenant.free_units(sku) == 0 {
            return Err(Refused::bad(format!(
                "Subscription with SKU {sku} does not have any available licenses."
            )));
        }
        held.retain(|one| one.sku != *sku || one.by_group.is_some());
        held.push(Holding {
            sku: sku.clone(),
            disabled: off.clone(),
            by_group: None,
            error: None,
            since: now.to_owned(),
        });
    }
    Ok(held)
}

/// Refuses products that the tenant has not, or that are for no users.
pub(super) fn known(tenant: &Tenant, sku: &str) -> Result<(), Refused> {
    let usable = |row: &&Json| {
        text(row, "appliesTo") == Some("User")
            && !matches!(
                text(row, "capabilityStatus"),
                Some("Suspended" | "Deleted" | "LockedOut")
            )
    };
    if tenant.sku(sku).as_ref().is_some_and(usable) {
        return Ok(());
    }
    Err(Refused::bad(format!(
        "License {sku} does not correspond to a valid company License."
    )))
}

/// Refuses services that exclude each other, or lack what they build on.
fn compatible(tenant: &Tenant, held: &[Holding]) -> Result<(), Refused> {
    let mut names = Vec::new();
    for sku in skus(held) {
        let off = disabled(held, &sku);
        let on = tenant
            .plans_of(&sku)
            .into_iter()
            .filter(|(id, _)| !off.contains(id));
        names.extend(on.map(|(_, name)| name));
    }
    for family in EXCLUSIVE {
        let own: Vec<&str> = family
            .iter()
            .copied()
            .filter(|plan| names.iter().any(|name| name == plan))
            .collect();
        if let [first, second, ..] = own.as_slice() {
            return Err(Refused::bad(format!(
                "License assignment failed because service plans {first} and {second} are mutually exclusive."
            )));
        }
    }
    for (plan, bases) in NEEDS {
        let is_on = |wanted: &str| names.iter().any(|name| name == wanted);
        if is_on(plan) && !bases.iter().any(|base| is_on(base)) {
            return Err(Refused::bad(format!(
                "License assignment failed because service plan {plan} depends on the service plan(s) {}.",
                bases.join(", ")
            )));
        }
    }
    Ok(())
}
