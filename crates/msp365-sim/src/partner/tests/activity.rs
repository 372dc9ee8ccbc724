//! What Partner Center tells of itself.

use super::{
    commerce::{read, send},
    *,
};

const DAY: i64 = 24;

/// The call so many hours after the world's present.
fn later(hours: i64, call: ApiCall) -> ApiCall {
    ApiCall {
        now: now() + SignedDuration::from_hours(hours),
        ..call
    }
}

/// The world in which Contoso was left.
fn left() -> World {
    let mut world = world();
    world.customers[0].subscribed_skus.clear();
    let leave = json!({"relationshipToPartner": "none"});
    let done = handle(
        &mut world,
        &send("PATCH", &format!("customers/{CONTOSO}"), &leave),
    );
    assert_eq!(done.status, 200);
    world
}

#[test]
fn what_is_done_is_kept_and_found_by_day_customer_name_and_kind() {
    let mut world = left();
    let filter = |field: &str, value: &str, operator: &str| {
        format!(
            "auditrecords?filter={{\"Field\":\"{field}\",\"Value\":\"{value}\",\"Operator\":\"{operator}\"}}"
        )
    };

    let all = read(&mut world, "auditrecords");

    let one = &all["items"][0];
    assert_eq!(one["operationType"], "remove_partner_customer_relationship");
    assert_eq!(
        (&one["customerName"], &one["userPrincipalName"]),
        (&json!("Contoso"), &json!("svc@provider.example"))
    );
    for (query, count) in [
        (filter("CompanyName", "toso", "substring"), 1),
        (filter("CompanyName", "brik", "substring"), 0),
        (filter("CustomerId", CONTOSO, "equals"), 1),
        (filter("ResourceType", "license", "equals"), 0),
        (
            "auditrecords?startDate=2026-11-22&endDate=2026-11-22".to_owned(),
            1,
        ),
        (
            "auditrecords?startDate=2026-11-01&endDate=2026-11-21".to_owned(),
            0,
        ),
    ] {
        assert_eq!(read(&mut world, &query)["totalCount"], count, "{query}");
    }
}

#[test]
fn records_reach_ninety_days_back_and_no_further() {
    let mut world = left();

    let old = handle(&mut world, &call("auditrecords?startDate=2026-08-01"));
    let wrong = handle(&mut world, &call("auditrecords?startDate=tomorrow"));
    let turned = handle(
        &mut world,
        &call("auditrecords?startDate=2026-11-20&endDate=2026-11-19"),
    );
    let month = handle(&mut world, &later(40 * DAY, call("auditrecords")));

    assert_eq!(problem(&old), (400, 400));
    assert_eq!(problem(&wrong), (400, 3_000));
    assert_eq!(problem(&turned), (400, 3_000));
    assert_eq!(body(&month)["totalCount"], 0);
}

#[test]
fn calls_are_told_by_app_and_day_and_one_by_one() {
    let mut world = world();
    let mut weak = call(&format!("customers/{CONTOSO}"));
    weak.claims.amr.clear();
    handle(&mut world, &with(call("customers"), "MS-RequestId", "one"));
    handle(&mut world, &weak);
    handle(&mut world, &app_only(call("customers"), &[]));

    let adoption = read(&mut world, "applicationmfaadoptionstatus");
    let calls = read(&mut world, "partnerRequests");
    let offenders = read(&mut world, "nonMfaCompliantPartnerPrincipals");

    assert_eq!(
        adoption,
        json!([{"loginDate": "2026-11-22", "mfaCompliantRequestCount": 2, "totalRequestCount": 3,
            "applicationId": APP, "applicationName": "Connector"}])
    );
    assert_eq!(calls["totalCount"], 4);
    assert_eq!(calls["items"][3]["requestId"], "one");
    assert_eq!(
        calls["items"][2]["operationName"],
        "Get /v{version}/customers/{id}"
    );
    assert_eq!(calls["items"][2]["mfaCompliant"], false);
    assert_eq!(
        (&offenders["totalCount"], &offenders["items"][0]["upn"]),
        (&json!(1), &json!("svc@provider.example"))
    );
    let later_on = body(&handle(&mut world, &later(8 * DAY, call("partnerRequests"))));
    assert_eq!(later_on["totalCount"], 1);
    let alone = app_only(call("partnerRequests"), &[]);
    assert_eq!(problem(&handle(&mut world, &alone)), (403, 2_032));
}

#[test]
fn a_call_can_ask_whether_it_has_a_second_factor() {
    let mut world = world();
    let asking = with(call("customers"), "ValidateMfa", "true");
    let mut weak = asking.clone();
    weak.claims.amr.clear();

    let plain = handle(&mut world, &call("customers"));
    let strong = handle(&mut world, &asking);
    let weak = handle(&mut world, &weak);

    assert_eq!(plain.header("ismfacompliant"), None);
    assert_eq!(strong.header("ismfacompliant"), Some("true"));
    assert_eq!(
        (weak.status.as_u16(), weak.header("ismfacompliant")),
        (401, Some("false"))
    );
    assert!(plain.header("ms-cv").unwrap().ends_with(".0"));
}
