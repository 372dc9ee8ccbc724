//! `match` on files.

use std::{fs, path::Path};

use crate::command::{Answer, command, ended};

async fn matched(folder: &Path, what: &str, more: &[&str]) -> Answer {
    let path = |name: &str| folder.join(name).display().to_string();
    let mut arguments = vec!["match".to_owned(), what.to_owned()];
    arguments.extend([
        "--theirs".to_owned(),
        path("theirs.csv"),
        "--ours".to_owned(),
        path("ours.csv"),
    ]);
    for word in more {
        arguments.push(if word.contains(".csv") {
            path(word)
        } else {
            (*word).to_owned()
        });
    }
    ended(command(arguments)).await
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.join(name), text).unwrap();
}

#[tokio::test]
async fn devices_of_two_files_are_matched_within_their_sites() {
    let folder = msp365_stores::folder();
    let folder = folder.path();
    write(
        folder,
        "theirs.csv",
        "hostname,id,site\nlt-ada.contoso.example,71,hq\nLT-ADA,72,works\n",
    );
    write(
        folder,
        "ours.csv",
        "id,tenant,hostname\nd-1,contoso,LT-ADA\nd-2,fabrikam,LT-BO\n",
    );
    write(folder, "sites.csv", "tenant,site\ncontoso,hq\nfabrikam,works\n");

    let answer = matched(folder, "devices", &["--sites", "sites.csv"])
        .await
        .ended(0);

    assert_eq!(
        answer.out,
        "ours,theirs,verdict,score,evidence\n\
         \"d-1\",\"71\",certain,1,\"both are called `lt-ada`\"\n\
         \"d-2\",\"\",none,0,\"no device within reach is called `lt-bo`\"\n"
    );
}

#[tokio::test]
async fn an_ambiguous_device_has_a_row_for_each_candidate() {
    let folder = msp365_stores::folder();
    let folder = folder.path();
    write(folder, "theirs.csv", "id,hostname\n71,SRV-01\n72,srv-01\n");
    write(folder, "ours.csv", "id,hostname\nd-1,SRV-01\n");

    let rows = matched(folder, "devices", &["--json"]).await.ended(0).lines();

    let told: Vec<_> = rows.iter().map(|row| (&row["theirs"], &row["verdict"])).collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|(_, verdict)| *verdict == "ambiguous"));
    assert_eq!(rows[0]["evidence"][0]["kind"], "host_name");
}

#[tokio::test]
async fn organizations_and_contacts_are_matched_from_files() {
    let folder = msp365_stores::folder();
    let folder = folder.path();
    write(
        folder,
        "theirs.csv",
        "id,name,domains\n7,AWC,www.adventure.example\n8,Contoso Limited,\n",
    );
    write(
        folder,
        "ours.csv",
        "id,name,domains\nt-1,Adventure Works,adventure.example\nt-2,Contoso Ltd.,\n",
    );
    let rows = matched(folder, "organizations", &["--json"])
        .await
        .ended(0)
        .lines();
    assert_eq!(
        (&rows[0]["theirs"], &rows[0]["verdict"]),
        (&"7".into(), &"certain".into())
    );
    assert_eq!(
        (&rows[1]["theirs"], &rows[1]["verdict"]),
        (&"8".into(), &"certain".into())
    );

    write(
        folder,
        "theirs.csv",
        "id,organization,name,emails\n7,,A. E.,ada.example@contoso.example\n",
    );
    write(
        folder,
        "ours.csv",
        "id,display_name,user_principal_name,proxy_addresses\n\
         u-1,Ada Example,ada@contoso.example,SMTP:ada@contoso.example smtp:Ada.Example@contoso.example\n",
    );
    let rows = matched(folder, "contacts", &["--json"]).await.ended(0).lines();
    assert_eq!(
        (&rows[0]["theirs"], &rows[0]["verdict"]),
        (&"7".into(), &"certain".into())
    );
}

