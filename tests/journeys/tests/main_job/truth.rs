//! What is stored is what the world holds, row by row.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{Span, tz::TimeZone};
use msp365::{
    TenantId,
    graph::{roles, sku_names},
    sim::Cloud,
    store::{MemoryStore, Resource, SqliteStore, Store, TenantStatus},
};
use serde_json::{Value, json};

use crate::{
    journey::{Journey, world},
    rows::{self, Tables},
};

type Columns = [(&'static str, &'static str)];

const USER: [(&str, &str); 23] = [
    ("id", "id"),
    ("user_principal_name", "userPrincipalName"),
    ("display_name", "displayName"),
    ("given_name", "givenName"),
    ("surname", "surname"),
    ("mail", "mail"),
    ("mail_nickname", "mailNickname"),
    ("user_type", "userType"),
    ("account_enabled", "accountEnabled"),
    ("job_title", "jobTitle"),
    ("department", "department"),
    ("company_name", "companyName"),
    ("office_location", "officeLocation"),
    ("city", "city"),
    ("country", "country"),
    ("usage_location", "usageLocation"),
    ("mobile_phone", "mobilePhone"),
    ("business_phones", "businessPhones"),
    ("proxy_addresses", "proxyAddresses"),
    ("employee_id", "employeeId"),
    ("on_premises_sync_enabled", "onPremisesSyncEnabled"),
    ("created_at", "createdDateTime"),
    ("last_password_change_at", "lastPasswordChangeDateTime"),
];

const GROUP: [(&str, &str); 8] = [
    ("id", "id"),
    ("display_name", "displayName"),
    ("description", "description"),
    ("mail", "mail"),
    ("security_enabled", "securityEnabled"),
    ("mail_enabled", "mailEnabled"),
    ("is_assignable_to_role", "isAssignableToRole"),
    ("on_premises_sync_enabled", "onPremisesSyncEnabled"),
];

const ROLE_ASSIGNMENT: [(&str, &str); 4] = [
    ("id", "id"),
    ("principal_id", "principalId"),
    ("role_definition_id", "roleDefinitionId"),
    ("directory_scope_id", "directoryScopeId"),
];

const LICENSE: [(&str, &str); 5] = [
    ("sku_id", "skuId"),
    ("sku_part_number", "skuPartNumber"),
    ("applies_to", "appliesTo"),
    ("capability_status", "capabilityStatus"),
    ("consumed", "consumedUnits"),
];

const DEVICE: [(&str, &str); 13] = [
    ("id", "id"),
    ("device_id", "deviceId"),
    ("display_name", "displayName"),
    ("operating_system", "operatingSystem"),
    ("operating_system_version", "operatingSystemVersion"),
    ("trust_type", "trustType"),
    ("is_compliant", "isCompliant"),
    ("is_managed", "isManaged"),
    ("account_enabled", "accountEnabled"),
    ("manufacturer", "manufacturer"),
    ("model", "model"),
    ("last_sign_in_at", "approximateLastSignInDateTime"),
    ("registered_at", "registrationDateTime"),
];

const MANAGED_DEVICE: [(&str, &str); 13] = [
    ("id", "id"),
    ("azure_ad_device_id", "azureADDeviceId"),
    ("device_name", "deviceName"),
    ("serial_number", "serialNumber"),
    ("operating_system", "operatingSystem"),
    ("os_version", "osVersion"),
    ("compliance_state", "complianceState"),
    ("user_principal_name", "userPrincipalName"),
    ("user_id", "userId"),
    ("manufacturer", "manufacturer"),
    ("model", "model"),
    ("last_sync_at", "lastSyncDateTime"),
    ("enrolled_at", "enrolledDateTime"),
];

const SIGN_IN: [(&str, &str); 4] = [
    ("user_id", "user"),
    ("last_sign_in_at", "lastSignInDateTime"),
    ("last_non_interactive_at", "lastNonInteractiveSignInDateTime"),
    ("last_successful_at", "lastSuccessfulSignInDateTime"),
];

