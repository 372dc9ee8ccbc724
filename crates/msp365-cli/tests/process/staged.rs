//! Users who are made stage by stage.

use msp365::sim::GroupKind;
use serde_json::{Value, json};

use crate::{
    bad_input::{one_line, one_object},
    changing::{staffed, states},
    command::Answer,
    office::Office,
};

/// An office, and how Cleo is made there with a role and a group.
struct Newcomer {
    office: Office,
    tenant: String,
    name: String,
    group: String,
}

impl Newcomer {
    async fn open() -> Self {
        let (office, tenant, user) = staffed(true).await;
        let domain = user.split('@').nth(1).unwrap();
        let id = tenant.parse().unwrap();
        let group = office
            .server
            .edit(|world| world.add_group(id, "Crew", GroupKind::Security).unwrap());
        Self {
            name: format!("cleo.new@{domain}"),
            office,
            tenant,
            group,
        }
    }

    /// `users create` with all of it, and more.
    async fn create(&self, more: &[&str]) -> Answer {
        let whole = [
            "users",
            "create",
            &self.name,
            "--name",
            "Cleo New",
            "--tenant",
            &self.tenant,
            "--role",
            "Directory Readers",
            "--group",
            &self.group,
            "--actor",
            "ada",
        ];
        self.office.run(&[&whole[..], more].concat()).await
    }

    /// Goes on with a plan.
    async fn resume(&self, plan: &str, more: &[&str]) -> Answer {
        let whole = ["users", "create", "--resume", plan, "--actor", "bo"];
        self.office.run(&[&whole[..], more].concat()).await
    }

    fn has(&self, kind: &str, (member, id): (&str, &Value)) -> bool {
        let truth = self.office.server.truth();
        truth
            .iter()
            .any(|line| line["kind"] == kind && line[member] == *id)
    }
}

#[tokio::test]
async fn a_user_is_made_stage_by_stage_by_one_id() {
    let newcomer = Newcomer::open().await;

    let details = newcomer
        .create(&["--apply", "--until", "details", "--json"])
        .await;
    let details = details.ended(0).json();

    let (plan, user) = (details["id"].as_str().unwrap(), &details["user_id"]);
    assert_eq!(states(&details), ["applied", "planned", "planned"], "{details:#}");
    assert_eq!((&details["made"], &details["done"]), (user, &Value::Bool(false)));
    assert_eq!(details["stages_left"], json!(["licences", "groups"]));
    let next = format!("msp365 users create --resume {plan} --until licences");
    assert_eq!(details["next"], next.as_str());
    assert!(details["secrets"][0]["secret"].is_string());
    assert!(newcomer.has("user", ("id", user)) && !newcomer.has("role_assignment", ("principalId", user)));
    let due = newcomer.office.run(&["users", "plans", "--run", "--json"]).await;
    assert_eq!(due.ended(0).out, "", "nothing runs by itself between stages");

    let licences = newcomer.resume(plan, &["--until", "licences", "--json"]).await;
    let licences = licences.ended(0).json();
    assert_eq!(states(&licences), ["applied", "planned"], "{licences:#}");
    assert_eq!(
        (&licences["user_id"], &licences["stages_left"]),
        (user, &json!(["groups"]))
    );
    assert!(
        newcomer.has("role_assignment", ("principalId", user))
            && !newcomer.has("membership", ("member", user))
    );
    let again = newcomer.resume(plan, &["--until", "licences", "--json"]).await;
    assert!(
        one_object(&again.ended(1))["message"]
            .as_str()
            .unwrap()
            .contains("nothing is left")
    );

    let groups = newcomer.resume(plan, &[]).await.ended(0);
    assert!(
        groups
            .out
            .contains(&format!("The new user's id is {}.", user.as_str().unwrap()))
            && groups.out.ends_with("; no stage is left.\n"),
        "{groups:#?}"
    );
    assert!(newcomer.has("membership", ("member", user)));
    newcomer.resume(plan, &[]).await.ended(1);
    let log = newcomer
        .office
        .run(&["activity", "--actor", "bo", "--json"])
        .await
        .ended(0)
        .json();
    assert_eq!(log["records"][0]["outcome"], "ready", "{log:#}");
}

