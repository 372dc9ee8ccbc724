//! Checking many tenants: to look, or to enrol them.

use futures_util::{StreamExt, stream};
use msp365_core::TenantId;
use msp365_graph::applications;
use msp365_partner::readiness::{Capabilities, CredentialKind, Finding};
use msp365_store::{TenantKind, TenantRecord, TenantState, TenantStatus};
use serde::Serialize;

use crate::{
    Engine, Error,
    check::{Checked, Reach},
    look::known,
    outcome::{blocked, worst_first},
    view::PartnerView,
};

/// What a check found, for a person.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Whether it is the partner's own.
    pub kind: TenantKind,
    /// Whether nothing stands in the way of a sync.
    pub ready: bool,
    /// What was found, errors first.
    pub findings: Vec<Finding>,
    /// What the tenant can do, as far as that was looked at.
    pub capabilities: Capabilities,
    /// Why the check could not be finished, such as a service that does not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<String>,
}

impl Engine {
    /// Checks tenants without changing anything; no ids: all. `see` is called with each as it is known.
    ///
    /// # Errors
    /// `NotFound` for a tenant the partner does not list; the kind of the failed request; `Storage`.
    pub async fn doctor(
        &self,
        tenants: &[TenantId],
        mut see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<Vec<Diagnosis>, Error> {
        let mut found = Vec::new();
        self.inspect(tenants, |diagnosis| {
            see(diagnosis);
            found.push(diagnosis.clone());
        })
        .await?;
        Ok(by_name(found))
    }

    /// As [`Engine::doctor`], keeping nothing: `see` is called with each as it is known.
    ///
    /// # Errors
    /// As of [`Engine::doctor`].
    pub async fn inspect(
        &self,
        tenants: &[TenantId],
        see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<(), Error> {
        let mut view = self.listed().await?;
        if self.partner.is_some() && view.unread.is_none() {
            let read = self.look_at_partner(&mut view).await;
            view.unread = self.beside(read)?;
        }
        let records = self.known(tenants).await?;
        let reach = |record: &TenantRecord| {
            let enrolled = record.selected && record.status != TenantStatus::Pending;
            if enrolled {
                Reach::LookEnrolled
            } else {
                Reach::Look
            }
        };
        self.check_all(&view, &records, reach, see).await
    }

    /// Reads what only a person wants to know of the partner: how groups are nested, and when the last secret of the
    /// application ends, unless the host said when its own does.
    async fn look_at_partner(&self, view: &mut PartnerView) -> Result<(), Error> {
        let partner = self.partner()?;
        view.read_ways(&partner).await?;
        if self.app.credential == CredentialKind::Secret && self.app.credential_ends_at.is_none() {
            let app = known(partner.send(applications::by_app_id(&self.app.client_id)).await)?;
            let secrets = app.iter().flat_map(|app| &app.password_credentials);
            view.credential_ends_at = secrets.filter_map(|one| one.end_date_time).max();
        }
        Ok(())
    }

    /// Marks tenants to be synced and enrols them: consent is given where nothing else stands in the way. `see` is called
    /// with each as it is known.
    ///
    /// # Errors
    /// `NotFound` for a tenant the store does not know; the kind of the failed request; `Storage`.
    pub async fn enrol(
        &self,
        tenants: &[TenantId],
        mut see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<Vec<Diagnosis>, Error> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        self.select(tenants).await?;
        let view = self.listed().await?;
        let records = self.known(tenants).await?;
        let mut found = Vec::new();
        self.check_all(
            &view,
            &records,
            |_| Reach::Enrol,
            |diagnosis: &Diagnosis| {
                see(diagnosis);
                found.push(diagnosis.clone());
            },
        )
        .await?;
        Ok(by_name(found))
    }

    async fn check_all(
        &self,
        view: &PartnerView,
        records: &[TenantRecord],
        reach: impl Fn(&TenantRecord) -> Reach,
        mut see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<(), Error> {
        let listed: Vec<_> = records
            .iter()
            .filter(|record| view.lists(record.id) || view.unread(record).is_some())
            .map(|record| (record, reach(record)))
            .collect();
        let checks = listed
            .into_iter()
            .map(|(record, reach)| self.diagnose(view, record, reach));
        let mut answers = stream::iter(checks).buffer_unordered(self.options.tenants_at_a_time.max(1));
        while let Some(answer) = answers.next().await {
            see(&answer?);
        }
        Ok(())
    }

    /// One tenant that cannot be asked does not stop the others.
    async fn diagnose(
        &self,
        view: &PartnerView,
        record: &TenantRecord,
        reach: Reach,
    ) -> Result<Diagnosis, Error> {
        let mut diagnosis = Diagnosis {
            tenant: record.id,
            name: record.name.clone(),
            kind: record.kind,
            ready: false,
            findings: Vec::new(),
            capabilities: Capabilities::default(),
            unfinished: None,
        };
        if let Some(error) = view.unread(record) {
            diagnosis.unfinished = Some(error.words());
            return Ok(diagnosis);
        }
        let checked = match self
            .check(&self.client.tenant(record.id), view.facts(record.id), reach)
            .await
        {
            Ok(checked) => checked,
            Err(Error::Store(error)) => return Err(Error::Store(error)),
            Err(error) => {
                diagnosis.unfinished = Some(error.words());
                return Ok(diagnosis);
            }
        };
        if reach == Reach::Enrol {
            self.store
                .set_state(&record.id, &enrolled(record, &checked))
                .await?;
        }
        diagnosis.capabilities = checked.facts.capabilities;
        diagnosis.ready = checked.readiness.is_ready();
        diagnosis.findings = worst_first(checked.readiness.findings);
        Ok(diagnosis)
    }
}

fn by_name(mut found: Vec<Diagnosis>) -> Vec<Diagnosis> {
    found.sort_by(|a, b| (&a.name, a.tenant).cmp(&(&b.name, b.tenant)));
    found
}

/// A tenant that was blocked and no longer is waits for its first run; one that was read keeps its status.
fn enrolled(record: &TenantRecord, checked: &Checked) -> TenantState {
    if !checked.readiness.is_ready() {
        return blocked(checked);
    }
    match record.status {
        TenantStatus::Synced | TenantStatus::Degraded => {
            let mut state = TenantState::new(record.status).findings(record.findings.clone());
            state.reason.clone_from(&record.reason);
            state.remedy.clone_from(&record.remedy);
            state.synced_at = record.synced_at;
            state
        }
        _ => TenantState::new(TenantStatus::Pending),
    }
}
