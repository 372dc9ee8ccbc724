//! The devices of a tenant's directory.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{
    Lenient, Operation, Page, Request,
    operation::{DIRECTORY, Verb},
    path,
    query::Property,
};
use serde_json::json;

pub use model::{Compliance, Device, DeviceChange, TrustType};

use crate::{changes, users::path_of};

pub(crate) static OPERATIONS: &[&Operation] = &[
    &LIST,
    &GET,
    &BY_DEVICE_ID,
    &DELTA,
    &REGISTERED,
    &OWNED,
    &ENABLE,
    &DELETE,
];

/// What [`list`] requests for each device.
pub const SYNC_PROPERTIES: [Property<Device>; 15] = [
    Device::ID,
    Device::DEVICE_ID,
    Device::DISPLAY_NAME,
    Device::ACCOUNT_ENABLED,
    Device::OPERATING_SYSTEM,
    Device::OPERATING_SYSTEM_VERSION,
    Device::TRUST_TYPE,
    Device::PROFILE_TYPE,
    Device::DEVICE_OWNERSHIP,
    Device::MANUFACTURER,
    Device::MODEL,
    Device::IS_COMPLIANT,
    Device::IS_MANAGED,
    Device::APPROXIMATE_LAST_SIGN_IN_DATE_TIME,
    Device::REGISTRATION_DATE_TIME,
];

/// Rows on a page of devices (seen 2026).
const PAGE: u32 = 999;

static LIST: Operation = Operation::pages("devices.list", "devices", PAGE)
    .permission(&["Device.Read.All"])
    .options(DIRECTORY);
static GET: Operation = Operation::read("devices.get", "devices/{device}").permission(&["Device.Read.All"]);
static BY_DEVICE_ID: Operation =
    Operation::read("devices.by_device_id", "devices(deviceId={id})").permission(&["Device.Read.All"]);
static DELTA: Operation = Operation::delta("devices.delta", "devices/delta").permission(&["Device.Read.All"]);
static REGISTERED: Operation = Operation::pages(
    "devices.registered_to",
    "users/{user}/registeredDevices/microsoft.graph.device",
    PAGE,
)
.permission(&["User.Read.All", "Device.Read.All"])
.options(DIRECTORY);
static OWNED: Operation = Operation::pages(
    "devices.owned_by",
    "users/{user}/ownedDevices/microsoft.graph.device",
    PAGE,
)
.permission(&["Directory.Read.All"])
.options(DIRECTORY);

static ENABLE: Operation = Operation::new(Verb::Patch, "devices.set_enabled", "devices/{device}")
    .delegated(&["Directory.AccessAsUser.All"])
    .application(&["Device.ReadWrite.All"])
    .note("takes a Cloud Device Administrator");
static DELETE: Operation = Operation::new(Verb::Delete, "devices.delete", "devices/{device}")
    .delegated(&["Directory.AccessAsUser.All"])
    .application(&["Device.ReadWrite.All"])
    .note("for good; takes a Cloud Device Administrator");

/// All devices with [`SYNC_PROPERTIES`].
///
/// Permission: `Device.Read.All`. Pages of 999.
pub fn list() -> Request<Page<Device>> {
    LIST.list(path!["devices"]).select(SYNC_PROPERTIES).top(PAGE)
}

/// As [`list`]; an unreadable device does not fail the page.
///
/// Permission: `Device.Read.All`. Pages of 999.
pub fn list_lenient() -> Request<Page<Lenient<Device>>> {
    LIST.list_lenient(path!["devices"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// One device, by object id.
///
/// Permission: `Device.Read.All`.
pub fn get(device: impl AsRef<str>) -> Request<Device> {
    GET.one(path!["devices", device])
}

/// One device, by the id of its registration, which Intune and the sign-in log use.
///
/// Permission: `Device.Read.All`.
pub fn by_device_id(id: impl AsRef<str>) -> Request<Device> {
    BY_DEVICE_ID.one(path!["devices"].key("deviceId", id))
}

/// All devices with these properties; resumed from the last page's cursor, what has changed since.
///
/// Permission: `Device.Read.All`. The service sets the page size; a cursor lives 7 days.
pub fn delta<S: AsRef<str>>(select: impl IntoIterator<Item = S>) -> Request<Page<Lenient<DeviceChange>>> {
    DELTA.list_lenient(path!["devices", "delta"]).select(select)
}

/// No rows, only the cursor from which later changes are read.
///
/// Permission: `Device.Read.All`.
pub fn delta_from_now<S: AsRef<str>>(
    select: impl IntoIterator<Item = S>,
) -> Request<Page<Lenient<DeviceChange>>> {
    changes::from_now(delta(select))
}

/// The devices a user registered.
///
/// Permission: `User.Read.All` and `Device.Read.All`. Pages of 999.
pub fn registered_to(user: impl AsRef<str>) -> Request<Page<Device>> {
    let path = path_of(user.as_ref())
        .segment("registeredDevices")
        .segment("microsoft.graph.device");
    REGISTERED.list(path).select(SYNC_PROPERTIES).top(PAGE)
}

/// The devices a user owns; normally the registered ones.
///
/// Permission: `Directory.Read.All`. Pages of 999.
pub fn owned_by(user: impl AsRef<str>) -> Request<Page<Device>> {
    let path = path_of(user.as_ref())
        .segment("ownedDevices")
        .segment("microsoft.graph.device");
    OWNED.list(path).select(SYNC_PROPERTIES).top(PAGE)
}

/// Allows or forbids signing in with a device, by object id. The data on it are not affected.
///
/// Permission: `Directory.AccessAsUser.All`; an application `Device.ReadWrite.All`. Under GDAP the role Cloud Device
/// Administrator.
pub fn set_enabled(device: impl AsRef<str>, is_enabled: bool) -> Request<()> {
    ENABLE
        .command(path!["devices", device])
        .json(json!({ "accountEnabled": is_enabled }))
}

/// Deletes a device from the directory, by object id. This is final: the device has to be registered again.
///
/// Permission: `Directory.AccessAsUser.All`; an application `Device.ReadWrite.All`. Under GDAP the role Cloud Device
/// Administrator.
pub fn delete(device: impl AsRef<str>) -> Request<()> {
    DELETE.command(path!["devices", device])
}
