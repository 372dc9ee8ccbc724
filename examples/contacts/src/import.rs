//! An import: what a documentation tool does each time, and what it asks a person before.

use std::collections::BTreeMap;

use msp365::{
    Error, Msp365, TenantId,
    matching::{
        contacts::{Mapping, Person, Preview, overlay},
        decisions::{Decision, Said},
    },
    store::MatchKind,
    sync::{
        matching as stored,
        tool::{Contact, Inventory, NewContact, Sink, ToolError},
    },
};

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Contacts that are linked with a person, those among them that were made.
    pub linked: usize,
    /// Contacts that were made.
    pub created: usize,
    /// Contacts over which Microsoft's facts were laid, because they were not as they lay there.
    pub laid: usize,
    /// Links that lost an end, for a person to look at.
    pub broken: usize,
}

/// Matches anew, and says what an import would do. Nothing is written into the tool.
///
/// # Errors
/// As of [`msp365::Matching::run`].
pub async fn look(msp: &Msp365, customers: &[TenantId], tool: &dyn Inventory) -> Result<Preview, Error> {
    msp.matching().run(customers, tool).await?;
    msp.matching().preview(customers, tool).await
}

/// Accepts the best suggestion for each likely duplicate, as a person does who has looked at them.
///
/// # Errors
/// `Storage`.
pub async fn accept(msp: &Msp365, preview: &Preview, who: &str) -> Result<usize, Error> {
    let best = preview
        .likely_duplicates
        .chunk_by(|one, other| one.ours == other.ours);
    let said: Vec<Decision> = best
        .filter_map(|rows| rows.first())
        .filter_map(|row| {
            let decision = Decision::new("contacts", &row.ours, Said::Linked);
            Some(
                decision
                    .theirs(row.theirs.as_deref()?)
                    .by(who)
                    .at(msp.now().to_string()),
            )
        })
        .collect();
    msp.matching().decide(MatchKind::Contacts, &said).await?;
    Ok(said.len())
}

/// Says of each broken link that nothing is to be done about it, as a person does who has looked at them.
///
/// # Errors
/// `Storage`.
pub async fn let_go(msp: &Msp365, preview: &Preview, who: &str) -> Result<(), Error> {
    let said: Vec<Decision> = preview
        .broken
        .iter()
        .map(|row| {
            let decision = Decision::new("contacts", &row.ours, Said::Ignored);
            decision.by(who).at(msp.now().to_string())
        })
        .collect();
    msp.matching().decide(MatchKind::Contacts, &said).await
}

/// Does what a preview says: makes the contacts that are missing, and lays Microsoft's facts over all that are linked
/// and show others.
///
/// A contact is made under the key of its person, so that an import which was cut off can be run again.
///
/// # Errors
/// `Storage`; `Other` where the tool refuses.
pub async fn write<T: Inventory + Sink>(
    msp: &Msp365,
    customers: &[TenantId],
    tool: &T,
    preview: &Preview,
) -> Result<Done, Error> {
    let people = people(msp, customers).await?;
    let organizations = organizations(msp).await?;
    let mut done = Done {
        broken: preview.broken.len(),
        ..Done::default()
    };
    let matched = preview.matched.iter();
    let mut linked: Vec<(&str, String)> = matched
        .filter_map(|pair| Some((pair.ours.as_str(), pair.theirs.clone()?)))
        .collect();
    for id in &preview.would_create {
        let Some(person) = people.get(id) else { continue };
        let home = person
            .tenant
            .as_ref()
            .and_then(|tenant| organizations.get(tenant));
        let Some(organization) = home else { continue };
        let mut contact = NewContact::new(organization, &person.name);
        contact.emails = person.fields.get("mail").cloned().into_iter().collect();
        let made = tool.create_contact(id, &contact).await.map_err(refused)?;
        let said = Decision::new("contacts", id, Said::Created)
            .theirs(&made)
            .by("import");
        msp.matching().decide(MatchKind::Contacts, &[said]).await?;
        done.created += 1;
        linked.push((id, made));
    }
    let contacts = tool.contacts().await.map_err(refused)?;
    let contacts: BTreeMap<&str, &Contact> = contacts.iter().map(|own| (own.id.as_str(), own)).collect();
    for (person, contact) in linked {
        let Some((person, contact)) = people.get(person).zip(contacts.get(contact.as_str())) else {
            continue;
        };
        done.linked += 1;
        let facts = facts(person, contact);
        if facts != contact.overlay {
            tool.overlay_contact(&contact.id, &facts).await.map_err(refused)?;
            done.laid += 1;
        }
    }
    Ok(done)
}

/// Passes the contacts that imports have made on to another tool, such as a PSA, into the organizations that `homes` names
/// for those of the first one. Answers the ids that they have there, by the first tool's.
///
/// Each goes under the key of its person: one that was passed on before is not made again.
///
/// # Errors
/// `Storage`; `Other` where one of the tools refuses.
pub async fn pass_on(
    msp: &Msp365,
    tool: &dyn Inventory,
    other: &dyn Sink,
    homes: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Error> {
    let contacts = tool.contacts().await.map_err(refused)?;
    let contacts: BTreeMap<&str, &Contact> = contacts.iter().map(|own| (own.id.as_str(), own)).collect();
    let decisions = msp.matching().decisions(MatchKind::Contacts).await?;
    let mut passed = BTreeMap::new();
    for decision in decisions.iter().filter(|decision| decision.said == Said::Created) {
        let made = decision.theirs.as_deref().and_then(|id| contacts.get(id));
        let home = made.and_then(|own| homes.get(own.organization.as_ref()?));
        let Some((made, home)) = made.zip(home) else {
            continue;
        };
        let mut contact = NewContact::new(home, &made.name);
        contact.emails.clone_from(&made.emails);
        contact.fields.clone_from(&made.fields);
        let id = other
            .create_contact(&decision.ours, &contact)
            .await
            .map_err(refused)?;
        passed.insert(made.id.clone(), id);
    }
    Ok(passed)
}

/// What Microsoft says beside a contact's own words.
fn facts(person: &Person, contact: &Contact) -> BTreeMap<String, String> {
    let mut own = msp365::matching::contacts::Contact::new(&contact.id, &contact.name);
    own.emails.clone_from(&contact.emails);
    own.fields.clone_from(&contact.fields);
    let mapping = Mapping::default()
        .map("status", "status")
        .map("lastPasswordChange", "last_password_change");
    let shown = overlay(person, &own, &mapping);
    let mut facts = shown.added;
    facts.extend(shown.otherwise);
    facts
}

async fn people(msp: &Msp365, customers: &[TenantId]) -> Result<BTreeMap<String, Person>, Error> {
    let mut people = BTreeMap::new();
    for customer in customers {
        for person in stored::people(&**msp.store(), *customer).await? {
            people.insert(person.id.clone(), person);
        }
    }
    Ok(people)
}

/// The organization of each tenant that is linked with one.
async fn organizations(msp: &Msp365) -> Result<BTreeMap<String, String>, Error> {
    let pairs = msp.matching().pairs(MatchKind::Organizations).await?;
    let certain = pairs.into_iter().filter(|pair| pair.verdict == "certain");
    Ok(certain
        .filter_map(|pair| Some((pair.ours, pair.theirs?)))
        .collect())
}

fn refused(error: ToolError) -> Error {
    Error::from(msp365::sync::Error::from(error))
}
