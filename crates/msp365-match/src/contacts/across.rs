//! The same human in several tenants.

use std::collections::BTreeMap;

use super::Person;
use super::desk::{fold_address, fold_person};

/// Names that more people than this bear in other tenants say nothing.
const MOST_NAMESAKES: usize = 5;

/// Two accounts of different tenants that may be one human's. It is a suggestion, never a link.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Acquaintance {
    /// One account, by its id.
    pub one: String,
    /// The other one, of another tenant.
    pub other: String,
    /// How much speaks for it, 0 to 1.
    pub score: f64,
    /// Why.
    pub reason: String,
}

/// Finds people who have accounts in several tenants: guests by the address that they were invited under, people
/// with an address of another tenant among their own, and rare names with one phone number.
///
/// The rows stand by score, then ids; the order of the input does not matter.
pub fn across_tenants(people: &[Person]) -> Vec<Acquaintance> {
    let mut found: BTreeMap<(&str, &str), (f64, String)> = BTreeMap::new();
    let mut by_address: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
    let mut by_phone: BTreeMap<(String, String), Vec<&Person>> = BTreeMap::new();
    for person in people {
        let guests = person
            .addresses
            .iter()
            .filter_map(|address| home_address(address));
        let own = person
            .addresses
            .iter()
            .filter_map(|address| fold_address(address));
        for address in own.chain(guests) {
            by_address.entry(address).or_default().push(person);
        }
        let phone: String = person
            .fields
            .get("mobilePhone")
            .map(|phone| phone.chars().filter(char::is_ascii_digit).collect())
            .unwrap_or_default();
        if phone.len() >= 7 {
            let last: String = phone.chars().rev().take(9).collect();
            by_phone
                .entry((fold_person(&person.name), last))
                .or_default()
                .push(person);
        }
    }
    let by_address = by_address
        .into_iter()
        .map(|(address, people)| (people, 0.9, format!("both have `{address}`")));
    let by_phone = by_phone.into_iter().map(|((name, _), people)| {
        let words = format!("both are called `{name}` and have the same mobile phone number");
        (people, 0.8, words)
    });
    for (people, score, reason) in by_address.chain(by_phone) {
        if people.len() > MOST_NAMESAKES {
            continue;
        }
        for (place, one) in people.iter().enumerate() {
            for other in people
                .iter()
                .skip(place + 1)
                .filter(|other| other.tenant != one.tenant)
            {
                let ids = if one.id < other.id {
                    (one.id.as_str(), other.id.as_str())
                } else {
                    (other.id.as_str(), one.id.as_str())
                };
                let known = found.entry(ids).or_insert_with(|| (0.0, String::new()));
                if score > known.0 {
                    *known = (score, reason.clone());
                }
            }
        }
    }
    let mut rows: Vec<Acquaintance> = found
        .into_iter()
        .map(|((one, other), (score, reason))| Acquaintance {
            one: one.to_owned(),
            other: other.to_owned(),
            score,
            reason,
        })
        .collect();
    rows.sort_by(|one, other| {
        other
            .score
            .total_cmp(&one.score)
            .then_with(|| (&one.one, &one.other).cmp(&(&other.one, &other.other)))
    });
    rows
}

/// The address that a guest was invited under: `ada_contoso.example#EXT#@fabrikam.example` is
/// `ada@contoso.example`.
fn home_address(address: &str) -> Option<String> {
    let end = address.find("#EXT#").or_else(|| address.find("#ext#"))?;
    let (name, domain) = address.get(..end)?.rsplit_once('_')?;
    fold_address(&format!("{name}@{domain}"))
}
