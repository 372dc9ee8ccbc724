//! The passes over one tenant: one module per thing read.

mod devices;
mod groups;
mod licenses;
mod mailboxes;
mod roles;
mod sign_ins;
mod users;

use futures_util::future::{BoxFuture, join_all};
use msp365_client::TenantClient;
use msp365_core::ErrorKind;
use msp365_graph::reports;
use msp365_partner::readiness::Facts;
use msp365_store::Resource;

use crate::{
    Engine, Error,
    engine::Job,
    report::{ResourceReport, TenantReport, words},
    stream::Tenant,
};

/// Why a resource is not read that the tenant's plan lacks.
const NOT_LICENSED: &str = "not_licensed";

impl Engine {
    /// Reads what was chosen, all streams at once. Answers what failed, in words; what the tenant cannot have goes
    /// into the facts.
    pub(crate) async fn read_all(
        &self,
        job: &Job<'_>,
        facts: &mut Facts,
        report: &mut TenantReport,
    ) -> Result<Vec<String>, Error> {
        let tenant = Tenant {
            id: job.record.id,
            epoch: job.record.epoch,
            client: job.client.clone(),
            store: &*self.store,
            clock: &*self.clock,
            observer: job.observer,
        };
        let concealed = self.concealed(&job.client).await;
        let passes: Vec<_> = self
            .options
            .resources
            .iter()
            .filter_map(|resource| Some((*resource, tenant.pass(*resource)?)))
            .map(|(resource, pass)| async move { (resource, pass.await) })
            .collect();
        let mut faults = Vec::new();
        for (resource, outcome) in join_all(passes).await {
            let done = match outcome {
                Ok(done) => done,
                Err(Error::Store(error)) => return Err(Error::Store(error)),
                Err(error) => self.unread(&tenant, resource, &error, &mut faults).await?,
            };
            report.requests += done.requests;
            report.throttled += done.throttled;
            report.resources.insert(resource, done);
        }
        let unlicensed = |resource: Resource| {
            report
                .resources
                .get(&resource)
                .map(|done| done.stale_because.as_deref() == Some(NOT_LICENSED))
        };
        facts.entra_p1 = unlicensed(Resource::SignIns).map(|unlicensed| !unlicensed);
        let hidden = report
            .resources
            .get(&Resource::Mailboxes)
            .is_some_and(|done| done.stale_because.as_deref() == Some(mailboxes::CONCEALED));
        facts.report_names_concealed = if hidden { Some(true) } else { concealed };
        Ok(faults)
    }

    /// A resource that could not be read: said in the store and the report, and a fault unless the tenant's plan
    /// simply lacks it.
    async fn unread(
        &self,
        tenant: &Tenant<'_>,
        resource: Resource,
        error: &Error,
        faults: &mut Vec<String>,
    ) -> Result<ResourceReport, Error> {
        let because = if error.kind() == ErrorKind::Unlicensed {
            NOT_LICENSED.to_owned()
        } else {
            let because = words(error);
            faults.push(because.clone());
            because
        };
        self.store.stale(&tenant.id, resource, &because).await?;
        let rows = self.store.count(&[tenant.id], resource).await?;
        Ok(ResourceReport {
            rows,
            stale_because: Some(because),
            ..ResourceReport::default()
        })
    }

    /// Whether the tenant's reports hide names; `None` where that cannot be read, which the report itself then tells.
    async fn concealed(&self, client: &TenantClient) -> Option<bool> {
        client
            .send(reports::settings())
            .await
            .ok()
            .and_then(|settings| settings.display_concealed_names)
    }
}

type Pass<'a> = BoxFuture<'a, Result<ResourceReport, Error>>;

impl Tenant<'_> {
    /// The pass that reads a resource; `None` for one that comes with another.
    fn pass(&self, resource: Resource) -> Option<Pass<'_>> {
        Some(match resource {
            Resource::Users => Box::pin(self.read(users::source())),
            Resource::Groups => Box::pin(self.read(groups::source())),
            Resource::RoleAssignments => Box::pin(self.read(roles::source())),
            Resource::Licenses => Box::pin(self.read(licenses::source())),
            Resource::Devices => Box::pin(self.read(devices::source())),
            Resource::ManagedDevices => Box::pin(self.read(devices::managed())),
            Resource::SignIns => Box::pin(self.read(sign_ins::source())),
            Resource::Mailboxes => Box::pin(self.read_mailboxes()),
            _ => return None,
        })
    }
}
