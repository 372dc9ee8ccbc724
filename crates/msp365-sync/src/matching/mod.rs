//! Stored tenants, devices and users beside the tool's records.

use std::collections::HashSet;

use msp365_core::TenantId;
use msp365_match::{
    Pair, Verdict,
    contacts::{self, match_contacts},
    decisions::{self, Ends, Reviewed, Said},
    devices::{self, Sites, match_devices},
    organizations::{Thresholds, suggest},
};
use msp365_store::{DecisionRow, MatchKind, MatchRow, Store, TenantFilter, TenantKind, TenantRecord};
use serde::Serialize;

use crate::{Error, tool::Inventory};

mod ours;

pub use ours::{machines, organization, people};

/// How many records of ours got which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VerdictCounts {
    /// May be linked without asking.
    pub certain: u64,
    /// For a person to decide.
    pub suggested: u64,
    /// Several fit.
    pub ambiguous: u64,
    /// Nothing fits.
    pub none: u64,
}

/// What matching found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Matched {
    /// Tenants beside organizations.
    pub organizations: VerdictCounts,
    /// Devices beside devices.
    pub devices: VerdictCounts,
    /// Users beside contacts.
    pub contacts: VerdictCounts,
}

/// Matches customers, their stored devices and users with the tool's records, and stores the pairs. Tenants that are
/// not given are left out.
///
/// What people decided, and what was linked before, holds; see [`decisions`]. Contacts are looked for in the
/// organization that the tenant is linked with, also if it was linked just now.
///
/// # Errors
/// `Storage` if the database failed; `Other` if the tool's records cannot be read.
pub async fn run(store: &dyn Store, tenants: &[TenantId], tool: &dyn Inventory) -> Result<Matched, Error> {
    let wanted: HashSet<_> = tenants.iter().copied().collect();
    let mut records = store.tenants(&TenantFilter::all()).await?;
    records.retain(|record| record.kind == TenantKind::Customer && wanted.contains(&record.id));
    let organizations = match_organizations(store, &records, tool).await?;
    let devices = match_stored_devices(store, &records, tool).await?;
    let contacts = match_people(store, &records, tool, &organizations).await?;
    let matched = Matched {
        organizations: count(&organizations),
        devices: count(&devices),
        contacts: count(&contacts),
    };
    store
        .replace_matches(MatchKind::Organizations, &organizations)
        .await?;
    store.replace_matches(MatchKind::Devices, &devices).await?;
    store.replace_matches(MatchKind::Contacts, &contacts).await?;
    Ok(matched)
}

async fn match_organizations(
    store: &dyn Store,
    records: &[TenantRecord],
    tool: &dyn Inventory,
) -> Result<Vec<MatchRow>, Error> {
    let ours: Vec<_> = records.iter().map(organization).collect();
    let theirs: Vec<_> = tool
        .organizations()
        .await?
        .into_iter()
        .map(ours::their_organization)
        .collect();
    let pairs = suggest(&ours, &theirs, &Thresholds::default());
    let ends = Ends::of(
        ours.iter().map(|tenant| tenant.id.as_str()),
        theirs.iter().map(|organization| organization.id.as_str()),
    );
    let rows = reviewed(store, MatchKind::Organizations, pairs, &ends).await?;
    let tenant = |ours: &str| ours.parse().ok();
    Ok(rows
        .into_iter()
        .map(|reviewed| row(tenant(&reviewed.pair.ours), reviewed))
        .collect())
}

