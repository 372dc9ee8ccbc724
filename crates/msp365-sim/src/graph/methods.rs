//! How users sign in: methods, temporary access passes and their policy, and operations of password resets.

use std::collections::BTreeMap;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, read_only, unknown,
    write::may_act,
    write_rights::{METHODS_READ, OWN_METHODS_READ, PASS_POLICY_READ, access_denied},
};
use crate::{
    odata::{
        Refused, Rules, Selection,
        access::{AUTHENTICATION_METHOD, LONG_RUNNING_OPERATION, PASS_CONFIGURATION},
    },
    world::{
        Json, Tenant,
        access::{object, text},
        change::derived_id,
        ranks::Act,
    },
};

/// The same for every user.
pub(super) const PASSWORD: &str = "28c10230-6103-485e-b985-444c60001490";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
/// How long an operation takes.
const OPERATION_SECONDS: i64 = 4;

/// Collections, and the types in them without `AuthenticationMethod` at their end.
pub(super) const COLLECTIONS: [(&str, &str); 10] = [
    ("passwordMethods", "password"),
    ("emailMethods", "email"),
    ("phoneMethods", "phone"),
    ("fido2Methods", "fido2"),
    ("microsoftAuthenticatorMethods", "microsoftAuthenticator"),
    ("softwareOathMethods", "softwareOath"),
    ("windowsHelloForBusinessMethods", "windowsHelloForBusiness"),
    ("temporaryAccessPassMethods", "temporaryAccessPass"),
    ("platformCredentialMethods", "platformCredential"),
    ("externalAuthenticationMethods", "external"),
];

const ALL: Rules = Rules {
    shape: &AUTHENTICATION_METHOD,
    page: usize::MAX,
    top: None,
    options: "",
    order: "",
    directory: false,
};

pub(super) fn serve(
    caller: &Caller<'_>,
    user: Result<&str, Refused>,
    rest: &[&str],
) -> Result<Answer, Refused> {
    if !matches!(rest, ["methods" | "operations", ..])
        && !rest
            .first()
            .is_some_and(|first| COLLECTIONS.iter().any(|(name, _)| name == first))
    {
        return Err(unknown(rest));
    }
    let user = match user {
        Ok(user) => user,
        Err(missing) => {
            read_only(caller, &METHODS_READ)?;
            return Err(missing);
        }
    };
    if super::users::is_me(caller, user) {
        read_only(caller, &OWN_METHODS_READ)?;
    } else {
        read_only(caller, &METHODS_READ)?;
        reachable(caller, user)?;
    }
    match rest {
        ["operations", id] => operation(caller, user, id),
        [collection] => {
            let found = in_collection(caller, user, collection);
            people::rows(
                caller,
                &format!("users('{user}')/authentication/{collection}"),
                &ALL,
                &found,
            )
        }
        [collection, id] => {
            let found = in_collection(caller, user, collection);
            let what = format!("users('{user}')/authentication/{collection}");
            if !found.contains_key(*id) {
                return Err(missing(id));
            }
            caller.entity(&what, &AUTHENTICATION_METHOD, found.get(*id), id)
        }
        rest => Err(unknown(rest)),
    }
}

/// Global Readers read everybody's; others those they may act on.
fn reachable(caller: &Caller<'_>, user: &str) -> Result<(), Refused> {
    let oid = caller.call.claims.oid.as_deref().unwrap_or_default();
    let held = caller
        .world
        .directory_roles(caller.tenant.id, oid, caller.call.now);
    let reads_all = held.iter().any(|role| role == super::rights::GLOBAL_READER);
    if reads_all && caller.call.method == Method::GET {
        return Ok(());
    }
    may_act(caller, Act::Methods, user).map_err(|_| access_denied())
}

fn in_collection(caller: &Caller<'_>, user: &str, collection: &str) -> BTreeMap<String, Json> {
    let kind = COLLECTIONS
        .iter()
        .find(|(name, _)| *name == collection)
        .map(|(_, kind)| odata_type(kind));
    of(caller.tenant, user, caller.call.now)
        .into_iter()
        .filter(|row| {
            kind.as_deref()
                .is_none_or(|kind| text(row, "@odata.type") == Some(kind))
        })
        .map(|row| (id_of(&row).to_owned(), row))
        .collect()
}

pub(super) fn odata_type(kind: &str) -> String {
    format!("#microsoft.graph.{kind}AuthenticationMethod")
}

/// All methods of a user, the pass among them.
pub(super) fn of(tenant: &Tenant, user: &str, now: Timestamp) -> Vec<Json> {
    let mut found = stored(tenant, user);
    if let Some(pass) = tenant.register.passes.get(user) {
        found.push(shown(tenant, user, pass, now));
    }
    found
}

