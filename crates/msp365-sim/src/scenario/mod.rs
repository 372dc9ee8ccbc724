//! A world pinned in a file, and the story that happens in it. The format is described in `docs/scenarios.md`.

mod act;
mod cast;
mod check;
mod file;
mod moment;
mod names;

use std::{ops::Range, time::Duration};

use jiff::Timestamp;
use msp365_core::ErrorKind;

pub(crate) use self::file::PartnerGroup;
pub use self::moment::Moment;
pub(crate) use self::{
    act::Script,
    cast::{AppPin, Cast, Named, RelationshipPin},
};
use self::{file::File, names::Names};
use crate::{FaultPlan, Throttle, cloud::State, world::plan::WorldPlan};

/// A world that is pinned by a file: its seed, who and what is in it, and what happens to it over time.
///
/// ```
/// use msp365_sim::{Moment, Scenario, Sim};
///
/// let scenario = Scenario::parse(r#"
///     [[customers]]
///     name = "Contoso Ltd"
///     domain = "contoso.example"
///
///     [[customers.users]]
///     user = "ada"
///     name = "Ada Lindqvist"
///
///     [[changes]]
///     at = "day 3"
///     tenant = "contoso.example"
///     do = { user_leaves = "ada" }
/// "#)?;
/// let cloud = Sim::seeded(7).manual_clock().scenario(scenario).build();
/// let users = || cloud.truth().iter().filter(|line| line["kind"] == "user").count();
/// assert_eq!(users(), 1);
///
/// cloud.advance_to("day 3".parse()?);
/// assert_eq!(users(), 0);
///
/// let refused = Scenario::parse("seed = 7\ncolour = \"red\"").unwrap_err();
/// assert_eq!((refused.line(), refused.column()), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scenario {
    file: File,
    plan: WorldPlan,
    names: Names,
    faults: FaultPlan,
    start: Option<Timestamp>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// Where the text is no TOML, holds something unknown, or says something that cannot be.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let told = |(at, message): check::Wrong| ScenarioError::new(text, &at, &message);
        let file: File = toml::from_str(text)
            .map_err(|error| told((error.span().unwrap_or(0..0), error.message().to_owned())))?;
        check::scenario(file, text).map_err(told)
    }

    /// The seed, if the file says one.
    pub fn seed(&self) -> Option<u64> {
        self.file.seed
    }

    /// What the generated part of the world is like.
    pub const fn world(&self) -> &WorldPlan {
        &self.plan
    }

    pub(crate) fn latency(&self) -> Option<Duration> {
        self.file.latency_ms.map(Duration::from_millis)
    }

    pub(crate) fn throttle(&self) -> Option<Throttle> {
        self.file.throttle.map(|throttling| match throttling {
            file::Throttling::Documented => Throttle::Documented,
            file::Throttling::Off => Throttle::Off,
        })
    }

    pub(crate) fn consent_takes(&self) -> Option<Duration> {
        let span = self.file.consent_takes.as_ref()?;
        moment::span(span.as_ref())
    }

    pub(crate) fn replication_takes(&self) -> Option<Duration> {
        let span = self.file.replication_takes.as_ref()?;
        moment::span(span.as_ref())
    }

    /// When the cloud's time begins, if the file says so.
    pub(crate) const fn start(&self) -> Option<Timestamp> {
        self.start
    }

    pub(crate) const fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// The customers and apps that a world is built with.
    pub(crate) fn cast(&self) -> Cast {
        cast::of(&self.file, &self.names)
    }

    /// Brings in who and what is named, and puts what happens on the agenda.
    pub(crate) fn open(&self, state: &mut State, start: Timestamp) {
        cast::enter(&self.file, &self.names, state, start);
        state.script = Script::of(&self.file, &self.names, start);
    }
}

/// What is wrong with a scenario, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ScenarioError {
    line: usize,
    column: usize,
    message: String,
}

impl ScenarioError {
    fn new(text: &str, at: &Range<usize>, message: &str) -> Self {
        let before = text.get(..at.start).unwrap_or(text);
        let last = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: last.chars().count() + 1,
            message: message.replace('\n', " "),
        }
    }

    /// The line, from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What is wrong.
    pub fn reason(&self) -> &str {
        &self.message
    }

    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}

#[cfg(test)]
mod tests;
