mod activity;
mod commerce;
mod people;

use bytes::Bytes;
use http::Method;
use jiff::SignedDuration;
use msp365_core::Reply;
use serde_json::{Value, json};

use super::handle;
use crate::{
    api::ApiCall,
    graph::tests::world::*,
    world::{Trouble, World, change::GRAPH_APP_ID},
};

/// A call of Partner Center, which lives in the partner tenant.
fn call(target: &str) -> ApiCall {
    let mut call = scoped(get(PARTNER, target), &["user_impersonation"]);
    call.base = "https://api.partnercenter.microsoft.com".to_owned();
    call
}

fn consent(app: &str, scope: &str) -> ApiCall {
    let body = json!({
        "applicationId": app,
        "displayName": "Connector",
        "applicationGrants": [{"enterpriseApplicationId": GRAPH_APP_ID, "scope": scope}],
    });
    let target = format!("customers/{CONTOSO}/applicationconsents");
    ApiCall {
        method: Method::POST,
        body: Bytes::from(body.to_string()),
        ..call(&target)
    }
}

fn delete() -> ApiCall {
    let target = format!("customers/{CONTOSO}/applicationconsents/{APP}");
    ApiCall {
        method: Method::DELETE,
        ..call(&target)
    }
}

/// Status and code, whichever way the code is written.
fn problem(reply: &Reply) -> (u16, u64) {
    let code = match &body(reply)["code"] {
        Value::String(text) => text.parse().unwrap_or(0),
        other => other.as_u64().unwrap_or(0),
    };
    (reply.status.as_u16(), code)
}

