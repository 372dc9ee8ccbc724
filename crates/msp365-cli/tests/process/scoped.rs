//! Which users and tenants are listed: for a technician, by name, all, those looked at last.

use std::fs;

use crate::{
    bad_input::one_object,
    desk::{CONTOSO, Desk, FABRIKAM, NOWHERE, who, with},
};

#[tokio::test]
async fn a_technician_lists_and_exports_what_is_in_view() {
    let desk = Desk::open().await;
    let bo = desk.as_bo();

    let seen = desk.json(&with(&["users", "list", "--page", "all"], &bo)).await;
    assert_eq!((&seen["count"], who(&seen).len()), (&5.into(), 5));
    assert!(who(&seen).iter().all(|(tenant, _)| tenant == CONTOSO));
    let hidden = desk
        .json(&with(&["users", "list", "--tenant", FABRIKAM], &bo))
        .await;
    let absent = desk
        .json(&with(&["users", "list", "--tenant", NOWHERE], &bo))
        .await;
    assert_eq!((&hidden, &hidden["count"]), (&absent, &0.into()));

    let file = desk.path("users.csv");
    let done = desk.json(&with(&["users", "export", "--out", &file], &bo)).await;
    assert_eq!(done["rows"], 5);
    assert!(!fs::read_to_string(&file).unwrap().contains("Fay"));
    let log = desk.json(&["activity"]).await;
    assert_eq!(log["records"][1]["actor"], "bo");

    let mut elsewhere = bo.clone();
    *elsewhere.last_mut().unwrap() = "s2".to_owned();
    let nothing = desk.json(&with(&["users", "list"], &elsewhere)).await;
    assert_eq!(nothing["count"], 0);
}

#[tokio::test]
async fn a_mark_tells_nobody_which_tenants_there_are() {
    let desk = Desk::open().await;
    let bo = desk.as_bo();
    let first = desk
        .json(&["users", "list", "--tenant", FABRIKAM, "--size", "1"])
        .await;
    let mark = first["next"].as_str().unwrap().to_owned();
    let foreign = mark.replace(FABRIKAM, NOWHERE);
    assert_ne!(mark, foreign);

    let said = async |mark: &str| {
        let asked = with(&["users", "list", "--json", "--after", mark], &bo);
        desk.run(&asked).await.ended(2).out
    };

    assert_eq!(said(&mark).await.replace(FABRIKAM, NOWHERE), said(&foreign).await);
}

#[tokio::test]
async fn a_technician_is_shown_the_tenants_in_view() {
    let desk = Desk::open().await;
    let bo = desk.as_bo();

    let seen = desk.json(&with(&["tenants", "list"], &bo)).await;
    assert_eq!(
        (&seen["count"], &seen["tenants"][0]["id"]),
        (&1.into(), &CONTOSO.into())
    );
    assert_eq!(
        desk.json(&with(&["tenants", "list", FABRIKAM], &bo)).await["count"],
        0
    );
    let portals = desk.json(&with(&["tenants", "portals"], &bo)).await;
    assert_eq!(portals["portals"].as_array().unwrap().len(), 8);
    let ask = |tenant| with(&["tenants", "portals", tenant, "--json"], &bo);
    let hidden = desk
        .run(&ask(FABRIKAM))
        .await
        .ended(1)
        .out
        .replace(FABRIKAM, NOWHERE);
    let absent = desk.run(&ask(NOWHERE)).await.ended(1).out;
    assert_eq!(hidden, absent);
}

#[tokio::test]
async fn tenants_are_named_one_by_one_or_all() {
    let desk = Desk::open().await;
    let count = async |more: &[&str]| {
        let asked = [&["tenants", "list"], more].concat();
        desk.json(&asked).await["count"].as_u64().unwrap()
    };

    assert_eq!(count(&[CONTOSO, FABRIKAM]).await, 2);
    assert_eq!(count(&[CONTOSO, NOWHERE]).await, 1);
    assert_eq!(count(&["fabri", "FABRIKAM"]).await, 1);
    assert_eq!(count(&["--all"]).await, 2);
    let all = desk.json(&["tenants", "portals", "--all"]).await;
    assert_eq!(all["portals"].as_array().unwrap().len(), 16);
    for wrong in [
        &["tenants", "list", CONTOSO, "--all"][..],
        &["tenants", "portals", CONTOSO, "--all"],
        &["tenants", "portals", "--features", "directory"],
    ] {
        desk.run(wrong).await.ended(2);
    }
}

