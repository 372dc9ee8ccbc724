//! Applications, their secrets, service principals, and what these are granted.

use serde_json::{Value, json};

use super::*;
use crate::{
    graph::tests::world::{ADA, APP, BO, PARTNER, TEAM, app_only, body, get, id},
    world::change::GRAPH_APP_ID,
};

const MAY: [&str; 3] = [
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
];

/// The world where the provider's app is registered at home, and known in Contoso.
fn registered() -> World {
    let mut world = ours();
    world.register_apps();
    let scopes = ["User.Read.All".to_owned()];
    assert!(world.grant_consent(id(CONTOSO), GRAPH_APP_ID, &scopes));
    world
}

fn asked(world: &mut World, method: &str, target: &str, sent: &Value) -> (u16, Value) {
    asked_in(world, (CONTOSO, method, target), sent)
}

fn asked_in(world: &mut World, (tenant, method, target): (&str, &str, &str), sent: &Value) -> (u16, Value) {
    let mut call = call(method, tenant, target, sent);
    call.claims.scp.extend(MAY.map(str::to_owned));
    let reply = handle(world, &call);
    (reply.status.as_u16(), body(&reply))
}

fn principal(world: &mut World, app: &str) -> String {
    let (_, found) = asked(
        world,
        "GET",
        &format!("servicePrincipals(appId='{app}')?$select=id"),
        &Value::Null,
    );
    found["id"].as_str().unwrap().to_owned()
}

fn create(world: &mut World, name: &str) -> (String, String) {
    let (status, made) = asked(world, "POST", "applications", &json!({"displayName": name}));
    assert_eq!(status, 201, "{made}");
    let of = |name: &str| made[name].as_str().unwrap().to_owned();
    (of("id"), of("appId"))
}

#[test]
fn an_application_is_created_found_by_its_app_id_changed_and_deleted() {
    let mut world = registered();
    let (object, app) = create(&mut world, "Ada's tool");

    let (changed, _) = asked(
        &mut world,
        "PATCH",
        &format!("applications/{object}"),
        &json!({"notes": "hers"}),
    );
    let (_, found) = asked(
        &mut world,
        "GET",
        &format!("applications(appId='{app}')"),
        &Value::Null,
    );
    let (deleted, _) = asked(
        &mut world,
        "DELETE",
        &format!("applications/{object}"),
        &Value::Null,
    );
    let (gone, _) = asked(&mut world, "GET", &format!("applications/{object}"), &Value::Null);

    assert_eq!((changed, deleted, gone), (204, 204, 404));
    assert_eq!(found["notes"], "hers");
    assert_eq!(found["passwordCredentials"], json!([]));
}

#[test]
fn what_an_application_has_not_is_refused() {
    let mut world = registered();

    let (nameless, _) = asked(&mut world, "POST", "applications", &json!({"notes": "x"}));
    let (unknown, said) = asked(
        &mut world,
        "POST",
        "applications",
        &json!({"displayName": "x", "colour": "red"}),
    );
    let (audience, _) = asked(
        &mut world,
        "POST",
        "applications",
        &json!({"displayName": "x", "signInAudience": "Everybody"}),
    );

    assert_eq!((nameless, unknown, audience), (400, 400, 400));
    assert!(said["error"]["message"].as_str().unwrap().contains("colour"));
}

#[test]
fn a_secret_is_told_once_and_then_known_by_its_hint() {
    let mut world = registered();
    let (object, app) = create(&mut world, "Ada's tool");
    let wanted =
        json!({"passwordCredential": {"displayName": "spring", "endDateTime": "2027-02-01T00:00:00Z"}});

    let (status, told) = asked(
        &mut world,
        "POST",
        &format!("applications/{object}/addPassword"),
        &wanted,
    );

    let text = told["secretText"].as_str().unwrap().to_owned();
    assert!(text.contains(crate::canary::MARK), "{text}");
    let (_, shown) = asked(&mut world, "GET", &format!("applications/{object}"), &Value::Null);
    let listed = &shown["passwordCredentials"][0];
    assert_eq!(status, 200);
    assert_eq!(told["hint"].as_str(), text.get(..3));
    assert_eq!(
        (&listed["secretText"], &listed["displayName"]),
        (&Value::Null, &json!("spring"))
    );
    assert_eq!(listed["endDateTime"], "2027-02-01T00:00:00Z");
    assert_eq!(
        world.secret(&app, &text).unwrap().ends.to_string(),
        "2027-02-01T00:00:00Z"
    );
}

