//! The world as lines of JSON, to compare with what somebody read from it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{
    inventory,
    world::{Json, Mailbox, Table, Tenant, Trouble, World, sign_ins},
};

const USER: [&str; 30] = [
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "mailNickname",
    "userType",
    "accountEnabled",
    "createdDateTime",
    "lastPasswordChangeDateTime",
    "jobTitle",
    "department",
    "companyName",
    "officeLocation",
    "city",
    "country",
    "usageLocation",
    "employeeId",
    "onPremisesSyncEnabled",
    "assignedLicenses",
    "licenseAssignmentStates",
    "mobilePhone",
    "businessPhones",
    "proxyAddresses",
    "streetAddress",
    "state",
    "postalCode",
    "employeeType",
    "employeeHireDate",
];

const GROUP: [&str; 11] = [
    "id",
    "displayName",
    "mail",
    "mailEnabled",
    "securityEnabled",
    "groupTypes",
    "isAssignableToRole",
    "membershipRule",
    "createdDateTime",
    "description",
    "onPremisesSyncEnabled",
];

const ROLE_ASSIGNMENT: [&str; 4] = ["id", "principalId", "roleDefinitionId", "directoryScopeId"];

const LICENSE: [&str; 7] = [
    "id",
    "skuId",
    "skuPartNumber",
    "appliesTo",
    "capabilityStatus",
    "consumedUnits",
    "prepaidUnits",
];

const DEVICE: [&str; 13] = [
    "id",
    "deviceId",
    "displayName",
    "accountEnabled",
    "operatingSystem",
    "operatingSystemVersion",
    "trustType",
    "isCompliant",
    "approximateLastSignInDateTime",
    "isManaged",
    "manufacturer",
    "model",
    "registrationDateTime",
];

const MANAGED_DEVICE: [&str; 14] = [
    "id",
    "azureADDeviceId",
    "deviceName",
    "serialNumber",
    "operatingSystem",
    "osVersion",
    "complianceState",
    "managedDeviceOwnerType",
    "userId",
    "userPrincipalName",
    "lastSyncDateTime",
    "manufacturer",
    "model",
    "enrolledDateTime",
];

const SIGN_IN_ENTRY: [&str; 10] = [
    "id",
    "createdDateTime",
    "userId",
    "status",
    "ipAddress",
    "authenticationRequirement",
    "resourceDisplayName",
    "appliedConditionalAccessPolicies",
    "deviceDetail",
    "location",
];

/// All lines: customers with what is in them, then the tool's records.
pub(crate) fn of(world: &World, now: Timestamp) -> Vec<Value> {
    let mut lines = Vec::new();
    for tenant in &world.customers {
        of_tenant(tenant, &mut lines);
        lines.extend(sign_ins(tenant, now));
        lines.extend(consents(world, tenant));
        lines.extend(relationships(world, tenant, now));
    }
    lines.extend(inventory::truth(world));
    lines.extend(apps(world));
    lines
}

/// The check of the preflight that names a trouble, and whether it keeps a customer from being read.
const fn expected(trouble: Trouble) -> (&'static str, bool) {
    match trouble {
        Trouble::NoRelationship | Trouble::Expired | Trouble::InvitationPending => ("B2", true),
        Trouble::NewestWithoutGroup => ("B8", true),
        Trouble::OnlyPrivilegedRoleAdministrator => ("B6", true),
        Trouble::NotAdminAgent => ("A6", true),
        Trouble::ConsentMissing => ("C1", true),
        Trouble::ConditionalAccess => ("C3", true),
        Trouble::NoP1 => ("C8", false),
        Trouble::ReportNamesConcealed => ("C6", false),
        Trouble::MicrosoftLed => ("B3", true),
        Trouble::Unassigned => ("B7", true),
        Trouble::EndsSoon => ("B5", false),
        Trouble::PartialConsent => ("C2", false),
        Trouble::NotExtending => ("B11", false),
    }
}

