use serde_json::json;

use super::world::*;
use crate::graph::handle;

#[test]
fn each_page_size_has_its_limit() {
    let mut world = world();
    let mut of = |target: &str| refusal(&handle(&mut world, &get(CONTOSO, target)));
    let refused = (400, "Request_BadRequest".to_owned());

    assert_eq!(of("users?$top=999"), (200, String::new()));
    assert_eq!(of("users?$top=1000"), refused);
    assert_eq!(of("users?$top=0"), refused);
    assert_eq!(
        of("users?$top=500&$select=id,signInActivity"),
        (200, String::new())
    );
    assert_eq!(of("users?$top=501&$select=id,signInActivity"), refused);
    assert_eq!(of("groups?$top=1000"), refused);
    assert_eq!(
        of("deviceManagement/managedDevices?$top=1000"),
        (200, String::new())
    );
    assert_eq!(of("deviceManagement/managedDevices?$top=1001"), refused);
    let relationships = "tenantRelationships/delegatedAdminRelationships?$top=301";
    assert_eq!(
        refusal(&handle(&mut world, &get(PARTNER, relationships))),
        refused
    );
}

#[test]
fn unknown_properties_options_paths_and_ids_are_refused() {
    let mut world = world();
    let mut of = |target: &str| refusal(&handle(&mut world, &get(CONTOSO, target)));
    let bad = (400, "Request_BadRequest".to_owned());
    let unsupported = (400, "Request_UnsupportedQuery".to_owned());
    let segment = (400, "BadRequest".to_owned());
    let missing = (404, "Request_ResourceNotFound".to_owned());

    assert_eq!(of("users?$select=id,shoeSize"), bad);
    assert_eq!(of("users?$filter=shoeSize eq 43"), bad);
    assert_eq!(of("users?$orderby=shoeSize"), bad);
    assert_eq!(of("users?$colour=red"), bad);
    assert_eq!(of("users?$select=id&$select=mail"), bad);
    assert_eq!(of("users?$expand=calendar"), unsupported);
    assert_eq!(of("users?$expand=manager,memberOf"), unsupported);
    assert_eq!(of("users?$expand=shoes"), bad);
    assert_eq!(of("users?$skip=5"), unsupported);
    assert_eq!(of("subscribedSkus?$top=5"), unsupported);
    assert_eq!(of("users?$filter=displayName ne 'Ada'"), unsupported);
    assert_eq!(
        of("users?$filter=accountEnabled eq true&$orderby=displayName"),
        unsupported
    );
    assert_eq!(of("users?$search=\"displayName:ada\""), bad);
    assert_eq!(of("users/$count"), bad);
    assert_eq!(of("planets"), segment);
    assert_eq!(of("users/ada/planets"), segment);
    assert_eq!(of("users/nobody@contoso.example"), missing);
    assert_eq!(of("groups/nothing/members"), missing);
    assert_eq!(of("users/ada%2F..%2Fme"), missing);
    assert_eq!(of("users?$select=aboutMe"), (501, "NotImplemented".to_owned()));
}

#[test]
fn a_page_token_serves_its_tenant_resource_and_query_alone() {
    let mut world = world();
    let page = body(&handle(&mut world, &get(CONTOSO, "users?$top=1&$select=id")));
    let link = page["@odata.nextLink"].as_str().unwrap();
    let token = link.split_once("$skiptoken=").unwrap().1.to_owned();
    let altered = format!("{}x", &token[..token.len() - 1]);

    for (tenant, target) in [
        (PARTNER, format!("users?$top=1&$select=id&$skiptoken={token}")),
        (CONTOSO, format!("groups?$top=1&$select=id&$skiptoken={token}")),
        (CONTOSO, format!("users?$top=2&$select=id&$skiptoken={token}")),
        (CONTOSO, format!("users?$top=1&$skiptoken={token}")),
        (CONTOSO, format!("users?$top=1&$select=id&$skiptoken={altered}")),
        (CONTOSO, "users?$top=1&$select=id&$skiptoken=".to_owned()),
    ] {
        let reply = handle(&mut world, &get(tenant, &target));
        assert_eq!(
            refusal(&reply),
            (400, "Request_BadRequest".to_owned()),
            "{target}"
        );
    }
}

#[test]
fn a_read_takes_both_the_permission_and_a_role_in_that_tenant() {
    let mut world = world();
    let denied = (403, "Authorization_RequestDenied".to_owned());

    let no_scope = scoped(get(CONTOSO, "users"), &["User.Read"]);
    assert_eq!(refusal(&handle(&mut world, &no_scope)), denied);
    assert_eq!(refusal(&handle(&mut world, &get(FABRIKAM, "users"))), denied);
    assert_eq!(
        refusal(&handle(&mut world, &get(PARTNER, "users"))),
        (200, String::new())
    );

    world.relationships[0].assignments[0].roles = vec![APPLICATION_ADMINISTRATOR.to_owned()];
    assert_eq!(refusal(&handle(&mut world, &get(CONTOSO, "users"))), denied);
    assert_eq!(
        refusal(&handle(&mut world, &get(CONTOSO, "servicePrincipals"))),
        (200, String::new())
    );
}

