//! Plans of faults: what they are read as, and what they do.

use http::Method;
use serde_json::Value;

use super::{cloud, requests, writing};
use crate::{Cloud, Error, FaultPlan, front::bench};

async fn statuses(cloud: &Cloud, path: &str, count: usize) -> Vec<u16> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(writing::read(cloud, path).await.0);
    }
    all
}

fn problem(text: &str) -> String {
    text.parse::<FaultPlan>().unwrap_err().to_string()
}

#[test]
fn a_plan_is_written_as_it_was_read() {
    let text =
        "F070, F020@5%:seed=3, F033:first=2:path=/v1.0/users, f040:method=post:variant=3:skip=1:every=2";

    let plan: FaultPlan = text.parse().unwrap();

    assert_eq!(plan.ids().collect::<Vec<_>>(), ["F070", "F020", "F033", "F040"]);
    assert_eq!(plan.to_string(), text);
    assert_eq!(plan.to_string().parse::<FaultPlan>().unwrap(), plan);
    assert!(" ".parse::<FaultPlan>().unwrap().is_empty());
}

#[test]
fn what_is_wrong_with_a_plan_is_said_where_it_is() {
    for (text, said) in [
        ("F070,,F020", "cannot read the fault ``: there is nothing"),
        (
            "F020@5",
            "cannot read the fault `F020@5`: `5` is no share of requests",
        ),
        ("F020@0%", "`0%` is no share"),
        ("F020@101%", "`101%` is no share"),
        ("F020@1.25%", "`1.25%` is no share"),
        ("F020:often=3", "`often` is none of first, every, skip, always"),
        ("F020:first=none", "`none` is no number, as `first` needs"),
        ("F020:every=0", "`0` is no number above 0, as `every` needs"),
        (
            "F020:first=2:first=3",
            "`first` is given twice, or beside what it contradicts",
        ),
        (
            "F020:first=2:always",
            "`always` is given twice, or beside what it contradicts",
        ),
        ("F020:tenant=ada", "`ada` is no id of a tenant"),
        ("F020:method=LOOK", "`LOOK` is no method of HTTP"),
        ("F020:path=users", "`users` is no beginning of a path"),
        ("F020:operation=users", "`users` is no method and path"),
        ("F020:variant=1", "`1` is no way in which the fault can show"),
        ("F020:seed=1", "`1` is no seed of a share, which is not given"),
        ("F070,F999", "there is no fault `F999`; known are F001"),
        (
            "F070,F224",
            "no answer shows the fault `F224`: the client's own database is damaged",
        ),
    ] {
        let found = problem(text);
        assert!(found.contains(said), "{text}: {found}");
    }
    let error: Error = "F020@5".parse::<FaultPlan>().unwrap_err();
    assert_eq!(error.kind(), msp365_core::ErrorKind::Invalid);
}

#[tokio::test]
async fn limits_of_a_plan_narrow_what_it_meets() {
    for (plan, expected) in [
        ("F020:first=2", [429, 429, 200, 200, 200, 200]),
        ("F020:always:every=3", [200, 200, 429, 200, 200, 429]),
        ("F020:skip=4", [200, 200, 200, 200, 429, 200]),
        ("F020:path=/v1.0/groups", [200; 6]),
        ("F020:operation=GET users/{id}", [200; 6]),
        ("F020:operation=GET users:first=1", [429, 200, 200, 200, 200, 200]),
        ("F020:method=POST", [200; 6]),
        ("F020@100%", [429; 6]),
    ] {
        let cloud = cloud();
        plan.parse::<FaultPlan>().unwrap().install(&cloud);

        assert_eq!(statuses(&cloud, "users?$top=1", 6).await, expected, "{plan}");
    }
}

#[tokio::test]
async fn a_share_follows_the_seed_and_not_what_else_is_asked() {
    let share: FaultPlan = "F020@50%:seed=4".parse().unwrap();
    let (alone, beside, other) = (cloud(), cloud(), cloud());
    for cloud in [&alone, &beside] {
        share.install(cloud);
    }
    "F020@50%:seed=5".parse::<FaultPlan>().unwrap().install(&other);

    let expected = statuses(&alone, "users?$top=1", 20).await;
    let mut mixed = Vec::new();
    for _ in 0..20 {
        statuses(&beside, "groups?$top=1", 2).await;
        mixed.extend(statuses(&beside, "users?$top=1", 1).await);
    }

    assert_eq!(mixed, expected);
    assert!(expected.contains(&200) && expected.contains(&429), "{expected:?}");
    assert_ne!(statuses(&other, "users?$top=1", 20).await, expected);
}

#[tokio::test]
async fn of_two_answers_the_one_installed_first_comes_and_the_other_waits() {
    let cloud = cloud();
    let plan: FaultPlan = "F033:variant=0:first=1, F020".parse().unwrap();
    let installed = plan.install(&cloud);

    let came = statuses(&cloud, "users?$top=1", 3).await;

    assert_eq!(came, [500, 429, 200]);
    assert_eq!([installed[0].hits(), installed[1].hits()], [1, 1]);
}

#[tokio::test]
async fn a_broken_connection_goes_before_answers_and_changes_follow_one_another() {
    let cloud = cloud();
    let request = writing::request(&cloud, Method::GET, "users?$top=5", &Value::Null).await;
    let plan: FaultPlan = "F020, F001:first=1".parse().unwrap();
    let installed = plan.install(&cloud);

    let came = bench::send(&cloud, request).await;

    assert!(came.is_err());
    assert_eq!([installed[0].hits(), installed[1].hits()], [0, 1]);
    cloud.faults().clear();
    let read = requests::of(&cloud, super::Target::Read).await;
    "F080:variant=1:first=1, F061"
        .parse::<FaultPlan>()
        .unwrap()
        .install(&cloud);
    let reply = bench::send(&cloud, read).await.unwrap();
    let body: Value = serde_json::from_slice(reply.text_bytes()).unwrap();
    // The rows were turned round before the first of them was spoilt.
    assert!(body["value"][0]["displayName"].is_object(), "{body}");
}
