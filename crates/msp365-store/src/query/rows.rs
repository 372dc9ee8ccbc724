//! Lists of whatever is stored: groups, devices, licences, sign-ins and so on.

use jiff::{Timestamp, tz::TimeZone};
use msp365_core::TenantId;
use serde::Serialize;

use super::{
    Direction, Facts, Find, Hit, Incomplete, ListPage, Query, RowColumn, RowRef, Source, Value, page, value,
};
use crate::{
    Resource, Result, Rows,
    row::{Row, any_rows},
};

/// Which rows of a resource are wanted, in which order, and which page of them.
///
/// Columns are the fields of the row type, and `tenant` for the tenant's name. Conditions are written as those of
/// [users](crate::UserFilter); numbers are compared too, `consumed>10`, and days as moments are, `last_activity_on>90d`.
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
pub type RowQuery = Query<Resource>;

impl RowQuery {
    /// The columns that rows of a resource can be filtered and sorted by.
    pub fn columns(resource: Resource) -> Vec<&'static str> {
        let all = RowColumn::all(resource).into_iter();
        all.map(RowColumn::as_str).collect()
    }

    /// Only rows for which a condition holds; days are those of UTC.
    ///
    /// # Errors
    /// `Invalid` if the text is no condition or names no column.
    pub fn filter(self, text: &str, now: Timestamp) -> Result<Self> {
        self.filter_in(text, now, &TimeZone::UTC)
    }

    /// Only rows whose column fits a pattern, as of users.
    ///
    /// # Errors
    /// `Invalid` if there is no such column.
    pub fn like(mut self, column: &str, pattern: &str) -> Result<Self> {
        let column = RowColumn::parse(self.resource(), column)?;
        self.find.tests.push(column.like(pattern));
        Ok(self)
    }

    /// Orders by the column of this name, as [`order_by`](Self::order_by) does.
    ///
    /// # Errors
    /// `Invalid` if there is no such column.
    pub fn sort(self, column: &str, direction: Direction) -> Result<Self> {
        let column = RowColumn::parse(self.resource(), column)?;
        Ok(self.order_by(column, direction))
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
    /// The name of the tenant of each, in the same order.
    pub tenant_names: Vec<String>,
    /// The mark of the next page, for [`RowQuery::after`].
    pub next: Option<String>,
    /// How fresh the rows are, of the tenants on this page.
    pub sources: Vec<Source>,
    /// The tenants that were asked for and whose rows are not all here, or not kept fresh: whoever shows the list says so.
    pub incomplete: Incomplete,
}

impl RowPage {
    /// Where the rows of a tenant come from, and how old they are. `None` for a tenant that is not on this page.
    pub fn source(&self, tenant: &TenantId) -> Option<&Source> {
        self.sources.iter().find(|source| source.tenant_id == *tenant)
    }

    /// What the row of this place, from 0, has in a column. What is absent is unknown where the rows were never read to the
    /// end; so is a column of another resource, and a row that is not there.
    pub fn value(&self, row: usize, column: RowColumn) -> Value {
        let (Some(tenant), Some(name)) = (self.tenants.get(row), self.tenant_names.get(row)) else {
            return Value::Unknown;
        };
        if column.resource() != self.rows.resource() {
            return Value::Unknown;
        }
        let field = column.field();
        if field.is_of_tenant() {
            return Value::Text(field.of_tenant(tenant, name));
        }
        let value = any_rows!(&self.rows, rows => rows.get(row).map(|row| value::held(row, field)));
        let source = self.source(tenant).map(|source| source.without(None));
        match value.unwrap_or(Value::Unknown) {
            Value::None => Value::absent(source, field),
            value => value,
        }
    }

    /// A page of what was read of the tenants that these facts tell of.
    pub(crate) fn of<R: Row>(
        find: &Find,
        facts: &[Facts],
        (hits, is_more): (&[Hit], bool),
        read: Vec<(i64, R)>,
    ) -> Self {
        let mut sources: Vec<Source> = Vec::new();
        let (mut rows, mut tenants) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
        let mut tenant_names = Vec::with_capacity(read.len());
        for (tenant, row) in read {
            let Some(facts) = facts.iter().find(|facts| facts.number == tenant) else {
                continue;
            };
            if !sources.iter().any(|source| source.tenant_id == facts.id) {
                sources.extend(facts.stream(R::RESOURCE.stream()).cloned());
            }
            rows.push(row);
            tenants.push(facts.id);
            tenant_names.push(facts.name.clone());
        }
        Self {
            rows: R::into_rows(rows),
            tenants,
            tenant_names,
            next: page::next(find, facts, hits, is_more),
            sources,
            incomplete: Incomplete::of(find, facts),
        }
    }
}

impl ListPage for RowPage {
    type Column = RowColumn;

    fn refs(&self) -> Vec<RowRef> {
        let keys: Vec<String> =
            any_rows!(&self.rows, rows => rows.iter().map(|row| row.key().into_owned()).collect());
        let named = self.tenants.iter().zip(keys);
        named
            .map(|(tenant, id)| RowRef {
                tenant_id: *tenant,
                id,
            })
            .collect()
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn value_at(&self, row: usize, column: RowColumn) -> Value {
        self.value(row, column)
    }

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn sources(&self) -> &[Source] {
        &self.sources
    }

    fn incomplete(&self) -> &Incomplete {
        &self.incomplete
    }
}
