//! A small world made by hand: the partner, the customer Contoso that it may read, and Fabrikam that it may not.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use msp365_core::{Reply, TenantId};
use serde_json::{Value, json};

use crate::{
    api::{ApiCall, ApiVersion},
    app::SimApp,
    identity::Claims,
    world::{Assignment, Mailbox, Relationship, Tenant, World, access::object},
};

pub(crate) const PARTNER: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const CONTOSO: &str = "aaaaaaaa-0000-4000-8000-000000000002";
pub(crate) const FABRIKAM: &str = "aaaaaaaa-0000-4000-8000-000000000003";
pub(crate) const ACCOUNT: &str = "bbbbbbbb-0000-4000-8000-000000000001";
pub(crate) const ADMIN_AGENTS: &str = "cccccccc-0000-4000-8000-000000000001";
pub(crate) const GDAP_GROUP: &str = "cccccccc-0000-4000-8000-000000000002";
pub(crate) const ADA: &str = "dddddddd-0000-4000-8000-000000000001";
pub(crate) const BO: &str = "dddddddd-0000-4000-8000-000000000002";
pub(crate) const CLEO: &str = "dddddddd-0000-4000-8000-000000000003";
pub(crate) const STAFF: &str = "eeeeeeee-0000-4000-8000-000000000001";
pub(crate) const TEAM: &str = "eeeeeeee-0000-4000-8000-000000000002";
pub(crate) const APP: &str = "ffffffff-0000-4000-8000-000000000001";
pub(crate) const SKU: &str = "6fd2c87f-b296-42f0-b197-1e91e994b900";
pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";
pub(crate) const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
pub(crate) const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
pub(crate) const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

