//! The same person in several tenants.

use std::collections::BTreeMap;

use super::Person;
use super::desk::{fold_address, fold_person};

/// A name that more people than this have in other tenants is no evidence.
const MOST_NAMESAKES: usize = 5;

/// The score of a shared address, and of a shared name and phone number.
const BY_ADDRESS: f64 = 0.9;
const BY_PHONE: f64 = 0.8;

/// Two accounts in different tenants that may belong to one person. It is a suggestion, never a link.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Acquaintance {
    /// One account, by its id.
    pub one: String,
    /// The id of the other account, which is in another tenant.
    pub other: String,
    /// How likely it is, from 0 to 1.
    pub score: f64,
    /// Why.
    pub reason: String,
}

/// Finds people who have accounts in several tenants: guests by the address that they were invited under, people who
/// have an address of another tenant among their own, and people who share a rare name and a phone number.
///
/// Rows are sorted by score, then ids; the order of the input does not matter.
pub fn across_tenants(people: &[Person]) -> Vec<Acquaintance> {
    let mut found: BTreeMap<(&str, &str), (f64, String)> = BTreeMap::new();
    for (address, people) in by_address(people) {
        note(&people, BY_ADDRESS, &format!("both have `{address}`"), &mut found);
    }
    for ((name, _), people) in by_phone(people) {
        let reason = format!("both are called `{name}` and have the same mobile phone number");
        note(&people, BY_PHONE, &reason, &mut found);
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
    // Stable: rows with the same score stay sorted by id.
    rows.sort_by(|one, other| other.score.total_cmp(&one.score));
    rows
}

fn by_address(people: &[Person]) -> BTreeMap<String, Vec<&Person>> {
    let mut found: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
    for person in people {
        let own = person
            .addresses
            .iter()
            .filter_map(|address| fold_address(address));
        let guests = person
            .addresses
            .iter()
            .filter_map(|address| home_address(address));
        for address in own.chain(guests) {
            found.entry(address).or_default().push(person);
        }
    }
    found
}

/// By name and the last digits of the mobile phone number, which are the same with and without a country code.
fn by_phone(people: &[Person]) -> BTreeMap<(String, String), Vec<&Person>> {
    let mut found: BTreeMap<(String, String), Vec<&Person>> = BTreeMap::new();
    for person in people {
        let phone = person.fields.get("mobilePhone").map_or("", String::as_str);
        let digits: String = phone.chars().rev().filter(char::is_ascii_digit).take(9).collect();
        if digits.len() >= 7 {
            let key = (fold_person(&person.name), digits);
            found.entry(key).or_default().push(person);
        }
    }
    found
}

/// Adds all pairs from different tenants among people who have something in common.
fn note<'a>(
    people: &[&'a Person],
    score: f64,
    reason: &str,
    found: &mut BTreeMap<(&'a str, &'a str), (f64, String)>,
) {
    if people.len() > MOST_NAMESAKES {
        return;
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
                *known = (score, reason.to_owned());
            }
        }
    }
}

/// The address under which a guest was invited: `ada_contoso.example#EXT#@fabrikam.example` is `ada@contoso.example`.
fn home_address(address: &str) -> Option<String> {
    let end = address.find("#EXT#").or_else(|| address.find("#ext#"))?;
    let (name, domain) = address.get(..end)?.rsplit_once('_')?;
    fold_address(&format!("{name}@{domain}"))
}
