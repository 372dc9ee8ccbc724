//! What is listed, the question to a list, and what its pages have in common.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};
use msp365_core::TenantId;

use super::{Direction, Field, Find, Incomplete, RowRef, Source, UserColumn, UserPage, Value, filter};
use crate::{DirectoryReader, Error, Resource, Result, RowColumn, RowPage};

/// What only this crate knows of lists and their columns.
pub(crate) mod sealed {
    use super::Field;
    use crate::Result;

    /// A list whose columns have names.
    pub trait Named {
        /// What a filter may name.
        fn filtered(self, name: &str) -> Result<Field>;
    }

    /// A column that rows hold a value of.
    pub trait Held {
        /// What it is to those who answer.
        fn held(self) -> Field;
    }
}

/// What is listed: [`Users`] with their roles and sign-ins, or the rows of a [`Resource`] as they are stored.
///
/// Queries, [views](crate::View), [selections](crate::Selected) and exports are about either.
#[async_trait]
pub trait Listing: sealed::Named + Debug + Copy + Eq + Send + Sync + 'static {
    /// A column of the list.
    type Column: ListColumn;
    /// A page of the list.
    type Page: ListPage<Column = Self::Column>;

    /// What the rows of the list are.
    fn resource(self) -> Resource;

    /// The list that a view tells of by its resource; none is told of users.
    ///
    /// # Errors
    /// `Invalid` if it is another list.
    fn told(resource: Option<Resource>) -> Result<Self>;

    /// What a view tells of the list; see [`told`](Self::told).
    fn tells(self) -> Option<Resource>;

    /// Every column.
    fn columns(self) -> Vec<Self::Column>;

    /// The columns that are shown where none were chosen.
    fn usual_columns(self) -> Vec<Self::Column>;

    /// The column that is sorted by where none was chosen.
    fn usual_sort(self) -> Self::Column;

    /// The column of this name.
    ///
    /// # Errors
    /// `Invalid` if there is none; the message lists the names there are.
    fn column(self, name: &str) -> Result<Self::Column>;

    /// One page of the list, without the count.
    ///
    /// # Errors
    /// `Invalid` if the query has a page mark that no store gave; `Storage` if the database failed.
    async fn page(reader: &dyn DirectoryReader, query: &Query<Self>) -> Result<Self::Page>;

    /// How many rows there are on all pages, and whether these are all: at most `most` are counted.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn count(reader: &dyn DirectoryReader, query: &Query<Self>, most: u64) -> Result<(u64, bool)>;
}

/// A column of a list.
pub trait ListColumn: sealed::Held + Debug + Copy + Eq + Send + Sync + 'static {
    /// The column as it is written in filters.
    fn name(self) -> &'static str;

    /// The stream that its values come from, whose age is theirs.
    fn stream(self) -> Resource;
}

/// A page of a list.
pub trait ListPage: Send + Sync {
    /// A column of the list.
    type Column;

    /// The tenant and key of each row.
    fn refs(&self) -> Vec<RowRef>;

    /// How many rows it has.
    fn len(&self) -> usize;

    /// Whether it has none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the row of this place, from 0, has in a column; unknown where there is no such row.
    fn value_at(&self, row: usize, column: Self::Column) -> Value;

    /// The mark of the next page.
    fn next(&self) -> Option<&str>;

    /// How fresh the streams are that the columns come from, of the tenants on the page.
    fn sources(&self) -> &[Source];

    /// The tenants that were asked for and whose rows are not all in the list.
    fn incomplete(&self) -> &Incomplete;
}

/// The list of users over tenants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Users;

impl sealed::Named for Users {
    fn filtered(self, name: &str) -> Result<Field> {
        UserColumn::filtered(name)
    }
}

#[async_trait]
impl Listing for Users {
    type Column = UserColumn;
    type Page = UserPage;

    fn resource(self) -> Resource {
        Resource::Users
    }

    fn told(resource: Option<Resource>) -> Result<Self> {
        match resource {
            None | Some(Resource::Users) => Ok(Self),
            Some(other) => Err(Error::OtherList {
                found: other.as_str(),
                wanted: "users",
            }),
        }
    }

    fn tells(self) -> Option<Resource> {
        None
    }

    fn columns(self) -> Vec<UserColumn> {
        UserColumn::ALL.to_vec()
    }

    fn usual_columns(self) -> Vec<UserColumn> {
        crate::SavedView::COLUMNS.to_vec()
    }

