//! Stored tenants and devices beside the tool's records.

use std::collections::{HashMap, HashSet};

use msp365_core::TenantId;
use msp365_match::{
    Pair, Verdict,
    devices::{self, Sites},
    organizations,
};
use msp365_store::{
    DeviceRow, ManagedDeviceRow, MatchKind, MatchRow, Resource, Rows, Store, TenantFilter, TenantKind,
    TenantRecord,
};
use serde::Serialize;

use crate::{Error, tool::Inventory};

/// Rows read from the store at a time.
const PAGE: usize = 5_000;
/// What Intune writes where a device is not registered in the directory.
const NO_DEVICE_ID: &str = "00000000-0000-0000-0000-000000000000";

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
}

/// Matches customers and their stored devices with the tool's records, and stores the pairs. Tenants that are not
/// given are left out.
///
/// # Errors
/// `Storage` if the database failed; `Other` if the tool's records cannot be read.
pub async fn run(store: &dyn Store, tenants: &[TenantId], tool: &dyn Inventory) -> Result<Matched, Error> {
    let wanted: HashSet<_> = tenants.iter().copied().collect();
    let mut records = store.tenants(&TenantFilter::all()).await?;
    records.retain(|record| record.kind == TenantKind::Customer && wanted.contains(&record.id));
    let organizations = match_organizations(&records, tool).await?;
    let devices = match_devices(store, &records, tool).await?;
    store
        .replace_matches(MatchKind::Organizations, &organizations)
        .await?;
    store.replace_matches(MatchKind::Devices, &devices).await?;
    Ok(Matched {
        organizations: count(&organizations),
        devices: count(&devices),
    })
}

async fn match_organizations(records: &[TenantRecord], tool: &dyn Inventory) -> Result<Vec<MatchRow>, Error> {
    let ours: Vec<_> = records
        .iter()
        .map(|record| organizations::Ours::new(record.id.to_string(), &record.name))
        .collect();
    let theirs: Vec<_> = tool
        .organizations()
        .await?
        .into_iter()
        .map(|organization| organizations::Theirs::new(organization.id, organization.name))
        .collect();
    let pairs = organizations::suggest(&ours, &theirs, &organizations::Thresholds::default());
    Ok(pairs
        .into_iter()
        .map(|pair| row(pair.ours.parse().ok(), pair))
        .collect())
}

async fn match_devices(
    store: &dyn Store,
    records: &[TenantRecord],
    tool: &dyn Inventory,
) -> Result<Vec<MatchRow>, Error> {
    let mut ours = Vec::new();
    let mut tenant_of = HashMap::new();
    for record in records {
        for device in stored_devices(store, record.id).await? {
            tenant_of.insert(device.id.clone(), record.id);
            ours.push(device);
        }
    }
    let theirs: Vec<_> = tool
        .devices()
        .await?
        .into_iter()
        .map(|device| {
            let theirs = devices::Theirs::new(device.id, device.hostname);
            match device.site {
                Some(site) => theirs.site(site),
                None => theirs,
            }
        })
        .collect();
    let sites: Sites = tool
        .sites()
        .await?
        .into_iter()
        .map(|(tenant, site)| (tenant.to_string(), site))
        .collect();
    let pairs = devices::match_hosts(&ours, &theirs, &sites);
    Ok(pairs
        .into_iter()
        .map(|pair| row(tenant_of.get(&pair.ours).copied(), pair))
        .collect())
}

/// The machines of a tenant: those of the directory, and those that Intune alone knows.
async fn stored_devices(store: &dyn Store, tenant: TenantId) -> Result<Vec<devices::Ours>, Error> {
    let mut directory: Vec<DeviceRow> = Vec::new();
    let mut intune: Vec<ManagedDeviceRow> = Vec::new();
    for resource in [Resource::Devices, Resource::ManagedDevices] {
        let mut after = None;
        loop {
            let page = store.rows(&tenant, resource, after.as_deref(), PAGE).await?;
            let last = page.last_key();
            let full = page.len() == PAGE;
            match page {
                Rows::Devices(rows) => directory.extend(rows),
                Rows::ManagedDevices(rows) => intune.extend(rows),
                _ => {}
            }
            if !full {
                break;
            }
            after = last;
        }
    }
    Ok(merge(tenant, directory, intune))
}

