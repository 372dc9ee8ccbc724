//! Directory roles: assigning them, and letting somebody activate them.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Writer, fields, groups, members, reference};
use crate::{
    graph::{
        answer::Answer,
        roles,
        write_rights::{ELIGIBILITY_WRITE, ROLES_WRITE},
    },
    odata::{
        Refused,
        schedules::ELIGIBILITY_REQUEST,
        tenant::{DIRECTORY_ROLE, UNIFIED_ROLE_ASSIGNMENT},
    },
    world::{Json, Removed, Tenant, access::object, access::text},
};

/// Activates a role, so that it is listed.
pub(super) fn activate(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&ROLES_WRITE)?;
    let body = writer.body()?;
    let template =
        fields::text(&body, "roleTemplateId")?.ok_or_else(|| fields::required("roleTemplateId"))?;
    let template = template.to_lowercase();
    {
        let tenant = writer.caller()?.tenant;
        if tenant.role_definitions.get(&template).is_none() {
            return Err(Refused::not_found(&template));
        }
        if roles::active(tenant).contains(&template) {
            return Err(conflicting());
        }
    }
    let (tenant, _) = writer.change("role.activate", &template)?;
    tenant.register.activated.insert(template.clone());
    let row = roles::row(writer.caller()?.tenant, &template);
    writer.created("directoryRoles", &DIRECTORY_ROLE, &row)
}

/// Assigns an activated role.
pub(super) fn add_member(writer: &mut Writer<'_>, role: &[&str]) -> Result<Answer, Refused> {
    writer.demand(&ROLES_WRITE)?;
    let template = roles::template_of(writer.caller()?.tenant, role)?;
    let collections = ["directoryObjects", "users", "groups", "servicePrincipals"];
    let member = reference(&writer.body()?, &collections)?;
    assignable(writer.caller()?.tenant, &member)?;
    if assignment(writer.caller()?.tenant, (&member, &template), "/").is_some() {
        return Err(Refused::bad(
            "One or more added object references already exist for the following modified properties: 'members'.",
        ));
    }
    put(writer, &member, &template, "/")?;
    Ok(Answer::Nothing)
}

/// Takes an activated role away.
pub(super) fn remove_member(writer: &mut Writer<'_>, role: &[&str], member: &str) -> Result<Answer, Refused> {
    writer.demand(&ROLES_WRITE)?;
    let template = roles::template_of(writer.caller()?.tenant, role)?;
    let id = assignment(writer.caller()?.tenant, (member, &template), "/");
    let id = id.ok_or_else(|| Refused::not_found(member))?;
    let (tenant, version) = writer.change("role.unassign", &format!("{template} {member}"))?;
    tenant.role_assignments.remove(&id, Removed::Deleted, version);
    Ok(Answer::Nothing)
}

/// Assigns a role.
pub(super) fn assign(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&ROLES_WRITE)?;
    let body = writer.body()?;
    let (principal, role, scope) = who(writer.caller()?.tenant, &body)?;
    if assignment(writer.caller()?.tenant, (&principal, &role), &scope).is_some() {
        return Err(conflicting());
    }
    let row = put(writer, &principal, &role, &scope)?;
    writer.created(
        "roleManagement/directory/roleAssignments",
        &UNIFIED_ROLE_ASSIGNMENT,
        &row,
    )
}

/// Takes an assignment away.
pub(super) fn unassign(writer: &mut Writer<'_>, id: &str) -> Result<Answer, Refused> {
    writer.demand(&ROLES_WRITE)?;
    if writer.caller()?.tenant.role_assignments.get(id).is_none() {
        return Err(Refused::not_found(id));
    }
    let (tenant, version) = writer.change("role.unassign", id)?;
    tenant.role_assignments.remove(id, Removed::Deleted, version);
    Ok(Answer::Nothing)
}