async fn match_stored_devices(
    store: &dyn Store,
    records: &[TenantRecord],
    tool: &dyn Inventory,
) -> Result<Vec<MatchRow>, Error> {
    let mut ours: Vec<devices::Ours> = Vec::new();
    for record in records {
        let machines = machines(store, record.id).await?;
        ours.extend(machines.into_iter().map(|machine| machine.device));
    }
    let theirs: Vec<_> = tool
        .devices()
        .await?
        .into_iter()
        .map(ours::their_device)
        .collect();
    let sites = tool.sites().await?;
    let sites: Sites = sites
        .into_iter()
        .map(|(tenant, site)| (tenant.to_string(), site))
        .collect();
    let pairs = match_devices(&ours, &theirs, &sites);
    let ends = Ends::of(
        ours.iter().map(|device| device.id.as_str()),
        theirs.iter().map(|device| device.id.as_str()),
    );
    let rows = reviewed(store, MatchKind::Devices, pairs, &ends).await?;
    let tenants = ours
        .iter()
        .map(|device| (device.id.as_str(), device.tenant.as_deref()));
    Ok(of_tenants(tenants, rows))
}

async fn match_people(
    store: &dyn Store,
    records: &[TenantRecord],
    tool: &dyn Inventory,
    organizations: &[MatchRow],
) -> Result<Vec<MatchRow>, Error> {
    let theirs: Vec<_> = tool
        .contacts()
        .await?
        .into_iter()
        .map(ours::their_contact)
        .collect();
    let mut ours: Vec<contacts::Person> = Vec::new();
    for record in records {
        ours.append(&mut people(store, record.id).await?);
    }
    if theirs.is_empty() {
        // A tool without contacts: nobody is without a partner.
        ours.clear();
    }
    let certain = |row: &&MatchRow| row.verdict == Verdict::Certain.as_str();
    let links = organizations.iter().filter(certain);
    let links = links.filter_map(|row| Some((row.ours.clone(), row.theirs.clone()?)));
    // The empty pair is a rule that permits nothing: without any link nothing may be reached.
    let sites: Sites = links.chain([(String::new(), String::new())]).collect();
    let pairs = match_contacts(&ours, &theirs, &sites);
    let ends = Ends::of(
        ours.iter().map(|person| person.id.as_str()),
        theirs.iter().map(|contact| contact.id.as_str()),
    );
    let rows = reviewed(store, MatchKind::Contacts, pairs, &ends).await?;
    let tenants = ours
        .iter()
        .map(|person| (person.id.as_str(), person.tenant.as_deref()));
    Ok(of_tenants(tenants, rows))
}

/// What a sync of contacts would do, by the pairs that are stored. Run the matching first.
///
/// # Errors
/// `Storage` if the database failed; `Other` if the tool's contacts cannot be read.
pub async fn preview(
    store: &dyn Store,
    tenants: &[TenantId],
    tool: &dyn Inventory,
) -> Result<contacts::Preview, Error> {
    let mut ours = Vec::new();
    for tenant in tenants {
        ours.append(&mut people(store, *tenant).await?);
    }
    let theirs: Vec<_> = tool
        .contacts()
        .await?
        .into_iter()
        .map(ours::their_contact)
        .collect();
    let rows = store.matches(MatchKind::Contacts).await?;
    let pairs: Vec<Pair> = rows.into_iter().map(ours::pair).collect();
    Ok(contacts::preview(&ours, &theirs, &pairs))
}

/// What was found, under what was decided and linked before.
async fn reviewed(
    store: &dyn Store,
    kind: MatchKind,
    pairs: Vec<Pair>,
    ends: &Ends,
) -> Result<Vec<Reviewed>, Error> {
    let before = store.matches(kind).await?;
    // A broken link stays in sight until somebody decides, or both ends are there again.
    let is_link = |row: &&MatchRow| {
        row.verdict == Verdict::Certain.as_str() || row.standing == decisions::Standing::Broken.as_str()
    };
    let held: Vec<_> = before
        .iter()
        .filter(is_link)
        .filter_map(|row| Some((row.ours.clone(), row.theirs.clone()?)))
        .collect();
    let decisions = decided(store, kind).await?;
    Ok(decisions::review(pairs, &held, &decisions, ends))
}

/// What people said of pairs of a kind.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn decided(store: &dyn Store, kind: MatchKind) -> Result<Vec<decisions::Decision>, Error> {
    let rows = store.decisions(kind).await?;
    Ok(rows.into_iter().filter_map(decision).collect())
}

