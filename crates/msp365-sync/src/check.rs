//! Whether one tenant is ready, and the way to make it so.

use std::time::Duration;

use msp365_client::TenantClient;
use msp365_core::{ErrorKind, TenantId};
use msp365_graph::{
    organization::{self, Organization},
    permission_grants::{self, PermissionGrant},
    service_principals,
};
use msp365_partner::{
    consents::{self, ApplicationConsent},
    customers,
    readiness::{self, AdminAgent, ConsentFacts, Facts, Readiness, TokenFacts},
};

use crate::{Engine, Error};

/// Waits for a consent that was just given to reach all servers: about two minutes in all.
const CONSENT_WAITS: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(4),
    Duration::from_secs(10),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_mins(1),
];
/// Where Partner Center says that the consent is there already, it had time enough to spread.
const PRESENT_WAITS: usize = 1;
/// Partner Center's code for an account whose admin-agent right does not cover the customer.
const ROLE_LACKS_RIGHTS: &str = "900150";

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

enum Asked {
    Answered(Box<Organization>),
    NoConsent(TokenFacts),
    Refused(TokenFacts),
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
        if self.assess(&facts).is_ready() {
            match self.ask(client).await? {
                Asked::Answered(found) => organization = Some(*found),
                Asked::Refused(token) => facts.token = token,
                Asked::NoConsent(token) => {
                    organization = self.without_consent(client, &mut facts, token, reach).await?;
                }
            }
        }
        let looks = matches!(reach, Reach::Look | Reach::LookEnrolled);
        if looks && !facts.is_primary && self.assess(&facts).is_ready() {
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
    async fn ask(&self, client: &TenantClient) -> Result<Asked, Error> {
        match client.send(organization::get()).await {
            Ok(found) => Ok(Asked::Answered(Box::new(found))),
            Err(error) => match error.token().filter(|token| is_answer(token.kind)) {
                Some(token) if token.kind == ErrorKind::Consent => {
                    Ok(Asked::NoConsent(TokenFacts::refused(token)))
                }
                Some(token) => Ok(Asked::Refused(TokenFacts::refused(token))),
                None => Err(Error::request_error("asking the tenant who it is")(error)),
            },
        }
    }

    async fn without_consent(
        &self,
        client: &TenantClient,
        facts: &mut Facts,
        token: TokenFacts,
        reach: Reach,
    ) -> Result<Option<Organization>, Error> {
        if facts.is_primary || matches!(reach, Reach::LookEnrolled | Reach::Read) {
            facts.token = token;
            return Ok(None);
        }
        if reach == Reach::Look {
            facts.consent = ConsentFacts::NotGiven;
            return Ok(None);
        }
        let Some(waits) = self.consent(client.id(), facts).await? else {
            return Ok(None);
        };
        facts.token = token;
        for wait in std::iter::once(Duration::ZERO).chain(waits.iter().copied()) {
            if !wait.is_zero() {
                self.clock.sleep(wait).await;
            }
            self.tokens.forget(client.id()).await;
            match self.ask(client).await? {
                Asked::NoConsent(token) => facts.token = token,
                Asked::Refused(token) => {
                    facts.token = token;
                    return Ok(None);
                }
                Asked::Answered(found) => {
                    facts.consent = self.granted(client).await?;
                    return Ok(Some(*found));
                }
            }
        }
        facts.consent = ConsentFacts::Missing;
        Ok(None)
    }

    /// Gives consent through Partner Center. Answers how long to wait for it, or `None` where it was refused.
    async fn consent(
        &self,
        tenant: TenantId,
        facts: &mut Facts,
    ) -> Result<Option<&'static [Duration]>, Error> {
        let scopes = self.options.rules.required_scopes.iter().cloned();
        let wanted = ApplicationConsent::to_graph(&self.app.client_id, &self.app.display_name, scopes);
        let sent = self
            .client
            .tenant(self.partner)
            .send(consents::create(tenant.to_string(), &wanted))
            .await;
        let error = match sent {
            Ok(()) => return Ok(Some(&CONSENT_WAITS)),
            Err(error) => error,
        };
        match error.service() {
            Some(service) if consents::is_already_present(service) => Ok(CONSENT_WAITS.get(..PRESENT_WAITS)),
            Some(service) if service.has_code(ROLE_LACKS_RIGHTS) => {
                not_agent(facts);
                Ok(None)
            }
            _ => Err(Error::request_error("giving consent through Partner Center")(
                error,
            )),
        }
    }

    /// What was granted, read back in the tenant itself.
    async fn granted(&self, client: &TenantClient) -> Result<ConsentFacts, Error> {
        let failed = Error::request_error;
        let app = match client
            .send(service_principals::by_app_id(&self.app.client_id))
            .await
        {
            Ok(app) => app,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(ConsentFacts::Missing),
            Err(error) => return Err(failed("reading back the consent")(error)),
        };
        let grants = client
            .send(permission_grants::of_client(&app.id))
            .await
            .map_err(failed("reading back the consent"))?;
        Ok(ConsentFacts::Granted(
            grants
                .items
                .iter()
                .flat_map(PermissionGrant::scopes)
                .map(str::to_owned)
                .collect(),
        ))
    }

    /// Looks at whether Partner Center serves the account for this customer, without changing anything.
    async fn look_at_partner_center(&self, tenant: TenantId, facts: &mut Facts) -> Result<(), Error> {
        if facts.in_partner_center != Some(true) {
            return Ok(());
        }
        match self
            .client
            .tenant(self.partner)
            .send(customers::get(tenant.to_string()))
            .await
        {
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

/// The account may be in the group, and yet not be served for this customer.
fn not_agent(facts: &mut Facts) {
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
    )
}