#[tokio::test]
async fn words_tell_how_to_go_on() {
    let newcomer = Newcomer::open().await;

    let said = newcomer
        .create(&["--apply", "--until", "licences"])
        .await
        .ended(0);

    let last = said.out.lines().last().unwrap();
    assert!(
        last.contains("; left: groups. `msp365 users create --resume ")
            && last.ends_with("--until groups` goes on."),
        "{said:#?}"
    );
    assert!(said.out.contains("The new user's id is "), "{said:#?}");
    let plan = last.trim_start_matches("Plan ").split(';').next().unwrap();
    let rest = newcomer.office.run(&["users", "again", plan, "--json"]).await;
    let rest = rest.ended(0).json();
    assert_eq!(rest["plan"]["steps"].as_array().unwrap().len(), 1, "{rest:#}");
}

#[tokio::test]
async fn a_stage_with_a_step_that_was_refused_ends_with_code_one_and_is_done_again() {
    let newcomer = Newcomer::open().await;
    let server = &newcomer.office.server;
    let truth = server.truth();
    let product = truth.iter().find(|line| {
        let free = line["prepaidUnits"]["enabled"].as_i64() > line["consumedUnits"].as_i64();
        line["kind"] == "license" && line["tenant"] == newcomer.tenant.as_str() && free
    });
    let (sku, part) = (&product.unwrap()["skuId"], &product.unwrap()["skuPartNumber"]);
    let (sku, part) = (sku.as_str().unwrap(), part.as_str().unwrap());
    let licence = ["--license", sku, "--set", "usageLocation=NO"];
    let until = ["--apply", "--until", "licences", "--json"];
    let empty = server.faults().script("F190").unwrap().install();

    let failed = newcomer.create(&[&licence[..], &until].concat()).await;
    let failed = failed.ended(1).json();
    empty.uninstall();

    assert_eq!(
        (states(&failed), &failed["stages_left"]),
        (
            vec!["applied", "applied", "rejected", "planned"],
            &json!(["licences", "groups"])
        )
    );
    let (plan, id) = (failed["id"].as_str().unwrap(), newcomer.tenant.parse().unwrap());
    server.edit(|world| world.buy(id, part, 1_000));
    let licences = newcomer.resume(plan, &["--until", "licences", "--json"]).await;
    let licences = licences.ended(0).json();
    assert_eq!(states(&licences), ["applied", "planned"], "{licences:#}");
}

#[tokio::test]
async fn stages_are_not_for_what_does_not_run() {
    let newcomer = Newcomer::open().await;
    let shown = newcomer.create(&["--until", "details", "--json"]).await.ended(2);
    assert!(one_object(&shown)["remedy"].as_str().unwrap().contains("--apply"));
    for wrong in [
        &["--apply", "--until", "everything"][..],
        &["--until", "details", "--at", "2099-01-01T00:00:00Z"],
        &["--until", "details", "--second-person"],
    ] {
        newcomer.create(wrong).await.ended(2);
    }
    let many = [
        "users",
        "create",
        "--csv",
        "new.csv",
        "--tenant",
        &newcomer.tenant,
    ];
    let many = [&many[..], &["--apply", "--until", "details"]].concat();
    newcomer.office.run(&many).await.ended(2);

    let whole = newcomer.create(&["--apply", "--json"]).await.ended(0).json();
    let plan = whole["id"].as_str().unwrap();
    let odd = newcomer.resume(plan, &["--until", "groups"]).await.ended(2);
    assert!(one_line(&odd).contains("was not begun in stages"), "{odd:#?}");
}
