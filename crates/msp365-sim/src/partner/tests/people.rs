//! Users of a customer, their licences and roles.

use super::{
    commerce::{read, send},
    *,
};
use crate::world::Removed;

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const LICENSE: &str = "4d6ac14f-3453-41d0-bef9-a3e0c569773a";

/// The world in which the service account has this role in Contoso.
fn acting_as(role: &str) -> World {
    let mut world = world();
    world.relationships[0].assignments[0].roles = vec![role.to_owned()];
    world
}

fn users(rest: &str) -> String {
    format!("customers/{CONTOSO}/users{rest}")
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|user| user["displayName"].as_str().unwrap()).collect()
}

#[test]
fn users_come_in_pages_and_in_order() {
    let mut world = world();

    let all = read(
        &mut world,
        &users("?size=2&sortField=DisplayName&sortDirection=Descending"),
    );
    let token = all["continuationToken"].as_str().unwrap();
    let next = with(call(&users("?seekOperation=Next")), "MS-ContinuationToken", token);
    let elsewhere = with(
        call("customers?seekOperation=Next"),
        "MS-ContinuationToken",
        token,
    );

    assert_eq!(names(&all), ["Cleo Ng", "Bo O'Neil"]);
    assert_eq!(names(&body(&handle(&mut world, &next))), ["Ada Lovelace"]);
    assert_eq!(problem(&handle(&mut world, &elsewhere)), (400, 3_000));
    assert_eq!(
        problem(&handle(&mut world, &call(&users("?sortField=shoeSize")))),
        (400, 3_000)
    );
    let one = &all["items"][0];
    assert_eq!(
        (&one["state"], &one["userDomainType"]),
        (&json!("active"), &json!("managed"))
    );
}

#[test]
fn deleted_users_are_listed_when_they_are_asked_for() {
    let mut world = world();
    let contoso = &mut world.customers[0];
    contoso
        .users
        .set(BO, "deletedDateTime", "2026-11-20T00:00:00Z", 2);
    contoso.users.remove(BO, Removed::Changed, 2);
    let filter = r#"{"Field":"UserState","Value":"Inactive","Operator":"equals"}"#;

    let gone = read(&mut world, &users(&format!("?size=500&filter={filter}")));

    assert_eq!(names(&gone), ["Bo O'Neil"]);
    assert_eq!(gone["items"][0]["state"], "inactive");
    assert_eq!(gone["items"][0]["softDeletionTime"], "2026-11-20T00:00:00Z");
    assert_eq!(names(&read(&mut world, &users(""))).len(), 2);
}

#[test]
fn users_are_for_people_with_a_role_in_the_customer() {
    let mut world = world();

    assert_eq!(read(&mut world, &users(&format!("/{ADA}")))["firstName"], "Ada");
    assert_eq!(
        problem(&handle(&mut world, &call(&users("/nobody")))),
        (404, 60_002)
    );
    assert_eq!(
        problem(&handle(&mut world, &app_only(call(&users("")), &[]))),
        (403, 2_032)
    );
    world.relationships.clear();
    assert_eq!(problem(&handle(&mut world, &call(&users("")))), (403, 2_032));
}

#[test]
fn a_password_is_set_by_whoever_may_and_ends_the_sessions() {
    let set = |password: &str| {
        let body = json!({"passwordProfile": {"password": password, "forceChangePassword": true},
            "attributes": {"objectType": "CustomerUser"}});
        send("PATCH", &users(&format!("/{BO}")), &body)
    };
    let mut world = acting_as(USER_ADMINISTRATOR);

    let easy = handle(&mut world, &set("easy"));
    let done = handle(&mut world, &set("Xy7-quiet-river"));

    assert_eq!(problem(&easy), (400, 3_000));
    assert_eq!(
        (
            done.status.as_u16(),
            &body(&done)["passwordProfile"]["forceChangePassword"]
        ),
        (200, &json!(true))
    );
    assert_eq!(world.take_revoked(), [BO]);
    let mut world = acting_as(GLOBAL_READER);
    assert_eq!(
        problem(&handle(&mut world, &set("Xy7-quiet-river"))),
        (403, 2_032)
    );
    let mut world = acting_as(USER_ADMINISTRATOR);
    world.customers[0].users.set(BO, "onPremisesSyncEnabled", true, 2);
    assert_eq!(
        problem(&handle(&mut world, &set("Xy7-quiet-river"))),
        (400, 3_000)
    );
}