#[test]
fn an_app_by_itself_needs_its_app_role_and_no_directory_role() {
    let mut world = world();
    let fine = app_only(get(FABRIKAM, "users"), &["User.Read.All"]);
    let lacking = app_only(get(FABRIKAM, "groups"), &["User.Read.All"]);
    let me = app_only(get(FABRIKAM, "me"), &["User.Read.All"]);

    assert_eq!(refusal(&handle(&mut world, &fine)), (200, String::new()));
    assert_eq!(
        refusal(&handle(&mut world, &lacking)),
        (403, "Authorization_RequestDenied".to_owned())
    );
    assert_eq!(refusal(&handle(&mut world, &me)), (400, "BadRequest".to_owned()));
}

#[test]
fn a_token_of_another_tenant_is_no_token() {
    let mut world = world();
    let mut call = get(CONTOSO, "organization");
    call.claims.tid = id(FABRIKAM);

    assert_eq!(
        refusal(&handle(&mut world, &call)),
        (401, "InvalidAuthenticationToken".to_owned())
    );
}

#[test]
fn sign_ins_take_the_audit_permission_a_premium_tenant_and_an_object_id() {
    let mut world = world();
    let target = "users?$select=id,signInActivity";
    let missing = scoped(get(CONTOSO, target), &["Directory.Read.All"]);

    let page = body(&handle(&mut world, &get(CONTOSO, target)));
    assert_eq!(
        page["value"][0]["signInActivity"]["lastSignInDateTime"],
        "2026-11-20T08:00:00Z"
    );
    assert!(page["value"][1].get("signInActivity").is_none());
    assert_eq!(
        refusal(&handle(&mut world, &missing)),
        (403, "Authentication_MSGraphPermissionMissing".to_owned())
    );
    let by_name = get(CONTOSO, "users/ada@contoso.example?$select=signInActivity");
    assert_eq!(refusal(&handle(&mut world, &by_name)).0, 400);
    let since = "users?$filter=signInActivity/lastSignInDateTime ge 2026-01-01T00:00:00Z";
    assert_eq!(ids(&body(&handle(&mut world, &get(CONTOSO, since)))), [ADA]);
    let mixed = get(CONTOSO, &format!("{since} and accountEnabled eq true"));
    assert_eq!(refusal(&handle(&mut world, &mixed)).0, 400);

    world.customers[0].has_p1 = false;
    assert_eq!(
        refusal(&handle(&mut world, &get(CONTOSO, target))),
        (
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant".to_owned()
        )
    );
    assert_eq!(
        refusal(&handle(&mut world, &get(CONTOSO, "users?$select=id"))),
        (200, String::new())
    );
}

#[test]
fn a_tenant_without_intune_refuses_its_devices() {
    let mut world = world();
    world.customers[0].has_intune = false;

    let reply = handle(&mut world, &get(CONTOSO, "deviceManagement/managedDevices"));

    assert_eq!(refusal(&reply), (400, "BadRequest".to_owned()));
}

#[test]
fn reports_and_their_setting_have_permissions_of_their_own() {
    let mut world = world();
    let denied = (403, "UnknownError".to_owned());
    let report = "reports/getMailboxUsageDetail(period='D7')";

    let call = scoped(get(CONTOSO, report), &["Directory.Read.All"]);
    assert_eq!(refusal(&handle(&mut world, &call)), denied);
    let call = scoped(get(CONTOSO, "admin/reportSettings"), &["Reports.Read.All"]);
    assert_eq!(refusal(&handle(&mut world, &call)), denied);
    let call = get(CONTOSO, "reports/getMailboxUsageDetail(period='D8')");
    assert_eq!(refusal(&handle(&mut world, &call)).0, 400);
}

#[test]
fn customers_have_no_delegated_administration_of_their_own() {
    let mut world = world();
    let call = get(CONTOSO, "tenantRelationships/delegatedAdminRelationships");

    assert_eq!(refusal(&handle(&mut world, &call)).0, 403);
}

#[test]
fn methods_and_bodies_that_do_not_fit_are_refused() {
    let mut world = world();
    let wrong = post(CONTOSO, "organization", &json!({}));
    let mut broken = post(PARTNER, "me/checkMemberGroups", &json!({}));
    broken.body = "{".into();
    let many = json!({"groupIds": vec![STAFF; 21]});

    assert_eq!(handle(&mut world, &wrong).status, 405);
    assert_eq!(
        handle(&mut world, &get(PARTNER, "me/checkMemberGroups")).status,
        405
    );
    assert_eq!(
        refusal(&handle(&mut world, &broken)),
        (400, "BadRequest".to_owned())
    );
    assert_eq!(
        handle(&mut world, &post(PARTNER, "me/checkMemberGroups", &many)).status,
        400
    );
}

#[test]
fn a_refusal_names_the_request_as_the_client_did() {
    let mut world = world();
    let call = with(get(CONTOSO, "planets"), "client-request-id", "from-ada");

    let reply = handle(&mut world, &call);

    let inner = &body(&reply)["error"]["innerError"];
    assert_eq!(inner["client-request-id"], "from-ada");
    assert_eq!(inner["date"], "2026-11-22T12:00:00");
    assert_eq!(inner["request-id"].as_str(), reply.request_id());
    assert_eq!(reply.header("client-request-id"), Some("from-ada"));
}
