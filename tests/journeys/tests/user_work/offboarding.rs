//! Offboarding and rehiring everybody of twenty worlds.

use std::time::Duration;

use msp365::{
    actions::{Ask, Plan, Reason, Refused, rehire},
    sim::Sim,
};
use serde_json::{Value, json};

use crate::{
    cases::everything,
    desk::{Desk, open},
};

const WORLDS: u64 = 20;

/// What a rehire brings back of a user, by the world's own truth.
fn shape(desk: &Desk, user: &str) -> Value {
    let own = |kind: &str, name: &str| -> Vec<Value> {
        desk.truth(kind)
            .into_iter()
            .filter(|line| line[name] == user)
            .collect()
    };
    let mut groups: Vec<String> = own("membership", "member")
        .iter()
        .map(|line| line["group"].as_str().unwrap().to_owned())
        .collect();
    let mut roles: Vec<String> = own("role_assignment", "principalId")
        .iter()
        .map(|line| format!("{} {}", line["roleDefinitionId"], line["directoryScopeId"]))
        .collect();
    groups.sort_unstable();
    roles.sort_unstable();
    let row = desk.user(user).unwrap();
    let mut licences: Vec<String> = row["licenseAssignmentStates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|state| {
            format!(
                "{} {} {}",
                state["skuId"], state["assignedByGroup"], state["disabledPlans"]
            )
        })
        .collect();
    licences.sort_unstable();
    json!({ "enabled": row["accountEnabled"], "groups": groups, "roles": roles, "licences": licences })
}

/// What is left of a shape without what the plan had named as not restorable.
fn without(mut shape: Value, left: &[String]) -> Value {
    for name in ["groups", "licences"] {
        let items = shape[name].as_array_mut().unwrap();
        items.retain(|item| !left.iter().any(|id| item.as_str().unwrap().contains(id.as_str())));
    }
    shape
}

/// The groups that the plan had named: those whose members are decided elsewhere.
fn named(plan: &Plan, facts: &msp365::actions::Facts) -> Vec<String> {
    let person = facts.person.as_ref().unwrap();
    let fixed = person
        .groups
        .iter()
        .filter(|group| group.fixed_membership().is_some());
    fixed
        .map(|group| {
            let name = group.display_name.as_deref().unwrap_or(&group.id);
            assert!(
                plan.left
                    .iter()
                    .any(|left| left.what.contains(name) && !left.remedy.is_empty()),
                "{name} is not named\n{plan}"
            );
            group.id.clone()
        })
        .collect()
}

async fn manager(desk: &Desk, user: &str) -> (Option<String>, Vec<String>) {
    let person = desk.about(user).await.person.unwrap();
    let mut reports = person.reports;
    reports.sort_unstable();
    (person.manager, reports)
}

#[derive(Debug, Default)]
struct Figures {
    users: usize,
    rehired: usize,
    on_premises: usize,
    last: usize,
    named: usize,
}

async fn world(seed: u64, figures: &mut Figures) {
    let desk = Desk::of(Sim::seeded(seed).customers(1).users_each(12));
    let users: Vec<String> = desk
        .truth("user")
        .iter()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    for user in users {
        figures.users += 1;
        let facts = desk.about(&user).await;
        let plan: Result<Plan, Refused> = everything().plan(&facts, &open());
        let plan = match plan {
            Ok(plan) => plan,
            Err(refused) if refused.reason == Reason::OnPremises => {
                figures.on_premises += 1;
                continue;
            }
            Err(refused) if refused.reason == Reason::LastGlobalAdministrator => {
                figures.last += 1;
                continue;
            }
            Err(refused) => panic!("seed {seed} {user}: {refused}"),
        };
        let (before, relations) = (shape(&desk, &user), manager(&desk, &user).await);
        let left = named(&plan, &facts);
        figures.named += left.len();

        let gone = desk.run(&plan).await;
        assert!(gone.is_done(), "seed {seed}\n{gone}");
        assert!(desk.user(&user).is_none());
        desk.cloud.advance(Duration::from_mins(16));
        let deleted = desk.facts(&Ask::deleted(&user)).await;
        let back = rehire(plan.snapshot.as_ref().unwrap(), &deleted).unwrap();
        let outcome = desk.run(&back).await;

        assert!(outcome.is_done(), "seed {seed}\n{outcome}");
        let after = shape(&desk, &user);
        assert_eq!(
            without(after, &left),
            without(before, &left),
            "seed {seed} {user}\n{back}"
        );
        assert_eq!(manager(&desk, &user).await, relations, "seed {seed} {user}");
        figures.rehired += 1;
    }
    assert_eq!(desk.cloud.ledger().assert_clean(), Ok(()), "seed {seed}");
    desk.log().verify(None).await.unwrap();
}

#[tokio::test]
async fn everybody_of_twenty_worlds_comes_back_as_they_were() {
    let mut figures = Figures::default();

    for seed in 1..=WORLDS {
        world(seed, &mut figures).await;
    }

    assert!(figures.rehired > 100 && figures.named > 0, "{figures:?}");
    assert_eq!(
        figures.rehired + figures.on_premises + figures.last,
        figures.users,
        "{figures:?}"
    );
}
