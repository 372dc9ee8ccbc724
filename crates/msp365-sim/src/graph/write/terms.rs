//! What a body says of a relationship, and what is wrong with that.

use msp365_core::TenantId;
use serde_json::Value;

use super::relationships::bad;
use crate::{
    odata::{Refused, access::DELEGATED_ADMIN_RELATIONSHIP},
    world::{Json, World, roles},
};

const LONGEST_NAME: usize = 50;
/// Two years.
const LONGEST_DAYS: i64 = 730;

/// What a body says of a relationship.
#[derive(Debug, Default)]
pub(super) struct Terms {
    pub(super) name: Option<String>,
    pub(super) days: Option<i64>,
    pub(super) roles: Option<Vec<String>>,
    pub(super) customer: Option<(TenantId, String)>,
    pub(super) auto_extends: Option<bool>,
}

impl Terms {
    pub(super) fn read(world: &World, body: &Json) -> Result<Self, Refused> {
        let mut terms = Self::default();
        for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
            match name.as_str() {
                "displayName" => terms.name = Some(read_name(value)?),
                "duration" => terms.days = Some(read_days(value)?),
                "accessDetails" => terms.roles = Some(read_roles(value)?),
                "customer" => terms.customer = Some(read_customer(world, value)?),
                "autoExtendDuration" => terms.auto_extends = Some(read_extension(value)?),
                other if DELEGATED_ADMIN_RELATIONSHIP.member(other).is_some() => {
                    return Err(bad(format!("The property '{other}' is read-only.")));
                }
                other => {
                    return Err(bad(format!(
                        "Could not find a property named '{other}' on type 'microsoft.graph.delegatedAdminRelationship'."
                    )));
                }
            }
        }
        Ok(terms)
    }
}

fn read_name(value: &Value) -> Result<String, Refused> {
    let name = value.as_str().map(str::trim).unwrap_or_default();
    if (1..=LONGEST_NAME).contains(&name.chars().count()) {
        Ok(name.to_owned())
    } else {
        Err(bad(format!(
            "The displayName must have 1 to {LONGEST_NAME} characters."
        )))
    }
}

/// Days of a duration in years, months, weeks and days; one with a time in it is none of whole days.
fn read_days(value: &Value) -> Result<i64, Refused> {
    let wrong = || bad("The duration must be a value between P1D and P2Y inclusive.");
    let text = value
        .as_str()
        .and_then(|text| text.strip_prefix('P'))
        .ok_or_else(wrong)?;
    let (mut days, mut digits) = (0_i64, String::new());
    for letter in text.chars() {
        let each = match letter {
            '0'..='9' if digits.len() < 4 => {
                digits.push(letter);
                continue;
            }
            'Y' => 365,
            'M' => 30,
            'W' => 7,
            'D' => 1,
            _ => return Err(wrong()),
        };
        days += each * digits.parse::<i64>().map_err(|_| wrong())?;
        digits.clear();
    }
    if digits.is_empty() && (1..=LONGEST_DAYS).contains(&days) {
        Ok(days)
    } else {
        Err(wrong())
    }
}

/// The roles of `accessDetails`, each once.
pub(super) fn read_roles(value: &Value) -> Result<Vec<String>, Refused> {
    let listed = value.get("unifiedRoles").and_then(Value::as_array);
    let listed = listed
        .filter(|listed| !listed.is_empty())
        .ok_or_else(|| bad("The accessDetails must name at least one role."))?;
    let mut found: Vec<String> = Vec::new();
    for one in listed {
        let id = one
            .get("roleDefinitionId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let id = id.to_lowercase();
        if roles::name_of(&id).is_none() {
            return Err(bad(format!(
                "The role definition '{id}' is not a role that can be requested."
            )));
        }
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn read_customer(world: &World, value: &Value) -> Result<(TenantId, String), Refused> {
    let id = value.get("tenantId").and_then(Value::as_str).unwrap_or_default();
    let customer = id.parse().ok().and_then(|id| world.customer(id));
    let customer = customer.ok_or_else(|| {
        bad(format!(
            "The customer's tenantId '{id}' is not that of a customer tenant."
        ))
    })?;
    let name = value.get("displayName").and_then(Value::as_str);
    Ok((customer.id, name.unwrap_or(&customer.name).to_owned()))
}

fn read_extension(value: &Value) -> Result<bool, Refused> {
    match value.as_str() {
        Some("P180D") => Ok(true),
        Some("P0D" | "PT0S") => Ok(false),
        _ => Err(bad("The autoExtendDuration must be P0D, PT0S or P180D.")),
    }
}