    fn usual_sort(self) -> UserColumn {
        UserColumn::DisplayName
    }

    fn column(self, name: &str) -> Result<UserColumn> {
        UserColumn::parse(name)
    }

    async fn page(reader: &dyn DirectoryReader, query: &Query<Self>) -> Result<UserPage> {
        reader.user_page(query).await
    }

    async fn count(reader: &dyn DirectoryReader, query: &Query<Self>, most: u64) -> Result<(u64, bool)> {
        reader.user_count(query, most).await
    }
}

impl sealed::Named for Resource {
    fn filtered(self, name: &str) -> Result<Field> {
        Field::of(self, name)
    }
}

#[async_trait]
impl Listing for Resource {
    type Column = RowColumn;
    type Page = RowPage;

    fn resource(self) -> Resource {
        self
    }

    fn told(resource: Option<Resource>) -> Result<Self> {
        resource.ok_or(Error::OtherList {
            found: "users",
            wanted: "rows of a resource, which it names",
        })
    }

    fn tells(self) -> Option<Resource> {
        Some(self)
    }

    fn columns(self) -> Vec<RowColumn> {
        RowColumn::all(self)
    }

    fn usual_columns(self) -> Vec<RowColumn> {
        RowColumn::usual(self)
    }

    fn usual_sort(self) -> RowColumn {
        RowColumn::first(self)
    }

    fn column(self, name: &str) -> Result<RowColumn> {
        RowColumn::parse(self, name)
    }

    async fn page(reader: &dyn DirectoryReader, query: &Query<Self>) -> Result<RowPage> {
        reader.row_page(query).await
    }

    async fn count(reader: &dyn DirectoryReader, query: &Query<Self>, most: u64) -> Result<(u64, bool)> {
        reader.row_count(query, most).await
    }
}

/// Which rows of a list are wanted, in which order, and which page of them: a [`UserQuery`](crate::UserQuery) or a
/// [`RowQuery`](crate::RowQuery).
///
/// It begins as the first 100 rows of all tenants in the usual order. Filters and patterns must all hold.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Query<L: Listing> {
    list: L,
    pub(crate) find: Find,
}

impl<L: Listing> Query<L> {
    /// All rows of a list.
    pub fn of(list: L) -> Self {
        Self {
            list,
            find: Find::of(list.resource(), sealed::Held::held(list.usual_sort())),
        }
    }

    /// What is listed.
    pub const fn list(&self) -> L {
        self.list
    }

    /// What the rows are.
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

    /// Only these rows, by tenant and [key](crate::Rows::last_key), which is a user's id.
    pub fn only<S: Into<String>>(mut self, rows: impl IntoIterator<Item = (TenantId, S)>) -> Self {
        let rows = rows.into_iter().map(|(tenant, key)| (tenant, key.into()));
        self.find.only = Some(rows.collect());
        self
    }

    /// All rows but these, by tenant and key.
    pub fn except<S: Into<String>>(mut self, rows: impl IntoIterator<Item = (TenantId, S)>) -> Self {
        let rows = rows.into_iter().map(|(tenant, key)| (tenant, key.into()));
        self.find.except.extend(rows);
        self
    }

    /// Only rows for which a condition holds, as [`UserFilter`](crate::UserFilter) writes them; days are those of a
    /// time zone.
    ///
    /// # Errors
    /// `Invalid` if the text is no condition or names no column.
    pub fn filter_in(mut self, text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        let wanted = filter::read(text, (now, zone), |name| self.list.filtered(name))?;
        self.find.tests.push(wanted);
        Ok(self)
    }

    /// Orders by a column without regard to letter case; rows without a value come first when ascending. Equal ones are
    /// ordered by key, then by tenant as it was first listed. Descending is the exact reverse.
    pub fn order_by(mut self, column: L::Column, direction: Direction) -> Self {
        self.find.sort = sealed::Held::held(column);
        self.find.direction = direction;
        self
    }

    /// The page of this number, from 1, with so many rows. The rows before it are walked over: for pages far behind,
    /// [`after`](Self::after) is faster.
    pub fn page(mut self, number: usize, size: usize) -> Self {
        self.find.turn_to(number, size);
        self
    }

    /// The page that `next` of another page named, which begins behind the last row of that page, whatever has come or
    /// gone in the meantime. The rest of the query must be the same.
    pub fn after(mut self, mark: impl Into<String>) -> Self {
        self.find.mark = Some(mark.into());
        self
    }
}
