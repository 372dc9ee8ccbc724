use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::*;

#[test]
fn sensitive_properties_take_a_role_above_the_roles_of_the_target() {
    let mut world = ours();
    let (ada, bo) = (format!("users/{ADA}"), format!("users/{BO}"));
    let block = json!({"accountEnabled": false});
    acting_as(&mut world, USER_ADMINISTRATOR);

    // Ada is User Administrator, whom her like may reach; Global Administrators they may not.
    assert_eq!(send(&mut world, "PATCH", &bo, &block).status, 204);
    assert_eq!(send(&mut world, "PATCH", &ada, &block).status, 204);
    let assignment = world.customers[0]
        .role_assignments
        .rows
        .get_mut("assignment-1")
        .unwrap();
    assignment
        .json
        .insert("roleDefinitionId".to_owned(), json!(GLOBAL));
    assert_eq!(
        refusal(&send(&mut world, "PATCH", &ada, &block)),
        (403, "Authorization_RequestDenied".to_owned())
    );
    assert_eq!(
        send(&mut world, "PATCH", &ada, &json!({"city": "York"})).status,
        204
    );
    assert_eq!(said(&send(&mut world, "DELETE", &ada, &Value::Null)).0, 403);
    acting_as(&mut world, HELPDESK);
    assert_eq!(said(&send(&mut world, "PATCH", &bo, &block)).0, 403);
}

#[test]
fn a_password_takes_a_permission_of_its_own_and_ends_sessions() {
    let mut world = ours();
    acting_as(&mut world, HELPDESK);
    let (target, new) = (
        format!("users/{BO}"),
        json!({"passwordProfile": {"password": "Xy7-quiet-river"}}),
    );
    let mut weak = call("PATCH", CONTOSO, &target, &new);
    weak.claims
        .scp
        .retain(|scope| scope != "Directory.AccessAsUser.All");

    assert_eq!(said(&handle(&mut world, &weak)).0, 403);
    assert_eq!(send(&mut world, "PATCH", &target, &new).status, 204);
    assert_bad(
        &send(
            &mut world,
            "PATCH",
            &target,
            &json!({"passwordProfile": {"password": "x"}}),
        ),
        "complexity",
    );
    assert_eq!(world.take_revoked(), [BO]);
    let changed = read(
        &mut world,
        &format!("{target}?$select=lastPasswordChangeDateTime"),
    );
    assert_eq!(changed["lastPasswordChangeDateTime"], NOW);
}

#[test]
fn an_app_without_a_role_sets_no_password_and_touches_no_administrator() {
    let mut world = ours();
    let roles = ["User.ReadWrite.All"];
    let mut status = |target: &str, body: Value| {
        handle(
            &mut world,
            &app_only(call("PATCH", CONTOSO, target, &body), &roles),
        )
        .status
        .as_u16()
    };
    let (ada, bo) = (format!("users/{ADA}"), format!("users/{BO}"));

    assert_eq!(status(&bo, json!({"accountEnabled": false})), 204);
    assert_eq!(status(&ada, json!({"accountEnabled": false})), 403);
    assert_eq!(
        status(&bo, json!({"passwordProfile": {"password": "Xy7-quiet-river"}})),
        403
    );
}

#[test]
fn revoking_ends_sessions_from_now_on() {
    let mut world = ours();

    let reply = send(
        &mut world,
        "POST",
        &format!("users/{BO}/revokeSignInSessions"),
        &Value::Null,
    );

    assert_eq!(
        (reply.status.as_u16(), &body(&reply)["value"]),
        (200, &json!(true))
    );
    assert_eq!(world.take_revoked(), [BO]);
    let since = read(
        &mut world,
        &format!("users/{BO}?$select=signInSessionsValidFromDateTime"),
    );
    assert_eq!(since["signInSessionsValidFromDateTime"], NOW);
}

#[test]
fn a_reader_changes_nothing() {
    let mut world = ours();
    acting_as(&mut world, GLOBAL_READER);
    for (method, target, body) in [
        ("POST", "users".to_owned(), json!({})),
        ("PATCH", format!("users/{BO}"), json!({"city": "York"})),
        ("DELETE", format!("users/{BO}"), Value::Null),
        ("POST", format!("users/{BO}/revokeSignInSessions"), Value::Null),
        (
            "POST",
            format!("users/{BO}/assignLicense"),
            json!({"addLicenses": [], "removeLicenses": []}),
        ),
        ("POST", "groups".to_owned(), json!({})),
        ("POST", format!("groups/{TEAM}/members/$ref"), link(CLEO)),
    ] {
        let reply = send(&mut world, method, &target, &body);
        assert_eq!(
            refusal(&reply),
            (403, "Authorization_RequestDenied".to_owned()),
            "{method} {target}"
        );
    }
    assert_eq!(world.journal.effects, []);
}
