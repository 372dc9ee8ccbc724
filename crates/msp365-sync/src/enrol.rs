//! Enrolling a customer: consent through Partner Center, one resource at a time, read back in the customer's tenant.

use std::time::Duration;

use msp365_client::TenantClient;
use msp365_core::{ErrorKind, TenantId};
use msp365_graph::{
    groups,
    organization::Organization,
    permission_grants::{self, PermissionGrant},
    service_principals,
};
use msp365_partner::{
    consents::{self, ApplicationConsent},
    error_codes, privilege,
    readiness::{ConsentFacts, ConsentRefusal, Facts, TokenFacts},
};

use crate::{
    Engine, Error,
    check::{Asked, ROLE_LACKS_RIGHTS, not_agent},
    view::ADMIN_AGENTS,
};

/// Waits for a consent that was just given to reach all servers: fifteen minutes in all.
const CONSENT_WAITS: [u64; 19] = [
    1, 4, 10, 15, 30, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60,
];
/// Where Partner Center says that the consent is there already, it had time enough to spread.
const PRESENT_WAITS: usize = 1;

/// What came of giving consent.
enum Given {
    /// It was given just now.
    Now,
    /// Partner Center says that it is there already.
    Already,
    /// It was refused; the facts say why.
    Refused,
}

impl Engine {
    /// Gives consent to a tenant that has none, and waits for it. Answers who the tenant says it is.
    pub(crate) async fn enrol_one(
        &self,
        client: &TenantClient,
        facts: &mut Facts,
        token: TokenFacts,
    ) -> Result<Option<Organization>, Error> {
        let waits = match self.consent(client.id(), facts).await? {
            Given::Refused => return Ok(None),
            Given::Now => &CONSENT_WAITS[..],
            Given::Already => CONSENT_WAITS.get(..PRESENT_WAITS).unwrap_or_default(),
        };
        facts.token = token;
        self.await_consent(client, facts, waits).await
    }

