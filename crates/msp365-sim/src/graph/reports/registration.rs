//! How users have registered to sign in.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    graph::{
        answer::Answer,
        caller::{Caller, id_of},
        methods, people, read_only,
        rights::SIGN_IN_ACTIVITY,
        unknown,
        users::premium,
    },
    odata::{Refused, Rules, records::REGISTRATION},
    world::{
        Json,
        access::{object, text},
    },
};

const LIST: Rules = Rules {
    shape: &REGISTRATION,
    page: 1_000,
    top: Some(1_000),
    options: "$select $filter $orderby",
    order: "userPrincipalName userDisplayName lastUpdatedDateTime",
    directory: false,
};
/// Methods that need no password.
const WITHOUT_PASSWORD: [&str; 2] = ["fido2", "windowsHelloForBusiness"];

/// `reports/authenticationMethods/userRegistrationDetails`.
pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &SIGN_IN_ACTIVITY)?;
    premium(caller)?;
    let users = caller.tenant.users.present();
    let all: BTreeMap<String, Json> = users
        .map(|user| (id_of(user).to_owned(), details(caller, user)))
        .collect();
    let what = "reports/authenticationMethods/userRegistrationDetails";
    match rest {
        [] => people::rows(caller, what, &LIST, &all),
        [id] => caller.entity(what, &REGISTRATION, all.get(*id), id),
        rest => Err(unknown(rest)),
    }
}

fn details(caller: &Caller<'_>, user: &Json) -> Json {
    let id = id_of(user);
    let kinds: Vec<String> = methods::of(caller.tenant, id, caller.call.now)
        .iter()
        .filter_map(|row| text(row, "@odata.type")?.strip_prefix("#microsoft.graph."))
        .filter_map(|kind| kind.strip_suffix("AuthenticationMethod"))
        .map(|kind| {
            if kind == "phone" {
                "mobilePhone".to_owned()
            } else {
                kind.to_owned()
            }
        })
        .filter(|kind| kind != "password")
        .collect();
    let has = |wanted: &[&str]| kinds.iter().any(|kind| wanted.contains(&kind.as_str()));
    let strong = has(&["mobilePhone", "microsoftAuthenticator", "softwareOath", "fido2"]);
    let is_admin = !caller
        .world
        .protecting_roles(caller.tenant.id, id, caller.call.now)
        .is_empty();
    object(json!({
        "id": id,
        "userPrincipalName": text(user, "userPrincipalName").unwrap_or_default(),
        "userDisplayName": text(user, "displayName").unwrap_or_default(),
        "userType": if text(user, "userType") == Some("Guest") { "guest" } else { "member" },
        "isAdmin": is_admin,
        "isMfaCapable": strong,
        "isMfaRegistered": strong,
        "isPasswordlessCapable": has(&WITHOUT_PASSWORD),
        "isSsprCapable": strong,
        "isSsprEnabled": true,
        "isSsprRegistered": strong,
        "isSystemPreferredAuthenticationMethodEnabled": true,
        "systemPreferredAuthenticationMethods": [],
        "methodsRegistered": kinds,
        "userPreferredMethodForSecondaryAuthentication": if strong { "push" } else { "none" },
        "lastUpdatedDateTime": caller.call.now.to_string(),
    }))
}
