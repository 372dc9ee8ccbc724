//! What undoes a step, and a plan.

use msp365_graph::users::UserEdit;

use super::{Action, Grant, Left, Plan, Step, StepKind, Whom, group_label, look::fields};
use crate::{Refused, Snapshot, refused::Reason};

impl StepKind {
    /// The step that undoes it. `made` is the user whom the plan has made; [`Whom::Made`], where it was not run yet, is
    /// good for showing alone.
    ///
    /// # Errors
    /// Why it cannot be undone, in words.
    pub fn inverse(&self, made: &Whom) -> Result<Self, &'static str> {
        Ok(match self.about(made) {
            Self::CreateUser { .. } => Self::DeleteUser { user: made.clone() },
            Self::UpdateUser { was, .. } if *was == UserEdit::default() => {
                return Err("the field cannot be cleared again");
            }
            Self::UpdateUser {
                user,
                edit,
                was,
                if_changed,
            } => Self::UpdateUser {
                user,
                edit: was,
                was: edit,
                if_changed,
            },
            Self::AssignLicenses {
                user,
                add,
                remove,
                was,
            } => licences_back(user, (add, remove, was)),
            Self::AddMember { user, group } => Self::RemoveMember { user, group },
            Self::RemoveMember { user, group } => Self::AddMember { user, group },
            Self::RemoveRole {
                user, role, scope, ..
            } => Self::AssignRole { user, role, scope },
            Self::DeleteUser { user } => Self::RestoreUser { user },
            Self::RestoreUser { user } => Self::DeleteUser { user },
            Self::AssignRole { .. } => return Err("is undone by a plan that takes the role"),
            Self::AddOwner { .. } => return Err("is undone in the group itself"),
            Self::SetPassword { .. } => return Err("an old password does not come back"),
            Self::CreatePass { .. } => return Err("is undone by removing the pass"),
            Self::DeletePass { .. } => return Err("a pass does not come back"),
            Self::DeleteMethod { .. } => return Err("the user has to register it again"),
            Self::RevokeSessions { .. } => return Err("the user signs in again"),
            Self::DeleteDevice { .. } => return Err("a deleted device has to be registered again"),
            other => return other.other_way(),
        })
    }

    /// The same of those that set one of two ways, or one of several people.
    fn other_way(self) -> Result<Self, &'static str> {
        Ok(match self {
            Self::EnableDevice {
                user,
                device,
                name,
                is_enabled,
            } => Self::EnableDevice {
                user,
                device,
                name,
                is_enabled: !is_enabled,
            },
            Self::RemoveManager {
                user,
                was: Some(manager),
            } => Self::SetManager {
                user,
                manager: Whom::Id(manager),
                was: None,
            },
            Self::SetManager {
                user,
                was: None,
                manager,
            } => match manager {
                Whom::Id(id) => Self::RemoveManager { user, was: Some(id) },
                Whom::Made => return Err("the manager is not known yet"),
            },
            Self::SetManager {
                user,
                was: Some(before),
                manager,
            } => Self::SetManager {
                user,
                manager: Whom::Id(before),
                was: match manager {
                    Whom::Id(id) => Some(id),
                    Whom::Made => None,
                },
            },
            Self::RemoveManager { was: None, .. } => return Err("who the manager was is not known"),
            _ => return Err("nothing undoes it"),
        })
    }
}

/// Gives back what was taken, and what was held otherwise; takes alone what was not held before.
fn licences_back(user: Whom, (add, remove, was): (Vec<Grant>, Vec<Grant>, Vec<Grant>)) -> StepKind {
    let is_held = |grant: &Grant| {
        was.iter()
            .any(|own| own.sku_id.eq_ignore_ascii_case(&grant.sku_id))
    };
    let (changed, given): (Vec<Grant>, Vec<Grant>) = add.into_iter().partition(is_held);
    StepKind::AssignLicenses {
        user,
        add: remove.into_iter().chain(was).collect(),
        remove: given,
        was: changed,
    }
}

/// What a deletion has taken by itself: all of the snapshot that no other step took does not come back with the user.
struct BringBack<'a> {
    snapshot: &'a Snapshot,
    done: &'a [Step],
    user: Whom,
}

