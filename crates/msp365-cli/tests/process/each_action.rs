//! Each action on users, typed, run, and looked for in the simulated cloud.

use std::fs;

use msp365::sim::GroupKind;
use serde_json::{Value, json};

use crate::{
    bad_input::one_object,
    changing::{staffed, states, users},
    office::Office,
};

/// An office with somebody ordinary of a customer: the tenant, the name and the id.
struct Desk {
    office: Office,
    tenant: String,
    user: String,
    id: String,
}

impl Desk {
    async fn open() -> Self {
        let (office, tenant, user) = staffed(true).await;
        let id = user_named(&office, &user).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        Self {
            office,
            tenant,
            user,
            id,
        }
    }

    /// `users ACTION USER --apply --json`, done to the end.
    async fn does(&self, action: &str, more: &[&str]) -> Value {
        let more = [more, &["--apply", "--json"]].concat();
        let whom = (self.tenant.as_str(), self.user.as_str());
        let run = users(&self.office, action, whom, &more).await.ended(0).json();
        assert_eq!(run["done"], true, "{run:#}");
        assert!(states(&run).iter().all(|state| *state == "applied"), "{run:#}");
        run
    }

    fn now(&self) -> Value {
        user_named(&self.office, &self.user).unwrap()
    }

    fn group(&self, name: &str) -> String {
        let tenant = self.tenant.parse().unwrap();
        self.office
            .server
            .edit(|world| world.add_group(tenant, name, GroupKind::Security).unwrap())
    }

    /// Whether the truth has a line of this kind where these members are so.
    fn has(&self, kind: &str, wanted: &Value) -> bool {
        let is_so = |line: &Value| {
            let wanted = wanted.as_object().unwrap();
            wanted.iter().all(|(name, value)| line[name] == *value)
        };
        let truth = self.office.server.truth();
        truth.iter().any(|line| line["kind"] == kind && is_so(line))
    }
}

fn user_named(office: &Office, name: &str) -> Option<Value> {
    let mut truth = office.server.truth().into_iter();
    truth.find(|line| line["kind"] == "user" && line["userPrincipalName"] == name)
}

#[tokio::test]
async fn a_profile_is_edited_and_cleared() {
    let desk = Desk::open().await;

    desk.does("edit", &["--set", "jobTitle=Captain", "--set", "department="])
        .await;

    let now = desk.now();
    assert_eq!(
        (&now["jobTitle"], &now["department"]),
        (&json!("Captain"), &Value::Null)
    );
}

#[tokio::test]
async fn signing_in_is_forbidden_ended_and_allowed_again() {
    let desk = Desk::open().await;

    desk.does("block", &[]).await;
    assert_eq!(desk.now()["accountEnabled"], false);
    let ended = desk.does("revoke", &[]).await;
    desk.does("unblock", &[]).await;

    assert_eq!(
        ended["plan"]["steps"][0]["result"]["is_confirmed"], true,
        "{ended:#}"
    );
    assert_eq!(desk.now()["accountEnabled"], true);
}

#[tokio::test]
async fn a_pass_is_made_and_shown_once() {
    let desk = Desk::open().await;

    let run = desk.does("temporary-pass", &["--minutes", "60", "--once"]).await;

    let pass = run["secrets"][0]["secret"].as_str().unwrap();
    assert!(pass.len() >= 8, "{run}");
    assert!(!run["plan"].to_string().contains(pass));
}

#[tokio::test]
async fn ways_to_sign_in_are_removed() {
    let (office, tenant, user) = staffed(true).await;
    let (tenant, user) = (tenant.as_str(), user.as_str());
    // A pass is a way to sign in that everybody can be given.
    let once = ["--apply", "--json"];
    users(&office, "temporary-pass", (tenant, user), &once)
        .await
        .ended(0);

    let run = users(&office, "reset-methods", (tenant, user), &once)
        .await
        .ended(0)
        .json();

    assert_eq!(run["done"], true, "{run:#}");
    let again = users(&office, "reset-methods", (tenant, user), &once)
        .await
        .ended(1);
    assert!(
        again.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("would change nothing")
    );
}

