//! Lists of whatever is stored: groups, devices, licences, sign-ins and so on.

use jiff::{Timestamp, tz::TimeZone};
use msp365_core::TenantId;
use serde::Serialize;

use super::{Direction, Facts, Field, Find, Hit, Source, Test, filter, page};
use crate::{
    Resource, Result, Rows,
    row::{Row, any_rows},
};

/// Which rows of a resource are wanted, in which order, and which page of them.
///
/// Columns are the fields of the row type, and `tenant` for the tenant's name. Conditions are written as those of
/// [users](crate::UserFilter); numbers are compared too, `consumed>10`.
///
/// ```
/// use msp365_store::{Direction, Resource, RowQuery};
///
/// let now = "2026-03-01T00:00:00Z".parse()?;
/// let query = RowQuery::of(Resource::Devices)
///     .filter("operating_system=Windows", now)?
///     .filter("last_sign_in_at>90d", now)?
///     .sort("display_name", Direction::Ascending)?
///     .page(1, 50);
/// assert!(RowQuery::of(Resource::Devices).sort("shoe_size", Direction::Ascending).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct RowQuery {
    pub(crate) find: Find,
}

impl RowQuery {
    /// All rows of a resource, by the first column, 100 a page.
    pub fn of(resource: Resource) -> Self {
        let fields = any_rows!(resource, type R => R::FIELDS);
        let first = fields.first().copied().unwrap_or(Field::TENANT);
        Self {
            find: Find::of(resource, first),
        }
    }

    /// The columns that rows of a resource can be filtered and sorted by.
    pub fn columns(resource: Resource) -> Vec<&'static str> {
        let fields = any_rows!(resource, type R => R::FIELDS);
        [Field::TENANT.name, Field::TENANT_ID.name]
            .into_iter()
            .chain(fields.iter().map(|field| field.name))
            .collect()
    }

    /// What is listed.
    pub const fn resource(&self) -> Resource {
        self.find.resource
    }

    /// Only rows of these tenants, together with those named before; all tenants if none is given.
    pub fn tenants(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.find.widen(tenants);
        self
    }

    /// Of the tenants wanted so far only these, and none at all if there are none among them.
    pub fn only_in(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.find.narrow(tenants.into_iter().collect());
        self
    }

    /// Only rows for which a condition holds; days are those of UTC.
    ///
    /// # Errors
    /// `Invalid` if the text is no condition or names no column.
    pub fn filter(mut self, text: &str, now: Timestamp) -> Result<Self> {
        let wanted = filter::of_rows(self.find.resource, text, now, &TimeZone::UTC)?;
        self.find.tests.push(wanted);
        Ok(self)
    }

    /// Only rows whose column fits a pattern, as of users.
    ///
    /// # Errors
    /// `Invalid` if there is no such column.
    pub fn like(mut self, column: &str, pattern: &str) -> Result<Self> {
        let field = Field::of(self.find.resource, column)?;
        self.find.tests.push(Test::Like(field, pattern.to_owned()));
        Ok(self)
    }

    /// Orders by a column; rows without a value come first when ascending. Equal ones are ordered by key, then by
    /// tenant as it was first listed. Descending is the exact reverse.
    ///
    /// # Errors
    /// `Invalid` if there is no such column.
    pub fn sort(mut self, column: &str, direction: Direction) -> Result<Self> {
        self.find.sort = Field::of(self.find.resource, column)?;
        self.find.direction = direction;
        Ok(self)
    }

    /// The page of this number, from 1, with so many rows.
    pub fn page(mut self, number: usize, size: usize) -> Self {
        self.find.turn_to(number, size);
        self
    }

    /// The page that [`RowPage::next`] named. The rest of the query must be the same.
    pub fn after(mut self, mark: impl Into<String>) -> Self {
        self.find.mark = Some(mark.into());
        self
    }
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RowPage {
    /// The rows.
    pub rows: Rows,
    /// The tenant of each, in the same order.
    pub tenants: Vec<TenantId>,
    /// The mark of the next page, for [`RowQuery::after`].
    pub next: Option<String>,
    /// How fresh the rows are, of the tenants on this page.
    pub sources: Vec<Source>,
}

impl RowPage {
    /// A page of what was read of the tenants that these facts tell of.
    pub(crate) fn of<R: Row>(
        find: &Find,
        facts: &[Facts],
        (hits, is_more): (&[Hit], bool),
        read: Vec<(i64, R)>,
    ) -> Self {
        let mut sources: Vec<Source> = Vec::new();
        let (mut rows, mut tenants) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
        for (tenant, row) in read {
            let Some(facts) = facts.iter().find(|facts| facts.number == tenant) else {
                continue;
            };
            if !sources.iter().any(|source| source.tenant_id == facts.id) {
                let own = |source: &&Source| source.resource == stream(R::RESOURCE);
                sources.extend(facts.streams.iter().filter(own).cloned());
            }
            rows.push(row);
            tenants.push(facts.id);
        }
        Self {
            rows: R::into_rows(rows),
            tenants,
            next: page::next(find, facts, hits, is_more),
            sources,
        }
    }
}

/// The stream that brings the rows of a resource.
const fn stream(resource: Resource) -> Resource {
    match resource {
        Resource::Memberships => Resource::Groups,
        other => other,
    }
}
