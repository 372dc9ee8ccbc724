//! `OData` query options over JSON rows: what may be selected, filtered, ordered and searched, and pages with tokens.
//!
//! Nothing here knows a world or a tenant. A [`Shape`] says what a resource has and which comparisons its service
//! supports; everything else is read from the query.

mod catalogue;
mod filter;
mod options;
mod page;
mod refused;
mod search;
mod select;
mod shape;
mod token;

pub(crate) use catalogue::{
    DIRECTORY_OBJECT, access, apps, machines, partners, people, records, schedules, teams, tenant,
};
pub(crate) use filter::Filter;
pub(crate) use options::{Advanced, Options, Rules};
pub(crate) use page::{Listed, Listing, encode, list, text};
pub(crate) use refused::Refused;
pub(crate) use select::Selection;
pub(crate) use shape::Shape;
pub(crate) use token::{Binding, Fault, open, seal, tenant as token_tenant};