/// Lets somebody activate a role later, or no longer.
pub(super) fn request(writer: &mut Writer<'_>) -> Result<Answer, Refused> {
    writer.demand(&ELIGIBILITY_WRITE)?;
    roles::premium(writer.caller()?.tenant)?;
    let body = writer.body()?;
    let (principal, role, scope) = who(writer.caller()?.tenant, &body)?;
    let action = fields::text(&body, "action")?.ok_or_else(|| fields::required("action"))?;
    let eligible = |tenant: &Tenant| {
        let own = |row: &&Json| {
            text(row, "principalId") == Some(&principal)
                && text(row, "roleDefinitionId") == Some(&role)
                && text(row, "directoryScopeId") == Some(&scope)
        };
        let found = tenant.register.eligibility.present().find(own);
        found.and_then(|row| text(row, "id").map(str::to_owned))
    };
    let before = eligible(writer.caller()?.tenant);
    let now = writer.call.now;
    let until = roles::until(&body, now)?;
    let id = writer.fresh("eligibility");
    let request = writer.fresh("eligibility request");
    let target = format!("{role} {principal}");
    match (action, before) {
        ("adminAssign", Some(_)) => return Err(exists()),
        ("adminAssign", None) => {
            let row = object(json!({
                "id": id, "principalId": principal, "roleDefinitionId": role, "directoryScopeId": scope,
                "appScopeId": Value::Null, "startDateTime": now.to_string(), "endDateTime": until,
                "memberType": "Direct", "roleEligibilityScheduleId": request,
            }));
            let (tenant, version) = writer.change("role.makeEligible", &target)?;
            tenant.register.eligibility.put(row, version);
        }
        ("adminRemove", Some(before)) => {
            let (tenant, version) = writer.change("role.makeIneligible", &target)?;
            tenant
                .register
                .eligibility
                .remove(&before, Removed::Deleted, version);
        }
        ("adminRemove", None) => return Err(Refused::not_found(&principal)),
        _ => return Err(fields::invalid("action")),
    }
    let mut row = body;
    row.retain(|name, _| !name.contains('@'));
    row.extend(object(json!({
        "id": request, "createdDateTime": now.to_string(), "completedDateTime": now.to_string(),
        "status": if action_of(&row) == "adminRemove" { "Revoked" } else { "Provisioned" },
        "targetScheduleId": request,
    })));
    let version = writer.world.version;
    if let Some(tenant) = writer.world.tenant_mut(writer.call.tenant) {
        tenant.register.eligibility_requests.put(row.clone(), version);
    }
    let what = "roleManagement/directory/roleEligibilityScheduleRequests";
    writer.created(what, &ELIGIBILITY_REQUEST, &row)
}

fn action_of(row: &Json) -> &str {
    text(row, "action").unwrap_or_default()
}

/// Principal, role and scope of a body.
fn who(tenant: &Tenant, body: &Json) -> Result<(String, String, String), Refused> {
    let of = |name: &'static str| -> Result<String, Refused> {
        let text = fields::text(body, name)?.ok_or_else(|| fields::required(name))?;
        Ok(text.to_lowercase())
    };
    let (principal, role) = (of("principalId")?, of("roleDefinitionId")?);
    let scope = of("directoryScopeId")?;
    if tenant.role_definitions.get(&role).is_none() {
        return Err(Refused::not_found(&role));
    }
    let scope = tenant.scope(&scope, &role);
    let scope = scope.ok_or_else(|| fields::invalid("directoryScopeId"))?;
    assignable(tenant, &principal)?;
    Ok((principal, role, scope))
}

/// Refuses principals that no role can be assigned to.
fn assignable(tenant: &Tenant, principal: &str) -> Result<(), Refused> {
    match members::kind(tenant, principal) {
        Some("#microsoft.graph.user" | "#microsoft.graph.servicePrincipal") => Ok(()),
        Some("#microsoft.graph.group") => {
            let group = tenant.groups.get(principal);
            if group.is_some_and(|group| groups::is(group, "isAssignableToRole")) {
                return Ok(());
            }
            Err(Refused::bad(
                "The group is not assignable to a role: isAssignableToRole has to be set when it is created.",
            ))
        }
        _ => Err(Refused::not_found(principal)),
    }
}

fn assignment(tenant: &Tenant, (principal, role): (&str, &str), scope: &str) -> Option<String> {
    let own = |row: &&Json| {
        text(row, "principalId") == Some(principal)
            && text(row, "roleDefinitionId") == Some(role)
            && text(row, "directoryScopeId") == Some(scope)
    };
    let found = tenant.role_assignments.present().find(own);
    found.and_then(|row| text(row, "id").map(str::to_owned))
}

fn put(writer: &mut Writer<'_>, principal: &str, role: &str, scope: &str) -> Result<Json, Refused> {
    let id = writer.fresh("role assignment");
    let (tenant, version) = writer.change("role.assign", &format!("{role} {principal}"))?;
    let row = object(json!({
        "id": id, "principalId": principal, "roleDefinitionId": role, "directoryScopeId": scope,
        "appScopeId": Value::Null, "condition": Value::Null, "principalOrganizationId": tenant.id,
    }));
    tenant.role_assignments.put(row.clone(), version);
    Ok(row)
}

fn conflicting() -> Refused {
    Refused::bad(
        "A conflicting object with one or more of the specified property values is present in the directory.",
    )
}

fn exists() -> Refused {
    Refused::new(
        StatusCode::BAD_REQUEST,
        "RoleAssignmentExists",
        "The Role assignment already exists.",
    )
}
