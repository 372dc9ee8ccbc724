//! What a preview of a change of groups says is what the simulated service then shows.

use std::collections::BTreeSet;

use msp365::{
    actions::details::{self, Change, NotChanged, Preview, What},
    graph::{app_role_assignments, groups, service_principals, users},
    sim::Sim,
    store::TenantRecord,
};
use serde_json::Value;

use crate::desk::Desk;

/// Everything that groups bring, as the service shows it of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Having {
    licenses: BTreeSet<String>,
    teams: BTreeSet<String>,
    applications: BTreeSet<(String, String)>,
    roles: BTreeSet<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Having {
    async fn of(desk: &Desk, user: &str) -> Self {
        let client = desk.client();
        let own = desk.user(user).unwrap();
        let states = own["licenseAssignmentStates"].as_array().unwrap();
        let teams = client.send(users::teams(user)).await.unwrap().items;
        let applications = client.send(users::app_roles(user)).await.unwrap().items;
        let roles = client.send(users::roles(user)).await.unwrap().items;
        Self {
            licenses: states.iter().map(|state| text(&state["skuId"])).collect(),
            teams: teams.into_iter().map(|team| team.id).collect(),
            applications: applications
                .into_iter()
                .map(|one| (one.resource_id.unwrap(), one.app_role_id.unwrap()))
                .collect(),
            roles: roles
                .into_iter()
                .filter_map(|role| role.role_template_id)
                .collect(),
        }
    }

    /// What a preview makes of it.
    fn after(mut self, said: &Preview) -> Self {
        for effect in &said.lost {
            let was = match &effect.what {
                What::License { sku_id } => self.licenses.remove(sku_id),
                What::Team { id } => self.teams.remove(id),
                What::Application { id, role } => {
                    self.applications.remove(&(id.clone(), role_of(role.as_ref())))
                }
                What::Role { id, .. } => self.roles.remove(id),
                other => panic!("{other:?}"),
            };
            assert!(was, "lost what was not there: {effect:?}");
        }
        for effect in &said.gained {
            let is_new = match &effect.what {
                What::License { sku_id } => self.licenses.insert(sku_id.clone()),
                What::Team { id } => self.teams.insert(id.clone()),
                What::Application { id, role } => {
                    self.applications.insert((id.clone(), role_of(role.as_ref())))
                }
                What::Role { id, .. } => self.roles.insert(id.clone()),
                other => panic!("{other:?}"),
            };
            assert!(is_new, "gained what was there: {effect:?}");
        }
        self
    }
}

fn role_of(role: Option<&String>) -> String {
    role.cloned()
        .unwrap_or_else(|| app_role_assignments::DEFAULT_ACCESS.to_owned())
}

async fn preview(desk: &Desk, user: &str, change: &Change) -> Preview {
    let record = TenantRecord::new(desk.tenant, "Contoso");
    let now = desk.cloud.clock().now();
    let facts = details::facts(&desk.client(), &record, user, change, now)
        .await
        .unwrap();
    details::preview(&facts, change)
}

