//! `match` under what people decided.

use std::{fs, path::Path};

use msp365::store::{self, MatchKind, MatchRow};

use crate::command::{Answer, command, ended};

/// Runs `match` with these words; names of files are those of the folder.
async fn run(folder: &Path, words: &str) -> Answer {
    let arguments = words.split(' ').map(|word| match word.strip_prefix("sqlite:") {
        Some(name) => format!("sqlite:{}", folder.join(name).display()),
        None if word.contains(".csv") => folder.join(word).display().to_string(),
        None => word.to_owned(),
    });
    ended(command(std::iter::once("match".to_owned()).chain(arguments))).await
}

/// Two tenants with organizations that are like them, and two that are called as one of theirs is.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ours = "id,name\nt-1,Northwind Traders\nt-2,Contoso Ltd\nt-3,Fabrikam\nt-4,Zava\n";
    let theirs = "id,name\n8,Nothwind Traders\n9,Contoso Limited\n10,Fabrikam\n11,Fabrikam\n";
    fs::write(folder.path().join("ours.csv"), ours).unwrap();
    fs::write(folder.path().join("theirs.csv"), theirs).unwrap();
    folder
}

const BOTH: &str = "organizations --ours ours.csv --theirs theirs.csv";

#[tokio::test]
async fn candidates_and_unmatched_records_can_be_listed_alone() {
    let folder = folder();

    let candidates = run(folder.path(), &format!("{BOTH} --list candidates --json"))
        .await
        .ended(0)
        .lines();
    let told: Vec<_> = candidates
        .iter()
        .map(|row| format!("{} {} {}", row["ours"], row["theirs"], row["verdict"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        ["t-1 8 suggested", "t-3 10 ambiguous", "t-3 11 ambiguous"],
        "{candidates:#?}"
    );
    assert!(candidates[0]["score"].as_f64() > Some(0.8), "{candidates:#?}");

    let unmatched = run(folder.path(), &format!("{BOTH} --list unmatched --json"))
        .await
        .ended(0)
        .lines();
    let ours: Vec<_> = unmatched.iter().map(|row| &row["ours"]).collect();
    assert_eq!(ours, ["t-1", "t-3", "t-4"], "{unmatched:#?}");
    assert_eq!(unmatched[0]["theirs"], "8");
}

#[tokio::test]
async fn what_was_decided_holds_and_is_written_in_a_fixed_order() {
    let folder = folder();
    let path = folder.path();
    for words in [
        "decide organizations t-4 --ignore --decisions said.csv --by Bo --note closed",
        "decide organizations t-1 --link 9 --decisions said.csv --by Ada",
        "decide organizations t-1 --link 8 --decisions said.csv --by Ada",
        "decide organizations t-3 --refuse 10 --decisions said.csv",
        "decide devices t-2 --ignore --decisions said.csv",
    ] {
        run(path, words).await.ended(0);
    }

    let file = fs::read_to_string(path.join("said.csv")).unwrap();
    let lines: Vec<_> = file
        .lines()
        .map(|line| line.split(',').take(5).collect::<Vec<_>>())
        .collect();
    assert_eq!(lines[0], ["kind", "ours", "theirs", "said", "by"]);
    assert_eq!(lines[1], ["devices", "t-2", "", "ignored", ""]);
    assert_eq!(lines[2], ["organizations", "t-1", "8", "linked", "Ada"]);
    assert_eq!(lines[3], ["organizations", "t-3", "10", "refused", ""]);
    assert_eq!(lines[4], ["organizations", "t-4", "", "ignored", "Bo"]);
    assert_eq!(lines.len(), 5);

    let answer = run(path, &format!("{BOTH} --decisions said.csv")).await.ended(0);
    let rows: Vec<_> = answer.out.lines().collect();
    assert_eq!(rows[0], "ours,theirs,verdict,score,evidence,standing");
    assert!(
        rows[1].starts_with(r#""t-1","8",certain,1,"linked by Ada on "#)
            && rows[1].ends_with(r#","decided""#)
    );
    assert!(rows[2].starts_with(r#""t-2","9",certain,1,"#) && rows[2].ends_with(r#","automatic""#));
    assert!(
        rows[3].starts_with(r#""t-3","11",ambiguous,"#) && rows[3].ends_with(r#","open""#),
        "{rows:#?}"
    );
    assert!(
        rows[4].starts_with(r#""t-4","",none,0,"ignored by Bo on "#) && rows[4].ends_with(r#","ignored""#)
    );

    let unmatched = run(
        path,
        &format!("{BOTH} --decisions said.csv --list unmatched --json"),
    )
    .await;
    let ours: Vec<_> = unmatched
        .ended(0)
        .lines()
        .iter()
        .map(|row| row["ours"].clone())
        .collect();
    assert_eq!(ours, ["t-3"]);
}

#[tokio::test]
async fn a_link_that_lost_an_end_is_shown_as_broken() {
    let folder = folder();
    let path = folder.path();
    let said = "kind,ours,theirs,said,by,at,note\norganizations,t-1,77,linked,Ada,,\n\
                organizations,t-9,8,linked,Ada,,\nnonsense\n";
    fs::write(path.join("said.csv"), said).unwrap();

    let answer = run(path, &format!("{BOTH} --decisions said.csv --json"))
        .await
        .ended(1);

    let broken: Vec<_> = answer
        .lines()
        .iter()
        .filter(|row| row["standing"] == "broken")
        .map(|row| format!("{} {}", row["ours"], row["evidence"][0]["text"]))
        .collect();
    assert_eq!(
        broken,
        [
            "\"t-1\" \"the tool's record is gone\"",
            "\"t-9\" \"our record is gone\""
        ]
    );
    assert!(answer.err.contains("it has 1 cells, not 7"), "{}", answer.err);
    let refused = run(path, "decide organizations t-1 --ignore --decisions said.csv")
        .await
        .ended(2);
    assert!(refused.err.contains("line 4"), "{}", refused.err);
    assert_eq!(fs::read_to_string(path.join("said.csv")).unwrap(), said);
}

#[tokio::test]
async fn decisions_of_the_database_are_written_as_a_file_and_entered_from_one() {
    let folder = folder();
    let path = folder.path();
    let mut alike = MatchRow::new(None, "t-1");
    (alike.theirs, alike.score) = (Some("7".to_owned()), 0.93);
    let url = format!("sqlite:{}", path.join("one.db").display());
    let store = store::open(&url).await.unwrap();
    let rows = [alike];
    store
        .replace_matches(MatchKind::Organizations, &rows)
        .await
        .unwrap();
    drop(store);
    let created = "decide organizations t-1 --created 8 --by Ada --db sqlite:one.db";
    let warned = run(path, created).await.ended(1);
    assert!(
        warned.err.contains("may be it already: 7 (0.93)") && warned.err.contains("--anyway"),
        "{warned:?}"
    );
    assert_eq!(
        run(path, "decisions --db sqlite:one.db")
            .await
            .ended(0)
            .out
            .lines()
            .count(),
        1
    );
    run(path, &format!("{created} --anyway")).await.ended(0);
    let file = run(path, "decisions --db sqlite:one.db").await.ended(0).out;
    assert!(file.contains("organizations,t-1,8,created,Ada,"), "{file}");

    fs::write(path.join("said.csv"), &file).unwrap();
    run(path, "decisions --enter said.csv --db sqlite:two.db")
        .await
        .ended(0);

    assert_eq!(run(path, "decisions --db sqlite:two.db").await.ended(0).out, file);
}
