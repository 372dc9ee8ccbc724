//! What clients did: the effects of their writes, and what they should not have done.

mod book;
mod budget;
mod conduct;
mod lanes;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use msp365_core::TenantId;

pub(crate) use self::book::{Book, Heard, operation};
use self::budget::Reads;
pub use self::budget::{Budget, Excess, ExcessKind};

/// What was written, and what clients did wrong, up to the moment it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Ledger {
    effects: Vec<Effect>,
    sins: Vec<Sin>,
    reads: Reads,
}

/// One write that took place, however often.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect {
    /// The tenant it was made in.
    pub tenant: Option<TenantId>,
    /// Method and path, with `{id}` in place of ids.
    pub operation: String,
    /// The path itself.
    pub target: String,
    /// How often the same write with the same body took place.
    pub count: usize,
    /// When it last did.
    pub at: Timestamp,
    digest: Vec<u8>,
}

/// What a client should not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SinKind {
    /// It asked again before the time it was told to wait until.
    EarlyRetry,
    /// It showed a token that is made out to another service.
    WrongAudience,
    /// It showed a token of one tenant where only that of another belongs.
    WrongTenant,
    /// It made the same write take place twice.
    DoubledEffect,
    /// It asked a host that is not that of the service, as one may that follows a link or a redirect without a look;
    /// or it showed a token to the storage that hands out reports.
    ForeignHost,
    /// It showed a token again that had been refused with 401.
    RefusedToken,
    /// It went on with a round of changes that it was told to begin anew.
    IgnoredResync,
    /// It sent the same request more than ten times in a quarter of an hour, though none of them came to anything.
    UnboundedRetry,
}

/// One thing that a client should not have done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sin {
    /// What kind of thing.
    pub kind: SinKind,
    /// The tenant of the token or the sign-in, if it has one.
    pub tenant: Option<TenantId>,
    /// Method and path of the request.
    pub request: String,
    /// What made it one.
    pub detail: String,
    /// When it arrived.
    pub at: Timestamp,
}

impl fmt::Display for Sin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, request, detail) = (self.kind, &self.request, &self.detail);
        write!(f, "{} {kind:?} {request}: {detail}", self.at)?;
        self.tenant
            .map_or(Ok(()), |tenant| write!(f, " (tenant {tenant})"))
    }
}

impl Ledger {
    /// The writes that took place, in the order of their first time.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// What clients did wrong, in order.
    pub fn sins(&self) -> &[Sin] {
        &self.sins
    }

    /// How many times writes took place whose operation, such as `POST users`, is this one.
    pub fn count(&self, operation: &str) -> usize {
        let fitting = self.effects.iter().filter(|effect| effect.operation == operation);
        fitting.map(|effect| effect.count).sum()
    }

    /// Where clients asked more than a budget allows: what needed no request, or not so many.
    pub fn requests_over(&self, budget: &Budget) -> Vec<Excess> {
        self.reads.over(budget)
    }

    /// Nothing, if clients stayed within a budget.
    ///
    /// # Errors
    /// Where they did not, a line each.
    pub fn assert_within(&self, budget: &Budget) -> Result<(), String> {
        let over = self.requests_over(budget);
        if over.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = over.iter().map(Excess::to_string).collect();
        Err(lines.join("\n"))
    }

    /// Nothing, if clients did nothing wrong.
    ///
    /// # Errors
    /// What they did wrong, a line each.
    pub fn assert_clean(&self) -> Result<(), String> {
        if self.sins.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = self.sins.iter().map(Sin::to_string).collect();
        Err(lines.join("\n"))
    }
}
