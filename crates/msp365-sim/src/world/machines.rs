//! Devices: what people work on, in the directory and in Intune, and what reinstalled ones left behind.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    access::{object, text},
    chance::Dice,
    draft::Draft,
    model::{Json, Tenant},
};

/// The kinds of machines people have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Platform {
    Windows,
    MacOs,
    Ios,
    Android,
}

/// One machine of one user.
struct Machine<'a> {
    owner: &'a Json,
    name: String,
    platform: Platform,
    trust: &'static str,
    enrolled: bool,
}

/// What of an owner its devices depend on.
const OWNER: [&str; 7] = [
    "id",
    "accountEnabled",
    "displayName",
    "mail",
    "mailNickname",
    "userPrincipalName",
    "userType",
];

/// Fills in the devices of a customer.
pub(crate) fn populate(draft: &Draft, tenant: &mut Tenant) {
    let dice = draft.dice("devices");
    let owners: Vec<Json> = tenant
        .users
        .picked(&OWNER)
        .map(|(_, user)| user)
        .filter(|user| text(user, "userType") == Some("Member"))
        .filter(|user| user.get("accountEnabled") == Some(&Value::Bool(true)))
        .collect();
    for (number, owner) in owners.iter().enumerate() {
        if number == 0 || dice.chance(draft.shares.computers) {
            let platform = if dice.chance(85) {
                Platform::Windows
            } else {
                Platform::MacOs
            };
            add(draft, tenant, &dice, owner, platform);
        }
        if dice.chance(draft.shares.phones) {
            let platform = if dice.chance(60) {
                Platform::Ios
            } else {
                Platform::Android
            };
            add(draft, tenant, &dice, owner, platform);
        }
    }
}

fn add(draft: &Draft, tenant: &mut Tenant, dice: &Dice, owner: &Json, platform: Platform) {
    let is_phone = matches!(platform, Platform::Ios | Platform::Android);
    let machine = Machine {
        owner,
        name: host_name(draft, dice, owner, platform),
        platform,
        trust: match () {
            () if is_phone => "Workplace",
            () if platform == Platform::Windows && dice.chance(20) => "ServerAd",
            () => "AzureAd",
        },
        enrolled: tenant.has_intune && dice.chance(if is_phone { 60 } else { 90 }),
    };
    let seen = draft.ago(dice, 0, 20);
    register(draft, tenant, dice, &machine, seen);
    if !is_phone && dice.chance(draft.shares.left_behind) {
        let long_ago = draft.ago(dice, 120, 700);
        let before = Machine {
            enrolled: machine.enrolled && dice.chance(30),
            ..machine
        };
        register(draft, tenant, dice, &before, long_ago);
    }
}

fn host_name(draft: &Draft, dice: &Dice, owner: &Json, platform: Platform) -> String {
    let short: String = draft
        .company
        .slug
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(3)
        .collect();
    let local = text(owner, "mailNickname").unwrap_or("user");
    let first = local.split('.').next().unwrap_or("user");
    match platform {
        Platform::Windows => match dice.between(0, 3) {
            0 => format!("DESKTOP-{}", dice.code(7)),
            1 => format!("LAPTOP-{}", dice.code(8)),
            2 => format!(
                "{}-NB-{:04}-{}",
                short.to_uppercase(),
                dice.between(1, 9_999),
                first.to_uppercase()
            ),
            _ => format!("{}-PC-{:05}", short.to_uppercase(), dice.between(1, 99_999)),
        },
        Platform::MacOs => format!("{first}s-MacBook-{}", dice.code(4)),
        Platform::Ios => format!("{first}-iPhone-{}", dice.code(3)),
        Platform::Android => format!("{first}_Android_{}", dice.code(6)),
    }
}

