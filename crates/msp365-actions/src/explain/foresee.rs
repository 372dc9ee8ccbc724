//! What will be known of a user once a step is done.

use std::collections::BTreeSet;

use msp365_core::model::Model;
use msp365_graph::{
    licenses::{LicenseAssignmentState, LicenseChange},
    role_assignments::{RoleAssignment, TENANT},
    users::{User, UserEdit},
};

use super::{Action, DeviceChange, Known, TargetFacts};

/// Makes of what is known what will be so after a step that succeeds.
pub(super) fn foresee(target: &mut TargetFacts, step: &Action) {
    match step {
        Action::Create { user_principal_name } => {
            bare(target);
            let mut user = User::blank();
            user.user_principal_name = Some(user_principal_name.clone());
            target.user = Known::Is(Some(user));
        }
        Action::Restore => bare(target),
        Action::Delete => target.user = Known::Is(None),
        Action::RemoveAllRoles => target.roles = Known::Is(Vec::new()),
        Action::RemoveRole(role) => {
            // Where it counts in a part of the tenant alone, it stays, and protects as before.
            without(target, |own| {
                own.is_tenant_wide() && is(own.role_definition_id.as_ref(), role)
            });
        }
        Action::RemoveRoleIn { role, scope } => {
            without(target, |own| {
                is(own.role_definition_id.as_ref(), role) && is(own.directory_scope_id.as_ref(), scope)
            });
        }
        Action::ChangeDevice { device, change } => machine(target, device, *change),
        Action::AddRole(role) => {
            let mut own = RoleAssignment::blank();
            own.role_definition_id = Some(role.clone());
            own.directory_scope_id = Some(TENANT.to_owned());
            if let Known::Is(roles) = &mut target.roles {
                roles.push(own);
            }
        }
        Action::LeaveAllGroups => {
            target.groups = Known::Is(Vec::new());
            target.direct_groups = Known::Is(BTreeSet::new());
        }
        Action::LeaveGroup(group) => leave(target, group),
        Action::JoinGroup(group) => join(target, group),
        Action::OwnGroup(group) => own(target, group),
        other => user(target, other),
    }
}

/// Takes these roles away.
fn without(target: &mut TargetFacts, taken: impl Fn(&RoleAssignment) -> bool) {
    if let Known::Is(roles) = &mut target.roles {
        roles.retain(|own| !taken(own));
    }
}

fn machine(target: &mut TargetFacts, device: &str, change: DeviceChange) {
    let Some(Known::Is(known)) = target.named_devices.get_mut(device) else {
        return;
    };
    match (change, known) {
        (DeviceChange::Delete, known) => *known = None,
        (change, Some(device)) => device.account_enabled = Some(change == DeviceChange::Enable),
        (_, None) => {}
    }
}

/// A user that is made, or brought back, holds nothing yet.
fn bare(target: &mut TargetFacts) {
    target.roles = Known::Is(Vec::new());
    target.groups = Known::Is(Vec::new());
    target.direct_groups = Known::Is(BTreeSet::new());
    target.owned_groups = Known::Is(BTreeSet::new());
    target.owned_role_groups = Known::Is(Vec::new());
    if let Known::Is(Some(user)) = &mut target.user {
        user.license_assignment_states.clear();
        user.assigned_licenses.clear();
    }
}

/// A group for roles is in no other group and holds none, so that who leaves it is in it no more.
fn leave(target: &mut TargetFacts, left: &str) {
    if let Known::Is(groups) = &mut target.groups {
        groups.retain(|group| !group.id.eq_ignore_ascii_case(left));
    }
    if let Known::Is(direct) = &mut target.direct_groups {
        direct.retain(|id| !id.eq_ignore_ascii_case(left));
    }
    if let Known::Is(Some(user)) = &mut target.user {
        let states = &mut user.license_assignment_states;
        states.retain(|state| !is(state.assigned_by_group.as_ref(), left));
    }
}

fn join(target: &mut TargetFacts, joined: &str) {
    let group = target.group(joined).ok().flatten().cloned();
    if let (Known::Is(groups), Some(group)) = (&mut target.groups, group) {
        groups.push(group);
    }
    if let Known::Is(direct) = &mut target.direct_groups {
        direct.insert(joined.to_owned());
    }
}

fn own(target: &mut TargetFacts, owned: &str) {
    let group = target.group(owned).ok().flatten();
    let for_roles = group.filter(|group| group.is_assignable_to_role == Some(true));
    let name = for_roles.map(|group| group.display_name.clone().unwrap_or_else(|| group.id.clone()));
    if let (Known::Is(names), Some(name)) = (&mut target.owned_role_groups, name) {
        names.push(name);
    }
    if let Known::Is(groups) = &mut target.owned_groups {
        groups.insert(owned.to_owned());
    }
}

/// What is so of the account itself.
fn user(target: &mut TargetFacts, step: &Action) {
    let Known::Is(Some(user)) = &mut target.user else {
        return;
    };
    match step {
        Action::Block => user.account_enabled = Some(false),
        Action::Unblock => user.account_enabled = Some(true),
        Action::Edit(fields) => edit(user, fields),
        Action::Licenses(change) => licenses(user, change),
        Action::RemoveAllLicenses => {
            user.license_assignment_states.retain(|state| !state.is_direct());
            let held = &user.license_assignment_states;
            user.assigned_licenses
                .retain(|own| held.iter().any(|state| state.sku_id == own.sku_id));
        }
        _ => {}
    }
}

fn edit(user: &mut User, edit: &UserEdit) {
    if edit.usage_location.is_some() {
        user.usage_location.clone_from(&edit.usage_location);
    }
    if edit.user_principal_name.is_some() {
        user.user_principal_name.clone_from(&edit.user_principal_name);
    }
    user.account_enabled = edit.account_enabled.or(user.account_enabled);
}

fn licenses(user: &mut User, change: &LicenseChange) {
    let touched = |sku: Option<&String>| {
        let given = change.add.iter().map(|grant| &grant.sku_id);
        given.chain(&change.remove).any(|one| is(sku, one))
    };
    let states = &mut user.license_assignment_states;
    states.retain(|state| !state.is_direct() || !touched(state.sku_id.as_ref()));
    states.extend(change.add.iter().map(|grant| {
        let mut state = LicenseAssignmentState::blank();
        state.sku_id = Some(grant.sku_id.clone());
        state.disabled_plans.clone_from(&grant.disabled_plans);
        state
    }));
    user.assigned_licenses.retain(|own| !touched(own.sku_id.as_ref()));
}

fn is(id: Option<&String>, wanted: &str) -> bool {
    id.is_some_and(|id| id.eq_ignore_ascii_case(wanted))
}
