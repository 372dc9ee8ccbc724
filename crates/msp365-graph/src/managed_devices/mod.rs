//! The devices a tenant manages with Intune.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Lenient, Operation, Page, Path, Request, path, query::Property};

pub use model::{ComplianceState, ManagedDevice, ManagementState, OwnerType};

use crate::users::path_of;

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET, &OF_USER];

/// What [`list`] requests for each device.
pub const SYNC_PROPERTIES: [Property<ManagedDevice>; 18] = [
    ManagedDevice::ID,
    ManagedDevice::DEVICE_NAME,
    ManagedDevice::AZURE_AD_DEVICE_ID,
    ManagedDevice::USER_ID,
    ManagedDevice::USER_PRINCIPAL_NAME,
    ManagedDevice::OPERATING_SYSTEM,
    ManagedDevice::OS_VERSION,
    ManagedDevice::COMPLIANCE_STATE,
    ManagedDevice::MANAGED_DEVICE_OWNER_TYPE,
    ManagedDevice::MANAGEMENT_AGENT,
    ManagedDevice::ENROLLED_DATE_TIME,
    ManagedDevice::LAST_SYNC_DATE_TIME,
    ManagedDevice::SERIAL_NUMBER,
    ManagedDevice::MANUFACTURER,
    ManagedDevice::MODEL,
    ManagedDevice::IS_ENCRYPTED,
    ManagedDevice::TOTAL_STORAGE_SPACE_IN_BYTES,
    ManagedDevice::FREE_STORAGE_SPACE_IN_BYTES,
];

/// What [`get`] also requests: the service fills it only for a single device.
pub const SINGLE_PROPERTIES: [Property<ManagedDevice>; 3] = [
    ManagedDevice::ETHERNET_MAC_ADDRESS,
    ManagedDevice::NOTES,
    ManagedDevice::PHYSICAL_MEMORY_IN_BYTES,
];

/// Rows on a page of managed devices.
const PAGE: u32 = 1000;

static LIST: Operation = Operation::pages("managed_devices.list", "deviceManagement/managedDevices", PAGE)
    .permission(&["DeviceManagementManagedDevices.Read.All"])
    .options(&["$select", "$filter"])
    .license("Intune");
static GET: Operation = Operation::read("managed_devices.get", "deviceManagement/managedDevices/{device}")
    .permission(&["DeviceManagementManagedDevices.Read.All"])
    .license("Intune");
static OF_USER: Operation = Operation::pages("managed_devices.of_user", "users/{user}/managedDevices", PAGE)
    .permission(&["DeviceManagementManagedDevices.Read.All"])
    .options(&["$select", "$filter"])
    .license("Intune");

/// All managed devices with [`SYNC_PROPERTIES`]. A tenant without Intune refuses (kind `Unlicensed`).
///
/// Permission: `DeviceManagementManagedDevices.Read.All`. Pages of 1,000.
pub fn list() -> Request<Page<ManagedDevice>> {
    LIST.list(place()).select(SYNC_PROPERTIES).top(PAGE)
}

/// As [`list`]; an unreadable device does not fail the page.
///
/// Permission: `DeviceManagementManagedDevices.Read.All`. Pages of 1,000.
pub fn list_lenient() -> Request<Page<Lenient<ManagedDevice>>> {
    LIST.list_lenient(place()).select(SYNC_PROPERTIES).top(PAGE)
}

/// One managed device by its id in Intune, including what listings omit.
///
/// Permission: `DeviceManagementManagedDevices.Read.All`. The tenant needs Intune.
pub fn get(device: impl AsRef<str>) -> Request<ManagedDevice> {
    GET.one(place().segment(device))
        .select(SYNC_PROPERTIES.into_iter().chain(SINGLE_PROPERTIES))
}

/// The managed devices of a user.
///
/// Permission: `DeviceManagementManagedDevices.Read.All`. Pages of 1,000.
pub fn of_user(user: impl AsRef<str>) -> Request<Page<ManagedDevice>> {
    OF_USER
        .list(path_of(user.as_ref()).segment("managedDevices"))
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

fn place() -> Path {
    path!["deviceManagement", "managedDevices"]
}
