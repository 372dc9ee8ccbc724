//! Tries an adapter of a tool: what a host has to hold so that matching and writing into it go well.
//!
//! The host puts its adapter, with a tool behind it that may be filled and emptied, behind [`Rig`], runs [`run`], and
//! prints the [`Report`].

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use async_trait::async_trait;

use super::{Contact, Device, Inventory, NewContact, Organization, Records, Sink, ToolError};

/// More records than any tool gives in one page.
const MANY: usize = 1_234;

/// A tool that may be filled for a trial, and its adapter.
#[async_trait]
pub trait Rig: Send + Sync {
    /// The adapter, for reading.
    fn inventory(&self) -> Arc<dyn Inventory>;

    /// The adapter, for writing; `None` if it only reads.
    fn sink(&self) -> Option<Arc<dyn Sink>>;

    /// Replaces all that is in the tool by these records, under their ids.
    ///
    /// # Errors
    /// Whatever the tool reports.
    async fn fill(&self, records: &Records) -> Result<(), ToolError>;

    /// Lets the tool fail after so many more requests, until it is filled again. Answers whether it can be made to.
    async fn fail_after(&self, requests: usize) -> bool;
}

/// How one behaviour was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// As it should be.
    Held,
    /// Not as it should be, and how.
    Broken(String),
    /// It could not be tried, and why.
    Untried(String),
}

/// What was tried, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Each behaviour with how it was found.
    pub rows: Vec<(&'static str, Outcome)>,
}

impl Report {
    /// Whether nothing was found broken.
    pub fn is_good(&self) -> bool {
        !self
            .rows
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::Broken(_)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, outcome) in &self.rows {
            match outcome {
                Outcome::Held => writeln!(f, "held     {name}")?,
                Outcome::Broken(how) => writeln!(f, "BROKEN   {name}: {how}")?,
                Outcome::Untried(why) => writeln!(f, "untried  {name}: {why}")?,
            }
        }
        let count = |held: bool| {
            let is = |outcome: &Outcome| matches!(outcome, Outcome::Held) == held;
            self.rows.iter().filter(|(_, outcome)| is(outcome)).count()
        };
        write!(
            f,
            "{} of {} behaviours held",
            count(true),
            count(true) + count(false)
        )
    }
}

/// Tries all behaviours, one after the other, each on a tool that it fills itself.
pub async fn run(rig: &dyn Rig) -> Report {
    let rows = vec![
        ("an empty tool gives empty lists", settle(empty(rig).await)),
        (
            "records beyond one page come back, each once",
            settle(paging(rig).await),
        ),
        ("records of one name stay apart", settle(namesakes(rig).await)),
        (
            "names come back as they were written",
            settle(odd_names(rig).await),
        ),
        ("a renamed record keeps its id", settle(renames(rig).await)),
        ("a deleted record is gone", settle(deletions(rig).await)),
        ("times come back to the second, in UTC", settle(clocks(rig).await)),
        (
            "a failure in the middle is an error, not half a list",
            settle(failures(rig).await),
        ),
        (
            "a delivery that is repeated makes one record",
            settle(repeats(rig).await),
        ),
        (
            "an overlay leaves the fields of the contact as they are",
            settle(overlays(rig).await),
        ),
    ];
    Report { rows }
}

type Tried = Result<Outcome, ToolError>;

fn settle(tried: Tried) -> Outcome {
    tried.unwrap_or_else(|error| {
        let source =
            std::error::Error::source(&error).map_or_else(String::new, |source| format!(": {source}"));
        Outcome::Broken(format!("{error}{source}"))
    })
}

fn expect<T: PartialEq + fmt::Debug>(found: &T, wanted: &T) -> Outcome {
    if found == wanted {
        Outcome::Held
    } else {
        Outcome::Broken(format!("found {found:?}, not {wanted:?}"))
    }
}

fn records(count: usize) -> Records {
    let mut records = Records::default();
    for number in 0..count {
        let mut device = Device::new(format!("d-{number}"), format!("LT-{number:05}"));
        device.site = Some("o-0".to_owned());
        records.devices.push(device);
        let mut contact = Contact::new(format!("c-{number}"), format!("Ada Example {number}"));
        contact.organization = Some("o-0".to_owned());
        contact.emails.push(format!("ada{number}@contoso.example"));
        records.contacts.push(contact);
    }
    records.organizations = (0..count.min(300))
        .map(|number| Organization::new(format!("o-{number}"), format!("Contoso {number}")))
        .collect();
    records
}

async fn empty(rig: &dyn Rig) -> Tried {
    rig.fill(&Records::default()).await?;
    let tool = rig.inventory();
    let counts = (
        tool.organizations().await?.len(),
        tool.devices().await?.len(),
        tool.contacts().await?.len(),
    );
    Ok(expect(&counts, &(0, 0, 0)))
}

async fn paging(rig: &dyn Rig) -> Tried {
    let wanted = records(MANY);
    rig.fill(&wanted).await?;
    let tool = rig.inventory();
    let (organizations, devices, contacts) = (
        tool.organizations().await?,
        tool.devices().await?,
        tool.contacts().await?,
    );
    let counts = (organizations.len(), devices.len(), contacts.len());
    let ids: BTreeSet<&str> = organizations
        .iter()
        .map(|own| own.id.as_str())
        .chain(devices.iter().map(|own| own.id.as_str()))
        .chain(contacts.iter().map(|own| own.id.as_str()))
        .collect();
    let total = wanted.organizations.len() + 2 * MANY;
    if counts != (wanted.organizations.len(), MANY, MANY) {
        return Ok(Outcome::Broken(format!("found {counts:?}")));
    }
    Ok(expect(&ids.len(), &total))
}

