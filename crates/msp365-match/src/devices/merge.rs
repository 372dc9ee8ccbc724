//! One machine from what Entra and Intune list about it.

use rustc_hash::FxHashMap;

use super::Ours;
use super::traits::device_id;

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The directory.
    Entra,
    /// The management service.
    Intune,
}

impl Source {
    /// The source's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entra => "Entra",
            Self::Intune => "Intune",
        }
    }
}

/// A fact of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// Its host name.
    Hostname,
    /// Its serial number.
    Serial,
    /// Its user.
    User,
    /// Its operating system.
    Os,
    /// When it was last seen.
    LastSeen,
}

/// A device as one of the two lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// Which of the two lists.
    pub source: Source,
    /// What it says. [`Ours::device_id`] connects the two lists; all zeros count as none.
    pub device: Ours,
}

impl Listed {
    /// A device of this source.
    pub const fn new(source: Source, device: Ours) -> Self {
        Self { source, device }
    }
}

/// A machine with everything that is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Machine {
    /// The combined facts, under the id of its record in Entra, or else of its newest in Intune.
    pub device: Ours,
    /// Its records: Entra's first, then Intune's, the newest first.
    pub records: Vec<(Source, String)>,
    /// Which source each known fact was taken from.
    pub provenance: Vec<(Field, Source)>,
}

/// Merges the two lists of a tenant.
///
/// A record of Intune belongs to the record of Entra with its device id. One without a device id is a machine of its
/// own; those with a device id that Entra does not list are one machine per id. Names, serial numbers, users and
/// systems are taken from Intune, which gets them from the machine itself, from its newest record first; the time is
/// the latest of all. The machines are in the order of the lists.
///
/// ```
/// use msp365_match::devices::{Listed, Ours, Source, merge};
///
/// let id = "0000000a-0000-0000-0000-00000000000b";
/// let machines = merge(&[
///     Listed::new(Source::Entra, Ours::new("object", "LT-ADA-01").device_id(id)),
///     Listed::new(Source::Intune, Ours::new("managed", "LT-ADA-01").device_id(id).serial("5CG1234")),
/// ]);
///
/// assert_eq!(machines.len(), 1);
/// assert_eq!(machines[0].device.id, "object");
/// assert_eq!(machines[0].device.serial.as_deref(), Some("5CG1234"));
/// ```
pub fn merge(listed: &[Listed]) -> Vec<Machine> {
    let mut machines: Vec<Vec<&Listed>> = Vec::with_capacity(listed.len());
    let mut by_id: FxHashMap<u128, usize> = FxHashMap::default();
    let (entra, intune): (Vec<&Listed>, Vec<&Listed>) =
        listed.iter().partition(|record| record.source == Source::Entra);
    for record in entra {
        by_id.entry(id(record)).or_insert(machines.len());
        machines.push(vec![record]);
    }
    by_id.remove(&0);
    for record in intune {
        let number = id(record);
        let known = by_id.get(&number).copied().filter(|_| number != 0);
        if let Some(machine) = known.and_then(|place| machines.get_mut(place)) {
            machine.push(record);
        } else {
            by_id.insert(number, machines.len());
            machines.push(vec![record]);
        }
    }
    machines.into_iter().filter_map(put_together).collect()
}

fn id(record: &Listed) -> u128 {
    record.device.device_id.as_deref().map_or(0, device_id)
}

fn put_together(mut records: Vec<&Listed>) -> Option<Machine> {
    records.sort_by(|one, other| {
        let by_source = one.source.cmp(&other.source);
        by_source
            .then_with(|| other.device.last_seen.cmp(&one.device.last_seen))
            .then_with(|| one.device.id.cmp(&other.device.id))
    });
    let mut device = records.first()?.device.clone();
    let mut provenance = Vec::new();
    let best_first = || {
        let of = |source| records.iter().filter(move |record| record.source == source);
        of(Source::Intune).chain(of(Source::Entra))
    };
    let mut take = |field: Field, from: &dyn Fn(&Ours) -> Option<String>| {
        let found = best_first().find_map(|record| Some((record.source, known(from(&record.device))?)));
        if let Some((source, _)) = found {
            provenance.push((field, source));
        }
        found.map(|(_, value)| value)
    };
    device.hostname = take(Field::Hostname, &|from| Some(from.hostname.clone())).unwrap_or_default();
    device.serial = take(Field::Serial, &|from| from.serial.clone());
    device.user = take(Field::User, &|from| from.user.clone());
    device.os = take(Field::Os, &|from| from.os.clone());
    let latest = best_first().filter(|record| record.device.last_seen.is_some());
    if let Some(record) = latest.max_by_key(|record| record.device.last_seen) {
        device.last_seen = record.device.last_seen;
        provenance.push((Field::LastSeen, record.source));
    }
    Some(Machine {
        device,
        records: records
            .iter()
            .map(|record| (record.source, record.device.id.clone()))
            .collect(),
        provenance,
    })
}

fn known(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0000000a-0000-0000-0000-00000000000b";

    fn entra(id: &str) -> Ours {
        Ours::new(id, "LT-ADA-01").device_id(ID).last_seen(100)
    }

    #[test]
    fn one_machine_of_both_lists_is_one_with_the_facts_of_both() {
        let managed = Ours::new("managed", "LT-ADA-NEW")
            .device_id(ID.to_uppercase())
            .serial("5CG1")
            .last_seen(90);

        let machines = merge(&[
            Listed::new(Source::Intune, managed),
            Listed::new(Source::Entra, entra("object")),
        ]);

        assert_eq!(machines.len(), 1);
        assert_eq!(machines[0].device.id, "object");
        assert_eq!(machines[0].device.hostname, "LT-ADA-NEW");
        assert_eq!(
            machines[0].provenance,
            [
                (Field::Hostname, Source::Intune),
                (Field::Serial, Source::Intune),
                (Field::LastSeen, Source::Entra)
            ]
        );
    }

    #[test]
    fn zeros_join_nothing() {
        let zeros = "00000000-0000-0000-0000-000000000000";
        let managed = |id: &str| Listed::new(Source::Intune, Ours::new(id, id).device_id(zeros));

        let machines = merge(&[
            managed("one"),
            managed("two"),
            Listed::new(Source::Entra, entra("object")),
        ]);

        assert_eq!(machines.len(), 3);
    }

    #[test]
    fn of_two_enrolments_the_newest_speaks_first() {
        let managed = |id: &str, serial: &str, seen: i64| {
            let device = Ours::new(id, "LT-ADA-01").device_id(ID).serial(serial);
            Listed::new(Source::Intune, device.last_seen(seen))
        };

        let machines = merge(&[managed("old", "5CG1", 10), managed("new", "5CG2", 20)]);

        assert_eq!(machines[0].device.serial.as_deref(), Some("5CG2"));
        assert_eq!(
            machines[0].records,
            [
                (Source::Intune, "new".to_owned()),
                (Source::Intune, "old".to_owned())
            ]
        );
    }
}
