//! Each action with a plan of its own, over the same small world.

use std::time::Duration;

use msp365::{
    actions::{
        Access, AccessPass, Ask, Create, Devices, Edit, Grant, Groups, LastOwner, Licenses, Offboard, Plan,
        Protection, Refused, ResetMethods, ResetPassword, Restore, Roles, rehire,
    },
    core::Change,
    graph::users::UserEdit,
    sim::GroupKind,
};

use crate::desk::{Desk, READER, open};

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Block,
    Unblock,
    Revoke,
    Edit,
    Licenses,
    Groups,
    Roles,
    ResetPassword,
    AccessPass,
    ResetMethods,
    Create,
    Offboard,
    Rehire,
    Restore,
    Devices,
}

impl Case {
    /// Whether its steps make secrets that only their answer, or our memory, shows.
    pub(crate) const fn makes_secret(self) -> bool {
        matches!(self, Self::ResetPassword | Self::AccessPass | Self::Create)
    }

    /// The plan, and the world as it needs it.
    pub(crate) async fn plan(self, desk: &Desk) -> Plan {
        let people = desk.plain();
        let (ada, bo) = (people[0].as_str(), people[1].as_str());
        let guard = open();
        match self {
            Self::Block => Access::BlockAndRevoke.plan(&desk.about(ada).await, &guard),
            Self::Unblock => {
                desk.cloud.edit(|world| world.disable_account(desk.tenant, ada));
                Access::Unblock.plan(&desk.about(ada).await, &guard)
            }
            Self::Revoke => Access::Revoke.plan(&desk.about(ada).await, &guard),
            Self::Edit => {
                let mut fields = UserEdit::default();
                fields.job_title = Change::Set("Captain".into());
                fields.department = Change::Clear;
                fields.business_phones = Some(vec!["+47 55 55 01 00".into()]);
                Edit::new(fields).manager(bo).plan(&desk.about(ada).await, &guard)
            }
            Self::Licenses => fewer_licenses(desk, &guard).await,
            Self::Groups => another_group(desk, ada, &guard).await,
            Self::Roles => Roles::default().give(READER).plan(&desk.about(ada).await, &guard),
            Self::ResetPassword => ResetPassword.plan(&desk.about(ada).await, &guard),
            Self::AccessPass => {
                AccessPass::default().plan(&desk.facts(&Ask::user(ada).passes()).await, &guard)
            }
            Self::ResetMethods => methods_anew(desk, &people, &guard).await,
            Self::Create => Ok(created(desk).await),
            Self::Offboard => offboarded(desk, &people, &guard).await,
            Self::Rehire => Box::pin(rehired(desk, &guard)).await,
            Self::Restore => restored(desk, ada, &guard).await,
            Self::Devices => without_devices(desk, ada, &guard).await,
        }
        .unwrap_or_else(|refused| panic!("{self:?}: {refused}"))
    }
}

type Planned = Result<Plan, Refused>;

async fn fewer_licenses(desk: &Desk, guard: &Protection) -> Planned {
    let user = licensed(desk).unwrap();
    let facts = desk.about(&user).await;
    let held = facts.person.as_ref().unwrap().user.license_assignment_states[0].clone();
    Licenses::default().take(held.sku_id.unwrap()).plan(&facts, guard)
}

async fn another_group(desk: &Desk, ada: &str, guard: &Protection) -> Planned {
    let (old, new) = groups(desk);
    desk.cloud.edit(|world| world.add_member(desk.tenant, &old, ada));
    let facts = desk.facts(&Ask::user(ada).groups([&new, &old])).await;
    Groups::default().join(new).leave(old).plan(&facts, guard)
}

/// Of the first who has a method.
async fn methods_anew(desk: &Desk, people: &[String], guard: &Protection) -> Planned {
    for person in people {
        let facts = desk.facts(&Ask::user(person).methods()).await;
        if let Ok(plan) = ResetMethods.plan(&facts, guard) {
            return Ok(plan);
        }
    }
    panic!("nobody has a method");
}

