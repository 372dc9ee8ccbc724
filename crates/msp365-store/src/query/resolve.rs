//! What a question says of tenants, answered beforehand: they are few, and their names are not in the rows.

use std::{cmp::Ordering, collections::HashMap};

use jiff::Timestamp;
use msp365_core::TenantId;

use super::{Direction, Find, Mark, NOT_LICENSED, Pattern, State, Test, field::Field, pattern::fold};
use crate::{Error, Resource, Result, TenantStatus};

/// What a list knows of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// Its number in the database.
    pub(crate) number: i64,
    pub(crate) id: TenantId,
    pub(crate) name: String,
    /// How it stands, and whether it is marked to be synced.
    pub(crate) status: TenantStatus,
    pub(crate) reason: Option<String>,
    pub(crate) selected: bool,
    pub(crate) streams: Vec<Source>,
}

/// How fresh the rows of one stream of a tenant are, and why they are not kept fresh.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Source {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The stream.
    pub resource: Resource,
    /// The moment that the rows show; `None` if they were never read to the end.
    pub fresh_as_of: Option<Timestamp>,
    /// Why they are not kept fresh, as a short word.
    pub stale_because: Option<String>,
}

/// A question of which only rows have to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Resolved<'q> {
    pub(crate) find: &'q Find,
    /// The numbers of the tenants, in order; `None` for all.
    pub(crate) tenants: Option<Vec<i64>>,
    pub(crate) tests: Vec<Test>,
    pub(crate) begin: Option<(Mark, i64)>,
}

impl Facts {
    pub(crate) fn stream(&self, resource: Resource) -> Option<&Source> {
        self.streams.iter().find(|source| source.resource == resource)
    }

    /// What it means here that a user who was made at this moment, if that is known, has no value of a stream.
    pub(crate) fn without(&self, stream: Resource, created_at: Option<Timestamp>) -> State {
        match self.stream(stream) {
            Some(source) => source.without(created_at),
            None => State::Unknown,
        }
    }

    /// Whether users without a value of a stream may be in this state here.
    fn may_be(&self, stream: Resource, state: State) -> bool {
        match (state, self.without(stream, None)) {
            // Who was made later is unknown where the others are not.
            (State::Unknown, found) => found != State::NotLicensed,
            (state, found) => state == found,
        }
    }

    /// What a field tells of the tenant.
    fn text(&self, field: Field) -> String {
        field.of_tenant(&self.id, &self.name)
    }

    /// Whether it passes a test of the tenant; other tests all pass.
    pub(crate) fn passes(&self, test: &Test) -> bool {
        match test {
            Test::OneOf(field, texts) if field.is_of_tenant() => {
                let own = fold(&self.text(*field));
                texts.iter().any(|text| fold(text) == own)
            }
            Test::Like(field, pattern) if field.is_of_tenant() => {
                Pattern::new(pattern).fits(&self.text(*field))
            }
            Test::State(field, state) => field.stream.is_none_or(|stream| self.may_be(stream, *state)),
            _ => true,
        }
    }
}

/// What tenants are ordered by where rows are sorted by what a field tells of them.
pub(crate) fn ranks(facts: &[Facts], sort: Field, direction: Direction) -> HashMap<i64, usize> {
    let mut order: Vec<_> = facts
        .iter()
        .map(|facts| (fold(&facts.text(sort)), facts.number))
        .collect();
    order.sort_unstable();
    if direction == Direction::Descending {
        order.reverse();
    }
    order
        .into_iter()
        .enumerate()
        .map(|(rank, (_, number))| (number, rank))
        .collect()
}

