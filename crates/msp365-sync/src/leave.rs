//! Turning off: one tenant, or all. Running work is fenced, the application is taken out of customers, rows are removed,
//! and what could not be removed is named.

use futures_util::{StreamExt, stream};
use msp365_core::{ErrorKind, TenantId};
use msp365_graph::service_principals;
use msp365_partner::consents;
use msp365_store::{LogFate, TenantFilter, TenantKind, TenantRecord, TenantState, TenantStatus};
use serde::Serialize;

use crate::{Engine, Error};

/// What stays behind, and where it is removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Remnant {
    /// What it is.
    pub what: String,
    /// Why it was not removed.
    pub why: String,
    /// Where a person removes it.
    pub place: String,
}

impl Remnant {
    pub(crate) fn new(what: impl Into<String>, why: impl Into<String>, place: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            place: place.into(),
        }
    }
}

/// What unsyncing a tenant did.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Unsynced {
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Stored rows that were removed.
    pub rows_removed: u64,
    /// What was removed from the tenant itself.
    pub removed: Vec<String>,
    /// What stays behind in it.
    pub remains: Vec<Remnant>,
}

/// What turning off did.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Exit {
    /// Each customer, by name.
    pub tenants: Vec<Unsynced>,
    /// Stored rows that were removed, those of the partner's own tenant included.
    pub rows_removed: u64,
    /// What stays behind on the side of the partner and of the host.
    pub remains: Vec<Remnant>,
}

impl Exit {
    /// Whether nothing stays behind in any customer.
    pub fn is_clean(&self) -> bool {
        self.tenants.iter().all(|tenant| tenant.remains.is_empty())
    }
}

