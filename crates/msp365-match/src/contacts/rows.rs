//! The rows of each person.

use super::desk::{Desk, Roll};
use super::index::{self, Index};
use crate::devices::Sites;
use crate::pair::{MOST_CANDIDATES, Pair, Verdict, by_score, shared};
use crate::score;

/// Names of people less similar than this are not suggested.
const ALIKE: f64 = 0.85;

/// A word that more contacts of an organization than this have in their names is not used.
const MOST_NAMESAKES: usize = 200;

/// The score of the same name within the organization, without a shared address.
const BY_NAME: f64 = 0.8;

/// Both sides by their addresses and names.
struct Table<'a> {
    people: Roll<'a>,
    contacts: Roll<'a>,
    sites: &'a Sites,
    /// People by their addresses.
    people_by: Index,
    /// Contacts by their addresses.
    contacts_by: Index,
    /// Contacts by home and a word of their name.
    words: Index,
}

pub(super) fn all(people: &Desk, contacts: &Desk, sites: &Sites, mut take: impl FnMut(Vec<Pair>)) {
    let (people, contacts) = (people.roll(), contacts.roll());
    let word = |number: u32, word: &str| index::word(contacts.home(number).unwrap_or_default(), word);
    let table =
        Table {
            sites,
            people_by: by_address(&people),
            contacts_by: by_address(&contacts),
            words: Index::of(contacts.numbers().flat_map(|number| {
                words(contacts.name(number)).map(move |text| (word(number, text), number))
            })),
            people,
            contacts,
        };
    for person in table.people.numbers() {
        let mut rows = table.rows(person);
        rows.sort_unstable_by(by_score);
        take(rows);
    }
}

fn by_address(roll: &Roll<'_>) -> Index {
    Index::of(roll.numbers().flat_map(|number| {
        roll.addresses(number)
            .map(move |address| (index::address(address), number))
    }))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(' ').filter(|word| !word.is_empty())
}

