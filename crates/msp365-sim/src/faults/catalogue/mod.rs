//! All faults, a row each, by subject. The ids are those of the project's list of faults.

mod batches;
mod beyond;
mod bodies;
mod collisions;
mod delta;
mod errors;
mod hostile;
mod links;
mod outages;
mod paging;
mod partner;
mod reports;
mod sign_in;
mod transport;
mod visits;
mod writes;

pub(crate) use self::beyond::BEYOND;
#[cfg(test)]
pub(crate) use self::{
    beyond::LISTED,
    links::{EVIL, REPORTS},
};
use super::row::Fault;
use crate::Error;

/// Every fault there is a script for, in the order of ids.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    [
        transport::FAULTS,
        outages::FAULTS,
        bodies::FAULTS,
        paging::FAULTS,
        delta::FAULTS,
        batches::FAULTS,
        sign_in::FAULTS,
        visits::FAULTS,
        partner::FAULTS,
        writes::FAULTS,
        reports::FAULTS,
        hostile::FAULTS,
    ]
    .into_iter()
    .flatten()
}

pub(crate) fn find(id: &str) -> Option<&'static Fault> {
    all().find(|fault| fault.id.eq_ignore_ascii_case(id))
}

/// The fault of an id, or why there is no script of it.
pub(crate) fn known(id: &str) -> Result<&'static Fault, Error> {
    find(id).ok_or_else(|| {
        let reason = BEYOND.iter().find(|(beyond, _)| beyond.eq_ignore_ascii_case(id));
        match reason {
            Some((id, reason)) => Error::FaultBeyond { id, reason },
            None => Error::UnknownFault {
                given: id.to_owned(),
                known: all().map(|fault| fault.id).collect(),
            },
        }
    })
}
