//! The C checks: whether the customer's tenant lets the account and the application in.

use msp365_core::{
    ErrorKind,
    catalogue::{self, Family, Obstacle},
};

use crate::privilege;

use super::{
    Capabilities, ConsentFacts, ConsentRefusal, Facts, Finding, FindingId, Rules, Severity, Stop, TokenFacts,
    Who,
};

pub(super) fn check(facts: &Facts, rules: &Rules, findings: &mut Vec<Finding>) -> Result<(), Stop> {
    if let TokenFacts::Refused {
        kind,
        code,
        message,
        remedy,
    } = &facts.token
    {
        let refused = Refused {
            kind: *kind,
            code,
            message,
            remedy,
        };
        let finding = refused.finding();
        if finding.severity == Severity::Error {
            return Err(Box::new(finding));
        }
        findings.push(finding);
    }
    consent(&facts.consent, &rules.permissions(facts), findings)?;
    if facts.organization_ok == Some(false) {
        return Err(Box::new(Finding::new(
            FindingId::C5,
            "the tenant's own profile could not be read with the token that was given",
            "check the directory roles of the relationship's group in the customer's tenant; a new assignment takes \
             minutes to work",
        )));
    }
    remark(facts.capabilities, rules, findings);
    Ok(())
}

/// What the tenant cannot do, as far as the host needs it.
fn remark(tenant: Capabilities, rules: &Rules, findings: &mut Vec<Finding>) {
    if tenant.report_names_concealed == Some(true) {
        findings.push(Finding::new(
            FindingId::C6,
            "the tenant's usage reports hide the names of users",
            "turn off concealed names in the Microsoft 365 admin center: Settings, Org settings, Services, Reports",
        ));
    }
    if rules.temporary_passes && tenant.temporary_pass == Some(false) {
        findings.push(Finding::new(
            FindingId::C7,
            "the tenant's policy allows no temporary access passes",
            "turn on Temporary Access Pass under Authentication methods in the Entra admin center",
        ));
    }
    if tenant.entra_p1 == Some(false) {
        findings.push(Finding::new(
            FindingId::C8,
            "the tenant has neither Entra ID P1 nor P2",
            "none is needed; sign-in activity comes with Entra ID P1, which Business Premium includes",
        ));
    }
}

fn consent(consent: &ConsentFacts, wanted: &[&str], findings: &mut Vec<Finding>) -> Result<(), Stop> {
    let granted = match consent {
        ConsentFacts::NotRead => return Ok(()),
        ConsentFacts::NotGiven => {
            findings.push(not_yet());
            return Ok(());
        }
        ConsentFacts::Missing => return Err(Box::new(no_consent(""))),
        ConsentFacts::Refused(refusal) => return Err(Box::new(not_given(refusal))),
        ConsentFacts::Granted(scopes) => scopes,
    };
    let difference = privilege::compare(granted.iter().map(String::as_str), wanted);
    let more = superfluous(&difference.superfluous, wanted);
    let missing = difference.missing;
    if missing.is_empty() {
        findings.extend(more);
        return Ok(());
    }
    let finding = Finding::new(
        FindingId::C2,
        format!(
            "the application was not consented to these permissions: {}",
            missing.join(", ")
        ),
        "renew the consent: take it back and sync the tenant again",
    );
    if missing.len() == wanted.len() {
        return Err(Box::new(finding.of(Severity::Error)));
    }
    findings.extend(more);
    findings.push(finding);
    Ok(())
}

fn superfluous(more: &[String], required: &[&str]) -> Option<Finding> {
    if more.is_empty() || required.is_empty() {
        return None;
    }
    let evidence = format!(
        "the application was consented to more than is needed: {}",
        more.join(", ")
    );
    let remedy = "take the consent back and sync the tenant again, which consents to what is needed alone";
    Some(Finding::new(FindingId::C9, evidence, remedy))
}

fn no_consent(code: &str) -> Finding {
    let code = if code.is_empty() {
        String::new()
    } else {
        format!(" ({code})")
    };
    Finding::new(
        FindingId::C1,
        format!("the application has no consent in the customer's tenant{code}"),
        "enrol the tenant again (`tenants sync`), which gives the consent through Partner Center; if that was tried, \
         remove the consent in Partner Center first, or have an administrator of the customer consent",
    )
}

/// Partner Center wants proof of a second factor, which the sign-in lacked: this concerns the account, not the
/// customer.
const NO_SECOND_FACTOR: &str = "900421";