impl Engine {
    /// Stops syncing tenants: takes the application out of them and removes their rows. A run that is reading one is
    /// fenced: what it writes later is refused. They can be synced again at once.
    ///
    /// # Errors
    /// `NotFound` for a tenant the store does not know and `Invalid` for the partner's own; nothing is done then.
    /// `Storage`.
    pub async fn unsync(&self, tenants: &[TenantId]) -> Result<Vec<Unsynced>, Error> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        let records = self.known(tenants).await?;
        if let Some(primary) = records.iter().find(|record| record.kind == TenantKind::Primary) {
            return Err(Error::PrimaryTenant { tenant: primary.id });
        }
        self.leave_all(records).await
    }

    /// Turns all of it off: every customer as [`Engine::unsync`] does, then everything that is stored, the activity log as
    /// is said. Whoever calls forgets its own tokens afterwards.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn disconnect(&self, log: LogFate) -> Result<Exit, Error> {
        let records = self.store.tenants(&TenantFilter::all()).await?;
        let (own, customers): (Vec<_>, Vec<_>) = records
            .into_iter()
            .partition(|record| record.kind == TenantKind::Primary);
        let tenants = self.leave_all(customers).await?;
        let mut rows_removed = tenants.iter().map(|tenant| tenant.rows_removed).sum();
        for record in own {
            self.store.new_epoch(&record.id).await?;
            rows_removed += self.store.purge(&record.id).await?;
        }
        let mut remains = self.partner.map(|_| self.of_the_partner()).unwrap_or_default();
        // A key without a log is kept for nothing.
        match self.store.journal_head().await?.filter(|_| log == LogFate::Keep) {
            Some(_) => {
                self.store.wipe(LogFate::Keep).await?;
                remains.push(of_the_log());
            }
            None => self.store.wipe(LogFate::Remove).await?,
        }
        Ok(Exit {
            tenants,
            rows_removed,
            remains,
        })
    }

    async fn leave_all(&self, records: Vec<TenantRecord>) -> Result<Vec<Unsynced>, Error> {
        let leaving = records.into_iter().map(|record| self.leave(record));
        let mut answers = stream::iter(leaving).buffer_unordered(self.options.tenants_at_a_time.max(1));
        let mut done = Vec::new();
        while let Some(answer) = answers.next().await {
            done.push(answer?);
        }
        done.sort_by(|a, b| (&a.name, a.tenant).cmp(&(&b.name, b.tenant)));
        Ok(done)
    }

    /// Fenced first, so that nothing enrols or writes what is removed here.
    async fn leave(&self, record: TenantRecord) -> Result<Unsynced, Error> {
        self.store.set_selected(&[record.id], false).await?;
        self.store
            .set_state(&record.id, &TenantState::new(TenantStatus::Unsyncing))
            .await?;
        self.store.new_epoch(&record.id).await?;
        let (removed, remains) = self.withdraw(&record).await;
        let rows_removed = self.store.purge(&record.id).await?;
        self.store
            .set_state(&record.id, &TenantState::new(TenantStatus::Deactivated))
            .await?;
        Ok(Unsynced {
            tenant: record.id,
            name: record.name,
            rows_removed,
            removed,
            remains,
        })
    }

    /// Takes the application out of a customer: the grants first, its own service principal last, since no token is
    /// given without that.
    async fn withdraw(&self, record: &TenantRecord) -> (Vec<String>, Vec<Remnant>) {
        let tenant = record.id;
        if let Some(own) = self.direct(tenant) {
            self.tokens.forget(tenant).await;
            return (Vec::new(), vec![own.remnant()]);
        }
        // Nothing reaches it any more, as it was connected directly once, or no partner is.
        let Some(partner) = self.partner.filter(|_| record.kind != TenantKind::Direct) else {
            return (Vec::new(), Vec::new());
        };
        let client = self.client.tenant(tenant);
        let app = || service_principals::by_app_id(&self.app.client_id);
        // Gets the token that outlives the consent, and tells whether there is anything.
        let before = client.send(app()).await;
        let taken_back = self
            .client
            .tenant(partner)
            .send(consents::delete(tenant.to_string(), &self.app.client_id))
            .await;
        let (mut removed, mut remains) = (Vec::new(), Vec::new());
        match taken_back {
            Ok(()) => removed.push("consent in Partner Center, with its permission grants".to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            // Neither Partner Center nor the tenant lets the account in, and never did: nothing was given.
            Err(error) if is_refused(error.kind()) && before.is_err() && !was_enrolled(record) => {}
            Err(error) => remains.push(Remnant::new(
                "consent in Partner Center",
                error.words(),
                "Partner Center, by its API or PowerShell module: application consents of the customer",
            )),
        }
        let what = format!("enterprise application `{}`", self.app.display_name);
        let before = match before {
            Ok(found) => Some(found),
            Err(error) => {
                if was_enrolled(record) && !is_gone(error.kind()) {
                    let place = format!("https://entra.microsoft.com/{tenant}: Enterprise applications");
                    remains.push(Remnant::new(&what, error.words(), place));
                }
                None
            }
        };
        if let Some(before) = before {
            // 2026: Partner Center was seen to leave the service principal behind, and not to.
            let deleted = match client.send(app()).await {
                Ok(still) => client.send(service_principals::delete(&still.id)).await,
                Err(error) => Err(error),
            };
            match deleted {
                Err(error) if !is_gone(error.kind()) => {
                    remains.push(Remnant::new(
                        what,
                        error.words(),
                        self.enterprise_application(tenant, &before.id),
                    ));
                }
                _ => removed.push(what),
            }
        }
        self.tokens.forget(tenant).await;
        (removed, remains)
    }

    fn enterprise_application(&self, tenant: TenantId, object: &str) -> String {
        format!(
            "https://entra.microsoft.com/{tenant}/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/{object}/appId/{}",
            self.app.client_id
        )
    }

    fn of_the_partner(&self) -> Vec<Remnant> {
        let app = format!(
            "app registration `{}` in the partner's own tenant, with its enterprise application, secrets and permissions",
            self.app.client_id
        );
        vec![
            Remnant::new(
                app,
                "it belongs to the partner, and other programs may use it",
                "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
            ),
            Remnant::new(
                "GDAP relationships, their security groups, and the service account's place in these and in AdminAgents",
                "they belong to the partner, and its people may work with them",
                "https://partner.microsoft.com/dashboard/v2/customers/list",
            ),
        ]
    }
}

fn of_the_log() -> Remnant {
    Remnant::new(
        "activity log in the database, with its sealed key",
        "it is your record of who changed what",
        "`msp365 disconnect --purge-log`, or `LogFate::Remove`",
    )
}

/// Whether an answer says that the application is no longer there: not found, or no token for want of consent.
const fn is_gone(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::Consent)
}

/// Whether consent was given once, as far as is known.
fn was_enrolled(record: &TenantRecord) -> bool {
    record.synced_at.is_some() || !matches!(record.status, TenantStatus::Deactivated | TenantStatus::Blocked)
}

const fn is_refused(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Relationship | ErrorKind::Denied)
}
