//! Taking a user's access away.

use msp365_graph::users::UserEdit;

use super::{
    access::AN_HOUR,
    licences,
    machines::{self, Devices},
    owners::{self, LastOwner},
    rehire::Snapshot,
    remains::{not_restorable, roles_kept},
    roles::removal,
};
use crate::{
    Facts, Plan, Protection, Refused,
    facts::Person,
    names::{product, role},
    plan::{Action, IfChanged, Left, StepKind, Whom},
    protection::Harm,
    refused::Reason,
};

/// What is done to somebody who leaves. Whatever is chosen happens in the one right order: block, end sessions, new
/// password, devices, roles, reports, groups, licences, and deleting last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a toggle of its own, as technicians see them"
)]
pub struct Offboard {
    /// Deletes the user, which frees licences and memberships too.
    pub delete: bool,
    /// Takes all licences.
    pub remove_licences: bool,
    /// Leaves all groups.
    pub leave_groups: bool,
    /// Forbids signing in.
    pub block: bool,
    /// Ends all sessions.
    pub revoke_sessions: bool,
    /// Sets a new password, which nobody is told.
    pub reset_password: bool,
    /// Takes all directory roles.
    pub remove_roles: bool,
    /// Makes this user the manager of those whose manager the user is.
    pub hand_reports_to: Option<String>,
    /// What becomes of the devices of the user.
    pub devices: Devices,
    /// What becomes of groups that would have no owner without the user.
    pub last_owner: LastOwner,
    /// Where mail is to be forwarded to: a note to a person, as it is done in Exchange.
    pub forward_mail_to: Option<String>,
}

impl Offboard {
    /// Nothing yet.
    pub fn user() -> Self {
        Self::default()
    }

    /// Deletes the user too.
    pub const fn delete(mut self) -> Self {
        self.delete = true;
        self
    }

    /// Takes all licences too.
    pub const fn remove_licences(mut self) -> Self {
        self.remove_licences = true;
        self
    }

    /// Leaves all groups too.
    pub const fn leave_groups(mut self) -> Self {
        self.leave_groups = true;
        self
    }

    /// Forbids signing in too.
    pub const fn block(mut self) -> Self {
        self.block = true;
        self
    }

    /// Ends all sessions too.
    pub const fn revoke_sessions(mut self) -> Self {
        self.revoke_sessions = true;
        self
    }

    /// Sets a new password too, which nobody is told: what the user knows works no more.
    pub const fn reset_password(mut self) -> Self {
        self.reset_password = true;
        self
    }

    /// Takes all directory roles too.
    pub const fn remove_roles(mut self) -> Self {
        self.remove_roles = true;
        self
    }

    /// Gives those whose manager the user is this manager, too. Ask for [others](crate::Ask::others) to have somebody who
    /// is not there refused at once.
    pub fn hand_reports_to(mut self, manager: impl Into<String>) -> Self {
        self.hand_reports_to = Some(manager.into());
        self
    }

    /// Disables or deletes the devices of the user, too. The facts have to be asked for [devices](crate::Ask::devices).
    pub const fn devices(mut self, what: Devices) -> Self {
        self.devices = what;
        self
    }

    /// Deals with groups that would have no owner without the user in this way, where the user is deleted. An heir is
    /// asked for among the [others](crate::Ask::others).
    pub fn last_owner(mut self, way: LastOwner) -> Self {
        self.last_owner = way;
        self
    }

    /// Notes where mail is to be forwarded to, too.
    pub fn forward_mail_to(mut self, address: impl Into<String>) -> Self {
        self.forward_mail_to = Some(address.into());
        self
    }

    /// The plan for one user, with how the user was before.
    ///
    /// # Errors
    /// `Invalid` where it would do nothing, where devices are meant and were not read, where the user is deleted and the
    /// groups it owns could not be read, for blocking or deleting a user mastered on-premises, and for a new password of
    /// one whose sign-in is federated; `Denied` for an account that is to be left alone, and for deleting the last owner
    /// of a group unless it is said what becomes of the group; `NotFound` for an heir or a manager who is not there.
    pub fn plan(&self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        let harm = if self.delete || self.block {
            Harm::SignIn
        } else if self.remove_roles || (self.leave_groups && !facts.administrator_groups.is_empty()) {
            Harm::Role
        } else {
            Harm::Other
        };
        protection.check(facts, person, harm)?;
        if self.delete {
            person.check_cloud("delete the user")?;
        }
        let mut plan = Plan::new(facts.tenant, Action::Offboard, person.subject());
        self.access(facts, person, &mut plan)?;
        machines::give_up(self.devices, person, &mut plan)?;
        if self.remove_roles {
            for own in &person.roles {
                plan.push(removal(person, own));
            }
        }
        let handed_over = plan.steps.len();
        self.reports(facts, person, &mut plan)?;
        if self.delete {
            owners::hand_over(&self.last_owner, (facts, person), &mut plan)?;
        }
        let needs = (handed_over..plan.steps.len()).collect();
        self.belongings(facts, person, &mut plan);
        if self.delete {
            self.deletion(person, &mut plan, needs);
        }
        if let Some(address) = &self.forward_mail_to {
            plan.left.push(Left::new(
                format!("forward mail to {address}"),
                "Graph does not set it",
                "set it on the mailbox in Exchange, before the licence of the mailbox is gone",
            ));
        }
        let mut plan = plan.not_empty()?;
        let mut snapshot = Snapshot::of(facts, person);
        snapshot.devices = machines::given_up(&plan);
        snapshot.heir.clone_from(&self.hand_reports_to);
        plan.snapshot = Some(snapshot);
        plan.left.extend(not_restorable(facts, person, self));
        if self.remove_roles && !self.delete {
            plan.left.extend(roles_kept(person, self.leave_groups));
        }
        Ok(plan.naming(&facts.group_names()))
    }