/// System, version, maker, model and enrolment type.
fn build(platform: Platform, dice: &Dice) -> [&'static str; 5] {
    match platform {
        Platform::Windows => {
            let version = dice.pick(&["10.0.26100.4349", "10.0.22631.5335", "10.0.19045.5965"]);
            let (maker, model) = dice.pick(&[
                ("LENOVO", "ThinkPad T14"),
                ("Dell Inc.", "Latitude 5450"),
                ("HP", "EliteBook 840 G11"),
            ]);
            ["Windows", version, maker, model, "windowsAzureADJoin"]
        }
        Platform::MacOs => ["macOS", "15.5", "Apple", "MacBook Pro", "appleBulkWithUser"],
        Platform::Ios => ["iOS", "18.5", "Apple", "iPhone 15", "userEnrollment"],
        Platform::Android => ["Android", "15", "Samsung", "Galaxy A55", "userEnrollment"],
    }
}

fn register(draft: &Draft, tenant: &mut Tenant, dice: &Dice, machine: &Machine<'_>, seen: Timestamp) {
    let device_id = dice.id();
    let registered = seen.min(draft.ago(dice, 40, 900));
    let build = build(machine.platform, dice);
    let compliant = machine.enrolled.then(|| dice.chance(88));
    let mut device = describe(machine, build, compliant, (registered, seen));
    device.insert("id".to_owned(), json!(dice.id()));
    device.insert("deviceId".to_owned(), json!(device_id));
    let managed = machine
        .enrolled
        .then(|| manage(dice, machine, &device_id, (registered, seen), build));
    store(tenant, machine.owner, (device, managed), 1);
}

/// A device that somebody asked for.
#[derive(Debug, Clone)]
pub(crate) struct Make {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) platform: Platform,
    /// Joined to the directory, synchronised from one on premises, or merely registered.
    pub(crate) trust: &'static str,
    /// Whether Intune manages it.
    pub(crate) enrolled: bool,
    pub(crate) compliant: bool,
    pub(crate) serial: Option<String>,
}

impl Make {
    /// As a device that is there, without its name.
    pub(crate) fn like(device: &Json) -> Self {
        let platform = match text(device, "operatingSystem") {
            Some("macOS") => Platform::MacOs,
            Some("iOS") => Platform::Ios,
            Some("Android") => Platform::Android,
            _ => Platform::Windows,
        };
        let trust = match text(device, "trustType") {
            Some("ServerAd") => "ServerAd",
            Some("Workplace") => "Workplace",
            _ => "AzureAd",
        };
        Self {
            platform,
            trust,
            enrolled: device.get("isManaged") == Some(&Value::Bool(true)),
            ..Self::default()
        }
    }
}

impl Default for Make {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            platform: Platform::Windows,
            trust: "AzureAd",
            enrolled: true,
            compliant: true,
            serial: None,
        }
    }
}

/// Registers a device that somebody asked for.
pub(crate) fn place(
    tenant: &mut Tenant,
    dice: &Dice,
    (owner, make): (&Json, &Make),
    (now, version): (Timestamp, u64),
) {
    let machine = Machine {
        owner,
        name: make.name.clone(),
        platform: make.platform,
        trust: make.trust,
        enrolled: make.enrolled && tenant.has_intune,
    };
    let device_id = dice.id();
    let build = build(make.platform, dice);
    let compliant = machine.enrolled.then_some(make.compliant);
    let mut device = describe(&machine, build, compliant, (now, now));
    device.insert("id".to_owned(), json!(make.id));
    device.insert("deviceId".to_owned(), json!(device_id));
    let managed = machine.enrolled.then(|| {
        let mut managed = manage(dice, &machine, &device_id, (now, now), build);
        if let Some(serial) = &make.serial {
            managed.insert("serialNumber".to_owned(), json!(serial));
        }
        managed
    });
    store(tenant, owner, (device, managed), version);
}

fn store(tenant: &mut Tenant, owner: &Json, (device, managed): (Json, Option<Json>), version: u64) {
    if let (Some(id), Some(owner)) = (text(&device, "id"), text(owner, "id")) {
        let owners = &mut tenant.register.device_owners;
        owners.insert(id.to_owned(), owner.to_owned());
    }
    if let Some(mut managed) = managed {
        let state = match device.get("isCompliant") {
            Some(Value::Bool(true)) => "compliant",
            _ => "noncompliant",
        };
        managed.insert("complianceState".to_owned(), json!(state));
        tenant.managed_devices.lay(&managed, version);
    }
    tenant.devices.lay(&device, version);
}

