//! Calls that change a tenant: which is which, and what all of them share.

mod access_assignments;
mod apps;
mod deleted;
mod devices;
mod fields;
mod groups;
mod licences;
mod manager;
mod members;
mod passes;
mod passwords;
mod relationships;
mod reports;
mod roles;
mod subscriptions;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod users;

use serde_json::{Value, json};

use super::{answer::Answer, caller::Caller, rights::Right};
use crate::{
    api::ApiCall,
    odata::{Refused, Selection, Shape},
    world::{
        Json, Tenant, World,
        change::derived_id,
        ranks::{self, Act},
        units::Over,
    },
};

pub(super) use passes::is_policy;
pub(crate) use {
    fields::password as check_password,
    licences::{Wanted, wished},
};

/// Answers a call that changes something; `None` if the call is none of these.
pub(super) fn serve(world: &mut World, call: &ApiCall, path: &[&str]) -> Option<Result<Answer, Refused>> {
    let mut writer = Writer { world, call };
    let writer = &mut writer;
    match path {
        ["applications", rest @ ..] => apps::serve(writer, rest),
        ["servicePrincipals", rest @ ..] => apps::principals::serve(writer, rest),
        ["oauth2PermissionGrants", rest @ ..] => apps::grants::serve(writer, rest),
        [owner @ ("users" | "groups"), id, rest @ ..] if rest.first() == Some(&"appRoleAssignments") => {
            apps::grants::assignments(writer, (owner, id), rest)
        }
        ["users", rest @ ..] => of_users(writer, rest),
        ["me", rest @ ..] => {
            let me = call.claims.oid.as_deref().filter(|_| !call.claims.app_only)?;
            let path: Vec<&str> = std::iter::once(me).chain(rest.iter().copied()).collect();
            of_users(writer, &path)
        }
        ["groups", rest @ ..] => of_groups(writer, rest),
        ["devices", rest @ ..] => of_devices(writer, rest),
        ["directoryRoles" | "roleManagement", ..] => of_roles(writer, path),
        path => of_tenant(writer, path),
    }
}

fn of_users(writer: &mut Writer<'_>, path: &[&str]) -> Option<Result<Answer, Refused>> {
    Some(match (writer.call.method.as_str(), path) {
        ("POST", []) => users::create(writer),
        ("PATCH", [user]) => users::update(writer, user),
        ("DELETE", [user]) => users::delete(writer, user),
        ("POST", [user, "revokeSignInSessions"]) => users::revoke(writer, user),
        ("POST", [user, "assignLicense"]) => licences::assign(writer, user),
        ("POST", [user, "reprocessLicenseAssignment"]) => licences::reprocess(writer, user),
        ("PUT", [user, "manager", "$ref"]) => manager::set(writer, user),
        ("DELETE", [user, "manager", "$ref"]) => manager::remove(writer, user),
        ("POST", [user, "authentication", "methods", method, "resetPassword"]) => {
            passwords::reset(writer, user, method)
        }
        ("POST", [user, "authentication", "temporaryAccessPassMethods"]) => passes::create(writer, user),
        ("DELETE", [user, "authentication", collection, method]) => {
            passwords::remove_method(writer, user, (collection, method))
        }
        _ => return None,
    })
}

fn of_groups(writer: &mut Writer<'_>, path: &[&str]) -> Option<Result<Answer, Refused>> {
    Some(match (writer.call.method.as_str(), path) {
        ("POST", []) => groups::create(writer),
        ("PATCH", [group]) => groups::update(writer, group),
        ("DELETE", [group]) => groups::delete(writer, group),
        ("POST", [group, "assignLicense"]) => groups::assign_licence(writer, group),
        ("POST", [group, "members", "$ref"]) => members::add(writer, group),
        ("DELETE", [group, "members", member, "$ref"]) => members::remove(writer, group, member),
        ("DELETE", [group, "members", member]) => members::delete_object(writer, group, member),
        ("POST", [group, "owners", "$ref"]) => members::add_owner(writer, group),
        ("DELETE", [group, "owners", owner, "$ref"]) => members::remove_owner(writer, group, owner),
        _ => return None,
    })
}

fn of_devices(writer: &mut Writer<'_>, path: &[&str]) -> Option<Result<Answer, Refused>> {
    Some(match (writer.call.method.as_str(), path) {
        ("PATCH", [id]) => devices::update(writer, id),
        ("DELETE", [id]) => devices::delete(writer, id),
        ("POST", [id, "registeredOwners" | "registeredUsers", "$ref"]) => devices::register(writer, id),
        ("DELETE", [id, "registeredOwners" | "registeredUsers", user, "$ref"]) => {
            devices::unregister(writer, id, user)
        }
        _ => return None,
    })
}