impl<'q> Resolved<'q> {
    pub(crate) fn of(find: &'q Find, facts: &[Facts]) -> Result<Self> {
        let is_limited = find.tenants.is_some()
            || find
                .tests
                .iter()
                .any(|test| matches!(test, Test::State(..)) || test.is_of_tenant());
        let tenants = is_limited.then(|| {
            let wanted = |facts: &&Facts| {
                let named = find.tenants.as_ref();
                named.is_none_or(|ids| ids.contains(&facts.id))
                    && find.tests.iter().all(|test| facts.passes(test))
            };
            let mut numbers: Vec<i64> = facts.iter().filter(wanted).map(|facts| facts.number).collect();
            numbers.sort_unstable();
            numbers
        });
        let begin = find.begin()?.map(|mark| {
            // A mark of a tenant that is not in view is answered like one of a tenant that is not there.
            let is_wanted = find.tenants.as_ref().is_none_or(|ids| ids.contains(&mark.tenant));
            let tenant = facts.iter().find(|facts| facts.id == mark.tenant);
            tenant
                .filter(|_| is_wanted)
                .map(|tenant| (mark, tenant.number))
                .ok_or_else(|| Error::PageMark {
                    mark: find.mark.clone().unwrap_or_default(),
                })
        });
        Ok(Self {
            find,
            tenants,
            tests: find.tests.iter().flat_map(|test| test.of_rows(facts)).collect(),
            begin: begin.transpose()?,
        })
    }

    /// Whether a row of this sort key, key and tenant is on a later page than the mark.
    pub(crate) fn is_beyond<K: Ord>(&self, row: (&K, &str, i64), mark: (&K, &str, i64)) -> bool {
        match self.find.direction {
            Direction::Ascending => row.cmp(&mark) == Ordering::Greater,
            Direction::Descending => row.cmp(&mark) == Ordering::Less,
        }
    }
}

impl Test {
    pub(crate) const fn field(&self) -> Option<&Field> {
        match self {
            Self::OneOf(field, _)
            | Self::Holds(field, _)
            | Self::Like(field, _)
            | Self::Between(field, ..)
            | Self::Days(field, ..)
            | Self::Absent(field) => Some(field),
            Self::State(..) | Self::Known(..) | Self::Unknown(..) => None,
        }
    }

    pub(crate) fn is_of_tenant(&self) -> bool {
        self.field().is_some_and(Field::is_of_tenant)
    }

    /// Whether it holds of what is absent.
    fn takes_absent(&self) -> bool {
        match self {
            Self::OneOf(_, values) | Self::Holds(_, values) => values.iter().any(String::is_empty),
            Self::Absent(_) => true,
            _ => false,
        }
    }

    /// What is left to be asked of rows once the tenants are known. What is absent counts as read where its stream was
    /// read to the end, of users who were there by then.
    fn of_rows(&self, facts: &[Facts]) -> Vec<Self> {
        let without = |field: &Field, is_wanted: fn(State) -> bool| -> Vec<i64> {
            let Some(stream) = field.stream else {
                return Vec::new();
            };
            let wanted = facts
                .iter()
                .filter(|facts| is_wanted(facts.without(stream, None)));
            wanted.map(|facts| facts.number).collect()
        };
        let unread = |field: &Field| without(field, |state| state == State::Unknown);
        let known = |field: &Field| Self::Known(*field, without(field, |state| state != State::Never));
        match self {
            Self::State(field, State::Unknown) => {
                vec![Self::Absent(*field), Self::Unknown(*field, unread(field))]
            }
            Self::State(field, State::Never) => vec![Self::Absent(*field), known(field)],
            Self::State(field, State::NotLicensed) => vec![Self::Absent(*field)],
            other if other.is_of_tenant() => Vec::new(),
            other => match other.field() {
                Some(field) if field.stream.is_some() && other.takes_absent() => {
                    vec![other.clone(), known(field)]
                }
                _ => vec![other.clone()],
            },
        }
    }
}

impl Source {
    /// What it means that a user who was made at this moment, if that is known, has no value of this stream. Who was
    /// made after the pass began was not in what it read.
    pub(crate) fn without(&self, created_at: Option<Timestamp>) -> State {
        let read = (self.fresh_as_of, self.stale_because.as_deref());
        without(self.resource, read, created_at)
    }
}

/// The same of a stream that shows this moment and, where it is not kept fresh, says why.
pub(crate) fn without(
    resource: Resource,
    (fresh_as_of, stale_because): (Option<Timestamp>, Option<&str>),
    created_at: Option<Timestamp>,
) -> State {
    let is_later = |at| resource != Resource::Users && created_at.is_some_and(|created| created >= at);
    match fresh_as_of {
        _ if stale_because == Some(NOT_LICENSED) => State::NotLicensed,
        Some(at) if !is_later(at) => State::Never,
        _ => State::Unknown,
    }
}
