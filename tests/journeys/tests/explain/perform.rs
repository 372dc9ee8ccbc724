//! Doing what an action says, request by request, whatever was foretold.

use msp365::{
    actions::explain::{Action, DeviceChange},
    client::{Error, TenantClient},
    core::{Endpoints, ErrorKind},
    graph::{
        authentication_methods as methods, devices, directory_objects, groups, licenses, role_assignments,
        users::{self, NewUser, Password, User},
    },
};
use secrecy::SecretString;

/// What the service did.
#[derive(Debug)]
pub(crate) enum Outcome {
    Done,
    /// It refused, in these words.
    Refused(String),
    /// What is to be changed could not even be listed, so that nothing was tried.
    Unread,
    /// There was nothing to change, so that nothing was tried.
    Nothing,
}

/// A step that went wrong.
enum Stop {
    Refused(String),
    Unread,
}

/// How many changes were made.
type Step = Result<usize, Stop>;

fn secret() -> SecretString {
    SecretString::from("Xy7-quiet-river-9")
}

/// Does it, to the end or to the first refusal.
pub(crate) async fn perform(client: &TenantClient, to: &Endpoints, action: &Action, user: &str) -> Outcome {
    let mut changes = 0;
    for step in action.steps() {
        match Box::pin(one(client, to, step, user)).await {
            Ok(more) => changes += more,
            Err(Stop::Refused(words)) => return Outcome::Refused(words),
            Err(Stop::Unread) => return Outcome::Unread,
        }
    }
    if changes > 0 {
        Outcome::Done
    } else {
        Outcome::Nothing
    }
}

async fn one(client: &TenantClient, to: &Endpoints, action: &Action, user: &str) -> Step {
    match action {
        Action::Create { user_principal_name } => {
            let new = NewUser::new("Ada New", user_principal_name, secret());
            said(client.send(users::create(&new)).await)
        }
        Action::Edit(edit) => said(client.send(users::update(user, edit)).await),
        Action::SetManager(manager) => said(client.send(users::set_manager(to, user, manager)).await),
        Action::RemoveManager => said(client.send(users::remove_manager(user)).await),
        Action::Delete => said(client.send(users::delete(user)).await),
        Action::Restore => said(client.send(directory_objects::restore(user)).await),
        Action::Licenses(change) => said(client.send(licenses::assign(user, change)).await),
        Action::RemoveAllLicenses => all_licenses(client, user).await,
        Action::JoinGroup(group) => said(client.send(groups::add_member(to, group, user)).await),
        Action::LeaveGroup(group) => said(client.send(groups::remove_member(group, user)).await),
        Action::LeaveAllGroups => all_groups(client, user).await,
        Action::AddRole(role) => {
            let request = role_assignments::create(role, user, role_assignments::TENANT);
            said(client.send(request).await)
        }
        Action::RemoveRole(role) => roles(client, user, Some((role, role_assignments::TENANT))).await,
        Action::RemoveRoleIn { role, scope } => roles(client, user, Some((role, scope))).await,
        Action::OwnGroup(group) => said(client.send(groups::add_owner(to, group, user)).await),
        Action::SetManagerOf { user: other, manager } => {
            let manager = manager.as_deref().unwrap_or(user);
            said(client.send(users::set_manager(to, other, manager)).await)
        }
        Action::ChangeDevice { device, change } => machine(client, device, *change).await,
        Action::RemoveAllRoles => roles(client, user, None).await,
        Action::Block | Action::Unblock => {
            let edit = users::UserEdit::enabling(*action == Action::Unblock);
            said(client.send(users::update(user, &edit)).await)
        }
        Action::Revoke => said(client.send(users::revoke_sessions(user)).await),
        Action::ResetPassword => password(client, user).await,
        Action::TemporaryPass(pass) => {
            let made = answer(client.send(methods::create_pass(user, pass)).await)?;
            match made.is_usable {
                Some(true) => Ok(1),
                _ => Err(Stop::Refused("the pass is not usable".to_owned())),
            }
        }
        Action::RemoveMethods => all_methods(client, user).await,
        other => panic!("{other:?} is no single step"),
    }
}

