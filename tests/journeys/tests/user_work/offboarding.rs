//! Offboarding and rehiring everybody of twenty worlds.

use std::time::Duration;

use msp365::{
    ErrorKind,
    actions::{Ask, Devices, Edit, LastOwner, Offboard, Plan, Reason, Refused, rehire},
    sim::{GroupKind, Sim},
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
    let mut owned: Vec<String> = own("group_owner", "owner")
        .iter()
        .map(|line| line["group"].as_str().unwrap().to_owned())
        .collect();
    owned.sort_unstable();
    let known = desk.truth("device");
    let mut devices: Vec<String> = own("device_owner", "owner")
        .iter()
        .map(|line| {
            let device = known.iter().find(|device| device["id"] == line["device"]);
            format!("{} {}", line["device"], device.unwrap()["accountEnabled"])
        })
        .collect();
    devices.sort_unstable();
    json!({
        "enabled": row["accountEnabled"], "groups": groups, "roles": roles, "licences": licences, "owned": owned,
        "devices": devices,
    })
}

/// What is left of a shape without what the plan had named as not restorable.
fn without(mut shape: Value, left: &[String]) -> Value {
    for name in ["groups", "licences", "owned"] {
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

/// Another way to leave for each: deleted or not, with what becomes of groups, reports and devices.
fn way(number: usize, heir: &str) -> Offboard {
    let all = everything().devices(Devices::Disabled);
    match number % 4 {
        0 => everything(),
        1 => all.last_owner(LastOwner::Heir(heir.to_owned())),
        2 => all.hand_reports_to(heir),
        _ => {
            let mut stays = all.hand_reports_to(heir);
            stays.delete = false;
            stays
        }
    }
}

/// Gives somebody a group to own, alone or with another, and a device.
fn equip(desk: &Desk, number: usize, (user, other): (&str, &str)) {
    desk.cloud.edit(|world| {
        let name = format!("Owned {number}");
        let group = world.add_group(desk.tenant, &name, GroupKind::Security).unwrap();
        assert!(world.add_owner(desk.tenant, &group, user));
        if number.is_multiple_of(3) {
            assert!(world.add_owner(desk.tenant, &group, other));
        }
        assert!(
            world
                .add_device(desk.tenant, user, &format!("PC-{number}"))
                .is_some()
        );
    });
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
    stayed: usize,
}

async fn world(seed: u64, figures: &mut Figures) {
    let desk = Desk::of(Sim::seeded(seed).customers(1).users_each(12));
    let users: Vec<String> = desk
        .truth("user")
        .iter()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    for (number, user) in users.iter().enumerate() {
        figures.users += 1;
        let people = desk.plain();
        let heir = people.iter().rfind(|heir| *heir != user).unwrap();
        equip(&desk, number, (user, heir));
        let facts = desk.facts(&Ask::user(user).devices().others([heir])).await;
        let wish = way(number, heir);
        let plan: Result<Plan, Refused> = wish.plan(&facts, &open());
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
        let (before, relations) = (shape(&desk, user), manager(&desk, user).await);
        let left = named(&plan, &facts);
        figures.named += left.len();

        let gone = desk.run(&plan).await;
        assert!(gone.is_done(), "seed {seed}\n{gone}");
        assert_eq!(desk.user(user).is_none(), wish.delete);
        figures.stayed += usize::from(!wish.delete);
        desk.cloud.advance(Duration::from_mins(16));
        let snapshot = plan.snapshot.as_ref().unwrap();
        let ask = if wish.delete {
            Ask::deleted(user)
        } else {
            Ask::user(user).devices()
        };
        let now = desk.facts(&ask.managers_of(&snapshot.reports)).await;
        let back = rehire(snapshot, &now).unwrap();
        let outcome = desk.run(&back).await;

        assert!(outcome.is_done(), "seed {seed}\n{outcome}");
        let after = shape(&desk, user);
        assert_eq!(
            without(after, &left),
            without(before, &left),
            "seed {seed} {user}\n{back}"
        );
        assert_eq!(manager(&desk, user).await, relations, "seed {seed} {user}");
        figures.rehired += 1;
    }
    assert_eq!(desk.cloud.ledger().assert_clean(), Ok(()), "seed {seed}");
    desk.log().verify(None).await.unwrap();
}

#[tokio::test]
async fn everybody_of_twenty_worlds_comes_back_as_they_were() {
    let mut figures = Figures::default();

    for seed in 1..=WORLDS {
        Box::pin(world(seed, &mut figures)).await;
    }

    assert!(
        figures.rehired > 100 && figures.named > 0 && figures.stayed > 20,
        "{figures:?}"
    );
    assert_eq!(
        figures.rehired + figures.on_premises + figures.last,
        figures.users,
        "{figures:?}"
    );
}

/// A desk where the first of its people owns two groups, one of them alone, and has a manager.
async fn owning() -> (Desk, [String; 3], [String; 2]) {
    let desk = Desk::new();
    let [ada, bo, cleo] = [0, 1, 2].map(|at| desk.plain()[at].clone());
    let groups = desk.cloud.edit(|world| {
        ["Alone", "Shared"].map(|name| {
            let group = world.add_group(desk.tenant, name, GroupKind::Security).unwrap();
            assert!(world.add_owner(desk.tenant, &group, &ada));
            group
        })
    });
    assert!(
        desk.cloud
            .edit(|world| world.add_owner(desk.tenant, &groups[1], &cleo))
    );
    let led = Edit::default()
        .manager(&bo)
        .plan(&desk.about(&ada).await, &open())
        .unwrap();
    assert!(desk.run(&led).await.is_done());
    (desk, [ada, bo, cleo], groups)
}

#[tokio::test]
async fn the_last_owner_of_a_group_is_deleted_only_once_it_is_said_what_becomes_of_the_group() {
    let (desk, [ada, bo, _], [alone, _]) = owning().await;
    let facts = desk.about(&ada).await;
    let wish = Offboard::user().delete();

    let refused = wish.plan(&facts, &open()).unwrap_err();
    let warned = wish
        .clone()
        .last_owner(LastOwner::Warned)
        .plan(&facts, &open())
        .unwrap();
    let plan = wish.last_owner(LastOwner::Manager).plan(&facts, &open()).unwrap();
    let outcome = desk.run(&plan).await;

    assert_eq!(
        (refused.reason, refused.kind()),
        (Reason::LastOwner, ErrorKind::Denied)
    );
    assert!(
        refused.words.contains("`Alone`") && !refused.words.contains("Shared"),
        "{refused}"
    );
    assert!(
        warned
            .warnings
            .iter()
            .any(|one| one.contains("`Alone` is left without an owner")),
        "{warned}"
    );
    assert!(outcome.is_done() && outcome.steps[0].is_confirmed, "{outcome}");
    assert_eq!(plan.steps.len(), 2, "{plan}");
    let heir = desk.about(&bo).await.person.unwrap();
    assert!(heir.owned.iter().flatten().any(|owned| owned.group == alone));
}

#[tokio::test]
async fn a_group_goes_to_who_is_named_and_never_to_who_leaves() {
    let (desk, [ada, _, cleo], [alone, _]) = owning().await;
    let facts = desk.about(&ada).await;
    let to = |heir: &str| {
        Offboard::user()
            .delete()
            .last_owner(LastOwner::Heir(heir.to_owned()))
    };

    assert_eq!(
        to(&ada).plan(&facts, &open()).unwrap_err().reason,
        Reason::Malformed
    );
    assert!(
        desk.run(&to(&cleo).plan(&facts, &open()).unwrap())
            .await
            .is_done()
    );
    let heir = desk.about(&cleo).await.person.unwrap();
    assert!(heir.owned.iter().flatten().any(|owned| owned.group == alone));
    let mut without = facts.clone();
    without.person.as_mut().unwrap().manager = None;
    let lost = Offboard::user()
        .delete()
        .last_owner(LastOwner::Manager)
        .plan(&without, &open());
    assert_eq!(lost.unwrap_err().reason, Reason::LastOwner);
}

#[tokio::test]
async fn who_stays_keeps_the_groups_and_is_told_so() {
    let (desk, [ada, ..], _) = owning().await;

    let plan = Offboard::user()
        .block()
        .leave_groups()
        .plan(&desk.about(&ada).await, &open())
        .unwrap();

    assert!(
        plan.warnings
            .iter()
            .any(|one| one.contains("the user stays its owner")),
        "{plan}"
    );
}
