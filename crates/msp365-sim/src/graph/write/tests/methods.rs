use serde_json::{Value, json};

use super::*;
use crate::{canary::MARK, graph::tests::world::*};

const AUTHENTICATION_ADMINISTRATOR: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const PASSWORD: &str = "28c10230-6103-485e-b985-444c60001490";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";
const POLICY: &str =
    "policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass";

fn pass(world: &mut World, body: &Value) -> Reply {
    let target = format!("users/{BO}/authentication/temporaryAccessPassMethods");
    send(world, "POST", &target, body)
}

fn set_policy(world: &mut World, mut change: Value) -> u16 {
    change["@odata.type"] = json!("#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration");
    send(world, "PATCH", POLICY, &change).status.as_u16()
}

#[test]
fn a_reset_is_accepted_and_its_operation_followed_at_the_whole_address() {
    let mut world = ours();
    let target = format!("users/{BO}/authentication/methods/{PASSWORD}/resetPassword");

    let reply = send(&mut world, "POST", &target, &json!({}));

    assert_eq!(reply.status, 202);
    let made = body(&reply)["newPassword"].as_str().unwrap().to_owned();
    assert!(made.len() >= 8 && made.contains(MARK), "{made}");
    let location = reply.header("location").unwrap().to_owned();
    let path = location
        .strip_prefix("https://graph.microsoft.com/v1.0/")
        .unwrap();
    let mut poll = call("GET", CONTOSO, path, &Value::Null);
    assert_eq!(body(&handle(&mut world, &poll))["status"], "running");
    poll.now += std::time::Duration::from_secs(5);
    assert_eq!(body(&handle(&mut world, &poll))["status"], "succeeded");
    poll.query.clear();
    assert_eq!(handle(&mut world, &poll).status, 404);
    assert_eq!(world.take_revoked(), [BO]);
}

#[test]
fn a_reset_is_for_persons_alone_and_for_others_than_oneself() {
    let mut world = ours();
    let target = format!("users/{BO}/authentication/methods/{PASSWORD}/resetPassword");
    let chosen = json!({"newPassword": "Xy7-quiet-river"});
    let by_app = app_only(
        call("POST", CONTOSO, &target, &chosen),
        &["UserAuthenticationMethod.ReadWrite.All"],
    );
    let denied = (403, "accessDenied".to_owned());

    assert_eq!(refusal(&handle(&mut world, &by_app)), denied);
    let reply = send(&mut world, "POST", &target, &chosen);
    assert_eq!((reply.status.as_u16(), reply.body.len()), (202, 0));
    acting_as(&mut world, HELPDESK);
    assert_eq!(refusal(&send(&mut world, "POST", &target, &chosen)), denied);
    acting_as(&mut world, GLOBAL);
    world.customers[0].users.set(BO, "onPremisesSyncEnabled", true, 1);
    assert_eq!(send(&mut world, "POST", &target, &json!({})).status, 400);
}

#[test]
fn a_pass_tells_its_code_once() {
    let mut world = ours();

    let made = pass(
        &mut world,
        &json!({"lifetimeInMinutes": 90, "isUsableOnce": true}),
    );

    let made_body = body(&made);
    assert_eq!(made.status, 201);
    let pass = made_body["temporaryAccessPass"].as_str().unwrap();
    assert!(pass.len() == 8 && pass.contains(MARK), "{pass}");
    assert_eq!(
        (&made_body["isUsable"], &made_body["methodUsabilityReason"]),
        (&json!(true), &json!("EnabledByPolicy"))
    );
    let target = format!("users/{BO}/authentication/temporaryAccessPassMethods");
    let listed = read(&mut world, &target);
    assert_eq!(listed["value"][0]["temporaryAccessPass"], Value::Null);
    let mut later = call("GET", CONTOSO, &target, &Value::Null);
    later.now += std::time::Duration::from_mins(91);
    assert_eq!(
        body(&handle(&mut world, &later))["value"][0]["methodUsabilityReason"],
        "Expired"
    );
    let id = listed["value"][0]["id"].as_str().unwrap();
    assert_eq!(
        send(&mut world, "DELETE", &format!("{target}/{id}"), &Value::Null).status,
        204
    );
    assert_eq!(read(&mut world, &target)["value"], json!([]));
}