/// What is stored of each customer that can be read, made from the truth alone.
pub(crate) fn expected(cloud: &Cloud) -> Tables {
    let truth = cloud.truth();
    let mut tenants: BTreeMap<&str, &Value> = BTreeMap::new();
    for line in &truth {
        if line["kind"] == "tenant" {
            tenants.insert(line["tenant"].as_str().unwrap(), line);
        }
    }
    let today = cloud.clock().now().to_zoned(TimeZone::UTC).date();
    let reported = today.checked_sub(Span::new().days(2)).unwrap().to_string();
    let mut tables = Tables::new();
    for line in &truth {
        let Some(tenant) = line["tenant"].as_str().and_then(|id| tenants.get(id)) else {
            continue;
        };
        let Some((resource, mut row)) = row(line).filter(|(resource, _)| reads(tenant, *resource)) else {
            continue;
        };
        if resource == Resource::Mailboxes {
            row["report_refreshed_on"] = json!(reported);
        }
        let id: TenantId = line["tenant"].as_str().unwrap().parse().unwrap();
        let key = rows::key(resource, &row);
        tables.entry((id, resource)).or_default().insert(key, row);
    }
    tables
}

/// Whether a customer lets this be read.
fn reads(tenant: &Value, resource: Resource) -> bool {
    let lacks = match resource {
        Resource::SignIns => tenant["has_p1"] == false,
        Resource::ManagedDevices => tenant["has_intune"] == false,
        Resource::Mailboxes => tenant["trouble"] == "ReportNamesConcealed",
        _ => false,
    };
    tenant["expected_blocked"] == false && !lacks
}

fn row(line: &Value) -> Option<(Resource, Value)> {
    let plain = |columns: &Columns| columned(line, columns);
    Some(match line["kind"].as_str().unwrap() {
        "user" => {
            let mut row = plain(&USER);
            row["licenses"] = licences(line);
            row["products"] = products(&row["licenses"]);
            (Resource::Users, row)
        }
        "group" => {
            let mut row = plain(&GROUP);
            let kinds = line["groupTypes"].as_array().unwrap();
            row["kind"] = json!(kind(line));
            row["is_dynamic"] = json!(kinds.contains(&json!("DynamicMembership")));
            (Resource::Groups, row)
        }
        "membership" => (
            Resource::Memberships,
            json!({ "group_id": line["group"], "member_id": line["member"], "member_type": line["type"] }),
        ),
        "role_assignment" => {
            let mut row = plain(&ROLE_ASSIGNMENT);
            row["role_name"] = json!(roles::name(line["roleDefinitionId"].as_str().unwrap()));
            (Resource::RoleAssignments, row)
        }
        "license" => {
            let mut row = plain(&LICENSE);
            let units = &line["prepaidUnits"];
            row["enabled"] = units["enabled"].clone();
            row["warning"] = units["warning"].clone();
            row["suspended"] = units["suspended"].clone();
            row["locked_out"] = units["lockedOut"].clone();
            (Resource::Licenses, row)
        }
        "device" => (Resource::Devices, plain(&DEVICE)),
        "managed_device" => (Resource::ManagedDevices, plain(&MANAGED_DEVICE)),
        "sign_in" => (Resource::SignIns, plain(&SIGN_IN)),
        "mailbox" => (
            Resource::Mailboxes,
            json!({
                "user_principal_name": line["user_principal_name"], "display_name": line["display_name"],
                "last_activity_on": line["last_activity"],
                "item_count": line["item_count"], "storage_used_bytes": line["storage_used"], "is_deleted": false,
            }),
        ),
        _ => return None,
    })
}

fn columned(line: &Value, columns: &Columns) -> Value {
    let value = |property: &str| {
        let known = line.get(property);
        known
            .unwrap_or_else(|| panic!("the truth of {} lacks {property}", line["kind"]))
            .clone()
    };
    let cells = columns
        .iter()
        .map(|(column, property)| ((*column).to_owned(), value(property)));
    Value::Object(cells.collect())
}

