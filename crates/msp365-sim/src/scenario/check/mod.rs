//! What a file says must be possible, not only well formed.

mod changes;
mod customers;

use std::ops::Range;

use jiff::Timestamp;
use msp365_core::{SeededRandom, TenantId, random};
use url::Url;
use uuid::Uuid;

use super::{
    Scenario,
    file::{App, File, Properties, Word},
    moment::{self, Moment},
    names::Names,
};
use crate::{
    FaultPlan,
    odata::Shape,
    world::{build, draft::Draft, plan::WorldPlan, products, roles},
};

/// What is wrong, and where.
pub(super) type Wrong = (Range<usize>, String);

pub(super) fn wrong(word: &Word, message: impl Into<String>) -> Wrong {
    (word.span(), message.into())
}

/// A scenario, if everything in the file can be.
pub(super) fn scenario(file: File, text: &str) -> Result<Scenario, Wrong> {
    let plan = plan(&file, text)?;
    let start = file.start.as_ref().map(|start| {
        let told = start.as_ref().to_string();
        let message = format!("`{told}` is no moment: it takes a date, a time and an offset, or `Z`");
        told.parse::<Timestamp>().map_err(|_| (start.span(), message))
    });
    for span in [&file.consent_takes, &file.replication_takes]
        .into_iter()
        .flatten()
    {
        if moment::span(span.as_ref()).is_none() {
            return Err(wrong(span, format!("`{}` is no length of time", span.as_ref())));
        }
    }
    for app in [&file.apps.delegated, &file.apps.app_only] {
        self::app(app)?;
    }
    let mut names = Names::default();
    for customer in &file.customers {
        customers::check(customer, &mut names)?;
    }
    generated(&file, &plan, &mut names);
    changes::check(&file.changes, &mut names)?;
    Ok(Scenario {
        plan,
        names,
        faults: faults(&file.faults)?,
        start: start.transpose()?,
        file,
    })
}

/// The plan of the generated part; where customers are named, there are no others unless it says how many.
fn plan(file: &File, text: &str) -> Result<WorldPlan, Wrong> {
    let mut plan = file
        .world
        .as_ref()
        .map(|plan| plan.as_ref().clone())
        .unwrap_or_default();
    let says_how_many = text.parse::<toml::Table>().is_ok_and(|table| {
        table
            .get("world")
            .is_some_and(|world| world.get("customers").is_some())
    });
    if !file.customers.is_empty() && !says_how_many {
        plan.customers = 0;
    }
    if let Some((name, most)) = plan.excess() {
        let at = file.world.as_ref().map_or(0..0, toml::Spanned::span);
        return Err((at, format!("`{name}` is more than {most}")));
    }
    Ok(plan)
}

/// Generated customers can be named by the domains that the seed gives to them.
fn generated(file: &File, plan: &WorldPlan, names: &mut Names) {
    let Some(seed) = file.seed else {
        return;
    };
    for number in 0..plan.customers {
        let draft = Draft::new(seed, file.customers.len() + number, plan, build::epoch());
        names.add_tenant(&draft.domain, draft.id);
    }
}

fn faults(words: &[Word]) -> Result<FaultPlan, Wrong> {
    for word in words {
        let read = word.as_ref().parse::<FaultPlan>();
        read.map_err(|error| wrong(word, error.to_string()))?;
    }
    let all: Vec<&str> = words.iter().map(|word| word.as_ref().as_str()).collect();
    let at = words.first().map_or(0..0, toml::Spanned::span);
    all.join(",")
        .parse()
        .map_err(|error: crate::Error| (at, error.to_string()))
}

fn app(app: &App) -> Result<(), Wrong> {
    if let Some(id) = &app.client_id {
        self::id(id)?;
    }
    if let Some(ends) = &app.secret_ends {
        moment(ends)?;
    }
    for uri in &app.redirect_uris {
        if Url::parse(uri.as_ref()).is_err() {
            return Err(wrong(uri, format!("`{}` is no address", uri.as_ref())));
        }
    }
    Ok(())
}

fn id(word: &Word) -> Result<Uuid, Wrong> {
    let read = Uuid::try_parse(word.as_ref());
    read.map_err(|_| wrong(word, format!("`{}` is no id: a GUID is wanted", word.as_ref())))
}

fn moment(word: &Word) -> Result<Moment, Wrong> {
    let read = word.as_ref().parse();
    read.map_err(|error: crate::Error| wrong(word, error.to_string()))
}

fn product(word: &Word) -> Result<(), Wrong> {
    if products::known(word.as_ref()).is_some() {
        return Ok(());
    }
    Err(unknown(word, "product", &products::part_numbers()))
}

/// The template id of a directory role, by its name or by that id.
fn role(word: &Word) -> Result<(), Wrong> {
    if super::cast::role(word).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = roles::ROLES.iter().map(|(name, _)| *name).collect();
    Err(unknown(word, "directory role", &names))
}

fn properties(properties: &Properties, shape: &Shape) -> Result<(), Wrong> {
    match properties
        .keys()
        .find(|name| name.as_ref() == "id" || shape.member(name.as_ref()).is_none())
    {
        Some(name) => {
            let message = format!(
                "a {} has no property `{}` that can be set here",
                shape.name,
                name.as_ref()
            );
            Err(wrong(name, message))
        }
        None => Ok(()),
    }
}

fn unknown(word: &Word, what: &str, known: &[&str]) -> Wrong {
    let message = format!(
        "there is no {what} `{}`; known are {}",
        word.as_ref(),
        known.join(", ")
    );
    wrong(word, message)
}

/// The id of a named tenant: its own, or one that follows from its domain.
pub(super) fn tenant_id(id: Option<&Word>, domain: &str) -> TenantId {
    let own = id.and_then(|id| Uuid::try_parse(id.as_ref()).ok());
    let derived = || {
        random::uuid(&SeededRandom::for_purpose(
            0,
            &format!("tenant {}", domain.to_lowercase()),
        ))
    };
    own.unwrap_or_else(derived).into()
}
