//! Lists: filters, patterns, order, pages.

mod asked;
mod column;
pub(crate) mod engine;
mod field;
mod filter;
mod find;
mod incomplete;
mod list;
mod page;
mod pattern;
mod resolve;
mod rows;
mod selection;
#[cfg(test)]
mod tests;
mod value;
mod view;

pub use column::{Direction, UserColumn};
pub use filter::UserFilter;
pub use incomplete::{Incomplete, IncompleteState, IncompleteTenant};
pub use page::{LastSignIn, UserPage, UserView};
pub use pattern::Pattern;
pub use resolve::Source;
pub use rows::{RowPage, RowQuery};
pub use selection::{Selection, UserRef};
pub use value::{Times, Value};
pub use view::SavedView;

pub(crate) use engine::{cut, holds};
pub(crate) use field::{ABSENT, BETWEEN, Field, FieldKind};
pub(crate) use filter::{State, Test};
pub(crate) use find::{Find, Hit, Mark, SortKey};
pub(crate) use list::{APART, bare, listed, parts};
pub(crate) use page::{RECENT, Read};
pub(crate) use pattern::{beyond, fold, joined};
pub(crate) use resolve::{Facts, Resolved, ranks};

use msp365_core::TenantId;

use crate::Resource;

/// Which users are wanted, in which order, and which page of them.
///
/// The default is the first 100 users of all tenants by display name. Filters and patterns must all hold.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct UserQuery {
    pub(crate) find: Find,
}

impl Default for UserQuery {
    fn default() -> Self {
        Self {
            find: Find::of(Resource::Users, UserColumn::DisplayName.field()),
        }
    }
}

impl UserQuery {
    /// All users of all tenants.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only users of these tenants, together with those named before; all tenants if none is given.
    pub fn tenants(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.find.widen(tenants);
        self
    }

    /// Of the tenants wanted so far only these, and none at all if there are none among them.
    pub fn only_in(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.find.narrow(tenants.into_iter().collect());
        self
    }

    /// Only these users, by tenant and id.
    pub fn only<S: Into<String>>(mut self, users: impl IntoIterator<Item = (TenantId, S)>) -> Self {
        let users = users.into_iter().map(|(tenant, id)| (tenant, id.into()));
        self.find.only = Some(users.collect());
        self
    }

    /// All users but these, by tenant and id.
    pub fn except<S: Into<String>>(mut self, users: impl IntoIterator<Item = (TenantId, S)>) -> Self {
        let users = users.into_iter().map(|(tenant, id)| (tenant, id.into()));
        self.find.except.extend(users);
        self
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

    /// Orders by a column without regard to letter case; users without a value come first when ascending. Equal ones
    /// are ordered by id, then by tenant as it was first listed. Descending is the exact reverse.
    pub const fn sort(mut self, column: UserColumn, direction: Direction) -> Self {
        self.find.sort = column.field();
        self.find.direction = direction;
        self
    }

    /// The page of this number, from 1, with so many rows. The rows before it are walked over: for pages far behind,
    /// [`after`](Self::after) is faster.
    pub fn page(mut self, number: usize, size: usize) -> Self {
        self.find.turn_to(number, size);
        self
    }

    /// The page that [`UserPage::next`] named, which begins behind the last row of the page before, whoever has come or
    /// gone in the meantime. The rest of the query must be the same.
    pub fn after(mut self, mark: impl Into<String>) -> Self {
        self.find.mark = Some(mark.into());
        self
    }
}

/// The reason of a sign-ins stream whose tenant lacks the plan.
pub(crate) const NOT_LICENSED: &str = "not_licensed";
