//! Bringing somebody back, as they were before.

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_graph::{role_assignments::TENANT, users::UserEdit};
use serde::{Deserialize, Serialize};

use super::licences;
use crate::{
    Facts, Plan, Refused,
    facts::Person,
    names::product,
    plan::{Action, Grant, GroupNames, IfChanged, Left, StepKind, Subject, Whom, group_label, named},
    refused::Reason,
};

/// How a user was, as far as it can be brought back. Holds ids, the user's name and country, the
/// names of groups, and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// The tenant.
    pub tenant: TenantId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The user.
    pub user: Subject,
    /// Whether signing in was allowed.
    pub account_enabled: Option<bool>,
    /// The usage location.
    pub usage_location: Option<String>,
    /// Direct licences.
    pub licences: Vec<Grant>,
    /// Licences through groups: the group and the product.
    pub inherited: Vec<(String, String)>,
    /// Groups, each with whether its members can be changed here.
    pub groups: Vec<(String, bool)>,
    /// Directory roles, each with where it counts.
    pub roles: Vec<(String, String)>,
    /// The manager.
    pub manager: Option<String>,
    /// Those whose manager the user was.
    pub reports: Vec<String>,
    /// Who became the manager of those instead.
    #[serde(default)]
    pub heir: Option<String>,
    /// Groups that the user owned, and whose owners can be changed here.
    pub owned: Vec<String>,
    /// Devices that were disabled with the user: the object id and the name.
    #[serde(default)]
    pub devices: Vec<(String, String)>,
    /// The names that these groups had.
    #[serde(default)]
    pub group_names: GroupNames,
}

impl Snapshot {
    /// How a user is.
    pub fn of(facts: &Facts, person: &Person) -> Self {
        let owned = person.owned().map(|owned| &owned.group);
        let groups = person.groups.iter().map(|group| &group.id);
        let group_names = named(groups.chain(owned), &facts.group_names());
        let inherited = person.user.license_assignment_states.iter();
        Self {
            tenant: facts.tenant,
            taken_at: facts.read_at,
            user: person.subject(),
            account_enabled: person.user.account_enabled,
            usage_location: person.user.usage_location.clone(),
            licences: licences::direct(person),
            inherited: inherited
                .filter_map(|state| Some((state.assigned_by_group.clone()?, state.sku_id.clone()?)))
                .collect(),
            groups: person
                .groups
                .iter()
                .map(|group| (group.id.clone(), group.fixed_membership().is_none()))
                .collect(),
            roles: person
                .roles
                .iter()
                .filter_map(|own| {
                    let scope = own
                        .directory_scope_id
                        .clone()
                        .unwrap_or_else(|| TENANT.to_owned());
                    Some((own.role_definition_id.clone()?, scope))
                })
                .collect(),
            manager: person.manager.clone(),
            reports: person.reports.clone(),
            heir: None,
            owned: person
                .owned()
                .filter(|owned| owned.is_ours)
                .map(|owned| owned.group.clone())
                .collect(),
            devices: Vec::new(),
            group_names,
        }
    }
}

/// The plan that makes a user again what the snapshot says: restored if deleted, then sign-in, roles, licences, groups,
/// manager and reports, as far as they are not so by now. What cannot come back is left, with the reason.
///
/// Gather the facts with [`Ask::deleted`](crate::Ask::deleted) if the user is deleted, else with
/// [`Ask::user`](crate::Ask::user), and with [`Ask::managers_of`](crate::Ask::managers_of) the reports of the snapshot:
/// whoever got another manager meanwhile keeps that one.
///
/// # Errors
/// `NotFound` if the user is neither there nor can be restored; `Invalid` for a snapshot of another tenant, and where
/// the user is as before.
pub fn rehire(snapshot: &Snapshot, facts: &Facts) -> Result<Plan, Refused> {
    if snapshot.tenant != facts.tenant {
        return Err(Reason::OtherTenant.with(
            "the snapshot is of another tenant",
            "gather facts of its own tenant",
        ));
    }
    let Some(person) = &facts.person else {
        return Err(Reason::NoSuchUser.with(
            "the user is gone for good",
            "create a new user; one that was deleted is kept for 30 days",
        ));
    };
    let mut plan = Plan::new(facts.tenant, Action::Rehire, snapshot.user.clone());
    let needs = if person.is_deleted {
        check_restorable(facts, person)?;
        vec![plan.push(StepKind::RestoreUser { user: person.whom() })]
    } else {
        Vec::new()
    };
    let mut back = Back {
        plan: &mut plan,
        person,
        needs,
    };
    back.sign_in(snapshot);
    back.devices(snapshot);
    back.roles(snapshot);
    back.licences(snapshot, facts);
    back.groups(snapshot);
    back.people(snapshot, facts);
    Ok(plan.not_empty()?.naming(&snapshot.group_names))
}

struct Back<'a> {
    plan: &'a mut Plan,
    person: &'a Person,
    needs: Vec<usize>,
}

