//! Words of the service, one table each.

use std::collections::BTreeSet;

use msp365_graph::{
    authentication_methods::PassPolicy,
    groups::{FixedMembership, Group, GroupKind},
};

use super::{super::*, read};

#[test]
fn a_user_is_mastered_here_there_or_formerly_there() {
    for (flag, means) in [
        (None, Mastered::Cloud),
        (Some(true), Mastered::OnPremises),
        (Some(false), Mastered::Formerly),
    ] {
        assert_eq!(Mastered::of(flag), means);
    }
}

#[test]
fn the_kind_of_a_group_and_what_decides_about_it_are_computed() {
    use FixedMembership::{Exchange, OnPremises, Rule};
    use GroupKind::{Distribution, MailEnabledSecurity, Microsoft365, Security};

    for (types, mail, security, synced, kind, fixed) in [
        (r#"["Unified"]"#, true, false, "null", Microsoft365, None),
        (r#"["Unified"]"#, true, true, "null", Microsoft365, None),
        (
            r#"["unified","DynamicMembership"]"#,
            true,
            false,
            "null",
            Microsoft365,
            Some(Rule),
        ),
        ("[]", false, true, "null", Security, None),
        ("[]", false, true, "false", Security, None),
        (
            r#"["DynamicMembership"]"#,
            false,
            true,
            "null",
            Security,
            Some(Rule),
        ),
        ("[]", true, true, "null", MailEnabledSecurity, Some(Exchange)),
        ("[]", true, false, "null", Distribution, Some(Exchange)),
        ("[]", true, false, "true", Distribution, Some(OnPremises)),
        (
            r#"["DynamicMembership"]"#,
            false,
            true,
            "true",
            Security,
            Some(OnPremises),
        ),
    ] {
        let group: Group = read(&format!(
            r#"{{"id":"G","groupTypes":{types},"mailEnabled":{mail},"securityEnabled":{security},
                "onPremisesSyncEnabled":{synced},"isAssignableToRole":null}}"#
        ));

        let entry = GroupEntry::live(&group);

        assert_eq!((entry.kind, entry.fixed), (kind, fixed), "{group:?}");
        assert_eq!(
            entry.fixed,
            super::super::fixed(kind, entry.is_dynamic, entry.is_synced)
        );
        assert!(!entry.is_assignable_to_role);
    }
}

#[test]
fn a_group_tells_what_hangs_on_it() {
    let group: Group = read(
        r#"{"id":"G","displayName":"Sales","groupTypes":["Unified"],"resourceProvisioningOptions":["Team"],
            "assignedLicenses":[{"skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965"},{"skuId":"unheard-of"}]}"#,
    );

    let entry = GroupEntry::live(&group);

    assert_eq!(entry.has_team, Some(true));
    let licenses: Vec<_> = entry.licenses.iter().flatten().map(String::as_str).collect();
    assert_eq!(licenses, ["Microsoft 365 E3", "unheard-of"]);
    assert_eq!(entry.label(), "Sales");
}

#[test]
fn a_role_counts_where_its_scope_says() {
    for (scope, means) in [
        (None, RoleScope::Tenant),
        (Some("/"), RoleScope::Tenant),
        (
            Some("/administrativeUnits/u1"),
            RoleScope::AdministrativeUnit("u1".to_owned()),
        ),
        (Some("/o1"), RoleScope::Object("o1".to_owned())),
    ] {
        assert_eq!(RoleScope::of(scope), means);
    }
}

fn policy(state: &str, include: &str, exclude: &str) -> PassPolicy {
    let targets = |ids: &str| -> String {
        let ids = ids.split(' ').filter(|id| !id.is_empty());
        ids.map(|id| format!(r#"{{"id":"{id}","targetType":"group"}}"#))
            .collect::<Vec<_>>()
            .join(",")
    };
    read(&format!(
        r#"{{"id":"TemporaryAccessPass","state":"{state}","includeTargets":[{}],"excludeTargets":[{}],
            "minimumLifetimeInMinutes":60,"maximumLifetimeInMinutes":480,"isUsableOnce":true}}"#,
        targets(include),
        targets(exclude)
    ))
}

#[test]
fn a_pass_is_allowed_switched_off_withheld_or_not_to_be_told() {
    use PassVerdict::{Allowed, LeftOut, Off, Unknown};
    let groups: BTreeSet<String> = ["g1".to_owned()].into();

    for (state, include, exclude, known, verdict) in [
        ("enabled", "all_users", "", true, Allowed),
        ("enabled", "all_users", "", false, Allowed),
        ("disabled", "all_users", "", true, Off),
        ("enabled", "g1", "", true, Allowed),
        ("enabled", "G1", "", true, Allowed),
        ("enabled", "g2", "", true, LeftOut),
        ("enabled", "", "", true, LeftOut),
        ("enabled", "all_users", "g1", true, LeftOut),
        ("enabled", "all_users", "ada", false, LeftOut),
        ("enabled", "all_users", "g2", true, Allowed),
        ("enabled", "g1", "", false, Unknown),
        ("enabled", "all_users", "g1", false, Unknown),
    ] {
        let said = passes(&policy(state, include, exclude), "ada", known.then_some(&groups));

        assert_eq!(said.verdict, verdict, "{state} {include} without {exclude}");
        assert_eq!(said.remedy.is_none(), verdict == Allowed);
        assert_eq!((said.least_minutes, said.most_minutes), (60, 480));
        assert!(said.is_once_only);
    }
}
