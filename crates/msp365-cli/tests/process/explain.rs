//! Explaining changes nothing, and says in the exit code whether it will work.

use serde_json::{Value, json};

use crate::{
    bad_input::{one_line, one_object},
    changing::staffed,
    office::Office,
};

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// The document and the exit code of `explain`.
async fn explained(office: &Office, arguments: &[&str]) -> (Value, Option<i32>) {
    let whole: Vec<_> = ["explain", "--json"].iter().chain(arguments).copied().collect();
    let answer = office.run(&whole).await;
    (answer.json(), answer.code)
}

#[tokio::test]
async fn the_first_broken_link_is_named_with_who_mends_it() {
    let office = Office::connected().await;
    office.run(&["tenants", "list", "--refresh"]).await.ended(0);
    let tenant = office.server.customer_ids()[0].to_string();
    let block = ["block", "--user", NOBODY, "--tenant", &tenant];

    let (said, code) = explained(&office, &block).await;

    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("will_not"), Some(1)),
        "{said}"
    );
    assert_eq!(said["first_broken"], "tenant");
    assert_eq!(said["tenant"], tenant.as_str());
    let link = &said["links"][1];
    assert_eq!(link["id"], "tenant", "{said}");
    assert_eq!(link["state"], "broken", "{said}");
    assert_eq!(link["mender"], "host_administrator");
    let shown = office
        .run(&["explain", "block", "--user", NOBODY, "--tenant", &tenant])
        .await
        .ended(1);
    assert!(shown.out.contains("! tenant"), "{shown:#?}");
    assert!(
        shown.out.ends_with("It will not work: `tenant` is broken.\n"),
        "{shown:#?}"
    );
}

#[tokio::test]
async fn a_tenant_that_is_not_there_looks_like_one_that_may_not_be_seen() {
    let office = Office::connected().await;
    office.run(&["tenants", "list", "--refresh"]).await.ended(0);
    let levels = office.folder.path().join("levels.json");
    std::fs::write(&levels, r#"{"levels": {}, "technicians": {}}"#).unwrap();
    let tenant = office.server.customer_ids()[0].to_string();
    let levels = levels.to_str().unwrap();
    let hidden = [
        "block",
        "--user",
        "x",
        "--tenant",
        &tenant,
        "--technician",
        "bo",
        "--levels",
        levels,
    ];

    let (absent, _) = explained(&office, &["block", "--user", "x", "--tenant", NOBODY]).await;
    let (hidden, _) = explained(&office, &hidden).await;

    assert_eq!(absent["links"], hidden["links"]);
    assert_eq!(absent["first_broken"], "permission");
}

#[tokio::test]
async fn what_is_missing_from_the_question_is_wrong_usage() {
    let office = Office::connected().await;
    let tenant = ["--user", "x", "--tenant", NOBODY];
    let ask = |what: &[&'static str]| -> Vec<&'static str> {
        ["explain"].iter().chain(what).chain(&tenant).copied().collect()
    };

    let answer = office.run(&ask(&["groups"])).await.ended(2);
    assert!(one_line(&answer).contains("`--group` is missing"));
    let answer = office
        .run(&ask(&["edit", "--set", "shoeSize=43", "--json"]))
        .await
        .ended(2);
    assert!(
        one_object(&answer)["remedy"]
            .as_str()
            .unwrap()
            .contains("jobTitle")
    );
}

/// The actions that an explanation consists of.
fn parts(said: &Value) -> Vec<&str> {
    let parts = said["parts"].as_array().unwrap().iter();
    parts.map(|part| part["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_offboarding_that_would_run_is_explained_by_its_options() {
    let (office, tenant, user) = staffed(true).await;
    let about = ["--user", user.as_str(), "--tenant", tenant.as_str()];
    let ask = |more: &[&'static str]| -> Vec<String> {
        let all = ["offboard"].into_iter().chain(about).chain(more.iter().copied());
        all.map(str::to_owned).collect()
    };
    let explained = async |more: &[&'static str]| {
        let arguments = ask(more);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        explained(&office, &arguments).await.0
    };

    let two = explained(&["--block", "--revoke"]).await;
    let bare = explained(&[]).await;
    let whole = explained(&["--block", "--remove-licenses", "--delete"]).await;

    assert_eq!(parts(&two), ["block", "revoke"], "{two}");
    assert_eq!(two["verdict"], "will_work");
    assert_eq!(parts(&bare)[..2], ["block", "revoke"], "{bare}");
    assert!(
        !parts(&bare).contains(&"delete"),
        "what was not chosen is not explained"
    );
    assert_eq!(parts(&whole).first(), Some(&"block"));
    assert_eq!(parts(&whole).last(), Some(&"delete"), "{whole}");
}

#[tokio::test]
async fn a_device_is_explained_with_the_option_that_lets_it_be_changed() {
    let (office, tenant, user) = staffed(true).await;
    let about = ["devices", "--user", &user, "--tenant", &tenant];
    let missing: Vec<_> = ["explain"].iter().chain(&about).copied().collect();
    assert!(one_line(&office.run(&missing).await.ended(2)).contains("`--device` is missing"));
    let truth = office.server.truth();
    let device = truth.iter().find(|line| {
        line["kind"] == "device" && line["tenant"] == tenant.as_str() && line["trustType"] == "AzureAd"
    });
    let device = device.unwrap()["id"].as_str().unwrap();
    let whole: Vec<_> = about.iter().copied().chain(["--device", device]).collect();

    let (said, code) = explained(&office, &whole).await;

    assert_eq!(
        (&said["first_broken"], code),
        (&json!("consent"), Some(1)),
        "{said}"
    );
    let links = said["links"].as_array().unwrap();
    let consent = links.iter().find(|link| link["id"] == "consent").unwrap();
    assert!(
        consent["remedy"].as_str().unwrap().contains("--write-devices"),
        "{consent}"
    );
    let gone: Vec<_> = about.iter().copied().chain(["--device", NOBODY]).collect();
    let (said, _) = explained(&office, &gone).await;
    let target = said["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["id"] == "target");
    assert_eq!(target.unwrap()["state"], "broken");
    let (said, _) = explained(&office, &[&gone[..], &["--remove"]].concat()).await;
    let target = said["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["id"] == "target");
    assert_eq!(target.unwrap()["state"], "holds");
}
