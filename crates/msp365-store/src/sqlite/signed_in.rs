//! The last sign-in of users, and the last that succeeded, kept beside their rows as sign-ins and users come and go.

use rusqlite::{Connection, params};

use super::Done;
use crate::{Resource, row::PackedRow};

/// The latest of three moments, of which the number is before all, and the last success.
const LATEST: &str = "(last_sign_in_at, last_successful_sign_in_at) = (SELECT nullif(max(coalesce(last_sign_in_at, -1000000000000000000),
    coalesce(last_non_interactive_at, -1000000000000000000),
    coalesce(last_successful_at, -1000000000000000000)), -1000000000000000000), last_successful_at
    FROM sign_ins WHERE tenant = ?1 AND user_id = ?2)";
const USER: &str = "(SELECT row FROM entries WHERE tenant = ?1 AND resource = ?3 AND key = ?2)";

/// What became of a row of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It is new, with this number.
    Added(i64),
    Changed,
    Unchanged,
}

/// The users whose last sign-in a page may have changed.
pub(super) enum SignedIn {
    /// None: the page is of something else, or there are no sign-ins yet.
    Nobody,
    /// New users, by number and id.
    New(Vec<(i64, String)>),
    /// Users of new or changed sign-ins, by id.
    Again(Vec<String>),
}

impl SignedIn {
    pub(super) fn of(connection: &Connection, resource: Resource, tenant: i64) -> Done<Self> {
        Ok(match resource {
            Resource::SignIns => Self::Again(Vec::new()),
            Resource::Users => {
                let known: bool = connection
                    .prepare_cached("SELECT EXISTS (SELECT 1 FROM sign_ins WHERE tenant = ?1)")?
                    .query_row([tenant], |row| row.get(0))?;
                if known {
                    Self::New(Vec::new())
                } else {
                    Self::Nobody
                }
            }
            _ => Self::Nobody,
        })
    }

    pub(super) fn note(&mut self, row: &PackedRow<'_>, done: Put) {
        match (self, done) {
            (Self::New(users), Put::Added(number)) => users.push((number, row.key.to_owned())),
            (Self::Again(users), Put::Added(_) | Put::Changed) => users.push(row.key.to_owned()),
            _ => {}
        }
    }

    /// Whether users are looked for by their keys.
    pub(super) fn needs_users(&self) -> bool {
        matches!(self, Self::Again(users) if !users.is_empty())
    }

    pub(super) fn store(self, connection: &Connection, tenant: i64) -> Done<()> {
        match self {
            Self::Nobody => {}
            Self::New(users) => {
                let mut update =
                    connection.prepare_cached(&format!("UPDATE users SET {LATEST} WHERE row = ?3"))?;
                for (number, id) in users {
                    update.execute(params![tenant, id, number])?;
                }
            }
            Self::Again(users) => {
                let mut update =
                    connection.prepare_cached(&format!("UPDATE users SET {LATEST} WHERE row = {USER}"))?;
                for id in users {
                    update.execute(params![tenant, id, Resource::Users.code()])?;
                }
            }
        }
        Ok(())
    }
}

/// Forgets the last sign-in of a user.
pub(super) fn forget(connection: &Connection, tenant: i64, user: &str) -> Done<()> {
    connection
        .prepare_cached(&format!(
            "UPDATE users SET last_sign_in_at = NULL, last_successful_sign_in_at = NULL WHERE row = {USER}"
        ))?
        .execute(params![tenant, user, Resource::Users.code()])?;
    Ok(())
}
