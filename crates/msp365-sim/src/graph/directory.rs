//! The tenant itself: organization, domains and licences.

use serde_json::Value;

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    read_only,
    rights::{DOMAINS, ORGANIZATION, ORGANIZATION_IN_FULL, SUBSCRIBED_SKUS},
    unknown,
};
use crate::{
    odata::{Refused, Rules, tenant},
    world::Json,
};

const ORGANIZATIONS: Rules = Rules {
    shape: &tenant::ORGANIZATION,
    page: usize::MAX,
    top: None,
    options: "$select",
    order: "",
    directory: false,
};
const DOMAIN: Rules = Rules {
    shape: &tenant::DOMAIN,
    page: 999,
    top: Some(999),
    options: "$select",
    order: "",
    directory: false,
};
/// The schema rules out every option; `$select` works all the same.
const SKUS: Rules = Rules {
    shape: &tenant::SUBSCRIBED_SKU,
    ..ORGANIZATIONS
};

pub(super) fn serve(caller: &Caller<'_>, path: &[&str]) -> Result<Answer, Refused> {
    match path {
        ["organization", rest @ ..] => organization(caller, rest),
        ["domains", rest @ ..] => {
            read_only(caller, &DOMAINS)?;
            let rows = &caller.tenant.domains;
            match rest {
                [] => caller.listed("domains", &DOMAIN, rows),
                [name] => {
                    let row = rows.iter().find(|row| id_of(row).eq_ignore_ascii_case(name));
                    caller.entity("domains", &tenant::DOMAIN, row, name)
                }
                rest => Err(unknown(rest)),
            }
        }
        ["subscribedSkus", rest @ ..] => {
            read_only(caller, &SUBSCRIBED_SKUS)?;
            let rows = &caller.tenant.subscribed_skus;
            match rest {
                [] => caller.listed("subscribedSkus", &SKUS, rows),
                [id] => {
                    let row = rows.iter().find(|row| id_of(row) == *id);
                    caller.entity("subscribedSkus", &tenant::SUBSCRIBED_SKU, row, id)
                }
                rest => Err(unknown(rest)),
            }
        }
        path => Err(unknown(path)),
    }
}

fn organization(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &ORGANIZATION)?;
    let full = &caller.tenant.organization;
    let reduced = ORGANIZATION_IN_FULL.is_permitted(&caller.call.claims);
    let row = if reduced { full.clone() } else { basics(full) };
    match rest {
        [] => {
            let options = caller.options(&ORGANIZATIONS)?;
            let id = id_of(full);
            caller.collection("organization", &options, |_| {
                std::iter::once((id, std::borrow::Cow::Owned(row.clone())))
            })
        }
        [id] => {
            let row = Some(&row).filter(|row| id_of(row) == *id);
            caller.entity("organization", &tenant::ORGANIZATION, row, id)
        }
        rest => Err(unknown(rest)),
    }
}

/// What an app sees that may only read the signed-in user.
fn basics(full: &Json) -> Json {
    full.iter()
        .map(|(name, value)| {
            let kept = ["id", "displayName", "verifiedDomains"].contains(&name.as_str());
            let value = match value {
                value if kept => value.clone(),
                Value::Array(_) => Value::Array(Vec::new()),
                _ => Value::Null,
            };
            (name.clone(), value)
        })
        .filter(|(name, _)| name != "mobileDeviceManagementAuthority")
        .collect()
}