fn of_roles(writer: &mut Writer<'_>, path: &[&str]) -> Option<Result<Answer, Refused>> {
    Some(match (writer.call.method.as_str(), path) {
        ("POST", ["directoryRoles"]) => roles::activate(writer),
        ("POST", ["directoryRoles", role @ .., "members", "$ref"]) => roles::add_member(writer, role),
        ("DELETE", ["directoryRoles", role @ .., "members", member, "$ref"]) => {
            roles::remove_member(writer, role, member)
        }
        ("POST", [_, "directory", "roleAssignments"]) => roles::assign(writer),
        ("DELETE", [_, "directory", "roleAssignments", id]) => roles::unassign(writer, id),
        ("POST", [_, "directory", "roleEligibilityScheduleRequests"]) => roles::request(writer),
        _ => return None,
    })
}

fn of_tenant(writer: &mut Writer<'_>, path: &[&str]) -> Option<Result<Answer, Refused>> {
    Some(match (writer.call.method.as_str(), path) {
        ("PATCH", path) if is_policy(path) => passes::change_policy(writer),
        ("PATCH", ["admin", "reportSettings"]) => reports::change(writer),
        ("POST", ["subscriptions"]) => subscriptions::create(writer),
        ("POST", ["subscriptions", id, "reauthorize"]) => subscriptions::reauthorize(writer, id),
        ("PATCH", ["subscriptions", id]) => subscriptions::renew(writer, id),
        ("DELETE", ["subscriptions", id]) => subscriptions::delete(writer, id),
        ("POST", ["directory", "deletedItems", id, "restore"]) => deleted::restore(writer, id),
        ("DELETE", ["directory", "deletedItems", id]) => deleted::purge(writer, id),
        (_, ["tenantRelationships", "delegatedAdminRelationships", rest @ ..]) => {
            return relationships::serve(writer, rest);
        }
        _ => return None,
    })
}

/// One changing call in its world.
pub(super) struct Writer<'a> {
    pub(super) world: &'a mut World,
    pub(super) call: &'a ApiCall,
}

impl Writer<'_> {
    /// The call, to read with.
    pub(super) fn caller(&self) -> Result<Caller<'_>, Refused> {
        Caller::new(self.world, self.call)
    }

    pub(super) fn demand(&self, right: &Right) -> Result<(), Refused> {
        self.caller()?.demand(right)
    }

    /// Refuses a token without the permission, whatever roles its user holds.
    pub(super) fn demand_scope(&self, right: &Right) -> Result<(), Refused> {
        if right.is_permitted(&self.call.claims) {
            Ok(())
        } else {
            Err((right.refusal)())
        }
    }

    pub(super) fn body(&self) -> Result<Json, Refused> {
        self.caller()?.body()
    }

    /// The object in the body; an empty one stands for no body.
    pub(super) fn optional_body(&self) -> Result<Json, Refused> {
        if self.call.body.is_empty() {
            return Ok(Json::new());
        }
        self.body()
    }

    /// The tenant to change, and the version of the change; the change is journalled.
    pub(super) fn change(
        &mut self,
        operation: &'static str,
        target: &str,
    ) -> Result<(&mut Tenant, u64), Refused> {
        let version = self.world.next_version();
        self.world.effect(self.call.tenant, operation, target);
        let tenant = self.world.tenant_mut(self.call.tenant);
        tenant
            .map(|tenant| (tenant, version))
            .ok_or_else(|| Refused::not_found(target))
    }

    /// An id that nothing has yet.
    pub(super) fn fresh(&self, what: &str) -> String {
        derived_id(self.call.tenant, &format!("{what} {}", self.world.version))
    }

    /// The answer to a creation: the object with its usual properties, and where it is.
    pub(super) fn created(&self, what: &str, shape: &'static Shape, row: &Json) -> Result<Answer, Refused> {
        let caller = self.caller()?;
        let id = super::caller::id_of(row);
        let location = format!("{}/{what}/{id}", caller.root());
        let body = self.whole(what, shape, row)?;
        Ok(Answer::Created { location, body })
    }

    /// An object with its usual properties.
    pub(super) fn whole(&self, what: &str, shape: &'static Shape, row: &Json) -> Result<Value, Refused> {
        let mut body = Selection::parse(None, shape)?.project(row);
        let context = format!("{}/$entity", self.caller()?.context(what, None));
        body.insert("@odata.context".to_owned(), json!(context));
        Ok(Value::Object(body))
    }

    /// Refuses what only somebody above the user may do.
    pub(super) fn outranks(&self, act: Act, user: &str) -> Result<(), Refused> {
        may_act(&self.caller()?, act, user)
    }

    /// Refuses to change a user of a restricted administrative unit, unless by a role over that unit.
    pub(super) fn unrestricted(&self, user: &str) -> Result<(), Refused> {
        let caller = self.caller()?;
        if !caller.is_kept(user) || ranks::changes_users(&caller.roles_over(user)) {
            Ok(())
        } else {
            Err(super::denied())
        }
    }

    /// The id of a user by object id or user principal name.
    pub(super) fn user(&self, id: &str) -> Result<String, Refused> {
        let caller = self.caller()?;
        let found = super::users::find(&caller, id).map(|(id, _)| id.to_owned());
        found.ok_or_else(|| Refused::not_found(id))
    }
}

