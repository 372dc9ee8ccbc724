//! Customers and what they bought.

use super::*;

pub(super) fn read(world: &mut World, target: &str) -> Value {
    body(&handle(world, &call(target)))
}

pub(super) fn send(method: &str, target: &str, body: &Value) -> ApiCall {
    ApiCall {
        method: method.parse().unwrap(),
        body: Bytes::from(body.to_string()),
        ..call(target)
    }
}

fn sought(world: &mut World, operation: &str, token: &Value) -> Value {
    let target = format!("customers?seekOperation={operation}");
    let seek = with(call(&target), "MS-ContinuationToken", token.as_str().unwrap());
    body(&handle(world, &seek))
}

#[test]
fn pages_are_sought_forwards_backwards_and_from_either_end() {
    let mut world = world();
    let mut third = crate::world::Tenant::empty(id(STAFF), "Litware");
    third.initial_domain = "litware.onmicrosoft.example".to_owned();
    world.customers.push(third);
    let name = |page: &Value| page["items"][0]["companyProfile"]["companyName"].clone();

    let first = read(&mut world, "customers?size=1");
    let second = sought(&mut world, "Next", &first["continuationToken"]);

    assert_eq!(
        (name(&first), name(&second)),
        (json!("Contoso"), json!("Fabrikam"))
    );
    let token = &second["continuationToken"];
    assert_eq!(name(&sought(&mut world, "0", token)), "Litware");
    assert_eq!(name(&sought(&mut world, "Previous", token)), "Contoso");
    assert_eq!(name(&sought(&mut world, "First", token)), "Contoso");
    let last = sought(&mut world, "Last", token);
    assert_eq!(name(&last), "Litware");
    assert!(last.get("continuationToken").is_none());
}

#[test]
fn no_customer_is_had_through_another_reseller() {
    let mut world = world();
    let filter = r#"{"Field":"IndirectReseller","Value":"x","Operator":"starts_with"}"#;

    let found = read(&mut world, &format!("customers?filter={filter}"));

    assert_eq!(found["items"], json!([]));
    assert_eq!(
        read(&mut world, &format!("customers/{CONTOSO}/relationships"))["totalCount"],
        0
    );
    let partners = "relationships?relationship_type=is_indirect_reseller_of";
    assert_eq!(read(&mut world, partners)["items"], json!([]));
    assert_eq!(problem(&handle(&mut world, &call("relationships"))), (400, 3_000));
}

#[test]
fn a_customer_is_invited_and_its_services_are_managed_at_addresses() {
    let mut world = world();

    let invitation = read(&mut world, "customers/relationshiprequests");
    let services = read(&mut world, &format!("customers/{CONTOSO}/managedservices"));

    assert!(invitation["url"].as_str().unwrap().contains(PARTNER));
    assert_eq!(
        invitation["attributes"]["objectType"],
        "CustomerRelationshipRequest"
    );
    let exchange = &services["items"][0]["links"]["adminService"]["uri"];
    assert!(
        exchange
            .as_str()
            .unwrap()
            .ends_with("delegatedOrg=contoso.onmicrosoft.example")
    );
}

#[test]
fn a_customer_is_left_once_nothing_is_sold_to_it() {
    let mut world = world();
    let target = format!("customers/{CONTOSO}");
    let leave = send("PATCH", &target, &json!({"relationshipToPartner": "none"}));
    let stay = send("PATCH", &target, &json!({"relationshipToPartner": "advisor"}));

    let too_early = handle(&mut world, &leave);
    world.customers[0].subscribed_skus.clear();
    let other = handle(&mut world, &stay);
    let left = handle(&mut world, &leave);

    assert_eq!(problem(&too_early), (400, 3_000));
    assert_eq!(problem(&other), (400, 3_000));
    assert_eq!(
        (left.status.as_u16(), &body(&left)["relationshipToPartner"]),
        (200, &json!("none"))
    );
    assert_eq!(problem(&handle(&mut world, &call(&target))), (403, 20_002));
    assert_eq!(read(&mut world, "customers")["totalCount"], 1);
}

