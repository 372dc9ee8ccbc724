//! What a question says of tenants, answered beforehand: they are few, and their names are not in the rows.

use std::{cmp::Ordering, collections::HashMap};

use jiff::Timestamp;
use msp365_core::TenantId;

use super::{
    Direction, Find, Mark, NOT_LICENSED, Pattern, SignInState, Test,
    field::{Field, FieldKind},
    pattern::fold,
};
use crate::{Error, LastSignIn, Resource, Result};

/// What a list knows of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// Its number in the database.
    pub(crate) number: i64,
    pub(crate) id: TenantId,
    pub(crate) name: String,
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
    fn stream(&self, resource: Resource) -> Option<&Source> {
        self.streams.iter().find(|source| source.resource == resource)
    }

    /// What it means here that a user has no last sign-in.
    pub(crate) fn without_sign_in(&self) -> LastSignIn {
        match self.stream(Resource::SignIns) {
            Some(source) if source.stale_because.as_deref() == Some(NOT_LICENSED) => LastSignIn::NotLicensed,
            Some(source) if source.fresh_as_of.is_some() => LastSignIn::Never,
            _ => LastSignIn::Unknown,
        }
    }

    fn is_in(&self, state: SignInState) -> bool {
        matches!(
            (state, self.without_sign_in()),
            (SignInState::Never, LastSignIn::Never)
                | (SignInState::Unknown, LastSignIn::Unknown)
                | (SignInState::NotLicensed, LastSignIn::NotLicensed)
        )
    }

    /// What a field tells of the tenant.
    fn text(&self, field: Field) -> String {
        if field == Field::TENANT_ID {
            self.id.to_string()
        } else {
            self.name.clone()
        }
    }

    /// Whether it passes a test of the tenant; other tests all pass.
    fn passes(&self, test: &Test) -> bool {
        match test {
            Test::OneOf(field, texts) if field.is_of_tenant() => {
                let own = fold(&self.text(*field));
                texts.iter().any(|text| fold(text) == own)
            }
            Test::Like(field, pattern) if field.is_of_tenant() => {
                Pattern::new(pattern).fits(&self.text(*field))
            }
            Test::SignIn(state) => self.is_in(*state),
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
                .any(|test| matches!(test, Test::SignIn(_)) || test.is_of_tenant());
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
            tests: find.tests.iter().filter_map(Test::of_rows).collect(),
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
            | Self::Absent(field) => Some(field),
            Self::SignIn(_) => None,
        }
    }

    fn is_of_tenant(&self) -> bool {
        self.field().is_some_and(Field::is_of_tenant)
    }

    /// What is left to be asked of rows once the tenants are known.
    fn of_rows(&self) -> Option<Self> {
        match self {
            Self::SignIn(_) => Some(Self::Absent(Field {
                name: "last_sign_in",
                sql: "last_sign_in_at",
                kind: FieldKind::Time,
            })),
            other if other.is_of_tenant() => None,
            other => Some(other.clone()),
        }
    }
}
