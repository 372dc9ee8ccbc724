//! Stored tenants, devices and users beside the tool's records.

use std::collections::HashSet;

use msp365_core::TenantId;
use msp365_match::{
    Pair, Verdict,
    contacts::{self, match_contacts},
    decisions::{self, Ends, Reviewed, Standing},
    devices::{self, Sites, match_devices},
    organizations::{Thresholds, suggest_with},
};
use msp365_store::{MatchKind, MatchRow, Store, TenantFilter, TenantKind, TenantRecord};
use serde::Serialize;

use crate::{
    Error,
    tool::{self, Inventory},
};

mod decided;
mod ours;
mod overlap;
#[cfg(test)]
mod tests;

pub use decided::{Entered, decide, decided, enter, file};
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
/// Devices and people that can be linked whatever the organization also say which organization a tenant is likely to
/// be.
///
/// What people decided, and what was linked before, holds; see [`decisions`]. Contacts are looked for in the
/// organization that the tenant is linked with, also if it was linked just now.
///
/// # Errors
/// `Storage` if the database failed; `Other` if the tool's records cannot be read.
pub async fn run(store: &dyn Store, tenants: &[TenantId], tool: &dyn Inventory) -> Result<Matched, Error> {
    let wanted: HashSet<_> = tenants.iter().copied().collect();
    let mut records = store.tenants(&TenantFilter::all()).await?;
    records.retain(|record| record.kind != TenantKind::Primary && wanted.contains(&record.id));
    let stored = Stored::read(store, &records).await?;
    let tool = Tool::read(tool).await?;
    let organizations = match_organizations(store, &records, &stored, &tool).await?;
    let devices = match_stored_devices(store, &stored, &tool).await?;
    let contacts = match_people(store, &stored, &tool, &organizations).await?;
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

/// What is stored of the tenants.
struct Stored {
    devices: Vec<devices::Ours>,
    people: Vec<contacts::Person>,
}

impl Stored {
    async fn read(store: &dyn Store, records: &[TenantRecord]) -> Result<Self, Error> {
        let (mut devices, mut all) = (Vec::new(), Vec::new());
        for record in records {
            let machines = machines(store, record.id).await?;
            devices.extend(machines.into_iter().map(|machine| machine.device));
            all.append(&mut people(store, record.id).await?);
        }
        Ok(Self { devices, people: all })
    }
}

/// What the tool holds.
struct Tool {
    organizations: Vec<tool::Organization>,
    devices: Vec<tool::Device>,
    contacts: Vec<tool::Contact>,
    sites: Vec<(TenantId, String)>,
}

impl Tool {
    async fn read(tool: &dyn Inventory) -> Result<Self, Error> {
        Ok(Self {
            organizations: tool.organizations().await?,
            devices: tool.devices().await?,
            contacts: tool.contacts().await?,
            sites: tool.sites().await?,
        })
    }
}

async fn match_organizations(
    store: &dyn Store,
    records: &[TenantRecord],
    stored: &Stored,
    tool: &Tool,
) -> Result<Vec<MatchRow>, Error> {
    let ours: Vec<_> = records.iter().map(organization).collect();
    let theirs: Vec<_> = tool.organizations.iter().map(ours::their_organization).collect();
    let overlaps = overlap::overlaps(stored, tool);
    let pairs = suggest_with(&ours, &theirs, &overlaps, &Thresholds::default());
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
    stored: &Stored,
    tool: &Tool,
) -> Result<Vec<MatchRow>, Error> {
    let ours = &stored.devices;
    let theirs: Vec<_> = tool.devices.iter().map(ours::their_device).collect();
    let sites = tool.sites.iter();
    let sites: Sites = sites
        .map(|(tenant, site)| (tenant.to_string(), site.as_str()))
        .collect();
    let pairs = match_devices(ours, &theirs, &sites);
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
    stored: &Stored,
    tool: &Tool,
    organizations: &[MatchRow],
) -> Result<Vec<MatchRow>, Error> {
    let theirs: Vec<_> = tool.contacts.iter().map(ours::their_contact).collect();
    // A tool without contacts: nobody is without a partner.
    let ours = if theirs.is_empty() {
        &[]
    } else {
        stored.people.as_slice()
    };
    let certain = |row: &&MatchRow| row.verdict == Verdict::Certain.as_str();
    let links = organizations.iter().filter(certain);
    let links = links.filter_map(|row| Some((row.ours.clone(), row.theirs.clone()?)));
    // The empty pair is a rule that permits nothing: without any link nothing may be reached.
    let sites: Sites = links.chain([(String::new(), String::new())]).collect();
    let pairs = match_contacts(ours, &theirs, &sites);
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
    let theirs: Vec<_> = tool.contacts().await?.iter().map(ours::their_contact).collect();
    let rows = store.matches(MatchKind::Contacts).await?;
    let pairs: Vec<Pair> = rows.into_iter().map(ours::pair).collect();
    Ok(contacts::preview(&ours, &theirs, &pairs))
}

/// The rows that a person has to choose from, by our id, the best first: suggestions and rivals of what is neither linked
/// nor ignored.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn candidates(store: &dyn Store, kind: MatchKind) -> Result<Vec<MatchRow>, Error> {
    let mut rows = store.matches(kind).await?;
    rows.retain(is_candidate);
    Ok(rows)
}

/// Records of the tool that may be this one of ours already: to be looked at before another is created for it.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn look_alikes(store: &dyn Store, kind: MatchKind, ours: &str) -> Result<Vec<MatchRow>, Error> {
    let mut rows = candidates(store, kind).await?;
    rows.retain(|row| row.ours == ours);
    Ok(rows)
}

/// A row for each record of ours that is neither linked nor ignored: its best candidate, or that there is none.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn unmatched(store: &dyn Store, kind: MatchKind) -> Result<Vec<MatchRow>, Error> {
    let rows = store.matches(kind).await?;
    let of_one = rows.chunk_by(|one, other| (one.tenant_id, &one.ours) == (other.tenant_id, &other.ours));
    let open = of_one.filter(|rows| rows.iter().all(is_unmatched));
    Ok(open
        .filter_map(|rows| rows.iter().find(|row| is_candidate(row)).or(rows.first()))
        .cloned()
        .collect())
}

fn is_candidate(row: &MatchRow) -> bool {
    row.standing == Standing::Open.as_str() && row.theirs.is_some()
}

fn is_unmatched(row: &MatchRow) -> bool {
    [Standing::Open.as_str(), Standing::Broken.as_str()].contains(&row.standing.as_str())
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
        row.verdict == Verdict::Certain.as_str() || row.standing == Standing::Broken.as_str()
    };
    let held: Vec<_> = before
        .iter()
        .filter(is_link)
        .filter_map(|row| Some((row.ours.clone(), row.theirs.clone()?)))
        .collect();
    let decisions = decided(store, kind).await?;
    Ok(decisions::review(pairs, &held, &decisions, ends))
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
    let is_broken = |row: &&MatchRow| row.standing == Standing::Broken.as_str();
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
