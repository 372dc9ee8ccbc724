//! Devices and people that a tenant and an organization have in common.

use std::collections::{HashMap, HashSet};

use msp365_match::{
    Pair,
    contacts::match_contacts,
    devices::{Sites, match_devices},
    organizations::Overlaps,
};

use super::{Stored, Tool, ours};

/// A vote for each device and each person that can be linked without knowing whose organization is which tenant.
///
/// A device votes for its organization, or for the one that has the id of its site; a person for the contact's.
pub(super) fn overlaps(stored: &Stored, tool: &Tool) -> Overlaps {
    let known: HashSet<&str> = tool.organizations.iter().map(|own| own.id.as_str()).collect();
    let mut overlaps = Overlaps::default();
    let mut vote = |pairs: Vec<Pair>, tenants: &HashMap<&str, &str>, homes: &HashMap<&str, &str>| {
        for pair in pairs.iter().filter(|pair| pair.is_certain()) {
            let tenant = tenants.get(pair.ours.as_str());
            let home = pair.theirs.as_deref().and_then(|theirs| homes.get(theirs));
            if let (Some(tenant), Some(home)) = (tenant, home) {
                overlaps.add(*tenant, *home);
            }
        }
    };
    let homes: HashMap<&str, &str> = tool
        .devices
        .iter()
        .filter_map(|own| {
            let home = own.organization.as_deref().or(own.site.as_deref())?;
            known.contains(home).then_some((own.id.as_str(), home))
        })
        .collect();
    if !homes.is_empty() {
        let theirs: Vec<_> = tool.devices.iter().map(ours::their_device).collect();
        let tenants = tenants(stored.devices.iter().map(|own| (&own.id, &own.tenant)));
        let pairs = match_devices(&stored.devices, &theirs, &Sites::everywhere());
        vote(pairs, &tenants, &homes);
    }
    let homes: HashMap<&str, &str> = tool
        .contacts
        .iter()
        .filter_map(|own| Some((own.id.as_str(), own.organization.as_deref()?)))
        .filter(|(_, home)| known.contains(home))
        .collect();
    if !homes.is_empty() {
        let theirs: Vec<_> = tool.contacts.iter().map(ours::their_contact).collect();
        let tenants = tenants(stored.people.iter().map(|own| (&own.id, &own.tenant)));
        let pairs = match_contacts(&stored.people, &theirs, &Sites::everywhere());
        vote(pairs, &tenants, &homes);
    }
    overlaps
}

fn tenants<'a>(records: impl Iterator<Item = (&'a String, &'a Option<String>)>) -> HashMap<&'a str, &'a str> {
    records
        .filter_map(|(id, tenant)| Some((id.as_str(), tenant.as_deref()?)))
        .collect()
}