#[tokio::test]
async fn tenants_are_chosen_by_pattern_and_condition_and_sorted_by_any_column() {
    let desk = Desk::open().await;
    let names = async |more: &[&str]| -> Vec<String> {
        let asked = [&["tenants", "list"], more].concat();
        let document = desk.json(&asked).await;
        let tenants = document["tenants"].as_array().unwrap().iter();
        tenants
            .map(|tenant| tenant["name"].as_str().unwrap().to_owned())
            .collect()
    };

    assert_eq!(names(&["--like", "name=cont%"]).await, ["Contoso"]);
    assert_eq!(
        names(&["--like", "domain=%.example", "--like", "name=fab"]).await,
        ["Fabrikam"]
    );
    assert_eq!(
        names(&[
            "--filter",
            "synced_at=never",
            "--status",
            "deactivated",
            "--sort",
            "-domain"
        ])
        .await,
        ["Fabrikam", "Contoso"]
    );
    assert_eq!(
        names(&["--filter", "domain=contoso.example|nowhere.example"]).await,
        ["Contoso"]
    );
    assert_eq!(names(&["--filter", "selected=true"]).await, [""; 0]);
    assert_eq!(
        names(&["--like", "name=%o%", "--page", "2", "--size", "1"]).await,
        [""; 0]
    );
}

#[tokio::test]
async fn tenants_are_shown_and_written_with_the_columns_that_are_chosen() {
    let desk = Desk::open().await;

    let shown = desk
        .run(&["tenants", "list", "--columns", "name,domain,reason,synced_at"])
        .await
        .ended(0);
    let line = shown.out.lines().find(|line| line.contains("Contoso")).unwrap();
    let cells: Vec<_> = line.trim_matches('│').split('┆').map(str::trim).collect();
    assert_eq!(
        cells,
        [
            "Contoso",
            "contoso.example; contoso.onmicrosoft.com",
            "-",
            "never"
        ]
    );
    let file = desk.path("tenants.csv");
    let export = [
        "tenants",
        "list",
        "--columns",
        "name,synced_at",
        "--sort",
        "-name",
        "--out",
        &file,
    ];
    let done = desk.json(&with(&export, &desk.as_bo())).await;
    assert_eq!((&done["rows"], &done["is_recorded"]), (&1.into(), &true.into()));
    desk.run(&export).await.ended(0);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "name,synced_at\r\n\"Fabrikam\",\"never\"\r\n\"Contoso\",\"never\"\r\n"
    );
    for wrong in [
        ["--like", "name"],
        ["--like", "shoe_size=4"],
        ["--filter", "synced_at=soon"],
        ["--sort", "shoe_size"],
        ["--columns", "shoe_size"],
        ["--zone", "Mars/Phobos"],
    ] {
        let asked = [&["tenants", "list", "--json"][..], &wrong].concat();
        assert_eq!(one_object(&desk.run(&asked).await.ended(2))["kind"], "invalid");
    }
}

#[tokio::test]
async fn all_eight_portals_of_a_tenant_have_an_address() {
    let desk = Desk::open().await;

    let portals = desk.json(&["tenants", "portals", CONTOSO]).await;

    let told: Vec<_> = portals["portals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|portal| (portal["url"].as_str().unwrap(), portal["is_by_default"] == true))
        .collect();
    assert_eq!(told.len(), 8);
    let by_default: Vec<_> = told.iter().filter(|(_, by_default)| *by_default).collect();
    assert_eq!(by_default, [&("https://contoso-admin.sharepoint.com", true)]);
    assert!(
        told.contains(&("https://entra.microsoft.com/contoso.example", false)),
        "{told:?}"
    );
    let text = desk.run(&["tenants", "portals", CONTOSO]).await.ended(0).out;
    assert!(
        text.contains("https://contoso-admin.sharepoint.com (by its default name)"),
        "{text}"
    );
    let name = format!("1@{CONTOSO}.example");
    let card = desk.json(&["users", "show", &name, "--card", "portals"]).await;
    let links = card["portals"]["content"].as_array().unwrap();
    let share_point = links.iter().find(|link| link["key"] == "sharepoint").unwrap();
    assert_eq!(share_point["url"], "https://contoso-admin.sharepoint.com");
    assert_eq!(
        (&share_point["is_by_default"], &card["portals"]["gaps"]),
        (&true.into(), &serde_json::json!([]))
    );
}

#[tokio::test]
async fn who_was_looked_at_is_remembered_for_each_technician() {
    let desk = Desk::open().await;
    let bo = desk.as_bo();
    let upn = |id: &str| format!("{id}@{CONTOSO}.example");
    for id in ["3", "2"] {
        let name = upn(id);
        desk.json(&with(&["users", "show", &name, "--card", "profile"], &bo))
            .await;
    }

    let recent = desk.json(&with(&["users", "recent"], &bo)).await;
    assert_eq!(
        who(&recent).iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(),
        ["2", "3"]
    );
    assert_eq!(recent["rows"][0]["states"]["last_sign_in"], "never");
    assert_eq!(desk.json(&["users", "recent"]).await["count"], 0);
    let mut elsewhere = bo.clone();
    *elsewhere.last_mut().unwrap() = "s2".to_owned();
    assert_eq!(
        desk.json(&with(&["users", "recent"], &elsewhere)).await["count"],
        0
    );
    let text = desk.run(&with(&["users", "recent"], &bo)).await.ended(0).out;
    assert!(text.contains("Bo") && text.contains("never"), "{text}");
}
