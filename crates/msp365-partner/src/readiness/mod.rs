//! Whether a customer is ready: facts in, findings out.
//!
//! [`assess`] goes through the checks in a fixed order. What would only be a consequence of an error is not checked, so
//! every error named is a cause; independent errors are all named. Warnings and remarks found on the way are kept.

mod capabilities;
mod credential;
mod direct;
mod facts;
mod finding;
mod reach;
mod relationship;
mod remarks;
mod rules;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use capabilities::Capabilities;
pub use credential::CredentialKind;
pub use facts::{
    AccountFacts, AdminAgent, AssignmentFacts, ConsentFacts, ConsentRefusal, Facts, RelationshipFacts,
    TokenFacts,
};
pub use finding::{Finding, FindingId, Severity, Who};
pub use relationship::usable;
pub use rules::Rules;

/// Whether the relationship that decides lets the account in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffices {
    Yes,
    No,
}

/// An error that ends the checks.
type Stop = Box<Finding>;

/// What was found about one customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Readiness {
    /// The findings in the order of the checks.
    pub findings: Vec<Finding>,
    /// The id of the relationship that decides, if there is one.
    pub relationship: Option<String>,
}

impl Readiness {
    /// Whether nothing keeps the customer from being synced.
    pub fn is_ready(&self) -> bool {
        self.first_error().is_none()
    }

    /// Whether nothing is known that would keep the account out of the customer's tenant, once consent is given.
    pub fn lets_in(&self) -> bool {
        let errors = self.findings.iter().filter(|one| one.severity == Severity::Error);
        errors.into_iter().all(|one| one.id == FindingId::A6)
    }

    /// What keeps the customer from being synced; if there are several things, the first in the order of the checks.
    pub fn first_error(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.severity == Severity::Error)
    }
}

/// What stands between the service account and one customer, as of now.
///
/// Facts that were not checked give no finding, so this can be asked both before and after a token is tried.
pub fn assess(facts: &Facts, rules: &Rules, now: Timestamp) -> Readiness {
    let mut readiness = Readiness::default();
    if let Err(finding) = walk(facts, rules, now, &mut readiness) {
        readiness.findings.push(*finding);
    }
    readiness
}

fn walk(facts: &Facts, rules: &Rules, now: Timestamp, found: &mut Readiness) -> Result<(), Stop> {
    found.findings.extend(credential::check(facts, rules, now)?);
    if facts.is_direct {
        let mut own = Vec::new();
        let ended = reach::check(facts, rules, &mut own);
        found.findings.extend(own.into_iter().map(direct::reword));
        return ended.map_err(|stop| Box::new(direct::reword(*stop)));
    }
    partner(facts, &mut found.findings)?;
    if !facts.is_primary {
        if facts.admin_agent == AdminAgent::No {
            found.findings.push(not_an_admin_agent(facts));
        }
        let newest = relationship::newest_active(facts, now)?;
        found.relationship = Some(newest.id.clone());
        let lack = relationship::check(newest, facts, rules, now);
        let suffices = if lack.is_err() {
            Suffices::No
        } else {
            Suffices::Yes
        };
        remarks::remark((newest, suffices), facts, rules, now, &mut found.findings);
        lack?;
        // The refusal says something about the account only once role and group are known to be in order.
        if facts.admin_agent == AdminAgent::NotForThisCustomer {
            found.findings.push(refused_for_this_customer(facts));
        }
    }
    reach::check(facts, rules, &mut found.findings)
}

fn partner(facts: &Facts, findings: &mut Vec<Finding>) -> Result<(), Stop> {
    if facts.partner_is_csp == Some(false) {
        findings.push(Finding::new(
            FindingId::A2,
            "the connected tenant is not a partner of the CSP programme",
            "connect with an account of the tenant that is enrolled in the CSP programme",
        ));
    }
    let account = &facts.account;
    let fault = if account.member == Some(false) {
        "is a guest in the partner tenant"
    } else if account.enabled == Some(false) {
        "is blocked from signing in"
    } else if account.mfa == Some(false) {
        return Err(Box::new(Finding::new(
            FindingId::A4,
            format!(
                "the sign-in of {} did not prove Microsoft's own multi-factor authentication",
                name(facts)
            ),
            "enforce Microsoft's MFA for the account, without third-party MFA or exceptions by place, and connect again",
        )));
    } else {
        return Ok(());
    };
    Err(Box::new(Finding::new(
        FindingId::A3,
        format!("{} {fault}", name(facts)),
        "use an enabled member account of the partner tenant and connect again",
    )))
}

fn not_an_admin_agent(facts: &Facts) -> Finding {
    Finding::new(
        FindingId::A6,
        format!(
            "{} is not in the group AdminAgents of the partner tenant",
            name(facts)
        ),
        "add the account to AdminAgents in the Entra admin center and connect again",
    )
}

fn refused_for_this_customer(facts: &Facts) -> Finding {
    Finding::new(
        FindingId::A6,
        format!(
            "Partner Center refuses {} as an admin agent for this customer",
            name(facts)
        ),
        "check in Partner Center that the customer is assigned to the account's admin agents and that the account is \
         in AdminAgents, then connect again",
    )
}

fn name(facts: &Facts) -> String {
    match &facts.account.name {
        Some(name) => format!("the service account '{name}'"),
        None => "the service account".to_owned(),
    }
}