/// Remembers what a person said, in place of what was said of the same before.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn decide(store: &dyn Store, kind: MatchKind, said: &[decisions::Decision]) -> Result<(), Error> {
    let known = decided(store, kind).await?;
    let is_replaced = |old: &&decisions::Decision| said.iter().any(|new| new.replaces(old));
    let forgotten: Vec<_> = known
        .iter()
        .filter(is_replaced)
        .map(|old| stored(kind, old))
        .collect();
    let remembered: Vec<_> = said.iter().map(|new| stored(kind, new)).collect();
    store.decide(&forgotten, &remembered).await?;
    Ok(())
}

fn decision(row: DecisionRow) -> Option<decisions::Decision> {
    let said = Said::parse(&row.said)?;
    let mut decision = decisions::Decision::new(row.kind.as_str(), row.ours, said);
    decision.theirs = row.theirs;
    Some(decision.by(row.by).at(row.at).note(row.note))
}

fn stored(kind: MatchKind, decision: &decisions::Decision) -> DecisionRow {
    let mut row = DecisionRow::new(kind, &decision.ours, decision.said.as_str());
    row.theirs.clone_from(&decision.theirs);
    row.by.clone_from(&decision.by);
    row.at.clone_from(&decision.at);
    row.note.clone_from(&decision.note);
    row
}

fn of_tenants<'a>(
    tenants: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    rows: Vec<Reviewed>,
) -> Vec<MatchRow> {
    let tenants: std::collections::HashMap<&str, Option<&str>> = tenants.collect();
    let of = |ours: &str| tenants.get(ours).copied().flatten()?.parse().ok();
    rows.into_iter()
        .map(|reviewed| row(of(&reviewed.pair.ours), reviewed))
        .collect()
}

fn row(tenant: Option<TenantId>, reviewed: Reviewed) -> MatchRow {
    let Reviewed { pair, standing, .. } = reviewed;
    let mut row = MatchRow::new(tenant, pair.ours);
    row.theirs = pair.theirs;
    pair.verdict.as_str().clone_into(&mut row.verdict);
    row.score = pair.score;
    row.evidence = serde_json::to_value(&pair.evidence).unwrap_or_default();
    standing.as_str().clone_into(&mut row.standing);
    row
}

/// Counts records of ours, not rows: an ambiguous one has a row per candidate, and one whose link is broken may have
/// been matched anew.
fn count(rows: &[MatchRow]) -> VerdictCounts {
    let mut counts = VerdictCounts::default();
    let mut seen = HashSet::new();
    let is_broken = |row: &&MatchRow| row.standing == decisions::Standing::Broken.as_str();
    let anew = rows.iter().filter(|row| !is_broken(row));
    for row in anew
        .chain(rows.iter().filter(is_broken))
        .filter(|row| seen.insert((row.tenant_id, row.ours.as_str())))
    {
        let of = |verdict: Verdict| row.verdict == verdict.as_str();
        if of(Verdict::Certain) {
            counts.certain += 1;
        } else if of(Verdict::Suggested) {
            counts.suggested += 1;
        } else if of(Verdict::Ambiguous) {
            counts.ambiguous += 1;
        } else {
            counts.none += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_whose_link_is_broken_counts_by_what_was_found_anew() {
        let mut broken = MatchRow::new(None, "a");
        "none".clone_into(&mut broken.verdict);
        "broken".clone_into(&mut broken.standing);
        let mut anew = MatchRow::new(None, "a");
        "certain".clone_into(&mut anew.verdict);
        let mut alone = broken.clone();
        "b".clone_into(&mut alone.ours);

        let counts = count(&[broken, anew, alone]);

        assert_eq!((counts.certain, counts.none), (1, 1));
    }

    #[test]
    fn an_ambiguous_record_counts_once() {
        let mut one = MatchRow::new(None, "a");
        one.verdict = "ambiguous".to_owned();
        let two = one.clone();
        let none = MatchRow::new(None, "b");

        let counts = count(&[one, two, none]);

        assert_eq!((counts.ambiguous, counts.none), (1, 1));
    }
}
