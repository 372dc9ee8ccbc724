//! Secrets of applications: told once, then known by their first letters alone.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{super::fields, find};
use crate::{
    canary::MARK,
    graph::{answer::Answer, applications::with_secrets, write::Writer},
    odata::Refused,
    world::{Json, access::later, access::text, apps::AppSecret, chance::Dice},
};

/// How long a secret is good that says nothing of its end.
const USUAL_LIFE_DAYS: i64 = 730;
const LETTERS: usize = 40;

/// Adds a secret.
pub(super) fn add(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let app = app_of(writer, id)?;
    let body = writer.optional_body()?;
    let wanted = match body.get("passwordCredential") {
        None | Some(Value::Null) => Json::new(),
        Some(Value::Object(wanted)) => wanted.clone(),
        Some(_) => return Err(fields::invalid("passwordCredential")),
    };
    let starts = moment(&wanted, "startDateTime")?.unwrap_or(writer.call.now);
    let ends = moment(&wanted, "endDateTime")?.unwrap_or_else(|| later(starts, USUAL_LIFE_DAYS));
    if ends <= starts || ends <= writer.call.now {
        return Err(fields::invalid("endDateTime"));
    }
    let name = fields::text(&wanted, "displayName")?.map(str::to_owned);
    writer.change("application.addPassword", id)?;
    let dice = Dice::new(
        writer.world.seed,
        &format!("secret of {app} {}", writer.world.version),
    );
    let secret = AppSecret {
        key_id: dice.id(),
        name,
        text: SecretString::from([MARK, &dice.code(LETTERS - MARK.len())].concat()),
        starts,
        ends,
    };
    let mut told = secret.render();
    told.insert("secretText".to_owned(), json!(secret.text.expose_secret()));
    let context = writer
        .caller()?
        .context("microsoft.graph.passwordCredential", None);
    told.insert("@odata.context".to_owned(), json!(context));
    writer.world.secrets.entry(app).or_default().push(secret);
    show(writer, id)?;
    Ok(Answer::Json(Value::Object(told)))
}

/// Takes a secret away.
pub(super) fn remove(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let app = app_of(writer, id)?;
    let body = writer.body()?;
    let key = fields::text(&body, "keyId")?.ok_or_else(|| fields::required("keyId"))?;
    let is_it = |secret: &AppSecret| secret.key_id.eq_ignore_ascii_case(key);
    let known = writer
        .world
        .secrets
        .get(&app)
        .is_some_and(|own| own.iter().any(is_it));
    if !known {
        return Err(Refused::bad("No password credential found with keyId."));
    }
    writer.change("application.removePassword", id)?;
    if let Some(own) = writer.world.secrets.get_mut(&app) {
        own.retain(|secret| !is_it(secret));
    }
    show(writer, id)?;
    Ok(Answer::Nothing)
}

fn app_of(writer: &Writer<'_>, id: &str) -> Result<String, Refused> {
    let row = find(writer, id)?;
    Ok(text(&row, "appId").unwrap_or_default().to_owned())
}

/// Lets delta see that the secrets changed.
fn show(writer: &mut Writer<'_>, id: &str) -> Result<(), Refused> {
    let version = writer.world.version;
    let caller = writer.caller()?;
    let row = caller.tenant.register.applications.get(id);
    let shown = row.map(|row| with_secrets(&caller, row));
    let shown = shown.and_then(|row| row.get("passwordCredentials").cloned());
    if let Some((shown, tenant)) = shown.zip(writer.world.tenant_mut(writer.call.tenant)) {
        let table = &mut tenant.register.applications;
        table.set(id, "passwordCredentials", shown, version);
    }
    Ok(())
}

fn moment(body: &Json, name: &'static str) -> Result<Option<Timestamp>, Refused> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => text.parse().map(Some).map_err(|_| fields::invalid(name)),
        Some(_) => Err(fields::invalid(name)),
    }
}
