//! Which rows of a list are selected.

use jiff::{
    Timestamp,
    fmt::temporal::{DateTimeParser, DateTimePrinter},
    tz::TimeZone,
};
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use super::{ListPage, Listing, Query, SavedView, UserColumn, Users, View};
use crate::{Error, Resource, Result};

const ZONES: DateTimePrinter = DateTimePrinter::new();

/// A row, by tenant and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowRef {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The id of the user, or the [key](crate::Rows::last_key) of another row.
    pub id: String,
}

/// A user, by tenant and id.
pub type UserRef = RowRef;

/// What is selected in a list: nothing, some rows, or all rows across pages.
///
/// It is a value: kept, sent to another process, and asked again later.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "selected", bound = "L: Listing")]
pub enum Selected<L: Listing> {
    /// Nothing.
    #[default]
    None,
    /// These rows.
    #[serde(alias = "users")]
    Rows {
        /// Which.
        #[serde(alias = "users")]
        rows: Vec<RowRef>,
        /// The view they were selected in; of its columns and order an export makes use. Its filters no longer count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        view: Option<Box<View<L>>>,
    },
    /// All rows on all pages of a view, as it was understood at a moment, but for some.
    All {
        /// The view; of its columns and order an export makes use.
        view: Box<View<L>>,
        /// The moment that ages count from, however late it is asked again.
        as_of: Timestamp,
        /// The time zone whose days its filters mean: its IANA name, `+02:00`, or as POSIX writes it; empty for one
        /// that has none of these.
        zone: String,
        /// Which are left out.
        except: Vec<RowRef>,
    },
}

/// Who is selected in a list of users.
pub type Selection = Selected<Users>;

/// What is selected in a list of the rows of a resource.
pub type RowSelection = Selected<Resource>;

impl Selection {
    /// Whether an action for one user at a time may run: exactly one user is selected, by name. Across pages no such
    /// action is offered, however many users there are.
    pub fn is_one_user(&self) -> bool {
        matches!(self, Self::Rows { rows, .. } if rows.len() == 1)
    }
}

impl<L: Listing> Selected<L> {
    /// All rows of a page.
    pub fn page(page: &L::Page) -> Self {
        Self::some(page.refs())
    }

    /// These rows. They are of the list whose [view](Self::shown_as) shows them.
    pub const fn some(rows: Vec<RowRef>) -> Self {
        Self::Rows { rows, view: None }
    }

    /// The same rows as a view shows them: in its order, with its columns. Nothing stays nothing.
    #[must_use]
    pub fn shown_as(self, view: View<L>) -> Self {
        let shown = Some(Box::new(view));
        match self {
            Self::Rows { rows, .. } => Self::Rows { rows, view: shown },
            other => other,
        }
    }

    /// The view that it was made in, whose columns, zone and format an export takes. `None` where none was named.
    pub fn view(&self) -> Option<&View<L>> {
        match self {
            Self::None => None,
            Self::Rows { view, .. } => view.as_deref(),
            Self::All { view, .. } => Some(view),
        }
    }

    /// All rows across the pages of a view. A zone that can be written in no way makes a selection that cannot be asked.
    pub fn all(view: View<L>, as_of: Timestamp, zone: &TimeZone) -> Self {
        Self::All {
            view: Box::new(view),
            as_of,
            zone: ZONES.time_zone_to_string(zone).unwrap_or_default(),
            except: Vec::new(),
        }
    }

    /// Selects a row that is not, or the other way round.
    pub fn toggle(&mut self, row: RowRef) {
        match self {
            Self::None => *self = Self::some(vec![row]),
            Self::Rows { rows: some, .. } | Self::All { except: some, .. } => {
                match some.iter().position(|one| *one == row) {
                    Some(at) => drop(some.remove(at)),
                    None => some.push(row),
                }
            }
        }
        if matches!(self, Self::Rows { rows, .. } if rows.is_empty()) {
            *self = Self::None;
        }
    }

    /// Whether an action for many may run.
    pub const fn is_anybody(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The columns of an export of it: those of its [`view`](Self::view), or the usual ones of the list.
    pub fn columns_of(&self, list: L) -> Vec<L::Column> {
        self.view()
            .map_or_else(|| list.usual_columns(), |view| view.columns.clone())
    }

    /// The question to this list whose answer is what is selected; `None` for nothing.
    ///
    /// # Errors
    /// `Invalid` if a filter of the view is none or names no column, or its sort does, or if its zone is not known here:
    /// other days would select other rows; also if the view is of another list.
    pub fn query_of(&self, list: L) -> Result<Option<Query<L>>> {
        if let Some(view) = self.view().filter(|view| view.list != list) {
            return Err(Error::OtherList {
                found: view.list.resource().as_str(),
                wanted: list.resource().as_str(),
            });
        }
        match self {
            Self::None => Ok(None),
            Self::Rows { rows, view } => {
                let query = Query::of(list).only(named(rows));
                let Some(view) = view else { return Ok(Some(query)) };
                let (column, direction) = view.order()?;
                Ok(Some(query.order_by(column, direction)))
            }
            Self::All {
                view,
                as_of,
                zone,
                except,
            } => {
                let known = DateTimeParser::new().parse_time_zone(zone).ok();
                let known = known.filter(|known| !known.is_unknown());
                let known = known.ok_or_else(|| Error::Zone { zone: zone.clone() })?;
                Ok(Some(view.query(*as_of, &known)?.except(named(except))))
            }
        }
    }
}

impl Selection {
    /// The columns of an export of it: those of its [`view`](Self::view), or the usual ones.
    pub fn columns(&self) -> &[UserColumn] {
        self.view()
            .map_or(&SavedView::COLUMNS, |view| view.columns.as_slice())
    }

    /// The question whose answer is who is selected; `None` for nobody.
    ///
    /// # Errors
    /// As of [`query_of`](Self::query_of).
    pub fn query(&self) -> Result<Option<Query<Users>>> {
        self.query_of(Users)
    }
}

fn named(rows: &[RowRef]) -> impl Iterator<Item = (TenantId, String)> {
    rows.iter().map(|row| (row.tenant_id, row.id.clone()))
}