impl BringBack<'_> {
    fn is_done(&self, fits: impl Fn(&StepKind) -> bool) -> bool {
        self.done.iter().any(|step| fits(&step.kind))
    }

    fn steps(&self) -> Vec<StepKind> {
        let mut steps = self.rights();
        steps.extend(self.memberships());
        steps.extend(self.people());
        steps
    }

    fn rights(&self) -> Vec<StepKind> {
        let takes = |role: &String| {
            self.is_done(|kind| matches!(kind, StepKind::RemoveRole { role: own, .. } if own == role))
        };
        let roles = self.snapshot.roles.iter().filter(|(role, _)| !takes(role));
        let roles = roles.map(|(role, scope)| StepKind::AssignRole {
            user: self.user.clone(),
            role: role.clone(),
            scope: scope.clone(),
        });
        let mut steps: Vec<StepKind> = roles.collect();
        let is_taken = |grant: &Grant| {
            self.is_done(
                |kind| matches!(kind, StepKind::AssignLicenses { remove, .. } if remove.contains(grant)),
            )
        };
        let mut add = self.snapshot.licences.clone();
        add.retain(|grant| !is_taken(grant));
        if !add.is_empty() {
            steps.push(StepKind::AssignLicenses {
                user: self.user.clone(),
                add,
                remove: Vec::new(),
                was: Vec::new(),
            });
        }
        steps
    }

    fn memberships(&self) -> Vec<StepKind> {
        let leaves = |group: &String| {
            self.is_done(|kind| matches!(kind, StepKind::RemoveMember { group: own, .. } if own == group))
        };
        let groups = self.snapshot.groups.iter();
        let groups = groups.filter(|(group, is_ours)| *is_ours && !leaves(group));
        let member = groups.map(|(group, _)| StepKind::AddMember {
            user: self.user.clone(),
            group: group.clone(),
        });
        let owner = self.snapshot.owned.iter().map(|group| StepKind::AddOwner {
            user: self.user.clone(),
            group: group.clone(),
        });
        member.chain(owner).collect()
    }

    fn people(&self) -> Vec<StepKind> {
        let whom = |id: &String| Whom::Id(id.clone());
        let own = self
            .snapshot
            .manager
            .iter()
            .map(|id| (self.user.clone(), whom(id)));
        let reports = self
            .snapshot
            .reports
            .iter()
            .map(|id| (whom(id), self.user.clone()));
        let is_handed = |report: &Whom| {
            self.is_done(|kind| matches!(kind, StepKind::SetManager { user, .. } if user == report))
        };
        let all = own.chain(reports).filter(|(report, _)| !is_handed(report));
        all.map(|(user, manager)| StepKind::SetManager {
            user,
            manager,
            was: None,
        })
        .collect()
    }

    fn left(&self) -> impl Iterator<Item = Left> {
        let fixed = self.snapshot.groups.iter().filter(|(_, is_ours)| !is_ours);
        fixed.map(|(group, _)| {
            Left::new(
                format!("group {}", group_label(group, &self.snapshot.group_names)),
                "its members are not decided here",
                "add the user where they are decided: Exchange, on-premises, or the rule of the group",
            )
        })
    }
}

/// The fields that a step has set and its inverse does not clear.
fn not_cleared(step: &StepKind) -> Vec<Left> {
    let StepKind::UpdateUser { edit, was, .. } = step else {
        return Vec::new();
    };
    let back = fields(was);
    let kept = fields(edit).into_iter().filter(|name| !back.contains(name));
    kept.map(|name| {
        Left::new(
            format!("field `{name}`"),
            "it was empty, and cannot be cleared again",
            "set it to another value",
        )
    })
    .collect()
}

impl Plan {
    /// The plan that undoes this one, the last step first. What cannot be undone is left, with the reason.
    ///
    /// Of a plan that makes its user ask the [outcome](crate::Outcome::inverse), which knows whom it made.
    ///
    /// # Errors
    /// `Invalid` if nothing can be undone.
    pub fn inverse(&self) -> Result<Self, Refused> {
        let mut plan = Self::new(self.tenant, Action::Undo, self.subject.clone());
        let made = self.subject.id.clone().map_or(Whom::Made, Whom::Id);
        let mut needs = Vec::new();
        for step in self.steps.iter().rev() {
            let left = match step.kind.inverse(&made) {
                Ok(kind) if kind.is_about_made() => "whom the plan made is not known",
                Ok(kind) => {
                    let is_restored = matches!(kind, StepKind::RestoreUser { .. });
                    let at = plan.push_after(kind, 0, needs.clone());
                    if is_restored {
                        needs.push(at);
                    }
                    plan.left.extend(not_cleared(&step.kind));
                    continue;
                }
                Err(why) => why,
            };
            plan.left.push(Left::new(
                self.words(step),
                left,
                "nothing is to be done by itself",
            ));
        }
        if let (false, Some(snapshot)) = (needs.is_empty(), &self.snapshot) {
            let back = BringBack {
                snapshot,
                done: &self.steps,
                user: snapshot.user.id.clone().map_or(Whom::Made, Whom::Id),
            };
            for kind in back.steps() {
                plan.push_after(kind, 0, needs.clone());
            }
            plan.left.extend(back.left());
        }
        if plan.steps.is_empty() {
            return Err(Reason::Irreversible.with(
                format!("nothing of `{}` can be undone", self.action),
                "see what is left for each step",
            ));
        }
        let mut names = self.group_names.clone();
        names.extend(
            self.snapshot
                .iter()
                .flat_map(|snapshot| snapshot.group_names.clone()),
        );
        Ok(plan.naming(&names))
    }
}