/// A desk whose groups give applications, too: two of them the same one.
async fn desk(seed: u64) -> Desk {
    let desk = Desk::of(Sim::seeded(seed).customers(1).users_each(24));
    assert!(desk.cloud.edit(|world| {
        world.grant_app_roles(
            desk.tenant,
            &["AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
        )
    }));
    let client = desk.client();
    let applications = client.send(service_principals::list()).await.unwrap().items;
    let mut granted = 0;
    for group in ids(&desk, "group").iter().take(4) {
        // Applications with roles of their own take one of these, and not access alone.
        for application in &applications {
            let role = app_role_assignments::DEFAULT_ACCESS;
            let grant = app_role_assignments::grant(&application.id, group, role);
            granted += usize::from(client.send(grant).await.is_ok());
        }
    }
    assert!(granted >= 4, "{granted} of {}", applications.len());
    desk
}

fn ids(desk: &Desk, kind: &str) -> Vec<String> {
    desk.truth(kind).iter().map(|line| text(&line["id"])).collect()
}

fn is_in(desk: &Desk, group: &str, user: &str) -> bool {
    desk.truth("membership")
        .iter()
        .any(|edge| edge["group"] == group && edge["member"] == user)
}

/// Joins or leaves, and compares. Answers how much came and went.
async fn toggled(desk: &Desk, user: &str, group: &str) -> usize {
    let client = desk.client();
    let leaves = is_in(desk, group, user);
    let change = if leaves {
        Change::default().leaving(group)
    } else {
        Change::default().joining(group)
    };
    let before = Having::of(desk, user).await;
    let said = preview(desk, user, &change).await;
    let request = if leaves {
        groups::remove_member(group, user)
    } else {
        groups::add_member(client.endpoints(), group, user)
    };
    let done = client.send(request).await;

    assert_eq!(
        done.is_ok(),
        said.unchanged.is_empty(),
        "{group} {said:?} {done:?}"
    );
    let after = Having::of(desk, user).await;
    assert_eq!(after, before.after(&said), "{user} {group} {said:#?}");
    for effect in said.gained.iter().filter(|effect| effect.remark.is_some()) {
        let own = desk.user(user).unwrap();
        let states = own["licenseAssignmentStates"].as_array().unwrap().clone();
        let What::License { sku_id } = &effect.what else {
            panic!("{effect:?}")
        };
        assert!(
            states
                .iter()
                .any(|state| state["skuId"] == *sku_id && state["state"] == "Error")
        );
    }
    said.gained.len() + said.lost.len()
}

#[tokio::test]
async fn what_a_preview_says_is_what_the_service_then_shows() {
    let (mut moved, mut fixed) = (0, 0);
    for seed in [7, 8] {
        let desk = desk(seed).await;
        let groups = ids(&desk, "group");
        for user in desk.plain().into_iter().take(5) {
            for group in &groups {
                // There, and back again.
                moved += toggled(&desk, &user, group).await;
                moved += toggled(&desk, &user, group).await;
            }
        }
        let dynamic = desk.truth("group").into_iter().find(|group| {
            group["groupTypes"]
                .as_array()
                .unwrap()
                .iter()
                .any(|kind| kind == "DynamicMembership")
        });
        if let Some(group) = dynamic {
            let (user, group) = (desk.plain().remove(0), text(&group["id"]));
            let said = preview(&desk, &user, &Change::default().leaving(&group)).await;
            assert_eq!(said.unchanged[0].why, NotChanged::Rule);
            fixed += 1;
        }
    }
    assert!(moved > 100 && fixed > 0, "{moved} {fixed}");
}

#[tokio::test]
async fn a_change_of_several_groups_is_previewed_as_a_whole() {
    let desk = desk(7).await;
    let user = desk.plain().remove(0);
    let before = Having::of(&desk, &user).await;
    let mut change = Change::default();
    for (number, group) in ids(&desk, "group").into_iter().enumerate() {
        change = match (is_in(&desk, &group, &user), number % 3) {
            (true, _) => change.leaving(group),
            (false, 0) => change.joining(group),
            (false, _) => change,
        };
    }

    let said = preview(&desk, &user, &change).await;

    let client = desk.client();
    for group in &said.joins {
        client
            .send(groups::add_member(client.endpoints(), &group.id, &user))
            .await
            .unwrap();
    }
    for group in &said.leaves {
        client
            .send(groups::remove_member(&group.id, &user))
            .await
            .unwrap();
    }
    assert!(!said.is_empty(), "{said:?}");
    assert_eq!(Having::of(&desk, &user).await, before.after(&said));
}

#[tokio::test]
async fn a_change_of_more_groups_than_are_read_at_once_is_previewed_whole() {
    let desk = Desk::of(Sim::seeded(7).customers(1).users_each(3));
    let groups: Vec<String> = desk.cloud.edit(|world| {
        let one = |number| {
            let name = format!("Crew {number}");
            world
                .add_group(desk.tenant, &name, msp365::sim::GroupKind::Security)
                .unwrap()
        };
        (0..120).map(one).collect()
    });
    let user = ids(&desk, "user").remove(0);
    let change = groups.iter().fold(Change::default(), Change::joining);

    let said = preview(&desk, &user, &change).await;

    assert_eq!(said.unchanged, []);
    assert_eq!(said.joins.len(), groups.len());
}

#[tokio::test]
async fn what_hangs_on_a_group_is_told_while_it_is_chosen() {
    let desk = desk(7).await;
    let groups = desk.truth("group");

    let found = details::hanging(&desk.client(), ids(&desk, "group"))
        .await
        .unwrap();

    assert_eq!(found.len(), groups.len());
    assert_eq!(found.iter().filter(|one| !one.applications.is_empty()).count(), 4);
    assert!(found.iter().any(|one| one.group.has_team == Some(true)));
    assert!(found.iter().any(|one| !one.licenses.is_empty()));
    assert!(found.iter().any(|one| !one.roles.is_empty()));
    let none = details::hanging(&desk.client(), ["00000000-0000-4000-8000-00000000dead"]).await;
    assert_eq!(none.unwrap(), []);
}
