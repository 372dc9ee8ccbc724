//! Reports of stored rows: as a table, as a document, as a file; what they lack, and who may see them.

use std::fs;

use msp365::store::{LicenseRow, MailboxRow, Resource, TenantRecord, UserLicense, UserRow};
use serde_json::Value;

use crate::{
    bad_input::one_object,
    desk::{CONTOSO, Desk, FABRIKAM, pass, with},
    office::open,
};

/// The desk with licences and mailboxes: Contoso has two products and two mailboxes, Fabrikam a product, and conceals names.
async fn desk() -> Desk {
    let desk = Desk::open().await;
    let store = open(&desk.db).await;
    let license = |id: &str, part: &str, [enabled, consumed]: [i64; 2]| {
        let mut row = LicenseRow::new(id);
        row.sku_part_number = Some(part.to_owned());
        row.capability_status = Some("Enabled".to_owned());
        (row.enabled, row.consumed) = (enabled, consumed);
        row
    };
    let rows = vec![license("e3", "=SPE_E3", [10, 7]), license("f1", "SPE_F1", [5, 5])];
    pass(&*store, CONTOSO, Resource::Licenses, rows.into()).await;
    let rows = vec![license("e3", "SPE_E3", [3, 0])];
    pass(&*store, FABRIKAM, Resource::Licenses, rows.into()).await;
    let mailbox = |id: u8, bytes: i64, day: Option<&str>| {
        let mut row = MailboxRow::new(format!("{id}@{CONTOSO}.example"));
        row.storage_used_bytes = Some(bytes);
        row.last_activity_on = day.map(|day| day.parse().unwrap());
        row
    };
    let rows = vec![mailbox(1, 5, Some("2025-01-31")), mailbox(2, 70, None)];
    pass(&*store, CONTOSO, Resource::Mailboxes, rows.into()).await;
    let (tenant, mailboxes) = (FABRIKAM.parse().unwrap(), Resource::Mailboxes);
    store.set_selected(&[tenant], true).await.unwrap();
    store.stale(&tenant, mailboxes, "names_concealed").await.unwrap();
    desk
}

fn column(document: &Value, name: &str) -> Vec<Value> {
    let rows = document["rows"].as_array().unwrap().iter();
    rows.map(|row| row[name].clone()).collect()
}

#[tokio::test]
async fn licences_and_subscriptions_are_reported_over_all_tenants() {
    let desk = desk().await;

    let licenses = desk.json(&["report", "licenses"]).await;
    assert_eq!(licenses["count"], 3);
    assert_eq!(
        column(&licenses, "sku_part_number"),
        ["=SPE_E3", "SPE_F1", "SPE_E3"]
    );
    assert_eq!(column(&licenses, "consumed"), [7, 5, 0]);
    let first = &licenses["rows"][0];
    assert_eq!(
        (&first["tenant"], &first["key"], &first["as_of"]),
        (&"Contoso".into(), &"e3".into(), &"2026-03-01T12:00:00Z".into())
    );
    assert_eq!(first["states"]["enabled"], "number");
    let few = desk
        .json(&[
            "report",
            "licenses",
            "--filter",
            "consumed>5",
            "--columns",
            "consumed",
        ])
        .await;
    assert_eq!(
        (&few["count"], &few["rows"][0]["consumed"]),
        (&1.into(), &7.into())
    );
    assert!(few["rows"][0].get("enabled").is_none(), "{few}");

    let table = desk.run(&["report", "subscriptions"]).await.ended(0).out;
    assert!(
        table.contains("capability_status") && table.contains("3 of 3 licenses."),
        "{table}"
    );
}

#[tokio::test]
async fn a_report_is_a_file_with_its_start_and_end_on_record() {
    let desk = desk().await;
    let file = desk.path("licenses.csv");
    let asked = [
        "report",
        "licenses",
        "--columns",
        "sku_part_number,tenant,enabled",
        "--sort",
        "-enabled",
    ];

    let done = desk.json(&[&asked[..], &["--out", &file]].concat()).await;

    assert_eq!((&done["rows"], &done["is_recorded"]), (&3.into(), &true.into()));
    let expected = "sku_part_number,tenant,enabled\r\n\"'=SPE_E3\",\"Contoso\",\"10\"\r\n\
                    \"SPE_F1\",\"Contoso\",\"5\"\r\n\"SPE_E3\",\"Fabrikam\",\"3\"\r\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), expected);
    let log = desk.json(&["activity"]).await;
    let said: Vec<_> = log["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| [&record["action"], &record["outcome"]].map(|text| text.as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(
        said,
        [["export_licenses", "started"], ["export_licenses", "finished"]]
    );
    let printed = desk
        .run(&[&asked[..], &["--out", "-", "--no-headers"]].concat())
        .await
        .ended(0);
    assert_eq!(printed.out, expected.split_once('\n').unwrap().1);
    for wrong in [
        &["--bom"][..],
        &["--out", &file, "--page", "2"],
        &["--filter", "shoe_size=43"],
    ] {
        desk.run(&[&asked[..], wrong].concat()).await.ended(2);
    }
}

