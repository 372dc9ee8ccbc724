//! All faults, a row each, by subject. The ids are those of the project's list of faults.

mod batches;
mod bodies;
mod delta;
mod outages;
mod paging;
mod partner;
mod reports;
mod sign_in;
mod transport;
mod visits;

use super::row::Fault;

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
        reports::FAULTS,
    ]
    .into_iter()
    .flatten()
}

pub(crate) fn find(id: &str) -> Option<&'static Fault> {
    all().find(|fault| fault.id.eq_ignore_ascii_case(id))
}
