use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::*;

fn newcomer() -> Value {
    json!({
        "accountEnabled": true, "displayName": "Dee", "mailNickname": "dee", "usageLocation": "GB",
        "userPrincipalName": "dee@contoso.example",
        "passwordProfile": {"password": "Xy7-quiet-river", "forceChangePasswordNextSignIn": true},
    })
}

fn with_property(name: &str, value: Value) -> Value {
    let mut body = newcomer();
    body[name] = value;
    body
}

#[test]
fn a_created_user_is_answered_read_and_seen_by_delta() {
    let mut world = ours();
    let link = read(&mut world, "users/delta?$deltatoken=latest")["@odata.deltaLink"].clone();

    let reply = send(&mut world, "POST", "users", &newcomer());

    let made = body(&reply);
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(reply.status, 201);
    assert!(
        reply
            .header("location")
            .unwrap()
            .ends_with(&format!("/v1.0/users/{id}"))
    );
    assert!(made.get("usageLocation").is_none() && made.get("passwordProfile").is_none());
    let read = read(
        &mut world,
        "users/dee@contoso.example?$select=id,usageLocation,userType",
    );
    assert_eq!(
        (&read["id"], &read["usageLocation"], &read["userType"]),
        (&made["id"], &json!("GB"), &json!("Member"))
    );
    let round = body(&handle(&mut world, &follow(CONTOSO, &link)));
    assert_eq!(ids(&round), [id.as_str()]);
    let effect = &world.journal.effects[0];
    assert_eq!(
        (effect.operation, effect.target.as_str(), effect.tenant),
        (
            "user.create",
            id.as_str(),
            crate::graph::tests::world::id(CONTOSO)
        )
    );
}

#[test]
fn a_user_needs_its_five_required_properties() {
    for name in [
        "accountEnabled",
        "displayName",
        "mailNickname",
        "userPrincipalName",
        "passwordProfile",
    ] {
        let mut body = newcomer();
        body.as_object_mut().unwrap().remove(name);
        assert_bad(&send(&mut ours(), "POST", "users", &body), name);
    }
}

#[test]
fn a_taken_name_is_an_object_conflict_even_if_its_user_is_deleted() {
    let mut world = ours();
    let taken = with_property("userPrincipalName", json!("BO@contoso.example"));

    let first = send(&mut world, "POST", "users", &taken);
    assert_eq!(
        send(&mut world, "DELETE", &format!("users/{BO}"), &Value::Null).status,
        204
    );
    let second = send(&mut world, "POST", "users", &taken);

    for reply in [first, second] {
        assert_bad(
            &reply,
            "Another object with the same value for property userPrincipalName already exists.",
        );
        assert_eq!(body(&reply)["error"]["details"][0]["code"], "ObjectConflict");
        assert_eq!(body(&reply)["error"]["details"][0]["target"], "userPrincipalName");
    }
}

#[test]
fn names_passwords_lengths_and_types_have_their_limits() {
    let wrong = [
        (
            "userPrincipalName",
            json!("dee@elsewhere.example"),
            "domain portion",
        ),
        (
            "userPrincipalName",
            json!("d\u{e9}e@contoso.example"),
            "userPrincipalName",
        ),
        ("userPrincipalName", json!("dee"), "userPrincipalName"),
        ("mailNickname", json!("d e e"), "mailNickname"),
        ("passwordProfile", json!({"password": "short1A"}), "complexity"),
        (
            "passwordProfile",
            json!({"password": "alllowercase"}),
            "complexity",
        ),
        ("displayName", json!("x".repeat(257)), "maximum length"),
        ("employeeId", json!("x".repeat(17)), "maximum length"),
        ("businessPhones", json!(["1", "2"]), "businessPhones"),
        ("usageLocation", json!("GBR"), "usageLocation"),
        ("accountEnabled", json!("yes"), "accountEnabled"),
        ("jobTitle", json!(7), "jobTitle"),
        ("proxyAddresses", json!([]), "read-only"),
        ("shoeSize", json!(43), "shoeSize"),
    ];
    for (name, value, words) in wrong {
        assert_bad(
            &send(&mut ours(), "POST", "users", &with_property(name, value)),
            words,
        );
    }
}

#[test]
fn a_change_sets_clears_and_keeps_what_cannot_be_cleared() {
    let mut world = ours();
    let target = format!("users/{ADA}");

    let set = send(
        &mut world,
        "PATCH",
        &target,
        &json!({"jobTitle": "Analyst", "usageLocation": "GB"}),
    );
    let cleared = send(&mut world, "PATCH", &target, &json!({"jobTitle": null}));

    assert_eq!(
        (set.status.as_u16(), set.body.len(), cleared.status.as_u16()),
        (204, 0, 204)
    );
    let ada = read(&mut world, &format!("{target}?$select=jobTitle,usageLocation"));
    assert_eq!(
        (&ada["jobTitle"], &ada["usageLocation"]),
        (&Value::Null, &json!("GB"))
    );
    for name in ["usageLocation", "displayName"] {
        assert_bad(&send(&mut world, "PATCH", &target, &json!({name: null})), name);
    }
    assert_eq!(
        said(&send(
            &mut world,
            "PATCH",
            "users/nobody",
            &json!({"city": "York"})
        ))
        .0,
        404
    );
}

