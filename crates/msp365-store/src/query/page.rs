//! A page of the user list.

use jiff::Timestamp;
use msp365_core::TenantId;
use serde::Serialize;

use super::{Facts, Find, Hit, Incomplete, ListPage, RowRef, Source, State, UserColumn, Value, resolve};
use crate::{Names, Resource, StreamState, UserRow};

/// A page of users.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UserPage {
    /// Users on all pages; 0 where the page was asked for without it.
    pub count: u64,
    /// Users on this page.
    pub rows: Vec<UserView>,
    /// The mark of the next page, for [`UserQuery::after`](crate::UserQuery::after).
    pub next: Option<String>,
    /// How fresh the streams are that the columns come from, of the tenants on this page.
    pub sources: Vec<Source>,
    /// The tenants that were asked for and whose users are not all here, or not kept fresh: whoever shows the list says
    /// so, as nobody of them may be on any page.
    pub incomplete: Incomplete,
}

impl UserPage {
    /// Where the values of a column in a tenant come from, and how old they are. `None` if the stream was never begun:
    /// its values are unknown.
    pub fn source(&self, tenant: &TenantId, column: UserColumn) -> Option<&Source> {
        let wanted = column.source();
        self.sources
            .iter()
            .find(|source| source.tenant_id == *tenant && source.resource == wanted)
    }
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
    /// Names of the directory roles, held directly or through a group, in order, as of the last finished pass.
    pub roles: Vec<String>,
    /// The last sign-in of any sort. Attempts count, failed ones too.
    pub last_sign_in: LastSignIn,
    /// The last sign-in that succeeded, of any sort.
    pub last_successful_sign_in: LastSignIn,
}

/// What is known of a user's last sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "at")]
#[non_exhaustive]
pub enum LastSignIn {
    /// It was then.
    Date(Timestamp),
    /// The sign-ins were read since the user was made, and there is none: never, or not since the service keeps them,
    /// which is April 2020, and December 2023 for those that succeeded.
    Never,
    /// The sign-ins were not yet read to the end, or not since the user was made.
    Unknown,
    /// The tenant's plan does not show sign-ins.
    NotLicensed,
}

/// Users that are remembered as recently viewed by a technician.
pub(crate) const RECENT: usize = 5;
/// The streams that the columns of users come from.
const SOURCES: [Resource; 4] = [
    Resource::Users,
    Resource::RoleAssignments,
    Resource::Groups,
    Resource::SignIns,
];

/// A user as a store reads it for a page.
pub(crate) struct Read {
    pub(crate) tenant: i64,
    pub(crate) user: UserRow,
    pub(crate) roles: Names,
    /// The last sign-in, and the last that succeeded.
    pub(crate) sign_ins: (Option<Timestamp>, Option<Timestamp>),
}

impl LastSignIn {
    /// What is known of a user without any sign-in in this stream of sign-ins, who was made at this moment, if that is
    /// known.
    pub fn without(stream: &StreamState, created_at: Option<Timestamp>) -> Self {
        let read = (stream.fresh_as_of, stream.stale_because.as_deref());
        Self::of(None, resolve::without(Resource::SignIns, read, created_at))
    }

    fn of(at: Option<Timestamp>, without: State) -> Self {
        match (at, without) {
            (Some(at), _) => Self::Date(at),
            (None, State::Never) => Self::Never,
            (None, State::Unknown) => Self::Unknown,
            (None, State::NotLicensed) => Self::NotLicensed,
        }
    }
}

impl UserPage {
    /// A page of what was read of the tenants that these facts tell of.
    pub(crate) fn of(find: &Find, facts: &[Facts], (hits, is_more): (&[Hit], bool), read: Vec<Read>) -> Self {
        let tenant = |number: i64| facts.iter().find(|facts| facts.number == number);
        let mut sources: Vec<Source> = Vec::new();
        let mut rows = Vec::with_capacity(read.len());
        for one in read {
            let Some(facts) = tenant(one.tenant) else { continue };
            if !sources.iter().any(|source| source.tenant_id == facts.id) {
                let of_users = |source: &&Source| SOURCES.contains(&source.resource);
                sources.extend(facts.streams.iter().filter(of_users).cloned());
            }
            let without = facts.without(Resource::SignIns, one.user.created_at);
            rows.push(UserView {
                tenant_id: facts.id,
                tenant_name: facts.name.clone(),
                user: one.user,
                roles: one.roles.into(),
                last_sign_in: LastSignIn::of(one.sign_ins.0, without),
                last_successful_sign_in: LastSignIn::of(one.sign_ins.1, without),
            });
        }
        Self {
            count: 0,
            next: next(find, facts, hits, is_more),
            rows,
            sources,
            incomplete: Incomplete::of(find, facts),
        }
    }
}

impl ListPage for UserPage {
    type Column = UserColumn;

    fn refs(&self) -> Vec<RowRef> {
        let rows = self.rows.iter().map(|row| RowRef {
            tenant_id: row.tenant_id,
            id: row.user.id.clone(),
        });
        rows.collect()
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn value_at(&self, row: usize, column: UserColumn) -> Value {
        let user = self.rows.get(row);
        user.map_or(Value::Unknown, |user| self.value(user, column))
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

impl UserPage {
    /// The users in the order in which they are named.
    pub(crate) fn in_order(self, named: &[(TenantId, String)]) -> Vec<UserView> {
        let mut rows = self.rows;
        let place = |view: &UserView| {
            let is_it = |(tenant, id): &(TenantId, String)| *tenant == view.tenant_id && *id == view.user.id;
            named.iter().position(is_it)
        };
        rows.sort_by_key(place);
        rows
    }
}

/// The mark of the page after these rows.
pub(crate) fn next(find: &Find, facts: &[Facts], hits: &[Hit], is_more: bool) -> Option<String> {
    let last = hits.last().filter(|_| is_more)?;
    let tenant = facts.iter().find(|facts| facts.number == last.tenant)?;
    find.mark(last, tenant.id)
}