impl Back<'_> {
    fn push(&mut self, kind: StepKind) {
        self.plan.push_after(kind, 0, self.needs.clone());
    }

    fn sign_in(&mut self, snapshot: &Snapshot) {
        let now = self.person.user.account_enabled;
        let mut edit = UserEdit::default();
        if let Some(wanted) = snapshot.account_enabled.filter(|wanted| now != Some(*wanted)) {
            edit.account_enabled = Some(wanted);
        }
        if self.person.user.usage_location.is_none() && !self.person.is_deleted {
            edit.usage_location.clone_from(&snapshot.usage_location);
        }
        // A deleted user is listed without what it was allowed: setting it is right either way.
        if edit != UserEdit::default() {
            let was = now.map(UserEdit::enabling).unwrap_or_default();
            let user = self.person.whom();
            let (edit, was) = (edit.into(), was.into());
            self.push(StepKind::UpdateUser {
                user,
                edit,
                was,
                if_changed: IfChanged::Overwrite,
            });
        }
    }

    fn devices(&mut self, snapshot: &Snapshot) {
        for (device, name) in &snapshot.devices {
            let known = self.person.devices.iter().flatten();
            let is_so = known
                .into_iter()
                .any(|machine| machine.id == *device && machine.is_enabled);
            if !is_so {
                let (device, name) = (device.clone(), name.clone());
                self.push(StepKind::EnableDevice {
                    user: self.person.whom(),
                    device,
                    name,
                    is_enabled: true,
                });
            }
        }
    }

    fn roles(&mut self, snapshot: &Snapshot) {
        for (role, scope) in &snapshot.roles {
            let held = self.person.roles.iter().any(|own| {
                own.role_definition_id.as_ref() == Some(role)
                    && own.directory_scope_id.as_ref() == Some(scope)
            });
            if !held {
                let (role, scope) = (role.clone(), scope.clone());
                self.push(StepKind::AssignRole {
                    user: self.person.whom(),
                    role,
                    scope,
                });
            }
        }
    }

    fn licences(&mut self, snapshot: &Snapshot, facts: &Facts) {
        let held = licences::direct(self.person);
        let mut add = Vec::new();
        for grant in snapshot.licences.iter().filter(|grant| !held.contains(grant)) {
            match licences::check_pool(facts, grant, false) {
                Ok(()) => add.push(grant.clone()),
                Err(refused) => self.plan.left.push(Left::new(
                    format!("licence `{}`", product(&grant.sku_id)),
                    refused.words,
                    refused.remedy,
                )),
            }
        }
        if !add.is_empty() {
            let user = self.person.whom();
            self.push(StepKind::AssignLicenses {
                user,
                was: licences::held_otherwise(self.person, &add),
                add,
                remove: Vec::new(),
            });
        }
    }

    fn groups(&mut self, snapshot: &Snapshot) {
        for (group, is_ours) in &snapshot.groups {
            let is_in = self.person.groups.iter().any(|own| own.id == *group);
            if is_in {
                continue;
            }
            if *is_ours {
                self.push(StepKind::AddMember {
                    user: self.person.whom(),
                    group: group.clone(),
                });
            } else {
                self.plan.left.push(Left::new(
                    format!("group {}", group_label(group, &snapshot.group_names)),
                    "its members are not decided here",
                    "add the user where they are decided: Exchange, on-premises, or the rule of the group",
                ));
            }
        }
        for group in snapshot
            .owned
            .iter()
            .filter(|group| !self.person.owned().any(|own| own.group == **group))
        {
            self.push(StepKind::AddOwner {
                user: self.person.whom(),
                group: group.clone(),
            });
        }
    }

    fn people(&mut self, snapshot: &Snapshot, facts: &Facts) {
        match (&snapshot.manager, &self.person.manager) {
            (Some(manager), None) => self.push(StepKind::SetManager {
                user: self.person.whom(),
                manager: Whom::Id(manager.clone()),
                was: None,
            }),
            (Some(before), Some(now)) if before != now => self.plan.left.push(Left::new(
                format!("manager {before}"),
                format!("{now} was made the manager since"),
                "change the manager if that is not meant",
            )),
            _ => {}
        }
        for report in snapshot
            .reports
            .iter()
            .filter(|report| !self.person.reports.contains(report))
        {
            let now = facts.managers.get(report);
            if let Some(Some(other)) = now.filter(|now| now.is_some() && **now != snapshot.heir) {
                self.plan.left.push(Left::new(
                    format!("being the manager of {report}"),
                    format!("{other} was made the manager since"),
                    "change the manager if that is not meant",
                ));
                continue;
            }
            self.push(StepKind::SetManager {
                user: Whom::Id(report.clone()),
                manager: self.person.whom(),
                was: now.cloned().unwrap_or_else(|| snapshot.heir.clone()),
            });
        }
    }
}

/// Brings a deleted user back, without licences, groups and roles; [`rehire`] brings these back too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restore;

impl Restore {
    /// The plan for one user, from facts of a deleted one.
    ///
    /// # Errors
    /// `NotFound` if no such user is deleted; `Conflict` if the name is taken by now.
    pub fn plan(self, facts: &Facts) -> Result<Plan, Refused> {
        let deleted = facts
            .person
            .as_ref()
            .filter(|person| person.is_deleted)
            .ok_or_else(|| {
                Reason::NoSuchUser.with(
                    "no such user is deleted",
                    "check the id; the deleted are kept for 30 days",
                )
            })?;
        check_restorable(facts, deleted)?;
        let mut plan = Plan::new(facts.tenant, Action::Restore, deleted.subject());
        plan.push(StepKind::RestoreUser { user: deleted.whom() });
        plan.warn("licences, groups and roles do not come back with the user");
        Ok(plan)
    }
}

fn check_restorable(facts: &Facts, person: &Person) -> Result<(), Refused> {
    if facts.is_name_taken == Some(true) {
        return Err(Reason::NameTaken.with(
            format!("`{}` is somebody else's name by now", person.name()),
            "rename the other user first",
        ));
    }
    Ok(())
}
