//! What the customer's tenant tells: the application's consent, the user, and what the action is about.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use msp365_client::{Error, TenantClient};
use msp365_core::{Answers, Batch, Page, Slot, id::canonical};
use msp365_graph::{
    app_role_assignments::{self, AppRoleAssignment},
    applications::AppRole,
    directory_objects::DirectoryObject,
    domains,
    groups::{self, Group},
    permission_grants::{self, PermissionGrant},
    role_assignments::RoleAssignment,
    service_principals::ServicePrincipal,
    users::{self, User},
};

use super::{
    Action, Application, Known, TargetFacts, TenantFacts,
    asked::{About, Asked, Hanging, Names, OfItself, Place, Whole, all_groups, ask, assignments, owned},
    known, present, rest,
};

/// Pages of deleted users that are looked through: 20,000 users.
const DELETED_PAGES: usize = 20;

/// The deleted user of this object id.
pub(super) async fn deleted(client: &TenantClient, id: &str) -> Known<Option<User>> {
    find_deleted(client, |user| user.id.eq_ignore_ascii_case(id)).await
}

async fn find_deleted(client: &TenantClient, fits: impl Fn(&User) -> bool) -> Known<Option<User>> {
    let mut pages = std::pin::pin!(client.pages(users::deleted()));
    for _ in 0..DELETED_PAGES {
        match pages.next().await {
            None => return Known::Is(None),
            Some(Err(error)) => return Known::Not(error.words()),
            Some(Ok(page)) => {
                if let Some(found) = page.items.into_iter().find(|user| fits(user)) {
                    return Known::Is(Some(found));
                }
            }
        }
    }
    Known::Not("there are too many deleted users to look through".to_owned())
}

/// Reads the rest, in one round.
pub(super) async fn read(
    client: &TenantClient,
    application: Application,
    action: &Action,
    (found, target): (&mut TenantFacts, &mut TargetFacts),
) {
    let is_restore = action.begins_with(|first| *first == Action::Restore);
    let user = target.user.get().cloned().flatten();
    let (present, restored) = if is_restore {
        (None, user.as_ref())
    } else {
        (user.as_ref(), None)
    };
    let its_name = restored.and_then(|user| user.user_principal_name.as_deref());
    let names = Names {
        user: present.map(|user| user.id.as_str()),
        wanted: action.steps().iter().find_map(Action::new_name).or(its_name),
    };
    let id = application.id.get().and_then(Option::as_deref);
    let mut batch = Batch::new();
    let asked = ask(&mut batch, id, action, (&names, place(found)));
    let answers = if batch.is_empty() {
        Ok(Answers::new(Vec::new()))
    } else {
        client.batch(batch).await
    };
    let mut answers = match answers {
        Ok(answers) => answers,
        Err(error) => {
            found.consent = Known::Not(error.words());
            return;
        }
    };
    let Asked {
        grants,
        own,
        tenant,
        hanging,
        about,
        holders,
    } = asked;
    if found.is_direct() {
        of_itself(client, application, (own, &mut answers), found).await;
    } else {
        found.consent = consent(client, application.id, grants, &mut answers).await;
    }
    tenant.read(client, found, &mut answers).await;
    hanging.read(client, target, (names.user, &mut answers)).await;
    if let Some(user) = names.user.filter(|_| !found.own_unit_roles.is_empty()) {
        target.units = units(client, user).await;
    }
    about.read(client, (found, target), &mut answers).await;
    if is_restore {
        plain(target);
    }
    if let Some(name) = names.wanted {
        let but = user.as_ref().map(|user| user.id.as_str());
        target.name_holder = holder(client, (name, but), holders, &mut answers).await;
    }
}

fn place(found: &TenantFacts) -> Place {
    if found.is_direct() {
        Place::Direct
    } else if found.is_primary() {
        Place::Primary
    } else {
        Place::Customer
    }
}

/// What an application has that acts for itself.
async fn of_itself(
    client: &TenantClient,
    application: Application,
    (own, answers): (Option<OfItself>, &mut Answers<Error>),
    found: &mut TenantFacts,
) {
    let id = match application.id {
        Known::Not(why) => return found.consent = Known::Not(why),
        Known::Is(None) => return found.consent = Known::Is(None),
        Known::Is(Some(id)) => id,
    };
    let Some((given, roles)) = own else { return };
    let given = rest(
        client,
        app_role_assignments::of_service_principal(&id),
        answers.take(given),
    )
    .await;
    found.consent = match (application.permissions, given) {
        (Known::Not(why), _) => Known::Not(why),
        (_, Err(error)) => Known::Not(error.words()),
        (Known::Is(graph), Ok(given)) => Known::Is(Some(named(&graph, &given))),
    };
    let roles = known(rest(client, assignments(&id), answers.take(roles)).await);
    for role in roles.get().into_iter().flatten() {
        if let (Some(unit), Some(role)) = (role.unit(), &role.role_definition_id) {
            let over = found.own_unit_roles.entry(canonical(unit)).or_default();
            over.insert(role.to_ascii_lowercase());
        }
    }
    found.own_roles = roles.map(|roles| {
        let whole = roles.into_iter().filter(RoleAssignment::is_tenant_wide);
        whole.filter_map(|role| role.role_definition_id).collect()
    });
}

/// The administrative units that a user is in.
async fn units(client: &TenantClient, user: &str) -> Known<BTreeSet<String>> {
    let first = client.send(users::member_of(user)).await;
    let all = rest(client, users::member_of(user), first).await;
    known(all).map(|all| {
        let units = all.into_iter().filter(DirectoryObject::is_administrative_unit);
        units.map(|unit| canonical(unit.id)).collect()
    })
}

