//! Faults on demand: what a real tenant shows once a year, by the id under which it is known.

mod board;
mod catalogue;
mod fate;
mod links;
mod pages;
mod plan;
mod row;
mod target;
#[cfg(test)]
mod tests;

use http::Method;
use msp365_core::TenantId;

pub use self::plan::FaultPlan;
pub(crate) use self::{
    board::{Board, Passage},
    fate::{Fate, REFUSED_STREAM},
    links::unwrapped,
};
use self::{
    board::{Filter, Luck},
    row::Fault,
};
use crate::{Cloud, Error};

/// The faults of a cloud: scripts by id.
///
/// Several can be at work at once, and several may meet one request. They act in the order in which they were
/// installed, step by step:
///
/// 1. Whatever keeps the request from the service, as a connection that is refused, ends it: the first such wins, and
///    nothing else acts.
/// 2. The request is changed, by each in turn.
/// 3. The world is changed, by each in turn, and the first that answers instead of the service does so. Those behind
///    it do not answer, and are not counted as having taken effect.
/// 4. Otherwise the service answers, or the throttle in front of it; items of a batch may be answered by a fault.
/// 5. The answer is changed, by each in turn: a later one sees what an earlier one left.
/// 6. What breaks on the way back breaks: the first again.
///
/// ```
/// use msp365_sim::Sim;
///
/// let cloud = Sim::seeded(7).customers(1).users_each(3).build();
/// let throttled = cloud.faults().script("F020")?.path("/v1.0/users").times(2).install();
/// assert_eq!(throttled.hits(), 0);
/// throttled.uninstall();
/// assert!(cloud.faults().script("F999").is_err());
/// # Ok::<(), msp365_sim::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Faults {
    cloud: Cloud,
}

/// One fault, to be set up and installed. Each narrows which requests it meets.
#[derive(Debug, Clone)]
#[must_use]
pub struct Script {
    cloud: Cloud,
    fault: &'static Fault,
    filter: Filter,
}

/// A script at work.
#[derive(Debug, Clone)]
pub struct Installed {
    cloud: Cloud,
    number: u64,
}

impl Faults {
    pub(crate) const fn new(cloud: Cloud) -> Self {
        Self { cloud }
    }

    /// The script of an id such as `F070`.
    ///
    /// # Errors
    /// `Invalid` if there is none; the message lists those there are, or says why no answer can show this fault.
    pub fn script(&self, id: &str) -> Result<Script, Error> {
        let fault = catalogue::known(id)?;
        Ok(Script {
            cloud: self.cloud.clone(),
            fault,
            filter: Filter::of(fault),
        })
    }

    /// All ids, each with what it does.
    pub fn known(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        catalogue::all().map(|fault| (fault.id, fault.about))
    }

    /// The faults of the project's list that no answer can show, each with the reason.
    pub fn beyond(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        catalogue::BEYOND.iter().copied()
    }

    /// Uninstalls all scripts.
    pub fn clear(&self) {
        self.cloud.front().board().clear();
    }
}

impl Script {
    /// Its id.
    pub const fn id(&self) -> &'static str {
        self.fault.id
    }

    /// What it does.
    pub const fn about(&self) -> &'static str {
        self.fault.about
    }

    /// How many ways to show it there are; hits go through them in turn.
    pub const fn variants(&self) -> usize {
        self.fault.variants.len()
    }

    /// Meets requests of this tenant alone.
    pub fn tenant(mut self, tenant: TenantId) -> Self {
        self.filter.tenant = Some(tenant);
        self
    }

    /// Meets requests of this method alone.
    pub fn method(mut self, method: Method) -> Self {
        self.filter.method = Some(method);
        self
    }

    /// Meets requests alone whose path begins so, such as `/v1.0/users`.
    pub fn path(mut self, prefix: impl Into<String>) -> Self {
        self.filter.path = prefix.into();
        self
    }

    /// Meets requests of every kind, not just the one this fault is about.
    pub fn anywhere(mut self) -> Self {
        self.filter.target = target::Target::Any;
        self
    }

    /// Lets so many fitting requests pass first.
    pub fn skip(mut self, requests: u64) -> Self {
        self.filter.skip = requests;
        self
    }

    /// Takes effect so often, then no more.
    pub fn times(mut self, hits: u64) -> Self {
        self.filter.times = Some(hits);
        self
    }

    /// Takes effect for as long as it is installed.
    pub fn always(mut self) -> Self {
        self.filter.times = None;
        self
    }

    /// Meets requests of this operation alone, written as in the ledger: `POST users/{id}/assignLicense`.
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.filter.operation = Some(operation.into());
        self
    }

    /// Meets each of so many fitting requests once: the third, the sixth and so on for 3.
    pub fn every(mut self, requests: u64) -> Self {
        self.filter.every = requests.max(1);
        self
    }

    /// Meets so many in a thousand of the fitting requests, drawn from a seed. What is drawn depends on the request and
    /// on how often it was sent before, so that it does not matter in which order other requests come.
    pub fn chance(mut self, per_mille: u32, seed: u64) -> Self {
        self.filter.luck = Some(Luck { per_mille, seed });
        self
    }

    /// Shows the fault in one way only, counted from 0, instead of all in turn.
    pub fn variant(mut self, variant: usize) -> Self {
        self.filter.variant = Some(variant);
        self
    }

    /// Sets the number in the fault's description: bytes, pages, items, days or the like.
    pub fn size(mut self, size: u64) -> Self {
        self.filter.size = size;
        self
    }

    /// Puts it to work behind those that are installed already; [`Faults`] tells what that means.
    pub fn install(self) -> Installed {
        let number = self.cloud.front().board().add(self.fault, self.filter);
        Installed {
            cloud: self.cloud,
            number,
        }
    }
}

impl Installed {
    /// How often it took effect; 0 once it is uninstalled.
    pub fn hits(&self) -> u64 {
        self.cloud.front().board().hits(self.number)
    }

    /// Ends it.
    pub fn uninstall(self) {
        self.cloud.front().board().remove(self.number);
    }
}
