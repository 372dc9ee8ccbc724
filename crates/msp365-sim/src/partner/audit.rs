//! What Partner Center tells of itself: what was done, and by whom with a second factor or without.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::Offset};
use msp365_core::TenantId;
use serde_json::{Value, json};

use super::{
    paging::{self, Filter, Rules, whole},
    rights,
    wire::{Answer, Refusal},
};
use crate::{
    api::ApiCall,
    world::{
        World,
        access::text,
        commerce::{Call, Record},
    },
};

const RULES: Rules = Rules {
    filters: &[
        ("CompanyName", "substring"),
        ("CustomerId", "equals"),
        ("ResourceType", "equals"),
    ],
    sorts: "",
};
/// Records are kept so long.
const KEPT_DAYS: i64 = 90;
/// So much is told where no start is named.
const WINDOW_DAYS: i64 = 30;
/// Calls are told of so long.
const CALLS_DAYS: i64 = 7;

/// What was done to a customer.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) customer: TenantId,
    /// Resource and operation in the words of audit records.
    pub(super) kind: (&'static str, &'static str),
    /// The resource, without secrets.
    pub(super) value: Value,
}

/// Keeps a record of what was done.
pub(super) fn keep(world: &mut World, call: &ApiCall, done: &Done) {
    let record = Record {
        at: call.now,
        customer: done.customer,
        user: call.claims.oid.clone().filter(|_| !call.claims.app_only),
        app: call.claims.appid.clone(),
        kind: done.kind,
        value: done.value.to_string(),
    };
    world.journal.commerce.records.push(record);
    world.effect(done.customer, done.kind.1, "");
}

/// Keeps a call, if a person is behind it.
pub(super) fn note(world: &mut World, call: &ApiCall) {
    let Ok(user) = rights::person(call) else {
        return;
    };
    let path: Vec<&str> = call
        .path
        .iter()
        .map(|segment| match uuid::Uuid::try_parse(segment) {
            Ok(_) => "{id}",
            Err(_) => segment.as_str(),
        })
        .collect();
    let method = call.method.as_str();
    let (head, tail) = method.split_at_checked(1).unwrap_or((method, ""));
    let header = |name: &str| call.header(name).unwrap_or_default().to_owned();
    let noted = Call {
        at: call.now,
        request: header("MS-RequestId"),
        correlation: header("MS-CorrelationId"),
        operation: format!("{head}{} /v{{version}}/{}", tail.to_lowercase(), path.join("/")),
        user: user.to_owned(),
        app: call.claims.appid.clone(),
        is_compliant: call.claims.amr.iter().any(|way| way == "mfa"),
    };
    world.journal.commerce.note(noted);
}

/// A page of what was done, the latest first.
pub(super) fn records(world: &World, call: &ApiCall) -> Result<Answer, Refusal> {
    let seek = paging::seek(world, call, &RULES)?;
    let (start, end) = window(call)?;
    let mut fitting: Vec<&Record> = world
        .journal
        .commerce
        .records
        .iter()
        .filter(|record| (start..=end).contains(&day(record.at)) && fits(world, record, seek.filter.as_ref()))
        .collect();
    fitting.reverse();
    Ok(paging::page(world, call, (&seek, &fitting), |record| {
        render(world, record)
    }))
}

/// First and last day that are asked for: the last thirty days, or up to thirty from the start.
fn window(call: &ApiCall) -> Result<(Date, Date), Refusal> {
    let today = day(call.now);
    let read = |name: &str| {
        let text = call.option(name).filter(|text| !text.is_empty());
        text.map(str::parse::<Date>)
            .transpose()
            .map_err(|_| Refusal::invalid(format!("The {name} is not written as yyyy-mm-dd.")))
    };
    let start = read("startDate")?.unwrap_or_else(|| plus(today, -WINDOW_DAYS));
    let end = read("endDate")?.unwrap_or_else(|| plus(start, WINDOW_DAYS).min(today));
    if start < plus(today, -KEPT_DAYS) {
        return Err(Refusal::new(
            http::StatusCode::BAD_REQUEST,
            400,
            "The start date lies more than 90 days back.",
        ));
    }
    if end < start {
        return Err(Refusal::invalid("The end date lies before the start date."));
    }
    Ok((start, end))
}