async fn offboarded(desk: &Desk, people: &[String], guard: &Protection) -> Planned {
    let facts = busy(desk).await;
    let leaver = facts.person.as_ref().unwrap().user.id.clone();
    let heir = people.iter().find(|id| **id != leaver).unwrap();
    everything().hand_reports_to(heir).plan(&facts, guard)
}

async fn rehired(desk: &Desk, guard: &Protection) -> Planned {
    let facts = busy(desk).await;
    let left = everything().plan(&facts, guard).unwrap();
    assert!(desk.run(&left).await.is_done());
    // Within a quarter of an hour the ledger takes the same write for a repetition.
    desk.cloud.advance(Duration::from_mins(16));
    let user = left.subject.id.clone().unwrap();
    let snapshot = left.snapshot.as_ref().unwrap();
    let ask = Ask::deleted(user).managers_of(&snapshot.reports);
    rehire(snapshot, &desk.facts(&ask).await)
}

async fn without_devices(desk: &Desk, ada: &str, guard: &Protection) -> Planned {
    desk.cloud
        .edit(|world| world.add_device(desk.tenant, ada, "ADA-1"));
    let facts = desk.facts(&Ask::user(ada).devices()).await;
    Offboard::user().devices(Devices::Deleted).plan(&facts, guard)
}

async fn restored(desk: &Desk, ada: &str, guard: &Protection) -> Planned {
    let gone = Offboard::user()
        .delete()
        .plan(&desk.about(ada).await, guard)
        .unwrap();
    assert!(desk.run(&gone).await.is_done());
    Restore.plan(&desk.facts(&Ask::deleted(ada)).await)
}

/// Everything that offboarding can do.
pub(crate) fn everything() -> Offboard {
    Offboard::user()
        .block()
        .revoke_sessions()
        .remove_roles()
        .leave_groups()
        .remove_licences()
        .last_owner(LastOwner::Warned)
        .delete()
}

/// Somebody with a direct licence.
pub(crate) fn licensed(desk: &Desk) -> Option<String> {
    let plain = desk.plain();
    let direct = |user: &&serde_json::Value| {
        let states = user["licenseAssignmentStates"].as_array().unwrap();
        states
            .first()
            .is_some_and(|state| state["assignedByGroup"].is_null())
            && plain.iter().any(|id| user["id"] == id.as_str())
    };
    let found = desk.truth("user");
    found
        .iter()
        .find(direct)
        .map(|user| user["id"].as_str().unwrap().to_owned())
}

pub(crate) fn groups(desk: &Desk) -> (String, String) {
    desk.cloud.edit(|world| {
        let add = |world: &mut msp365::sim::Edit<'_>, name| {
            world.add_group(desk.tenant, name, GroupKind::Security).unwrap()
        };
        (add(world, "Old ship"), add(world, "New ship"))
    })
}

async fn created(desk: &Desk) -> Plan {
    let (group, _) = groups(desk);
    let name = format!("cleo.new@{}", desk.domain());
    let mut profile = UserEdit::default();
    profile.usage_location = Some("NO".into());
    profile.job_title = Change::Set("Mate".into());
    let wish = Create::new("Cleo New", &name)
        .profile(profile)
        .role(READER)
        .licence(Grant::new(desk.product()))
        .group(&group)
        .manager(&desk.plain()[0]);
    wish.plan(&desk.facts(&Ask::newcomer(name).groups([group])).await)
        .unwrap()
}

/// Facts of somebody with a licence, a role, groups, a manager and a report.
async fn busy(desk: &Desk) -> msp365::actions::Facts {
    let user = licensed(desk).unwrap();
    let (group, other) = groups(desk);
    let people = desk.plain();
    let others: Vec<&String> = people.iter().filter(|id| **id != user).collect();
    desk.cloud.edit(|world| {
        world.add_member(desk.tenant, &group, &user);
        world.add_member(desk.tenant, &other, &user);
        assert!(world.assign_role(desk.tenant, READER, &user));
    });
    for (who, manager) in [(others[2], &user), (&user, others[3])] {
        let facts = desk.about(who).await;
        if let Ok(plan) = Edit::default().manager(manager).plan(&facts, &open()) {
            assert!(desk.run(&plan).await.is_done());
        }
    }
    desk.about(&user).await
}
