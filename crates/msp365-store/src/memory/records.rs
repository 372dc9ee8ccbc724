//! Matches, runs, facts and sealed records in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::{Sealed, TenantId, Vault, VaultError};

use super::{MemoryStore, State};
use crate::{DecisionRow, Error, MatchKind, MatchRow, MatchStore, Result, RunRecord, RunStart, RunStore};

#[async_trait]
impl MatchStore for MemoryStore {
    async fn replace_matches(&self, kind: MatchKind, rows: &[MatchRow]) -> Result<()> {
        self.state().matches.insert(kind, rows.to_vec());
        Ok(())
    }

    async fn matches(&self, kind: MatchKind) -> Result<Vec<MatchRow>> {
        Ok(self.state().matches.get(&kind).cloned().unwrap_or_default())
    }

    async fn matches_of(&self, kind: MatchKind, tenant: &TenantId, ours: &[String]) -> Result<Vec<MatchRow>> {
        let of = |row: &MatchRow| row.tenant_id == Some(*tenant) && ours.contains(&row.ours);
        Ok(self.state().matches_where(kind, of))
    }

    async fn matches_to(&self, kind: MatchKind, theirs: &str) -> Result<Vec<MatchRow>> {
        let to = |row: &MatchRow| row.theirs.as_deref() == Some(theirs);
        Ok(self.state().matches_where(kind, to))
    }

    async fn decide(&self, forgotten: &[DecisionRow], remembered: &[DecisionRow]) -> Result<()> {
        let key = |row: &DecisionRow| (row.kind, row.ours.clone(), row.theirs.clone());
        let mut state = self.state();
        for row in forgotten {
            state.decisions.remove(&key(row));
        }
        for row in remembered {
            state.decisions.insert(key(row), row.clone());
        }
        Ok(())
    }

    async fn decisions(&self, kind: MatchKind) -> Result<Vec<DecisionRow>> {
        let state = self.state();
        let rows = state.decisions.values().filter(|row| row.kind == kind);
        Ok(rows.cloned().collect())
    }
}

impl State {
    fn matches_where(&self, kind: MatchKind, is_wanted: impl Fn(&MatchRow) -> bool) -> Vec<MatchRow> {
        let rows = self.matches.get(&kind).into_iter().flatten();
        rows.filter(|row| is_wanted(row)).cloned().collect()
    }
}

#[async_trait]
impl RunStore for MemoryStore {
    async fn start_run(&self, start: &RunStart) -> Result<i64> {
        let mut state = self.state();
        let id = state.runs.last().map_or(1, |last| last.id + 1);
        state.runs.push(RunRecord {
            id,
            kind: start.kind.clone(),
            started_at: start.at,
            finished_at: None,
            report: None,
        });
        Ok(id)
    }

    async fn finish_run(&self, id: i64, at: Timestamp, report: &serde_json::Value) -> Result<()> {
        let mut state = self.state();
        let run = state
            .runs
            .iter_mut()
            .find(|run| run.id == id)
            .ok_or(Error::UnknownRun { run: id })?;
        run.finished_at = Some(at);
        run.report = Some(report.clone());
        Ok(())
    }

    async fn runs(&self, limit: usize) -> Result<Vec<RunRecord>> {
        Ok(self.state().runs.iter().rev().take(limit).cloned().collect())
    }

    async fn meta(&self, name: &str) -> Result<Option<String>> {
        Ok(self.state().meta.get(name).cloned())
    }

    async fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        self.state().meta.insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}

#[async_trait]
impl Vault for MemoryStore {
    async fn load(&self, name: &str) -> Result<Option<Sealed>, VaultError> {
        let state = self.state();
        Ok(state.sealed.get(name).and_then(|record| record.sealed.clone()))
    }

    async fn store(&self, name: &str, sealed: &Sealed, expected: Option<u64>) -> Result<u64, VaultError> {
        let mut state = self.state();
        let present = state.sealed.get(name).and_then(|record| record.sealed.as_ref());
        if present.map(|sealed| sealed.version) != expected {
            return Err(VaultError::Conflict {
                name: name.to_owned(),
            });
        }
        let record = state.sealed.entry(name.to_owned()).or_default();
        record.version += 1;
        let mut sealed = sealed.clone();
        sealed.version = record.version;
        record.sealed = Some(sealed);
        Ok(record.version)
    }

    async fn remove(&self, name: &str) -> Result<(), VaultError> {
        if let Some(record) = self.state().sealed.get_mut(name) {
            record.sealed = None;
        }
        Ok(())
    }
}
