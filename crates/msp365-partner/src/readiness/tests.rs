//! One named row for each finding, and what must hold for any facts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_core::ErrorKind;

use super::*;
use crate::{
    privilege::Feature,
    relationships::{AssignmentStatus, RelationshipStatus},
    roles,
};

mod any;
mod credential;
mod direct;
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
        capabilities: Capabilities {
            entra_p1: Some(true),
            report_names_concealed: Some(false),
            ..Capabilities::default()
        },
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

fn ids(readiness: &Readiness) -> Vec<FindingId> {
    readiness.findings.iter().map(|one| one.id).collect()
}

#[test]
fn what_only_follows_from_an_error_is_not_named() {
    let readiness = found(|facts| {
        facts.relationships.clear();
        facts.consent = ConsentFacts::Missing;
        facts.capabilities.report_names_concealed = Some(true);
    });

    assert_eq!(ids(&readiness), [FindingId::B2]);
    assert!(!readiness.lets_in());
}

#[test]
fn causes_that_are_independent_are_all_named() {
    let outside = found(|facts| {
        facts.admin_agent = AdminAgent::No;
        facts.member_of.clear();
        facts.relationships[0].auto_extend = false;
    });
    let unconsented = found(|facts| {
        facts.admin_agent = AdminAgent::No;
        facts.consent = ConsentFacts::Missing;
    });

    assert_eq!(ids(&outside), [FindingId::A6, FindingId::B11, FindingId::B8]);
    assert_eq!(ids(&unconsented), [FindingId::A6, FindingId::C1]);
}

#[test]
fn who_is_no_admin_agent_may_still_look_into_a_tenant_that_consented() {
    let readiness = found(|facts| {
        facts.admin_agent = AdminAgent::No;
        facts.capabilities.entra_p1 = Some(false);
    });

    assert_eq!(ids(&readiness), [FindingId::A6, FindingId::C8]);
    assert!(readiness.lets_in() && !readiness.is_ready());
}

#[test]
fn a_permission_to_write_gives_that_to_read_and_is_more_than_needed() {
    let readiness = found(|facts| {
        let scopes = ["User.ReadWrite.All", "Group.Read.All", "openid", "User.Read"];
        facts.consent = ConsentFacts::Granted(scopes.map(str::to_owned).into());
    });

    assert_eq!(ids(&readiness), [FindingId::C9]);
    assert!(
        readiness.findings[0]
            .evidence
            .ends_with("needed: User.ReadWrite.All")
    );
}

#[test]
fn what_the_host_does_without_a_role_is_named_with_the_least_role() {
    let doing = Rules::default().for_features([Feature::Directory, Feature::Licenses]);
    let mut facts = ready();
    facts.consent = ConsentFacts::NotRead;
    facts.relationships[0].roles.push(roles::GLOBAL_READER.to_owned());

    let found = assess(&facts, &doing, now());

    assert_eq!(ids(&found), [FindingId::B12]);
    assert!(
        found.findings[0]
            .evidence
            .ends_with("no role for: assigning licences (License Administrator)")
    );
    assert!(found.is_ready());
    facts.relationships[0]
        .roles
        .push(roles::USER_ADMINISTRATOR.to_owned());
    assert_eq!(assess(&facts, &doing, now()).findings, []);
}

#[test]
fn a_refused_consent_tells_why_and_where_else() {
    let refusal = |code: &str, link: Option<&str>| {
        let mut one = ConsentRefusal::new(ErrorKind::Denied, code);
        one.message = "access is denied".into();
        one.link = link.map(str::to_owned);
        found(|facts| facts.consent = ConsentFacts::Refused(one))
    };

    let plain = refusal("2032", None);
    let elsewhere = refusal("20002", Some("https://login.example/adminconsent"));

    assert_eq!(error_of(&plain).id, FindingId::C1);
    assert!(error_of(&plain).evidence.contains("access is denied (2032)"));
    assert_eq!(error_of(&elsewhere).who, Who::CustomerAdministrator);
    assert_eq!(
        error_of(&elsewhere).link.as_deref(),
        Some("https://login.example/adminconsent")
    );
}

#[test]
fn f165_a_refusal_for_want_of_a_second_factor_is_about_the_account() {
    let refusal = ConsentRefusal::new(ErrorKind::SignIn, "900421");

    let readiness = found(|facts| facts.consent = ConsentFacts::Refused(refusal));

    assert_eq!(error_of(&readiness).id, FindingId::A4);
}

#[test]
fn temporary_passes_are_missed_only_where_they_are_wanted() {
    let mut facts = ready();
    facts.capabilities.temporary_pass = Some(false);
    let mut wanting = rules();
    wanting.temporary_passes = true;

    assert_eq!(assess(&facts, &rules(), now()).findings, []);
    assert_eq!(ids(&assess(&facts, &wanting, now())), [FindingId::C7]);
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
      "who": "partner_administrator",
      "link": "https://learn.microsoft.com/partner-center/account-settings/permissions-overview"
    }
    "#);
}
