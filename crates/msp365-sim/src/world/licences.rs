//! Who holds which licence, directly or by group; what the tenant bought; and mailboxes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    access::{object, text},
    chance::Dice,
    draft::{BUSINESS_SEATS, Draft, day},
    groups,
    model::{Json, Mailbox, Tenant},
    products::{self, Product},
};

/// How a user came to a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Paths {
    directly: bool,
    by_group: bool,
}

type Held = BTreeMap<String, Vec<(Product, Paths)>>;

/// The product most users of a customer hold, which decides about Entra ID P1 and Intune.
pub(crate) fn main_product(draft: &Draft, has_p1: bool) -> Product {
    let dice = draft.dice("main product");
    if !has_p1 {
        return products::BUSINESS_STANDARD;
    }
    if draft.size <= BUSINESS_SEATS && dice.chance(75) {
        return products::BUSINESS_PREMIUM;
    }
    if dice.chance(25) {
        products::E5
    } else {
        products::E3
    }
}

/// Hands out licences, and makes the tenant's purchases and mailboxes fit.
pub(crate) fn assign(draft: &Draft, tenant: &mut Tenant) {
    let main = main_product(draft, tenant.has_p1);
    let held = hand_out(draft, tenant, main);
    let group = group_for(draft, tenant, main, &held);
    let dice = draft.dice("licence details");
    let mut consumed: BTreeMap<&str, (Product, u64)> = BTreeMap::new();
    consumed.insert(main.part_number, (main, 0));
    for (user, licences) in &held {
        let held = holdings(draft, &dice, licences, group.as_deref());
        let json = tenant.users.add(user, held).unwrap_or_default();
        for (product, _) in licences {
            consumed.entry(product.part_number).or_insert((*product, 0)).1 += 1;
        }
        if licences.iter().any(|(product, _)| product.has_mailbox()) {
            let mailbox = mailbox(draft, &dice, &json);
            tenant.mailboxes.extend(mailbox);
        }
    }
    for (product, count) in consumed.into_values() {
        let bought = purchase(tenant, &dice, &product, count);
        tenant.subscribed_skus.push(object(bought));
    }
}

fn hand_out(draft: &Draft, tenant: &Tenant, main: Product) -> Held {
    let dice = draft.dice("licences");
    let mut held = Held::new();
    for (id, user) in tenant.users.picked(&["userType", "accountEnabled"]) {
        let is_member = text(&user, "userType") == Some("Member");
        let is_enabled = user.get("accountEnabled") == Some(&Value::Bool(true));
        let keeps = if is_enabled {
            dice.chance(draft.shares.licensed)
        } else {
            dice.chance(30)
        };
        if !is_member || !keeps {
            continue;
        }
        let second = second_choice(main);
        let product = if dice.chance(80) { main } else { second };
        let by_group = tenant.has_p1 && draft.size >= 10 && product == main && dice.chance(45);
        let directly = !by_group || dice.chance(10);
        let mut licences = vec![(product, Paths { directly, by_group })];
        for (extra, percent) in products::EXTRAS {
            if dice.chance(percent) {
                let paths = Paths {
                    directly: true,
                    by_group: false,
                };
                licences.push((extra, paths));
            }
        }
        held.insert(id.to_owned(), licences);
    }
    held
}

fn second_choice(main: Product) -> Product {
    match main.part_number {
        "O365_BUSINESS_PREMIUM" => products::BUSINESS_BASIC,
        "SPB" => products::EXCHANGE_ONLINE,
        _ => products::F3,
    }
}

fn group_for(draft: &Draft, tenant: &mut Tenant, main: Product, held: &Held) -> Option<String> {
    let members: Vec<_> = held
        .iter()
        .filter(|(_, licences)| licences.iter().any(|(_, paths)| paths.by_group))
        .map(|(user, _)| user.clone())
        .collect();
    (!members.is_empty()).then(|| groups::licensing(draft, tenant, &main, &members))
}

/// What a user's licences look like in `assignedLicenses`, `licenseAssignmentStates` and `assignedPlans`.
fn holdings(draft: &Draft, dice: &Dice, licences: &[(Product, Paths)], group: Option<&str>) -> Json {
    let mut assigned = Vec::new();
    let mut states = Vec::new();
    let mut plans = Vec::new();
    for (product, paths) in licences {
        let since = draft.ago(dice, 5, 700).to_string();
        assigned.push(json!({"skuId": product.sku_id, "disabledPlans": []}));
        let state = |by: Option<&str>| {
            json!({
                "skuId": product.sku_id, "assignedByGroup": by, "disabledPlans": [], "error": "None",
                "lastUpdatedDateTime": since, "state": "Active",
            })
        };
        states.extend(paths.directly.then(|| state(None)));
        states.extend(paths.by_group.then(|| state(group)));
        plans.extend(product.plans.iter().map(|(id, _, service)| {
            json!({
                "servicePlanId": id, "service": service, "capabilityStatus": "Enabled",
                "assignedDateTime": since,
            })
        }));
    }
    object(json!({"assignedLicenses": assigned, "licenseAssignmentStates": states, "assignedPlans": plans}))
}

fn purchase(tenant: &Tenant, dice: &Dice, product: &Product, consumed: u64) -> Value {
    let spare = dice.between(0, 3 + consumed / 10);
    let is_free = product.part_number == "FLOW_FREE";
    let mut bought = products::subscription(tenant, product, &dice.id());
    bought["consumedUnits"] = json!(consumed);
    bought["prepaidUnits"]["enabled"] = json!(if is_free { 10_000 } else { consumed + spare });
    bought
}

const GIB: u64 = 1 << 30;

/// A user's mailbox with nothing in it.
pub(crate) fn empty_mailbox(user: &Json, created: Timestamp) -> Option<Mailbox> {
    Some(Mailbox {
        user: text(user, "id")?.to_owned(),
        user_principal_name: text(user, "userPrincipalName")?.to_owned(),
        display_name: text(user, "displayName")?.to_owned(),
        created: day(created),
        last_activity: None,
        item_count: 0,
        storage_used: 0,
        issue_warning_quota: 49 * GIB,
        prohibit_send_quota: 49 * GIB + GIB / 2,
        prohibit_send_receive_quota: 50 * GIB,
        deleted_item_count: 0,
        deleted_item_size: 0,
        deleted_item_quota: 30 * GIB,
        has_archive: false,
        recipient_type: "User",
    })
}

fn mailbox(draft: &Draft, dice: &Dice, user: &Json) -> Option<Mailbox> {
    let created = text(user, "createdDateTime")?.parse().ok()?;
    let items = dice.between(20, 90_000);
    let deleted = items / 12;
    let active = dice.chance(88).then(|| day(draft.ago(dice, 2, 60)));
    Some(Mailbox {
        last_activity: active,
        item_count: items,
        storage_used: items * dice.between(20_000, 120_000),
        deleted_item_count: deleted,
        deleted_item_size: deleted * dice.between(10_000, 60_000),
        has_archive: dice.chance(10),
        ..empty_mailbox(user, created)?
    })
}
