//! Temporary access passes, and the policy about them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Writer, fields, passwords::refused};
use crate::{
    canary::MARK,
    graph::{
        answer::Answer,
        methods::{self, PASS_POLICY_TYPE},
        write_rights::{METHODS_WRITE, PASS_POLICY_WRITE, access_denied},
    },
    odata::{Refused, access::PASS_CONFIGURATION},
    world::{Json, access::object, access::text, ranks::Act},
};

/// What a policy may be set to: the name, and the least and the most.
const NUMBERS: [(&str, i64, i64); 4] = [
    ("defaultLength", 8, 48),
    ("defaultLifetimeInMinutes", 10, 43_200),
    ("minimumLifetimeInMinutes", 10, 43_200),
    ("maximumLifetimeInMinutes", 10, 43_200),
];

/// Gives a user a pass, in place of an earlier one.
pub(super) fn create(writer: &mut Writer<'_>, user: &str) -> Result<Answer, Refused> {
    writer.demand(&METHODS_WRITE)?;
    let id = writer.user(user)?;
    writer.outranks(Act::Methods, &id).map_err(|_| access_denied())?;
    let body = writer.optional_body()?;
    let policy = methods::pass_policy(writer.caller()?.tenant);
    let now = writer.call.now.to_string();
    let mut pass = wanted(&body, &policy, &now)?;
    pass.insert("id".to_owned(), json!(writer.fresh("pass")));
    let length = policy.get("defaultLength").and_then(Value::as_u64).unwrap_or(8);
    let code: String = [MARK.to_owned(), writer.fresh("code"), writer.fresh("more code")]
        .concat()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(usize::try_from(length).unwrap_or(8))
        .collect();
    let at = writer.call.now;
    let (tenant, _) = writer.change("user.pass.create", &id)?;
    let mut shown = methods::shown(tenant, &id, &pass, at);
    tenant.register.passes.insert(id.clone(), pass);
    shown.insert("temporaryAccessPass".to_owned(), json!(code));
    shown.remove("@odata.type");
    let caller = writer.caller()?;
    let what = format!("users('{id}')/authentication/temporaryAccessPassMethods");
    let context = caller.context(&format!("{what}/$entity"), None);
    shown.insert("@odata.context".to_owned(), json!(context));
    let pass = crate::graph::caller::id_of(&shown);
    let root = caller.root();
    let location = format!("{root}/users/{id}/authentication/temporaryAccessPassMethods/{pass}");
    Ok(Answer::Created {
        location,
        body: Value::Object(shown),
    })
}

fn wanted(body: &Json, policy: &Json, now: &str) -> Result<Json, Refused> {
    let known = ["lifetimeInMinutes", "isUsableOnce", "startDateTime"];
    if let Some(other) = body
        .keys()
        .find(|name| !known.contains(&name.as_str()) && !name.contains('@'))
    {
        return Err(Refused::unknown_property(
            other,
            "temporaryAccessPassAuthenticationMethod",
        ));
    }
    if text(policy, "state") != Some("enabled") {
        return Err(refused(
            "Temporary Access Pass is not enabled by the policy of the tenant.",
        ));
    }
    let number = |json: &Json, name: &str| json.get(name).and_then(Value::as_i64);
    let least = number(policy, "minimumLifetimeInMinutes").unwrap_or(60);
    let most = number(policy, "maximumLifetimeInMinutes").unwrap_or(480);
    let usual = number(policy, "defaultLifetimeInMinutes").unwrap_or(60);
    let lifetime = match body.get("lifetimeInMinutes") {
        None | Some(Value::Null) => usual,
        Some(value) => value
            .as_i64()
            .ok_or_else(|| fields::invalid("lifetimeInMinutes"))?,
    };
    if !(least..=most).contains(&lifetime) {
        return Err(refused(
            "The lifetime is outside the range that the policy allows.",
        ));
    }
    let always_once = policy.get("isUsableOnce") == Some(&Value::Bool(true));
    let once = fields::flag(body, "isUsableOnce")?.unwrap_or(always_once);
    if always_once && !once {
        return Err(refused("The policy demands passes for one use."));
    }
    let start = match fields::text(body, "startDateTime")? {
        None => now.to_owned(),
        Some(text) => match text.parse::<Timestamp>() {
            Ok(at) => at.to_string(),
            Err(_) => return Err(fields::invalid("startDateTime")),
        },
    };
    Ok(object(json!({
        "@odata.type": methods::odata_type("temporaryAccessPass"),
        "createdDateTime": now,
        "startDateTime": start,
        "lifetimeInMinutes": lifetime,
        "isUsableOnce": once,
    })))
}

/// Whether a path is that of the policy.
pub(in crate::graph) fn is_policy(path: &[&str]) -> bool {
    match path {
        [
            "policies",
            "authenticationMethodsPolicy",
            "authenticationMethodConfigurations",
            name,
        ] => name.eq_ignore_ascii_case("temporaryAccessPass"),
        _ => false,
    }
}

/// Changes the policy.
pub(super) fn change_policy(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&PASS_POLICY_WRITE)?;
    let body = writer.body()?;
    if text(&body, "@odata.type") != Some(PASS_POLICY_TYPE) {
        return Err(refused("The body names its type with @odata.type."));
    }
    let mut policy = methods::pass_policy(writer.caller()?.tenant);
    for (name, value) in body.into_iter().filter(|(name, _)| !name.contains('@')) {
        let fine = match name.as_str() {
            "state" => ["enabled", "disabled"].iter().any(|state| value == *state),
            "isUsableOnce" => value.is_boolean(),
            "includeTargets" | "excludeTargets" => value.is_array(),
            _ => match NUMBERS.iter().find(|(own, ..)| *own == name) {
                Some((_, least, most)) => value
                    .as_i64()
                    .is_some_and(|value| (*least..=*most).contains(&value)),
                None => return Err(Refused::unknown_property(&name, PASS_CONFIGURATION.name)),
            },
        };
        if !fine {
            return Err(fields::invalid(&name));
        }
        policy.insert(name, value);
    }
    let number = |name: &str| policy.get(name).and_then(Value::as_i64).unwrap_or(0);
    let usual = number("defaultLifetimeInMinutes");
    if usual < number("minimumLifetimeInMinutes") || usual > number("maximumLifetimeInMinutes") {
        return Err(fields::invalid("defaultLifetimeInMinutes"));
    }
    let (tenant, _) = writer.change("policy.pass.update", "TemporaryAccessPass")?;
    tenant.register.pass_policy = Some(policy);
    Ok(Answer::Nothing)
}