/// A device as the directory tells it, but for its ids.
fn describe(
    machine: &Machine<'_>,
    [system, version, maker, model, enrolment]: [&str; 5],
    compliant: Option<bool>,
    (registered, seen): (Timestamp, Timestamp),
) -> Json {
    let is_personal = machine.trust == "Workplace";
    object(json!({
        "displayName": machine.name,
        "accountEnabled": true,
        "approximateLastSignInDateTime": seen.to_string(),
        "registrationDateTime": registered.to_string(),
        "complianceExpirationDateTime": Value::Null,
        "operatingSystem": system,
        "operatingSystemVersion": version,
        "manufacturer": maker,
        "model": model,
        "trustType": machine.trust,
        "profileType": "RegisteredDevice",
        "deviceOwnership": if is_personal { "personal" } else { "company" },
        "deviceCategory": Value::Null,
        "deviceMetadata": Value::Null,
        "deviceVersion": 2,
        "enrollmentProfileName": Value::Null,
        "enrollmentType": machine.enrolled.then_some(enrolment),
        "isCompliant": compliant,
        "isManaged": machine.enrolled,
        "isRooted": Value::Null,
        "managementType": machine.enrolled.then_some("mdm"),
        "mdmAppId": machine.enrolled.then_some("0000000a-0000-0000-c000-000000000000"),
        "onPremisesSyncEnabled": (machine.trust == "ServerAd").then_some(true),
        "onPremisesLastSyncDateTime": (machine.trust == "ServerAd").then(|| seen.to_string()),
        "onPremisesSecurityIdentifier": Value::Null,
        "alternativeSecurityIds": [],
        "physicalIds": [],
        "systemLabels": [],
    }))
}

fn manage(
    dice: &Dice,
    machine: &Machine<'_>,
    device_id: &str,
    (enrolled, seen): (Timestamp, Timestamp),
    [system, version, maker, model, enrolment]: [&str; 5],
) -> Json {
    let owner = |name: &str| text(machine.owner, name);
    let is_personal = machine.trust == "Workplace";
    let total = dice.pick(&[128_u64, 256, 512]) << 30;
    object(json!({
        "id": dice.id(),
        "azureADDeviceId": device_id,
        "azureADRegistered": true,
        "deviceName": machine.name,
        "managedDeviceName": format!("{}_{system}_{}", owner("mailNickname").unwrap_or("user"), enrolled),
        "serialNumber": dice.code(10),
        "operatingSystem": system,
        "osVersion": version,
        "manufacturer": maker,
        "model": model,
        "enrolledDateTime": enrolled.to_string(),
        "lastSyncDateTime": seen.to_string(),
        "complianceGracePeriodExpirationDateTime": "9999-12-31T23:59:59Z",
        "deviceEnrollmentType": enrolment,
        "deviceRegistrationState": "registered",
        "managedDeviceOwnerType": if is_personal { "personal" } else { "company" },
        "managementAgent": "mdm",
        "managementState": "managed",
        "managementCertificateExpirationDate": "2027-09-01T00:00:00Z",
        "partnerReportedThreatState": "unknown",
        "easActivated": false,
        "easActivationDateTime": "0001-01-01T00:00:00Z",
        "easDeviceId": Value::Null,
        "exchangeAccessState": "none",
        "exchangeAccessStateReason": "none",
        "exchangeLastSuccessfulSyncDateTime": "0001-01-01T00:00:00Z",
        "emailAddress": owner("mail"),
        "userId": owner("id"),
        "userPrincipalName": owner("userPrincipalName"),
        "userDisplayName": owner("displayName"),
        "phoneNumber": Value::Null,
        "isEncrypted": true,
        "isSupervised": false,
        "jailBroken": "False",
        "imei": Value::Null,
        "meid": Value::Null,
        "subscriberCarrier": "",
        "wiFiMacAddress": dice.code(12),
        "totalStorageSpaceInBytes": total,
        "freeStorageSpaceInBytes": total / dice.between(2, 9),
        "deviceCategoryDisplayName": "Unknown",
        "androidSecurityPatchLevel": Value::Null,
        "enrollmentProfileName": Value::Null,
        "deviceActionResults": [],
        "requireUserEnrollmentApproval": Value::Null,
    }))
}
