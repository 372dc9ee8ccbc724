//! What people decide of pairs, on record.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

use msp365_actions::ActivityLog;
use msp365_core::TenantId;
use msp365_match::decisions::{self, Decision};
use msp365_store::{MatchKind, Store, TenantFilter};
use msp365_sync::matching::{self, Entered};
use serde_json::json;

use crate::{
    Error, Matching,
    record::{Act, Recorder},
};

/// What people decide of pairs in a store, which need not be connected to anything. Where there is a log each decision is
/// recorded.
#[derive(Clone, Copy)]
#[must_use = "nothing is decided until something is said"]
pub struct Deciding<'a> {
    store: &'a dyn Store,
    recorder: Recorder<'a>,
}

impl fmt::Debug for Deciding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deciding")
    }
}

impl<'a> Deciding<'a> {
    /// Decisions in this store, recorded in this log.
    pub fn new(store: &'a dyn Store, log: Option<&'a ActivityLog>) -> Self {
        let recorder = Recorder { log, person: None };
        Self { store, recorder }
    }

    /// In this person's name, where a decision does not say whose it is.
    pub const fn in_name_of(mut self, person: &'a str) -> Self {
        self.recorder.person = Some(person);
        self
    }

    /// Remembers decisions, in place of earlier ones on the same question. The next run of the matching goes by them. Each
    /// that is new is recorded in the name of who said it.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn decide(&self, kind: MatchKind, said: &[Decision]) -> Result<(), Error> {
        let mut acts = self.acts(kind, said).await?;
        for (act, decision) in &mut acts {
            if !decision.by.is_empty() {
                act.activity.actor.clone_from(&decision.by);
            }
        }
        let done = matching::decide(self.store, kind, said).await;
        let done = done.map(|_| ()).map_err(Error::from);
        self.recorder.ended(only(acts), done).await
    }

    /// Remembers what a file of decisions says. Lines that say none are named, and change nothing. Each decision that is new
    /// is recorded in the name of who enters the file.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn enter(&self, file: &str) -> Result<Entered, Error> {
        let (said, _) = decisions::read(file);
        let mut acts = Vec::new();
        for kind in [MatchKind::Organizations, MatchKind::Devices, MatchKind::Contacts] {
            let of_kind = said.iter().filter(|decision| decision.kind == kind.as_str());
            let of_kind: Vec<Decision> = of_kind.cloned().collect();
            acts.extend(only(self.acts(kind, &of_kind).await?));
        }
        let done = matching::enter(self.store, file).await.map_err(Error::from);
        self.recorder.ended(acts, done).await
    }

    /// What is to be recorded of those decisions that are not known already.
    async fn acts<'d>(
        &self,
        kind: MatchKind,
        said: &'d [Decision],
    ) -> Result<Vec<(Act<'a>, &'d Decision)>, Error> {
        if self.recorder.log.is_none() || said.is_empty() {
            return Ok(Vec::new());
        }
        let known: BTreeSet<_> = matching::decided(self.store, kind).await?.into_iter().collect();
        let new: Vec<&Decision> = said.iter().filter(|one| !known.contains(one)).collect();
        let tenants = self.tenants(kind, &new).await?;
        let act = |decision: &'d Decision| {
            let mut act = self.recorder.act("decide_match").target(&decision.ours);
            act.activity.tenant = tenants.get(&decision.ours).copied();
            let theirs = decision.theirs.as_deref().map(|theirs| act.word(theirs));
            let asked = json!({ "kind": kind.as_str(), "said": decision.said.as_str(), "theirs": theirs });
            (act.asking(asked), decision)
        };
        Ok(new.into_iter().map(act).collect())
    }

    /// The tenants of our records, as far as the last matching knows them.
    async fn tenants(&self, kind: MatchKind, said: &[&Decision]) -> Result<HashMap<String, TenantId>, Error> {
        let ours: Vec<String> = said.iter().map(|decision| decision.ours.clone()).collect();
        let mut found = HashMap::new();
        if ours.is_empty() {
            return Ok(found);
        }
        if kind == MatchKind::Organizations {
            let own = ours.into_iter().filter_map(|id| Some((id.parse().ok()?, id)));
            return Ok(own.map(|(tenant, id)| (id, tenant)).collect());
        }
        for tenant in self.store.tenants(&TenantFilter::all()).await? {
            let rows = self.store.matches_of(kind, &tenant.id, &ours).await?;
            found.extend(rows.into_iter().map(|row| (row.ours, tenant.id)));
        }
        Ok(found)
    }
}

fn only<'a>(acts: Vec<(Act<'a>, &Decision)>) -> Vec<Act<'a>> {
    acts.into_iter().map(|(act, _)| act).collect()
}

impl Matching<'_> {
    fn deciding(&self) -> Deciding<'_> {
        Deciding {
            store: &*self.msp.inner.store,
            recorder: self.msp.recorder(),
        }
    }

    /// Remembers what a file of decisions says. Lines that say none are named, and change nothing. Each decision that is new
    /// is recorded in the name of [who enters it](crate::Msp365::in_name_of).
    ///
    /// # Errors
    /// `Storage`.
    pub async fn enter(&self, file: &str) -> Result<Entered, Error> {
        self.deciding().enter(file).await
    }

    /// Remembers decisions, in place of earlier ones on the same question. The next run goes by them. Each that is new is
    /// recorded in the name of who said it.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn decide(&self, kind: MatchKind, said: &[Decision]) -> Result<(), Error> {
        self.deciding().decide(kind, said).await
    }
}