#[test]
fn licences_are_given_and_taken_until_none_is_left() {
    let update = |body: Value| send("POST", &users(&format!("/{BO}/licenseupdates")), &body);
    let give = update(
        json!({"licensesToAssign": [{"skuId": SKU, "excludedPlans": null}], "licensesToRemove": null}),
    );
    let take = update(json!({"licensesToRemove": [SKU]}));
    let mut world = acting_as(LICENSE);
    world.customers[0].users.set(BO, "usageLocation", "GB", 2);

    let taken = handle(&mut world, &take);
    let none = read(&mut world, &users(&format!("/{BO}/licenses")));
    let given = handle(&mut world, &give);
    let held = read(&mut world, &users(&format!("/{BO}/licenses")));

    assert_eq!(
        (taken.status.as_u16(), none["totalCount"].as_u64()),
        (201, Some(0))
    );
    assert_eq!(
        (given.status.as_u16(), &body(&given)["licenseWarnings"]),
        (201, &json!([]))
    );
    assert_eq!(held["items"][0]["productSku"]["id"], SKU);
    handle(&mut world, &take);
    world.customers[0].subscribed_skus[0]["consumedUnits"] = json!(5);
    assert_eq!(problem(&handle(&mut world, &give)), (400, 60_012));
    assert_eq!(problem(&handle(&mut world, &take)), (400, 3_000));
    assert_eq!(problem(&handle(&mut world, &update(json!({})))), (400, 3_000));
    let mut world = acting_as(GLOBAL_READER);
    assert_eq!(problem(&handle(&mut world, &take)), (403, 2_032));
}

#[test]
fn a_user_without_a_place_gets_no_licence() {
    let body = json!({"licensesToAssign": [{"skuId": SKU}]});
    let mut world = acting_as(GLOBAL);

    let reply = handle(
        &mut world,
        &send("POST", &users(&format!("/{BO}/licenseupdates")), &body),
    );

    assert_eq!(problem(&reply), (400, 3_000));
}

#[test]
fn roles_are_listed_given_and_taken() {
    let mut world = acting_as(GLOBAL);
    let members = format!("customers/{CONTOSO}/directoryroles/{USER_ADMINISTRATOR}/usermembers");
    let add = send(
        "POST",
        &members,
        &json!({"Id": BO, "Attributes": {"ObjectType": "UserMember"}}),
    );
    let remove = send("DELETE", &format!("{members}/{BO}"), &Value::Null);

    let roles = read(&mut world, &format!("customers/{CONTOSO}/directoryroles"));
    let before = read(&mut world, &members);
    let added = handle(&mut world, &add);
    let own = read(&mut world, &users(&format!("/{BO}/directoryroles")));

    assert_eq!(
        (&roles["items"][0]["name"], before["items"][0]["id"].as_str()),
        (&json!("User Administrator"), Some(ADA))
    );
    assert_eq!(
        (added.status.as_u16(), &body(&added)["roleId"]),
        (201, &json!(USER_ADMINISTRATOR))
    );
    assert_eq!(own["items"][0]["id"], USER_ADMINISTRATOR);
    assert_eq!(problem(&handle(&mut world, &add)), (409, 409));
    assert_eq!(handle(&mut world, &remove).status, 204);
    assert_eq!(problem(&handle(&mut world, &remove)), (404, 60_002));
    let unknown = format!("customers/{CONTOSO}/directoryroles/{GLOBAL}/usermembers");
    assert_eq!(problem(&handle(&mut world, &call(&unknown))), (404, 1_000));
    let mut world = acting_as(USER_ADMINISTRATOR);
    assert_eq!(problem(&handle(&mut world, &add)), (403, 2_032));
}
