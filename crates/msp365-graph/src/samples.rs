//! Microsoft's own samples of replies, if they lie beside the workspace: each is read, and written back without loss.

use std::{fs, path::Path};

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use msp365_core::{Lenient, Page, Reply, Request, Service, path};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    app_role_assignments::AppRoleAssignment,
    applications::{Application, KeyCredential, PasswordCredential},
    authentication_methods::{
        AuthenticationMethod, LongOperation, PassPolicy, Registration, TemporaryAccessPass,
    },
    change_notifications::Subscription,
    contracts::Contract,
    devices::{Device, DeviceChange},
    directory_audits::DirectoryAudit,
    directory_objects::DirectoryObject,
    directory_roles::{DirectoryRole, RoleTemplate},
    directory_subscriptions::CompanySubscription,
    domains::Domain,
    groups::{Group, GroupChange},
    licenses::LicenseDetails,
    managed_devices::ManagedDevice,
    organization::Organization,
    permission_grants::PermissionGrant,
    reports::{self, ReportRow},
    role_assignments::RoleAssignment,
    role_definitions::RoleDefinition,
    role_schedules::{EligibilityRequest, RoleSchedule},
    service_principals::ServicePrincipal,
    sign_ins::SignIn,
    subscribed_skus::SubscribedSku,
    tenant_information::TenantInformation,
    users::{self, User, UserChange},
};

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn every_documented_reply_is_read_and_written_back_without_loss() {
    let rows: usize = samples().iter().map(rows_that_survive).sum();

    assert!(rows > 100, "only {rows} rows were read");
}

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn documented_reports_have_the_columns_that_are_needed() {
    let read = samples()
        .iter()
        .filter(|sample| sample["body"].is_string())
        .filter(|sample| is_report(sample))
        .count();

    assert!(read >= 2, "only {read} reports were read");
}

#[test]
#[cfg_attr(not(samples), ignore = "../shared/samples is not there")]
fn documented_counts_are_read() {
    let counts: Vec<u64> = samples()
        .iter()
        .filter_map(|sample| sample["body"].as_str())
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|text| users::count(None).decode(&reply(text.to_owned())).unwrap())
        .collect();

    assert!(counts.len() >= 2, "{counts:?}");
}

fn samples() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "jsonl"));
    let lines = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect::<Vec<Value>>()
    });
    lines
        .filter(|sample| {
            let is_success = sample["status"]
                .as_u64()
                .is_some_and(|status| (200..300).contains(&status));
            sample["kind"] == "response" && is_success && !sample["body"].is_null()
        })
        .collect()
}

fn reply(body: String) -> Reply {
    Reply::new(StatusCode::OK, HeaderMap::new(), body)
}

fn rows_that_survive(sample: &Value) -> usize {
    let is_delta = sample["file"]
        .as_str()
        .is_some_and(|file| file.ends_with("-delta.md"));
    let name = sample["odata_type"].as_str().unwrap_or_default();
    let check = match (name.rsplit('.').next().unwrap_or_default(), is_delta) {
        ("user", false) => check::<User>,
        ("user", true) => check::<UserChange>,
        ("group", false) => check::<Group>,
        ("group", true) => check::<GroupChange>,
        ("device", false) => check::<Device>,
        ("device", true) => check::<DeviceChange>,
        ("domain", _) => check::<Domain>,
        ("organization", _) => check::<Organization>,
        ("tenantInformation", _) => check::<TenantInformation>,
        ("managedDevice", _) => check::<ManagedDevice>,
        ("signIn", _) => check::<SignIn>,
        ("directoryAudit", _) => check::<DirectoryAudit>,
        ("application", _) => check::<Application>,
        ("passwordCredential", _) => check::<PasswordCredential>,
        ("keyCredential", _) => check::<KeyCredential>,
        ("servicePrincipal", _) => check::<ServicePrincipal>,
        ("oAuth2PermissionGrant", _) => check::<PermissionGrant>,
        ("appRoleAssignment", _) => check::<AppRoleAssignment>,
        ("contract", _) => check::<Contract>,
        ("subscription", _) => check::<Subscription>,
        ("companySubscription", _) => check::<CompanySubscription>,
        ("subscribedSku", _) => check::<SubscribedSku>,
        ("licenseDetails", _) => check::<LicenseDetails>,
        ("temporaryAccessPassAuthenticationMethod", _) => check::<TemporaryAccessPass>,
        ("temporaryAccessPassAuthenticationMethodConfiguration", _) => check::<PassPolicy>,
        ("userRegistrationDetails", _) => check::<Registration>,
        ("longRunningOperation", _) => check::<LongOperation>,
        ("directoryRole", _) => check::<DirectoryRole>,
        ("directoryRoleTemplate", _) => check::<RoleTemplate>,
        ("unifiedRoleAssignment", _) => check::<RoleAssignment>,
        ("unifiedRoleDefinition", _) => check::<RoleDefinition>,
        ("unifiedRoleEligibilityScheduleRequest", _) => check::<EligibilityRequest>,
        (name, _) if name.ends_with("ScheduleInstance") || name.ends_with("EligibilitySchedule") => {
            check::<RoleSchedule>
        }
        (name, _) if name.ends_with("AuthenticationMethod") => check::<AuthenticationMethod>,
        ("string" | "String", _) => check::<String>,
        // What has no model of its own is read like an object in a mixed collection.
        _ => check::<DirectoryObject>,
    };
    if sample["body"].is_object() && name != "batch" {
        check(sample)
    } else {
        0
    }
}

