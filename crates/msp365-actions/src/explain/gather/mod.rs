//! Reading the facts: a bounded number of round trips, whatever the size of the tenant.
//!
//! The provider's own tenant tells of the account, the relationship and its groups in three; the customer's of the
//! application, the user and what hangs on it in three more. What cannot be read becomes a fact that is not known, with
//! the reason; it is no error.

mod account;
mod asked;
mod user;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use msp365_client::{Client, Error, TenantClient};
use msp365_core::{Batch, ErrorKind, Page, Request, TenantId};
use msp365_graph::{
    service_principals::{self, ServicePrincipal},
    users,
};
use msp365_partner::{
    consents::MICROSOFT_GRAPH,
    readiness::{self, TokenFacts},
};
use msp365_store::TenantStore;

use super::{Action, Known, TargetFacts, TenantFacts};

/// Reads what [`explain`](super::explain) has to know.
#[derive(Clone, Copy)]
pub struct Gatherer<'a> {
    client: &'a Client,
    store: &'a dyn TenantStore,
    /// `None`: an application that acts for itself.
    partner: Option<TenantId>,
    client_id: &'a str,
}

impl std::fmt::Debug for Gatherer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gatherer")
            .field("partner", &self.partner)
            .finish_non_exhaustive()
    }
}

/// What the properties of a user are needed for: existence, protection, licences, on-premises.
const USER: [msp365_core::query::Property<users::User>; 10] = [
    users::User::ID,
    users::User::USER_PRINCIPAL_NAME,
    users::User::DISPLAY_NAME,
    users::User::USER_TYPE,
    users::User::ACCOUNT_ENABLED,
    users::User::USAGE_LOCATION,
    users::User::ON_PREMISES_SYNC_ENABLED,
    users::User::IS_MANAGEMENT_RESTRICTED,
    users::User::ASSIGNED_LICENSES,
    users::User::LICENSE_ASSIGNMENT_STATES,
];

impl<'a> Gatherer<'a> {
    /// Reads through this client, in the name of the application of this client id, which signed in to the partner.
    pub fn new(
        client: &'a Client,
        store: &'a dyn TenantStore,
        partner: TenantId,
        client_id: &'a str,
    ) -> Self {
        Self {
            client,
            store,
            partner: Some(partner),
            client_id,
        }
    }

    /// Reads about tenants that the application of this client id reaches by permissions of its own, with nobody signed
    /// in.
    pub fn direct(client: &'a Client, store: &'a dyn TenantStore, client_id: &'a str) -> Self {
        Self {
            client,
            store,
            partner: None,
            client_id,
        }
    }

    /// What is known of a tenant and of a user of it, by object id or name, as far as the action depends on it. Of a
    /// tenant that is not listed nothing is asked.
    ///
    /// Permission: `Directory.Read.All`, `User.Read`, and in the provider's tenant
    /// `DelegatedAdminRelationship.Read.All`; in a direct tenant `Application.Read.All` instead of these two; for passes `Policy.Read.AuthenticationMethod`. What is missing leaves facts
    /// unknown.
    ///
    /// # Errors
    /// `Storage`. What the services refuse is no error.
    pub async fn facts(
        &self,
        tenant: TenantId,
        user: &str,
        action: &Action,
        now: Timestamp,
    ) -> Result<(TenantFacts, TargetFacts), msp365_store::Error> {
        let mut found = TenantFacts::new(tenant, now);
        let mut target = TargetFacts::new(user);
        let record = self.store.tenant(&tenant).await?;
        found.status = Known::Is(record.as_ref().map(|record| record.status));
        if record.is_none() {
            return Ok((found, target));
        }
        self.access(tenant, &mut found).await;
        let client = self.client.tenant(tenant).deadline(TenantClient::INTERACTIVE);
        match self.knock(&client, user, action).await {
            Err(error) => refused(&error, &mut found),
            Ok(met) => {
                if let Known::Is(access) = &mut found.access {
                    access.token = TokenFacts::Ok;
                }
                target.user = met.user;
                let facts = (&mut found, &mut target);
                Box::pin(user::read(&client, met.application, action, facts)).await;
            }
        }
        Ok((found, target))
    }

