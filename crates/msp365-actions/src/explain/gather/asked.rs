//! What is asked in the second round, as far as the action depends on it.

use msp365_core::{Batch, Page, Request, Slot};
use msp365_graph::{
    app_role_assignments::{self, AppRoleAssignment},
    authentication_methods::{self as methods, AuthenticationMethod, PassPolicy},
    devices::{self, Device},
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
    /// What an application has that acts for itself: permissions, and directory roles.
    pub(super) own: Option<OfItself>,
    pub(super) tenant: Whole,
    pub(super) hanging: Hanging,
    pub(super) about: About,
    /// Users who have the name that is wanted, as their name or as an address.
    pub(super) holders: [Option<Slot<Page<User>>>; 2],
}

/// Where the answers about an application will be that acts for itself: its permissions, and its directory roles.
pub(super) type OfItself = (Slot<Page<AppRoleAssignment>>, Slot<Page<RoleAssignment>>);

/// Which kind of tenant is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The provider's own.
    Primary,
    /// A customer's.
    Customer,
    /// One that an application reaches by itself.
    Direct,
}

/// The names, by which others are looked for.
pub(super) struct Names<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) wanted: Option<&'a str>,
}

/// The groups somebody owns, with what tells those for roles.
pub(super) fn owned(user: &str) -> Request<Page<Group>> {
    users::owned_groups(user).select([Group::ID, Group::DISPLAY_NAME, Group::IS_ASSIGNABLE_TO_ROLE])
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
    (names, place): (&Names<'_>, Place),
) -> Asked {
    let steps = action.steps();
    let any = |fits: fn(&Action) -> bool| steps.iter().any(fits);
    let guarded = any(is_guarded);
    let owns = any(|one| matches!(one, Action::OwnGroup(_)));
    let in_groups = any(|one| {
        matches!(
            one,
            Action::JoinGroup(_) | Action::LeaveGroup(_) | Action::LeaveAllGroups
        )
    });
    let in_roles = any(|one| {
        matches!(
            one,
            Action::AddRole(_) | Action::RemoveRole(_) | Action::RemoveRoleIn { .. } | Action::RemoveAllRoles
        )
    });
    let of_passes = any(|one| matches!(one, Action::TemporaryPass(_)));
    let user = names.user;
    let user_if = |wanted: bool| user.filter(|_| wanted);
    let of_manager = any(|one| matches!(one, Action::SetManager(_) | Action::RemoveManager));
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
        owned: user_if(guarded || owns).map(|id| batch.add(owned(id))),
        methods: user_if(any(|one| *one == Action::RemoveMethods)).map(|id| batch.add(methods::list(id))),
    };
    let about = About::ask(batch, steps, place == Place::Primary, user_if(of_manager));
    Asked {
        grants: application
            .filter(|_| place != Place::Direct)
            .map(|id| batch.add(permission_grants::of_client(id))),
        own: application.filter(|_| place == Place::Direct).map(|id| {
            let given = batch.add(app_role_assignments::of_service_principal(id));
            (given, batch.add(assignments(id)))
        }),
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
    pub(super) owned: Option<Slot<Page<Group>>>,
    pub(super) methods: Option<Slot<Page<AuthenticationMethod>>>,
}

/// What the action is about, beside the user: each by its id.
pub(super) struct About {
    pub(super) manager: Option<Slot<DirectoryObject>>,
    pub(super) others: Vec<(String, Slot<User>)>,
    pub(super) groups: Vec<(String, Slot<Group>)>,
    pub(super) owners: Vec<(String, Slot<Page<DirectoryObject>>)>,
    pub(super) roles: Vec<(String, Slot<RoleDefinition>)>,
    pub(super) devices: Vec<(String, Slot<Device>)>,
}

impl About {
    fn ask(batch: &mut Batch, steps: &[Action], is_primary: bool, managed: Option<&str>) -> Self {
        let wanted = [
            User::ID,
            User::USER_PRINCIPAL_NAME,
            User::ON_PREMISES_SYNC_ENABLED,
            User::IS_MANAGEMENT_RESTRICTED,
        ];
        let managers = steps.iter().filter_map(Action::manager);
        let heirs = steps.iter().filter_map(Action::heir);
        let reports = steps.iter().filter_map(|one| match one {
            Action::SetManagerOf { user, .. } => Some(user.as_str()),
            _ => None,
        });
        let groups = each(steps.iter().filter_map(Action::group));
        let own = if is_primary { groups.clone() } else { Vec::new() };
        let roles = each(steps.iter().filter_map(Action::role));
        let machines = each(steps.iter().filter_map(Action::device));
        let mut ask = Asking(batch);
        Self {
            manager: managed.map(|id| ask.0.add(users::manager(id))),
            others: ask.each(each(managers.chain(reports).chain(heirs)), |id| {
                users::get(id).select(wanted)
            }),
            owners: ask.each(own, |id| groups::owners(id)),
            groups: ask.each(groups, whole_group),
            roles: ask.each(roles, |id| role_definitions::get(id)),
            devices: ask.each(machines, |id| devices::get(id)),
        }
    }
}

/// Of more, the rest is not known.
const NAMED: usize = 100;

/// Each once, in order.
fn each<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let all: std::collections::BTreeSet<_> = ids.collect();
    all.into_iter().take(NAMED).collect()
}

struct Asking<'a>(&'a mut Batch);

impl Asking<'_> {
    fn each<T: Send + 'static>(
        &mut self,
        ids: Vec<&str>,
        request: impl Fn(&str) -> Request<T>,
    ) -> Vec<(String, Slot<T>)> {
        let all = ids.into_iter();
        all.map(|id| (id.to_owned(), self.0.add(request(id)))).collect()
    }
}
