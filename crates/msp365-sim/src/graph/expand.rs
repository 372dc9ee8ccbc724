//! `$expand`: objects that are answered together with one they hang on.

use serde_json::{Value, json};

use super::{
    caller::{Caller, id_of},
    relations::{self, Objects, Reach},
    roles,
};
use crate::{
    odata::{
        Advanced, DIRECTORY_OBJECT, Refused, Selection, Shape,
        access::{APP_ROLE_ASSIGNMENT, O_AUTH2_PERMISSION_GRANT},
        people::USER,
        tenant::UNIFIED_ROLE_DEFINITION,
    },
    world::{Json, access::text},
};

/// The most levels a chain of managers has.
const MOST_LEVELS: usize = 1_000;
/// The most objects that come with one they hang on; …
const MOST: usize = 20;
/// … but for devices.
const MOST_DEVICES: usize = 100;

/// The relations that can be expanded: of which type, under which name, to what.
static RELATIONS: &[(&str, &str, &Shape)] = &[
    ("user", "manager", &USER),
    ("user", "directReports", &DIRECTORY_OBJECT),
    ("user", "memberOf", &DIRECTORY_OBJECT),
    ("user", "transitiveMemberOf", &DIRECTORY_OBJECT),
    ("user", "ownedDevices", &DIRECTORY_OBJECT),
    ("user", "registeredDevices", &DIRECTORY_OBJECT),
    ("user", "ownedObjects", &DIRECTORY_OBJECT),
    ("user", "appRoleAssignments", &APP_ROLE_ASSIGNMENT),
    ("user", "oauth2PermissionGrants", &O_AUTH2_PERMISSION_GRANT),
    ("group", "members", &DIRECTORY_OBJECT),
    ("group", "transitiveMembers", &DIRECTORY_OBJECT),
    ("group", "owners", &DIRECTORY_OBJECT),
    ("group", "memberOf", &DIRECTORY_OBJECT),
    ("group", "appRoleAssignments", &APP_ROLE_ASSIGNMENT),
    ("device", "registeredOwners", &DIRECTORY_OBJECT),
    ("device", "registeredUsers", &DIRECTORY_OBJECT),
    ("device", "memberOf", &DIRECTORY_OBJECT),
    ("application", "owners", &DIRECTORY_OBJECT),
    ("servicePrincipal", "owners", &DIRECTORY_OBJECT),
    ("servicePrincipal", "ownedObjects", &DIRECTORY_OBJECT),
    ("servicePrincipal", "memberOf", &DIRECTORY_OBJECT),
    ("servicePrincipal", "appRoleAssignments", &APP_ROLE_ASSIGNMENT),
    ("servicePrincipal", "appRoleAssignedTo", &APP_ROLE_ASSIGNMENT),
    (
        "servicePrincipal",
        "oauth2PermissionGrants",
        &O_AUTH2_PERMISSION_GRANT,
    ),
    ("directoryRole", "members", &DIRECTORY_OBJECT),
    ("unifiedRole", "principal", &DIRECTORY_OBJECT),
    ("unifiedRole", "directoryScope", &DIRECTORY_OBJECT),
    ("unifiedRole", "roleDefinition", &UNIFIED_ROLE_DEFINITION),
    (
        "unifiedRoleDefinition",
        "inheritsPermissionsFrom",
        &UNIFIED_ROLE_DEFINITION,
    ),
];

/// What is asked for with each object.
pub(super) struct Expansion {
    owner: &'static str,
    name: &'static str,
    target: &'static Shape,
    selection: Selection,
    levels: usize,
}

/// Reads `$expand` for objects of a shape; `None` if there is none.
pub(super) fn of(caller: &Caller<'_>, shape: &Shape) -> Result<Option<Expansion>, Refused> {
    let Some(given) = caller.call.option("$expand") else {
        return Ok(None);
    };
    let (name, inner) = match given.split_once('(') {
        Some((name, rest)) => {
            let inner = rest.strip_suffix(')');
            (name, inner.ok_or_else(|| malformed(given))?)
        }
        None => (given, ""),
    };
    if name.contains(',') || inner.contains(')') {
        return Err(Refused::unsupported(
            "Only one property can be expanded in a request.",
        ));
    }
    let of_roles = shape.name.starts_with("unifiedRole") && shape.name != "unifiedRoleDefinition";
    let kind = if of_roles { "unifiedRole" } else { shape.name };
    let found = RELATIONS
        .iter()
        .find(|(own, relation, _)| *own == kind && *relation == name);
    let (owner, name, target) = match found {
        Some(found) => *found,
        None if shape.navigations.split_ascii_whitespace().any(|own| own == name) => {
            return Err(Refused::unsupported(format!(
                "The expansion of '{name}' is not supported."
            )));
        }
        None => {
            return Err(Refused::bad(format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type \
                 'microsoft.graph.{}'.",
                shape.name
            )));
        }
    };
    let mut select = None;
    let mut levels = 1;
    for option in inner.split(';').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("$select", names)) => select = Some(names),
            Some(("$levels", count)) if name == "manager" => levels = depth(caller, count)?,
            _ => return Err(malformed(option)),
        }
    }
    let selection = Selection::parse(select, target)?;
    Ok(Some(Expansion {
        owner,
        name,
        target,
        selection,
        levels,
    }))
}

