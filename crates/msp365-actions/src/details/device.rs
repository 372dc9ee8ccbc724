//! Devices: what the directory and Intune say of each, put together, and which of the tool's own it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use msp365_core::id::canonical;
use msp365_graph::{
    devices::{Compliance, Device, TrustType},
    managed_devices::{ComplianceState, ManagedDevice},
};
use msp365_store::{DeviceRow, ManagedDeviceRow, MatchRow};
use serde::Serialize;

/// A device of somebody.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeviceEntry {
    /// Object id in the directory.
    pub directory_id: Option<String>,
    /// Id in Intune.
    pub intune_id: Option<String>,
    /// What kind it is: its operating system, such as `Windows` or `iOS`.
    pub kind: Option<String>,
    /// Model, where Intune or the directory knows it.
    pub model: Option<String>,
    /// Host name, where Microsoft supplies it.
    pub host_name: Option<String>,
    /// The version of the operating system.
    pub os: Option<String>,
    /// Whether it meets policy.
    pub compliance: Compliance,
    /// What Intune says of that, in its own word.
    pub compliance_state: Option<String>,
    /// The last sign-in, which the directory refreshes about every two weeks.
    pub last_sign_in_at: Option<Timestamp>,
    /// The last contact with Intune.
    pub last_contact_at: Option<Timestamp>,
    /// How it belongs to the tenant; `None`: it is not in the directory.
    pub join: Option<Join>,
    /// Which device of the tool it is.
    pub link: Link,
}

/// How a device belongs to a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Join {
    /// Joined to Entra.
    Joined,
    /// Joined to Entra and on-premises.
    HybridJoined,
    /// A person's own, registered.
    Registered,
    /// A word that is not known here.
    Other(String),
}

impl Join {
    /// What `trustType` means.
    pub fn of(trust_type: &TrustType) -> Self {
        match trust_type {
            TrustType::Joined => Self::Joined,
            TrustType::HybridJoined => Self::HybridJoined,
            TrustType::Registered => Self::Registered,
            other => Self::Other(other.to_string()),
        }
    }

    /// It in words.
    pub fn words(&self) -> &str {
        match self {
            Self::Joined => "Entra joined",
            Self::HybridJoined => "hybrid joined",
            Self::Registered => "registered",
            Self::Other(word) => word,
        }
    }
}

/// Which device of the tool it is, by the stored matching.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
#[non_exhaustive]
pub enum Link {
    /// This one.
    To {
        /// The tool's id of the device.
        id: String,
    },
    /// Several fit, or one perhaps: a person has to decide.
    Unsure {
        /// Those of them that may be seen, the likeliest first.
        candidates: Vec<Candidate>,
    },
    /// None that may be seen.
    None,
    /// The matching has not looked at this device.
    NotMatched,
}

/// A device of the tool that a device may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Candidate {
    /// The tool's id of it.
    pub id: String,
    /// How alike they are, 0 to 1.
    pub score: f64,
    /// What speaks for the pair, as the matching stored it.
    pub evidence: serde_json::Value,
}

/// Whether a device meets policy, by what Intune says, and else by what the directory says.
pub const fn compliance(intune: Option<&ComplianceState>, directory: Option<bool>) -> Compliance {
    match intune {
        Some(ComplianceState::Compliant | ComplianceState::InGracePeriod) => return Compliance::Compliant,
        Some(ComplianceState::NonCompliant | ComplianceState::Conflict | ComplianceState::Error) => {
            return Compliance::NonCompliant;
        }
        // Unknown, left to another manager, or a word that is not known here: that cannot be told.
        _ => {}
    }
    match directory {
        Some(true) => Compliance::Compliant,
        Some(false) => Compliance::NonCompliant,
        None => Compliance::NotApplicable,
    }
}

/// One record of the directory, or of Intune.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) id: String,
    /// The id of the registration, which both have in common.
    device_id: Option<String>,
    name: Option<String>,
    kind: Option<String>,
    model: Option<String>,
    os: Option<String>,
    compliant: Option<bool>,
    state: Option<ComplianceState>,
    seen: Option<Timestamp>,
    join: Option<Join>,
}

impl From<Device> for Record {
    fn from(device: Device) -> Self {
        Self {
            id: canonical(device.id),
            device_id: device.device_id.map(canonical),
            name: device.display_name,
            kind: device.operating_system,
            model: device.model,
            os: device.operating_system_version,
            compliant: device.is_compliant,
            state: None,
            seen: device.approximate_last_sign_in_date_time,
            join: device.trust_type.as_ref().map(Join::of),
        }
    }
}

impl From<ManagedDevice> for Record {
    fn from(device: ManagedDevice) -> Self {
        Self {
            device_id: device.directory_device_id().map(canonical),
            id: device.id,
            name: device.device_name,
            kind: device.operating_system,
            model: device.model,
            os: device.os_version,
            compliant: None,
            state: device.compliance_state,
            seen: device.last_sync_date_time,
            join: None,
        }
    }
}

impl From<DeviceRow> for Record {
    fn from(row: DeviceRow) -> Self {
        Self {
            id: row.id,
            device_id: row.device_id,
            name: row.display_name,
            kind: row.operating_system,
            model: row.model,
            os: row.operating_system_version,
            compliant: row.is_compliant,
            state: None,
            seen: row.last_sign_in_at,
            join: row.trust_type.as_deref().map(|word| Join::of(&word.into())),
        }
    }
}