    fn access(&self, facts: &Facts, person: &Person, plan: &mut Plan) -> Result<(), Refused> {
        if self.block && person.user.account_enabled != Some(false) {
            person.check_cloud("block the user")?;
            plan.push(StepKind::UpdateUser {
                user: person.whom(),
                edit: UserEdit::enabling(false).into(),
                was: person
                    .user
                    .account_enabled
                    .map(UserEdit::enabling)
                    .unwrap_or_default()
                    .into(),
                if_changed: IfChanged::Overwrite,
            });
            plan.warn(AN_HOUR);
        }
        if self.revoke_sessions {
            plan.push(StepKind::RevokeSessions { user: person.whom() });
        }
        if self.reset_password {
            person.check_managed(facts)?;
            let route = if person.user.is_synced() {
                crate::plan::PasswordRoute::Writeback
            } else {
                crate::plan::PasswordRoute::Profile
            };
            plan.push(StepKind::SetPassword {
                user: person.whom(),
                route,
            });
        }
        Ok(())
    }

    fn reports(&self, facts: &Facts, person: &Person, plan: &mut Plan) -> Result<(), Refused> {
        let Some(manager) = &self.hand_reports_to else {
            if self.delete && !person.reports.is_empty() {
                plan.warn(format!("{} people lose their manager", person.reports.len()));
            }
            return Ok(());
        };
        if *manager == person.user.id {
            return Err(
                Reason::Malformed.with("the user who leaves cannot take over", "choose somebody else")
            );
        }
        facts.check_other(manager)?;
        for report in &person.fixed_reports {
            plan.left.push(Left::new(
                format!("another manager for {report}"),
                "that user is mastered on-premises",
                "set the manager there",
            ));
        }
        for report in person.reports.iter().filter(|report| *report != manager) {
            plan.push(StepKind::SetManager {
                user: Whom::Id(report.clone()),
                manager: Whom::Id(manager.clone()),
                was: Some(person.user.id.clone()),
            });
        }
        Ok(())
    }

    fn belongings(&self, facts: &Facts, person: &Person, plan: &mut Plan) {
        if self.leave_groups {
            for group in &person.groups {
                match licences::leavable(group) {
                    Ok(()) => {
                        plan.push(StepKind::RemoveMember {
                            user: person.whom(),
                            group: group.id.clone(),
                        });
                    }
                    Err(_) if self.delete => {}
                    Err(refused) => plan.left.push(Left::new(
                        format!("group `{}`", group.display_name.as_deref().unwrap_or(&group.id)),
                        refused.words,
                        refused.remedy,
                    )),
                }
            }
        }
        if self.leave_groups && !self.delete {
            for owned in person.owned().filter(|owned| owned.is_last == Some(true)) {
                plan.warn(format!(
                    "`{}` has no other owner: the user stays its owner",
                    owned.name
                ));
            }
        }
        if self.remove_licences {
            self.licences(facts, person, plan);
        }
    }

    fn licences(&self, facts: &Facts, person: &Person, plan: &mut Plan) {
        let direct = licences::direct(person);
        if !direct.is_empty() {
            plan.warn("without its licence a mailbox is deleted after a while");
            plan.push(StepKind::AssignLicenses {
                user: person.whom(),
                add: Vec::new(),
                remove: direct,
                was: Vec::new(),
            });
        }
        if self.delete {
            return;
        }
        plan.left.extend(licences::stuck(facts, person));
        if self.leave_groups {
            return;
        }
        let mut through: Vec<String> = person
            .user
            .license_assignment_states
            .iter()
            .filter_map(|state| state.assigned_by_group.clone())
            .filter(|id| {
                facts
                    .group(id)
                    .is_ok_and(|group| licences::leavable(group).is_ok())
            })
            .collect();
        through.sort_unstable();
        through.dedup();
        for group in through {
            plan.push(StepKind::RemoveMember {
                user: person.whom(),
                group,
            });
        }
    }

    fn deletion(&self, person: &Person, plan: &mut Plan, needs: Vec<usize>) {
        let at = plan.push_after(StepKind::DeleteUser { user: person.whom() }, 0, needs);
        let mut implies = Vec::new();
        if !self.remove_licences {
            let held = licences::direct(person);
            implies.extend(
                held.iter()
                    .map(|grant| format!("licence `{}` is freed", product(&grant.sku_id))),
            );
        }
        for group in person
            .groups
            .iter()
            .filter(|group| !self.leave_groups || group.fixed_membership().is_some())
        {
            implies.push(format!(
                "membership of `{}` ends",
                group.display_name.as_deref().unwrap_or(&group.id)
            ));
        }
        if !self.remove_roles {
            let held = person
                .roles
                .iter()
                .filter_map(|own| own.role_definition_id.as_deref());
            implies.extend(held.map(|id| format!("role {} ends", role(id))));
        }
        if let Some(step) = plan.steps.get_mut(at) {
            step.implies = implies;
        }
        plan.warn("the user can be restored for 30 days, then never");
    }
}
