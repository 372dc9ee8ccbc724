//! One customer in which everything is in order, and what each trouble makes of it.

use std::collections::BTreeSet;

use msp365_graph::{groups::Group, role_assignments::RoleAssignment, users::User};
use msp365_partner::{
    readiness::{AssignmentFacts, Facts, RelationshipFacts, TokenFacts},
    relationships::{AssignmentStatus, RelationshipStatus},
};
use msp365_store::TenantStatus;
use serde_json::{Value, json};

use super::*;

mod direct;
mod guard;
mod licenses;
mod links;
mod machines;
mod reach;
mod technicians;
mod units;

const GROUP: &str = "9a000000-0000-4000-8000-000000000001";
const ADA: &str = "ada00000-0000-4000-8000-000000000001";

fn role(name: &str) -> String {
    tables::id_of(name).unwrap().to_owned()
}

fn access(roles: &[&str]) -> Facts {
    let ids = || roles.iter().map(|name| role(name));
    let mut one = RelationshipFacts::new("r-1", "Contoso 2026", RelationshipStatus::Active);
    one.auto_extend = true;
    one.roles = ids().collect();
    let mut assignment = AssignmentFacts::new(GROUP, AssignmentStatus::Active, ids());
    assignment.group_name = Some("Desk".to_owned());
    one.assignments = vec![assignment];
    let mut facts = Facts::default();
    facts.relationships = vec![one];
    facts.member_of = BTreeSet::from([GROUP.to_owned()]);
    facts.token = TokenFacts::Ok;
    facts
}

/// A customer where the account has these roles, and the application every permission.
fn tenant(roles: &[&str]) -> TenantFacts {
    let id = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    let mut tenant = TenantFacts::new(id, "2026-03-01T00:00:00Z".parse().unwrap());
    let all = [
        "Directory.AccessAsUser.All",
        "Directory.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
        "User-PasswordProfile.ReadWrite.All",
        "User.ReadWrite.All",
        "UserAuthenticationMethod.ReadWrite.All",
    ];
    tenant.status = Known::Is(Some(TenantStatus::Synced));
    tenant.access = Known::Is(access(roles));
    tenant.consent = Known::Is(Some(all.map(str::to_owned).into()));
    tenant.domains = Known::Is(vec![from(
        json!({"id": "contoso.example", "isVerified": true, "authenticationType": "Managed"}),
    )]);
    tenant
}

fn from<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// Ada, a plain member of the cloud, with some properties that differ.
fn ada(differing: &Value) -> TargetFacts {
    let mut user = json!({"id": ADA, "userPrincipalName": "ada@contoso.example", "userType": "Member",
        "accountEnabled": true, "usageLocation": "GB"});
    user.as_object_mut()
        .unwrap()
        .extend(differing.as_object().unwrap().clone());
    let mut target = TargetFacts::new(ADA);
    target.user = Known::Is(Some(from::<User>(user)));
    target.roles = Known::Is(Vec::new());
    target.groups = Known::Is(Vec::new());
    target.direct_groups = Known::Is(BTreeSet::new());
    target.owned_groups = Known::Is(BTreeSet::new());
    target.owned_role_groups = Known::Is(Vec::new());
    target
}

fn plain() -> TargetFacts {
    ada(&json!({}))
}

/// Ada with these roles.
fn administrator(roles: &[&str]) -> TargetFacts {
    let held = roles.iter().map(|name| {
        from::<RoleAssignment>(
            json!({"id": name, "principalId": ADA, "roleDefinitionId": role(name),
            "directoryScopeId": "/"}),
        )
    });
    let mut target = plain();
    target.roles = Known::Is(held.collect());
    target
}

fn group(differing: &Value) -> Group {
    let mut group = json!({"id": "g-1", "displayName": "Team", "mailEnabled": false, "securityEnabled": true,
        "groupTypes": []});
    group
        .as_object_mut()
        .unwrap()
        .extend(differing.as_object().unwrap().clone());
    from(group)
}

fn said(roles: &[&str], action: &Action, target: &TargetFacts) -> Explanation {
    explain(&Actor::host(), &tenant(roles), action, target)
}

/// The first broken link of an explanation; none where it will work.
fn broken(said: &Explanation) -> Option<LinkId> {
    assert_eq!(
        said.verdict == Verdict::WillNot,
        said.first_broken().is_some(),
        "{said:#?}"
    );
    said.first_broken().map(|link| link.id)
}
