//! A view of a list as it is kept: columns, filters, order, page size, and how moments look.

use jiff::{Timestamp, tz::TimeZone};
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use super::{Direction, ListColumn, Listing, Query, Times, UserColumn, Users, find::PAGE_SIZE};
use crate::{Error, Resource, Result};

/// How a list is shown, to be kept and read again: a [`SavedView`] of users, or a [`RowView`] of the rows of a resource. As
/// JSON it is made to be read and edited by people.
///
/// Filters are kept as they were written, so that `last_sign_in>90d` stays 90 days from whenever the view is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept", bound = "L: Listing")]
pub struct View<L: Listing> {
    /// The version of this form: 1.
    pub version: u32,
    /// What is listed. The JSON of a view of rows names it as `resource`; one of users need not.
    pub list: L,
    /// The tenants that are shown; none for all.
    pub tenants: Vec<TenantId>,
    /// The columns, in the order in which they are shown.
    pub columns: Vec<L::Column>,
    /// The active filters, which must all hold, as [`UserFilter`](crate::UserFilter) writes them.
    pub filters: Vec<String>,
    /// The column that is sorted by, with a `-` in front from last to first.
    pub sort: String,
    /// Rows on a page.
    pub page_size: usize,
    /// The time zone of days and dates by its IANA name; UTC where there is none.
    pub zone: Option<String>,
    /// How moments look: a format of `strftime`, or `age`; as the program likes where there is none.
    pub format: Option<String>,
}

/// How a list of users is shown.
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
pub type SavedView = View<Users>;

/// How a list of the rows of a resource is shown.
///
/// ```
/// use msp365_store::{Resource, RowView};
///
/// let view = RowView::from_json(r#"{
///     "version": 1,
///     "resource": "mailboxes",
///     "filters": ["last_activity_on>90d"],
///     "sort": "-storage_used_bytes"
/// }"#)?;
///
/// assert_eq!(view.list, Resource::Mailboxes);
/// assert_eq!(view.columns[0].as_str(), "user_principal_name");
/// # Ok::<(), msp365_store::Error>(())
/// ```
pub type RowView = View<Resource>;

/// A view as it is written. What is not said is as usual.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Kept {
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Resource>,
    tenants: Vec<TenantId>,
    columns: Option<Vec<String>>,
    filters: Vec<String>,
    sort: Option<String>,
    page_size: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
}

impl<L: Listing> TryFrom<Kept> for View<L> {
    type Error = Error;

    fn try_from(kept: Kept) -> Result<Self> {
        let usual = Self::of(L::told(kept.resource)?);
        let columns = kept.columns.map(|names| {
            let named = names.iter().map(|name| usual.list.column(name));
            named.collect::<Result<Vec<_>>>()
        });
        Ok(Self {
            version: kept.version.unwrap_or(usual.version),
            list: usual.list,
            tenants: kept.tenants,
            columns: columns.transpose()?.unwrap_or(usual.columns),
            filters: kept.filters,
            sort: kept.sort.unwrap_or(usual.sort),
            page_size: kept.page_size.unwrap_or(usual.page_size),
            zone: kept.zone,
            format: kept.format,
        })
    }
}

impl<L: Listing> From<View<L>> for Kept {
    fn from(view: View<L>) -> Self {
        let names = view.columns.iter().map(|column| column.name().to_owned());
        Self {
            version: Some(view.version),
            resource: view.list.tells(),
            tenants: view.tenants,
            columns: Some(names.collect()),
            filters: view.filters,
            sort: Some(view.sort),
            page_size: Some(view.page_size),
            zone: view.zone,
            format: view.format,
        }
    }
}

impl Default for SavedView {
    fn default() -> Self {
        Self::of(Users)
    }
}

impl SavedView {
    /// The columns that are shown where none were chosen.
    pub const COLUMNS: [UserColumn; 5] = [
        UserColumn::DisplayName,
        UserColumn::UserPrincipalName,
        UserColumn::Tenant,
        UserColumn::AccountEnabled,
        UserColumn::LastSignIn,
    ];
}

impl<L: Listing> View<L> {
    /// The version that is written.
    pub const VERSION: u32 = 1;

    /// The whole list as it is shown where nothing was chosen.
    pub fn of(list: L) -> Self {
        Self {
            version: Self::VERSION,
            list,
            tenants: Vec::new(),
            columns: list.usual_columns(),
            filters: Vec::new(),
            sort: list.usual_sort().name().to_owned(),
            page_size: PAGE_SIZE,
            zone: None,
            format: None,
        }
    }

    /// Reads a view.
    ///
    /// # Errors
    /// `Invalid` if it is none, or of a version that this program does not know, or of another list.
    pub fn from_json(text: &str) -> Result<Self> {
        let kept: Kept = serde_json::from_str(text).map_err(|source| Error::View {
            source: source.into(),
        })?;
        if let Some(found) = kept.version.filter(|version| *version != Self::VERSION) {
            let known = Self::VERSION;
            return Err(Error::ViewVersion { found, known });
        }
        Self::try_from(kept).map_err(|error| match error {
            Error::OtherList { .. } => error,
            odd => Error::View { source: odd.into() },
        })
    }

    /// The view as JSON, a member a line.
    pub fn to_json(&self) -> String {
        // Texts and numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether everything is shown.
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

    /// The order in which the view shows rows.
    ///
    /// # Errors
    /// `Invalid` if the sort names no column.
    pub(crate) fn order(&self) -> Result<(L::Column, Direction)> {
        Ok(match self.sort.strip_prefix('-') {
            Some(name) => (self.list.column(name)?, Direction::Descending),
            None => (self.list.column(&self.sort)?, Direction::Ascending),
        })
    }

    /// The question that the view asks at this moment; days are those of the zone.
    ///
    /// # Errors
    /// `Invalid` if a filter is none or names no column, or the sort does.
    pub fn query(&self, now: Timestamp, zone: &TimeZone) -> Result<Query<L>> {
        let mut query = Query::of(self.list).tenants(self.tenants.iter().copied());
        for text in &self.filters {
            query = query.filter_in(text, now, zone)?;
        }
        let (column, direction) = self.order()?;
        Ok(query.order_by(column, direction).page(1, self.page_size))
    }
}
