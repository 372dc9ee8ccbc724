//! A user card by card, and what a change of groups would do: shown, with what is not known and why.

use serde_json::Value;

use crate::{
    bad_input::{one_line, one_object},
    changing::staffed,
    office::Office,
};

const NOBODY: &str = "nobody@nowhere.example";

/// `users show USER --json …`.
async fn shown(office: &Office, user: &str, more: &[&str]) -> Value {
    let whole: Vec<_> = ["users", "show", user, "--json"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    office.run(&whole).await.ended(0).json()
}

fn names(card: &Value) -> Vec<&str> {
    card["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_user_is_shown_from_the_database_and_live() {
    let (office, tenant, user) = staffed(false).await;

    let stored = shown(&office, &user, &[]).await;
    let live = shown(&office, &user, &["--live"]).await;

    for card in [
        "profile",
        "account",
        "licenses",
        "availability",
        "devices",
        "groups",
        "roles",
        "portals",
    ] {
        assert_eq!(
            (&stored[card]["source"], &live[card]["source"]),
            (&"stored".into(), &"live".into()),
            "{card}"
        );
        assert!(
            stored[card]["as_of"].is_string() && live[card]["content"] != Value::Null,
            "{card}: {stored}"
        );
    }
    assert_eq!(names(&stored["groups"]), names(&live["groups"]));
    assert_eq!(
        (&stored["tenant"], &live["name"]),
        (&tenant.as_str().into(), &user.as_str().into())
    );
    let gap = &stored["sign_ins"]["gaps"][0];
    assert_eq!(
        (&gap["why"], &gap["code"]),
        (&"not_stored".into(), &"not_stored".into())
    );
    assert_eq!(gap["remedy"], "ask live");
    let eligible = live["roles"]["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|gap| gap["part"] == "eligible");
    assert_eq!(eligible.unwrap()["why"], "not_permitted", "{live}");
}

#[tokio::test]
async fn cards_are_readable_and_say_what_is_not_known() {
    let (office, tenant, user) = staffed(false).await;

    let live = office
        .run(&["users", "show", &user, "--tenant", &tenant, "--live"])
        .await
        .ended(0);
    assert!(live.out.starts_with(&format!("{user} (")), "{live:#?}");
    for part in [
        "\nProfile, live\n",
        "│ Full name",
        "│ Signing in",
        "\nLicences (",
        " on",
        "\nDevices (",
        "\nGroups (",
        "\nRoles (0), live\n",
        "\nSign-ins",
        "\nTemporary access pass, live\n  ? passes: ",
        "\nPortals (",
        "https://entra.microsoft.com/",
    ] {
        assert!(live.out.contains(part), "{part}: {live:#?}");
    }

    let one = office
        .run(&[
            "users",
            "show",
            &user,
            "--card",
            "groups",
            "--zone",
            "Europe/Amsterdam",
        ])
        .await
        .ended(0);
    assert!(
        one.out.contains("\nGroups (") && !one.out.contains("Licences"),
        "{one:#?}"
    );
    assert!(one.out.contains(", stored, 20"), "{one:#?}");
    assert!(
        one.out
            .contains("  ? has_team: passes do not keep it; ask live [not_stored]\n"),
        "{one:#?}"
    );
}

#[tokio::test]
async fn wrong_cards_zones_and_filters_are_wrong_usage() {
    let office = Office::connected().await;
    for (wrong, words) in [
        (["--card", "shoes"].as_slice(), "there is no card `shoes`"),
        (&["--zone", "Nowhere/Atall"], "show no dates"),
        (&["--live", "--sign-ins", "[1]"], "chooses no sign-ins"),
    ] {
        let whole: Vec<_> = ["users", "show", NOBODY].iter().chain(wrong).copied().collect();
        let answer = office.run(&whole).await.ended(2);
        assert!(one_line(&answer).contains(words), "{answer:#?}");
    }
}

#[tokio::test]
async fn sign_ins_are_chosen_and_show_what_had_to_be_proved() {
    let (office, tenant, user) = staffed(false).await;
    let truth = office.server.truth();
    let id = truth
        .iter()
        .find(|line| line["userPrincipalName"] == user.as_str())
        .unwrap();
    let (id, tenant) = (id["id"].as_str().unwrap(), tenant.parse().unwrap());
    assert!(office.server.edit(|world| world.sign_in(tenant, id)));
    let sign_ins = ["--live", "--card", "sign_ins"];

    let all = shown(&office, &user, &sign_ins).await;
    let beta = shown(&office, &user, &["--live", "--card", "sign_ins", "--requirement"]).await;
    let chosen = shown(
        &office,
        &user,
        &[
            "--live",
            "--card",
            "sign_ins",
            "--sign-ins",
            r#"{"status":["failure"]}"#,
        ],
    )
    .await;

    let rows = |document: &Value| document["sign_ins"]["content"].as_array().map(Vec::len);
    assert_eq!(rows(&all), rows(&beta));
    // The last one went well.
    assert!(rows(&all) > Some(0) && rows(&chosen) < rows(&all), "{all}");
    let gaps = |document: &Value| -> Vec<String> {
        let all = document["sign_ins"]["gaps"].as_array().unwrap().iter();
        all.map(|gap| gap["part"].as_str().unwrap().to_owned()).collect()
    };
    // Seeing policies was not asked for.
    assert!(gaps(&all).contains(&"requirement".to_owned()), "{all}");
    assert_eq!(gaps(&beta), ["policies"], "{beta}");
}

#[tokio::test]
async fn who_may_not_be_seen_looks_like_who_is_not_there() {
    let (office, tenant, user) = staffed(false).await;
    let levels = office.folder.path().join("levels.json");
    std::fs::write(
        &levels,
        r#"{"levels":{"desk":{"areas":{"users":"view"}}},
            "technicians":{"bo":{"level":"desk","tenants":"all","sites":{"only":["s1"]}}}}"#,
    )
    .unwrap();
    let levels = levels.to_str().unwrap();
    let as_bo = ["--technician", "bo", "--levels", levels, "--json"];
    let ask = |user: &str, site: &str, more: &[&str]| -> Vec<String> {
        let whole = ["users", "show", user, "--site", site]
            .into_iter()
            .chain(as_bo)
            .chain(more.iter().copied());
        whole.map(str::to_owned).collect()
    };
    let run = |whole: Vec<String>| {
        let office = &office;
        async move {
            let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
            office.run(&whole).await
        }
    };

    let seen = run(ask(&user, "s1", &[])).await.ended(0).json();
    assert_eq!(seen["devices"]["gaps"][0]["why"], "not_permitted");
    let live = ["--live", "--tenant", tenant.as_str()];
    let hidden = one_object(&run(ask(&user, "s2", &live)).await.ended(1)).clone();
    let absent = one_object(&run(ask(NOBODY, "s1", &live)).await.ended(1)).clone();
    assert_eq!((&hidden["kind"], &hidden), (&"not_found".into(), &absent));
}

#[tokio::test]
async fn a_change_of_groups_is_previewed_and_nothing_is_changed() {
    let (office, tenant, user) = staffed(false).await;
    let truth = office.server.truth();
    let groups: Vec<_> = truth
        .iter()
        .filter(|line| line["kind"] == "group" && line["tenant"] == tenant.as_str())
        .collect();
    let team = groups.iter().find(|group| {
        let types = group["groupTypes"].as_array().unwrap();
        types.iter().any(|kind| kind == "Unified")
    });
    let list = groups
        .iter()
        .find(|group| group["displayName"] == "info")
        .unwrap();
    let (team, list) = (
        team.unwrap()["id"].as_str().unwrap(),
        list["id"].as_str().unwrap(),
    );
    let ask = ["users", "preview", &user, "--tenant", &tenant];
    let with =
        |more: &[&'static str]| -> Vec<&str> { ask.iter().copied().chain(more.iter().copied()).collect() };

    let said: Vec<_> = with(&["--json"])
        .into_iter()
        .chain(["--join", team, "--leave", list])
        .collect();
    let said = office.run(&said).await;
    let document = said.json();
    assert_eq!(
        document["unchanged"].as_array().unwrap().last().unwrap()["group"]["id"],
        list,
        "{document}"
    );
    assert_eq!(said.code, Some(1));
    assert!(
        document["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .any(|gap| gap["part"] == "conditional_access")
    );

    let printed: Vec<_> = with(&[]).into_iter().chain(["--join", list]).collect();
    let printed = office.run(&printed).await.ended(1);
    assert!(printed.out.contains("! info: "), "{printed:#?}");
    assert!(
        printed.out.ends_with(" lost. Nothing was changed.\n"),
        "{printed:#?}"
    );
    office.run(&ask).await.ended(2);
    assert!(office.server.truth() == truth, "nothing was changed");
}
