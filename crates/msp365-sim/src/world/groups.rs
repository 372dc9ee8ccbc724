//! Groups of all kinds with their members, and who holds which directory role.

use serde_json::{Value, json};

use super::{
    access::{object, text},
    chance::Dice,
    change::derived_id,
    draft::Draft,
    model::{Json, Tenant},
    names::DEPARTMENTS,
    products::Product,
    roles,
};

/// `@odata.type` of users and groups as members.
pub(crate) const USER: &str = "#microsoft.graph.user";
/// See [`USER`].
pub(crate) const GROUP: &str = "#microsoft.graph.group";

/// What kind a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Microsoft365,
    Team,
    Security,
    Dynamic,
    MailEnabledSecurity,
    Distribution,
    RoleAssignable,
}

/// Adds the groups of a customer. Answers the id of the group that hands out licences, where there is one.
pub(crate) fn populate(draft: &Draft, tenant: &mut Tenant) {
    let dice = draft.dice("groups");
    let everyone: Vec<String> = tenant.users.rows.keys().cloned().collect();
    let people = roster(tenant);
    let members = ids(people.iter().filter(|one| one.is_member));
    add(
        draft,
        tenant,
        &dice,
        ("All Company", Kind::Microsoft365),
        &members,
    );
    if draft.size < 3 {
        return;
    }
    let some = |percent: u64| -> Vec<String> {
        everyone
            .iter()
            .filter(|_| dice.chance(percent))
            .cloned()
            .collect()
    };
    let vpn = add(draft, tenant, &dice, ("SG-VPN", Kind::Security), &some(40));
    let remote = add(
        draft,
        tenant,
        &dice,
        ("SG-Remote-Work", Kind::Security),
        &some(10),
    );
    tenant.add_member(&remote, &vpn, GROUP, 1);
    add(
        draft,
        tenant,
        &dice,
        ("Board", Kind::MailEnabledSecurity),
        &some(6),
    );
    add(draft, tenant, &dice, ("info", Kind::Distribution), &some(12));
    if tenant.has_p1 {
        let staff = add(
            draft,
            tenant,
            &dice,
            ("All Staff (dynamic)", Kind::Dynamic),
            &members,
        );
        tenant
            .groups
            .set(&staff, "membershipRule", "(user.userType -eq \"Member\")", 1);
    }
    teams(draft, tenant, &dice, &people);
}

/// Groups of departments and projects.
fn teams(draft: &Draft, tenant: &mut Tenant, dice: &Dice, everyone: &[Person]) {
    for (department, _) in DEPARTMENTS.iter().filter(|_| draft.size >= 10) {
        let of_it = |one: &&Person| one.department.as_deref() == Some(*department);
        let people = ids(everyone.iter().filter(of_it));
        let kind = if dice.chance(50) {
            Kind::Team
        } else {
            Kind::Microsoft365
        };
        add(draft, tenant, dice, (department, kind), &people);
    }
    let projects = draft
        .size
        .checked_div(draft.shares.users_per_project)
        .unwrap_or(0);
    for number in 1..=projects.min(40) {
        let members = ids(everyone
            .iter()
            .filter(|_| dice.chance(draft.shares.project_members)));
        let kind = if number.is_multiple_of(3) {
            Kind::Security
        } else {
            Kind::Team
        };
        add(
            draft,
            tenant,
            dice,
            (&format!("Project {number:02}"), kind),
            &members,
        );
    }
}

/// Adds the group that hands out a product to its members.
pub(crate) fn licensing(draft: &Draft, tenant: &mut Tenant, product: &Product, members: &[String]) -> String {
    let dice = draft.dice("licensing group");
    let name = format!("LIC-{}", product.part_number);
    let id = add(draft, tenant, &dice, (&name, Kind::Security), members);
    let licences = json!([{"skuId": product.sku_id, "disabledPlans": []}]);
    tenant.groups.set(&id, "assignedLicenses", licences, 1);
    tenant.groups.set(
        &id,
        "licenseProcessingState",
        json!({"state": "ProcessingComplete"}),
        1,
    );
    id
}

/// Gives directory roles to users, and one to a group where Entra ID P1 allows it.
pub(crate) fn administrators(draft: &Draft, tenant: &mut Tenant) {
    let dice = draft.dice("administrators");
    let people = roster(tenant);
    let members = ids(people.iter().filter(|one| one.is_member && one.is_enabled));
    let holders = [
        ("Global Administrator", 0),
        ("Global Administrator", 3),
        ("User Administrator", 5),
        ("Exchange Administrator", 8),
        ("Billing Administrator", 8),
        ("Global Reader", 40),
    ];
    for (position, (role, from_size)) in holders.iter().enumerate() {
        if let Some(holder) = members.get(position).filter(|_| draft.size >= *from_size) {
            assign_role(tenant, &roles::template(role), holder, 1);
        }
    }
    if tenant.has_p1 && draft.size >= 20 {
        let desk: Vec<_> = members.iter().skip(6).take(4).cloned().collect();
        let group = add(
            draft,
            tenant,
            &dice,
            ("ROLE-Helpdesk", Kind::RoleAssignable),
            &desk,
        );
        assign_role(tenant, &roles::template("Helpdesk Administrator"), &group, 1);
    }
}

