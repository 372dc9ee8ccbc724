//! One named row for each finding.

use super::*;

struct Row {
    name: &'static str,
    readiness: Readiness,
    id: FindingId,
    severity: Severity,
    who: Who,
    /// Must stand in the evidence.
    evidence: &'static str,
    /// Must stand in the remedy.
    remedy: &'static str,
}

const fn error(name: &'static str, readiness: Readiness, id: FindingId) -> Row {
    Row {
        name,
        readiness,
        id,
        severity: Severity::Error,
        who: Who::PartnerAdministrator,
        evidence: "",
        remedy: "",
    }
}

impl Row {
    const fn says(mut self, evidence: &'static str, remedy: &'static str) -> Self {
        self.evidence = evidence;
        self.remedy = remedy;
        self
    }

    const fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    const fn only(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

fn hold(rows: Vec<Row>) {
    for row in rows {
        let name = row.name;
        let finding = row.readiness.findings.iter().find(|one| one.id == row.id);
        let finding = finding.unwrap_or_else(|| panic!("{name}: no {:?} in {:?}", row.id, row.readiness));
        assert_eq!((finding.severity, finding.who), (row.severity, row.who), "{name}");
        assert!(
            finding.evidence.contains(row.evidence),
            "{name}: {}",
            finding.evidence
        );
        assert!(finding.remedy.contains(row.remedy), "{name}: {}", finding.remedy);
        assert_eq!(
            row.readiness.is_ready(),
            row.severity != Severity::Error,
            "{name}"
        );
        assert_eq!(
            row.readiness.findings.len(),
            1,
            "{name}: {:?}",
            row.readiness.findings
        );
    }
}

#[test]
fn of_the_partner() {
    use FindingId::{A2, A3, A4, A6};

    hold(vec![
        error(
            "no partner",
            found(|facts| facts.partner_is_csp = Some(false)),
            A2,
        )
        .only(Severity::Warning)
        .says("not a partner", "CSP programme"),
        error("guest", found(|facts| facts.account.member = Some(false)), A3)
            .says("'sync@partner.example' is a guest", "member account"),
        error(
            "blocked account",
            found(|facts| facts.account.enabled = Some(false)),
            A3,
        )
        .says("blocked from signing in", "enabled"),
        error(
            "no second factor",
            found(|facts| facts.account.mfa = Some(false)),
            A4,
        )
        .says("multi-factor", "connect again"),
        error(
            "no admin agent",
            found(|facts| facts.admin_agent = AdminAgent::No),
            A6,
        )
        .says("not in the group AdminAgents", "add the account to AdminAgents"),
        error(
            "refused for one",
            found(|facts| facts.admin_agent = AdminAgent::NotForThisCustomer),
            A6,
        )
        .says(
            "refuses the service account 'sync@partner.example'",
            "Partner Center",
        ),
    ]);
}

#[test]
fn of_the_status_of_the_relationship() {
    use FindingId::{B1, B2, B3};
    use RelationshipStatus as Status;
    let status = |status: Status| found_of(|one| one.status = status);

    hold(vec![
        error(
            "strange customer",
            found(|facts| {
                facts.relationships.clear();
                facts.in_partner_center = Some(false);
            }),
            B1,
        )
        .says("does not list", "check the tenant id"),
        error("no relationship", found(|facts| facts.relationships.clear()), B2).says(
            "there is no GDAP relationship",
            "send the customer a GDAP invitation",
        ),
        error("draft", status(Status::Created), B2).says("is a draft", "send the invitation"),
        error("pending", status(Status::ApprovalPending), B2)
            .says("was not yet accepted", "Global Administrator of the customer")
            .by(Who::CustomerAdministrator),
        error(
            "long pending",
            found_of(|one| {
                one.status = Status::ApprovalPending;
                one.created = Some(at("2025-12-11T00:00:00Z"));
            }),
            B2,
        )
        .says("has waited 80 days", "accept the invitation")
        .by(Who::CustomerAdministrator),
        error("accepted", status(Status::Approved), B2)
            .says("being activated", "wait")
            .by(Who::Microsoft),
        error("activating", status(Status::Activating), B2)
            .says("being activated", "wait")
            .by(Who::Microsoft),
        error("expiring", status(Status::Expiring), B2)
            .says("is expiring on 2027-12-31", "new GDAP invitation"),
        error("expired", status(Status::Expired), B2).says("expired on 2027-12-31", "cannot be revived"),
        error("ending", status(Status::Terminating), B2).says("is being terminated", "new GDAP invitation"),
        error("ended", status(Status::Terminated), B2).says("was terminated", "new GDAP invitation"),
        error("status of tomorrow", status(Status::from("frozen")), B2).says("'frozen'", "Partner Center"),
        error(
            "Microsoft-led",
            found_of(|one| one.name = "MLT_Adatum".into()),
            B3,
        )
        .says("'MLT_Adatum', was made by Microsoft", "invitation of your own"),
    ]);
}

#[test]
fn of_role_and_group() {
    use AssignmentStatus as Status;
    use FindingId::{B6, B7, B8, B9};
    let role = |id: &str| found_of(|one| one.roles = vec![id.to_owned()]);
    let status = |status: Status| found_of(|one| one.assignments[0].status = status);

    hold(vec![
        error("no role", role(roles::GLOBAL_READER), B6).says(
            "lacks the role Global Administrator or Cloud Application Administrator",
            "cannot be added later",
        ),
        error("old role", role(roles::PRIVILEGED_ROLE_ADMINISTRATOR), B6).says(
            "Privileged Role Administrator, which is no longer sufficient",
            "new GDAP invitation",
        ),
        error("no group", found_of(|one| one.assignments.clear()), B7)
            .says("gives its roles to no security group", "assign a security group"),
        error("deleted assignment", status(Status::Deleted), B7).says("no security group", "assign"),
        error("pending assignment", status(Status::Pending), B7)
            .says("still giving its role to the group 'Ada's team'", "wait")
            .by(Who::Microsoft),
        error("failed assignment", status(Status::Error), B7).says(
            "could not give its role to the group 'Ada's team'",
            "assign the group again",
        ),
        error(
            "group without role",
            found_of(|one| one.assignments[0].roles.clear()),
            B7,
        )
        .says(
            "gives the group 'Ada's team' none of the roles",
            "give the group 'Ada's team' the role",
        ),
        error("outside the group", found(|facts| facts.member_of.clear()), B8).says(
            "the group 'Ada's team', of which the service account is not a member",
            "to the group 'Ada's team'",
        ),
        error(
            "deleted group",
            found_of(|one| one.assignments[0].group_exists = Some(false)),
            B9,
        )
        .says("'Ada's team', which was deleted", "existing security group"),
    ]);
}

#[test]
fn of_the_end_of_the_relationship() {
    use FindingId::{B5, B10, B11};
    let ends = |end: &str| {
        found_of(|one| {
            one.auto_extend = false;
            one.ends_at = Some(at(end));
        })
    };

    hold(vec![
        error("past its end", ends("2026-02-28T00:00:00Z"), B5)
            .says("ended on 2026-02-28", "new GDAP invitation"),
        error("ends tomorrow", ends("2026-03-02T00:00:00Z"), B5)
            .only(Severity::Warning)
            .says("ends within 1 day, on 2026-03-02", "automatic extension"),
        error("ends in days", ends("2026-03-06T00:00:00Z"), B5)
            .only(Severity::Warning)
            .says("within 7 days", "automatic extension"),
        error("ends in weeks", ends("2026-03-31T00:00:00Z"), B5)
            .only(Severity::Warning)
            .says("within 30 days", "automatic extension"),
        error("no extension", ends("2026-04-01T00:00:00Z"), B11)
            .only(Severity::Info)
            .says("does not extend itself", "180 days"),
        error(
            "too many rights",
            found_of(|one| one.roles.push(roles::GLOBAL_ADMINISTRATOR.into())),
            B10,
        )
        .only(Severity::Warning)
        .says("covers Global Administrator", "remove Global Administrator"),
    ]);
    assert!(
        found_of(|one| one.ends_at = Some(at("2026-03-02T00:00:00Z")))
            .findings
            .is_empty()
    );
}

#[test]
fn of_the_token() {
    use ErrorKind::{Consent, Denied, Other, SignIn, Throttled};
    use FindingId::{A8, A9, C1, C3};
    let token = |kind, code: &str| found(|facts| facts.token = refused(kind, code));

    hold(vec![
        error("no consent", token(Consent, "AADSTS65001"), C1).says("(AADSTS65001)", "gives the consent"),
        error("no consent, new code", token(Consent, "AADSTS1"), C1).says("(AADSTS1)", "gives the consent"),
        error("conditional access", token(Denied, "AADSTS53003"), C3)
            .says(
                "Conditional Access policy of the customer blocks the service account (AADSTS53003)",
                "exclude",
            )
            .by(Who::CustomerAdministrator),
        error("their second factor", token(SignIn, "AADSTS50076"), C3)
            .says("(AADSTS50076)", "trust MFA")
            .by(Who::CustomerAdministrator),
        error("guest or no group", token(Other, "AADSTS50020"), C3).says("is a guest in", "check the group"),
        error("no such service", token(Other, "AADSTS500011"), C3)
            .says("does not have the service", "set up")
            .by(Who::CustomerAdministrator),
        error("tenant gone", token(Other, "AADSTS90002"), C3)
            .says("was deleted", "unsync")
            .by(Who::Nobody),
        error("dead connection", token(SignIn, "AADSTS50173"), A8).says("no longer valid", "connect again"),
        error("some sign-in", token(SignIn, "AADSTS2"), A8).says("no token (AADSTS2)", "connect again"),
        error("old secret", token(SignIn, "AADSTS7000222"), A9).says("not accepted", "renew"),
        error("busy", token(Throttled, ""), C3)
            .only(Severity::Warning)
            .says("(throttled)", "try again later")
            .by(Who::Microsoft),
        error("unheard of", token(Other, "AADSTS999"), C3)
            .says("no token (AADSTS999)", "look up")
            .by(Who::CustomerAdministrator),
    ]);
}

#[test]
fn of_the_tenant() {
    use FindingId::{C1, C2, C5, C6, C8};
    let granted = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        found(|facts| facts.consent = ConsentFacts::Granted(scopes))
    };

    hold(vec![
        error(
            "consent missing",
            found(|facts| facts.consent = ConsentFacts::Missing),
            C1,
        )
        .says("has no consent", "enrol the tenant again"),
        error("consent in part", granted(&["User.Read.All"]), C2)
            .only(Severity::Warning)
            .says("Group.Read.All", "renew the consent"),
        error("consent to nothing needed", granted(&["Mail.Read"]), C2)
            .says("User.Read.All, Group.Read.All", "renew the consent"),
        error(
            "silent tenant",
            found(|facts| facts.organization_ok = Some(false)),
            C5,
        )
        .says("profile could not be read", "directory roles"),
        error(
            "hidden names",
            found(|facts| facts.capabilities.report_names_concealed = Some(true)),
            C6,
        )
        .only(Severity::Warning)
        .says("hide the names", "concealed names")
        .by(Who::CustomerAdministrator),
        error(
            "no premium",
            found(|facts| facts.capabilities.entra_p1 = Some(false)),
            C8,
        )
        .only(Severity::Info)
        .says("neither Entra ID P1 nor P2", "Entra ID P1")
        .by(Who::CustomerAdministrator),
    ]);
}

#[test]
fn an_invitation_that_waits_comes_with_its_link() {
    let link = |id: &str| {
        let readiness = found_of(|one| {
            one.id = id.to_owned();
            one.status = RelationshipStatus::ApprovalPending;
        });
        error_of(&readiness).link.clone()
    };

    assert!(link(NEWEST).unwrap().ends_with(NEWEST));
    assert!(!link("a/../b").unwrap().contains(".."));
}
