//! Worlds that are pinned by a file.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::{
    bad_input::refused,
    command::{Answer, answer, command, ended},
};

const STORY: &str = "\
seed = 3
[[customers]]
name = \"Contoso Ltd\"
domain = \"contoso.example\"

[[customers.users]]
user = \"ada\"
name = \"Ada Lindqvist\"

[[changes]]
at = \"day 3\"
tenant = \"contoso.example\"
do = { user_leaves = \"ada\" }
";

fn written(text: &str) -> (TempDir, String) {
    let folder = msp365_stores::folder();
    let file = folder.path().join("story.toml");
    fs::write(&file, text).unwrap();
    (folder, file.display().to_string())
}

async fn truth(file: &str, more: &[&str]) -> Answer {
    let mut whole = command(["sim", "truth", "--scenario", file]);
    whole.args(more);
    ended(whole).await.ended(0)
}

fn users(answer: &Answer) -> usize {
    let lines = answer.lines();
    lines.iter().filter(|line| line["kind"] == "user").count()
}

#[tokio::test]
async fn the_truth_of_a_scenario_is_that_of_a_moment() {
    let (_folder, file) = written(STORY);

    assert_eq!(users(&truth(&file, &[]).await), 1);
    assert_eq!(users(&truth(&file, &["--at", "47h"]).await), 1);
    assert_eq!(users(&truth(&file, &["--at", "day 3"]).await), 0);
    assert_eq!(users(&truth(&file, &["--after", "5d"]).await), 0);
}

#[tokio::test]
async fn a_scenario_is_served_until_a_signal() {
    let (folder, file) = written(STORY);
    let mut serve = command(["sim", "serve", "--scenario", &file]);
    let mut child = serve.current_dir(&folder).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();

    let announced: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();

    assert_eq!(
        (&announced["customers"], &announced["seed"]),
        (&1.into(), &3.into())
    );
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
    assert!(sent.success());
    answer(child).await.ended(0);
}

#[tokio::test]
async fn a_bad_scenario_is_refused_with_line_and_reason() {
    for (text, line, reason) in [
        (
            STORY.replace("user =", "usr ="),
            "line 7, column 1",
            "unknown field `usr`",
        ),
        (
            STORY.replace("\"ada\" }", "\"bo\" }"),
            "line 13, column 22",
            "no user `bo`",
        ),
        (
            STORY.replace("seed = 3", "seed = = 3"),
            "line 1, column 8",
            "the scenario",
        ),
    ] {
        let (_folder, file) = written(&text);
        for verb in ["serve", "truth"] {
            let (told, kind) = refused(|| command(["sim", verb, "--scenario", &file]), 2).await;

            assert_eq!(kind, "invalid");
            assert!(told.contains(line) && told.contains(reason), "{told}");
        }
    }
}

#[tokio::test]
async fn a_scenario_that_is_not_there_is_refused() {
    let nowhere = Path::new("nowhere").join("story.toml").display().to_string();

    let (told, _) = refused(|| command(["sim", "truth", "--scenario", &nowhere]), 2).await;

    assert!(told.contains("story.toml"), "{told}");
}
