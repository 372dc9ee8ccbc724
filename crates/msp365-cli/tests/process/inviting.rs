//! Inviting a customer, and what a set of features needs.

use std::time::Duration;

use serde_json::Value;

use crate::{
    bad_input::refused,
    command::{Answer, command, ended},
    office::Office,
};

/// A connected office that may send invitations, a customer of it, and a group that the service account is in.
async fn office() -> (Office, String, String) {
    let office = Office::open(2, 5, Duration::ZERO).await;
    let own = office.server.partner_tenant();
    let needed = ["DelegatedAdminRelationship.ReadWrite.All"];
    office.server.edit(|world| world.grant_scopes(own, &needed));
    ended(office.connect()).await.ended(0);
    let truth = office.server.truth();
    let given = truth.iter().filter(|line| line["kind"] == "relationship");
    let mut assigned = given.flat_map(|line| line["assignments"].as_array().unwrap());
    let group = assigned.find(|one| one["holds_account"] == true).unwrap();
    let group = group["group"].as_str().unwrap().to_owned();
    let customer = office.server.customer_ids()[0].to_string();
    (office, customer, group)
}

fn relationships(office: &Office) -> Vec<Value> {
    let mut truth = office.server.truth();
    truth.retain(|line| line["kind"] == "relationship" && line["name"] == "Adatum 2026");
    truth
}

async fn invite(office: &Office, customer: &str, group: &str, more: &[&str]) -> Answer {
    let group = format!("{group}=directory,licenses");
    let invite = [
        "tenants",
        "invite",
        customer,
        "--name",
        "Adatum 2026",
        "--group",
        &group,
        "--json",
    ];
    office.run(&[&invite[..], more].concat()).await
}

#[tokio::test]
async fn an_invitation_is_shown_first_then_sent_once_and_followed() {
    let (office, customer, group) = office().await;

    let shown = invite(&office, &customer, &group, &[]).await.ended(0).json();
    let before = relationships(&office);
    let sent = invite(&office, &customer, &group, &["--apply"])
        .await
        .ended(0)
        .json();
    let waiting = invite(&office, &customer, &group, &["--apply", "--wait", "0"])
        .await
        .ended(1)
        .json();
    let made = sent["sent"]["relationship"].as_str().unwrap();

    assert_eq!(before, [] as [Value; 0]);
    assert_eq!(
        (&shown["applied"], &sent["applied"]),
        (&false.into(), &true.into())
    );
    assert_eq!(shown["relationship"]["displayName"], "Adatum 2026");
    assert_eq!(shown["relationship"]["customer"]["tenantId"], customer.as_str());
    assert_eq!(shown["relationship"]["autoExtendDuration"], "P180D");
    assert_eq!(shown["groups"][0]["group"], group.as_str());
    let scope = &shown["consent"]["applicationGrants"][0]["scope"];
    assert!(
        scope
            .as_str()
            .unwrap()
            .contains("LicenseAssignment.ReadWrite.All"),
        "{shown}"
    );
    assert_eq!(waiting["sent"], sent["sent"], "a second sending finds the first");
    assert_eq!(waiting["followed"]["stage"], "waiting");
    assert_eq!(relationships(&office).len(), 1);
    assert!(sent["sent"]["link"].as_str().unwrap().ends_with(made));
}

#[tokio::test]
async fn an_invitation_that_was_accepted_is_followed_to_its_end() {
    let (office, _, _) = office().await;
    let truth = office.server.truth();
    let active = truth.iter().find(|line| {
        let groups = line["groups"].as_array().map_or(0, Vec::len);
        line["kind"] == "relationship" && line["status"] == "active" && groups > 0
    });
    let text = |name: &str| active.unwrap()[name].as_str().unwrap();
    let group = format!("{}=directory", active.unwrap()["groups"][0].as_str().unwrap());
    let invite = [
        "tenants",
        "invite",
        text("tenant"),
        "--name",
        text("name"),
        "--group",
        &group,
    ];

    let followed = office
        .run(&[&invite[..], &["--apply", "--wait", "0", "--json"]].concat())
        .await;
    let words = office
        .run(&[&invite[..], &["--apply", "--wait", "0"]].concat())
        .await;

    let followed = followed.ended(0).json();
    assert_eq!(followed["sent"]["relationship"], text("id"));
    assert_eq!(followed["followed"]["stage"], "done", "{followed}");
    assert!(words.ended(0).out.contains("every group has its roles"));
}

#[tokio::test]
async fn an_invitation_that_cannot_be_is_refused_before_anything_is_sent() {
    for (group, said) in [("g=flying", "is no feature"), ("g", "is no ID=FEATURES")] {
        let (line, _) = refused(
            || {
                command([
                    "tenants",
                    "invite",
                    "11111111-2222-4333-8444-555555555555",
                    "--name",
                    "x",
                    "--group",
                    group,
                ])
            },
            2,
        )
        .await;
        assert!(line.contains(said), "{line}");
    }
}

#[tokio::test]
async fn what_features_need_is_printed_and_missing_permissions_are_found() {
    let (office, customer, _) = office().await;
    ended(office.command(&["tenants", "sync", &customer])).await;
    let needed = ended(command([
        "report",
        "permissions",
        "--features",
        "directory,helpdesk",
        "--json",
    ]))
    .await;

    let plain = office.run(&["doctor", &customer, "--json"]).await.ended(0).json();
    let more = office
        .run(&["doctor", &customer, "--features", "licenses", "--json"])
        .await;

    let needed = needed.ended(0).json();
    let scopes = needed["needed"]["scopes"].to_string();
    assert!(
        scopes.contains("Directory.Read.All") && scopes.contains("User"),
        "{needed}"
    );
    let roles = needed["role_names"].to_string();
    assert!(roles.contains("Helpdesk Administrator"), "{needed}");
    let lacks = |found: &Value| {
        found["findings"]
            .to_string()
            .contains("LicenseAssignment.ReadWrite.All")
    };
    assert!(!lacks(&plain) && lacks(&more.ended(0).json()));
}
