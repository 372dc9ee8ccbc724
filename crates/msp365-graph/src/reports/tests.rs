use http::{HeaderMap, HeaderValue, StatusCode};
use insta::assert_snapshot;
use msp365_core::{ErrorKind, Reply};
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::*;
use crate::testing::{read as reply, shown};

const REPORT: &str = "\u{feff}Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,\
    Created Date,Last Activity Date,Item Count,Storage Used (Byte),Deleted Item Count,Has Archive,Report Period\r\n\
    2026-11-20,ada@contoso.example,\"Lovelace, Ada\",False,,2020-01-02,2026-11-19,12,4096,3,Yes,30\r\n\
    2026-11-20,bo@contoso.example,Bo,True,2026-10-01,2021-01-02,,0,0,,,30\r\n";

#[test]
fn rows_are_read_by_the_names_of_their_columns() {
    let usage = mailbox_usage_rows(REPORT.as_bytes()).unwrap();

    let [ada, bo] = &usage.rows[..] else {
        panic!("{usage:?}")
    };
    assert_eq!(usage.refreshed_on, Some("2026-11-20".parse().unwrap()));
    assert!(!usage.concealed);
    assert_eq!(ada.display_name.as_deref(), Some("Lovelace, Ada"));
    assert_eq!(
        (ada.item_count, ada.storage_used, ada.has_archive),
        (Some(12), Some(4096), Some(true))
    );
    assert_eq!(
        (bo.is_deleted, bo.last_activity_on, bo.has_archive),
        (Some(true), None, None)
    );
}

#[test]
fn columns_may_be_added_and_change_their_order() {
    let report = "Storage Used (Byte),Brand New,Last Activity Date,Item Count,User Principal Name,Report Refresh Date\n\
        7,x,2026-11-01,5,cleo@contoso.example,2026-11-20\n";

    let usage = mailbox_usage_rows(report.as_bytes()).unwrap();

    assert_eq!(usage.rows[0].user_principal_name, "cleo@contoso.example");
    assert_eq!(
        (usage.rows[0].storage_used, usage.rows[0].item_count),
        (Some(7), Some(5))
    );
}

#[test]
fn a_report_without_a_needed_column_is_refused() {
    let report = REPORT.replace("Storage Used (Byte)", "Storage");

    let error = mailbox_usage_rows(report.as_bytes()).unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        "the report `getMailboxUsageDetail` lacks the column `Storage Used (Byte)`"
    );
}

#[test]
fn hashes_in_place_of_names_are_noticed() {
    let report = REPORT
        .replace("ada@contoso.example", "0F3A5C79E1B24D6880AA12BC34DE56F7")
        .replace("bo@contoso.example", "(Unknown)");

    assert!(mailbox_usage_rows(report.as_bytes()).unwrap().concealed);
}

#[test]
fn a_report_without_mailboxes_conceals_nothing() {
    let header = REPORT.lines().next().unwrap();

    let usage = mailbox_usage_rows(header.as_bytes()).unwrap();

    assert_eq!(
        (usage.rows.len(), usage.refreshed_on, usage.concealed),
        (0, None, false)
    );
}

#[test]
fn an_empty_reply_is_no_empty_report() {
    assert!(mailbox_usage_rows(b"").is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut report = REPORT.as_bytes().to_vec();
        report.extend(tail);

        let _ = mailbox_usage_rows(&report);
    }
}

