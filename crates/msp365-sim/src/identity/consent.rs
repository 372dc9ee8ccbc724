//! What an app asks to be allowed, what of it is missing, and granting it.

use std::collections::BTreeSet;

use super::{
    Visit,
    desk::{Flow, Login, Purpose},
    refusal::Refusal,
    scopes::{Named, Scopes},
};
use crate::world::{
    Tenant, World,
    registration::{Registered, Registration},
    roles::template,
};

/// Roles that may grant delegated permissions for everybody.
const MAY_GRANT: [&str; 4] = [
    "Global Administrator",
    "Privileged Role Administrator",
    "Cloud Application Administrator",
    "Application Administrator",
];

/// Roles that may grant permissions of an app on Microsoft Graph to itself.
const MAY_GRANT_ROLES: [&str; 2] = ["Global Administrator", "Privileged Role Administrator"];

/// Permissions that an app asks for.
pub(super) type Asked = Registered;

impl Registered {
    pub(super) fn is_empty(&self) -> bool {
        self.scopes.is_empty() && self.roles.is_empty()
    }

    /// All the names, as pages list them.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let scopes = self.scopes.iter().flat_map(|(_, names)| names);
        scopes.chain(&self.roles).map(String::as_str)
    }

    /// What acts on behalf of users.
    fn delegated(self) -> Self {
        Self {
            roles: Vec::new(),
            ..self
        }
    }
}

/// What an administrator is asked to grant.
pub(super) fn for_tenant(
    world: &World,
    registration: &Registration<'_>,
    scope: Option<&str>,
) -> Result<Asked, Refusal> {
    let Some(scope) = scope else {
        return Ok(registration.registered());
    };
    let scopes = Scopes::parse(scope, world.nation)?;
    if scopes.resources.iter().any(|(_, named)| *named == Named::Default) {
        return Ok(registration.registered());
    }
    Ok(Asked {
        scopes: named(scopes),
        roles: Vec::new(),
    })
}

/// What the tenant has not granted of that which a sign-in asks for. `prompt=consent` asks for all of it again.
pub(super) fn missing(
    world: &World,
    tenant: &Tenant,
    registration: &Registration<'_>,
    (scope, prompt): (&str, Option<&str>),
) -> Result<Asked, Refusal> {
    let scopes = Scopes::parse(scope, world.nation)?;
    let consent = world.consent_in(tenant, registration.client_id);
    let granted = &consent.scopes;
    let again = prompt == Some("consent");
    let has_default = scopes.resources.iter().any(|(_, named)| *named == Named::Default);
    if has_default {
        // Whatever is granted will do; if there is nothing, all that is registered is asked for.
        let lacks = |app_id: &str| granted.get(app_id).is_none_or(BTreeSet::is_empty);
        let lacks_one = scopes
            .resources
            .iter()
            .any(|(resource, _)| lacks(resource.app_id));
        return Ok(if again || lacks_one {
            registration.registered().delegated()
        } else {
            Asked::default()
        });
    }
    let mut asked = named(scopes);
    for (app_id, names) in &mut asked {
        let known = granted.get(*app_id);
        names.retain(|name| again || !known.is_some_and(|known| known.contains(name)));
    }
    asked.retain(|(_, names)| !names.is_empty());
    Ok(Asked {
        scopes: asked,
        roles: Vec::new(),
    })
}

fn named(scopes: Scopes) -> Vec<(&'static str, Vec<String>)> {
    let resources = scopes.resources.into_iter();
    resources
        .filter_map(|(resource, named)| match named {
            Named::Scopes(names) => Some((resource.app_id, names.into_iter().collect())),
            Named::Default => None,
        })
        .collect()
}

/// What a sign-in on its way asks for in a tenant, and still lacks.
pub(super) fn of_flow(world: &World, flow: &Flow, tenant: &Tenant, scope: &str) -> Result<Asked, Refusal> {
    let Some(registration) = world.registration(&flow.client_id) else {
        return Ok(Asked::default());
    };
    match &flow.purpose {
        Purpose::AdminConsent(admin) => for_tenant(world, &registration, admin.scope.as_deref()),
        Purpose::Code(wanted) => missing(world, tenant, &registration, (scope, wanted.prompt.as_deref())),
        Purpose::Device(_) => missing(world, tenant, &registration, (scope, None)),
        Purpose::Invitation(_) => Ok(Asked::default()),
    }
}

/// Whether somebody who signed in may grant this in a tenant: an administrator of that tenant, nobody from outside.
pub(super) fn may_grant(
    world: &World,
    visit: &Visit<'_>,
    (tenant, login): (&Tenant, &Login),
    asked: &Asked,
) -> bool {
    if login.home != tenant.id {
        return false;
    }
    let held = world.directory_roles(tenant.id, &login.oid, visit.now);
    let enough: &[&str] = if asked.roles.is_empty() {
        &MAY_GRANT
    } else {
        &MAY_GRANT_ROLES
    };
    enough.iter().any(|role| held.contains(&template(role)))
}