#[tokio::test]
async fn licences_are_taken_and_given_back() {
    let desk = Desk::open().await;
    let direct = |now: &Value| -> Vec<String> {
        let states = now["licenseAssignmentStates"].as_array().unwrap();
        let direct = states.iter().filter(|state| state["assignedByGroup"].is_null());
        direct
            .map(|state| state["skuId"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = direct(&desk.now());
    let sku = before.first().expect("who is ordinary has a licence");

    desk.does("licenses", &["--remove", sku]).await;
    assert!(!direct(&desk.now()).contains(sku));
    desk.does("licenses", &["--add", sku, "--usage-location", "NO"])
        .await;

    assert!(direct(&desk.now()).contains(sku));
}

#[tokio::test]
async fn groups_and_roles_are_joined_given_and_taken() {
    let desk = Desk::open().await;
    let group = desk.group("Crew");
    let reader = "Directory Readers";
    let member = json!({"group": group, "member": desk.id});

    desk.does("groups", &["--add", &group]).await;
    desk.does("roles", &["--add", reader]).await;
    assert!(desk.has("membership", &member));
    assert!(desk.has("role_assignment", &json!({"principalId": desk.id})));
    desk.does("groups", &["--remove", &group]).await;
    desk.does("roles", &["--remove", reader]).await;

    assert!(!desk.has("membership", &member));
    assert!(!desk.has("role_assignment", &json!({"principalId": desk.id})));
}

#[tokio::test]
async fn a_user_is_made_with_all_that_was_typed() {
    let mut desk = Desk::open().await;
    let group = desk.group("Crew");
    let domain = desk.user.split('@').nth(1).unwrap();
    let manager = desk.id.clone();
    desk.user = format!("cleo.new@{domain}");

    let run = desk
        .does(
            "create",
            &[
                "--name",
                "Cleo New",
                "--set",
                "usageLocation=NO",
                "--group",
                &group,
                "--role",
                "Directory Readers",
                "--manager",
                &manager,
            ],
        )
        .await;

    let made = desk.now();
    assert_eq!(made["id"], run["made"]);
    assert_eq!(
        (&made["displayName"], &made["usageLocation"]),
        (&json!("Cleo New"), &json!("NO"))
    );
    assert!(desk.has("membership", &json!({"group": group, "member": made["id"]})));
    assert!(run["secrets"][0]["secret"].as_str().unwrap().len() >= 12);
}

#[tokio::test]
async fn many_users_are_made_from_a_file_in_which_no_name_stands_twice() {
    let desk = Desk::open().await;
    let domain = desk.user.split('@').nth(1).unwrap();
    let file = desk.office.folder.path().join("new.csv");
    let path = file.to_str().unwrap();
    let lines = |names: &[&str]| {
        let rows: Vec<_> = names
            .iter()
            .map(|name| format!("{name},{name}@{domain},Mate"))
            .collect();
        format!("displayName,userPrincipalName,jobTitle\n{}\n", rows.join("\n"))
    };
    let whole = [
        "users",
        "create",
        "--csv",
        path,
        "--tenant",
        &desk.tenant,
        "--json",
    ];

    fs::write(&file, lines(&["dora", "dora"])).unwrap();
    let twice = desk.office.run(&whole).await.ended(1);
    assert_eq!(one_object(&twice)["kind"], "conflict");
    fs::write(&file, lines(&["dora", "eva", "finn"])).unwrap();
    let shown = desk.office.run(&whole).await.ended(0).lines();
    assert!(shown.len() == 4 && shown[..3].iter().all(|plan| plan["applied"] == false));
    assert_eq!(shown[3]["summary"]["states"]["planned"], 3);
    let made = desk
        .office
        .run(&[&whole[..], &["--apply"]].concat())
        .await
        .ended(0)
        .lines();

    assert!(made[..3].iter().all(|plan| plan["done"] == true), "{made:#?}");
    for name in ["dora", "eva", "finn"] {
        let user = user_named(&desk.office, &format!("{name}@{domain}")).unwrap();
        assert_eq!(user["jobTitle"], "Mate");
    }
}

#[tokio::test]
async fn a_deleted_user_is_restored_by_the_name_it_had() {
    let desk = Desk::open().await;
    desk.does("offboard", &["--delete", "--leave-ownerless"]).await;
    assert!(user_named(&desk.office, &desk.user).is_none());

    desk.does("restore", &[]).await;

    assert_eq!(desk.now()["id"], desk.id.as_str());
}

#[tokio::test]
async fn the_last_owner_of_a_group_is_deleted_only_with_an_heir() {
    let desk = Desk::open().await;
    let group = desk.group("Alone");
    let tenant = desk.tenant.parse().unwrap();
    assert!(
        desk.office
            .server
            .edit(|world| world.add_owner(tenant, &group, &desk.id))
    );
    let truth = desk.office.server.truth();
    let heir = truth.iter().find(|line| {
        line["kind"] == "user" && line["tenant"] == desk.tenant.as_str() && line["id"] != desk.id.as_str()
    });
    let heir = heir.unwrap()["id"].as_str().unwrap();
    let whom = (desk.tenant.as_str(), desk.user.as_str());

    let refused = users(&desk.office, "offboard", whom, &["--delete", "--json"])
        .await
        .ended(1);
    assert!(
        one_object(&refused)["message"]
            .as_str()
            .unwrap()
            .contains("`Alone`")
    );
    let run = desk
        .does("offboard", &["--delete", "--hand-groups-to", heir])
        .await;

    assert_eq!(states(&run).len(), 2, "{run:#}");
}

#[tokio::test]
async fn f196_a_secret_that_was_lost_ends_the_command_with_one_and_says_so() {
    let desk = Desk::open().await;
    let fault = desk.office.server.faults().script("F196").unwrap().install();
    let whom = (desk.tenant.as_str(), desk.user.as_str());

    let run = users(&desk.office, "temporary-pass", whom, &["--apply", "--json"])
        .await
        .ended(1)
        .json();

    assert!(fault.hits() > 0);
    assert_eq!(
        (states(&run), &run["done"]),
        (vec!["secret_lost"], &Value::Bool(false))
    );
    let result = &run["plan"]["steps"][0]["result"];
    assert_eq!(
        (&result["error"], &run["secrets"]),
        (&json!("outcome_unknown"), &json!([]))
    );
    assert!(
        result["remedy"].as_str().unwrap().contains("make a new one"),
        "{result}"
    );
}

#[tokio::test]
async fn the_activity_log_is_written_as_csv() {
    let desk = Desk::open().await;
    let whole = [
        "users",
        "block",
        &desk.user,
        "--tenant",
        &desk.tenant,
        "--actor",
        "=cmd()",
        "--apply",
    ];
    desk.office.run(&whole).await.ended(0);
    let file = desk.office.folder.path().join("activity.csv");

    desk.office
        .run(&["activity", "--export", file.to_str().unwrap()])
        .await
        .ended(0);
    let shown = desk.office.run(&["activity", "--export", "-"]).await.ended(0);

    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(shown.out, text);
    assert!(
        text.starts_with("sequence,at,actor,") && text.contains(",\"'=cmd()\","),
        "{text}"
    );
    let count = desk.office.run(&["activity", "--json"]).await.json()["count"]
        .as_u64()
        .unwrap();
    assert_eq!(text.lines().count() as u64, count + 1);
}
