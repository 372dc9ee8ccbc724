//! Plans that are stored: for later, or for a second person.

use std::fs;

use crate::{
    bad_input::{one_line, one_object},
    changing::{staffed, users},
    office::Office,
};

/// When a plan may run that is due at once.
const PAST: &str = "2020-01-01T00:00:00Z";

#[tokio::test]
async fn a_timer_prints_no_password() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());
    let key = office.folder.path().join("key.txt");
    fs::write(&key, "QxDul9iMwfCIpVdsd6sM9cOseX89lROcbIS1QpxZZio=").unwrap();
    let key = key.to_str().unwrap();

    let bare = users(&office, "reset-password", whom, &["--at", PAST, "--json"])
        .await
        .ended(0)
        .json();
    let run = office.run(&["users", "plans", "--run", "--json"]).await.ended(1);

    let left = one_object(&run);
    assert_eq!(left["kind"], "denied", "{run:#?}");
    assert!(
        left["message"].as_str().unwrap().contains("names no key"),
        "{run:#?}"
    );
    assert!(!run.out.contains("\"secret\""), "{run:#?}");
    users(
        &office,
        "reset-password",
        whom,
        &["--at", PAST, "--seal-to", key, "--json"],
    )
    .await
    .ended(0);
    let run = office
        .run(&["users", "plans", "--run", "--json"])
        .await
        .ended(1)
        .lines();
    assert_eq!((run.len(), &run[0]["id"]), (2, &bare["id"]), "{run:#?}");
    assert!(run[1]["secrets"][0]["sealed"].is_object(), "{run:#?}");
    let run = office
        .run(&["users", "plans", "--run", "--seal-to", key, "--json"])
        .await
        .ended(0)
        .lines();
    assert_eq!(run[0]["id"], bare["id"]);
    assert!(run[0]["secrets"][0]["sealed"].is_object(), "{run:#?}");
}

#[tokio::test]
async fn who_is_left_alone_is_named_once() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());
    let later = users(&office, "block", whom, &["--at", PAST, "--json"])
        .await
        .ended(0)
        .json();

    office.run(&["users", "protect", &user]).await.ended(0);

    let refused = users(&office, "revoke", whom, &["--json"]).await.ended(1);
    assert!(
        one_object(&refused)["message"]
            .as_str()
            .unwrap()
            .contains("emergencies")
    );
    let run = office
        .run(&["users", "plans", "--run", "--json"])
        .await
        .ended(1)
        .lines();
    assert_eq!((&run[0]["id"], &run[0]["done"]), (&later["id"], &false.into()));
    let listed = office
        .run(&["users", "protect", "--remove", &user, "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(listed["count"], 0, "{listed}");
    users(&office, "revoke", whom, &["--apply"]).await.ended(0);
    let by_ada = [
        "activity",
        "--actor",
        "ada",
        "--action",
        "revoke_sessions",
        "--json",
    ];
    let by_ada = office.run(&by_ada).await.ended(0).json();
    assert_eq!(by_ada["count"], 1, "{by_ada}");
    let before = office
        .run(&["activity", "--until", PAST, "--json"])
        .await
        .ended(0);
    assert_eq!(before.json()["count"], 0);
    office.run(&["activity", "--from", "yesterday"]).await.ended(2);
}

/// An office with a plan that waits for a second person: Ada wants somebody blocked.
pub(crate) async fn with_a_waiting_plan() -> (Office, String) {
    let (office, tenant, user) = staffed(true).await;
    let kept = users(&office, "block", (&tenant, &user), &["--second-person", "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(kept["state"], "waiting", "{kept}");
    (office, kept["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_plan_waits_for_a_second_person() {
    let (office, id) = with_a_waiting_plan().await;
    let id = id.as_str();

    let early = office
        .run(&["users", "block", "--resume", id, "--json"])
        .await
        .ended(1);
    assert_eq!(one_object(&early)["kind"], "denied");
    let own = office
        .run(&["users", "approve", id, "--actor", "ada", "--json"])
        .await
        .ended(1);
    assert_eq!(one_object(&own)["kind"], "denied");
    let log = office.run(&["activity", "--actor", "ada", "--json"]).await;
    let log = log.ended(0).json();
    let last = log["records"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["outcome"], &last["detail"]["reason"]),
        (&"refused".into(), &"approval".into())
    );
    let listed = office.run(&["users", "plans", "--json"]).await.ended(0).json();
    assert_eq!(
        (&listed["count"], &listed["plans"][0]["id"]),
        (&1.into(), &id.into())
    );

    let let_in = office
        .run(&["users", "approve", id, "--actor", "bo", "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(let_in["state"], "ready", "{let_in}");
    let run = office
        .run(&["users", "plans", "--run", "--json"])
        .await
        .ended(0)
        .lines();

    assert_eq!((&run[0]["id"], &run[0]["done"]), (&id.into(), &true.into()));
    let left = office.run(&["users", "plans", "--json"]).await.ended(0).json();
    assert_eq!(left["count"], 0, "{left}");
    let all = office.run(&["users", "plans", "--all"]).await.ended(0);
    assert!(all.out.contains(id) && all.out.ends_with("1 plan.\n"), "{all:#?}");
}

#[tokio::test]
async fn a_plan_waits_for_its_time() {
    let (office, tenant, user) = staffed(true).await;
    let whom = (tenant.as_str(), user.as_str());

    let later = users(
        &office,
        "block",
        whom,
        &["--at", "2099-01-01T00:00:00Z", "--json"],
    )
    .await
    .ended(0)
    .json();
    let past = users(
        &office,
        "revoke",
        whom,
        &["--at", "2020-01-01T00:00:00Z", "--json"],
    )
    .await
    .ended(0)
    .json();
    let odd = users(&office, "block", whom, &["--at", "tomorrow"])
        .await
        .ended(2);

    assert!(one_line(&odd).contains("2026-03-01T08:00:00Z"), "{odd:#?}");
    let run = office
        .run(&["users", "plans", "--run", "--json"])
        .await
        .ended(0)
        .lines();
    assert_eq!(run.len(), 1, "{run:#?}");
    assert_eq!((&run[0]["id"], &run[0]["done"]), (&past["id"], &true.into()));
    let id = later["id"].as_str().unwrap();
    let early = office
        .run(&["users", "block", "--resume", id, "--json"])
        .await
        .ended(1);
    assert_eq!(one_object(&early)["kind"], "conflict");
    let cancelled = office
        .run(&["users", "cancel", id, "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(cancelled["state"], "cancelled", "{cancelled}");
}
