//! Plans, as explanations see them: what a plan asks before its first step is sent.

use msp365_graph::{
    authentication_methods::NewPass, licenses::LicenseChange, role_assignments::TENANT, users::UserEdit,
};

use super::{
    Action, ActionKind, Actor, Ask, DeviceChange, Link, Permissions, TargetFacts, TenantFacts,
    foresee::foresee, refusal,
};
use crate::{
    Plan,
    plan::{Action as PlanAction, Step, StepKind, Subject, Whom},
};

/// What a plan does, step by step, as an explanation takes it. `None` for a plan without steps.
pub fn of_plan(plan: &Plan) -> Option<Action> {
    let found: Vec<_> = plan.steps.iter().map(|step| of_step(plan, step)).collect();
    (!found.is_empty()).then_some(Action::Offboard(found))
}

/// A technician who wants a plan run: each of its steps has to be let, and offboarding as such. `ask` names the tenant and
/// the sites.
pub fn plan_actor(permissions: &dyn Permissions, id: &str, ask: &Ask, plan: &Plan) -> Actor {
    let as_such = (plan.action == PlanAction::Offboard).then_some(ActionKind::Offboard);
    let steps = plan.steps.iter().map(|step| of_step(plan, step).kind());
    Actor::asking_all(permissions, id, ask, as_such.into_iter().chain(steps))
}

/// The first broken link of the first step that would be refused, each seen as things will stand when its turn comes.
/// The facts are those that [`of_plan`] asks for.
pub fn plan_refusal(actor: &Actor, tenant: &TenantFacts, plan: &Plan, target: &TargetFacts) -> Option<Link> {
    let mut target = target.clone();
    for step in &plan.steps {
        let action = of_step(plan, step);
        let refused = refusal(actor, tenant, &action, &target);
        if refused.is_some() {
            return refused;
        }
        foresee(&mut target, &action);
        if let StepKind::CreateUser { profile, .. } = &step.kind {
            foresee(&mut target, &Action::Edit(profile.clone()));
        }
    }
    None
}

fn of_step(plan: &Plan, step: &Step) -> Action {
    match &step.kind {
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
            lifetime_in_minutes,
            is_usable_once,
            ..
        } => {
            let mut pass = NewPass::default();
            pass.lifetime_in_minutes = *lifetime_in_minutes;
            pass.is_usable_once = *is_usable_once;
            Action::TemporaryPass(pass)
        }
        StepKind::DeletePass { .. } | StepKind::DeleteMethod { .. } => Action::RemoveMethods,
        StepKind::AssignLicenses { add, remove, .. } => {
            let given = add.iter().fold(LicenseChange::default(), |change, grant| {
                change.giving_without(&grant.sku_id, &grant.disabled_plans)
            });
            let taken = remove.iter();
            Action::Licenses(taken.fold(given, |change, grant| change.taking(&grant.sku_id)))
        }
        StepKind::AddMember { group, .. } => Action::JoinGroup(group.clone()),
        StepKind::RemoveMember { group, .. } => Action::LeaveGroup(group.clone()),
        StepKind::AddOwner { user, group } => match user {
            Whom::Id(heir) if Some(heir) != plan.subject.id.as_ref() => Action::HandGroupTo {
                group: group.clone(),
                heir: heir.clone(),
            },
            _ => Action::OwnGroup(group.clone()),
        },
        StepKind::AssignRole { role, .. } => Action::AddRole(role.clone()),
        StepKind::RemoveRole { role, scope, .. } if scope == TENANT => Action::RemoveRole(role.clone()),
        StepKind::RemoveRole { role, scope, .. } => Action::RemoveRoleIn {
            role: role.clone(),
            scope: scope.clone(),
        },
        StepKind::SetManager { user, manager, .. } => manager_of(&plan.subject, user, Some(manager)),
        StepKind::RemoveManager { user, .. } => manager_of(&plan.subject, user, None),
        StepKind::RevokeSessions { .. } => Action::Revoke,
        StepKind::DeleteUser { .. } => Action::Delete,
        StepKind::RestoreUser { .. } => Action::Restore,
        StepKind::EnableDevice {
            device,
            is_enabled: true,
            ..
        } => device_change(device, DeviceChange::Enable),
        StepKind::EnableDevice { device, .. } => device_change(device, DeviceChange::Disable),
        StepKind::DeleteDevice { device, .. } => device_change(device, DeviceChange::Delete),
    }
}

fn device_change(device: &str, change: DeviceChange) -> Action {
    Action::ChangeDevice {
        device: device.to_owned(),
        change,
    }
}

/// A change of a manager: of the user that the plan is about, or of another.
fn manager_of(subject: &Subject, user: &Whom, manager: Option<&Whom>) -> Action {
    let is_subject = |whom: &Whom| match whom {
        Whom::Made => true,
        Whom::Id(id) => Some(id) == subject.id.as_ref(),
    };
    let manager = manager.and_then(|whom| match whom {
        Whom::Id(id) if !is_subject(whom) => Some(id.clone()),
        _ => None,
    });
    match (user, manager) {
        (Whom::Id(other), manager) if !is_subject(user) => Action::SetManagerOf {
            user: other.clone(),
            manager,
        },
        (_, Some(manager)) => Action::SetManager(manager),
        (_, None) => Action::RemoveManager,
    }
}