fn not_given(refusal: &ConsentRefusal) -> Finding {
    let ConsentRefusal {
        code,
        message,
        remedy,
        link,
        ..
    } = refusal;
    let id = if code == NO_SECOND_FACTOR {
        FindingId::A4
    } else {
        FindingId::C1
    };
    let evidence = format!("Partner Center gives no consent: {message} ({code})");
    if link.is_some() {
        let remedy =
            "the customer is not one of Partner Center's: have an administrator of the customer consent";
        return Finding::new(id, evidence, remedy)
            .by(Who::CustomerAdministrator)
            .at(link.clone());
    }
    let usual = "look up the code; `doctor` tells whether something else stands in the way";
    let remedy = if remedy.is_empty() { usual } else { remedy };
    Finding::new(id, evidence, remedy)
}

fn not_yet() -> Finding {
    Finding::new(
        FindingId::C1,
        "the application has no consent in the customer's tenant yet",
        "none is needed: enrolling the customer gives it through Partner Center",
    )
    .of(Severity::Info)
    .by(Who::Nobody)
    .breaking("nothing, until the customer is to be synced")
}

/// A token that was refused.
struct Refused<'a> {
    kind: ErrorKind,
    code: &'a str,
    message: &'a str,
    remedy: &'a str,
}

impl Refused<'_> {
    fn finding(&self) -> Finding {
        match self.obstacle() {
            Some(Obstacle::NoConsent) => no_consent(self.code),
            Some(Obstacle::ConditionalAccess) => self.tell(
                FindingId::C3,
                "a Conditional Access policy of the customer blocks the service account",
                "exclude the partner's service provider users, or this account, from the customer's Conditional \
                 Access policies",
            ),
            Some(Obstacle::SecondFactor) => self.tell(
                FindingId::C3,
                "the customer's tenant does not accept the second factor of the sign-in",
                "have the customer trust MFA of the partner's tenant in its cross-tenant access settings; else \
                 connect again with Microsoft's MFA",
            ),
            Some(Obstacle::NotLetIn) => self
                .tell(
                    FindingId::C3,
                    "the service account is a guest in the customer's tenant, or not in the relationship's group",
                    "remove the guest account in the customer's tenant, and check the group of the relationship",
                )
                .by(Who::PartnerAdministrator),
            Some(Obstacle::NoResource) => self.tell(
                FindingId::C3,
                "the customer's tenant does not have the service that was asked for",
                "have the customer buy or set up the service",
            ),
            Some(Obstacle::TenantGone) => self
                .tell(FindingId::C3, "the customer's tenant is blocked or was deleted", "unsync the tenant")
                .by(Who::Nobody),
            Some(Obstacle::SignInAgain) => self.tell(
                FindingId::A8,
                "the connection of the service account is no longer valid",
                "connect again with the service account",
            ),
            Some(Obstacle::Credential) => self.tell(
                FindingId::A9,
                "the application's secret or certificate is not accepted",
                "renew the application's secret or certificate and connect again",
            ),
            _ => self.other(),
        }
    }

    /// What the kind tells if the code is not known.
    fn other(&self) -> Finding {
        let or = |usual| {
            if self.remedy.is_empty() {
                usual
            } else {
                self.remedy
            }
        };
        match self.kind {
            ErrorKind::Consent => no_consent(self.code),
            ErrorKind::SignIn => self.tell(
                FindingId::A8,
                self.message,
                or("connect again with the service account"),
            ),
            ErrorKind::Throttled | ErrorKind::Unavailable | ErrorKind::Timeout => self
                .tell(
                    FindingId::C3,
                    "the customer's tenant could not be asked for a token",
                    or("try again later"),
                )
                .of(Severity::Warning)
                .by(Who::Microsoft),
            _ => self.tell(
                FindingId::C3,
                self.message,
                or("look up the code; the sign-in logs of both tenants tell more"),
            ),
        }
    }

    fn tell(&self, id: FindingId, what: &str, remedy: &str) -> Finding {
        let what = if what.is_empty() {
            "the customer's tenant gives no token"
        } else {
            what
        };
        let code = if self.code.is_empty() {
            self.kind.as_str()
        } else {
            self.code
        };
        Finding::new(id, format!("{what} ({code})"), remedy)
    }

    /// What the error catalogue says about the code.
    fn obstacle(&self) -> Option<Obstacle> {
        catalogue::find(Family::SignIn, self.code.trim())?.obstacle
    }
}