/// Methods other than a pass: as changed, or as they follow from the tenant and the user.
pub(super) fn stored(tenant: &Tenant, user: &str) -> Vec<Json> {
    if let Some(changed) = tenant.register.methods.get(user) {
        return changed.clone();
    }
    let row = tenant.users.get(user);
    let created = row
        .and_then(|row| row.get("createdDateTime"))
        .cloned()
        .unwrap_or_default();
    let mut found = vec![object(json!({
        "@odata.type": odata_type("password"),
        "id": PASSWORD,
        "createdDateTime": row.and_then(|row| row.get("lastPasswordChangeDateTime")),
        "password": Value::Null,
    }))];
    if let Some(phone) = row.and_then(|row| text(row, "mobilePhone")) {
        found.push(object(json!({
            "@odata.type": odata_type("phone"),
            "id": MOBILE,
            "phoneNumber": phone,
            "phoneType": "mobile",
            "smsSignInState": "notEnabled",
        })));
    }
    let id = derived_id(tenant.id, &format!("authenticator of {user}"));
    if id.starts_with(|digit| digit < 'a') {
        found.push(object(json!({
            "@odata.type": odata_type("microsoftAuthenticator"),
            "id": id,
            "createdDateTime": created,
            "displayName": "iPhone",
            "deviceTag": "SoftwareTokenActivated",
            "phoneAppVersion": "6.8.21",
        })));
    }
    found
}

/// The method a user is asked for first.
pub(super) fn default_of(methods: &[Json]) -> Option<&str> {
    ["microsoftAuthenticator", "phone", "softwareOath"]
        .iter()
        .find_map(|kind| {
            let kind = odata_type(kind);
            let found = methods.iter().find(|row| text(row, "@odata.type") == Some(&kind));
            found.map(id_of)
        })
}

/// A pass as it stands now; its code is told once alone.
pub(super) fn shown(tenant: &Tenant, user: &str, pass: &Json, now: Timestamp) -> Json {
    let start: Option<Timestamp> = text(pass, "startDateTime").and_then(|at| at.parse().ok());
    let minutes = pass.get("lifetimeInMinutes").and_then(Value::as_i64).unwrap_or(0);
    let end = start.map(|start| start + SignedDuration::from_mins(minutes));
    let reason = match () {
        () if !included(tenant, user) => "DisabledByPolicy",
        () if start.is_some_and(|start| now < start) => "NotYetValid",
        () if end.is_none_or(|end| end <= now) => "Expired",
        () => "EnabledByPolicy",
    };
    let mut shown = pass.clone();
    shown.insert("temporaryAccessPass".to_owned(), Value::Null);
    shown.insert("isUsable".to_owned(), json!(reason == "EnabledByPolicy"));
    shown.insert("methodUsabilityReason".to_owned(), json!(reason));
    shown
}

/// Whether the policy gives passes to a user.
fn included(tenant: &Tenant, user: &str) -> bool {
    let policy = pass_policy(tenant);
    let groups = tenant.transitive_groups(user);
    let names = |list: &str| {
        let targets = policy.get(list).and_then(Value::as_array).into_iter().flatten();
        let mut ids = targets.filter_map(|target| target.get("id").and_then(Value::as_str));
        ids.any(|id| id == "all_users" || id == user || groups.contains(id))
    };
    text(&policy, "state") == Some("enabled") && names("includeTargets") && !names("excludeTargets")
}

/// The policy of temporary access passes.
pub(crate) fn pass_policy(tenant: &Tenant) -> Json {
    tenant.register.pass_policy.clone().unwrap_or_else(|| {
        object(json!({
            "@odata.type": PASS_POLICY_TYPE,
            "id": "TemporaryAccessPass",
            "state": "enabled",
            "defaultLifetimeInMinutes": 60,
            "defaultLength": 8,
            "minimumLifetimeInMinutes": 60,
            "maximumLifetimeInMinutes": 480,
            "isUsableOnce": false,
            "excludeTargets": [],
            "includeTargets": [{"targetType": "group", "id": "all_users", "isRegistrationRequired": false}],
        }))
    })
}

pub(super) const PASS_POLICY_TYPE: &str =
    "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";

/// `policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass`.
pub(super) fn policy(caller: &Caller<'_>, path: &[&str]) -> Result<Answer, Refused> {
    if !super::write::is_policy(path) {
        return Err(unknown(path));
    }
    read_only(caller, &PASS_POLICY_READ)?;
    let row = pass_policy(caller.tenant);
    let what = "policies/authenticationMethodsPolicy/authenticationMethodConfigurations";
    caller.entity(what, &PASS_CONFIGURATION, Some(&row), "TemporaryAccessPass")
}

/// How a reset goes on. The address is given whole and must be asked whole.
fn operation(caller: &Caller<'_>, user: &str, id: &str) -> Result<Answer, Refused> {
    let found = caller.tenant.register.operations.get(id);
    let whole = caller.call.option("aadgdc").is_some() && caller.call.option("aadgsu").is_some();
    let found = found.filter(|row| whole && text(row, "user") == Some(user));
    let row = found.ok_or_else(|| missing(id))?;
    let created: Option<Timestamp> = text(row, "createdDateTime").and_then(|at| at.parse().ok());
    let age = created.map_or(0, |at| caller.call.now.as_second() - at.as_second());
    let mut row = row.clone();
    let done = age >= OPERATION_SECONDS;
    row.insert(
        "status".to_owned(),
        json!(if done { "succeeded" } else { "running" }),
    );
    let selection = Selection::parse(None, &LONG_RUNNING_OPERATION)?;
    row.remove("user");
    let mut body = selection.project(&row);
    let what = format!("users('{user}')/authentication/operations/$entity");
    body.insert("@odata.context".to_owned(), json!(caller.context(&what, None)));
    Ok(Answer::Json(Value::Object(body)))
}

pub(super) fn missing(id: &str) -> Refused {
    Refused::new(
        http::StatusCode::NOT_FOUND,
        "itemNotFound",
        format!("The resource '{id}' was not found."),
    )
}
