//! The devices of a tenant's directory.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Lenient, Page, Request, Service, path};

pub use model::{Compliance, Device, TrustType};

/// What [`list`] asks of each device.
pub const SYNC_PROPERTIES: [&str; 15] = [
    "id",
    "deviceId",
    "displayName",
    "accountEnabled",
    "operatingSystem",
    "operatingSystemVersion",
    "trustType",
    "profileType",
    "deviceOwnership",
    "manufacturer",
    "model",
    "isCompliant",
    "isManaged",
    "approximateLastSignInDateTime",
    "registrationDateTime",
];

/// Rows on a page of devices (seen 2026).
const PAGE: u32 = 999;

/// All devices with [`SYNC_PROPERTIES`].
///
/// Permission: `Device.Read.All`. Pages of 999.
pub fn list() -> Request<Page<Device>> {
    Request::list("devices.list", Service::Graph, path!["devices"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}

/// As [`list`]; a device that cannot be read costs only itself.
///
/// Permission: `Device.Read.All`. Pages of 999.
pub fn list_lenient() -> Request<Page<Lenient<Device>>> {
    Request::list_lenient("devices.list", Service::Graph, path!["devices"])
        .select(SYNC_PROPERTIES)
        .top(PAGE)
}