#[test]
fn a_removed_secret_is_no_secret_any_more() {
    let mut world = registered();
    let (object, app) = create(&mut world, "Ada's tool");
    let (_, told) = asked(
        &mut world,
        "POST",
        &format!("applications/{object}/addPassword"),
        &Value::Null,
    );
    let remove = format!("applications/{object}/removePassword");

    let (status, _) = asked(&mut world, "POST", &remove, &json!({"keyId": told["keyId"]}));
    let (again, _) = asked(&mut world, "POST", &remove, &json!({"keyId": told["keyId"]}));

    assert_eq!((status, again), (204, 400));
    assert!(world.secret(&app, told["secretText"].as_str().unwrap()).is_none());
}

#[test]
fn a_secret_cannot_end_before_it_begins() {
    let mut world = registered();
    let (object, _) = create(&mut world, "Ada's tool");
    let wanted = json!({"passwordCredential": {"endDateTime": "2026-01-01T00:00:00Z"}});

    let (status, _) = asked(
        &mut world,
        "POST",
        &format!("applications/{object}/addPassword"),
        &wanted,
    );

    assert_eq!(status, 400);
}

#[test]
fn the_apps_of_the_product_are_registered_at_home_with_the_secrets_they_use() {
    let mut world = registered();
    let target = format!("applications?$filter=appId eq '{APP}'");

    let reply = handle(
        &mut world,
        &app_only(get(PARTNER, &target), &["Application.Read.All"]),
    );

    let found = body(&reply);
    assert_eq!(found["value"][0]["passwordCredentials"][0]["hint"], "not");
}

#[test]
fn an_app_that_may_change_its_own_alone_changes_no_other() {
    let mut world = registered();
    let (object, _) = create(&mut world, "Ada's tool");
    let mut change = call(
        "PATCH",
        CONTOSO,
        &format!("applications/{object}"),
        &json!({"notes": "mine"}),
    );
    let own = principal(&mut world, APP);
    change = app_only(change, &["Application.ReadWrite.OwnedBy"]);
    change.claims.oid = Some(own.clone());

    let before = handle(&mut world, &change).status.as_u16();

    asked(
        &mut world,
        "POST",
        &format!("applications/{object}/owners/$ref"),
        &link(&own),
    );
    let after = handle(&mut world, &change).status.as_u16();

    assert_eq!((before, after), (403, 204));
}

#[test]
fn a_service_principal_is_made_once_and_only_for_an_app_that_is_there() {
    let mut world = registered();
    let (_, app) = create(&mut world, "Ada's tool");

    let (made, row) = asked(&mut world, "POST", "servicePrincipals", &json!({"appId": app}));
    let (twice, said) = asked(&mut world, "POST", "servicePrincipals", &json!({"appId": app}));
    let (unknown, _) = asked(&mut world, "POST", "servicePrincipals", &json!({"appId": ADA}));

    assert_eq!((made, twice, unknown), (201, 409, 400));
    assert_eq!(row["displayName"], "Ada's tool");
    assert_eq!(said["error"]["code"], "Request_MultipleObjectsWithSameKeyValue");
}

#[test]
fn a_grant_changes_what_the_app_may_do_in_the_name_of_users() {
    let mut world = registered();
    let client = principal(&mut world, APP);
    let (_, all) = asked(
        &mut world,
        "GET",
        &format!("oauth2PermissionGrants?$filter=clientId eq '{client}'"),
        &Value::Null,
    );
    let grant = all["value"][0]["id"].as_str().unwrap().to_owned();
    let target = format!("oauth2PermissionGrants/{grant}");
    let held = |world: &World| world.customers[0].consent.scopes.get(GRAPH_APP_ID).cloned();

    let (changed, _) = asked(
        &mut world,
        "PATCH",
        &target,
        &json!({"scope": "Group.Read.All Device.Read.All"}),
    );
    let after = held(&world).unwrap();
    let (revoked, _) = asked(&mut world, "DELETE", &target, &Value::Null);

    assert_eq!((changed, revoked), (204, 204));
    assert_eq!(
        after.into_iter().collect::<Vec<_>>(),
        ["Device.Read.All", "Group.Read.All"]
    );
    assert_eq!(held(&world), None);
}

