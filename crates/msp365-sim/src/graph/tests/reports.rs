//! Usage reports, the setting that conceals names, and how users registered.

use msp365_core::Reply;
use serde_json::json;

use super::world::*;
use crate::{
    api::{ApiCall, ApiVersion},
    graph::handle,
    world::{World, plan::WorldPlan},
};

/// A seeded tenant without trouble, and a call to it by an app that may read reports.
fn seeded() -> (World, impl Fn(&str) -> ApiCall) {
    let size = WorldPlan::sized(1, 40);
    let world = World::build(7, &size);
    let tenant = world.customers[0].id.to_string();
    let call = move |target: &str| app_only(get(&tenant, target), &["Reports.Read.All", "AuditLog.Read.All"]);
    (world, call)
}

fn lines(world: &World, reply: &Reply) -> Vec<String> {
    let key = reply.header("location").unwrap().rsplit('/').next().unwrap();
    let text = String::from_utf8(world.downloads[key].body.to_vec()).unwrap();
    text.split("\r\n")
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_report_has_its_columns_in_order_and_a_row_for_each_user() {
    let (mut world, call) = seeded();
    for (target, columns, last) in [
        (
            "getOffice365ActiveUserDetail(period='D180')",
            24,
            "Assigned Products",
        ),
        ("getM365AppUserDetail(period='D30')", 39, "Teams (Web)"),
        ("getEmailActivityUserDetail(period='D7')", 13, "Report Period"),
        (
            "getTeamsUserActivityUserDetail(period='D90')",
            33,
            "Report Period",
        ),
        ("getOneDriveUsageAccountDetail(period='D7')", 12, "Report Period"),
        (
            "getOffice365ActivationsUserDetail",
            11,
            "Activated On Shared Computer",
        ),
    ] {
        let reply = handle(&mut world, &call(&format!("reports/{target}")));

        let lines = lines(&world, &reply);
        let head: Vec<&str> = lines[0].split(',').collect();
        assert_eq!(head[0], "\u{feff}Report Refresh Date");
        assert_eq!((head.len(), *head.last().unwrap()), (columns, last), "{target}");
        assert!(lines.len() > 5, "{target} has {} rows", lines.len() - 1);
        assert!(
            lines.iter().all(|line| line.split(',').count() == columns),
            "{target}"
        );
    }
}

#[test]
fn a_single_day_is_given_where_the_report_has_days_and_no_longer_than_a_month_ago() {
    let (mut world, call) = seeded();
    let mut status = |target: &str| {
        handle(&mut world, &call(&format!("reports/{target}")))
            .status
            .as_u16()
    };

    assert_eq!(status("getEmailActivityUserDetail(date=2026-11-18)"), 302);
    assert_eq!(status("getEmailActivityUserDetail(date=2026-10-01)"), 400);
    assert_eq!(status("getEmailActivityUserDetail(date=2026-12-24)"), 400);
    assert_eq!(status("getOneDriveUsageAccountDetail(date=2026-11-18)"), 400);
    assert_eq!(status("getOffice365ActivationsUserDetail"), 302);
    assert_eq!(status("getOffice365ActivationsUserDetail(period='D7')"), 400);
    assert_eq!(status("getShoeSizes(period='D7')"), 400);
}

#[test]
fn a_tenant_that_conceals_names_shows_none_in_any_report() {
    let (mut world, call) = seeded();
    let report = call("reports/getOneDriveUsageAccountDetail(period='D7')");

    let shown = handle(&mut world, &report);
    world.customers[0].conceals_reports = true;
    let hidden = handle(&mut world, &report);

    assert!(lines(&world, &shown)[1].contains('@'));
    let hidden = &lines(&world, &hidden)[1];
    assert!(!hidden.contains('@') && !hidden.contains("https"), "{hidden}");
}

#[test]
fn the_setting_is_changed_by_who_may_and_takes_a_yes_or_no() {
    let mut world = world();
    let mut change = |scope: &str, value: serde_json::Value| {
        let mut call = post(
            CONTOSO,
            "admin/reportSettings",
            &json!({"displayConcealedNames": value}),
        );
        call.method = http::Method::PATCH;
        handle(&mut world, &app_only(call, &[scope])).status.as_u16()
    };

    assert_eq!(change("Reports.Read.All", json!(true)), 403);
    assert_eq!(change("ReportSettings.ReadWrite.All", json!("yes")), 400);
    assert_eq!(change("ReportSettings.ReadWrite.All", json!(true)), 204);
    assert!(world.customers[0].conceals_reports);
}

#[test]
fn beta_gives_reports_as_json_in_pages() {
    let (mut world, call) = seeded();
    let target = "reports/getEmailActivityUserDetail(period='D7')?$format=application/json&$top=5";
    let released = handle(&mut world, &call(target)).status.as_u16();
    let beta = ApiCall {
        version: ApiVersion::Beta,
        ..call(target)
    };

    let page = body(&handle(&mut world, &beta));

    assert_eq!(released, 400);
    let rows = page["value"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    assert!(page["@odata.nextLink"].is_string());
    assert!(rows[0]["sendCount"].is_u64() && rows[0]["userPrincipalName"].is_string());
    assert_eq!(rows[0]["isDeleted"], false);
}

#[test]
fn registrations_tell_who_can_use_a_second_factor() {
    let (mut world, call) = seeded();
    let target = "reports/authenticationMethods/userRegistrationDetails";

    let all = body(&handle(&mut world, &call(target)));
    let capable = body(&handle(
        &mut world,
        &call(&format!("{target}?$filter=isMfaCapable eq true")),
    ));
    world.customers[0].has_p1 = false;
    let refused = handle(&mut world, &call(target)).status.as_u16();

    let count = |page: &serde_json::Value| page["value"].as_array().unwrap().len();
    assert_eq!(count(&all), world.customers[0].users.present().count());
    assert!(count(&capable) > 0 && count(&capable) < count(&all));
    assert_eq!(refused, 403);
}
