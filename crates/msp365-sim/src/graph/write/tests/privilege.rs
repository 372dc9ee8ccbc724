//! Who may do what to whom, where the roles of the target, of its groups or of its domain decide.

use serde_json::{Value, json};

use super::*;
use crate::graph::tests::world::*;

const AUTHENTICATION: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
const PRIVILEGED_ROLE: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
const DIRECTORY_WRITERS: &str = "9360feb5-f418-4baa-8175-e2a00bac4301";

fn block() -> Value {
    json!({"accountEnabled": false})
}

/// The status of a change of a user with exactly these permissions.
fn with_scopes(world: &mut World, target: &str, body: &Value, scopes: &[&str]) -> u16 {
    let mut call = call("PATCH", CONTOSO, target, body);
    call.claims.scp = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    handle(world, &call).status.as_u16()
}

fn status(world: &mut World, method: &str, target: &str, body: &Value) -> u16 {
    send(world, method, target, body).status.as_u16()
}

#[test]
fn who_is_reached_by_the_highest_alone_takes_a_permission_more() {
    let mut world = ours();
    let (ada, bo) = (format!("users/{ADA}"), format!("users/{BO}"));
    let usual = ["User.ReadWrite.All"];
    let more = ["User.ReadWrite.All", "Directory.AccessAsUser.All"];

    assert_eq!(
        with_scopes(&mut world, &ada, &block(), &usual),
        204,
        "a limited administrator"
    );
    let assignments = &mut world.customers[0].role_assignments;
    assignments.set("assignment-1", "roleDefinitionId", GLOBAL, 1);
    assert_eq!(with_scopes(&mut world, &ada, &block(), &usual), 403);
    assert_eq!(with_scopes(&mut world, &ada, &block(), &more), 204);
    assert_eq!(
        with_scopes(&mut world, &ada, &json!({"city": "York"}), &usual),
        204
    );
    assert_eq!(with_scopes(&mut world, &bo, &block(), &usual), 204);
}

#[test]
fn owners_of_groups_for_roles_are_protected_as_their_members_are() {
    let mut world = ours();
    acting_as(&mut world, USER_ADMINISTRATOR);
    let bo = format!("users/{BO}");
    let owners = &mut world.customers[0].register.owners;
    owners.entry(TEAM.to_owned()).or_default().insert(BO.to_owned());
    assert_eq!(status(&mut world, "PATCH", &bo, &block()), 204);

    world.customers[0].groups.set(TEAM, "isAssignableToRole", true, 1);

    assert_eq!(status(&mut world, "PATCH", &bo, &block()), 403);
    assert_eq!(
        status(
            &mut world,
            "POST",
            &format!("{bo}/revokeSignInSessions"),
            &Value::Null
        ),
        403
    );
    acting_as(&mut world, GLOBAL);
    assert_eq!(status(&mut world, "PATCH", &bo, &block()), 204);
}

#[test]
fn members_of_groups_for_roles_are_changed_by_whoever_administers_roles() {
    let mut world = ours();
    world.customers[0].groups.set(TEAM, "isAssignableToRole", true, 1);
    let members = format!("groups/{TEAM}/members/$ref");
    acting_as(&mut world, PRIVILEGED_ROLE);
    assert_eq!(status(&mut world, "POST", &members, &link(CLEO)), 204);

    acting_as(&mut world, GLOBAL_READER);
    let owners = &mut world.customers[0].register.owners;
    owners
        .entry(TEAM.to_owned())
        .or_default()
        .insert(ACCOUNT.to_owned());
    let mut weak = call(
        "DELETE",
        CONTOSO,
        &format!("groups/{TEAM}/members/{CLEO}/$ref"),
        &Value::Null,
    );
    let strong = weak.clone();
    weak.claims
        .scp
        .retain(|scope| scope != "RoleManagement.ReadWrite.Directory");
    assert_eq!(
        handle(&mut world, &weak).status,
        403,
        "owners need the permission, too"
    );
    assert_eq!(handle(&mut world, &strong).status, 204);
}

#[test]
fn no_role_of_the_whole_tenant_reaches_into_a_restricted_unit() {
    let mut world = ours();
    world.customers[0]
        .groups
        .set(TEAM, "isManagementRestricted", true, 1);

    assert_eq!(
        status(
            &mut world,
            "POST",
            &format!("groups/{TEAM}/members/$ref"),
            &link(CLEO)
        ),
        403
    );
}

