use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::{
    devices::Compliance,
    testing::{read, shown},
};

fn device(json: &str) -> ManagedDevice {
    serde_json::from_str(json).unwrap()
}

#[test]
fn managed_devices_are_asked_for_by_what_is_kept() {
    assert_snapshot!(shown(&list()), @"GET deviceManagement/managedDevices?$select=id,deviceName,azureADDeviceId,userId,userPrincipalName,operatingSystem,osVersion,complianceState,managedDeviceOwnerType,managementAgent,enrolledDateTime,lastSyncDateTime,serialNumber,manufacturer,model,isEncrypted,totalStorageSpaceInBytes,freeStorageSpaceInBytes&$top=1000");
    assert_eq!(shown(&list_lenient()), shown(&list()));
}

#[test]
fn a_managed_device_is_read() {
    let body = r#"{"value":[{"id":"1d000000-0000-4000-8000-000000000001","deviceName":"DESKTOP-ADA",
        "azureADDeviceId":"de000000-0000-4000-8000-000000000001","complianceState":"noncompliant",
        "managedDeviceOwnerType":"company","managementAgent":"mdm","lastSyncDateTime":"2026-02-01T00:00:00Z",
        "enrolledDateTime":"0001-01-01T00:00:00Z","totalStorageSpaceInBytes":512110190592,
        "freeStorageSpaceInBytes":"98765","isEncrypted":true,"easActivated":false}]}"#;

    let device = read(&list(), body).unwrap().items.remove(0);

    assert_eq!(
        device.directory_device_id(),
        Some("de000000-0000-4000-8000-000000000001")
    );
    assert_eq!(device.managed_device_owner_type, Some(OwnerType::Company));
    assert_eq!(
        (device.enrolled_date_time, device.last_sync_date_time.is_some()),
        (None, true)
    );
    assert_eq!(device.total_storage_space_in_bytes, Some(512_110_190_592));
    assert_eq!(device.free_storage_space_in_bytes, Some(98_765));
}

#[test]
fn an_id_of_zeros_is_none() {
    let zeros = device(r#"{"id":"a","azureADDeviceId":"00000000-0000-0000-0000-000000000000"}"#);
    let empty = device(r#"{"id":"a","azureADDeviceId":""}"#);

    assert_eq!(
        (zeros.directory_device_id(), empty.directory_device_id()),
        (None, None)
    );
}

#[test]
fn seven_states_become_three() {
    use Compliance::{Compliant, NonCompliant, NotApplicable};
    let rows = [
        ("compliant", Compliant),
        ("inGracePeriod", Compliant),
        ("noncompliant", NonCompliant),
        ("conflict", NonCompliant),
        ("error", NonCompliant),
        ("unknown", NotApplicable),
        ("configManager", NotApplicable),
        ("tomorrow", NotApplicable),
    ];
    for (state, compliance) in rows {
        let device = device(&format!(r#"{{"id":"a","complianceState":"{state}"}}"#));

        assert_eq!(device.compliance(), compliance, "{state}");
        assert_eq!(device.compliance_state.unwrap().as_str(), state);
    }
    assert_eq!(device(r#"{"id":"a"}"#).compliance(), NotApplicable);
}

proptest! {
    #[test]
    fn a_new_owner_type_survives(kind in "\\PC*") {
        let device = device(&serde_json::json!({ "id": "a", "managedDeviceOwnerType": kind }).to_string());

        let found = device.managed_device_owner_type.unwrap();
        prop_assert_eq!(found.as_str(), kind);
    }
}

#[test]
fn one_device_and_those_of_a_user_are_asked_for() {
    assert!(shown(&get("1d")).starts_with("GET deviceManagement/managedDevices/1d?$select=id,"));
    assert!(shown(&get("1d")).ends_with(",ethernetMacAddress,notes,physicalMemoryInBytes"));
    assert!(shown(&of_user("ada")).starts_with("GET users/ada/managedDevices?$select=id,"));
}

#[test]
fn devices_are_filtered_by_what_intune_takes() {
    let seen = list().filter(
        ManagedDevice::LAST_SYNC_DATE_TIME.lt("2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap()),
    );
    let named = list().filter(ManagedDevice::MODEL.eq("X"));

    assert!(shown(&seen).ends_with("$filter=lastSyncDateTime%20lt%202026-01-01T00:00:00Z"));
    assert!(crate::testing::refused(&named));
}
