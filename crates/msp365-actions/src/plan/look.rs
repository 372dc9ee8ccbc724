//! Reading back whether a step happened.

use jiff::Timestamp;
use msp365_core::{ErrorKind, Request};
use msp365_graph::{
    authentication_methods,
    devices::{self, Device},
    directory_objects::DirectoryObject,
    groups,
    licenses::LicenseAssignmentState,
    role_assignments::{self, RoleAssignment},
    users::{self, UserEdit},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Grant, Place, StepKind};

/// What reading back tells of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It is as wanted; of what was made, the id.
    Yes(Option<String>),
    /// It is not as wanted, or not yet.
    No,
    /// Somebody else's work stands in its place.
    Foreign,
    /// A deleted user stands in its place.
    Held,
    /// It is in place, and the service says that it does not work.
    Faulty(String),
    /// It cannot be told.
    Unclear,
}

/// The fields of a user that tell when something was last done.
const TIMES: [&str; 3] = [
    "id",
    "lastPasswordChangeDateTime",
    "signInSessionsValidFromDateTime",
];

impl StepKind {
    /// The read that tells whether it happened; its reply is judged by [`seen`](Self::seen).
    pub(crate) fn look(&self, place: &Place<'_>) -> Request<Value> {
        let id = place.id(&self.user());
        match self {
            Self::CreateUser {
                user_principal_name, ..
            } => users::get(user_principal_name)
                .select([
                    "id",
                    "displayName",
                    "userPrincipalName",
                    "mailNickname",
                    "createdDateTime",
                ])
                .answering(value),
            Self::UpdateUser { edit, .. } => users::get(id).select(fields(edit)).answering(value),
            Self::SetPassword { .. } | Self::RevokeSessions { .. } => {
                users::get(id).select(TIMES).answering(value)
            }
            Self::DeleteUser { .. } | Self::RestoreUser { .. } => {
                users::get(id).select(["id"]).answering(value)
            }
            Self::CreatePass { .. } | Self::DeletePass { .. } => {
                authentication_methods::passes(id).answering(value)
            }
            Self::DeleteMethod { .. } => authentication_methods::list(id).answering(value),
            Self::AssignLicenses { .. } => users::get(id)
                .select(["id", "licenseAssignmentStates"])
                .answering(value),
            Self::AddMember { group, .. } | Self::RemoveMember { group, .. } => groups::members(group)
                .filter(DirectoryObject::ID.eq(id.as_str()))
                .select([DirectoryObject::ID])
                .counted()
                .answering(value),
            Self::AddOwner { group, .. } => groups::owners(group).answering(value),
            Self::AssignRole { role, .. } | Self::RemoveRole { role, .. } => role_assignments::list()
                .filter(
                    RoleAssignment::PRINCIPAL_ID
                        .eq(id.as_str())
                        .and(RoleAssignment::ROLE_DEFINITION_ID.eq(role.as_str())),
                )
                .answering(value),
            Self::SetManager { .. } | Self::RemoveManager { .. } => users::manager(id).answering(value),
            Self::EnableDevice { device, .. } | Self::DeleteDevice { device, .. } => devices::get(device)
                .select([Device::ID, Device::ACCOUNT_ENABLED])
                .answering(value),
        }
    }

    /// What the reply to the read tells. `since` is when the step was first sent.
    pub(crate) fn seen(&self, place: &Place<'_>, since: Timestamp, found: &Result<Value, ErrorKind>) -> Seen {
        let is_gone = match found {
            Err(ErrorKind::NotFound) => true,
            Err(_) => return Seen::Unclear,
            Ok(_) => false,
        };
        let nothing = Value::Null;
        let body = found.as_ref().unwrap_or(&nothing);
        let yes = |happened: bool| if happened { Seen::Yes(None) } else { Seen::No };
        match self {
            Self::DeleteUser { .. } | Self::RemoveManager { .. } | Self::DeleteDevice { .. } => yes(is_gone),
            Self::RemoveMember { .. } => yes(is_gone || rows(body).is_empty()),
            Self::DeletePass { pass, .. } => yes(!lists(body, pass)),
            Self::DeleteMethod { method, .. } => yes(!lists(body, method)),
            _ if is_gone => Seen::No,
            Self::CreateUser { .. } => self.own_user(body, since),
            Self::UpdateUser { edit, .. } => yes(is_as(edit, body)),
            Self::SetPassword { .. } => yes(is_since(
                time(body, "lastPasswordChangeDateTime"),
                since,
                SMALL_SKEW,
            )),
            Self::RevokeSessions { .. } => yes(is_since(
                time(body, "signInSessionsValidFromDateTime"),
                since,
                SMALL_SKEW,
            )),
            Self::RestoreUser { .. } => Seen::Yes(None),
            Self::EnableDevice { is_enabled, .. } => {
                yes(body.get("accountEnabled") == Some(&Value::Bool(*is_enabled)))
            }
            Self::CreatePass { .. } => {
                let made = rows(body)
                    .iter()
                    .find(|row| is_since(time(row, "createdDateTime"), since, SMALL_SKEW));
                made.map_or(Seen::No, |row| Seen::Yes(text(row, "id").map(str::to_owned)))
            }
            Self::AssignLicenses { add, remove, .. } => licences(body, add, remove),
            Self::AddMember { .. } => yes(!rows(body).is_empty()),
            Self::AddOwner { user, .. } => yes(lists(body, &place.id(user))),
            Self::AssignRole { scope, .. } => {
                in_scope(body, scope).map_or(Seen::No, |id| Seen::Yes(Some(id)))
            }
            Self::RemoveRole { scope, .. } => yes(in_scope(body, scope).is_none()),
            Self::SetManager { manager, .. } => yes(text(body, "id") == Some(&place.id(manager))),
        }
    }