#[test]
fn profiles_are_for_user_administrators_and_sensitive_actions_for_more() {
    let mut world = ours();
    let bo = format!("users/{BO}");
    let new = json!({"accountEnabled": true, "displayName": "New", "mailNickname": "new",
        "userPrincipalName": "new@contoso.example", "passwordProfile": {"password": "Xy7-quiet-river"}});
    acting_as(&mut world, AUTHENTICATION);

    assert_eq!(status(&mut world, "POST", "users", &new), 403);
    assert_eq!(status(&mut world, "PATCH", &bo, &json!({"city": "York"})), 403);
    assert_eq!(
        status(
            &mut world,
            "PATCH",
            &bo,
            &json!({"city": "York", "mobilePhone": "1"})
        ),
        403
    );
    assert_eq!(
        status(&mut world, "PATCH", &bo, &json!({"mobilePhone": "1"})),
        204
    );
    assert_eq!(
        status(&mut world, "PUT", &format!("{bo}/manager/$ref"), &link(CLEO)),
        403
    );
    assert_eq!(status(&mut world, "DELETE", &bo, &Value::Null), 204);
    let back = format!("directory/deletedItems/{BO}/restore");
    assert_eq!(status(&mut world, "POST", &back, &Value::Null), 200);
    acting_as(&mut world, USER_ADMINISTRATOR);
    assert_eq!(status(&mut world, "POST", "users", &new), 201);
    assert_eq!(
        status(
            &mut world,
            "PATCH",
            &bo,
            &json!({"city": "York", "mobilePhone": "1"})
        ),
        204
    );
}

#[test]
fn who_writes_the_directory_gives_no_licences_and_fills_no_groups() {
    let mut world = ours();
    acting_as(&mut world, DIRECTORY_WRITERS);
    let none = json!({"addLicenses": [], "removeLicenses": []});

    assert_eq!(
        status(&mut world, "POST", &format!("users/{BO}/assignLicense"), &none),
        403
    );
    assert_eq!(
        status(
            &mut world,
            "POST",
            &format!("groups/{TEAM}/members/$ref"),
            &link(CLEO)
        ),
        403
    );
}

#[test]
fn blocking_by_its_own_permission_takes_one_to_read_users() {
    let mut world = ours();
    let bo = format!("users/{BO}");
    let alone = ["User.EnableDisableAccount.All"];
    let both = ["User.EnableDisableAccount.All", "User.Read.All"];

    assert_eq!(with_scopes(&mut world, &bo, &block(), &alone), 403);
    assert_eq!(with_scopes(&mut world, &bo, &block(), &both), 204);
    let wider = json!({"accountEnabled": false, "city": "York"});
    assert_eq!(with_scopes(&mut world, &bo, &wider, &both), 403);
}

#[test]
fn passwords_of_federated_domains_are_kept_elsewhere() {
    let mut world = ours();
    for domain in &mut world.customers[0].domains {
        domain.insert("authenticationType".to_owned(), json!("Federated"));
    }
    let new = json!({"passwordProfile": {"password": "Xy7-quiet-river"}});

    assert_bad(
        &send(&mut world, "PATCH", &format!("users/{BO}"), &new),
        "federated",
    );
}

#[test]
fn what_is_suspended_can_be_taken_and_not_given() {
    let mut world = ours();
    for user in [BO, CLEO] {
        world.customers[0].users.set(user, "usageLocation", "GB", 1);
    }
    let licences = format!("users/{BO}/assignLicense");
    let give = json!({"addLicenses": [{"skuId": KIOSK, "disabledPlans": []}], "removeLicenses": []});
    assert_eq!(status(&mut world, "POST", &licences, &give), 200);
    for sku in &mut world.customers[0].subscribed_skus {
        sku.insert("capabilityStatus".to_owned(), json!("Suspended"));
    }

    assert_bad(
        &send(&mut world, "POST", &format!("users/{CLEO}/assignLicense"), &give),
        "valid company License",
    );
    let take = json!({"addLicenses": [], "removeLicenses": [KIOSK]});
    assert_eq!(status(&mut world, "POST", &licences, &take), 200);
}
