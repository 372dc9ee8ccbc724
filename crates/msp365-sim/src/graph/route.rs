//! Paths as the routes see them: keys in parentheses become segments of their own, calls lose theirs.

/// Collections that may carry a key in parentheses.
const KEYED: [&str; 12] = [
    "applications",
    "directoryRoles",
    "subscriptions",
    "users",
    "groups",
    "devices",
    "servicePrincipals",
    "oauth2PermissionGrants",
    "managedDevices",
    "delegatedAdminRelationships",
    "delegatedAdminCustomers",
    "domains",
];

/// The names that routes know.
const NAMES: &str = "accessAssignments addPassword admin appRoleAssignedTo appRoleAssignments applications \
    assignLicense auditLogs authentication authenticationMethods checkMemberGroups checkMemberObjects \
    createdObjects delegatedAdminCustomers delegatedAdminRelationships deletedItems delta deviceManagement devices \
    directReports directory directoryAudits directoryObjects directoryRoleTemplates directoryRoles domains \
    getByIds getMemberGroups getMemberObjects groups joinedTeams licenseDetails managedDevices manager me memberOf \
    members methods microsoft.graph.application microsoft.graph.device microsoft.graph.directoryRole \
    microsoft.graph.group microsoft.graph.servicePrincipal microsoft.graph.user oauth2PermissionGrants operations \
    organization ownedDevices ownedObjects owners policies registeredDevices registeredOwners registeredUsers \
    removePassword reportSettings reports reprocessLicenseAssignment resetPassword restore \
    revokeSignInSessions roleAssignmentScheduleInstances roleAssignments roleDefinitions \
    roleEligibilityScheduleInstances roleEligibilityScheduleRequests roleEligibilitySchedules roleManagement \
    servicePrincipals signIns subscribedSkus subscriptions team teams temporaryAccessPassMethods \
    tenantRelationships transitiveMemberOf transitiveMembers userRegistrationDetails users";

/// `users('ada')` becomes `users`, `ada`; `servicePrincipals(appId='x')` becomes `servicePrincipals`, `appId=`, `x`;
/// `delta()` and `microsoft.graph.delta()` become `delta`.
pub(crate) fn segments(path: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for segment in path.iter().filter(|segment| !segment.is_empty()) {
        match keyed(segment) {
            Some((name, alternate, value)) => {
                out.push(name.to_owned());
                out.extend(alternate.map(|alternate| format!("{alternate}=")));
                out.push(value);
            }
            None => out.push(canonical(called(segment))),
        }
    }
    out
}

/// A name in the spelling of the routes: the service does not mind the case of names.
fn canonical(segment: &str) -> String {
    let known = NAMES.split_ascii_whitespace();
    let mut same = known.filter(|name| name.eq_ignore_ascii_case(segment));
    same.next().unwrap_or(segment).to_owned()
}

fn keyed(segment: &str) -> Option<(&str, Option<&str>, String)> {
    let (name, rest) = segment.strip_suffix(')')?.split_once('(')?;
    if !KEYED.contains(&name) {
        return None;
    }
    let (alternate, quoted) = match rest.split_once("='") {
        Some((alternate, _)) if !rest.starts_with('\'') => {
            (Some(alternate), rest.get(alternate.len() + 1..)?)
        }
        _ => (None, rest),
    };
    let inner = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
    Some((name, alternate, inner.replace("''", "'")))
}

/// The name of a function that is called without parameters; any other segment as it is.
fn called(segment: &str) -> &str {
    match segment.strip_suffix("()") {
        Some(name) => name.strip_prefix("microsoft.graph.").unwrap_or(name),
        None => segment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &[&str]) -> Vec<String> {
        segments(&path.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_key_in_parentheses_is_a_segment_with_its_quotes_undone() {
        assert_eq!(
            of(&["users('o''neil@contoso.example')"]),
            ["users", "o'neil@contoso.example"]
        );
        assert_eq!(
            of(&["servicePrincipals(appId='x')"]),
            ["servicePrincipals", "appId=", "x"]
        );
        assert_eq!(of(&["reports", "f(period='D7')"]), ["reports", "f(period='D7')"]);
        assert_eq!(of(&["users", "a='b'"]), ["users", "a='b'"]);
    }

    #[test]
    fn a_function_may_be_called_with_parentheses_and_namespace() {
        for called in ["delta", "delta()", "microsoft.graph.delta()"] {
            assert_eq!(of(&["users", called]), ["users", "delta"]);
        }
        assert_eq!(
            of(&["members", "microsoft.graph.user"]),
            ["members", "microsoft.graph.user"]
        );
    }

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(
            of(&["Groups", "x", "transitivemembers"]),
            ["groups", "x", "transitiveMembers"]
        );
    }
}