fn malformed(option: &str) -> Refused {
    Refused::bad(format!("Parsing OData Select and Expand failed: '{option}'."))
}

fn depth(caller: &Caller<'_>, count: &str) -> Result<usize, Refused> {
    let counted = caller.call.option("$count") == Some("true");
    if caller.advanced() == Advanced::No || !counted {
        return Err(Refused::unsupported(
            "Unsupported Query: $levels needs the header 'ConsistencyLevel: eventual' and '$count=true'.",
        ));
    }
    if count == "max" {
        return Ok(MOST_LEVELS);
    }
    let levels = count
        .parse()
        .ok()
        .filter(|count| (1..=MOST_LEVELS).contains(count));
    levels.ok_or_else(|| Refused::bad(format!("Invalid value '{count}' for $levels.")))
}

impl Expansion {
    /// Adds to an object, or to each of a page, what hangs on it. `row` finds an object again in full.
    pub(super) fn apply(&self, caller: &Caller<'_>, body: &mut Value, row: impl Fn(&str) -> Option<Json>) {
        let add = |object: &mut Value| {
            if let Some(object) = object.as_object_mut() {
                self.add(caller, object, &row);
            }
        };
        match body.get_mut("value").and_then(Value::as_array_mut) {
            Some(rows) => rows.iter_mut().for_each(add),
            None => add(body),
        }
    }

    fn add(&self, caller: &Caller<'_>, object: &mut Json, row: &impl Fn(&str) -> Option<Json>) {
        let id = id_of(object).to_owned();
        let value = if self.name == "manager" {
            match self.chain(caller, &id) {
                Some(manager) => manager,
                None => return,
            }
        } else if let Some(one) = self.single(caller, || row(&id)) {
            one
        } else {
            let most = if self.name.ends_with("Devices") {
                MOST_DEVICES
            } else {
                MOST
            };
            let found = self.many(caller, &id).into_values().take(most);
            Value::Array(
                found
                    .map(|found| Value::Object(self.selection.project(&found)))
                    .collect(),
            )
        };
        object.insert(self.name.to_owned(), value);
    }

    /// What is at the other end where there is room for one alone.
    fn single(&self, caller: &Caller<'_>, row: impl Fn() -> Option<Json>) -> Option<Value> {
        let end = |property: &str| row().and_then(|row| text(&row, property).map(str::to_owned));
        let found = match self.name {
            "principal" => {
                end("principalId").and_then(|id| Some(relations::object_of(caller.tenant, &id)?.0))
            }
            "roleDefinition" => {
                end("roleDefinitionId").and_then(|id| caller.tenant.role_definitions.get(&id).cloned())
            }
            "directoryScope" => None,
            _ => return None,
        };
        Some(found.map_or(Value::Null, |found| Value::Object(self.selection.project(&found))))
    }

    fn many(&self, caller: &Caller<'_>, id: &str) -> Objects {
        let tenant = caller.tenant;
        match self.name {
            "directReports" => relations::reports(tenant, id),
            "memberOf" => relations::member_of(tenant, id, Reach::Direct),
            "transitiveMemberOf" => relations::member_of(tenant, id, Reach::Transitive),
            "ownedDevices" | "registeredDevices" => relations::devices(tenant, id),
            "ownedObjects" => relations::owned_by(tenant, id),
            "owners" => relations::owners(tenant, id),
            "registeredOwners" | "registeredUsers" => relations::registrants(tenant, id),
            "transitiveMembers" => relations::members(tenant, id, Reach::Transitive),
            "members" if self.owner == "directoryRole" => match roles::template_of(tenant, &[id]) {
                Ok(template) => relations::holders(tenant, &template),
                Err(_) => Objects::new(),
            },
            "members" => relations::members(tenant, id, Reach::Direct),
            "appRoleAssignments" => relations::rows_where(&tenant.register.app_roles, "principalId", id),
            "appRoleAssignedTo" => relations::rows_where(&tenant.register.app_roles, "resourceId", id),
            "oauth2PermissionGrants" => {
                let end = if tenant.users.get(id).is_some() {
                    "principalId"
                } else {
                    "clientId"
                };
                relations::rows_where(&tenant.permission_grants, end, id)
            }
            _ => Objects::new(),
        }
    }

    /// The manager, and the manager's, as far up as was asked for.
    fn chain(&self, caller: &Caller<'_>, user: &str) -> Option<Value> {
        let mut chain = Vec::new();
        let mut next = user.to_owned();
        while chain.len() < self.levels
            && let Some(manager) = caller.tenant.register.managers.get(&next)
            && !chain.contains(manager)
        {
            chain.push(manager.clone());
            next.clone_from(manager);
        }
        let mut above: Option<Value> = None;
        for id in chain.iter().rev() {
            let Some(user) = caller.tenant.users.get(id) else {
                continue;
            };
            let mut user = self.selection.project(user);
            let kind = format!("#microsoft.graph.{}", self.target.name);
            user.insert("@odata.type".to_owned(), json!(kind));
            if let Some(above) = above.take() {
                user.insert("manager".to_owned(), above);
            }
            above = Some(Value::Object(user));
        }
        above
    }
}