fn merge(tenant: TenantId, directory: Vec<DeviceRow>, intune: Vec<ManagedDeviceRow>) -> Vec<devices::Ours> {
    let registered: HashSet<_> = directory
        .iter()
        .filter_map(|device| device.device_id.as_ref())
        .map(|id| id.to_ascii_lowercase())
        .collect();
    let serials: HashMap<_, _> = intune
        .iter()
        .filter_map(|device| {
            Some((
                device.azure_ad_device_id.as_ref()?.to_ascii_lowercase(),
                device.serial_number.clone()?,
            ))
        })
        .filter(|(id, _)| id != NO_DEVICE_ID)
        .collect();
    let known = directory.into_iter().map(|device| {
        let serial = device
            .device_id
            .as_ref()
            .and_then(|id| serials.get(&id.to_ascii_lowercase()))
            .cloned();
        ours(
            tenant,
            device.id,
            device.display_name,
            serial,
            device.last_sign_in_at,
        )
    });
    let alone = intune
        .into_iter()
        .filter(|device| {
            !device
                .azure_ad_device_id
                .as_ref()
                .is_some_and(|id| registered.contains(&id.to_ascii_lowercase()))
        })
        .map(|device| {
            ours(
                tenant,
                device.id,
                device.device_name,
                device.serial_number,
                device.last_sync_at,
            )
        });
    known.chain(alone).collect()
}

fn ours(
    tenant: TenantId,
    id: String,
    hostname: Option<String>,
    serial: Option<String>,
    seen: Option<jiff::Timestamp>,
) -> devices::Ours {
    let mut ours = devices::Ours::new(id, hostname.unwrap_or_default()).tenant(tenant.to_string());
    if let Some(serial) = serial {
        ours = ours.serial(serial);
    }
    if let Some(seen) = seen {
        ours = ours.last_seen(seen.as_second());
    }
    ours
}

fn row(tenant: Option<TenantId>, pair: Pair) -> MatchRow {
    let mut row = MatchRow::new(tenant, pair.ours);
    row.theirs = pair.theirs;
    pair.verdict.as_str().clone_into(&mut row.verdict);
    row.score = pair.score;
    row.evidence = serde_json::to_value(&pair.evidence).unwrap_or_default();
    row
}

/// Counts records of ours, not rows: an ambiguous one has a row per candidate.
fn count(rows: &[MatchRow]) -> VerdictCounts {
    let mut counts = VerdictCounts::default();
    let mut seen = HashSet::new();
    for row in rows
        .iter()
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

    fn tenant() -> TenantId {
        "11111111-2222-4333-8444-555555555555".parse().unwrap()
    }

    fn managed(id: &str, device: &str) -> ManagedDeviceRow {
        let mut row = ManagedDeviceRow::new(id);
        row.azure_ad_device_id = Some(device.to_owned());
        row.device_name = Some(format!("HOST-{id}"));
        row.serial_number = Some(format!("SN-{id}"));
        row
    }

    #[test]
    fn one_machine_of_both_lists_is_counted_once_and_keeps_its_serial() {
        let mut device = DeviceRow::new("object");
        device.device_id = Some("ABC".to_owned());
        device.display_name = Some("HOST-1".to_owned());

        let ours = merge(
            tenant(),
            vec![device],
            vec![managed("1", "abc"), managed("2", NO_DEVICE_ID)],
        );

        let serials: Vec<_> = ours
            .iter()
            .map(|own| (own.id.as_str(), own.serial.as_deref()))
            .collect();
        assert_eq!(serials, [("object", Some("SN-1")), ("2", Some("SN-2"))]);
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