pub(crate) fn id(text: &str) -> TenantId {
    text.parse().unwrap()
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The world with everything granted that reading Contoso takes.
pub(crate) fn world() -> World {
    let mut partner = Tenant::empty(id(PARTNER), "Provider");
    partner
        .users
        .put(user(ACCOUNT, "Service Account", "svc@provider.example"), 1);
    for (group, name) in [(ADMIN_AGENTS, "AdminAgents"), (GDAP_GROUP, "GDAP Contoso")] {
        partner.groups.put(security_group(group, name), 1);
        partner.add_member(group, ACCOUNT, "#microsoft.graph.user", 1);
    }
    let mut fabrikam = Tenant::empty(id(FABRIKAM), "Fabrikam");
    fabrikam.users.put(user(CLEO, "Cleo", "cleo@fabrikam.example"), 1);
    World {
        partner,
        customers: vec![contoso(), fabrikam],
        relationships: vec![relationship()],
        ..empty()
    }
}

fn empty() -> World {
    let app = SimApp::new(APP, "not used".to_owned().into(), "Connector");
    World {
        seed: 7,
        epoch: now(),
        version: 1,
        partner: Tenant::empty(id(PARTNER), "Provider"),
        customers: Vec::new(),
        relationships: Vec::new(),
        service_account: ACCOUNT.to_owned(),
        admin_agents: ADMIN_AGENTS.to_owned(),
        app_only: app.clone(),
        app,
        secrets: BTreeMap::new(),
        nation: msp365_core::Cloud::Public,
        downloads: BTreeMap::new(),
        exchanges: 0,
        journal: crate::world::register::Journal::default(),
    }
}

fn contoso() -> Tenant {
    let mut tenant = Tenant::empty(id(CONTOSO), "Contoso");
    tenant.default_domain = "contoso.example".to_owned();
    tenant.initial_domain = "contoso.onmicrosoft.example".to_owned();
    tenant.has_p1 = true;
    tenant.has_intune = true;
    tenant.organization = object(json!({
        "id": CONTOSO, "displayName": "Contoso", "tenantType": "AAD", "countryLetterCode": "GB",
        "createdDateTime": "2020-01-01T00:00:00Z", "mobileDeviceManagementAuthority": "intune",
        "verifiedDomains": [{"name": "contoso.example", "isDefault": true, "isInitial": false, "type": "Managed",
            "capabilities": "Email"}],
    }));
    tenant.domains = vec![object(json!({
        "id": "contoso.example", "authenticationType": "Managed", "isAdminManaged": true, "isDefault": true,
        "isInitial": false, "isRoot": true, "isVerified": true, "supportedServices": ["Email"],
    }))];
    tenant.subscribed_skus = vec![object(json!({
        "id": format!("{CONTOSO}_{SKU}"), "skuId": SKU, "skuPartNumber": "ENTERPRISEPACK", "appliesTo": "User",
        "capabilityStatus": "Enabled", "consumedUnits": 2, "servicePlans": [],
        "prepaidUnits": {"enabled": 5, "warning": 0, "suspended": 0, "lockedOut": 0}, "subscriptionIds": [],
    }))];
    for (id, name, mail) in [
        (ADA, "Ada Lovelace", "ada@contoso.example"),
        (BO, "Bo O'Neil", "bo@contoso.example"),
        (CLEO, "Cleo Ng", "cleo@contoso.example"),
    ] {
        tenant.users.put(user(id, name, mail), 1);
    }
    for (id, name) in [(STAFF, "Staff"), (TEAM, "Team")] {
        tenant.groups.put(security_group(id, name), 1);
    }
    for member in [ADA, BO] {
        tenant.add_member(TEAM, member, "#microsoft.graph.user", 1);
    }
    tenant.add_member(STAFF, TEAM, "#microsoft.graph.group", 1);
    let activity = object(json!({
        "lastSignInDateTime": "2026-11-20T08:00:00Z", "lastSignInRequestId": null,
        "lastNonInteractiveSignInDateTime": "2026-11-21T08:00:00Z", "lastNonInteractiveSignInRequestId": null,
    }));
    tenant.sign_in_activity.insert(ADA.to_owned(), activity.into());
    machines(&mut tenant);
    roles(&mut tenant);
    tenant.mailboxes.push(mailbox());
    tenant
}

fn machines(tenant: &mut Tenant) {
    tenant.devices.put(
        object(json!({
            "id": "11111111-0000-4000-8000-000000000001", "deviceId": "11111111-0000-4000-8000-0000000000d1",
            "displayName": "LAPTOP-1", "operatingSystem": "Windows", "operatingSystemVersion": "10.0.26100",
            "trustType": "AzureAd", "isCompliant": true, "isManaged": true, "accountEnabled": true,
            "approximateLastSignInDateTime": "2026-11-10T00:00:00Z", "physicalIds": [], "systemLabels": [],
        })),
        1,
    );
    tenant.managed_devices.put(
        object(json!({
            "id": "22222222-0000-4000-8000-000000000001", "deviceName": "LAPTOP-1",
            "azureADDeviceId": "11111111-0000-4000-8000-0000000000d1", "complianceState": "compliant",
            "lastSyncDateTime": "2026-11-21T00:00:00Z", "enrolledDateTime": "2025-01-01T00:00:00Z",
            "serialNumber": "SN1", "operatingSystem": "Windows", "isEncrypted": true, "jailBroken": "Unknown",
        })),
        1,
    );
}

fn roles(tenant: &mut Tenant) {
    tenant.role_definitions.put(
        object(json!({
            "id": USER_ADMINISTRATOR, "templateId": USER_ADMINISTRATOR, "displayName": "User Administrator",
            "description": "Manages users.", "isBuiltIn": true, "isEnabled": true, "resourceScopes": ["/"],
            "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/users/basic/update"]}],
        })),
        1,
    );
    tenant.role_assignments.put(
        object(json!({
            "id": "assignment-1", "principalId": ADA, "roleDefinitionId": USER_ADMINISTRATOR,
            "directoryScopeId": "/",
        })),
        1,
    );
}

fn relationship() -> Relationship {
    let then: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let roles = vec![GLOBAL_READER.to_owned(), APPLICATION_ADMINISTRATOR.to_owned()];
    Relationship {
        id: "33333333-0000-4000-8000-000000000001-33333333-0000-4000-8000-000000000002".to_owned(),
        customer: Some(id(CONTOSO)),
        customer_name: "Contoso".to_owned(),
        display_name: "Provider - Contoso".to_owned(),
        roles: roles.clone(),
        duration_days: 730,
        auto_extends: false,
        extended_days: 0,
        stored_status: "active",
        created: then,
        activated: Some(then),
        modified: then,
        assignments: vec![Assignment {
            id: "44444444-0000-4000-8000-000000000001".to_owned(),
            group: GDAP_GROUP.to_owned(),
            roles,
            status: "active",
            created: then,
            modified: then,
            version: 1,
        }],
        version: 1,
    }
}