/// The members of a roll who share an address with somebody on the other one.
fn who_share(own: impl Iterator<Item = impl AsRef<str>>, roll: &Roll<'_>, by: &Index) -> Vec<u32> {
    let mut found = Vec::new();
    for address in own {
        let address = address.as_ref();
        let holders = by.holders(index::address(address));
        found.extend(holders.filter(|holder| roll.addresses(*holder).any(|other| other == address)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl Table<'_> {
    fn permits(&self, person: u32, contact: u32) -> bool {
        self.sites
            .permits(self.people.home(person), self.contacts.home(contact))
    }

    /// The contacts that share an address with a person.
    fn contacts_of(&self, person: u32) -> Vec<u32> {
        let mut found = who_share(self.people.addresses(person), &self.contacts, &self.contacts_by);
        found.retain(|contact| self.permits(person, *contact));
        found
    }

    /// The people who share an address with a contact.
    fn people_of(&self, contact: u32) -> Vec<u32> {
        let mut found = who_share(self.contacts.addresses(contact), &self.people, &self.people_by);
        found.retain(|person| self.permits(*person, contact));
        found
    }

    fn has_same_name(&self, person: u32, contact: u32) -> bool {
        let name = self.people.name(person);
        !name.is_empty() && name == self.contacts.name(contact)
    }

    /// The contact that a person is linked with, without asking anybody: the only one that shares an address, or the
    /// only one of these that has the same name; and likewise as seen from the contact.
    fn certain(&self, person: u32) -> Option<u32> {
        let candidates = self.contacts_of(person);
        let contact = only(&candidates, |contact| self.has_same_name(person, contact))?;
        let rivals = self.people_of(contact);
        let is_mutual = only(&rivals, |rival| self.has_same_name(rival, contact)) == Some(person);
        let is_plain = !self.people.is_deceptive(person) && !self.contacts.is_deceptive(contact);
        (is_mutual && is_plain).then_some(contact)
    }

    fn is_taken(&self, person: u32, contact: u32) -> bool {
        let mut others = self
            .people_of(contact)
            .into_iter()
            .filter(|other| *other != person);
        others.any(|other| self.certain(other) == Some(contact))
    }

    fn rows(&self, person: u32) -> Vec<Pair> {
        if let Some(contact) = self.certain(person) {
            return vec![self.linked(person, contact, Verdict::Certain, 1.0)];
        }
        let all = self.contacts_of(person);
        let free = |contact: &&u32| !self.is_taken(person, **contact);
        let candidates: Vec<u32> = all.iter().filter(free).take(MOST_CANDIDATES).copied().collect();
        match candidates.as_slice() {
            [] => {}
            [only] if all.len() == 1 && self.people_of(*only).len() == 1 => {
                let pair = self.linked(person, *only, Verdict::Suggested, 0.5);
                let words = "a name mixes scripts or turns the direction of reading";
                return vec![pair.because("deceptive_name", words)];
            }
            several => {
                let row = |contact: &u32| {
                    // All are counted, even those matched with somebody else, so that the score is the same from either
                    // side.
                    let (people, contacts) = (self.people_of(*contact).len(), all.len());
                    let score = shared(1.0, people.max(contacts));
                    let pair = self.linked(person, *contact, Verdict::Ambiguous, score);
                    let words = format!("{people} of ours and {contacts} of theirs have such an address");
                    pair.because("rival", words)
                };
                return several.iter().map(row).collect();
            }
        }
        let rows = self.namesakes(person);
        if rows.is_empty() {
            vec![self.alone(person)]
        } else {
            rows
        }
    }

    fn linked(&self, person: u32, contact: u32, verdict: Verdict, score: f64) -> Pair {
        let pair = Pair::new(self.people.id(person), self.contacts.id(contact), verdict, score);
        let mut addresses = self.contacts.addresses(contact);
        let shared = addresses.find(|address| self.people.addresses(person).any(|own| own == *address));
        let pair = match shared {
            Some(address) => pair.because("address", ["both have `", address, "`"].concat()),
            None => pair,
        };
        if self.has_same_name(person, contact) {
            pair.because(
                "name",
                ["both are called `", self.people.name(person), "`"].concat(),
            )
        } else {
            pair
        }
    }

    /// Contacts of the organization that have the same or nearly the same name, and share an address with nobody.
    fn namesakes(&self, person: u32) -> Vec<Pair> {
        let name = self.people.name(person);
        let mut found: Vec<(u32, f64)> = Vec::new();
        for word in words(name) {
            for home in self.homes(person) {
                let holders = self.words.holders(index::word(home, word));
                if holders.len() <= MOST_NAMESAKES {
                    found.extend(
                        holders.map(|contact| (contact, score::names(name, self.contacts.name(contact)))),
                    );
                }
            }
        }
        found.retain(|(contact, score)| {
            *score >= ALIKE && self.permits(person, *contact) && !self.is_taken(person, *contact)
        });
        found.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        found.dedup_by_key(|(contact, _)| *contact);
        let same = found
            .iter()
            .filter(|(contact, _)| self.has_same_name(person, *contact))
            .count();
        let rows = found
            .into_iter()
            .filter(|(contact, _)| same == 0 || self.has_same_name(person, *contact));
        rows.take(5)
            .map(|(contact, score)| {
                let words = format!(
                    "`{name}` is like `{}`: {:.0} of 100; no address in common",
                    self.contacts.name(contact),
                    score * 100.0
                );
                let score = BY_NAME * score;
                Pair::new(
                    self.people.id(person),
                    self.contacts.id(contact),
                    Verdict::Suggested,
                    score,
                )
                .because("similar_name", words)
            })
            .collect()
    }

    /// The organizations in which contacts of a person's tenant may be found, as contacts name them.
    fn homes(&self, person: u32) -> Vec<&str> {
        if self.sites.is_everywhere() {
            return vec![self.people.home(person).unwrap_or_default(), ""];
        }
        self.sites.of(self.people.home(person)).collect()
    }

    fn alone(&self, person: u32) -> Pair {
        let pair = Pair::alone(self.people.id(person));
        if self.people.addresses(person).next().is_none() && self.people.name(person).is_empty() {
            return pair.because("no_address", "the person has neither an address nor a name");
        }
        if !self.sites.is_everywhere() && self.homes(person).is_empty() {
            return pair.because("no_site", "no organization is permitted for its tenant");
        }
        pair.because(
            "no_candidate",
            "no free contact has an address of the person, or the name",
        )
    }
}

/// The only candidate, or the only one that passes the test.
fn only(candidates: &[u32], test: impl Fn(u32) -> bool) -> Option<u32> {
    if let [only] = candidates {
        return Some(*only);
    }
    let mut passing = candidates.iter().copied().filter(|candidate| test(*candidate));
    let first = passing.next()?;
    passing.next().is_none().then_some(first)
}