#[test]
fn a_change_with_an_old_etag_is_refused() {
    let mut world = world();
    world.customers[0].subscribed_skus.clear();
    let target = format!("customers/{CONTOSO}");
    let leave = json!({"relationshipToPartner": "none"});
    let tag = read(&mut world, &target)["billingProfile"]["attributes"]["etag"].clone();
    let mut inside = leave.clone();
    inside["attributes"] = json!({"etag": "old"});

    let stale = with(send("PATCH", &target, &leave), "if-match", "\"old\"");
    let fresh = with(
        send("PATCH", &target, &leave),
        "if-match",
        &format!("\"{}\"", tag.as_str().unwrap()),
    );

    assert_eq!(problem(&handle(&mut world, &stale)), (412, 412));
    assert_eq!(
        problem(&handle(&mut world, &send("PATCH", &target, &inside))),
        (400, 2_055)
    );
    assert_eq!(handle(&mut world, &fresh).status, 200);
}

#[test]
fn the_partner_is_no_customer_of_its_own() {
    let mut world = world();

    let reply = handle(&mut world, &call(&format!("customers/{PARTNER}")));

    assert_eq!(problem(&reply), (403, 20_002));
}

#[test]
fn subscriptions_follow_from_what_the_customer_has_and_are_found_by_order() {
    let mut world = world();
    let set = format!("customers/{CONTOSO}/subscriptions");

    let all = read(&mut world, &set);
    let one = &all["items"][0];
    let (id, order) = (one["id"].as_str().unwrap(), one["orderId"].as_str().unwrap());

    assert_eq!(
        (&one["offerName"], &one["quantity"]),
        (&json!("ENTERPRISEPACK"), &json!(5))
    );
    assert_eq!(
        (&one["status"], &one["termDuration"]),
        (&json!("active"), &json!("P1Y"))
    );
    assert_eq!(read(&mut world, &format!("{set}/{id}"))["id"], id);
    assert_eq!(
        read(&mut world, &format!("{set}?order_id={order}"))["totalCount"],
        1
    );
    assert_eq!(read(&mut world, &format!("{set}?mpn_id=1"))["totalCount"], 0);
    assert_eq!(
        problem(&handle(&mut world, &call(&format!("{set}/nothing")))),
        (404, 20_003)
    );
    let alone = app_only(call(&set), &[]);
    assert_eq!(handle(&mut world, &alone).status, 200);
}

#[test]
fn products_tell_what_is_left_of_them_to_people_alone() {
    let mut world = world();
    let set = format!("customers/{CONTOSO}/subscribedskus");

    let all = read(&mut world, &set);

    let one = &all["items"][0];
    assert_eq!(
        (&one["totalUnits"], &one["availableUnits"]),
        (&json!(5), &json!(3))
    );
    assert_eq!(one["productSku"]["licenseGroupId"], "group1");
    assert_eq!(
        read(&mut world, &format!("{set}?licenseGroupIds=Group2"))["totalCount"],
        0
    );
    let both = format!("{set}?licenseGroupIds=Group1&licenseGroupIds=Group2");
    assert_eq!(read(&mut world, &both)["totalCount"], 1);
    assert_eq!(
        problem(&handle(
            &mut world,
            &call(&format!("{set}?licenseGroupIds=Group3"))
        )),
        (400, 3_000)
    );
    assert_eq!(
        problem(&handle(&mut world, &app_only(call(&set), &[]))),
        (403, 2_032)
    );
}

#[test]
fn people_need_to_be_agents_of_the_partner_for_customers() {
    let mut world = world();
    world.partner.members.remove(ADMIN_AGENTS);

    assert_eq!(problem(&handle(&mut world, &call("customers"))), (403, 900_150));
    world.partner.groups.put(security_group(TEAM, "SalesAgents"), 1);
    world
        .partner
        .add_member(TEAM, ACCOUNT, "#microsoft.graph.user", 1);
    assert_eq!(handle(&mut world, &call("customers")).status, 200);
    let users = format!("customers/{CONTOSO}/users");
    assert_eq!(problem(&handle(&mut world, &call(&users))), (403, 900_150));
}

#[test]
fn whoever_takes_no_json_gets_nothing() {
    let mut world = world();
    let html = with(call("customers"), "accept", "text/html");
    let json = with(call("customers"), "accept", "application/json");

    assert_eq!(problem(&handle(&mut world, &html)), (406, 406));
    assert_eq!(handle(&mut world, &json).status, 200);
}