/// Refuses what only somebody above the user may do.
pub(super) fn may_act(caller: &Caller<'_>, act: Act, user: &str) -> Result<(), Refused> {
    let (tenant, claims) = (caller.tenant, &caller.call.claims);
    let target = caller.world.protecting_roles(tenant.id, user, caller.call.now);
    let guarded = is_guarded(tenant, user);
    let is_plain = target.is_empty() && !guarded;
    let held = caller.roles_over(user);
    if claims.app_only {
        let has_own = claims
            .roles
            .iter()
            .any(|role| role == "User-PasswordProfile.ReadWrite.All");
        let permitted = act == Act::Methods || is_plain && (act != Act::Reset || has_own);
        let permitted = permitted && !caller.is_kept(user);
        return if permitted || ranks::may(act, &held, &target, guarded) {
            Ok(())
        } else {
            Err(super::denied())
        };
    }
    // How somebody signs in is another service's, which asks for no such permission.
    let wants_more = act != Act::Methods && ranks::is_privileged(act, &target, guarded);
    let has_more = claims
        .scp
        .iter()
        .any(|scope| scope == "Directory.AccessAsUser.All");
    if ranks::may(act, &held, &target, guarded) && (has_more || !wants_more) {
        Ok(())
    } else {
        Err(super::denied())
    }
}

/// Whether a user is in a group that roles can be assigned to, owns one, or holds a role over a restricted unit.
fn is_guarded(tenant: &Tenant, user: &str) -> bool {
    let is_for_roles = |group: &String| {
        let group = tenant.groups.get(group);
        group.is_some_and(|row| row.get("isAssignableToRole") == Some(&Value::Bool(true)))
    };
    let owned = tenant
        .register
        .owners
        .iter()
        .filter(|(_, owners)| owners.contains(user));
    let over_restricted = |over: Over<'_>| match over {
        Over::Unit(unit) => tenant
            .register
            .units
            .get(unit)
            .is_some_and(|unit| unit.is_restricted),
        Over::Tenant | Over::Object => false,
    };
    tenant.transitive_groups(user).iter().any(is_for_roles)
        || owned.map(|(group, _)| group).any(is_for_roles)
        || !tenant.roles_where(user, over_restricted).is_empty()
}

/// The id a reference leads to: `{root}/v1.0/directoryObjects/{id}`, or a more exact collection in its place.
fn referred(link: &Value, collections: &[&str]) -> Result<String, Refused> {
    let wrong = || Refused::bad("Invalid URL in the reference: it leads to no object of this kind.");
    let link = link.as_str().ok_or_else(wrong)?;
    let path = ["/v1.0/", "/beta/"]
        .iter()
        .find_map(|version| link.split_once(version))
        .map(|(_, path)| path)
        .filter(|_| link.starts_with("http"))
        .ok_or_else(wrong)?;
    let parts = super::route::segments(&path.split('/').map(str::to_owned).collect::<Vec<_>>());
    match parts.as_slice() {
        [collection, id] if collections.contains(&collection.as_str()) => Ok(id.to_lowercase()),
        _ => Err(wrong()),
    }
}

/// The reference in a body.
fn reference(body: &Json, collections: &[&str]) -> Result<String, Refused> {
    match body.get("@odata.id") {
        Some(link) if body.len() == 1 => referred(link, collections),
        _ => Err(Refused::bad(
            "A reference is written as {\"@odata.id\": link} and nothing else.",
        )),
    }
}
