//! What a call costs of the tenant's budget, in resource units.

use http::Method;

use crate::api::ApiCall;

/// The units of a call: the base of its resource, less for `$select` and small pages, never below one.
pub(super) fn units(call: &ApiCall) -> u32 {
    let path = super::route::segments(&call.path);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    units_of(&call.method, &path, &call.query)
}

/// The units of a method on a path of segments with these options.
pub(crate) fn units_of(method: &Method, path: &[&str], query: &[(String, String)]) -> u32 {
    let option = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let base = if method == Method::GET {
        reading(path)
    } else {
        acting(path)
    };
    let small = option("$top")
        .and_then(|top| top.parse::<u32>().ok())
        .is_some_and(|top| top < 20);
    let saved = u32::from(option("$select").is_some()) + u32::from(small);
    let added = u32::from(option("$expand").is_some());
    (base + added).saturating_sub(saved).max(1)
}

fn reading(path: &[&str]) -> u32 {
    match path {
        ["groups", _, "transitiveMembers", ..] => 5,
        ["domains", _, "domainNameReferences", ..] => 4,
        ["subscribedSkus" | "contracts", ..] | ["groups", _, "members", ..] => 3,
        ["users", "delta"] => 1,
        ["users" | "me" | "applications"]
        | ["users" | "applications", _]
        | ["oauth2PermissionGrants", ..]
        | ["servicePrincipals", _, "appRoleAssignments", ..]
        | ["servicePrincipals", _, _, "appRoleAssignments", ..]
        | [
            "users",
            _,
            "memberOf" | "transitiveMemberOf" | "licenseDetails" | "ownedObjects",
            ..,
        ]
        | [
            "me",
            "memberOf" | "transitiveMemberOf" | "licenseDetails" | "ownedObjects",
            ..,
        ] => 2,
        _ => 1,
    }
}

fn acting(path: &[&str]) -> u32 {
    match path.last().copied().unwrap_or_default() {
        "checkMemberGroups" | "checkMemberObjects" | "isMemberOf" => 4,
        "getByIds" => 3,
        "getMemberGroups" | "getMemberObjects" => 2,
        _ => 1,
    }
}