fn of_tenant(tenant: &Tenant, lines: &mut Vec<Value>) {
    let expected = tenant.trouble.map(expected);
    lines.push(json!({
        "kind": "tenant",
        "tenant": tenant.id,
        "name": tenant.name,
        "default_domain": tenant.default_domain,
        "country": tenant.country,
        "trouble": tenant.trouble.map(|trouble| format!("{trouble:?}")),
        "expected_finding": expected.map(|(finding, _)| finding),
        "expected_blocked": expected.is_some_and(|(_, blocked)| blocked),
        "also": tenant.also.iter().map(|trouble| format!("{trouble:?}")).collect::<Vec<_>>(),
        "blocked_by_policy": tenant.has(Trouble::ConditionalAccess),
        "refuses_admin_agent": tenant.has(Trouble::NotAdminAgent),
        "conceals_reports": tenant.conceals_reports,
        "has_p1": tenant.has_p1,
        "has_intune": tenant.has_intune,
        "counts": counts(tenant),
    }));
    rows(tenant, "user", &tenant.users, &USER, lines);
    rows(tenant, "group", &tenant.groups, &GROUP, lines);
    lines.extend(present_members(tenant).map(|(group, member, odata_type)| {
        json!({
            "kind": "membership", "tenant": tenant.id, "group": group, "member": member, "type": odata_type,
        })
    }));
    rows(
        tenant,
        "role_assignment",
        &tenant.role_assignments,
        &ROLE_ASSIGNMENT,
        lines,
    );
    let licences = tenant.subscribed_skus.iter();
    lines.extend(licences.map(|sku| line(tenant, "license", sku, &LICENSE)));
    rows(tenant, "device", &tenant.devices, &DEVICE, lines);
    rows(
        tenant,
        "managed_device",
        &tenant.managed_devices,
        &MANAGED_DEVICE,
        lines,
    );
    lines.extend(tenant.sign_in_activity.iter().map(|(user, activity)| {
        let mut line = head(tenant, "sign_in");
        line.insert("user".to_owned(), json!(user));
        line.extend(activity.to_json());
        Value::Object(line)
    }));
    lines.extend(tenant.mailboxes.iter().map(|one| mailbox(tenant, one)));
    lines.extend(register(tenant));
}

/// How many objects of each kind there are.
fn counts(tenant: &Tenant) -> Value {
    json!({
        "users": tenant.users.present_rows().count(),
        "groups": tenant.groups.present_rows().count(),
        "memberships": present_members(tenant).count(),
        "role_assignments": tenant.role_assignments.present_rows().count(),
        "licenses": tenant.subscribed_skus.len(),
        "devices": tenant.devices.present_rows().count(),
        "managed_devices": tenant.managed_devices.present_rows().count(),
        "sign_ins": tenant.sign_in_activity.len(),
        "mailboxes": tenant.mailboxes.len(),
    })
}

/// The apps of the partner, with the end of the secret that lasts longest.
fn apps(world: &World) -> impl Iterator<Item = Value> {
    let apps = [("delegated", &world.app), ("app_only", &world.app_only)];
    apps.into_iter().map(|(kind, app)| {
        let secrets = world.secrets.get(&app.client_id);
        let ends = secrets.and_then(|all| all.iter().map(|secret| secret.ends).max());
        json!({
            "kind": "app", "tenant": world.partner.id, "app": kind, "client_id": app.client_id, "name": app.name,
            "redirect_uri": app.redirect_uri, "secret_ends": ends.map(|ends| ends.to_string()),
        })
    })
}

/// What both apps may do in a tenant, where they are there at all.
fn consents(world: &World, tenant: &Tenant) -> Vec<Value> {
    let apps = [
        ("delegated", &world.app, &tenant.consent),
        ("app_only", &world.app_only, &tenant.app_consent),
    ];
    let there = apps
        .into_iter()
        .filter(|(_, _, consent)| consent.service_principal.is_some());
    there
        .map(|(kind, app, consent)| {
            json!({
                "kind": "consent", "tenant": tenant.id, "app": kind, "client_id": app.client_id,
                "service_principal": consent.service_principal, "scopes": consent.scopes, "app_roles": consent.roles,
            })
        })
        .collect()
}