    /// Fields of an edit that are neither as they were when the plan was made nor as it wants them.
    pub(crate) fn overtaken(&self, body: &Value) -> Vec<String> {
        let Self::UpdateUser { edit, was, .. } = self else {
            return Vec::new();
        };
        let members = |edit: &UserEdit| match serde_json::to_value(edit) {
            Ok(Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        let before = members(was);
        let is_free = |name: &str, wanted: &Value| {
            let own = body.get(name).unwrap_or(&Value::Null);
            let was = before.get(name).unwrap_or(&Value::Null);
            is_same(own, wanted) || is_same(own, was)
        };
        let all = members(edit).into_iter();
        let all = all.filter(|(name, wanted)| !is_free(name, wanted));
        all.map(|(name, _)| name).collect()
    }

    /// Whether the user of the wanted name is ours: made since the step was sent, with the names that it set.
    fn own_user(&self, body: &Value, since: Timestamp) -> Seen {
        let Self::CreateUser {
            display_name,
            mail_nickname,
            ..
        } = self
        else {
            return Seen::Unclear;
        };
        let is = |name: &str, wanted: &str| text(body, name) == Some(wanted);
        let agrees = is("displayName", display_name) && is("mailNickname", mail_nickname);
        if agrees && is_since(time(body, "createdDateTime"), since, SKEW) {
            Seen::Yes(text(body, "id").map(str::to_owned))
        } else {
            Seen::Foreign
        }
    }

    /// Whether doing it a second time would do no harm, so that it may be sent again once it is seen not to have
    /// happened. A secret that was made is never made again by itself.
    pub(crate) const fn may_be_sent_again(&self) -> bool {
        !matches!(self, Self::CreatePass { .. })
    }
}

/// The names of the fields that an edit is about.
pub(crate) fn fields(edit: &UserEdit) -> Vec<String> {
    let mut names = vec!["id".to_owned()];
    if let Ok(Value::Object(members)) = serde_json::to_value(edit) {
        names.extend(members.into_iter().map(|(name, _)| name));
    }
    names
}

/// Whether all that an edit sets is so. What is cleared is null, absent or empty.
fn is_as(edit: &UserEdit, body: &Value) -> bool {
    let Ok(Value::Object(wanted)) = serde_json::to_value(edit) else {
        return false;
    };
    wanted
        .iter()
        .all(|(name, wanted)| is_same(body.get(name).unwrap_or(&Value::Null), wanted))
}

/// Whether two values of a field are the same: moments by time, and an empty list is nothing.
fn is_same(one: &Value, other: &Value) -> bool {
    let time = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    one == other || (time(one).is_some() && time(one) == time(other)) || (is_empty(one) && is_empty(other))
}

fn licences(body: &Value, add: &[Grant], remove: &[Grant]) -> Seen {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Held {
        #[serde(default)]
        license_assignment_states: Vec<LicenseAssignmentState>,
    }
    let Ok(held) = Held::deserialize(body) else {
        return Seen::Unclear;
    };
    let of = |sku: &str| {
        let mut states = held.license_assignment_states.iter();
        states
            .find(|state| state.is_direct() && state.sku_id.as_deref() == Some(sku))
            .cloned()
    };
    let sorted = |plans: &[String]| {
        let mut plans = plans.to_vec();
        plans.sort_unstable();
        plans
    };
    let given = add.iter().all(|grant| {
        of(&grant.sku_id).is_some_and(|state| sorted(&state.disabled_plans) == sorted(&grant.disabled_plans))
    });
    if !given || remove.iter().any(|grant| of(&grant.sku_id).is_some()) {
        return Seen::No;
    }
    let faulty = add.iter().find_map(|grant| of(&grant.sku_id)?.problem());
    faulty.map_or(Seen::Yes(None), |problem| {
        Seen::Faulty(format!("{}: {}", problem.as_str(), problem.remedy()))
    })
}

fn rows(body: &Value) -> &[Value] {
    body.get("value")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn lists(body: &Value, id: &str) -> bool {
    rows(body).iter().any(|row| text(row, "id") == Some(id))
}

fn in_scope(body: &Value, scope: &str) -> Option<String> {
    let mut rows = rows(body).iter();
    let found = rows.find(|row| text(row, "directoryScopeId") == Some(scope))?;
    text(found, "id").map(str::to_owned)
}

fn text<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name)?.as_str()
}

fn time(body: &Value, name: &str) -> Option<Timestamp> {
    text(body, name)?.parse().ok()
}

fn value(call: &msp365_core::Call, reply: &msp365_core::Reply) -> Result<Value, msp365_core::Error> {
    msp365_core::request::decode_json(call, reply)
}

/// How far the clock of the service may be behind ours when it dates what we did.
const SKEW: i64 = 120;
/// The same where taking an earlier doing for ours would do harm, and doing it again would not: for a new password.
const SMALL_SKEW: i64 = 3;

/// Whether a moment that the service gave is not before one of ours.
fn is_since(at: Option<Timestamp>, since: Timestamp, skew: i64) -> bool {
    at.is_some_and(|at| at.as_second() >= since.as_second() - skew)
}
