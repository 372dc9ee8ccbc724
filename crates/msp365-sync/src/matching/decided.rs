//! What people decided, in the store and as a file.

use std::collections::HashMap;

use msp365_match::decisions::{self, BadLine, Decision, Said};
use msp365_store::{DecisionRow, MatchKind, Store};

use crate::Error;

/// What people said of pairs of a kind.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn decided(store: &dyn Store, kind: MatchKind) -> Result<Vec<Decision>, Error> {
    let rows = store.decisions(kind).await?;
    Ok(rows.into_iter().filter_map(decision).collect())
}

/// Remembers what a person said, in place of what was said of the same before. Of several that cannot stand side by
/// side the last one counts. Answers how many were remembered.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn decide(store: &dyn Store, kind: MatchKind, said: &[Decision]) -> Result<usize, Error> {
    let mut by_ours: HashMap<&str, Vec<&Decision>> = HashMap::new();
    for new in said {
        let of_ours = by_ours.entry(&new.ours).or_default();
        of_ours.retain(|old| !new.replaces(old));
        of_ours.push(new);
    }
    let known = decided(store, kind).await?;
    let is_replaced = |old: &&Decision| {
        let new = by_ours.get(old.ours.as_str());
        new.into_iter().flatten().any(|new| new.replaces(old))
    };
    let forgotten: Vec<_> = known
        .iter()
        .filter(is_replaced)
        .map(|old| stored(kind, old))
        .collect();
    let remembered: Vec<_> = by_ours.values().flatten().map(|new| stored(kind, new)).collect();
    store.decide(&forgotten, &remembered).await?;
    Ok(remembered.len())
}

fn decision(row: DecisionRow) -> Option<Decision> {
    let said = Said::parse(&row.said)?;
    let mut decision = Decision::new(row.kind.as_str(), row.ours, said);
    decision.theirs = row.theirs;
    Some(decision.by(row.by).at(row.at).note(row.note))
}

fn stored(kind: MatchKind, decision: &Decision) -> DecisionRow {
    let mut row = DecisionRow::new(kind, &decision.ours, decision.said.as_str());
    row.theirs.clone_from(&decision.theirs);
    row.by.clone_from(&decision.by);
    row.at.clone_from(&decision.at);
    row.note.clone_from(&decision.note);
    row
}

/// All decisions as a file to be kept, compared and reviewed; see [`decisions::write`].
///
/// # Errors
/// `Storage` if the database failed.
pub async fn file(store: &dyn Store) -> Result<String, Error> {
    let mut all = Vec::new();
    for kind in KINDS {
        all.append(&mut decided(store, kind).await?);
    }
    Ok(decisions::write(&all))
}

/// What became of a file of decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entered {
    /// Decisions that were remembered.
    pub remembered: usize,
    /// Lines that say none; the others were taken.
    pub bad: Vec<BadLine>,
}

/// Remembers what a file of decisions says, each in place of what was said of the same before. What the file does not
/// speak of stays.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn enter(store: &dyn Store, file: &str) -> Result<Entered, Error> {
    let (said, bad) = decisions::read(file);
    let mut entered = Entered { remembered: 0, bad };
    for kind in KINDS {
        let said: Vec<Decision> = said
            .iter()
            .filter(|decision| decision.kind == kind.as_str())
            .cloned()
            .collect();
        entered.remembered += decide(store, kind, &said).await?;
    }
    Ok(entered)
}

const KINDS: [MatchKind; 3] = [MatchKind::Organizations, MatchKind::Devices, MatchKind::Contacts];