async fn namesakes(rig: &dyn Rig) -> Tried {
    let mut wanted = records(2);
    for device in &mut wanted.devices {
        "SRV-01".clone_into(&mut device.hostname);
    }
    rig.fill(&wanted).await?;
    let found: BTreeSet<String> = rig
        .inventory()
        .devices()
        .await?
        .into_iter()
        .map(|own| own.id)
        .collect();
    Ok(expect(&found, &["d-0".to_owned(), "d-1".to_owned()].into()))
}

async fn odd_names(rig: &dyn Rig) -> Tried {
    let names = [
        "Müller & Söhne, \"GmbH\"",
        "株式会社 例",
        "O'Brien; DROP",
        "=1+1",
        "a/b?c=d#e %41",
    ];
    let mut wanted = Records::default();
    for (number, name) in names.iter().enumerate() {
        wanted
            .organizations
            .push(Organization::new(format!("o-{number}"), *name));
    }
    rig.fill(&wanted).await?;
    let mut found = rig.inventory().organizations().await?;
    found.sort_by(|one, other| one.id.cmp(&other.id));
    let found: Vec<String> = found.into_iter().map(|own| own.name).collect();
    Ok(expect(&found, &names.map(str::to_owned).to_vec()))
}

async fn renames(rig: &dyn Rig) -> Tried {
    let mut wanted = records(1);
    rig.fill(&wanted).await?;
    rig.inventory().devices().await?;
    for device in &mut wanted.devices {
        "LT-NEW".clone_into(&mut device.hostname);
    }
    rig.fill(&wanted).await?;
    let found = rig.inventory().devices().await?;
    let found: Vec<_> = found.into_iter().map(|own| (own.id, own.hostname)).collect();
    Ok(expect(&found, &vec![("d-0".to_owned(), "LT-NEW".to_owned())]))
}

async fn deletions(rig: &dyn Rig) -> Tried {
    rig.fill(&records(2)).await?;
    rig.inventory().contacts().await?;
    rig.fill(&records(1)).await?;
    let found: Vec<String> = rig
        .inventory()
        .contacts()
        .await?
        .into_iter()
        .map(|own| own.id)
        .collect();
    Ok(expect(&found, &vec!["c-0".to_owned()]))
}

async fn clocks(rig: &dyn Rig) -> Tried {
    let mut wanted = records(1);
    let seen = "2026-03-29T01:30:00Z".parse().ok();
    for device in &mut wanted.devices {
        device.last_seen = seen;
    }
    rig.fill(&wanted).await?;
    let found: Vec<_> = rig
        .inventory()
        .devices()
        .await?
        .into_iter()
        .map(|own| own.last_seen)
        .collect();
    Ok(expect(&found, &vec![seen]))
}

async fn failures(rig: &dyn Rig) -> Tried {
    rig.fill(&records(MANY)).await?;
    if !rig.fail_after(1).await {
        return Ok(Outcome::Untried("the tool cannot be made to fail".to_owned()));
    }
    // One request is answered: a list of one page may come, two whole lists may not.
    let tool = rig.inventory();
    let outcome = match (tool.contacts().await, tool.devices().await) {
        (Ok(contacts), Ok(devices)) => {
            let counts = (contacts.len(), devices.len());
            Outcome::Broken(format!("the lists have {counts:?} records and no error"))
        }
        (Ok(contacts), Err(_)) if contacts.len() != MANY => Outcome::Broken(format!(
            "the list has {} of {MANY} records and no error",
            contacts.len()
        )),
        _ => Outcome::Held,
    };
    rig.fill(&Records::default()).await?;
    Ok(outcome)
}

async fn repeats(rig: &dyn Rig) -> Tried {
    let Some(sink) = rig.sink() else {
        return Ok(Outcome::Untried("the adapter only reads".to_owned()));
    };
    let mut wanted = records(1);
    wanted.contacts.clear();
    rig.fill(&wanted).await?;
    let mut ada = NewContact::new("o-0", "Ada Example");
    ada.emails.push("ada@contoso.example".to_owned());
    let first = sink.create_contact("u-1", &ada).await?;
    let again = sink.create_contact("u-1", &ada).await?;
    let found: Vec<String> = rig
        .inventory()
        .contacts()
        .await?
        .into_iter()
        .map(|own| own.id)
        .collect();
    Ok(expect(&(again, found), &(first.clone(), vec![first])))
}

async fn overlays(rig: &dyn Rig) -> Tried {
    let Some(sink) = rig.sink() else {
        return Ok(Outcome::Untried("the adapter only reads".to_owned()));
    };
    let mut wanted = records(1);
    for contact in &mut wanted.contacts {
        contact.fields.insert("title".to_owned(), "Boss".to_owned());
    }
    rig.fill(&wanted).await?;
    let facts = BTreeMap::from([("title".to_owned(), "Chief".to_owned())]);
    sink.overlay_contact("c-0", &facts).await?;
    sink.overlay_contact("c-0", &facts).await?;
    let found = rig.inventory().contacts().await?;
    let titles: Vec<_> = found
        .iter()
        .map(|own| own.fields.get("title").map(String::as_str))
        .collect();
    if let Some(own) = found
        .iter()
        .find(|own| !own.overlay.is_empty() && own.overlay != facts)
    {
        return Ok(expect(&own.overlay, &facts));
    }
    Ok(expect(&titles, &vec![Some("Boss")]))
}
