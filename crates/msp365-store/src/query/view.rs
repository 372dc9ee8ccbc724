//! A view of the user list as it is kept: columns, filters, order, page size, and how moments look.

use jiff::{Timestamp, tz::TimeZone};
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use super::{Direction, Times, UserColumn, UserFilter, UserQuery, find::PAGE_SIZE};
use crate::{Error, Result};

/// How a list of users is shown, to be kept and read again. As JSON it is made to be read and edited by people.
///
/// Filters are kept as they were written, so that `last_sign_in>90d` stays 90 days from whenever the view is used.
///
/// ```
/// use msp365_store::SavedView;
///
/// let mut view = SavedView::from_json(r#"{
///     "version": 1,
///     "columns": ["display_name", "tenant", "last_sign_in"],
///     "filters": ["account_enabled=true", "last_sign_in>90d"],
///     "sort": "-last_sign_in",
///     "page_size": 50
/// }"#)?;
///
/// assert_eq!(view.filters.len(), 2);
/// view.clear(1);
/// assert_eq!(view.filters, ["account_enabled=true"]);
/// let query = view.query("2026-03-01T00:00:00Z".parse()?, &jiff::tz::TimeZone::UTC)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SavedView {
    /// The version of this form: 1.
    pub version: u32,
    /// The tenants that are shown; none for all.
    pub tenants: Vec<TenantId>,
    /// The columns, in the order in which they are shown.
    pub columns: Vec<UserColumn>,
    /// The active filters, which must all hold, as [`UserFilter`] reads them.
    pub filters: Vec<String>,
    /// The column that is sorted by, with a `-` in front from last to first.
    pub sort: String,
    /// Rows on a page.
    pub page_size: usize,
    /// The time zone of days and dates by its IANA name; UTC where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// How moments look: a format of `strftime`, or `age`; as the program likes where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

impl Default for SavedView {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            tenants: Vec::new(),
            columns: Self::COLUMNS.to_vec(),
            filters: Vec::new(),
            sort: UserColumn::DisplayName.as_str().to_owned(),
            page_size: PAGE_SIZE,
            zone: None,
            format: None,
        }
    }
}

impl SavedView {
    /// The version that is written.
    pub const VERSION: u32 = 1;
    /// The columns that are shown where none were chosen.
    pub const COLUMNS: [UserColumn; 5] = [
        UserColumn::DisplayName,
        UserColumn::UserPrincipalName,
        UserColumn::Tenant,
        UserColumn::AccountEnabled,
        UserColumn::LastSignIn,
    ];

    /// Reads a view.
    ///
    /// # Errors
    /// `Invalid` if it is none, or of a version that this program does not know.
    pub fn from_json(text: &str) -> Result<Self> {
        let view: Self = serde_json::from_str(text).map_err(|source| Error::View {
            source: source.into(),
        })?;
        if view.version != Self::VERSION {
            return Err(Error::ViewVersion {
                found: view.version,
                known: Self::VERSION,
            });
        }
        Ok(view)
    }

    /// The view as JSON, a member a line.
    pub fn to_json(&self) -> String {
        // Texts and numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether all users are shown.
    pub fn is_unfiltered(&self) -> bool {
        self.filters.is_empty() && self.tenants.is_empty()
    }

    /// Removes one of the active filters, by its place.
    pub fn clear(&mut self, filter: usize) {
        if filter < self.filters.len() {
            self.filters.remove(filter);
        }
    }

    /// Removes all filters, that of tenants too.
    pub fn clear_all(&mut self) {
        self.filters.clear();
        self.tenants.clear();
    }

    /// How the view shows moments: as ages from this one, or as dates of its zone; in this format where it has none.
    ///
    /// # Errors
    /// `Invalid` if there is no such zone, or the format cannot be used.
    pub fn times(&self, now: Timestamp, usual: &str) -> Result<Times> {
        let zone = self.zone.as_deref().unwrap_or("UTC");
        match self.format.as_deref() {
            // A zone that is none is told of here, too.
            Some("age") => Times::dates(zone, usual).map(|times| times.in_ages(now)),
            format => Times::dates(zone, format.unwrap_or(usual)),
        }
    }

    /// The order in which the view shows users.
    ///
    /// # Errors
    /// `Invalid` if the sort names no column.
    pub(crate) fn order(&self) -> Result<(UserColumn, Direction)> {
        sorted_by(&self.sort)
    }

    /// The question that the view asks at this moment; days are those of the zone.
    ///
    /// # Errors
    /// `Invalid` if a filter is none or names no column, or the sort does.
    pub fn query(&self, now: Timestamp, zone: &TimeZone) -> Result<UserQuery> {
        let mut query = UserQuery::all().tenants(self.tenants.iter().copied());
        for text in &self.filters {
            query = query.filter(UserFilter::parse_in(text, now, zone)?);
        }
        let (column, direction) = self.order()?;
        Ok(query.sort(column, direction).page(1, self.page_size))
    }
}

/// The column and direction of a sort as it is written.
fn sorted_by(text: &str) -> Result<(UserColumn, Direction)> {
    Ok(match text.strip_prefix('-') {
        Some(name) => (UserColumn::parse(name)?, Direction::Descending),
        None => (UserColumn::parse(text)?, Direction::Ascending),
    })
}
