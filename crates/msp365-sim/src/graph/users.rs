//! Users.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::Value;

use super::{
    answer::Answer,
    caller::{Caller, kept_after, present_after},
    delta, memberships, people, read_only,
    rights::{ME, Right, SIGN_IN_ACTIVITY, USERS},
};
use crate::{
    odata::{Listed, Options, Refused, Rules, people::USER},
    world::Json,
};

const LIST: Rules = Rules {
    shape: &USER,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search $expand",
    order: "displayName userPrincipalName",
    directory: true,
};
/// The most users on a page that holds their sign-ins.
const TOP_WITH_SIGN_INS: usize = 500;
const SIGN_INS: &str = "signInActivity";
/// What only a request for one user may select.
const SINGLE_ONLY: [&str; 11] = [
    "aboutMe",
    "birthday",
    "hireDate",
    "interests",
    "mailboxSettings",
    "mySite",
    "pastProjects",
    "preferredName",
    "responsibilities",
    "schools",
    "skills",
];

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    match rest {
        [] => list(caller),
        ["$count"] => count(caller),
        ["delta"] => {
            read_only(caller, &USERS)?;
            delta::users(caller)
        }
        ["userPrincipalName=", name] => one(caller, name),
        [id] => one(caller, id),
        [id, rest @ ..] if rest.first().is_some_and(|name| memberships::NAMES.contains(name)) => {
            let user = find(caller, id).map(|(id, _)| id);
            memberships::serve(caller, user.ok_or_else(|| Refused::not_found(id)), rest)
        }
        [id, rest @ ..] => people::serve(caller, id, rest),
    }
}

/// The signed-in user.
pub(super) fn me(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let oid = caller.me()?;
    match rest {
        [] => {
            read_only(caller, &ME)?;
            let row = caller.tenant.users.get(oid);
            entity(caller, row, oid)
        }
        rest if rest.first().is_some_and(|name| memberships::NAMES.contains(name)) => {
            let user = caller.tenant.users.get(oid).map(|_| oid);
            memberships::mine(caller, user.ok_or_else(|| Refused::not_found(oid)), rest)
        }
        rest => people::serve(caller, oid, rest),
    }
}

fn list(caller: &Caller<'_>) -> Result<Answer, Refused> {
    read_only(caller, &USERS)?;
    let signs = wants_sign_ins(caller);
    let rules = if signs {
        Rules {
            top: Some(TOP_WITH_SIGN_INS),
            ..LIST
        }
    } else {
        LIST
    };
    let options = caller.options(&rules)?;
    if let Some(name) = SINGLE_ONLY.iter().find(|name| options.selection.includes(name)) {
        return Err(Refused::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            format!("'{name}' is not supported on a collection of users."),
        ));
    }
    if signs {
        sign_ins_allowed(caller, &options)?;
    }
    let needs = options.needs();
    let rows_after = |from: Option<&str>| {
        kept_after(&caller.tenant.users, from).map(|(id, row)| {
            if signs {
                let row = needs
                    .as_ref()
                    .map_or_else(|| row.to_json(), |needs| row.pick(needs));
                (id, Listed::from(with_sign_ins(caller, id, Cow::Owned(row))))
            } else {
                (id, Listed::from(row))
            }
        })
    };
    caller.collection("users", &options, rows_after)
}

fn count(caller: &Caller<'_>) -> Result<Answer, Refused> {
    read_only(caller, &USERS)?;
    if wants_sign_ins(caller) {
        caller.demand(&SIGN_IN_ACTIVITY)?;
        premium(caller)?;
    }
    let rows = present_after(&caller.tenant.users, None);
    caller.count(&LIST, rows.map(|(id, row)| with_sign_ins(caller, id, row)))
}

fn one(caller: &Caller<'_>, id: &str) -> Result<Answer, Refused> {
    read_only(caller, reading(caller, id))?;
    if wants_sign_ins(caller) && uuid::Uuid::try_parse(id).is_err() {
        return Err(Refused::bad(
            "Get By Key only supports UserId and the key has to be a valid Guid",
        ));
    }
    let row = find(caller, id).map(|(_, row)| row);
    entity(caller, row, id)
}

fn entity(caller: &Caller<'_>, row: Option<&Json>, id: &str) -> Result<Answer, Refused> {
    if !wants_sign_ins(caller) {
        return caller.entity("users", &USER, row, id);
    }
    caller.demand(&SIGN_IN_ACTIVITY)?;
    premium(caller)?;
    let row = row.map(|row| with_sign_ins(caller, super::caller::id_of(row), Cow::Borrowed(row)));
    caller.entity("users", &USER, row.as_deref(), id)
}

/// Whether a user is the one who is signed in.
pub(super) fn is_me(caller: &Caller<'_>, id: &str) -> bool {
    caller.call.claims.oid.as_deref() == Some(id) && !caller.call.claims.app_only
}

/// What it takes to read a user: less for one's own.
pub(super) fn reading(caller: &Caller<'_>, id: &str) -> &'static Right {
    if is_me(caller, id) { &ME } else { &USERS }
}

/// A user by object id or by user principal name.
pub(super) fn find<'a>(caller: &Caller<'a>, id: &str) -> Option<(&'a str, &'a Json)> {
    let users = &caller.tenant.users;
    let lower = id.to_lowercase();
    let by_id = users
        .rows
        .get_key_value(lower.as_str())
        .filter(|(_, row)| row.removed.is_none());
    if let Some((id, _)) = by_id {
        return users.get(id).map(|row| (id.as_str(), row));
    }
    let id = users.find("userPrincipalName", |name| name.to_lowercase() == lower)?;
    users.get(id).map(|row| (id, row))
}

fn wants_sign_ins(caller: &Caller<'_>) -> bool {
    let selected = caller.call.option("$select").unwrap_or_default();
    let filter = caller.call.option("$filter").unwrap_or_default();
    selected.split(',').any(|name| name.trim() == SIGN_INS) || filter.contains("signInActivity/")
}

fn sign_ins_allowed(caller: &Caller<'_>, options: &Options) -> Result<(), Refused> {
    caller.demand(&SIGN_IN_ACTIVITY)?;
    let paths = options
        .filter
        .as_ref()
        .map(crate::odata::Filter::paths)
        .unwrap_or_default();
    let of_sign_ins = paths.iter().filter(|path| path.starts_with(SIGN_INS)).count();
    if of_sign_ins > 0 && of_sign_ins < paths.len() {
        return Err(Refused::unsupported(
            "Filter on 'signInActivity' is not supported together with other filters.",
        ));
    }
    premium(caller)
}

pub(super) fn premium(caller: &Caller<'_>) -> Result<(), Refused> {
    if caller.tenant.has_p1 {
        return Ok(());
    }
    Err(Refused::new(
        StatusCode::FORBIDDEN,
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Neither tenant is B2C or tenant doesn't have premium license",
    ))
}

fn with_sign_ins<'a>(caller: &Caller<'a>, id: &str, row: Cow<'a, Json>) -> Cow<'a, Json> {
    match caller.tenant.sign_in_activity.get(id) {
        None => row,
        Some(activity) => {
            let mut row = row.into_owned();
            row.insert(SIGN_INS.to_owned(), Value::Object(activity.to_json()));
            Cow::Owned(row)
        }
    }
}
