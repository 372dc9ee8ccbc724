//! Consent to our application in a customer's tenant, given through Partner Center.

#[cfg(test)]
mod tests;

use msp365_core::{Operation, Request, Service, ServiceError, operation::Verb, path};
use serde::Serialize;
use serde_json::json;

use crate::customers::USER;

pub(crate) static OPERATIONS: &[&Operation] = &[&CREATE, &DELETE];

static CREATE: Operation = Operation::new(
    Verb::Post,
    "consents.create",
    "customers/{customer}/applicationconsents",
)
.at(Service::PartnerCenter)
.delegated(USER)
.note("one resource at a time; 50 requests a second for an application; takes a minute to show");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "consents.delete",
    "customers/{customer}/applicationconsents/{application}",
)
.at(Service::PartnerCenter)
.delegated(USER)
.note("the service principal may stay behind");

/// The application id of Microsoft Graph in every tenant.
pub const MICROSOFT_GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Consents to an application in a customer's tenant: creates its service principal and a grant for everybody.
///
/// A consent that already exists is refused with 409, whatever its scopes are. [`is_already_present`] recognizes this;
/// whether the scopes suffice can be read from the grants in the customer's tenant. That is why the request is sent
/// once: the refusal of a second sending would say nothing about the first. A consent takes up to a minute to show.
///
/// Permission: Partner Center `user_impersonation`; the account must be in `AdminAgents` and hold an
/// [accepted role](crate::roles::ACCEPTED_FOR_SYNC) in the customer's tenant. 50 requests a second for an application.
pub fn create(customer: impl AsRef<str>, consent: &ApplicationConsent) -> Request<()> {
    let request = CREATE
        .command(path!["customers", customer, "applicationconsents"])
        .header("accept", "application/json")
        .json(json!({
            "applicationId": consent.application_id,
            "displayName": consent.display_name,
            "applicationGrants": [{
                "enterpriseApplicationId": consent.resource,
                "scope": consent.scopes.join(", "),
            }],
        }));
    if consent.scopes.is_empty()
        || consent
            .scopes
            .iter()
            .any(|scope| scope.is_empty() || scope.contains(','))
    {
        request.refuse("a consent names one or more permissions")
    } else {
        request
    }
}

/// Withdraws the consent; `NotFound` if Partner Center knows of none.
///
/// Permission: Partner Center `user_impersonation`; roles as for [`create`].
pub fn delete(customer: impl AsRef<str>, application_id: impl AsRef<str>) -> Request<()> {
    DELETE
        .command(path![
            "customers",
            customer,
            "applicationconsents",
            application_id
        ])
        .header("accept", "application/json")
}

/// Whether the refusal of [`create`] says that a consent already exists. It does not say whether its scopes suffice.
pub fn is_already_present(error: &ServiceError) -> bool {
    // 2026: not documented, met in the field with 409 and with 400.
    error.status == 409
        || error
            .message
            .to_ascii_lowercase()
            .contains("permission entry already exists")
}

/// A consent to delegated permissions on one resource; the service takes one resource at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApplicationConsent {
    /// The client id of the application, which must be the one the Partner Center token was issued to.
    pub application_id: String,
    /// The name shown in the customer's tenant.
    pub display_name: String,
    /// The application id of the resource, such as [`MICROSOFT_GRAPH`].
    pub resource: String,
    /// The delegated permissions by name.
    pub scopes: Vec<String>,
}

impl ApplicationConsent {
    /// A consent to permissions of Microsoft Graph.
    pub fn to_graph<S: Into<String>>(
        application_id: impl Into<String>,
        display_name: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            application_id: application_id.into(),
            display_name: display_name.into(),
            resource: MICROSOFT_GRAPH.to_owned(),
            scopes: scopes.into_iter().map(Into::into).collect(),
        }
    }

    /// The same for another resource.
    #[must_use]
    pub fn of_resource(mut self, resource: impl Into<String>) -> Self {
        self.resource = resource.into();
        self
    }
}
