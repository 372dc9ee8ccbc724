//! The user list: filters, patterns, order, pages.

mod column;
mod filter;
mod pattern;
#[cfg(test)]
mod tests;

pub use column::{Direction, UserColumn};
pub use filter::UserFilter;

pub(crate) use column::ColumnKind;
pub(crate) use filter::{SignInState, Test};
pub(crate) use pattern::Pattern;

use jiff::Timestamp;
use msp365_core::TenantId;
use serde::Serialize;

use crate::{Error, Result, UserRow};

/// Rows on a page unless told otherwise.
const PAGE_SIZE: usize = 100;
const MARK: &str = "users:";

/// Which users are wanted, in which order, and which page of them.
///
/// The default is the first 100 users of all tenants by display name. Filters and patterns must all hold.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct UserQuery {
    pub(crate) tenants: Vec<TenantId>,
    pub(crate) tests: Vec<Test>,
    pub(crate) sort: (UserColumn, Direction),
    pub(crate) number: usize,
    pub(crate) size: usize,
    pub(crate) mark: Option<String>,
}

impl Default for UserQuery {
    fn default() -> Self {
        Self {
            tenants: Vec::new(),
            tests: Vec::new(),
            sort: (UserColumn::DisplayName, Direction::Ascending),
            number: 1,
            size: PAGE_SIZE,
            mark: None,
        }
    }
}

impl UserQuery {
    /// All users of all tenants.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only users of these tenants; all tenants if none is given.
    pub fn tenants(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.tenants.extend(tenants);
        self
    }

    /// Only users that pass the filter.
    pub fn filter(mut self, filter: UserFilter) -> Self {
        self.tests.push(filter.test);
        self
    }

    /// Only users whose column fits a pattern: `%` stands for any text, `_` for one character, `\` takes the meaning
    /// from the character after it. A pattern without `%` and `_` may stand anywhere in the value. Letter case is
    /// ignored.
    pub fn like(mut self, column: UserColumn, pattern: &str) -> Self {
        self.tests.push(Test::Like(column, pattern.to_owned()));
        self
    }

    /// Orders by a column; users without a value come first when ascending. Equal ones are ordered by tenant and id.
    pub const fn sort(mut self, column: UserColumn, direction: Direction) -> Self {
        self.sort = (column, direction);
        self
    }

    /// The page of this number, from 1, with so many rows.
    pub const fn page(mut self, number: usize, size: usize) -> Self {
        self.number = number;
        self.size = size;
        self
    }

    /// The page that [`UserPage::next`] named. The rest of the query must be the same; users that come or go between
    /// two pages move the later rows by as many places.
    pub fn after(mut self, mark: impl Into<String>) -> Self {
        self.mark = Some(mark.into());
        self
    }

    /// How many rows come before the page, and how many are on it.
    pub(crate) fn window(&self) -> Result<(usize, usize)> {
        let size = self.size.max(1);
        let Some(mark) = &self.mark else {
            return Ok((self.number.saturating_sub(1).saturating_mul(size), size));
        };
        mark.strip_prefix(MARK)
            .and_then(|offset| offset.parse().ok())
            .map(|offset| (offset, size))
            .ok_or_else(|| Error::PageMark { mark: mark.clone() })
    }

    /// The mark of the page after this one.
    pub(crate) fn next(offset: usize, shown: usize, count: u64) -> Option<String> {
        let end = offset.saturating_add(shown);
        (shown > 0 && u64::try_from(end).is_ok_and(|end| end < count)).then(|| format!("{MARK}{end}"))
    }
}

/// A page of users with the number of all that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UserPage {
    /// Users on all pages.
    pub count: u64,
    /// Users on this page.
    pub rows: Vec<UserView>,
    /// The mark of the next page, for [`UserQuery::after`].
    pub next: Option<String>,
}

/// A user as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UserView {
    /// The user's tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// The user.
    #[serde(flatten)]
    pub user: UserRow,
    /// Names of the directory roles, held directly or through a group, in order.
    pub roles: Vec<String>,
    /// The last sign-in of any sort.
    pub last_sign_in: LastSignIn,
}

/// What is known of a user's last sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "at")]
#[non_exhaustive]
pub enum LastSignIn {
    /// It was then.
    Date(Timestamp),
    /// The sign-ins were read, and there is none.
    Never,
    /// The sign-ins were not yet read to the end.
    Unknown,
    /// The tenant's plan does not show sign-ins.
    NotLicensed,
}

/// The reason of a sign-ins stream whose tenant lacks the plan.
pub(crate) const NOT_LICENSED: &str = "not_licensed";
