//! Which of a tool's contacts is which person in Microsoft 365, within the organizations permitted for the tenant.
//!
//! A contact and a person are certainly the same if they share an address and neither shares one with anybody else. All
//! addresses count: sign-in name, mail, every proxy address, other mails. If several share one, the name decides where
//! it can. Without a shared address, the same name within the organization is a suggestion.
//!
//! ```
//! use msp365_match::contacts::{Contact, Person, match_contacts};
//! use msp365_match::devices::Sites;
//!
//! let people = [Person::new("u-1", "Ada Example").address("ada@contoso.example").address("smtp:a.e@contoso.example")];
//! let contacts = [
//!     Contact::new("7", "Example, Ada").email("A.E@contoso.example"),
//!     Contact::new("8", "Ada Exemple"),
//! ];
//!
//! let pairs = match_contacts(&people, &contacts, &Sites::everywhere());
//!
//! assert!(pairs[0].is_certain());
//! assert_eq!(pairs[0].theirs.as_deref(), Some("7"));
//! ```

use crate::devices::Sites;
use crate::pair::Pair;

mod across;
mod desk;
mod index;
mod overlay;
mod preview;
mod record;
mod rows;
#[cfg(test)]
mod tests;

pub use across::{Acquaintance, across_tenants};
pub use overlay::{Compared, Difference, Mapping, Overlay, compare, overlay};
pub use preview::{Preview, preview};
pub use record::{Contact, Person};

use desk::Desk;

/// Finds the contact of each person.
///
/// Rows are sorted by the person's id, then score, then the contact's id; the order of the input does not matter.
/// `organizations` says in which organizations a tenant's contacts may be found.
pub fn match_contacts(people: &[Person], contacts: &[Contact], organizations: &Sites) -> Vec<Pair> {
    let mut book = Contacts::within(organizations);
    for person in people {
        book.add_person(person);
    }
    for contact in contacts {
        book.add_contact(contact);
    }
    let mut pairs = Vec::with_capacity(people.len());
    book.matched(|mut rows| pairs.append(&mut rows));
    pairs
}

/// People and contacts, folded and packed: for lists too long to be held as records.
#[derive(Debug, Clone)]
pub struct Contacts {
    sites: Sites,
    ours: Desk,
    theirs: Desk,
}

impl Contacts {
    /// An empty set with these rules.
    pub fn within(organizations: &Sites) -> Self {
        Self {
            sites: organizations.clone(),
            ours: Desk::default(),
            theirs: Desk::default(),
        }
    }

    /// Adds a person of Microsoft 365.
    pub fn add_person(&mut self, person: &Person) {
        self.ours.push(
            &person.id,
            &person.name,
            &person.addresses,
            person.tenant.as_deref(),
        );
    }

    /// Adds a contact of the tool.
    pub fn add_contact(&mut self, contact: &Contact) {
        self.theirs.push(
            &contact.id,
            &contact.name,
            &contact.emails,
            contact.organization.as_deref(),
        );
    }

    /// The number of people and of contacts.
    pub fn count(&self) -> (usize, usize) {
        (self.ours.len(), self.theirs.len())
    }

    /// Decides for all people; `take` gets the rows of one person at a time.
    pub fn matched(&self, take: impl FnMut(Vec<Pair>)) {
        rows::all(&self.ours, &self.theirs, &self.sites, take);
    }
}
