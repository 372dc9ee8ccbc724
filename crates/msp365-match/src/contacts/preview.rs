//! What a sync of contacts would do, before it does anything.

use std::collections::BTreeSet;

use super::{Contact, Person};
use crate::pair::{Pair, Verdict};

/// What would happen to whom. Everybody on both sides is in one of the lists.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Preview {
    /// Pairs that are linked.
    pub matched: Vec<Pair>,
    /// People for whom a contact would be created: no contact is like them.
    pub would_create: Vec<String>,
    /// People for whom a new contact would probably be a duplicate, with the rows that say so: a person decides first.
    pub likely_duplicates: Vec<Pair>,
    /// Links of which one end is gone. Nothing is created for them until a person has decided.
    pub broken: Vec<Pair>,
    /// Contacts of the tool that are matched with nobody, and are nobody's likely duplicate.
    pub theirs_only: Vec<String>,
}

/// Sorts the rows of [`match_contacts`](super::match_contacts), or of a review of them, by what a sync would do.
///
/// ```
/// use msp365_match::contacts::{Contact, Person, match_contacts, preview};
/// use msp365_match::devices::Sites;
///
/// let people = [Person::new("u-1", "Ada Example"), Person::new("u-2", "Bo Example")];
/// let contacts = [Contact::new("7", "Ada Example"), Contact::new("8", "Cleo Example")];
///
/// let rows = match_contacts(&people, &contacts, &Sites::everywhere());
/// let preview = preview(&people, &contacts, &rows);
///
/// assert_eq!(preview.likely_duplicates[0].ours, "u-1");
/// assert_eq!(preview.would_create, ["u-2"]);
/// assert_eq!(preview.theirs_only, ["8"]);
/// ```
pub fn preview(people: &[Person], contacts: &[Contact], rows: &[Pair]) -> Preview {
    let mut preview = Preview::default();
    let known: BTreeSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let mut mentioned: BTreeSet<&str> = BTreeSet::new();
    for row in rows {
        mentioned.extend(row.theirs.as_deref());
        if has(row, "broken") {
            preview.broken.push(row.clone());
            continue;
        }
        if !known.contains(row.ours.as_str()) {
            continue;
        }
        match (row.verdict, &row.theirs) {
            (Verdict::Certain, Some(_)) => preview.matched.push(row.clone()),
            (_, Some(_)) => preview.likely_duplicates.push(row.clone()),
            (_, None) if has(row, "decision") => {}
            (_, None) => preview.would_create.push(row.ours.clone()),
        }
    }
    let unmentioned = contacts
        .iter()
        .filter(|contact| !mentioned.contains(contact.id.as_str()));
    preview.theirs_only = unmentioned.map(|contact| contact.id.clone()).collect();
    preview.theirs_only.sort_unstable();
    preview
}

fn has(row: &Pair, kind: &str) -> bool {
    row.evidence.iter().any(|reason| reason.kind == kind)
}