impl From<ManagedDeviceRow> for Record {
    fn from(row: ManagedDeviceRow) -> Self {
        Self {
            id: row.id,
            device_id: row.azure_ad_device_id,
            name: row.device_name,
            kind: row.operating_system,
            model: row.model,
            os: row.os_version,
            compliant: None,
            state: row.compliance_state.as_deref().map(ComplianceState::from),
            seen: row.last_sync_at,
            join: None,
        }
    }
}

impl Record {
    /// The id that the directory and Intune have in common; all zeros is none.
    pub(super) fn shared_id(&self) -> Option<&str> {
        let id = self.device_id.as_deref()?;
        id.bytes().any(|byte| !matches!(byte, b'0' | b'-')).then_some(id)
    }
}

/// Devices of the directory and of Intune, each once. Of two enrolments of one device the newest speaks.
pub(super) fn merged(directory: Vec<Record>, intune: Vec<Record>) -> Vec<DeviceEntry> {
    let mut machines: Vec<(Option<Record>, Option<Record>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for record in directory {
        if machines
            .iter()
            .any(|(known, _)| known.as_ref().is_some_and(|known| known.id == record.id))
        {
            continue;
        }
        if let Some(id) = record.shared_id() {
            places.entry(id.to_owned()).or_insert(machines.len());
        }
        machines.push((Some(record), None));
    }
    for record in intune {
        let known = record.shared_id().and_then(|id| places.get(id).copied());
        match known.and_then(|place| machines.get_mut(place)) {
            Some((_, managed)) if managed.as_ref().is_some_and(|one| one.seen >= record.seen) => {}
            Some((_, managed)) => *managed = Some(record),
            None => {
                if let Some(id) = record.shared_id() {
                    places.insert(id.to_owned(), machines.len());
                }
                machines.push((None, Some(record)));
            }
        }
    }
    let mut entries: Vec<_> = machines.into_iter().map(entry).collect();
    entries.sort_by(|one, other| one.order().cmp(&other.order()));
    entries
}

fn entry((directory, intune): (Option<Record>, Option<Record>)) -> DeviceEntry {
    let of = |what: fn(&Record) -> Option<&String>| {
        let both = [intune.as_ref(), directory.as_ref()].into_iter().flatten();
        let known = both.filter_map(what).find(|text| !text.trim().is_empty());
        known.cloned()
    };
    let state = intune.as_ref().and_then(|record| record.state.clone());
    DeviceEntry {
        kind: of(|record| record.kind.as_ref()),
        model: of(|record| record.model.as_ref()),
        host_name: of(|record| record.name.as_ref()),
        os: of(|record| record.os.as_ref()),
        compliance: compliance(
            state.as_ref(),
            directory.as_ref().and_then(|record| record.compliant),
        ),
        compliance_state: state.map(|state| state.to_string()),
        last_sign_in_at: directory.as_ref().and_then(|record| record.seen),
        last_contact_at: intune.as_ref().and_then(|record| record.seen),
        join: directory.as_ref().and_then(|record| record.join.clone()),
        directory_id: directory.map(|record| record.id),
        intune_id: intune.map(|record| record.id),
        link: Link::NotMatched,
    }
}

impl DeviceEntry {
    fn order(&self) -> (Option<String>, Option<&str>, Option<&str>) {
        let name = self.host_name.as_ref().map(|name| name.to_lowercase());
        (name, self.directory_id.as_deref(), self.intune_id.as_deref())
    }
}

/// Links devices with the tool's, by the stored pairs; to those alone that the viewer may see.
pub(super) fn link(devices: &mut [DeviceEntry], pairs: &[MatchRow], is_seen: impl Fn(&str) -> bool) {
    let mut by_ours: BTreeMap<&str, Vec<&MatchRow>> = BTreeMap::new();
    for pair in pairs {
        by_ours.entry(&pair.ours).or_default().push(pair);
    }
    for device in devices {
        let ids = [&device.directory_id, &device.intune_id].into_iter().flatten();
        let mut own: Vec<&MatchRow> = Vec::new();
        for id in ids {
            own.extend(by_ours.get(id.as_str()).into_iter().flatten());
        }
        device.link = linked(&own, &is_seen);
    }
}

/// What all pairs of one device come to: the certain one, where it may be seen; else those that may be meant.
fn linked(pairs: &[&MatchRow], is_seen: impl Fn(&str) -> bool) -> Link {
    if pairs.is_empty() {
        return Link::NotMatched;
    }
    let of = |pair: &&MatchRow| pair.theirs.clone();
    let certain = pairs.iter().filter(|pair| pair.verdict == "certain").find_map(of);
    if let Some(id) = certain {
        return if is_seen(&id) { Link::To { id } } else { Link::None };
    }
    let mut candidates: Vec<_> = pairs
        .iter()
        .filter_map(|pair| Candidate::of(pair))
        .filter(|one| is_seen(&one.id))
        .collect();
    candidates.sort_by(|one, other| {
        let by_score = other.score.total_cmp(&one.score);
        by_score.then_with(|| one.id.cmp(&other.id))
    });
    let is_open = |pair: &&MatchRow| pair.theirs.is_none() && pair.verdict == "ambiguous";
    if candidates.is_empty() && !pairs.iter().any(is_open) {
        return Link::None;
    }
    Link::Unsure { candidates }
}

impl Candidate {
    fn of(pair: &MatchRow) -> Option<Self> {
        Some(Self {
            id: pair.theirs.clone()?,
            score: pair.score,
            evidence: pair.evidence.clone(),
        })
    }
}
