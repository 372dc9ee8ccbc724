//! Devices of the directory and of Intune.

use msp365_core::id::canonical;
use msp365_graph::{
    devices::{self, Device},
    managed_devices::{self, ManagedDevice},
};
use msp365_store::{DeviceRow, ManagedDeviceRow, Resource, Rows};

use crate::{
    ending::gone,
    stream::{Converted, Source},
};

/// The listing of the directory's devices.
pub(crate) fn source() -> Source<Device> {
    Source {
        resource: Resource::Devices,
        request: devices::list_lenient(),
        convert: |devices| Converted {
            rows: vec![Rows::Devices(devices.into_iter().map(row).collect())],
            ..Converted::default()
        },
        covers: &[Resource::Devices],
        look: Some(|batch, id| gone(batch, devices::get(id).select([Device::ID]))),
    }
}

/// The listing of Intune's devices.
pub(crate) fn managed() -> Source<ManagedDevice> {
    Source {
        resource: Resource::ManagedDevices,
        request: managed_devices::list_lenient(),
        convert: |devices| Converted {
            rows: vec![Rows::ManagedDevices(
                devices.into_iter().map(managed_row).collect(),
            )],
            ..Converted::default()
        },
        covers: &[Resource::ManagedDevices],
        look: Some(|batch, id| gone(batch, managed_devices::get(id))),
    }
}

fn row(device: Device) -> DeviceRow {
    let mut row = DeviceRow::new(canonical(device.id));
    row.device_id = device.device_id.map(canonical);
    row.display_name = device.display_name;
    row.operating_system = device.operating_system;
    row.operating_system_version = device.operating_system_version;
    row.trust_type = device.trust_type.map(|kind| kind.to_string());
    row.is_compliant = device.is_compliant;
    row.is_managed = device.is_managed;
    row.account_enabled = device.account_enabled;
    row.manufacturer = device.manufacturer;
    row.model = device.model;
    row.last_sign_in_at = device.approximate_last_sign_in_date_time;
    row.registered_at = device.registration_date_time;
    row
}

fn managed_row(device: ManagedDevice) -> ManagedDeviceRow {
    let mut row = ManagedDeviceRow::new(canonical(device.id));
    row.azure_ad_device_id = device.azure_ad_device_id.map(canonical);
    row.device_name = device.device_name;
    row.serial_number = device.serial_number;
    row.operating_system = device.operating_system;
    row.os_version = device.os_version;
    row.compliance_state = device.compliance_state.map(|state| state.to_string());
    row.user_principal_name = device.user_principal_name;
    row.user_id = device.user_id.map(canonical);
    row.manufacturer = device.manufacturer;
    row.model = device.model;
    row.last_sync_at = device.last_sync_date_time;
    row.enrolled_at = device.enrolled_date_time;
    row
}