#[test]
fn users_mastered_on_premises_take_a_usage_location_and_little_else() {
    let mut world = ours();
    world.customers[0].users.set(BO, "onPremisesSyncEnabled", true, 1);
    let target = format!("users/{BO}");

    assert_eq!(
        send(&mut world, "PATCH", &target, &json!({"usageLocation": "GB"})).status,
        204
    );
    assert_bad(
        &send(&mut world, "PATCH", &target, &json!({"city": "York"})),
        "on-premises mastered",
    );
    assert_bad(
        &send(&mut world, "PATCH", &target, &json!({"accountEnabled": false})),
        "on-premises mastered",
    );
}

#[test]
fn deleting_frees_everything_and_restoring_brings_the_user_back() {
    let mut world = ours();
    let target = format!("users/{BO}");

    assert_eq!(send(&mut world, "DELETE", &target, &Value::Null).status, 204);

    assert_eq!(said(&send(&mut world, "GET", &target, &Value::Null)).0, 404);
    assert_eq!(world.customers[0].subscribed_skus[0]["consumedUnits"], 1);
    assert_eq!(ids(&read(&mut world, &format!("groups/{TEAM}/members"))), [ADA]);
    let deleted = read(
        &mut world,
        "directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime",
    );
    assert_eq!(
        (ids(&deleted), &deleted["value"][0]["deletedDateTime"]),
        (vec![BO.to_owned()], &json!(NOW))
    );
    let restored = send(
        &mut world,
        "POST",
        &format!("directory/deletedItems/{BO}/restore"),
        &Value::Null,
    );
    assert_eq!(
        (restored.status.as_u16(), &body(&restored)["@odata.type"]),
        (200, &json!("#microsoft.graph.user"))
    );
    assert_eq!(read(&mut world, &target)["id"], BO);
    assert_eq!(
        ids(&read(&mut world, "directory/deletedItems/microsoft.graph.user")),
        Vec::<String>::new()
    );
}

#[test]
fn a_purged_user_is_gone_for_good_and_delta_says_so() {
    let mut world = ours();
    let link = read(&mut world, "users/delta?$deltatoken=latest")["@odata.deltaLink"].clone();
    send(&mut world, "DELETE", &format!("users/{BO}"), &Value::Null);
    let soft = body(&handle(&mut world, &follow(CONTOSO, &link)));
    let purged = send(
        &mut world,
        "DELETE",
        &format!("directory/deletedItems/{BO}"),
        &Value::Null,
    );
    let hard = body(&handle(&mut world, &follow(CONTOSO, &link)));

    assert_eq!(purged.status, 204);
    assert_eq!(soft["value"][0]["@removed"]["reason"], "changed");
    assert_eq!(hard["value"][0]["@removed"]["reason"], "deleted");
    assert_eq!(
        said(&send(
            &mut world,
            "POST",
            &format!("directory/deletedItems/{BO}/restore"),
            &Value::Null
        ))
        .0,
        404
    );
}

#[test]
fn after_thirty_days_nothing_can_be_restored() {
    let mut world = ours();
    send(&mut world, "DELETE", &format!("users/{BO}"), &Value::Null);
    let mut late = call(
        "POST",
        CONTOSO,
        &format!("directory/deletedItems/{BO}/restore"),
        &Value::Null,
    );
    late.now = now() + Duration::from_hours(30 * 24);

    assert_eq!(said(&handle(&mut world, &late)).0, 404);
}

#[test]
fn deleted_items_are_listed_by_type_alone() {
    assert_bad(
        &send(&mut ours(), "GET", "directory/deletedItems", &Value::Null),
        "cast",
    );
}

#[test]
fn a_manager_is_set_read_replaced_and_removed() {
    let mut world = ours();
    let target = format!("users/{BO}/manager");
    let reference = format!("{target}/$ref");

    assert_eq!(
        refusal(&send(&mut world, "GET", &target, &Value::Null)),
        (404, "Request_ResourceNotFound".to_owned())
    );
    assert_eq!(send(&mut world, "PUT", &reference, &link(ADA)).status, 204);
    assert_eq!(read(&mut world, &format!("{target}?$select=id"))["id"], ADA);
    assert_eq!(
        ids(&read(&mut world, &format!("users/{ADA}/directReports"))),
        [BO]
    );
    assert_eq!(send(&mut world, "PUT", &reference, &link(CLEO)).status, 204);
    assert_eq!(read(&mut world, &target)["id"], CLEO);
    assert_eq!(send(&mut world, "DELETE", &reference, &Value::Null).status, 204);
    assert_eq!(said(&send(&mut world, "DELETE", &reference, &Value::Null)).0, 404);
    assert_eq!(said(&send(&mut world, "PUT", &reference, &link("nobody"))).0, 404);
    assert_bad(
        &send(&mut world, "PUT", &reference, &json!({"@odata.id": "users/ada"})),
        "reference",
    );
}