#[tokio::test]
async fn bad_rows_are_counted_and_named_and_the_rest_is_matched() {
    let folder = msp365_stores::folder();
    let folder = folder.path();
    let mut theirs = b"id,hostname\n70,\n71,LT-ADA\n72,".to_vec();
    theirs.extend(std::iter::repeat_n(b'x', 1 << 20));
    theirs.extend(b"\n73,M\xfcLLER\n");
    write(folder, "theirs.csv", theirs);
    write(folder, "ours.csv", "id,hostname\nd-1,LT-ADA\n");

    let answer = matched(folder, "devices", &[]).await.ended(1);

    assert!(answer.out.contains(r#""d-1","71",certain"#), "{}", answer.out);
    for line in [
        "line 2: it has no `hostname`",
        "line 4: a cell has 1048576 bytes",
        "line 5: it is not UTF-8",
    ] {
        assert!(answer.err.contains(line), "{line}: {}", answer.err);
    }
    assert!(
        answer.err.contains("Lines that are not as they should be: 3"),
        "{}",
        answer.err
    );
}

/// Two files of which the tool's has a line without a name, one with a cell of a mebibyte and one that is not UTF-8.
async fn with_bad_rows(what: &str, columns: [&str; 2], right: [&str; 2]) -> Answer {
    let folder = msp365_stores::folder();
    let folder = folder.path();
    let mut theirs = format!("id,name,{}\n70,,\n71,{}\n72,", columns[1], right[1]).into_bytes();
    theirs.extend(std::iter::repeat_n(b'x', 1 << 20));
    theirs.extend(b",\n73,M\xfcller,\n");
    write(folder, "theirs.csv", theirs);
    write(
        folder,
        "ours.csv",
        format!(
            "id,{}\nx-1,{}\nx-2,M\u{fc}ller,\n,Nobody,\n",
            columns[0], right[0]
        ),
    );
    let answer = matched(folder, what, &[]).await.ended(1);
    for line in [
        "ours.csv, line 4: it has no `id`",
        "theirs.csv, line 2: it has no `name`",
        "theirs.csv, line 4: a cell has 1048576 bytes",
        "theirs.csv, line 5: it is not UTF-8; read as Windows-1252",
        "Lines that are not as they should be: 4",
    ] {
        assert!(answer.err.contains(line), "{line}: {}", answer.err);
    }
    assert_eq!(answer.out.lines().count(), 3, "{}", answer.out);
    answer
}

#[tokio::test]
async fn bad_rows_of_organizations_are_counted_and_named_and_the_rest_is_matched() {
    let columns = ["name,domains", "domains"];

    let answer = with_bad_rows("organizations", columns, ["Contoso Ltd,", "Contoso Limited,"]).await;

    assert!(answer.out.contains(r#""x-1","71",certain,1,"#), "{}", answer.out);
    assert!(answer.out.contains(r#""x-2","73",certain,1,"#), "{}", answer.out);
}

#[tokio::test]
async fn bad_rows_of_contacts_are_counted_and_named_and_the_rest_is_matched() {
    let columns = ["display_name,mail", "emails"];
    let right = ["Ada,ada@contoso.example", "Ada,ada@contoso.example"];

    let answer = with_bad_rows("contacts", columns, right).await;

    assert!(answer.out.contains(r#""x-1","71",certain,1,"#), "{}", answer.out);
    assert!(
        answer.out.contains(r#""x-2","73",suggested,0.8,"#),
        "{}",
        answer.out
    );
}

#[tokio::test]
async fn a_file_without_the_column_of_names_is_wrong_usage() {
    let folder = msp365_stores::folder();
    let folder = folder.path();
    write(folder, "theirs.csv", "id,computer\n1,LT-ADA\n");
    write(folder, "ours.csv", "id,hostname\nd-1,LT-ADA\n");

    let answer = matched(folder, "devices", &[]).await.ended(2);

    assert!(answer.err.contains("has no column `hostname`"), "{}", answer.err);
}
