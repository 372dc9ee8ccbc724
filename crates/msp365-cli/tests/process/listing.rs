//! Lists of stored users: pages, states and ages of values, columns.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    bad_input::one_object,
    desk::{CONTOSO, Desk, FABRIKAM, who},
};

#[tokio::test]
async fn pages_are_walked_by_the_mark_that_is_printed() {
    let desk = Desk::open().await;
    let all = desk
        .json(&["users", "list", "--page", "all", "--sort", "-name"])
        .await;

    let (mut seen, mut next) = (Vec::new(), None::<String>);
    loop {
        let mut asked = vec!["users", "list", "--sort", "-name", "--size", "3"];
        asked.extend(next.as_deref().into_iter().flat_map(|mark| ["--after", mark]));
        let page = desk.json(&asked).await;
        assert_eq!(page["count"], 7);
        seen.push(who(&page));
        next = page["next"].as_str().map(str::to_owned);
        if next.is_none() {
            break;
        }
    }

    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    assert_eq!(seen.concat(), who(&all));
    let told = desk
        .run(&["users", "list", "--sort", "-name", "--size", "3"])
        .await
        .ended(0);
    assert!(told.out.contains("\nMore: --after 'users:{"), "{told:#?}");
}

#[tokio::test]
async fn a_list_that_was_cut_says_so_and_goes_on_where_it_was() {
    let desk = Desk::open().await;
    let all = desk.json(&["users", "list", "--page", "all"]).await;
    assert_eq!(
        (&all["is_cut"], &all["because"]),
        (&Value::Bool(false), &Value::Null)
    );

    for all_pages in [&[][..], &["--page", "all"]] {
        let asked = [&["users", "list", "--max", "2", "--json"], all_pages].concat();
        let cut = desk.run(&asked).await.ended(1).json();
        assert_eq!((&cut["is_cut"], who(&cut).len()), (&Value::Bool(true), 2));
        assert!(cut["because"].as_str().unwrap().contains("--max"), "{cut}");
        let rest = desk
            .json(&[
                "users",
                "list",
                "--page",
                "all",
                "--after",
                cut["next"].as_str().unwrap(),
            ])
            .await;
        assert_eq!([who(&cut), who(&rest)].concat(), who(&all));
    }
    let whole = desk.json(&["users", "list", "--max", "7"]).await;
    assert_eq!(
        (&whole["is_cut"], &whole["next"]),
        (&Value::Bool(false), &Value::Null)
    );
    for wrong in [
        &["--page", "2", "--max", "3"][..],
        &["--page", "2", "--after", "x"],
        &["--max", "0"],
        &["--after", "no mark"],
    ] {
        let asked = [&["users", "list", "--json"], wrong].concat();
        assert_eq!(one_object(&desk.run(&asked).await.ended(2))["kind"], "invalid");
    }
}

#[tokio::test]
async fn each_value_has_a_state_and_each_source_an_age() {
    let desk = Desk::open().await;

    let all = desk
        .json(&["users", "list", "--page", "all", "--sort", "id"])
        .await;
    let of = |tenant: &str, id: &str| {
        let rows = all["rows"].as_array().unwrap();
        rows.iter()
            .find(|row| row["tenant_id"] == tenant && row["id"] == id)
            .unwrap()
    };

    let (ada, bo, fay) = (of(CONTOSO, "1"), of(CONTOSO, "2"), of(FABRIKAM, "2"));
    let state = |row: &Value, column: &str| row["states"][column].as_str().unwrap().to_owned();
    assert_eq!(
        [ada, bo, fay].map(|row| state(row, "last_sign_in")),
        ["date", "never", "not_licensed"]
    );
    assert_eq!(
        (state(ada, "roles"), &ada["roles"]),
        ("unknown".to_owned(), &serde_json::json!([]))
    );
    assert_eq!(
        (state(ada, "licenses"), state(ada, "department")),
        ("none".to_owned(), "none".to_owned())
    );
    assert_eq!(ada["as_of"]["users"], "2026-03-01T12:00:00Z");
    assert_eq!(
        (&ada["as_of"]["role_assignments"], &fay["as_of"]["sign_ins"]),
        (&Value::Null, &Value::Null)
    );
    let sources = all["sources"].as_array().unwrap();
    let unlicensed = sources
        .iter()
        .find(|source| !source["stale_because"].is_null())
        .unwrap();
    assert_eq!(
        (&unlicensed["tenant_id"], &unlicensed["stale_because"]),
        (&FABRIKAM.into(), &"not_licensed".into())
    );
}

#[tokio::test]
async fn columns_are_chosen_for_scripts_too_and_the_fixed_ones_stay() {
    let desk = Desk::open().await;
    let few = desk.json(&["users", "list", "--columns", "tenant,mail"]).await;

    let names = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    let row = &few["rows"][0];
    let fixed =
        "tenant_id id user_principal_name display_name user_type account_enabled licenses roles last_sign_in";
    let wanted = |more: &str| -> BTreeSet<String> {
        fixed
            .split(' ')
            .chain(more.split(' '))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(names(row), wanted("tenant mail states as_of"));
    assert_eq!(names(&row["states"]), wanted("tenant mail"));
}

#[tokio::test]
async fn a_table_tells_nothing_never_and_unknown_apart_and_how_old_it_is() {
    let desk = Desk::open().await;
    let columns = [
        "users",
        "list",
        "--sources",
        "--columns",
        "name,department,roles,last_sign_in",
        "--sort",
        "id",
    ];
    let told = desk.run(&columns).await.ended(0);

    let line = |name: &str| {
        told.out
            .lines()
            .find(|line| line.contains(name))
            .unwrap()
            .to_owned()
    };
    let cells = |line: &str| -> Vec<String> {
        let cells = line
            .trim_matches('│')
            .split('┆')
            .map(|cell| cell.trim().to_owned());
        cells.collect()
    };
    assert_eq!(cells(&line("│ Bo ")), ["Bo", "-", "unknown", "never"]);
    assert_eq!(cells(&line("│ Fay ")), ["Fay", "-", "unknown", "not licensed"]);
    let sign_ins = told
        .out
        .lines()
        .find(|line| line.contains(FABRIKAM) && line.contains("sign_ins"));
    assert_eq!(
        cells(sign_ins.unwrap())[2..],
        ["never read to the end", "not_licensed"]
    );
    let users = told
        .out
        .lines()
        .find(|line| line.contains(CONTOSO) && line.contains(" users "));
    assert_eq!(cells(users.unwrap())[2..], ["2026-03-01T12:00:00Z", "-"]);
}
