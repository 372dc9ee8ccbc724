//! The passes over one tenant: one module per thing read.

mod devices;
mod groups;
mod licenses;
mod mailboxes;
pub(crate) mod products;
mod roles;
mod sign_ins;
mod users;

use futures_util::future::{BoxFuture, join_all};
use msp365_core::{ErrorKind, TenantId};
use msp365_partner::readiness::Facts;
use msp365_store::Resource;

use crate::{
    Engine, Error,
    report::{ResourceReport, TenantReport},
    run::Job,
    stream::Tenant,
};

/// Why a resource is not read that the tenant's plan lacks.
const NOT_LICENSED: &str = "not_licensed";

impl Engine {
    /// Reads what was chosen, all streams at once. What fails, or what the tenant cannot have, is said in the store and
    /// in the report.
    pub(crate) async fn read_all(&self, job: &Job<'_>, report: &mut TenantReport) -> Result<(), Error> {
        let tenant = Tenant {
            id: job.record.id,
            epoch: job.record.epoch,
            client: job.client.clone(),
            store: &*self.store,
            clock: &*self.clock,
            observer: job.observer,
        };
        let chosen = self.options.chosen();
        let parts = tenant.parts().await?;
        let are_licenses_read = chosen.contains(&Resource::Licenses);
        let passes: Vec<_> = chosen
            .into_iter()
            .filter_map(|resource| Some((resource, tenant.pass(resource)?)))
            .map(|(resource, pass)| async move { (resource, pass.await) })
            .collect();
        let outcomes = join_all(passes).await;
        if are_licenses_read {
            tenant.call_anew(&parts).await?;
        }
        for (resource, outcome) in outcomes {
            let done = match outcome {
                Ok(done) => done,
                Err(Error::Store(error)) => return Err(Error::Store(error)),
                Err(error) => self.unread(tenant.id, resource, &error).await?,
            };
            report.requests += done.requests;
            report.throttled += done.throttled;
            if resource == Resource::Groups {
                report
                    .resources
                    .insert(Resource::Memberships, self.members(tenant.id, &done).await?);
            }
            report.resources.insert(resource, done);
        }
        Ok(())
    }

    /// Memberships come with groups, and their changes are counted there.
    async fn members(&self, tenant: TenantId, groups: &ResourceReport) -> Result<ResourceReport, Error> {
        Ok(ResourceReport {
            rows: self.store.count(&[tenant], Resource::Memberships).await?,
            fresh_as_of: groups.fresh_as_of,
            stale_because: groups.stale_because.clone(),
            ..ResourceReport::default()
        })
    }

    /// A resource that could not be read. What the tenant's plan lacks has a word of its own.
    async fn unread(
        &self,
        tenant: TenantId,
        resource: Resource,
        error: &Error,
    ) -> Result<ResourceReport, Error> {
        let because = if error.kind() == ErrorKind::Unlicensed {
            NOT_LICENSED.to_owned()
        } else {
            error.words()
        };
        self.store.stale(&tenant, resource, &because).await?;
        let rows = self.store.count(&[tenant], resource).await?;
        Ok(ResourceReport {
            rows,
            stale_because: Some(because),
            ..ResourceReport::default()
        })
    }

    /// How the wanted resources of a tenant stand, whichever run read them. What the tenant cannot have goes into the
    /// facts; what failed, or was never read, is answered in words.
    pub(crate) async fn standing(&self, tenant: TenantId, facts: &mut Facts) -> Result<Vec<String>, Error> {
        let (mut faults, mut never) = (Vec::new(), Vec::new());
        for resource in self.options.wanted() {
            let stream = self.store.stream(&tenant, resource).await?;
            let is_sign_ins = resource == Resource::SignIns;
            match stream.stale_because {
                Some(because) if because == NOT_LICENSED => {
                    facts.capabilities.entra_p1 = if is_sign_ins {
                        Some(false)
                    } else {
                        facts.capabilities.entra_p1
                    };
                }
                Some(because) if because == mailboxes::CONCEALED => {
                    facts.capabilities.report_names_concealed = Some(true);
                }
                Some(because) => faults.push(because),
                None if stream.fresh_as_of.is_none() => never.push(resource.as_str()),
                None => {
                    facts.capabilities.entra_p1 = if is_sign_ins {
                        Some(true)
                    } else {
                        facts.capabilities.entra_p1
                    }
                }
            }
        }
        if !never.is_empty() {
            faults.push(format!("not read yet: {}", never.join(", ")));
        }
        Ok(faults)
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