/// Assigns a directory role to a user, a group or a service principal.
pub(crate) fn assign_role(tenant: &mut Tenant, role: &str, principal: &str, version: u64) {
    let id = derived_id(tenant.id, &format!("role {role} of {principal}"));
    let assignment = json!({
        "id": id,
        "principalId": principal,
        "roleDefinitionId": role,
        "directoryScopeId": "/",
        "appScopeId": Value::Null,
        "condition": Value::Null,
        "principalOrganizationId": tenant.id,
    });
    tenant.role_assignments.put(object(assignment), version);
}

/// What decides in which groups somebody is.
struct Person {
    id: String,
    is_member: bool,
    is_enabled: bool,
    department: Option<String>,
}

fn roster(tenant: &Tenant) -> Vec<Person> {
    let people = tenant.users.picked(&["userType", "accountEnabled", "department"]);
    let people = people.map(|(id, user)| Person {
        id: id.to_owned(),
        is_member: text(&user, "userType") == Some("Member"),
        is_enabled: user.get("accountEnabled") == Some(&Value::Bool(true)),
        department: text(&user, "department").map(str::to_owned),
    });
    people.collect()
}

fn ids<'a>(people: impl Iterator<Item = &'a Person>) -> Vec<String> {
    people.map(|one| one.id.clone()).collect()
}

fn add(
    draft: &Draft,
    tenant: &mut Tenant,
    dice: &Dice,
    (name, kind): (&str, Kind),
    members: &[String],
) -> String {
    let json = group(&draft.ago(dice, 30, 2_000).to_string(), tenant, dice, name, kind);
    let id = text(&json, "id").unwrap_or_default().to_owned();
    tenant.groups.put(json, 1);
    for member in members {
        tenant.add_member(&id, member, USER, 1);
    }
    id
}

/// A group as Graph tells it.
pub(crate) fn group(created: &str, tenant: &Tenant, dice: &Dice, name: &str, kind: Kind) -> Json {
    let nickname: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    let has_mail = matches!(
        kind,
        Kind::Microsoft365 | Kind::Team | Kind::MailEnabledSecurity | Kind::Distribution
    );
    let mail = has_mail.then(|| format!("{nickname}@{}", tenant.default_domain));
    let is_unified = matches!(kind, Kind::Microsoft365 | Kind::Team);
    let is_security = matches!(
        kind,
        Kind::Security | Kind::Dynamic | Kind::MailEnabledSecurity | Kind::RoleAssignable
    );
    let types: &[&str] = match kind {
        Kind::Microsoft365 | Kind::Team => &["Unified"],
        Kind::Dynamic => &["DynamicMembership"],
        _ => &[],
    };
    object(json!({
        "id": dice.id(),
        "displayName": name,
        "description": Value::Null,
        "createdDateTime": created,
        "renewedDateTime": created,
        "expirationDateTime": Value::Null,
        "groupTypes": types,
        "mail": mail,
        "mailEnabled": has_mail,
        "mailNickname": nickname,
        "proxyAddresses": mail.iter().map(|mail| format!("SMTP:{mail}")).collect::<Vec<_>>(),
        "securityEnabled": is_security,
        "securityIdentifier": format!("S-1-12-1-{}", dice.between(1 << 20, 1 << 31)),
        "isAssignableToRole": (kind == Kind::RoleAssignable).then_some(true),
        "membershipRule": Value::Null,
        "membershipRuleProcessingState": (kind == Kind::Dynamic).then_some("On"),
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": if kind == Kind::Team { json!(["Team"]) } else { json!([]) },
        "visibility": is_unified.then_some("Private"),
        "assignedLicenses": [],
        "licenseProcessingState": Value::Null,
        "classification": Value::Null,
        "preferredDataLocation": Value::Null,
        "preferredLanguage": Value::Null,
        "theme": Value::Null,
        "uniqueName": Value::Null,
        "onPremisesSyncEnabled": Value::Null,
        "onPremisesLastSyncDateTime": Value::Null,
        "onPremisesDomainName": Value::Null,
        "onPremisesNetBiosName": Value::Null,
        "onPremisesSamAccountName": Value::Null,
        "onPremisesSecurityIdentifier": Value::Null,
        "onPremisesProvisioningErrors": [],
    }))
}
