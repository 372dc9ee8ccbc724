//! What a customer has bought: subscriptions as sold, and products with what is left of them.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    customers::find,
    paging::{link, whole},
    rights,
    wire::{Answer, Refusal},
};
use crate::{
    api::ApiCall,
    world::{
        Json, Tenant, World,
        access::{later, text},
        change::derived_id,
    },
};

/// Subscriptions are sold for so long.
const TERM_DAYS: i64 = 365;

/// All subscriptions of a customer, or those of one order or of one partner on record.
pub(super) fn list(world: &World, call: &ApiCall, id: &str) -> Result<Answer, Refusal> {
    let customer = find(world, id)?;
    let fits = |row: &Value, option: &str, name: &str| {
        call.option(option)
            .is_none_or(|wanted| row[name].as_str().is_some_and(|own| own == wanted))
    };
    let all = all(world, customer);
    let chosen = all
        .into_iter()
        .filter(|row| fits(row, "order_id", "orderId") && fits(row, "mpn_id", "partnerId"));
    Ok(whole(chosen.collect()))
}

/// One subscription.
pub(super) fn get(world: &World, id: &str, subscription: &str) -> Result<Answer, Refusal> {
    let all = all(world, find(world, id)?);
    let found = all.into_iter().find(|row| row["id"] == subscription);
    found
        .map(Answer::One)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, 20_003, "The subscription was not found."))
}

/// Whether something is still sold to a customer.
pub(super) fn any_active(customer: &Tenant) -> bool {
    customer.subscribed_skus.iter().any(|sku| status(sku) == "active")
}

fn all(world: &World, customer: &Tenant) -> Vec<Value> {
    customer
        .subscribed_skus
        .iter()
        .map(|sku| subscription(world, customer, sku))
        .collect()
}

/// The id the directory knows a subscription by, or one that follows from the product.
fn id_of(customer: &Tenant, sku: &Json) -> String {
    let known = sku.get("subscriptionIds").and_then(|ids| ids.get(0)?.as_str());
    let product = text(sku, "skuId").unwrap_or_default();
    known.map_or_else(
        || derived_id(customer.id, &format!("subscription {product}")),
        str::to_owned,
    )
}

fn status(sku: &Json) -> &'static str {
    match text(sku, "capabilityStatus") {
        Some("Enabled" | "Warning") => "active",
        Some("Suspended" | "LockedOut") => "suspended",
        _ => "deleted",
    }
}

fn units(sku: &Json, name: &str) -> u64 {
    let units = sku
        .get("prepaidUnits")
        .and_then(|units| units.get(name)?.as_u64());
    units.unwrap_or(0)
}

fn subscription(world: &World, customer: &Tenant, sku: &Json) -> Value {
    let id = id_of(customer, sku);
    let product = text(sku, "skuId").unwrap_or_default();
    let offer = derived_id(customer.id, &format!("offer {product}")).to_uppercase();
    let bought = later(world.epoch, -100);
    let status = status(sku);
    json!({
        "id": id,
        "offerId": offer,
        "offerName": text(sku, "skuPartNumber"),
        "friendlyName": text(sku, "skuPartNumber"),
        "entitlementId": id,
        "quantity": units(sku, "enabled") + units(sku, "warning") + units(sku, "suspended"),
        "unitType": "Licenses",
        "hasPurchasableAddons": false,
        "creationDate": bought.to_string(),
        "effectiveStartDate": bought.to_string(),
        "commitmentEndDate": later(bought, TERM_DAYS).to_string(),
        "status": status,
        "autoRenewEnabled": status == "active",
        "isTrial": false,
        "isMicrosoftProduct": true,
        "publisherName": "Microsoft Corporation",
        "partnerId": partner_on_record(world),
        "suspensionReasons": if status == "suspended" { json!(["PartnerInitiated"]) } else { json!([]) },
        "billingType": "license",
        "billingCycle": "annual",
        "contractType": "subscription",
        "termDuration": "P1Y",
        "renewalTermDuration": "",
        "orderId": derived_id(customer.id, &format!("order {product}")),
        "links": {
            "offer": link(&format!("/v1/offers/{offer}")),
            "self": link(&format!("/customers/{}/subscriptions/{id}", customer.id)),
        },
        "attributes": {
            "etag": derived_id(customer.id, &format!("etag {id} {status}")).replace('-', ""),
            "objectType": "Subscription",
        },
    })
}

/// The number that the partner has with Microsoft, which follows from its tenant.
fn partner_on_record(world: &World) -> String {
    let (high, _) = world.partner.id.as_uuid().as_u64_pair();
    format!("{:07}", high % 10_000_000)
}

/// All products of a customer, of the groups of licences that are asked for.
pub(super) fn skus(world: &World, call: &ApiCall, id: &str) -> Result<Answer, Refusal> {
    rights::helper(world, call)?;
    let customer = find(world, id)?;
    rights::roles(world, call, customer)?;
    let groups: Vec<&str> = call
        .query
        .iter()
        .filter(|(name, _)| name == "licenseGroupIds")
        .map(|(_, value)| value.as_str())
        .collect();
    let known = |group: &&str| {
        ["group1", "group2"]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(group))
    };
    if !groups.iter().all(known) {
        return Err(Refusal::invalid("The license group is not known."));
    }
    // All products of the world are of the first group; the second is that of a game for schools.
    let wants = groups.is_empty() || groups.iter().any(|group| group.eq_ignore_ascii_case("group1"));
    let rows = customer.subscribed_skus.iter().filter(|_| wants);
    Ok(whole(rows.map(subscribed).collect()))
}

fn subscribed(sku: &Json) -> Value {
    let total = units(sku, "enabled") + units(sku, "warning");
    let consumed = sku.get("consumedUnits").and_then(Value::as_u64).unwrap_or(0);
    json!({
        "availableUnits": total.saturating_sub(consumed),
        "activeUnits": units(sku, "enabled"),
        "consumedUnits": consumed,
        "suspendedUnits": units(sku, "suspended"),
        "totalUnits": total,
        "warningUnits": units(sku, "warning"),
        "productSku": product(sku),
        "servicePlans": plans(sku, |_| "Enabled"),
        "capabilityStatus": text(sku, "capabilityStatus"),
        "attributes": {"objectType": "SubscribedSku"},
    })
}

/// A product as licences name it.
pub(super) fn product(sku: &Json) -> Value {
    json!({
        "id": text(sku, "skuId"),
        "name": text(sku, "skuPartNumber"),
        "skuPartNumber": text(sku, "skuPartNumber"),
        "targetType": text(sku, "appliesTo"),
        "licenseGroupId": "group1",
    })
}

/// The services of a product, each with what is the case with it.
pub(super) fn plans(sku: &Json, state: impl Fn(&str) -> &'static str) -> Vec<Value> {
    let all = sku.get("servicePlans").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|plan| {
            let id = text(plan, "servicePlanId").unwrap_or_default();
            json!({
                "displayName": text(plan, "servicePlanName"),
                "serviceName": text(plan, "servicePlanName"),
                "id": id,
                "capabilityStatus": state(id),
                "targetType": text(plan, "appliesTo").unwrap_or("User"),
            })
        })
        .collect()
}
