//! Looking into a customer's tenant: who it is, what was consented to and what it can do, in two round trips.

use msp365_client::TenantClient;
use msp365_core::{Answers, Batch, ErrorKind, Page, Slot};
use msp365_graph::{
    authentication_methods::{self, PolicyState},
    organization::{self, Organization},
    permission_grants::{self, PermissionGrant},
    reports,
    service_principals::{self, ServicePrincipal},
    subscribed_skus::{self, CapabilityStatus, SubscribedSku},
};
use msp365_partner::readiness::{ConsentFacts, Facts};

use crate::{
    Engine, Error,
    check::{Asked, no_token},
};

impl Engine {
    /// Asks a tenant who it is and what it can do. What it does not let us read stays unknown.
    ///
    /// # Errors
    /// Where the services cannot be reached or fail; what they refuse is a fact.
    pub(crate) async fn look(&self, client: &TenantClient, facts: &mut Facts) -> Result<Asked, Error> {
        let mut batch = Batch::new();
        let who = batch.add(organization::get());
        let app = (!facts.is_direct).then(|| batch.add(service_principals::by_app_id(&self.app.client_id)));
        let products = batch.add(subscribed_skus::list());
        let settings = batch.add(reports::settings());
        let passes = self
            .options
            .rules
            .temporary_passes
            .then(|| batch.add(authentication_methods::pass_policy()));
        let mut answers = match client.batch(batch).await {
            Ok(answers) => answers,
            Err(error) => return no_token(error),
        };
        let organization = match answers.take(who) {
            Ok(found) => found,
            Err(error) if error.token().is_some() => return no_token(error),
            // A token without a role: the tenant lets the account in, and shows it nothing.
            Err(error) if error.kind() == ErrorKind::Denied => {
                facts.organization_ok = Some(false);
                return Ok(Asked::Denied);
            }
            Err(error) => return Err(Error::request_error("asking the tenant who it is")(error)),
        };
        capable(facts, &organization, &mut answers, products)?;
        facts.capabilities.report_names_concealed =
            known(answers.take(settings))?.and_then(|found| found.display_concealed_names);
        if let Some(passes) = passes {
            facts.capabilities.temporary_pass =
                known(answers.take(passes))?.and_then(|found| Some(found.state? == PolicyState::Enabled));
        }
        if let Some(own) = self.direct(client.id()) {
            facts.consent = self.app_permissions(client, own).await?;
        } else if let Some(app) = app.filter(|_| !facts.is_primary) {
            facts.consent = self.consented(client, answers.take(app)).await?;
        }
        Ok(Asked::Answered(Box::new(organization)))
    }

    /// What was consented to. A grant that is there, though Graph shows no application, was not seen everywhere yet.
    async fn consented(
        &self,
        client: &TenantClient,
        app: Result<ServicePrincipal, msp365_client::Error>,
    ) -> Result<ConsentFacts, Error> {
        let Some(app) = known(app)? else {
            return Ok(ConsentFacts::NotRead);
        };
        let grants = client.send(permission_grants::of_client(&app.id)).await;
        let Some(grants) = known(grants)? else {
            return Ok(ConsentFacts::NotRead);
        };
        let scopes = grants.items.iter().flat_map(PermissionGrant::scopes);
        Ok(ConsentFacts::Granted(scopes.map(str::to_owned).collect()))
    }
}

fn capable(
    facts: &mut Facts,
    organization: &Organization,
    answers: &mut Answers<msp365_client::Error>,
    products: Slot<Page<SubscribedSku>>,
) -> Result<(), Error> {
    if let Some(products) = known(answers.take(products))? {
        let in_force = |sku: &&SubscribedSku| {
            !matches!(
                sku.capability_status,
                Some(CapabilityStatus::Suspended | CapabilityStatus::Deleted | CapabilityStatus::LockedOut)
            )
        };
        let plans = products.items.iter().filter(in_force);
        let plans = plans.flat_map(|sku| &sku.service_plans);
        let names: Vec<_> = plans
            .filter_map(|plan| plan.service_plan_name.as_deref())
            .collect();
        facts.capabilities.take_plans(names);
    }
    facts
        .capabilities
        .take_sync(Some(organization.on_premises_sync_enabled == Some(true)));
    Ok(())
}

/// An answer, or `None` where the tenant refuses it or does not have it.
///
/// # Errors
/// Any other failure.
pub(crate) fn known<T>(answer: Result<T, msp365_client::Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::Denied
                    | ErrorKind::Consent
                    | ErrorKind::NotFound
                    | ErrorKind::Unlicensed
                    | ErrorKind::Invalid
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(Error::request_error("looking at what the tenant can do")(error)),
    }
}