#[tokio::test]
async fn the_largest_mailbox_comes_first_and_days_are_compared() {
    let desk = desk().await;

    let told = desk.run(&["report", "mailboxes"]).await.ended(0);
    let all = desk.json(&["report", "mailboxes"]).await;
    let old = desk
        .json(&["report", "mailboxes", "--filter", "last_activity_on>90d"])
        .await;
    let never = desk
        .json(&["report", "mailboxes", "--filter", "last_activity_on=never"])
        .await;

    assert_eq!(column(&all, "storage_used_bytes"), [70, 5]);
    assert_eq!(column(&all, "last_activity_on")[1], "2025-01-31");
    assert_eq!(all["rows"][0]["states"]["last_activity_on"], "never");
    assert_eq!(
        (
            column(&old, "storage_used_bytes"),
            column(&never, "storage_used_bytes")
        ),
        (vec![5.into()], vec![70.into()])
    );
    assert_eq!(
        told.err.trim(),
        "Not all mailboxes are here of Fabrikam (failed: names_concealed)."
    );
    let missing = &all["incomplete"];
    assert_eq!(all["incomplete_count"], 1);
    assert_eq!(
        (&missing[0]["tenant"], &missing[0]["name"], &missing[0]["why"]),
        (
            &FABRIKAM.into(),
            &"Fabrikam".into(),
            &"failed: names_concealed".into()
        )
    );
}

#[tokio::test]
async fn activity_tells_who_signed_in_when_and_why_that_is_not_known() {
    let desk = desk().await;

    let all = desk.json(&["report", "activity", "--page", "all"]).await;
    let slept = desk
        .json(&["report", "activity", "--filter", "last_sign_in=never"])
        .await;
    let ada = desk.json(&["report", "activity", "--search", "ada"]).await;

    assert_eq!((&all["count"], &slept["count"]), (&7.into(), &4.into()));
    assert_eq!(ada["count"], 2);
    let last = all["rows"].as_array().unwrap().last().unwrap();
    assert_eq!(last["last_sign_in"]["state"], "date");
    let states: Vec<_> = column(&all, "states");
    let unlicensed = states
        .iter()
        .filter(|states| states["last_sign_in"] == "not_licensed");
    assert_eq!(unlicensed.count(), 2);
}

#[tokio::test]
async fn a_view_of_a_report_is_kept_and_is_no_view_of_another_list() {
    let desk = desk().await;
    let view = desk.path("view.json");
    let kept = [
        "report",
        "licenses",
        "--filter",
        "consumed=0",
        "--columns",
        "sku_id,tenant",
        "--save-view",
        &view,
    ];
    desk.run(&kept).await.ended(0);

    let again = desk.json(&["report", "subscriptions", "--view", &view]).await;
    assert_eq!(
        (&again["count"], &again["rows"][0]["tenant"]),
        (&1.into(), &"Fabrikam".into())
    );
    assert!(again["rows"][0].get("enabled").is_none(), "{again}");
    for other in [["report", "mailboxes"], ["report", "activity"], ["users", "list"]] {
        let asked = [&other[..], &["--json", "--view", &view]].concat();
        assert_eq!(one_object(&desk.run(&asked).await.ended(2))["kind"], "invalid");
    }
}

