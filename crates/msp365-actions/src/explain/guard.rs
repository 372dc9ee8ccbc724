//! Plans, as explanations see them: what a plan asks before its first step is sent.

use msp365_graph::{authentication_methods::NewPass, licenses::LicenseChange, users::UserEdit};

use super::{Action, Actor, Explanation, Link, LinkId, State, TargetFacts, TenantFacts, explain};
use crate::{
    Plan,
    plan::{StepKind, Whom},
};

/// The links that a plan's own rules know nothing of: whether the account may do it. What the user, the licences and the
/// groups allow was settled when the plan was made, from the same facts.
const ASKED: [LinkId; 9] = [
    LinkId::Permission,
    LinkId::Tenant,
    LinkId::SignIn,
    LinkId::Consent,
    LinkId::Relationship,
    LinkId::Group,
    LinkId::Role,
    LinkId::Target,
    LinkId::Protection,
];

/// What a plan does to its user, as an explanation takes it: one step of each kind, since those of one kind take the
/// same. `None` where nothing of it can be explained.
pub fn of_plan(plan: &Plan) -> Option<Action> {
    let mut found: Vec<Action> = Vec::new();
    for step in &plan.steps {
        let about = step.kind.user();
        let is_subject = match &about {
            Whom::Made => true,
            Whom::Id(id) => Some(id) == plan.subject.id.as_ref(),
        };
        let Some(action) = is_subject.then(|| of_step(&step.kind)).flatten() else {
            continue;
        };
        if matches!(action, Action::Create { .. } | Action::Restore) {
            // What follows is about a user of whom nothing can be read yet.
            return Some(action);
        }
        if !found.iter().any(|known| known.kind() == action.kind()) {
            found.push(action);
        }
    }
    (!found.is_empty()).then_some(Action::Offboard(found))
}

/// The first broken link, where the account may not do what [`of_plan`] made of a plan.
pub fn plan_refusal(
    actor: &Actor,
    tenant: &TenantFacts,
    action: &Action,
    target: &TargetFacts,
) -> Option<Link> {
    let said = explain(actor, tenant, action, target);
    if said.parts.is_empty() {
        return broken(&said, true);
    }
    let mut is_as_read = true;
    for (part, step) in said.parts.iter().zip(action.steps()) {
        if let Some(link) = broken(part, is_as_read) {
            return Some(link);
        }
        // Without some of its roles a user may not be protected any more.
        is_as_read &= !matches!(step, Action::RemoveRole(_) | Action::LeaveGroup(_));
    }
    None
}

fn broken(said: &Explanation, is_as_read: bool) -> Option<Link> {
    let counts = |link: &&Link| {
        link.state == State::Broken
            && ASKED.contains(&link.id)
            && (is_as_read || link.id != LinkId::Protection)
    };
    said.links.iter().find(counts).cloned()
}

fn of_step(kind: &StepKind) -> Option<Action> {
    Some(match kind {
        StepKind::CreateUser {
            user_principal_name, ..
        } => Action::Create {
            user_principal_name: user_principal_name.clone(),
        },
        StepKind::UpdateUser { edit, .. } if **edit == UserEdit::enabling(false) => Action::Block,
        StepKind::UpdateUser { edit, .. } if **edit == UserEdit::enabling(true) => Action::Unblock,
        StepKind::UpdateUser { edit, .. } => Action::Edit(edit.clone()),
        StepKind::SetPassword { .. } => Action::ResetPassword,
        StepKind::CreatePass {
            lifetime_in_minutes, ..
        } => {
            let mut pass = NewPass::default();
            pass.lifetime_in_minutes = *lifetime_in_minutes;
            Action::TemporaryPass(pass)
        }
        StepKind::DeleteMethod { .. } => Action::RemoveMethods,
        StepKind::AssignLicenses { add, remove, .. } => {
            let change = add.iter().fold(LicenseChange::default(), |change, grant| {
                change.giving(&grant.sku_id)
            });
            Action::Licenses(
                remove
                    .iter()
                    .fold(change, |change, grant| change.taking(&grant.sku_id)),
            )
        }
        StepKind::AddMember { group, .. } => Action::JoinGroup(group.clone()),
        StepKind::RemoveMember { group, .. } => Action::LeaveGroup(group.clone()),
        StepKind::AssignRole { role, .. } => Action::AddRole(role.clone()),
        StepKind::RemoveRole { role, .. } => Action::RemoveRole(role.clone()),
        StepKind::SetManager {
            manager: Whom::Id(manager),
            ..
        } => Action::SetManager(manager.clone()),
        StepKind::RemoveManager { .. } => Action::RemoveManager,
        StepKind::RevokeSessions { .. } => Action::Revoke,
        StepKind::DeleteUser { .. } => Action::Delete,
        StepKind::RestoreUser { .. } => Action::Restore,
        StepKind::DeletePass { .. } | StepKind::AddOwner { .. } | StepKind::SetManager { .. } => return None,
    })
}
