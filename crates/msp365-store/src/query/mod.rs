//! Lists: filters, patterns, order, pages.

mod asked;
mod check;
mod column;
pub(crate) mod engine;
mod field;
mod filter;
mod find;
mod incomplete;
mod list;
mod listing;
mod page;
mod pattern;
mod resolve;
mod row_column;
mod rows;
mod selection;
#[cfg(test)]
mod tests;
mod value;
mod view;

pub use column::{Direction, UserColumn};
pub use filter::UserFilter;
pub use incomplete::{Incomplete, IncompleteState, IncompleteTenant};
pub use listing::{ListColumn, ListPage, Listing, Query, Users};
pub use page::{LastSignIn, UserPage, UserView};
pub use pattern::Pattern;
pub use resolve::Source;
pub use row_column::RowColumn;
pub use rows::{RowPage, RowQuery};
pub use selection::{RowRef, RowSelection, Selected, Selection, UserRef};
pub use value::{Times, Value};
pub use view::{RowView, SavedView, View};

pub(crate) use check::{Check, Checked};
pub(crate) use engine::{cut, holds};
pub(crate) use field::{ABSENT, BETWEEN, Field, FieldKind};
pub(crate) use filter::{State, Test, read};
pub(crate) use find::{Find, Hit, Mark, SortKey};
pub(crate) use list::{APART, bare, listed, parts};
pub(crate) use page::{RECENT, Read};
pub(crate) use pattern::{beyond, fold, joined};
pub(crate) use resolve::{Facts, Resolved, ranks};
pub(crate) use value::shown;

/// Which users are wanted, in which order, and which page of them.
///
/// The default is the first 100 users of all tenants by display name. Filters and patterns must all hold.
pub type UserQuery = Query<Users>;

impl Default for UserQuery {
    fn default() -> Self {
        Self::of(Users)
    }
}

impl UserQuery {
    /// All users of all tenants.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only users that pass the filter.
    pub fn filter(mut self, filter: UserFilter) -> Self {
        self.find.tests.push(filter.test);
        self
    }

    /// Only users whose column fits a pattern: `%` stands for any text, `_` for one character, `\` takes the meaning
    /// from the character after it. A pattern without `%` and `_` may stand anywhere in the value. Letter case is
    /// ignored.
    pub fn like(mut self, column: UserColumn, pattern: &str) -> Self {
        self.find
            .tests
            .push(Test::Like(column.field(), pattern.to_owned()));
        self
    }

    /// Only users whose name as shown, sign-in name or any address fits a pattern, in whatever tenant.
    pub fn search(self, pattern: &str) -> Self {
        self.filter(UserFilter::any_name(pattern))
    }

    /// Orders by a column, as [`order_by`](Self::order_by) does.
    pub fn sort(self, column: UserColumn, direction: Direction) -> Self {
        self.order_by(column, direction)
    }
}

/// The reason of a sign-ins stream whose tenant lacks the plan.
pub(crate) const NOT_LICENSED: &str = "not_licensed";