fn grants(world: &World) -> Vec<String> {
    let grants = world.customers[0].permission_grants.present();
    grants
        .map(|grant| grant["scope"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn customers_come_in_pages_with_a_token_in_the_body_and_in_the_headers_of_the_link() {
    let mut world = world();

    let reply = handle(&mut world, &call("customers?size=1"));
    let first = body(&reply);
    let token = first["continuationToken"].as_str().unwrap();
    let next = with(
        call("customers?seekOperation=Next"),
        "MS-ContinuationToken",
        token,
    );
    let second = body(&handle(&mut world, &next));

    assert!(reply.body.starts_with(b"\xef\xbb\xbf"));
    assert_eq!(first["items"][0]["companyProfile"]["tenantId"], CONTOSO);
    assert!(first["items"][0].get("allowDelegatedAccess").is_none());
    assert_eq!(
        first["links"]["next"],
        json!({"uri": "/customers?seekOperation=Next", "method": "GET",
            "headers": [{"key": "MS-ContinuationToken", "value": token}]})
    );
    assert_eq!(second["items"][0]["companyProfile"]["tenantId"], FABRIKAM);
    assert!(second.get("continuationToken").is_none() && second["links"].get("next").is_none());
    assert_eq!(
        body(&handle(&mut world, &call("customers")))["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_name_is_found_by_how_it_begins() {
    let mut world = world();
    let filter = |operator: &str| {
        call(&format!(
            "customers?size=5&filter={{\"Field\":\"CompanyName\",\"Value\":\"fab\",\"Operator\":\"{operator}\"}}"
        ))
    };

    let found = body(&handle(&mut world, &filter("starts_with")));

    assert_eq!(found["items"][0]["id"], FABRIKAM);
    assert_eq!(problem(&handle(&mut world, &filter("equals"))), (400, 3_000));
}

#[test]
fn a_seek_takes_a_token_of_its_own_and_no_other_option() {
    let mut world = world();
    let first = body(&handle(&mut world, &call("customers?size=1")));
    let token = first["continuationToken"].as_str().unwrap();
    let seek = |target: &str, token: &str| with(call(target), "MS-ContinuationToken", token);

    for wrong in [
        call("customers?seekOperation=Next"),
        seek("customers?seekOperation=Next", "nonsense"),
        seek("customers?seekOperation=Next&size=1", token),
        seek("customers?seekOperation=Sideways", token),
        call("customers?size=many"),
    ] {
        assert_eq!(
            problem(&handle(&mut world, &wrong)),
            (400, 3_000),
            "{:?}",
            wrong.query
        );
    }
}

#[test]
fn one_customer_comes_in_full_and_an_unknown_one_not_at_all() {
    let mut world = world();

    let found = body(&handle(&mut world, &call(&format!("customers/{CONTOSO}"))));
    let unknown = handle(
        &mut world,
        &call("customers/aaaaaaaa-0000-4000-8000-00000000ffff"),
    );
    let nonsense = handle(&mut world, &call("customers/contoso"));

    assert_eq!(found["allowDelegatedAccess"], true);
    assert_eq!(problem(&unknown), (404, 1_000));
    assert_eq!(problem(&nonsense), (400, 900_118));
}

#[test]
fn an_account_without_a_second_factor_is_told_so() {
    let mut world = world();
    let mut weak = call("customers");
    weak.claims.amr = vec!["pwd".to_owned()];

    assert_eq!(problem(&handle(&mut world, &weak)), (401, 900_421));
    let alone = app_only(weak, &[]);
    assert_eq!(handle(&mut world, &alone).status, 200);
}

#[test]
fn a_token_of_a_customer_or_without_the_permission_is_denied() {
    let mut world = world();
    let mut foreign = call("customers");
    foreign.tenant = id(CONTOSO);
    foreign.claims.tid = id(CONTOSO);

    assert_eq!(problem(&handle(&mut world, &foreign)), (403, 2_032));
    assert_eq!(
        problem(&handle(&mut world, &scoped(call("customers"), &[]))),
        (403, 2_032)
    );
}

#[test]
fn consent_makes_the_app_and_its_grant_appear_in_the_customer_once() {
    let mut world = world();

    let created = handle(&mut world, &consent(APP, "User.Read.All, Group.Read.All"));
    let again = handle(&mut world, &consent(APP, "User.Read.All,Group.Read.All"));

    assert_eq!(created.status, 201);
    assert_eq!(grants(&world), ["Group.Read.All User.Read.All"]);
    assert!(
        world.customers[0]
            .service_principals
            .present()
            .any(|row| row["appId"] == APP)
    );
    assert_eq!(problem(&again), (409, 409));
    assert_eq!(handle(&mut world, &delete()).status, 204);
    assert_eq!(grants(&world), Vec::<String>::new());
    assert_eq!(problem(&handle(&mut world, &delete())), (404, 1_000));
}

#[test]
fn a_consent_may_take_its_time_to_reach_the_customer() {
    let mut world = world();
    world.journal.agenda.consent_takes = SignedDuration::from_secs(40);
    let wanted = consent(APP, "User.Read.All");
    let after = |seconds| ApiCall {
        now: now() + SignedDuration::from_secs(seconds),
        ..wanted.clone()
    };

    assert_eq!(handle(&mut world, &after(0)).status, 201);
    let early = grants(&world);
    assert_eq!(problem(&handle(&mut world, &after(39))), (409, 409));
    assert_eq!(problem(&handle(&mut world, &after(41))), (409, 409));

    assert_eq!(
        (early.len(), grants(&world)),
        (0, vec!["User.Read.All".to_owned()])
    );
}

#[test]
fn the_names_of_a_consent_are_read_in_any_case() {
    let mut world = world();
    let text = String::from_utf8(consent(APP, "User.Read.All").body.to_vec()).unwrap();
    let text = text
        .replace("applicationId", "ApplicationId")
        .replace("\"scope\"", "\"Scope\"");
    let shouted = ApiCall {
        body: Bytes::from(text),
        ..consent(APP, "")
    };

    assert_eq!(handle(&mut world, &shouted).status, 201);
}

#[test]
fn consent_is_refused_to_whoever_may_not_give_it() {
    let mut world = world();
    let wanted = consent(APP, "User.Read.All");

    assert_eq!(
        problem(&handle(&mut world, &app_only(wanted.clone(), &[]))),
        (403, 2_032)
    );
    assert_eq!(
        problem(&handle(&mut world, &consent("another app", "User.Read.All"))),
        (400, 3_000)
    );
    assert_eq!(problem(&handle(&mut world, &consent(APP, ""))), (400, 3_000));
    assert_eq!(
        problem(&handle(&mut world, &consent(APP, "User.Read.All Group.Read.All"))),
        (400, 3_000)
    );

    world.relationships[0].assignments[0].roles = vec![GLOBAL_READER.to_owned()];
    assert_eq!(problem(&handle(&mut world, &wanted)), (403, 2_032));
    world.relationships[0].assignments[0].roles = vec![APPLICATION_ADMINISTRATOR.to_owned()];
    world.partner.members.get_mut(ADMIN_AGENTS).unwrap().clear();
    assert_eq!(problem(&handle(&mut world, &wanted)), (403, 900_150));
    assert_eq!(grants(&world), Vec::<String>::new());
}

#[test]
fn the_newest_relationship_decides_about_consent_even_if_an_older_one_would_do() {
    let mut world = world();
    let mut newest = world.relationships[0].clone();
    newest.id = "newest".to_owned();
    newest.created = now();
    newest.assignments.clear();
    world.relationships.push(newest);

    assert_eq!(
        problem(&handle(&mut world, &consent(APP, "User.Read.All"))),
        (403, 2_032)
    );
}

#[test]
fn troubles_show_as_the_service_shows_them() {
    let mut world = world();
    let wanted = consent(APP, "User.Read.All");

    world.customers[0].trouble = Some(Trouble::NotAdminAgent);
    assert_eq!(
        problem(&handle(&mut world, &call(&format!("customers/{CONTOSO}")))),
        (403, 900_150)
    );
    assert_eq!(problem(&handle(&mut world, &wanted)), (403, 900_150));

    world.customers[0].trouble = Some(Trouble::ConsentMissing);
    assert_eq!(problem(&handle(&mut world, &wanted)), (409, 409));
    assert_eq!(grants(&world), Vec::<String>::new());
    assert_eq!(handle(&mut world, &delete()).status, 204);
    assert_eq!(handle(&mut world, &wanted).status, 201);
}

#[test]
fn ids_of_requests_are_given_back() {
    let mut world = world();
    let asked = with(
        with(call("customers"), "MS-RequestId", "one"),
        "MS-CorrelationId",
        "two",
    );

    let reply = handle(&mut world, &asked);

    assert_eq!(
        (reply.header("ms-requestid"), reply.header("ms-correlationid")),
        (Some("one"), Some("two"))
    );
    assert!(
        handle(&mut world, &call("planets"))
            .header("ms-requestid")
            .is_some()
    );
    let wrong = ApiCall {
        method: Method::PUT,
        ..call("customers")
    };
    assert_eq!(handle(&mut world, &wrong).status, 405);
}