pub(crate) fn user(id: &str, name: &str, mail: &str) -> crate::world::Json {
    object(json!({
        "id": id, "displayName": name, "userPrincipalName": mail, "mail": mail, "accountEnabled": true,
        "userType": "Member", "givenName": name.split(' ').next(), "surname": null, "businessPhones": [],
        "createdDateTime": "2024-01-01T00:00:00Z", "proxyAddresses": [format!("SMTP:{mail}")],
        "assignedLicenses": [{"skuId": SKU, "disabledPlans": []}],
    }))
}

pub(crate) fn security_group(id: &str, name: &str) -> crate::world::Json {
    object(json!({
        "id": id, "displayName": name, "description": null, "groupTypes": [], "mailEnabled": false,
        "securityEnabled": true, "createdDateTime": "2024-01-01T00:00:00Z", "mailNickname": name,
    }))
}

fn mailbox() -> Mailbox {
    Mailbox {
        user: ADA.to_owned(),
        user_principal_name: "ada@contoso.example".to_owned(),
        display_name: "Lovelace, Ada".to_owned(),
        created: "2024-01-01".parse().unwrap(),
        last_activity: None,
        item_count: 12,
        storage_used: 3_000,
        issue_warning_quota: 1,
        prohibit_send_quota: 2,
        prohibit_send_receive_quota: 3,
        deleted_item_count: 4,
        deleted_item_size: 5,
        deleted_item_quota: 6,
        has_archive: false,
        recipient_type: "User",
    }
}

/// Everything a reader asks for.
pub(crate) const SCOPES: [&str; 7] = [
    "Directory.Read.All",
    "AuditLog.Read.All",
    "DeviceManagementManagedDevices.Read.All",
    "DelegatedAdminRelationship.Read.All",
    "Reports.Read.All",
    "ReportSettings.Read.All",
    "User.Read",
];

/// A call of the service account, with the rights of a reader and the second factor.
pub(crate) fn get(tenant: &str, target: &str) -> ApiCall {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    ApiCall {
        tenant: id(tenant),
        claims: Claims {
            tid: id(tenant),
            aud: "https://graph.microsoft.com".to_owned(),
            appid: APP.to_owned(),
            oid: Some(ACCOUNT.to_owned()),
            scp: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            roles: Vec::new(),
            amr: vec!["pwd".to_owned(), "mfa".to_owned()],
            app_only: false,
            exp: Timestamp::MAX,
        },
        method: Method::GET,
        path: path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| {
                percent_encoding::percent_decode_str(segment)
                    .decode_utf8_lossy()
                    .into_owned()
            })
            .collect(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        version: ApiVersion::V1,
        base: "https://graph.microsoft.com".to_owned(),
        now: now(),
    }
}

/// The call of the link of a page.
pub(crate) fn follow(tenant: &str, link: &Value) -> ApiCall {
    let link = link.as_str().expect("a link");
    get(
        tenant,
        link.strip_prefix("https://graph.microsoft.com/v1.0")
            .expect("a link of this service"),
    )
}

pub(crate) fn post(tenant: &str, target: &str, body: &Value) -> ApiCall {
    let call = ApiCall {
        method: Method::POST,
        body: Bytes::from(body.to_string()),
        ..get(tenant, target)
    };
    with(call, "content-type", "application/json")
}

pub(crate) fn with(mut call: ApiCall, name: &str, value: &str) -> ApiCall {
    call.headers.insert(
        HeaderName::try_from(name).unwrap(),
        HeaderValue::try_from(value).unwrap(),
    );
    call
}

/// The call as an advanced query.
pub(crate) fn eventual(call: ApiCall) -> ApiCall {
    with(call, "consistencylevel", "eventual")
}

/// The call with these delegated permissions alone.
pub(crate) fn scoped(mut call: ApiCall, scopes: &[&str]) -> ApiCall {
    call.claims.scp = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    call
}

/// The call of the app by itself, with these application permissions.
pub(crate) fn app_only(mut call: ApiCall, roles: &[&str]) -> ApiCall {
    call.claims.scp = Vec::new();
    call.claims.roles = roles.iter().map(|role| (*role).to_owned()).collect();
    call.claims.app_only = true;
    call
}

pub(crate) fn body(reply: &Reply) -> Value {
    serde_json::from_slice(reply.text_bytes()).unwrap_or(Value::Null)
}

/// Status and error code of a refusal.
pub(crate) fn refusal(reply: &Reply) -> (u16, String) {
    let code = body(reply)["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (reply.status.as_u16(), code)
}

/// The ids on a page.
pub(crate) fn ids(page: &Value) -> Vec<String> {
    let rows = page["value"].as_array().expect("a page").iter();
    rows.map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect()
}
