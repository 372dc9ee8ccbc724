//! Which users of a list are selected.

use jiff::{
    Timestamp,
    fmt::temporal::{DateTimeParser, DateTimePrinter},
    tz::TimeZone,
};
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use super::{SavedView, UserPage, UserQuery};
use crate::{Error, Result};

const ZONES: DateTimePrinter = DateTimePrinter::new();

/// A user, by tenant and id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UserRef {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The id of the user.
    pub id: String,
}

/// What is selected in a list: nobody, some users, or all users across pages.
///
/// It is a value: kept, sent to another process, and asked again later.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "selected")]
pub enum Selection {
    /// Nobody.
    #[default]
    None,
    /// These users.
    Users {
        /// Who.
        users: Vec<UserRef>,
    },
    /// All users on all pages of a view, as it was understood at a moment, but for some.
    All {
        /// The view; of its columns and order an export makes use.
        view: Box<SavedView>,
        /// The moment that ages count from, however late it is asked again.
        as_of: Timestamp,
        /// The time zone whose days its filters mean: its IANA name, `+02:00`, or as POSIX writes it; empty for one
        /// that has none of these.
        zone: String,
        /// Who is left out.
        except: Vec<UserRef>,
    },
}

impl Selection {
    /// All users of a page.
    pub fn page(page: &UserPage) -> Self {
        let users = page.rows.iter().map(|row| UserRef {
            tenant_id: row.tenant_id,
            id: row.user.id.clone(),
        });
        Self::Users {
            users: users.collect(),
        }
    }

    /// All users across the pages of a view. A zone that can be written in no way makes a selection that cannot be asked.
    pub fn all(view: SavedView, as_of: Timestamp, zone: &TimeZone) -> Self {
        Self::All {
            view: Box::new(view),
            as_of,
            zone: ZONES.time_zone_to_string(zone).unwrap_or_default(),
            except: Vec::new(),
        }
    }

    /// Selects a user who is not, or the other way round.
    pub fn toggle(&mut self, user: UserRef) {
        match self {
            Self::None => *self = Self::Users { users: vec![user] },
            Self::Users { users: some } | Self::All { except: some, .. } => {
                match some.iter().position(|one| *one == user) {
                    Some(at) => drop(some.remove(at)),
                    None => some.push(user),
                }
            }
        }
        if matches!(self, Self::Users { users } if users.is_empty()) {
            *self = Self::None;
        }
    }

    /// Whether an action for one user at a time may run: exactly one user is selected, by name. Across pages no such
    /// action is offered, however many users there are.
    pub fn is_one_user(&self) -> bool {
        matches!(self, Self::Users { users } if users.len() == 1)
    }

    /// Whether an action for many users may run.
    pub const fn is_anybody(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The question whose answer is who is selected; `None` for nobody.
    ///
    /// # Errors
    /// `Invalid` if a filter of the view is none or names no column, or its sort does, or if its zone is not known here:
    /// other days would select other users.
    pub fn query(&self) -> Result<Option<UserQuery>> {
        match self {
            Self::None => Ok(None),
            Self::Users { users } => Ok(Some(UserQuery::all().only(named(users)))),
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

fn named(users: &[UserRef]) -> impl Iterator<Item = (TenantId, String)> {
    users.iter().map(|user| (user.tenant_id, user.id.clone()))
}