fn licences(user: &Value) -> Value {
    let mut licences: Vec<_> = user["licenseAssignmentStates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|state| {
            let mut licence = json!({ "sku_id": state["skuId"], "state": state["state"] });
            if state["assignedByGroup"] != Value::Null {
                licence["assigned_by_group"] = state["assignedByGroup"].clone();
            }
            licence
        })
        .collect();
    let order = |licence: &Value| {
        let group = licence.get("assigned_by_group").and_then(Value::as_str);
        (
            licence["sku_id"].as_str().unwrap().to_owned(),
            group.map(str::to_owned),
        )
    };
    licences.sort_by_key(order);
    json!(licences)
}

/// The names of the products, each once and in order.
fn products(licences: &Value) -> Value {
    let names = licences.as_array().unwrap().iter().map(|licence| {
        let id = licence["sku_id"].as_str().unwrap();
        sku_names::name(id).unwrap_or(id)
    });
    json!(names.collect::<BTreeSet<_>>())
}

fn kind(group: &Value) -> &'static str {
    let unified = group["groupTypes"]
        .as_array()
        .unwrap()
        .contains(&json!("Unified"));
    match (
        unified,
        group["mailEnabled"] == true,
        group["securityEnabled"] == true,
    ) {
        (true, ..) => "microsoft365",
        (_, true, true) => "mail_enabled_security",
        (_, true, false) => "distribution",
        (_, false, _) => "security",
    }
}

/// One whole job over 25 customers, compared with the truth. Answers what is stored.
async fn compared(store: Arc<dyn Store>) -> Tables {
    let journey = Journey::with_store(world(25, 40), store).await;
    let customers = journey.choose_all().await;
    assert_eq!(customers.len(), 25);

    journey.run().await;

    let (stored, expected) = (journey.stored().await, journey.expected());
    assert!(expected.len() > 100, "{} tables", expected.len());
    rows::assert_same(&stored, &expected);
    for line in journey
        .cloud
        .truth()
        .iter()
        .filter(|line| line["kind"] == "tenant")
    {
        assert_stands(&journey, line).await;
    }
    stored
}

/// The tenant's status and findings are those that the truth expects.
async fn assert_stands(journey: &Journey, line: &Value) {
    let id: TenantId = line["tenant"].as_str().unwrap().parse().unwrap();
    let record = journey.record(id).await;
    let findings = record.findings.as_array().unwrap();
    let finding = &line["expected_finding"];
    let wanted = match (line["expected_blocked"] == true, finding.is_null()) {
        (true, _) => TenantStatus::Blocked,
        (false, false) => TenantStatus::Degraded,
        (false, true) => TenantStatus::Synced,
    };
    assert_eq!(record.status, wanted, "{line}: {findings:?}");
    let first_error = findings.iter().find(|one| one["severity"] == "error");
    if wanted == TenantStatus::Blocked {
        assert_eq!(&first_error.unwrap()["id"], finding, "{line}: {findings:?}");
        assert_eq!(
            record.reason.as_deref(),
            first_error.unwrap()["evidence"].as_str()
        );
        assert!(record.remedy.is_some_and(|remedy| !remedy.is_empty()), "{line}");
        assert_eq!(record.synced_at, None, "{line}");
    } else {
        assert_eq!(first_error, None, "{line}");
        let found = finding.is_null() || findings.iter().any(|one| one["id"] == *finding);
        assert!(found, "{line}: {findings:?}");
        assert!(record.synced_at.is_some(), "{line}");
        assert_eq!(record.default_domain.as_deref(), line["default_domain"].as_str());
    }
    assert_eq!(record.name, line["name"].as_str().unwrap());
}

#[tokio::test]
async fn every_stored_row_is_the_truth_in_memory_and_in_sqlite() {
    let folder = msp365_stores::folder();
    let sqlite = SqliteStore::open(folder.path().join("truth.db")).await.unwrap();

    let memory = compared(Arc::new(MemoryStore::new())).await;
    let file = compared(Arc::new(sqlite)).await;

    rows::assert_same(&file, &memory);
}