#[test]
fn a_new_pass_takes_the_place_of_the_old_one() {
    let mut world = ours();
    pass(&mut world, &json!({}));
    pass(&mut world, &json!({"lifetimeInMinutes": 480}));

    let listed = read(
        &mut world,
        &format!("users/{BO}/authentication/temporaryAccessPassMethods"),
    );
    assert_eq!(
        (
            listed["value"].as_array().unwrap().len(),
            &listed["value"][0]["lifetimeInMinutes"]
        ),
        (1, &json!(480))
    );
}

#[test]
fn a_pass_obeys_the_policy() {
    let mut world = ours();
    assert_eq!(pass(&mut world, &json!({"lifetimeInMinutes": 59})).status, 400);
    assert_eq!(pass(&mut world, &json!({"lifetimeInMinutes": 481})).status, 400);

    assert_eq!(
        set_policy(
            &mut world,
            json!({"isUsableOnce": true, "minimumLifetimeInMinutes": 10})
        ),
        204
    );
    assert_eq!(pass(&mut world, &json!({"isUsableOnce": false})).status, 400);
    assert_eq!(pass(&mut world, &json!({"lifetimeInMinutes": 10})).status, 201);

    set_policy(
        &mut world,
        json!({"includeTargets": [{"id": STAFF, "targetType": "group", "isRegistrationRequired": false}]}),
    );
    assert_eq!(body(&pass(&mut world, &json!({})))["isUsable"], true);
    set_policy(&mut world, json!({"includeTargets": []}));
    let outside = body(&pass(&mut world, &json!({})));
    assert_eq!(
        (&outside["isUsable"], &outside["methodUsabilityReason"]),
        (&json!(false), &json!("DisabledByPolicy"))
    );

    set_policy(&mut world, json!({"state": "disabled"}));
    assert_eq!(pass(&mut world, &json!({})).status, 400);
    assert_eq!(read(&mut world, POLICY)["state"], "disabled");
}

#[test]
fn the_policy_names_its_type_and_has_limits_and_a_role_of_its_own() {
    let mut world = ours();
    assert_eq!(
        send(&mut world, "PATCH", POLICY, &json!({"state": "enabled"})).status,
        400
    );
    assert_eq!(set_policy(&mut world, json!({"defaultLength": 7})), 400);
    assert_eq!(
        set_policy(&mut world, json!({"maximumLifetimeInMinutes": 30})),
        400
    );
    assert_eq!(set_policy(&mut world, json!({"colour": "red"})), 400);
    acting_as(&mut world, USER_ADMINISTRATOR);
    assert_eq!(set_policy(&mut world, json!({"state": "enabled"})), 403);
}

#[test]
fn methods_go_one_by_one_with_the_default_last_and_never_the_password() {
    let mut world = ours();
    world.customers[0]
        .users
        .set(BO, "mobilePhone", "+44 20 7946 0000", 1);
    let authenticator =
        json!({"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod", "id": "app"});
    let mut held = crate::graph::methods::stored(&world.customers[0], BO);
    held.retain(|row| !row["@odata.type"].as_str().unwrap().contains("Authenticator"));
    held.push(object(authenticator));
    world.customers[0].register.methods.insert(BO.to_owned(), held);
    let below = |rest: &str| format!("users/{BO}/authentication/{rest}");
    let mut delete = |rest: &str| {
        send(&mut world, "DELETE", &below(rest), &Value::Null)
            .status
            .as_u16()
    };

    assert_eq!(delete("microsoftAuthenticatorMethods/app"), 400);
    assert_eq!(delete(&format!("phoneMethods/{MOBILE}")), 204);
    assert_eq!(delete(&format!("phoneMethods/{MOBILE}")), 404);
    assert_eq!(delete("microsoftAuthenticatorMethods/app"), 204);
    assert_eq!(delete(&format!("passwordMethods/{PASSWORD}")), 405);
    assert_eq!(delete(&format!("methods/{PASSWORD}")), 405);
    assert_eq!(ids(&read(&mut world, &below("methods"))), [PASSWORD]);
}

#[test]
fn methods_of_administrators_are_for_those_above_them() {
    let mut world = ours();
    let target = format!("users/{ADA}/authentication/methods");
    let mut status = |role: &str| {
        acting_as(&mut world, role);
        send(&mut world, "GET", &target, &Value::Null).status.as_u16()
    };
    assert_eq!(
        [
            status(AUTHENTICATION_ADMINISTRATOR),
            status(USER_ADMINISTRATOR),
            status(GLOBAL_READER),
            status(GLOBAL)
        ],
        [403, 403, 200, 200]
    );
}