/// A refusal is an answer of the service, of the sign-in, or of the request's own check.
fn answer<T>(result: Result<T, Error>) -> Result<T, Stop> {
    result.map_err(|error| {
        let is_refusal = error
            .service()
            .is_some_and(|said| (400..500).contains(&said.status))
            || error.token().is_some()
            || matches!(error, Error::Core(_) | Error::Answer { .. });
        assert!(is_refusal, "{error:?}");
        Stop::Refused(error.words())
    })
}

fn said<T>(result: Result<T, Error>) -> Step {
    answer(result).map(|_| 1)
}

/// Something that has to be read before it can be changed.
fn listed<T>(result: Result<T, Error>) -> Result<T, Stop> {
    result.map_err(|_| Stop::Unread)
}

async fn person(client: &TenantClient, user: &str) -> Result<User, Stop> {
    let wanted = [
        User::ID,
        User::LICENSE_ASSIGNMENT_STATES,
        User::ON_PREMISES_SYNC_ENABLED,
    ];
    listed(client.send(users::get(user).select(wanted)).await)
}

async fn all_licenses(client: &TenantClient, user: &str) -> Step {
    let states = person(client, user).await?.license_assignment_states;
    let mut change = licenses::LicenseChange::default();
    for state in states.iter().filter(|state| state.is_direct()) {
        change = change.taking(state.sku_id.clone().unwrap());
    }
    if change.remove.is_empty() {
        return Ok(0);
    }
    said(client.send(licenses::assign(user, &change)).await)
}

async fn all_groups(client: &TenantClient, user: &str) -> Step {
    let mut changes = 0;
    for group in listed(client.send(users::groups(user)).await)?.items {
        changes += said(client.send(groups::remove_member(&group.id, user)).await)?;
    }
    Ok(changes)
}

async fn machine(client: &TenantClient, device: &str, change: DeviceChange) -> Step {
    let request = match change {
        DeviceChange::Delete => devices::delete(device),
        change => devices::set_enabled(device, change == DeviceChange::Enable),
    };
    match client.send(request).await {
        // One that is gone is as it was wanted.
        Err(error) if change == DeviceChange::Delete && error.kind() == ErrorKind::NotFound => Ok(0),
        answer => said(answer),
    }
}

/// Takes one role in one part of the tenant, or all.
async fn roles(client: &TenantClient, user: &str, only: Option<(&str, &str)>) -> Step {
    let own = role_assignments::RoleAssignment::PRINCIPAL_ID.eq(user);
    let held = listed(client.send(role_assignments::list().filter(own)).await)?;
    let mut changes = 0;
    for assignment in held.items {
        let is_it = |(role, scope): (&str, &str)| {
            assignment.role_definition_id.as_deref() == Some(role)
                && assignment.directory_scope_id.as_deref() == Some(scope)
        };
        if only.is_none_or(is_it) {
            changes += said(client.send(role_assignments::delete(&assignment.id)).await)?;
        }
    }
    Ok(changes)
}

async fn password(client: &TenantClient, user: &str) -> Step {
    let is_synced = match person(client, user).await {
        Ok(found) => found.on_premises_sync_enabled == Some(true),
        Err(_) => false,
    };
    if is_synced {
        return said(client.send(methods::reset_password(user, Some(&secret()))).await);
    }
    said(
        client
            .send(users::set_password(user, &Password::new(secret())))
            .await,
    )
}

/// The default method goes last; which one it is, the service alone knows.
async fn all_methods(client: &TenantClient, user: &str) -> Step {
    let mut left = listed(client.send(methods::list(user)).await)?.items;
    left.retain(|method| {
        method
            .kind
            .as_ref()
            .is_some_and(|kind| kind.collection().is_some())
    });
    let all = left.len();
    while !left.is_empty() {
        let before = left.len();
        let mut kept = Vec::new();
        let mut refused = None;
        for method in left {
            let kind = method.kind.clone().unwrap();
            match said(client.send(methods::delete(user, &kind, &method.id)).await) {
                Ok(_) => {}
                Err(stop) => {
                    refused = Some(stop);
                    kept.push(method);
                }
            }
        }
        left = kept;
        if let Some(stop) = refused.filter(|_| left.len() == before) {
            return Err(stop);
        }
    }
    Ok(all)
}
