//! Subscriptions to changes: making, renewing and ending them.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Writer, fields};
use crate::{
    graph::{
        answer::Answer,
        rights::{GROUPS, USERS},
        subscriptions,
    },
    odata::{Refused, apps::SUBSCRIPTION},
    world::{Json, Removed, access::object, notices},
};

/// How long a subscription to changes of the directory runs at most.
const MOST_MINUTES: i64 = 41_760;
/// What ends sooner is given this long.
const FEWEST_MINUTES: i64 = 45;
/// The most subscriptions of one app in one tenant.
const MOST: usize = 100;
const LONGEST_STATE: usize = 128;

/// Begins to tell of changes. An address on this machine has shown by then that it answers.
pub(super) fn create(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    let body = writer.body()?;
    let of = |name: &'static str| {
        fields::text(&body, name)
            .ok()
            .flatten()
            .ok_or_else(|| lacking(name))
    };
    let (kinds, url, resource) = (of("changeType")?, of("notificationUrl")?, of("resource")?);
    let ends = ends(&body, writer.call.now)?;
    let known = ["created", "updated", "deleted"];
    if !kinds.split(',').all(|kind| known.contains(&kind.trim())) {
        return Err(invalid("changeType is not one of created, updated and deleted."));
    }
    if let Some(other) = body
        .keys()
        .find(|name| !name.contains('@') && SUBSCRIPTION.member(name).is_none())
    {
        return Err(Refused::unknown_property(other, SUBSCRIPTION.name));
    }
    let urls = urls(&body, url)?;
    let state = fields::text(&body, "clientState")?;
    if state.is_some_and(|state| state.len() > LONGEST_STATE) {
        return Err(invalid("clientState is longer than 128 characters."));
    }
    let (collection, _) = notices::topic(resource).ok_or_else(|| {
        invalid("The resource of the subscription is not supported: users, groups, or one of them.")
    })?;
    writer.demand(if collection == "users" { &USERS } else { &GROUPS })?;
    if subscriptions::own(&writer.caller()?).len() >= MOST {
        return Err(Refused::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "The app has as many subscriptions in this tenant as an app may have.",
        ));
    }
    if !urls.iter().all(|url| writer.world.journal.answers(url)) {
        return Err(Refused::new(
            StatusCode::BAD_REQUEST,
            "ValidationError",
            "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation \
             request.",
        ));
    }
    let id = writer.fresh("subscription");
    let mut row = body.clone();
    row.retain(|name, _| !name.contains('@'));
    row.extend(object(json!({
        "id": id,
        "applicationId": writer.call.claims.appid,
        "creatorId": writer.call.claims.oid,
        "clientState": state,
        "expirationDateTime": ends.to_string(),
    })));
    let (tenant, version) = writer.change("subscription.create", &id)?;
    tenant.register.subscriptions.put(row.clone(), version);
    writer.created("subscriptions", &SUBSCRIPTION, &row)
}

/// Where changes are told, and what happens to the subscription itself.
fn urls<'a>(body: &'a Json, url: &'a str) -> Result<Vec<&'a str>, Refused> {
    let lifecycle = fields::text(body, "lifecycleNotificationUrl")?;
    let urls: Vec<&str> = std::iter::once(url).chain(lifecycle).collect();
    let is_good = |url: &&str| url.starts_with("https://") || notices::is_loopback(url);
    if urls.iter().all(is_good) {
        return Ok(urls);
    }
    Err(invalid(
        "notificationUrl and lifecycleNotificationUrl have to be addresses that begin with https.",
    ))
}

/// Lets a subscription run longer.
pub(super) fn renew(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let body = writer.body()?;
    let changeable = ["expirationDateTime", "notificationUrl"];
    if let Some(other) = body
        .keys()
        .find(|name| !name.contains('@') && !changeable.contains(&name.as_str()))
    {
        return Err(invalid(&format!("{other} cannot be changed.")));
    }
    let ends = ends(&body, writer.call.now)?;
    let (tenant, version) = writer.change("subscription.renew", id)?;
    let table = &mut tenant.register.subscriptions;
    table.set(id, "expirationDateTime", ends.to_string(), version);
    if let Some(url) = body.get("notificationUrl") {
        table.set(id, "notificationUrl", url.clone(), version);
    }
    let row = find(writer, id)?;
    Ok(Answer::Json(writer.whole(
        "subscriptions",
        &SUBSCRIPTION,
        &row,
    )?))
}

/// Says again that changes are wanted, and may be told.
pub(super) fn reauthorize(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    let row = find(writer, id)?;
    let about = row
        .get("resource")
        .and_then(Value::as_str)
        .and_then(notices::topic);
    let of_users = about.is_none_or(|(collection, _)| collection == "users");
    writer.demand(if of_users { &USERS } else { &GROUPS })?;
    writer.change("subscription.reauthorize", id)?;
    Ok(Answer::Nothing)
}

/// Ends a subscription.
pub(super) fn delete(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    find(writer, id)?;
    let (tenant, version) = writer.change("subscription.delete", id)?;
    tenant
        .register
        .subscriptions
        .remove(id, Removed::Deleted, version);
    Ok(Answer::Nothing)
}

fn find(writer: &Writer<'_>, id: &str) -> Result<Json, Refused> {
    let own = subscriptions::own(&writer.caller()?);
    own.get(id).cloned().ok_or_else(|| subscriptions::missing(id))
}

fn ends(body: &Json, now: Timestamp) -> Result<Timestamp, Refused> {
    let text = body.get("expirationDateTime").and_then(Value::as_str);
    let text = text.ok_or_else(|| lacking("expirationDateTime"))?;
    let ends: Timestamp = text.parse().map_err(|_| fields::invalid("expirationDateTime"))?;
    if ends <= now {
        return Err(invalid("Subscription expiration can only be in the future."));
    }
    if ends > now + SignedDuration::from_mins(MOST_MINUTES) {
        return Err(invalid(&format!(
            "Subscription expiration can only be {MOST_MINUTES} minutes in the future."
        )));
    }
    Ok(ends.max(now + SignedDuration::from_mins(FEWEST_MINUTES)))
}

fn lacking(name: &str) -> Refused {
    invalid(&format!("The property '{name}' is required."))
}

fn invalid(message: &str) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, "InvalidRequest", message)
}