/// The names of the permissions that were given.
fn named(graph: &ServicePrincipal, given: &[AppRoleAssignment]) -> BTreeSet<String> {
    let is_given = |role: &&AppRole| given.iter().any(|one| one.app_role_id == role.id);
    let roles = graph.app_roles.iter().filter(is_given);
    roles.filter_map(|role| role.value.clone()).collect()
}

impl Whole {
    async fn read(self, client: &TenantClient, found: &mut TenantFacts, answers: &mut Answers<Error>) {
        if let Some(slot) = self.products {
            found.products = known(answers.take(slot)).map(|page| page.items);
        }
        if let Some(slot) = self.policy {
            found.pass_policy = known(answers.take(slot));
        }
        if let Some(slot) = self.domains {
            found.domains = known(rest(client, domains::list(), answers.take(slot)).await);
        }
    }
}

/// A deleted user has no roles and is in no group.
fn plain(target: &mut TargetFacts) {
    target.roles = Known::Is(Vec::new());
    target.groups = Known::Is(Vec::new());
    target.owned_groups = Known::Is(BTreeSet::new());
    target.owned_role_groups = Known::Is(Vec::new());
}

async fn consent(
    client: &TenantClient,
    application: Known<Option<String>>,
    grants: Option<Slot<Page<PermissionGrant>>>,
    answers: &mut Answers<Error>,
) -> Known<Option<BTreeSet<String>>> {
    let id = match application {
        Known::Not(why) => return Known::Not(why),
        Known::Is(None) => return Known::Is(None),
        Known::Is(Some(id)) => id,
    };
    let Some(slot) = grants else {
        return Known::default();
    };
    let rows = rest(client, permission_grants::of_client(&id), answers.take(slot)).await;
    let scopes = |rows: Vec<PermissionGrant>| {
        let all = rows.iter().flat_map(PermissionGrant::scopes);
        Some(all.map(str::to_owned).collect())
    };
    known(rows.map(scopes))
}

/// Who has a name, other than the one it may be for.
async fn holder(
    client: &TenantClient,
    (name, but): (&str, Option<&str>),
    holders: [Option<Slot<Page<User>>>; 2],
    answers: &mut Answers<Error>,
) -> Known<Option<String>> {
    let is_other = |user: &User| but != Some(user.id.as_str());
    for slot in holders.into_iter().flatten() {
        match answers.take(slot) {
            Err(error) => return Known::Not(error.words()),
            Ok(page) => {
                if let Some(other) = page.items.into_iter().find(|user| is_other(user)) {
                    let id = other.user_principal_name.unwrap_or(other.id);
                    return Known::Is(Some(format!("the user '{id}'")));
                }
            }
        }
    }
    let same = |text: &Option<String>| text.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name));
    let gone = find_deleted(client, |user| {
        is_other(user) && (same(&user.user_principal_name) || same(&user.mail))
    });
    gone.await
        .map(|found| found.map(|user| format!("the deleted user '{}'", user.id)))
}

impl Hanging {
    async fn read(
        self,
        client: &TenantClient,
        target: &mut TargetFacts,
        (user, answers): (Option<&str>, &mut Answers<Error>),
    ) {
        let Some(user) = user else {
            return;
        };
        if let Some(slot) = self.roles {
            target.roles = known(rest(client, assignments(user), answers.take(slot)).await);
        }
        if let Some(slot) = self.groups {
            target.groups = known(rest(client, all_groups(user), answers.take(slot)).await);
        }
        if let Some(slot) = self.direct {
            let rows = rest(client, users::groups(user), answers.take(slot)).await;
            target.direct_groups = known(rows).map(|rows| rows.into_iter().map(|group| group.id).collect());
        }
        if let Some(slot) = self.methods {
            target.methods = known(answers.take(slot)).map(|page| page.items);
        }
        if let Some(slot) = self.owned {
            let rows = known(rest(client, owned(user), answers.take(slot)).await);
            let is_for_roles = |group: &Group| group.is_assignable_to_role == Some(true);
            target.owned_groups = rows
                .clone()
                .map(|rows| rows.into_iter().map(|group| group.id).collect());
            target.owned_role_groups = rows.map(|rows| {
                let rows = rows.into_iter().filter(is_for_roles);
                rows.map(|group| group.display_name.unwrap_or(group.id)).collect()
            });
        }
    }
}

impl About {
    async fn read(
        self,
        client: &TenantClient,
        (found, target): (&TenantFacts, &mut TargetFacts),
        answers: &mut Answers<Error>,
    ) {
        if let Some(slot) = self.manager {
            target.manager = present(answers.take(slot)).map(|manager| manager.map(|manager| manager.id));
        }
        for (id, slot) in self.others {
            target.others.insert(id, present(answers.take(slot)));
        }
        for (id, slot) in self.groups {
            target.named_groups.insert(id, present(answers.take(slot)));
        }
        let account = found.access.get().and_then(|access| access.account.name.clone());
        for (id, slot) in self.owners {
            let owners = rest(client, groups::owners(&id), answers.take(slot)).await;
            let owners = owners.unwrap_or_default();
            let is_own = |owner: &DirectoryObject| {
                owner.user_principal_name.is_some() && owner.user_principal_name == account
            };
            if owners.iter().any(is_own) {
                target.own_groups.insert(id);
            }
        }
        for (id, slot) in self.roles {
            let role = present(answers.take(slot)).map(|role| role.is_some());
            target.named_roles.insert(id, role);
        }
        for (id, slot) in self.devices {
            target.named_devices.insert(id, present(answers.take(slot)));
        }
    }
}