    /// Consents anew where what was consented to is less than what is needed by now: Partner Center takes no additions, so
    /// the consent is taken back first. Between the two there is none.
    pub(crate) async fn grow(
        &self,
        client: &TenantClient,
        facts: &mut Facts,
        found: Organization,
    ) -> Result<Option<Organization>, Error> {
        facts.consent = self.granted(client).await?;
        if !self.is_too_little(&facts.consent) || !self.assess_without_consent(facts) {
            return Ok(Some(found));
        }
        let taken_back = self
            .partner()?
            .send(consents::delete(client.id().to_string(), &self.app.client_id))
            .await;
        match taken_back {
            Ok(()) => {}
            // Consented to by an administrator of the customer: Partner Center holds nothing to take back.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                self.refused(facts, error)?;
                return Ok(Some(found));
            }
        }
        facts.consent = ConsentFacts::NotRead;
        match self.consent(client.id(), facts).await? {
            Given::Refused => Ok(None),
            Given::Now | Given::Already => self.await_consent(client, facts, &CONSENT_WAITS).await,
        }
    }

    fn is_too_little(&self, consent: &ConsentFacts) -> bool {
        let ConsentFacts::Granted(scopes) = consent else {
            return false;
        };
        let wanted: Vec<_> = self
            .options
            .rules
            .required_scopes
            .iter()
            .map(String::as_str)
            .collect();
        let granted = scopes.iter().map(String::as_str);
        !privilege::compare(granted, &wanted).missing.is_empty()
    }

    /// Whether nothing but the consent stands in the way.
    fn assess_without_consent(&self, facts: &Facts) -> bool {
        let mut rest = facts.clone();
        rest.consent = ConsentFacts::NotRead;
        self.assess(&rest).is_ready() && !facts.is_primary
    }

    /// Asks again and again until the tenant answers with all that was consented to, each time with a new token: one that
    /// was made before carries the old permissions.
    async fn await_consent(
        &self,
        client: &TenantClient,
        facts: &mut Facts,
        waits: &[u64],
    ) -> Result<Option<Organization>, Error> {
        let mut found = None;
        for wait in std::iter::once(0).chain(waits.iter().copied()) {
            if wait > 0 {
                self.clock.sleep(Duration::from_secs(wait)).await;
            }
            self.tokens.forget(client.id()).await;
            match self.ask(client).await {
                Ok(Asked::NoConsent(token)) => facts.token = token,
                Ok(Asked::Refused(token)) => {
                    facts.token = token;
                    return Ok(None);
                }
                Ok(Asked::Answered(answer)) => {
                    facts.token = TokenFacts::Ok;
                    facts.consent = self.granted(client).await?;
                    found = Some(*answer);
                    if !self.is_too_little(&facts.consent) {
                        return Ok(found);
                    }
                }
                Ok(Asked::Denied) => {}
                Err(error) if error.kind() == ErrorKind::Denied => {}
                Err(error) => return Err(error),
            }
        }
        if found.is_none() {
            facts.consent = ConsentFacts::Missing;
        }
        Ok(found)
    }

    /// Gives consent through Partner Center, for one resource after the other.
    async fn consent(&self, tenant: TenantId, facts: &mut Facts) -> Result<Given, Error> {
        let rules = &self.options.rules;
        let graph = (consents::MICROSOFT_GRAPH, &rules.required_scopes);
        let others = rules
            .other_scopes
            .iter()
            .map(|(resource, scopes)| (resource.as_str(), scopes));
        let mut given = Given::Already;
        for (resource, scopes) in std::iter::once(graph).chain(others) {
            let (id, name) = (&self.app.client_id, &self.app.display_name);
            let wanted = ApplicationConsent::to_graph(id, name, scopes.iter().cloned()).of_resource(resource);
            let request = consents::create(tenant.to_string(), &wanted);
            match self.partner()?.send(request).await {
                Ok(()) => given = Given::Now,
                Err(error) if error.service().is_some_and(consents::is_already_present) => {}
                Err(error) => {
                    self.refused(facts, error)?;
                    return Ok(Given::Refused);
                }
            }
        }
        Ok(given)
    }

    /// What Partner Center's refusal tells.
    ///
    /// # Errors
    /// The failure itself, where Partner Center said nothing of the customer or the account.
    fn refused(&self, facts: &mut Facts, error: msp365_client::Error) -> Result<(), Error> {
        let Some(service) = error.service().filter(|service| is_about_us(service.kind())) else {
            return Err(Error::request_error("giving consent through Partner Center")(
                error,
            ));
        };
        if service.has_code(ROLE_LACKS_RIGHTS) {
            not_agent(facts);
            return Ok(());
        }
        let known = error_codes::find(&service.code);
        let mut refusal = ConsentRefusal::new(service.kind(), &service.code);
        refusal.message = known.map_or_else(|| service.message.clone(), |entry| entry.cause.to_owned());
        refusal.remedy = known.map(|entry| entry.remedy.to_owned()).unwrap_or_default();
        refusal.link = self.admin_consent(facts);
        facts.consent = ConsentFacts::Refused(refusal);
        Ok(())
    }

    /// Where an administrator of a customer consents, whom Partner Center does not serve.
    fn admin_consent(&self, facts: &Facts) -> Option<String> {
        let authority = &self.client.endpoints().authority;
        let link = |tenant: TenantId| {
            format!(
                "{authority}/{tenant}/adminconsent?client_id={}",
                self.app.client_id
            )
        };
        (facts.in_partner_center == Some(false))
            .then(|| facts.tenant.map(link))
            .flatten()
    }

    /// What was granted, read back in the tenant itself.
    pub(crate) async fn granted(&self, client: &TenantClient) -> Result<ConsentFacts, Error> {
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
        let scopes = grants.items.iter().flat_map(PermissionGrant::scopes);
        Ok(ConsentFacts::Granted(scopes.map(str::to_owned).collect()))
    }

    /// Puts the application itself into the partner's group `AdminAgents`, which lets it work with Partner Center without
    /// a person. Answers whether it was not in there before.
    ///
    /// # Errors
    /// `NotFound` where the tenant has no such group or application; `Denied` without `GroupMember.ReadWrite.All`.
    pub async fn join_admin_agents(&self) -> Result<bool, Error> {
        let doing = || Error::request_error("putting the application into AdminAgents");
        let partner = self.partner()?;
        let app = partner
            .send(service_principals::by_app_id(&self.app.client_id))
            .await
            .map_err(doing())?;
        let named = groups::list()
            .filter(groups::Group::DISPLAY_NAME.eq(ADMIN_AGENTS))
            .select([groups::Group::ID]);
        let found = partner.send(named).await.map_err(doing())?;
        let Some(group) = found.items.first() else {
            return Err(Error::NoAdminAgents { tenant: partner.id() });
        };
        let adding = groups::add_member(self.client.endpoints(), &group.id, &app.id);
        match partner.send(adding).await {
            Ok(()) => Ok(true),
            Err(error) if error.service().is_some_and(groups::is_already_member) => Ok(false),
            Err(error) => Err(doing()(error)),
        }
    }
}

/// Whether a refusal tells something of the customer or the account, rather than of the moment.
const fn is_about_us(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Denied
            | ErrorKind::Relationship
            | ErrorKind::SignIn
            | ErrorKind::NotFound
            | ErrorKind::Consent
            | ErrorKind::Invalid
    )
}