#[test]
fn the_setting_is_one_flag() {
    assert_snapshot!(shown(&settings()), @"GET admin/reportSettings");
    assert_snapshot!(shown(&set_concealment(Names::Shown)), @r#"
    PATCH admin/reportSettings
    content-type: application/json
    {"displayConcealedNames":false}
    "#);

    let set = reply(
        &settings(),
        r#"{"@odata.context":"c","displayConcealedNames":true}"#,
    )
    .unwrap();

    assert_eq!(set.display_concealed_names, Some(true));
}

#[test]
fn a_report_is_asked_for_by_its_period_or_day() {
    let week = Window::Period(Period::D7);
    let day = Window::Day("2026-03-01".parse().unwrap());

    assert_snapshot!(shown(&mailbox_usage(Period::D30)), @"GET reports/getMailboxUsageDetail(period='D30')");
    assert_snapshot!(shown(&active_users(week)), @"GET reports/getOffice365ActiveUserDetail(period='D7')");
    assert_snapshot!(shown(&app_users(day)), @"GET reports/getM365AppUserDetail(date=2026-03-01)");
    assert_snapshot!(shown(&email_activity(week)), @"GET reports/getEmailActivityUserDetail(period='D7')");
    assert_snapshot!(shown(&teams_activity(day)), @"GET reports/getTeamsUserActivityUserDetail(date=2026-03-01)");
    assert_snapshot!(shown(&one_drive_usage(week)), @"GET reports/getOneDriveUsageAccountDetail(period='D7')");
    assert_snapshot!(shown(&activations()), @"GET reports/getOffice365ActivationsUserDetail");
}

#[test]
fn the_address_of_a_report_is_a_secret() {
    let mut headers = HeaderMap::new();
    headers.insert(
        "location",
        HeaderValue::from_static("https://reports.example/d?token=canary"),
    );

    let place = mailbox_usage(Period::D7)
        .decode(&Reply::new(StatusCode::FOUND, headers, ""))
        .unwrap();

    assert_eq!(place.expose_secret(), "https://reports.example/d?token=canary");
    assert!(!format!("{place:?}").contains("canary"));
}

#[test]
fn active_users_hold_products_and_dates() {
    let csv = "Report Refresh Date,User Principal Name,Has Teams License,Exchange Last Activity Date,Assigned Products\n\
        2026-03-01,ada@contoso.example,True,2026-02-28,MICROSOFT 365 E3+POWER BI PRO\n";

    let ada = read::<ActiveUserRow>(csv.as_bytes()).unwrap().rows.remove(0);

    assert_eq!(ada.assigned_products, ["MICROSOFT 365 E3", "POWER BI PRO"]);
    assert_eq!(
        (ada.has_teams_license, ada.has_yammer_license),
        (Some(true), None)
    );
}

#[test]
fn reports_of_2021_and_of_today_are_read_alike() {
    let old = "Report Refresh Date,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products,\
        Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Has Other Action,Report Period\n\
        2021-07-01,ada@contoso.example,2021-06-30,False,,OFFICE 365 E3,1,2,3,4,Yes,7\n";
    let new = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Team Chat Message Count,\
        Private Chat Message Count,Call Count,Meeting Count,Audio Duration,Audio Duration In Seconds,Is Licensed\n\
        2026-03-01,0a,ada@contoso.example,2026-02-28,1,2,3,4,PT1M,60,Yes\n";

    let old = read::<TeamsActivityRow>(old.as_bytes()).unwrap().rows.remove(0);
    let new = read::<TeamsActivityRow>(new.as_bytes()).unwrap().rows.remove(0);

    assert_eq!(
        (old.calls, old.user_id, old.has_other_action),
        (Some(3), None, Some(true))
    );
    assert_eq!(
        (new.calls, new.user_id.as_deref(), new.audio_seconds),
        (Some(3), Some("0a"), Some(60))
    );
}

#[test]
fn applications_mail_drives_and_activations_are_read() {
    let apps = "Report Refresh Date,User Principal Name,Last Activity Date,Outlook,Outlook (Web)\nx,a@b.example,,Yes,No\n";
    let mail = "Report Refresh Date,User Principal Name,Last Activity Date,Send Count,Receive Count\nx,a@b.example,,5,6\n";
    let drive = "Report Refresh Date,Site URL,Last Activity Date,File Count,Storage Used (Byte),Owner Principal Name\n\
        x,https://s.example,,3,9,a@b.example\n";
    let office = "Report Refresh Date,User Principal Name,Product Type,Windows,Mac\nx,a@b.example,MICROSOFT 365 APPS,2,0\n";

    let app = read::<AppUserRow>(apps.as_bytes()).unwrap().rows.remove(0);
    let mail = read::<EmailActivityRow>(mail.as_bytes()).unwrap().rows.remove(0);
    let drive = read::<OneDriveUsageRow>(drive.as_bytes()).unwrap().rows.remove(0);
    let office = read::<ActivationRow>(office.as_bytes()).unwrap().rows.remove(0);

    assert_eq!(
        (app.outlook, app.outlook_web, app.teams),
        (Some(true), Some(false), None)
    );
    assert_eq!((mail.sent, mail.received), (Some(5), Some(6)));
    assert_eq!(
        (drive.file_count, drive.owner_principal_name.as_str()),
        (Some(3), "a@b.example")
    );
    assert_eq!((office.windows, office.mac), (Some(2), Some(0)));
}
