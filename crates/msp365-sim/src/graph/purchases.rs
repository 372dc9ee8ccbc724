//! What was bought for a tenant: the subscriptions that its products come from.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, read_only,
    rights::SUBSCRIBED_SKUS,
    unknown,
};
use crate::{
    odata::{Refused, Rules, apps::COMPANY_SUBSCRIPTION},
    world::{
        Json,
        access::{object, text},
        change::derived_id,
    },
};

const LIST: Rules = Rules {
    shape: &COMPANY_SUBSCRIPTION,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby",
    order: "createdDateTime nextLifecycleDateTime skuPartNumber",
    directory: false,
};

/// `directory/subscriptions`.
pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &SUBSCRIBED_SKUS)?;
    let all = bought(caller);
    let what = "directory/subscriptions";
    match rest {
        [] => people::rows(caller, what, &LIST, &all),
        ["commerceSubscriptionId=", id] => {
            let own = |row: &&Json| {
                text(row, "commerceSubscriptionId").is_some_and(|own| own.eq_ignore_ascii_case(id))
            };
            caller.entity(what, &COMPANY_SUBSCRIPTION, all.values().find(own), id)
        }
        [id] => caller.entity(what, &COMPANY_SUBSCRIPTION, all.get(&id.to_lowercase()), id),
        rest => Err(unknown(rest)),
    }
}

fn bought(caller: &Caller<'_>) -> BTreeMap<String, Json> {
    let skus = caller.tenant.subscribed_skus.iter();
    skus.flat_map(|sku| {
        let ids = sku
            .get("subscriptionIds")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
        let units = u64::try_from(ids.len()).unwrap_or(1).max(1);
        let total = units_of(sku);
        let rest = total % units;
        let share = move |at: usize| total / units + u64::from(at == 0) * rest;
        let rows = ids.into_iter().enumerate();
        let rows: Vec<Json> = rows
            .map(|(at, id)| subscription(caller, sku, (id, share(at))))
            .collect();
        rows
    })
    .map(|row| (id_of(&row).to_owned(), row))
    .collect()
}

fn units_of(sku: &Json) -> u64 {
    let units = sku.get("prepaidUnits").and_then(Value::as_object);
    let units = units
        .into_iter()
        .flatten()
        .filter_map(|(_, count)| count.as_u64());
    units.sum()
}

fn subscription(caller: &Caller<'_>, sku: &Json, (id, total): (&str, u64)) -> Json {
    let tenant = caller.tenant;
    let commerce = derived_id(tenant.id, &format!("commerce subscription {id}"));
    let since = text(&tenant.organization, "createdDateTime")
        .and_then(|at| at.parse::<Timestamp>().ok())
        .unwrap_or(caller.world.epoch);
    let part = text(sku, "skuPartNumber").unwrap_or_default();
    object(json!({
        "id": id,
        "commerceSubscriptionId": commerce,
        "createdDateTime": since.to_string(),
        "isTrial": part.contains("TRIAL"),
        "nextLifecycleDateTime": anniversary(since, caller.call.now).to_string(),
        "ownerId": Value::Null,
        "ownerTenantId": caller.world.partner.id,
        "ownerType": Value::Null,
        "serviceStatus": sku.get("servicePlans"),
        "skuId": sku.get("skuId"),
        "skuPartNumber": part,
        "status": sku.get("capabilityStatus"),
        "totalLicenses": total,
    }))
}

/// The next return of a day of the year.
fn anniversary(since: Timestamp, now: Timestamp) -> Timestamp {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let (first, today) = (day(since), day(now));
    let in_year = |year: i16| Date::new(year, first.month(), first.day().min(28)).ok();
    let next = in_year(today.year()).filter(|at| *at > today);
    let next = next.or_else(|| in_year(today.year().saturating_add(1)));
    next.and_then(|at| at.to_zoned(TimeZone::UTC).ok())
        .map_or(now, |at| at.timestamp())
}
