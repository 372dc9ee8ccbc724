//! Whether one tenant is ready, and the way to make it so.

use msp365_client::TenantClient;
use msp365_core::{ErrorKind, TenantId};
use msp365_graph::organization::{self, Organization};
use msp365_partner::{
    customers,
    readiness::{self, AdminAgent, ConsentFacts, Facts, Readiness, TokenFacts},
};

use crate::{Engine, Error};

/// Partner Center's code for an account whose admin-agent right does not cover the customer.
pub(crate) const ROLE_LACKS_RIGHTS: &str = "900150";

/// A tenant, what is known of it, and what that means.
pub(crate) struct Checked {
    pub(crate) facts: Facts,
    pub(crate) readiness: Readiness,
    pub(crate) organization: Option<Organization>,
}

/// How far a check may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It only looks. A missing consent is no fault of a tenant that was never enrolled.
    Look,
    /// It only looks. The tenant was enrolled, so a missing consent is a fault.
    LookEnrolled,
    /// It gives the consent that is missing.
    Enrol,
    /// The tenant is to be read, and was read before: a missing consent is a fault.
    Read,
}

pub(crate) enum Asked {
    Answered(Box<Organization>),
    NoConsent(TokenFacts),
    Refused(TokenFacts),
    /// There is a token, and no right to anything.
    Denied,
}

impl Engine {
    /// Checks one tenant, and enrols it if that is asked for and nothing else stands in the way.
    ///
    /// # Errors
    /// Where the services cannot be reached or fail; what they refuse is a finding.
    pub(crate) async fn check(
        &self,
        client: &TenantClient,
        mut facts: Facts,
        reach: Reach,
    ) -> Result<Checked, Error> {
        let mut organization = None;
        let looks = matches!(reach, Reach::Look | Reach::LookEnrolled);
        if self.assess(&facts).lets_in() {
            let asked = if looks {
                self.look(client, &mut facts).await?
            } else {
                self.ask(client).await?
            };
            match asked {
                Asked::Answered(found) if reach == Reach::Enrol && facts.is_direct => {
                    if let Some(own) = self.direct(client.id()) {
                        facts.consent = self.app_permissions(client, own).await?;
                    }
                    organization = Some(*found);
                }
                Asked::Answered(found) if reach == Reach::Enrol && !facts.is_primary => {
                    organization = self.grow(client, &mut facts, *found).await?;
                }
                Asked::Answered(found) => organization = Some(*found),
                Asked::Refused(token) => facts.token = token,
                Asked::Denied => facts.token = TokenFacts::Ok,
                Asked::NoConsent(token) => {
                    organization = self.without_consent(client, &mut facts, token, reach).await?;
                }
            }
        }
        if looks && !facts.is_primary && !facts.is_direct && self.assess(&facts).is_ready() {
            self.look_at_partner_center(client.id(), &mut facts).await?;
        }
        if let Some(found) = &organization {
            facts.token = TokenFacts::Ok;
            facts.organization_ok = Some(found.id.parse() == Ok(client.id()));
        }
        let readiness = self.assess(&facts);
        Ok(Checked {
            facts,
            readiness,
            organization,
        })
    }

    pub(crate) fn assess(&self, facts: &Facts) -> Readiness {
        readiness::assess(facts, &self.options.rules, self.clock.now())
    }

    /// Asks the tenant who it is: the cheapest request that needs token, consent, relationship and role.
    pub(crate) async fn ask(&self, client: &TenantClient) -> Result<Asked, Error> {
        match client.send(organization::get()).await {
            Ok(found) => Ok(Asked::Answered(Box::new(found))),
            Err(error) => no_token(error),
        }
    }

    async fn without_consent(
        &self,
        client: &TenantClient,
        facts: &mut Facts,
        token: TokenFacts,
        reach: Reach,
    ) -> Result<Option<Organization>, Error> {
        if facts.is_primary || facts.is_direct || matches!(reach, Reach::LookEnrolled | Reach::Read) {
            facts.token = token;
            return Ok(None);
        }
        if reach == Reach::Look {
            facts.consent = ConsentFacts::NotGiven;
            return Ok(None);
        }
        if !self.assess(facts).is_ready() {
            return Ok(None);
        }
        self.enrol_one(client, facts, token).await
    }

    /// Looks at whether Partner Center serves the account for this customer, without changing anything.
    async fn look_at_partner_center(&self, tenant: TenantId, facts: &mut Facts) -> Result<(), Error> {
        if facts.in_partner_center != Some(true) {
            return Ok(());
        }
        match self.partner()?.send(customers::get(tenant.to_string())).await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .service()
                    .is_some_and(|service| service.has_code(ROLE_LACKS_RIGHTS)) =>
            {
                not_agent(facts);
                Ok(())
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Relationship) => Ok(()),
            Err(error) => Err(Error::request_error("asking Partner Center for the customer")(
                error,
            )),
        }
    }
}

/// What it tells that the tenant gave no token.
///
/// # Errors
/// The error itself, where something else went wrong.
pub(crate) fn no_token(error: msp365_client::Error) -> Result<Asked, Error> {
    match error.token().filter(|token| is_answer(token.kind)) {
        Some(token) if token.kind == ErrorKind::Consent => Ok(Asked::NoConsent(TokenFacts::refused(token))),
        Some(token) => Ok(Asked::Refused(TokenFacts::refused(token))),
        None => Err(Error::request_error("asking the tenant who it is")(error)),
    }
}

/// The account may be in the group, and yet not be served for this customer.
pub(crate) fn not_agent(facts: &mut Facts) {
    if facts.admin_agent != AdminAgent::No {
        facts.admin_agent = AdminAgent::NotForThisCustomer;
    }
}

/// Whether a refused token tells something about the tenant, rather than about the network or the moment.
const fn is_answer(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Consent
            | ErrorKind::Relationship
            | ErrorKind::SignIn
            | ErrorKind::Denied
            | ErrorKind::NotFound
            | ErrorKind::Unlicensed
            | ErrorKind::Invalid
    )
}