#[tokio::test]
async fn reports_are_for_technicians_who_may_look_at_them() {
    let desk = desk().await;
    let mut bo = desk.as_bo();
    for report in ["licenses", "subscriptions", "activity", "mailboxes"] {
        let seen = desk.json(&with(&["report", report], &bo)).await;
        assert_eq!(seen["count"], 0, "{report}: users are seen, and reports are not");
    }

    let levels = fs::read_to_string(&bo[3]).unwrap();
    let wider = levels.replace(r#""users":"view""#, r#""reports":"view""#);
    assert_ne!(wider, levels);
    bo[3] = desk.path("wider.json");
    fs::write(&bo[3], wider).unwrap();

    let seen = desk.json(&with(&["report", "licenses"], &bo)).await;
    assert_eq!(
        (&seen["count"], &seen["incomplete_count"]),
        (&2.into(), &0.into())
    );
    let seen = desk.json(&with(&["report", "activity"], &bo)).await;
    assert_eq!(seen["count"], 5);
    assert_eq!(desk.json(&with(&["users", "list"], &bo)).await["count"], 0);
    let file = desk.path("seen.csv");
    desk.json(&with(&["report", "licenses", "--out", &file], &bo))
        .await;
    assert!(!fs::read_to_string(&file).unwrap().contains("Fabrikam"));
    assert_eq!(desk.json(&["activity"]).await["records"][0]["actor"], "bo");
}

/// The desk with ten units of a product in Contoso, of which two are assigned; a blocked user, one who never came and one
/// who did have it, and one of Fabrikam.
async fn wasteful() -> Desk {
    let desk = Desk::open().await;
    let store = open(&desk.db).await;
    let mut e3 = LicenseRow::new("05e9a617-0261-4cee-bb44-138d3ef5d965");
    e3.sku_part_number = Some("SPE_E3".to_owned());
    e3.applies_to = Some("User".to_owned());
    e3.capability_status = Some("Enabled".to_owned());
    (e3.enabled, e3.consumed) = (10, 2);
    pass(&*store, CONTOSO, Resource::Licenses, vec![e3.clone()].into()).await;
    let user = |tenant: &str, id: u8, enabled: bool| {
        let mut row = UserRow::new(id.to_string());
        row.user_principal_name = format!("{id}@{tenant}.example");
        row.account_enabled = Some(enabled);
        row.created_at = Some("2025-01-01T00:00:00Z".parse().unwrap());
        row.licenses = vec![UserLicense::new(e3.sku_id.clone())];
        row.products = vec!["Microsoft 365 E3".to_owned()].into();
        row
    };
    let rows = vec![
        user(CONTOSO, 1, true),
        user(CONTOSO, 2, false),
        user(CONTOSO, 3, true),
    ];
    pass(&*store, CONTOSO, Resource::Users, rows.into()).await;
    pass(
        &*store,
        FABRIKAM,
        Resource::Users,
        vec![user(FABRIKAM, 1, true)].into(),
    )
    .await;
    drop(store);
    desk
}

#[tokio::test]
async fn waste_is_what_is_known_to_be_of_no_use() {
    let desk = wasteful().await;

    let waste = desk.json(&["report", "waste", "--days", "3650"]).await;

    let said: Vec<_> = waste["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            [&row["why"], &row["user"], &row["units"]]
                .map(Value::to_string)
                .join(" ")
        })
        .collect();
    assert_eq!(said, ["\"unassigned\" null 8", "\"blocked\" \"2\" 1"]);
    assert_eq!(
        (&waste["unknown"], &waste["not_licensed"]),
        (&0.into(), &1.into())
    );
    // From 2026-03-01 on everybody who never came was made longer ago than a month.
    let waste = desk
        .json(&["report", "waste", "--days", "30", "--tenant", CONTOSO])
        .await;
    assert!(waste["rows"].to_string().contains("\"never\""), "{waste}");

    let file = desk.path("waste.csv");
    let done = desk
        .json(&["report", "waste", "--days", "3650", "--out", &file])
        .await;
    assert_eq!((&done["rows"], &done["is_recorded"]), (&2.into(), &true.into()));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"Contoso\""), "{text}");
    let table = desk.run(&["report", "waste"]).await.ended(0);
    assert!(table.out.contains("Microsoft 365 E3"), "{table:#?}");
    let none = desk.json(&with(&["report", "waste"], &desk.as_bo())).await;
    assert_eq!((&none["count"], &none["not_licensed"]), (&0.into(), &0.into()));
}

#[tokio::test]
async fn users_who_are_not_all_in_a_list_or_file_are_told_by_tenant() {
    let desk = Desk::open().await;
    let store = open(&desk.db).await;
    let mut more = Vec::new();
    for number in 1..=4 {
        let id = format!("0000000{number}-2222-3333-4444-555555555555")
            .parse()
            .unwrap();
        more.push(TenantRecord::new(id, format!("Added {number}")));
    }
    store.upsert_tenants(&more).await.unwrap();
    let mut ids: Vec<_> = more.iter().map(|tenant| tenant.id).collect();
    let fabrikam = FABRIKAM.parse().unwrap();
    ids.push(fabrikam);
    store.set_selected(&ids, true).await.unwrap();
    store
        .stale(&fabrikam, Resource::Users, "throttled")
        .await
        .unwrap();
    drop(store);
    let line = "Not all users are here of Added 1 (never read), Added 2 (never read), Added 3 (never read), and 2 more.";

    let (file, told) = (
        desk.path("users.csv"),
        desk.run(&["users", "list"]).await.ended(0),
    );
    assert_eq!(told.err.trim(), line);
    assert_eq!(desk.run(&["users", "list", "--quiet"]).await.ended(0).err, "");
    let written = desk.run(&["users", "export", "--out", &file]).await.ended(0);
    assert!(written.err.lines().any(|said| said == line), "{written:#?}");
    for asked in [
        &["users", "list"][..],
        &["users", "export", "--out", &file],
        &["users", "list", "--size", "2"],
    ] {
        let document = desk.json(asked).await;
        assert_eq!(document["incomplete_count"], 5, "{asked:?}");
        let missing = document["incomplete"].as_array().unwrap();
        assert_eq!(missing.len(), 5);
        let last = missing.last().unwrap();
        assert_eq!(
            (&last["tenant"], &last["name"], &last["why"]),
            (&FABRIKAM.into(), &"Fabrikam".into(), &"failed: throttled".into())
        );
    }
    let whole = desk.json(&["users", "list", "--tenant", CONTOSO]).await;
    assert_eq!(whole["incomplete"], serde_json::json!([]));
}