#[test]
fn a_grant_is_made_once_for_everybody_or_for_one() {
    let mut world = registered();
    let (client, resource) = (principal(&mut world, APP), principal(&mut world, GRAPH_APP_ID));
    let grant = |kind: &str, who: Value| json!({"clientId": client, "resourceId": resource, "consentType": kind, "principalId": who, "scope": "User.Read"});
    let mut send = |sent: Value| asked(&mut world, "POST", "oauth2PermissionGrants", &sent).0;

    assert_eq!(send(grant("AllPrincipals", Value::Null)), 409);
    assert_eq!(send(grant("Principal", json!(ADA))), 201);
    assert_eq!(send(grant("Principal", json!(ADA))), 409);
    assert_eq!(send(grant("Principal", Value::Null)), 400);
    assert_eq!(send(grant("Principal", json!("nobody"))), 404);
}

#[test]
fn an_app_role_of_graph_shows_in_what_the_app_may_do_by_itself() {
    let mut world = registered();
    let (client, resource) = (principal(&mut world, APP), principal(&mut world, GRAPH_APP_ID));
    let (_, graph) = asked(
        &mut world,
        "GET",
        &format!("servicePrincipals/{resource}"),
        &Value::Null,
    );
    let roles = graph["appRoles"].as_array().unwrap();
    let role = roles
        .iter()
        .find(|role| role["value"] == "User.ReadWrite.All")
        .unwrap();
    let sent = json!({"principalId": client, "resourceId": resource, "appRoleId": role["id"]});
    let target = format!("servicePrincipals/{resource}/appRoleAssignedTo");

    let (status, made) = asked(&mut world, "POST", &target, &sent);
    let (twice, _) = asked(&mut world, "POST", &target, &sent);

    assert_eq!((status, twice), (201, 400));
    assert!(
        world.customers[0]
            .app_consent
            .roles
            .contains("User.ReadWrite.All")
    );
    let own = format!("servicePrincipals/{client}/appRoleAssignments");
    let (_, listed) = asked(&mut world, "GET", &own, &Value::Null);
    assert_eq!(listed["value"][0]["id"], made["id"]);
    let one = format!("{own}/{}", made["id"].as_str().unwrap());
    assert_eq!(asked(&mut world, "DELETE", &one, &Value::Null).0, 204);
    assert!(world.customers[0].app_consent.roles.is_empty());
}

#[test]
fn who_looks_after_apps_gives_no_role_of_graph() {
    let mut world = registered();
    acting_as(&mut world, crate::graph::tests::world::APPLICATION_ADMINISTRATOR);
    let (client, resource) = (principal(&mut world, APP), principal(&mut world, GRAPH_APP_ID));
    let role = "df021288-bdef-4463-88db-98f22de89214";
    let sent = json!({"principalId": client, "resourceId": resource, "appRoleId": role});

    let target = format!("servicePrincipals/{client}/appRoleAssignments");
    let (status, _) = asked(&mut world, "POST", &target, &sent);

    assert_eq!(status, 403);
}

#[test]
fn users_and_groups_are_given_access_to_an_app() {
    let mut world = registered();
    let client = principal(&mut world, APP);
    let default = "00000000-0000-0000-0000-000000000000";
    for (collection, who) in [("users", BO), ("groups", TEAM)] {
        let sent = json!({"principalId": who, "resourceId": client, "appRoleId": default});
        let target = format!("{collection}/{who}/appRoleAssignments");

        let (status, made) = asked(&mut world, "POST", &target, &sent);

        assert_eq!(status, 201, "{made}");
    }
    let to = format!("servicePrincipals/{client}/appRoleAssignedTo");
    let (_, listed) = asked(&mut world, "GET", &to, &Value::Null);
    let kinds: Vec<&str> = listed["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["principalType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.contains(&"User") && kinds.contains(&"Group"));
}

#[test]
fn a_deleted_service_principal_takes_its_consent_along() {
    let mut world = registered();
    let client = principal(&mut world, APP);

    let (status, _) = asked(
        &mut world,
        "DELETE",
        &format!("servicePrincipals/{client}"),
        &Value::Null,
    );

    assert_eq!(status, 204);
    assert_eq!(world.customers[0].consent.service_principal, None);
    assert_eq!(world.customers[0].permission_grants.present().count(), 0);
}
