//! Lists as files: cells, encodings, what is left where it fails, views.

use std::fs;

use crate::{
    bad_input::one_object,
    command::ended,
    desk::{CONTOSO, Desk},
    office::command_on,
};

#[tokio::test]
async fn an_export_is_text_to_every_spreadsheet() {
    let desk = Desk::open().await;
    let file = desk.path("users.csv");

    let export = [
        "users",
        "export",
        "--columns",
        "name",
        "--sort",
        "id",
        "--out",
        &file,
        "--bom",
        "--quiet",
    ];
    desk.run(&export).await.ended(0);

    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("\u{feff}display_name\r\n\"Ada;'=1+1\"\r\n\"Ada\"\r\n"),
        "{text}"
    );
}

#[tokio::test]
async fn an_export_without_a_file_prints_no_document() {
    let desk = Desk::open().await;

    let refused = desk.run(&["users", "export", "--json"]).await.ended(2);

    assert!(
        one_object(&refused)["remedy"].as_str().unwrap().contains("--out"),
        "{refused:#?}"
    );
    assert_eq!(desk.json(&["activity"]).await["count"], 0);
}

#[tokio::test]
async fn an_export_that_fails_leaves_the_file_that_was_there() {
    let desk = Desk::open().await;
    let file = desk.path("users.csv");
    fs::write(&file, "before").unwrap();
    let gone = desk.path("gone/desk.db");

    let export = ["users", "export", "--out", &file];
    ended(command_on(gone.as_ref(), &export)).await.ended(4);

    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    let parts = fs::read_dir(desk.folder.path()).unwrap();
    let names: Vec<_> = parts.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().ends_with(".part")),
        "{names:?}"
    );
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_an_export_quietly() {
    let desk = Desk::open().await;
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut export = command_on(&desk.db, &["users", "export"]);
    export.stdout(writer);

    let answer = ended(export).await.ended(0);

    assert!(!answer.err.contains("msp365:"), "{answer:#?}");
    let log = desk.json(&["activity"]).await;
    assert_eq!(log["records"][1]["outcome"], "finished, reader gone");
    assert_eq!(log["records"][1]["detail"]["asked"]["columns"][0], "display_name");
}

#[tokio::test]
async fn a_view_keeps_how_dates_look() {
    let desk = Desk::open().await;
    let (view, file) = (desk.path("view.json"), desk.path("users.csv"));
    let list = "users list --columns last_sign_in --filter id=1 --tenant";
    let kept = "--zone Europe/Amsterdam --format %H:%M --save-view";
    let whole = list
        .split(' ')
        .chain([CONTOSO])
        .chain(kept.split(' '))
        .chain([view.as_str()]);
    desk.run(&whole.collect::<Vec<_>>()).await.ended(0);

    desk.run(&["users", "export", "--view", &view, "--out", &file])
        .await
        .ended(0);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "last_sign_in\r\n\"13:00\"\r\n"
    );
    desk.run(&[
        "users", "export", "--view", &view, "--zone", "UTC", "--out", &file,
    ])
    .await
    .ended(0);
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "last_sign_in\r\n\"12:00\"\r\n"
    );
}
