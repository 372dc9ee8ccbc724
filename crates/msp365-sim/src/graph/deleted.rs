//! Deleted users and groups, for as long as they may come back.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::json;

use super::{
    answer::Answer,
    caller::{Caller, after},
    read_only,
    rights::{GROUPS, USERS},
    unknown,
};
use crate::{
    odata::{
        Refused, Rules, Shape,
        people::{GROUP, USER},
    },
    world::{
        Json, Removed, Row, Table,
        access::{later, text},
    },
};

/// How long a deleted object may come back.
const KEPT_DAYS: i64 = 30;

const LIST: Rules = Rules {
    shape: &USER,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search",
    order: "displayName userPrincipalName deletedDateTime",
    directory: true,
};

/// What can be deleted and restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
}

impl Kind {
    pub(super) const fn shape(self) -> &'static Shape {
        match self {
            Self::User => &USER,
            Self::Group => &GROUP,
        }
    }

    pub(super) const fn odata_type(self) -> &'static str {
        match self {
            Self::User => "#microsoft.graph.user",
            Self::Group => "#microsoft.graph.group",
        }
    }
}

/// `directory/deletedItems`.
pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    match rest {
        ["microsoft.graph.user"] => {
            read_only(caller, &USERS)?;
            list(caller, Kind::User, &caller.tenant.users)
        }
        ["microsoft.graph.group"] => {
            read_only(caller, &GROUPS)?;
            list(caller, Kind::Group, &caller.tenant.groups)
        }
        [] => {
            read_only(caller, &USERS)?;
            Err(Refused::bad(
                "The deleted items are listed by type: add a cast such as microsoft.graph.user.",
            ))
        }
        [id] => {
            let kind = kept(caller, id);
            read_only(
                caller,
                if kind == Some(Kind::Group) {
                    &GROUPS
                } else {
                    &USERS
                },
            )?;
            let kind = kind.ok_or_else(|| Refused::not_found(id))?;
            let table = match kind {
                Kind::User => &caller.tenant.users,
                Kind::Group => &caller.tenant.groups,
            };
            let row = table.rows.get(*id).map(|row| {
                let mut row = row.json.to_json();
                row.insert("@odata.type".to_owned(), json!(kind.odata_type()));
                row
            });
            caller.entity("directoryObjects", kind.shape(), row.as_ref(), id)
        }
        rest => Err(unknown(rest)),
    }
}

fn list<'a>(caller: &Caller<'a>, kind: Kind, table: &'a Table) -> Result<Answer, Refused> {
    let rules = Rules {
        shape: kind.shape(),
        ..LIST
    };
    let options = caller.options(&rules)?;
    let now = caller.call.now;
    caller.collection(&format!("{}s", kind.shape().name), &options, |from| {
        after(&table.rows, from)
            .filter(move |(_, row)| restorable(row, now))
            .map(|(id, row)| (id.as_str(), Cow::<Json>::Owned(row.json.to_json())))
    })
}

fn restorable(row: &Row, now: Timestamp) -> bool {
    row.removed == Some(Removed::Changed)
        && text(&row.json, "deletedDateTime")
            .and_then(|at| at.parse::<Timestamp>().ok())
            .is_some_and(|at| now < later(at, KEPT_DAYS))
}

/// Which kind of object is deleted under this id and may come back.
pub(super) fn kept(caller: &Caller<'_>, id: &str) -> Option<Kind> {
    let held = |table: &Table| {
        table
            .rows
            .get(id)
            .is_some_and(|row| restorable(row, caller.call.now))
    };
    if held(&caller.tenant.users) {
        return Some(Kind::User);
    }
    held(&caller.tenant.groups).then_some(Kind::Group)
}