/// Reads the rows of a reply and writes them back; returns how many there are.
fn check<T: DeserializeOwned + Serialize>(sample: &Value) -> usize {
    let body = &sample["body"];
    let mut rows: Vec<Value> = match &body["value"] {
        Value::Array(rows) => rows.clone(),
        Value::Object(_) => vec![body["value"].clone()],
        _ => vec![body.clone()],
    };
    for row in &mut rows {
        // Documentation is shortened: rows may lack their keys, which the service always sends.
        if let Value::Object(members) = row {
            members.entry("id").or_insert_with(|| json!("added"));
        }
    }
    let request: Request<Page<Lenient<T>>> =
        Request::list_lenient("samples", Service::Graph, path!["samples"]);

    let page = request
        .decode(&reply(json!({ "value": rows }).to_string()))
        .unwrap();

    for (raw, row) in rows.iter().zip(page.items) {
        let Lenient::Row(row) = row else {
            panic!("{}: {raw}", sample["file"])
        };
        let written = serde_json::to_value(row).unwrap();
        assert_same(raw, &written, &sample["file"]);
    }
    rows.len()
}

/// Times may be written otherwise, and secrets are not written at all.
fn assert_same(raw: &Value, written: &Value, at: &Value) {
    match (raw, written) {
        (Value::Object(raw), Value::Object(written)) => {
            for (name, value) in raw {
                let found = written
                    .get(name)
                    .unwrap_or_else(|| panic!("{at}: `{name}` was lost"));
                let is_secret =
                    ["temporaryAccessPass", "secretText", "clientState", "password"].contains(&&**name);
                if !(is_secret && found.is_null()) {
                    assert_same(value, found, at);
                }
            }
        }
        (Value::Array(raw), Value::Array(written)) => {
            assert_eq!(raw.len(), written.len(), "{at}");
            raw.iter()
                .zip(written)
                .for_each(|(raw, written)| assert_same(raw, written, at));
        }
        (Value::String(one), Value::String(other)) => {
            let times = (one.parse::<Timestamp>(), other.parse::<Timestamp>());
            assert!(
                one == other || matches!(times, (Ok(one), Ok(other)) if one == other),
                "{at}: {one} {other}"
            );
        }
        _ => assert_eq!(raw, written, "{at}"),
    }
}

/// Whether a sample is one of the seven reports; if so, it is read.
fn is_report(sample: &Value) -> bool {
    let text = sample["body"].as_str().unwrap_or_default();
    let file = sample["file"].as_str().unwrap_or_default();
    match file.trim_start_matches("reportroot-").trim_end_matches(".md") {
        "getmailboxusagedetail" => shows_names::<reports::MailboxUsageRow>(text),
        "getoffice365activeuserdetail" => shows_names::<reports::ActiveUserRow>(text),
        "getm365appuserdetail" => shows_names::<reports::AppUserRow>(text),
        "getemailactivityuserdetail" => shows_names::<reports::EmailActivityRow>(text),
        "getteamsuseractivityuserdetail" => shows_names::<reports::TeamsActivityRow>(text),
        "getonedriveusageaccountdetail" => shows_names::<reports::OneDriveUsageRow>(text),
        "getoffice365activationsuserdetail" => shows_names::<reports::ActivationRow>(text),
        _ => return false,
    }
    true
}

fn shows_names<R: ReportRow>(text: &str) {
    assert!(!reports::read::<R>(text.as_bytes()).unwrap().concealed);
}