    /// What stands between the one who asks and the tenant; nothing, where an application acts for itself.
    async fn access(&self, tenant: TenantId, found: &mut TenantFacts) {
        let Some(partner) = self.partner else {
            let mut access = bare(false);
            access.is_direct = true;
            found.access = Known::Is(access);
            return;
        };
        let client = self.client.tenant(partner).deadline(TenantClient::INTERACTIVE);
        let (access, own_roles) = account::read(&client, tenant == partner, tenant).await;
        found.access = access;
        found.own_roles = own_roles;
    }

    /// The first round in the tenant: it shows whether there is a token at all.
    async fn knock(&self, client: &TenantClient, user: &str, action: &Action) -> Result<Met, Error> {
        let mut batch = Batch::new();
        let application = batch.add(service_principals::by_app_id(self.client_id));
        let is_direct = self.partner.is_none();
        let graph = is_direct.then(|| batch.add(service_principals::permissions_of(MICROSOFT_GRAPH)));
        let restores = action.begins_with(|first| *first == Action::Restore);
        let wants_user = !restores && !action.begins_with(|first| matches!(first, Action::Create { .. }));
        let person = wants_user.then(|| batch.add(users::get(user).select(USER)));
        let mut answers = client.batch(batch).await?;
        let application = match answers.take(application) {
            Err(error) if error.token().is_some() => return Err(error),
            answer => present(answer).map(|found| found.map(|application| application.id)),
        };
        let person = match person {
            Some(slot) => present(answers.take(slot)),
            None if restores => user::deleted(client, user).await,
            None => Known::default(),
        };
        let permissions = match graph {
            Some(slot) => known(answers.take(slot)),
            None => Known::default(),
        };
        Ok(Met {
            application: Application {
                id: application,
                permissions,
            },
            user: person,
        })
    }
}

/// What the first round found.
struct Met {
    application: Application,
    user: Known<Option<users::User>>,
}

/// The application in the tenant.
struct Application {
    /// The object id of its service principal; `None` within: it has none.
    id: Known<Option<String>>,
    /// What there is to be given of Microsoft Graph to applications; read in direct tenants alone.
    permissions: Known<ServicePrincipal>,
}

/// Why there is no token: an answer about the tenant, or a failure of the moment.
fn refused(error: &Error, found: &mut TenantFacts) {
    let answer = error.token().filter(|token| is_answer(token.kind));
    match (answer, &mut found.access) {
        (Some(token), Known::Is(access)) => access.token = TokenFacts::refused(token),
        (None, access @ Known::Is(_)) => *access = Known::Not(error.words()),
        (_, Known::Not(_)) => {}
    }
    found.consent = Known::Not(error.words());
}

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

/// An answer as a fact; that there is no such thing is one, too.
fn present<T>(answer: Result<T, Error>) -> Known<Option<T>> {
    match answer {
        Ok(found) => Known::Is(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Known::Is(None),
        Err(error) => Known::Not(error.words()),
    }
}

/// An answer as a fact.
fn known<T>(answer: Result<T, Error>) -> Known<T> {
    match answer {
        Ok(found) => Known::Is(found),
        Err(error) => Known::Not(error.words()),
    }
}

/// All rows of a listing of which the first page is there.
pub(crate) async fn rest<T: Send + 'static>(
    client: &TenantClient,
    request: Request<Page<T>>,
    first: Result<Page<T>, Error>,
) -> Result<Vec<T>, Error> {
    let Page { mut items, next, .. } = first?;
    if next.is_some() {
        let pages: Vec<Page<T>> = client.pages_from(request, next).try_collect().await?;
        items.extend(pages.into_iter().flat_map(|page| page.items));
    }
    Ok(items)
}

/// Facts about access of which nothing is known yet but whose tenant it is.
fn bare(is_primary: bool) -> readiness::Facts {
    let mut facts = readiness::Facts::default();
    facts.is_primary = is_primary;
    facts
}