fn fits(world: &World, record: &Record, filter: Option<&Filter>) -> bool {
    let Some(filter) = filter else {
        return true;
    };
    let wanted = filter.value.to_lowercase();
    match filter.field.as_str() {
        "CompanyName" => name_of(world, record.customer).to_lowercase().contains(&wanted),
        "CustomerId" => record.customer.to_string() == wanted,
        _ => record.kind.0 == wanted || record.kind.0.replace('_', "") == wanted,
    }
}

fn name_of(world: &World, customer: TenantId) -> &str {
    world.tenant(customer).map_or("", |tenant| tenant.name.as_str())
}

fn upn_of<'a>(world: &'a World, user: &str) -> Option<&'a str> {
    text(world.partner.users.get(user)?, "userPrincipalName")
}

fn render(world: &World, record: &Record) -> Value {
    json!({
        "partnerId": world.partner.id,
        "customerId": record.customer,
        "customerName": name_of(world, record.customer),
        "userPrincipalName": record.user.as_deref().and_then(|user| upn_of(world, user)),
        "applicationId": record.app,
        "resourceType": record.kind.0,
        "resourceNewValue": record.value,
        "operationType": record.kind.1,
        "operationDate": record.at.to_string(),
        "operationStatus": "succeeded",
        "customizedData": [],
        "attributes": {"objectType": "AuditRecord"},
    })
}

/// How many calls of each app and day had a second factor behind them. The answer is a bare list.
pub(super) fn adoption(world: &World, call: &ApiCall) -> Result<Answer, Refusal> {
    rights::person(call)?;
    let (start, end) = window(call)?;
    let mut days: BTreeMap<(Date, &str), (u64, u64)> = BTreeMap::new();
    for one in &world.journal.commerce.calls {
        let on = day(one.at);
        if (start..=end).contains(&on) {
            let (compliant, total) = days.entry((on, &one.app)).or_default();
            *compliant += u64::from(one.is_compliant);
            *total += 1;
        }
    }
    let rows = days.iter().map(|((on, app), (compliant, total))| {
        json!({
            "loginDate": on.to_string(),
            "mfaCompliantRequestCount": compliant,
            "totalRequestCount": total,
            "applicationId": app,
            "applicationName": if *app == world.app.client_id { Some(&world.app.name) } else { None },
        })
    });
    Ok(Answer::One(rows.collect()))
}

/// The calls of the last days with a person behind them, the latest first.
pub(super) fn calls(world: &World, call: &ApiCall) -> Result<Answer, Refusal> {
    rights::person(call)?;
    let rows = recent(world, call).map(|one| {
        json!({
            "requestId": one.request,
            "correlationId": one.correlation,
            "operationName": one.operation,
            "requestDateTime": one.at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "sourceIpAddress": "127.0.0.1",
            "objectId": one.user,
            "tenantId": world.partner.id,
            "upn": upn_of(world, &one.user),
            "applicationId": one.app,
            "mfaCompliant": one.is_compliant,
        })
    });
    Ok(whole(rows.collect()))
}

/// Who called in the last days without a second factor, and when last.
pub(super) fn offenders(world: &World, call: &ApiCall) -> Result<Answer, Refusal> {
    rights::person(call)?;
    let mut latest: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for one in recent(world, call).filter(|one| !one.is_compliant) {
        latest.entry(&one.user).or_insert(one.at);
    }
    let rows = latest.iter().map(|(user, at)| {
        json!({
            "objectId": user,
            "tenantId": world.partner.id,
            "upn": upn_of(world, user),
            "lastNonMfaCompliantLoginDateTime": at.to_string(),
        })
    });
    Ok(whole(rows.collect()))
}

fn recent<'a>(world: &'a World, call: &ApiCall) -> impl Iterator<Item = &'a Call> + use<'a> {
    let since = call.now.checked_sub(SignedDuration::from_hours(CALLS_DAYS * 24));
    let since = since.unwrap_or(Timestamp::MIN);
    let all = world.journal.commerce.calls.iter().rev();
    all.take_while(move |one| one.at >= since)
}

fn day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(SignedDuration::from_hours(days * 24))
}
