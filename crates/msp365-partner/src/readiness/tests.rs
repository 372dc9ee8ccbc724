//! One named row for each finding, and what must hold for any facts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_core::ErrorKind;

use super::*;
use crate::{
    relationships::{AssignmentStatus, RelationshipStatus},
    roles,
};

mod any;
mod table;

const GROUP: &str = "9a000000-0000-4000-8000-000000000001";
const OTHER_GROUP: &str = "9a000000-0000-4000-8000-000000000002";
const NEWEST: &str = "5d000000-0000-4000-8000-000000000001";

fn now() -> Timestamp {
    at("2026-03-01T00:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rules() -> Rules {
    Rules::default().require(["User.Read.All", "Group.Read.All"])
}

/// A relationship that suffices.
fn good(id: &str, name: &str) -> RelationshipFacts {
    let mut one = RelationshipFacts::new(id, name, RelationshipStatus::Active);
    one.created = Some(at("2026-01-01T00:00:00Z"));
    one.activated = Some(at("2026-01-02T00:00:00Z"));
    one.ends_at = Some(at("2027-12-31T00:00:00Z"));
    one.auto_extend = true;
    one.roles = vec![roles::CLOUD_APPLICATION_ADMINISTRATOR.to_owned()];
    one.assignments = vec![assignment(GROUP, "Ada's team", AssignmentStatus::Active)];
    one
}

fn assignment(group: &str, name: &str, status: AssignmentStatus) -> AssignmentFacts {
    let mut one = AssignmentFacts::new(group, status, [roles::CLOUD_APPLICATION_ADMINISTRATOR]);
    one.group_name = Some(name.to_owned());
    one
}

/// A customer without any trouble.
fn ready() -> Facts {
    Facts {
        partner_is_csp: Some(true),
        account: AccountFacts {
            name: Some("sync@partner.example".into()),
            enabled: Some(true),
            member: Some(true),
            mfa: Some(true),
        },
        admin_agent: AdminAgent::Yes,
        in_partner_center: Some(true),
        relationships: vec![good(NEWEST, "Adatum 2026")],
        member_of: BTreeSet::from([GROUP.to_owned()]),
        token: TokenFacts::Ok,
        consent: ConsentFacts::Granted(["User.Read.All", "group.read.all"].map(str::to_owned).into()),
        organization_ok: Some(true),
        entra_p1: Some(true),
        report_names_concealed: Some(false),
        ..Facts::default()
    }
}

fn refused(kind: ErrorKind, code: &str) -> TokenFacts {
    TokenFacts::Refused {
        kind,
        code: code.into(),
        message: "no token".into(),
        remedy: String::new(),
    }
}

/// The findings of a customer that is ready but for one change.
fn found(change: impl FnOnce(&mut Facts)) -> Readiness {
    let mut facts = ready();
    change(&mut facts);
    assess(&facts, &rules(), now())
}

/// The findings where but for one change of its only relationship a customer is ready.
fn found_of(change: impl FnOnce(&mut RelationshipFacts)) -> Readiness {
    found(|facts| change(&mut facts.relationships[0]))
}

fn error_of(readiness: &Readiness) -> &Finding {
    readiness.first_error().unwrap()
}

#[test]
fn a_customer_without_trouble_gives_no_finding() {
    let readiness = found(|_| {});

    assert_eq!(readiness.findings, []);
    assert_eq!(readiness.relationship.as_deref(), Some(NEWEST));
}

#[test]
fn what_was_not_looked_at_gives_no_finding_of_its_own() {
    let facts = Facts {
        is_primary: true,
        ..Facts::default()
    };

    assert_eq!(assess(&facts, &rules(), now()), Readiness::default());
}

#[test]
fn a_walk_ends_at_its_first_error() {
    let readiness = found(|facts| {
        facts.admin_agent = AdminAgent::No;
        facts.relationships.clear();
        facts.consent = ConsentFacts::Missing;
        facts.report_names_concealed = Some(true);
    });

    assert_eq!(
        readiness.findings.iter().map(|one| one.id).collect::<Vec<_>>(),
        [FindingId::A6]
    );
}

#[test]
fn a_refusal_for_one_customer_is_the_cause_only_where_role_and_group_are_in_order() {
    let plain = found(|facts| facts.admin_agent = AdminAgent::NotForThisCustomer);
    let outside = found(|facts| {
        facts.admin_agent = AdminAgent::NotForThisCustomer;
        facts.member_of.clear();
    });

    assert_eq!(error_of(&plain).id, FindingId::A6);
    assert!(error_of(&plain).evidence.contains("for this customer"));
    assert_eq!(error_of(&outside).id, FindingId::B8);
}

#[test]
fn the_partners_own_tenant_needs_no_relationship() {
    let readiness = found(|facts| {
        facts.is_primary = true;
        facts.relationships.clear();
        facts.in_partner_center = Some(false);
        facts.admin_agent = AdminAgent::No;
    });

    assert!(readiness.is_ready());
    assert_eq!(readiness.relationship, None);
}

#[test]
fn the_newest_relationship_decides_though_an_older_one_would_suffice() {
    let readiness = found(|facts| {
        let mut newer = good("5d-newer", "Adatum again");
        newer.created = Some(at("2026-02-01T00:00:00Z"));
        newer.assignments = vec![assignment(OTHER_GROUP, "Bo's team", AssignmentStatus::Active)];
        facts.relationships.push(newer);
    });

    assert_eq!(readiness.relationship.as_deref(), Some("5d-newer"));
    assert_eq!(
        error_of(&readiness).evidence,
        "the newest relationship 'Adatum again' decides, and it gives its role to the group 'Bo's team', of which the \
         service account is not a member; the older 'Adatum 2026' would suffice, but is not looked at"
    );
}

#[test]
fn where_no_older_one_would_suffice_none_is_praised() {
    let readiness = found(|facts| {
        facts.member_of.clear();
        let mut newer = good("5d-newer", "Adatum again");
        newer.created = Some(at("2026-02-01T00:00:00Z"));
        facts.relationships.push(newer);
    });

    assert!(
        error_of(&readiness)
            .evidence
            .starts_with("the newest relationship 'Adatum again' decides")
    );
    assert!(!error_of(&readiness).evidence.contains("would suffice"));
}

#[test]
fn of_two_made_at_once_the_later_activated_decides() {
    let readiness = found(|facts| {
        let mut later = good("1", "Later");
        later.activated = Some(at("2026-01-03T00:00:00Z"));
        facts.relationships.insert(0, later);
    });

    assert_eq!(readiness.relationship.as_deref(), Some("1"));
    assert_eq!(readiness.findings[0].id, FindingId::B4);
    assert!(
        readiness.findings[0]
            .evidence
            .contains("not looked at: 'Adatum 2026'")
    );
}

#[test]
fn a_newer_invitation_does_not_shadow_the_active_relationship() {
    let readiness = found(|facts| {
        let mut invitation = good("2", "Next");
        invitation.status = RelationshipStatus::ApprovalPending;
        invitation.created = Some(at("2026-02-20T00:00:00Z"));
        facts.relationships.push(invitation);
    });

    assert!(readiness.is_ready());
}

#[test]
fn the_strict_rule_takes_global_administrator_alone() {
    let strict = rules().accept(roles::STRICT_GLOBAL_ADMIN);
    let mut facts = ready();

    let without = assess(&facts, &strict, now());
    facts.relationships[0]
        .roles
        .push(roles::GLOBAL_ADMINISTRATOR.to_owned());
    facts.relationships[0].assignments[0]
        .roles
        .push(roles::GLOBAL_ADMINISTRATOR.to_owned());
    let with = assess(&facts, &strict, now());

    assert_eq!(error_of(&without).id, FindingId::B6);
    assert_eq!(with.findings, []);
}

#[test]
fn ids_are_compared_without_letter_case() {
    let readiness = found(|facts| {
        facts.member_of = BTreeSet::from([GROUP.to_ascii_uppercase()]);
        facts.relationships[0].roles = vec![roles::CLOUD_APPLICATION_ADMINISTRATOR.to_ascii_uppercase()];
    });

    assert_eq!(readiness.findings, []);
}

#[test]
fn a_finding_is_written_as_scripts_expect_it() {
    let readiness = found(|facts| facts.admin_agent = AdminAgent::No);

    insta::assert_json_snapshot!(readiness.findings[0], @r#"
    {
      "id": "A6",
      "severity": "error",
      "evidence": "the service account 'sync@partner.example' is not in the group AdminAgents of the partner tenant",
      "breaks": "consent cannot be given in the customer's tenant, so it cannot be synced",
      "remedy": "add the account to AdminAgents in the Entra admin center and connect again",
      "who": "partner_administrator"
    }
    "#);
}
