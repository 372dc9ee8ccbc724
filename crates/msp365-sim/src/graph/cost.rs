//! What a call costs of the tenant's budget, in resource units.

use http::Method;

use crate::api::ApiCall;

/// The units of a call: the base of its resource, less for `$select` and small pages, never below one.
pub(super) fn units(call: &ApiCall) -> u32 {
    let path = super::route::segments(&call.path);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let base: u32 = if call.method == Method::GET {
        reading(&path)
    } else {
        acting(&path)
    };
    let saved = u32::from(call.option("$select").is_some())
        + u32::from(
            call.option("$top")
                .and_then(|top| top.parse::<u32>().ok())
                .is_some_and(|top| top < 20),
        );
    let added = u32::from(call.option("$expand").is_some());
    (base + added).saturating_sub(saved).max(1)
}

fn reading(path: &[&str]) -> u32 {
    match path {
        ["subscribedSkus", ..] | ["groups", _, "members", ..] => 3,
        ["users", "delta"] => 1,
        ["users" | "me"]
        | ["users", _]
        | ["oauth2PermissionGrants", ..]
        | ["users", _, "memberOf" | "transitiveMemberOf", ..]
        | ["me", "memberOf" | "transitiveMemberOf", ..] => 2,
        _ => 1,
    }
}

fn acting(path: &[&str]) -> u32 {
    if path.last() == Some(&"checkMemberGroups") {
        4
    } else {
        1
    }
}
