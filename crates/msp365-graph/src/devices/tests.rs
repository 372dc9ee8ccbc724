use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::testing::{read, shown};

#[test]
fn devices_are_asked_for_by_what_is_kept() {
    assert_snapshot!(shown(&list()), @"GET devices?$select=id,deviceId,displayName,accountEnabled,operatingSystem,operatingSystemVersion,trustType,profileType,deviceOwnership,manufacturer,model,isCompliant,isManaged,approximateLastSignInDateTime,registrationDateTime&$top=999");
    assert_eq!(shown(&list_lenient()), shown(&list()));
}

#[test]
fn a_device_is_read() {
    let body = r#"{"value":[{"id":"d0000000-0000-4000-8000-000000000001",
        "deviceId":"de000000-0000-4000-8000-000000000001","displayName":"DESKTOP-ADA","operatingSystem":"Windows",
        "operatingSystemVersion":"10.0.26100.1","trustType":"ServerAd","isCompliant":null,"isManaged":true,
        "approximateLastSignInDateTime":"2026-02-01T00:00:00Z","physicalIds":["[OrderId]:1"]}]}"#;

    let device = read(&list(), body).unwrap().items.remove(0);

    assert_eq!(device.trust_type, Some(TrustType::HybridJoined));
    assert_eq!(device.compliance(), Compliance::NotApplicable);
    assert_ne!(Some(device.id.as_str()), device.device_id.as_deref());
}

proptest! {
    #[test]
    fn a_new_trust_type_survives(kind in "\\PC*", compliant in any::<Option<bool>>()) {
        let text = serde_json::json!({ "id": "d", "trustType": kind, "isCompliant": compliant }).to_string();

        let device: Device = serde_json::from_str(&text).unwrap();

        prop_assert_eq!(device.trust_type.as_ref().unwrap().as_str(), kind);
        prop_assert_eq!(device.compliance() == Compliance::Compliant, compliant == Some(true));
    }
}

#[test]
fn one_device_and_those_of_a_user_are_asked_for() {
    assert_snapshot!(shown(&get("d")), @"GET devices/d");
    assert_snapshot!(shown(&by_device_id("de")), @"GET devices(deviceId='de')");
    assert!(
        shown(&registered_to("ada"))
            .starts_with("GET users/ada/registeredDevices/microsoft.graph.device?$select=id,")
    );
    assert!(
        shown(&owned_by("ada")).starts_with("GET users/ada/ownedDevices/microsoft.graph.device?$select=id,")
    );
}

#[test]
fn a_device_is_disabled_and_deleted() {
    assert_snapshot!(shown(&set_enabled("d", false)), @r#"
    PATCH devices/d
    content-type: application/json
    {"accountEnabled":false}
    "#);
    assert_snapshot!(shown(&delete("d")), @"DELETE devices/d");
}

#[test]
fn changes_of_devices_are_asked_for_and_read() {
    assert_snapshot!(shown(&delta(["id", "displayName"])), @"GET devices/delta?$select=id,displayName");
    assert_snapshot!(shown(&delta_from_now(["id"])), @"GET devices/delta?$select=id&$deltatoken=latest");

    let page = read(
        &delta(["id"]),
        r#"{"@odata.deltaLink":"https://graph.microsoft.com/v1.0/devices/delta?$deltatoken=x",
            "value":[{"id":"d","@removed":{"reason":"changed"}}]}"#,
    )
    .unwrap();

    let [Lenient::Row(gone)] = &page.items[..] else {
        panic!("{page:?}")
    };
    assert!(gone.removed.is_some() && gone.device.id == "d");
}
