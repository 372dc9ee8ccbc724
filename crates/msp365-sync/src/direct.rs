//! Tenants that an application of their own reaches directly, beside a partner or without one.

use jiff::Timestamp;
use msp365_client::TenantClient;
use msp365_core::TenantId;
use msp365_graph::{app_role_assignments, service_principals};
use msp365_partner::{
    consents::MICROSOFT_GRAPH,
    readiness::{ConsentFacts, CredentialKind},
};

use crate::{Engine, Error, leave::Remnant, look::known};

/// A tenant that granted an application permissions of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectTenant {
    /// The tenant.
    pub tenant: TenantId,
    /// The name of its organization.
    pub name: String,
    /// The client id of the application.
    pub client_id: String,
    /// What the application proves itself with.
    pub credential: CredentialKind,
    /// When that ends, where it is known.
    pub credential_ends_at: Option<Timestamp>,
}

impl DirectTenant {
    /// The tenant of this name, which this application reaches.
    pub fn new(tenant: TenantId, name: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            tenant,
            name: name.into(),
            client_id: client_id.into(),
            credential: CredentialKind::default(),
            credential_ends_at: None,
        }
    }

    /// Says what it proves itself with, and when that ends.
    #[must_use]
    pub const fn proven_by(mut self, credential: CredentialKind, end: Option<Timestamp>) -> Self {
        self.credential = credential;
        self.credential_ends_at = end;
        self
    }

    /// What stays behind in it: an application cannot take itself out with permissions to read.
    pub(crate) fn remnant(&self) -> Remnant {
        Remnant::new(
            format!("enterprise application with client id `{}`", self.client_id),
            "it reads the tenant by permissions that do not let it remove itself",
            format!(
                "https://entra.microsoft.com/{}: Enterprise applications",
                self.tenant
            ),
        )
    }
}

impl Engine {
    /// Also keeps the store true to these tenants. The partner's own tenant stays the partner's.
    #[must_use]
    pub fn with_direct(mut self, mut direct: Vec<DirectTenant>) -> Self {
        direct.retain(|one| Some(one.tenant) != self.partner);
        self.direct = direct;
        self
    }

    /// The tenant, if it is reached directly.
    pub(crate) fn direct(&self, tenant: TenantId) -> Option<&DirectTenant> {
        self.direct.iter().find(|one| one.tenant == tenant)
    }

    /// The permissions of Microsoft Graph that a tenant granted the application itself. Not read, where the tenant does
    /// not let it be looked at.
    pub(crate) async fn app_permissions(
        &self,
        client: &TenantClient,
        own: &DirectTenant,
    ) -> Result<ConsentFacts, Error> {
        let app = client.send(service_principals::by_app_id(&own.client_id)).await;
        let graph = client
            .send(service_principals::permissions_of(MICROSOFT_GRAPH))
            .await;
        let (Some(app), Some(graph)) = (known(app)?, known(graph)?) else {
            return Ok(ConsentFacts::NotRead);
        };
        let given = client
            .send(app_role_assignments::of_service_principal(&app.id))
            .await;
        let Some(given) = known(given)? else {
            return Ok(ConsentFacts::NotRead);
        };
        let holds = |role: &str| {
            given
                .items
                .iter()
                .any(|one| one.app_role_id.as_deref() == Some(role))
        };
        let roles = graph.app_roles.into_iter();
        let held = roles.filter(|role| role.id.as_deref().is_some_and(holds));
        Ok(ConsentFacts::Granted(
            held.filter_map(|role| role.value).collect(),
        ))
    }
}
