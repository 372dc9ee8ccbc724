//! What is asked in the second round, as far as the action depends on it.

use msp365_core::{Batch, Page, Request, Slot};
use msp365_graph::{
    authentication_methods::{self as methods, AuthenticationMethod, PassPolicy},
    directory_objects::DirectoryObject,
    domains::{self, Domain},
    groups::{self, Group},
    permission_grants::{self, PermissionGrant},
    role_assignments::{self, RoleAssignment},
    role_definitions::{self, RoleDefinition},
    subscribed_skus::{self, SubscribedSku},
    users::{self, User},
};

use super::Action;

/// The requests of the second round, each where the action depends on it.
pub(super) struct Asked {
    pub(super) grants: Option<Slot<Page<PermissionGrant>>>,
    pub(super) tenant: Whole,
    pub(super) hanging: Hanging,
    pub(super) about: About,
    /// Users who have the name that is wanted, as their name or as an address.
    pub(super) holders: [Option<Slot<Page<User>>>; 2],
}

/// The names, by which others are looked for.
pub(super) struct Names<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) wanted: Option<&'a str>,
}

pub(super) fn role_groups() -> Request<Page<Group>> {
    groups::list()
        .filter(Group::IS_ASSIGNABLE_TO_ROLE.eq(true))
        .select([Group::ID, Group::DISPLAY_NAME])
}

pub(super) fn all_groups(user: &str) -> Request<Page<Group>> {
    let more = [Group::IS_MANAGEMENT_RESTRICTED];
    users::transitive_groups(user).select(groups::SYNC_PROPERTIES.into_iter().chain(more))
}

pub(super) fn assignments(user: &str) -> Request<Page<RoleAssignment>> {
    role_assignments::list().filter(RoleAssignment::PRINCIPAL_ID.eq(user))
}

pub(super) fn ask(
    batch: &mut Batch,
    application: Option<&str>,
    action: &Action,
    (names, is_primary): (&Names<'_>, bool),
) -> Asked {
    let steps = action.steps();
    let any = |fits: fn(&Action) -> bool| steps.iter().any(fits);
    let guarded = any(is_guarded);
    let in_groups = any(|one| {
        matches!(
            one,
            Action::JoinGroup(_) | Action::LeaveGroup(_) | Action::LeaveAllGroups
        )
    });
    let in_roles = any(|one| {
        matches!(
            one,
            Action::AddRole(_) | Action::RemoveRole(_) | Action::RemoveAllRoles
        )
    });
    let of_passes = any(|one| matches!(one, Action::TemporaryPass(_)));
    let user = names.user;
    let user_if = |wanted: bool| user.filter(|_| wanted);
    let manager = steps.iter().find_map(|one| match one {
        Action::SetManager(manager) => Some(manager.as_str()),
        _ => None,
    });
    let of_manager = manager.is_some() || any(|one| *one == Action::RemoveManager);
    let group = steps.iter().find_map(Action::group);
    let of_licenses = any(|one| matches!(one, Action::Licenses(_) | Action::RemoveAllLicenses));
    let of_domains = names.wanted.is_some() || any(|one| *one == Action::ResetPassword);
    let tenant = Whole {
        products: of_licenses.then(|| batch.add(subscribed_skus::list())),
        policy: of_passes.then(|| batch.add(methods::pass_policy())),
        domains: of_domains.then(|| batch.add(domains::list())),
    };
    let hanging = Hanging {
        roles: user_if(guarded || in_roles).map(|id| batch.add(assignments(id))),
        groups: user_if(guarded || of_passes || in_groups).map(|id| batch.add(all_groups(id))),
        direct: user_if(in_groups).map(|id| batch.add(users::groups(id))),
        role_groups: user_if(guarded).map(|_| batch.add(role_groups())),
        methods: user_if(any(|one| *one == Action::RemoveMethods)).map(|id| batch.add(methods::list(id))),
    };
    let about = About {
        manager: user_if(of_manager).map(|id| batch.add(users::manager(id))),
        new_manager: manager.map(|id| batch.add(users::get(id).select([User::ID]))),
        group: group.map(|id| batch.add(whole_group(id))),
        owners: group
            .filter(|_| is_primary)
            .map(|id| batch.add(groups::owners(id))),
        role: steps
            .iter()
            .find_map(Action::role)
            .map(|id| batch.add(role_definitions::get(id))),
    };
    Asked {
        grants: application.map(|id| batch.add(permission_grants::of_client(id))),
        tenant,
        hanging,
        about,
        holders: [
            names.wanted.map(|name| batch.add(namesakes(name))),
            names.wanted.map(|name| batch.add(addresses(name))),
        ],
    }
}

/// A group with all that decides about its members, and the licences it gives.
fn whole_group(id: &str) -> Request<Group> {
    let more = [Group::IS_MANAGEMENT_RESTRICTED, Group::ASSIGNED_LICENSES];
    groups::get(id).select(groups::SYNC_PROPERTIES.into_iter().chain(more))
}

fn is_guarded(action: &Action) -> bool {
    matches!(
        action,
        Action::Edit(_)
            | Action::Delete
            | Action::Block
            | Action::Unblock
            | Action::Revoke
            | Action::ResetPassword
            | Action::TemporaryPass(_)
            | Action::RemoveMethods
    )
}

fn namesakes(name: &str) -> Request<Page<User>> {
    users::list()
        .filter(User::USER_PRINCIPAL_NAME.eq(name))
        .select([User::ID, User::USER_PRINCIPAL_NAME])
}

fn addresses(name: &str) -> Request<Page<User>> {
    let alias = User::PROXY_ADDRESSES.any(format!("smtp:{name}"));
    users::list()
        .filter(alias.or(User::PROXY_ADDRESSES.any(format!("SMTP:{name}"))))
        .select([User::ID, User::USER_PRINCIPAL_NAME])
}

/// What is asked of the tenant as a whole.
pub(super) struct Whole {
    pub(super) products: Option<Slot<Page<SubscribedSku>>>,
    pub(super) policy: Option<Slot<PassPolicy>>,
    pub(super) domains: Option<Slot<Page<Domain>>>,
}

/// What hangs on the user.
pub(super) struct Hanging {
    pub(super) roles: Option<Slot<Page<RoleAssignment>>>,
    pub(super) groups: Option<Slot<Page<Group>>>,
    pub(super) direct: Option<Slot<Page<Group>>>,
    pub(super) role_groups: Option<Slot<Page<Group>>>,
    pub(super) methods: Option<Slot<Page<AuthenticationMethod>>>,
}

/// What the action is about, beside the user.
pub(super) struct About {
    pub(super) manager: Option<Slot<DirectoryObject>>,
    pub(super) new_manager: Option<Slot<User>>,
    pub(super) group: Option<Slot<Group>>,
    pub(super) owners: Option<Slot<Page<DirectoryObject>>>,
    pub(super) role: Option<Slot<RoleDefinition>>,
}