fn relationships(world: &World, tenant: &Tenant, now: Timestamp) -> impl Iterator<Item = Value> {
    let held = world.partner.transitive_groups(&world.service_account);
    let holds = move |group: &String| {
        let edge = world
            .partner
            .members
            .get(group)
            .and_then(|own| own.get(&world.service_account));
        edge.is_some_and(|edge| !edge.removed)
    };
    let own = world.relationships.iter();
    let own = own.filter(|one| one.customer == Some(tenant.id));
    own.map(move |one| {
        json!({
            "kind": "relationship", "tenant": tenant.id, "id": one.id, "name": one.display_name,
            "status": one.status(now), "roles": one.roles, "created": one.created.to_string(),
            "end": one.end(now).map(|end| end.to_string()), "auto_extends": one.auto_extends,
            "assignments": one.assignments.iter().map(|assignment| json!({
                "status": assignment.status, "roles": assignment.roles, "group": assignment.group,
                "holds_account": held.contains(&assignment.group),
                "holds_account_directly": holds(&assignment.group),
                "group_exists": world.partner.groups.has(&assignment.group),
            })).collect::<Vec<_>>(),
            "groups": one.active_assignments().map(|assignment| &assignment.group).collect::<Vec<_>>(),
        })
    })
}

/// The log of sign-ins as it is now, where the tenant has one.
fn sign_ins(tenant: &Tenant, now: Timestamp) -> impl Iterator<Item = Value> {
    let entries = tenant.has_p1.then(|| sign_ins::log(tenant, now));
    let entries = entries.into_iter().flatten();
    entries.map(|(_, entry)| line(tenant, "sign_in_entry", &entry, &SIGN_IN_ENTRY))
}

/// Who answers for whom and for what.
fn register(tenant: &Tenant) -> Vec<Value> {
    let kept = &tenant.register;
    let managers = kept.managers.iter().map(
        |(user, manager)| json!({"kind": "manager", "tenant": tenant.id, "user": user, "manager": manager}),
    );
    let owners = kept.owners.iter().filter(|(group, _)| tenant.groups.has(group));
    let owners = owners.flat_map(|(group, owners)| {
        owners.iter().map(
            move |owner| json!({"kind": "group_owner", "tenant": tenant.id, "group": group, "owner": owner}),
        )
    });
    let devices = kept.device_owners.iter().map(|(device, owner)| {
        json!({"kind": "device_owner", "tenant": tenant.id, "device": device, "owner": owner})
    });
    managers.chain(owners).chain(devices).collect()
}

fn present_members(tenant: &Tenant) -> impl Iterator<Item = (&str, &str, &str)> {
    tenant
        .members
        .iter()
        .filter(|(group, _)| tenant.groups.has(group))
        .flat_map(|(group, members)| {
            members
                .iter()
                .filter(|(_, edge)| !edge.removed)
                .map(|(member, edge)| (group.as_str(), member.as_str(), edge.odata_type.as_str()))
        })
}

fn rows(tenant: &Tenant, kind: &str, table: &Table, properties: &[&str], lines: &mut Vec<Value>) {
    let present = table.present_rows();
    lines.extend(present.map(|(_, row)| line(tenant, kind, &row.json.to_json(), properties)));
}

fn head(tenant: &Tenant, kind: &str) -> Json {
    let mut line = Map::new();
    line.insert("kind".to_owned(), json!(kind));
    line.insert("tenant".to_owned(), json!(tenant.id));
    line
}

fn line(tenant: &Tenant, kind: &str, json: &Json, properties: &[&str]) -> Value {
    let mut line = head(tenant, kind);
    for property in properties {
        let value = json.get(*property).cloned().unwrap_or_default();
        line.insert((*property).to_owned(), value);
    }
    Value::Object(line)
}

fn mailbox(tenant: &Tenant, mailbox: &Mailbox) -> Value {
    json!({
        "kind": "mailbox",
        "tenant": tenant.id,
        "user": mailbox.user,
        "user_principal_name": mailbox.user_principal_name,
        "display_name": mailbox.display_name,
        "last_activity": mailbox.last_activity.map(|day| day.to_string()),
        "item_count": mailbox.item_count,
        "storage_used": mailbox.storage_used,
        "concealed": tenant.conceals_reports,
    })
}
