//! The devices a tenant manages with Intune.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Lenient, Page, Path, Request, Service, path};

pub use model::{ComplianceState, ManagedDevice, OwnerType};

/// What [`list`] asks of each device.
pub const SYNC_PROPERTIES: [&str; 18] = [
    "id",
    "deviceName",
    "azureADDeviceId",
    "userId",
    "userPrincipalName",
    "operatingSystem",
    "osVersion",
    "complianceState",
    "managedDeviceOwnerType",
    "managementAgent",
    "enrolledDateTime",
    "lastSyncDateTime",
    "serialNumber",
    "manufacturer",
    "model",
    "isEncrypted",
    "totalStorageSpaceInBytes",
    "freeStorageSpaceInBytes",
];

/// Rows on a page of managed devices.
const PAGE: u32 = 1000;

/// All managed devices with [`SYNC_PROPERTIES`]. A tenant without Intune refuses (kind `Unlicensed`).
///
/// Permission: `DeviceManagementManagedDevices.Read.All`. Pages of 1,000.
pub fn list() -> Request<Page<ManagedDevice>> {
    Request::list("managed_devices.list", Service::Graph, place())
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// As [`list`]; a device that cannot be read costs only itself.
///
/// Permission: `DeviceManagementManagedDevices.Read.All`. Pages of 1,000.
pub fn list_lenient() -> Request<Page<Lenient<ManagedDevice>>> {
    Request::list_lenient("managed_devices.list", Service::Graph, place())
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

fn place() -> Path {
    path!["deviceManagement", "managedDevices"]
}
