//! Devices: whether they are there, where they are kept, and who may change them.

use msp365_graph::devices::Device;

use super::*;

const DEVICE: &str = "de000000-0000-4000-8000-000000000001";

fn changing(change: DeviceChange) -> Action {
    Action::ChangeDevice {
        device: DEVICE.to_owned(),
        change,
    }
}

/// Ada with a device of these properties; `None`: there is none.
fn with_device(differing: Option<&Value>) -> TargetFacts {
    let mut target = plain();
    let device = differing.map(|differing| {
        let mut device =
            json!({"id": DEVICE, "displayName": "ADA-1", "accountEnabled": true, "trustType": "AzureAd"});
        device
            .as_object_mut()
            .unwrap()
            .extend(differing.as_object().unwrap().clone());
        from::<Device>(device)
    });
    target.named_devices.insert(DEVICE.to_owned(), Known::Is(device));
    target
}

fn at(change: DeviceChange, target: &TargetFacts) -> Explanation {
    said(&["Cloud Device Administrator"], &changing(change), target)
}

#[test]
fn a_device_that_is_gone_is_as_a_deletion_wants_it_and_cannot_be_disabled() {
    let gone = with_device(None);

    assert_eq!(at(DeviceChange::Delete, &gone).verdict, Verdict::AlreadySo);
    for change in [DeviceChange::Disable, DeviceChange::Enable] {
        assert_eq!(broken(&at(change, &gone)), Some(LinkId::Target), "{change:?}");
    }
    assert_eq!(at(DeviceChange::Delete, &plain()).verdict, Verdict::Unknown);
}

#[test]
fn a_device_is_changed_though_its_user_is_gone() {
    let mut target = with_device(Some(&json!({})));
    target.user = Known::Is(None);

    assert_eq!(at(DeviceChange::Disable, &target).verdict, Verdict::WillWork);
}

#[test]
fn a_device_is_disabled_once() {
    let (on, off) = (
        with_device(Some(&json!({}))),
        with_device(Some(&json!({"accountEnabled": false}))),
    );

    assert_eq!(at(DeviceChange::Disable, &on).verdict, Verdict::WillWork);
    assert_eq!(at(DeviceChange::Disable, &off).verdict, Verdict::AlreadySo);
    assert_eq!(at(DeviceChange::Enable, &on).verdict, Verdict::AlreadySo);
    assert_eq!(at(DeviceChange::Enable, &off).verdict, Verdict::WillWork);
    assert_eq!(at(DeviceChange::Delete, &off).verdict, Verdict::WillWork);
}

#[test]
fn a_device_that_is_joined_on_premises_too_is_kept_there() {
    let hybrid = with_device(Some(&json!({"trustType": "ServerAd"})));

    for change in [DeviceChange::Disable, DeviceChange::Delete] {
        assert_eq!(
            broken(&at(change, &hybrid)),
            Some(LinkId::OnPremises),
            "{change:?}"
        );
    }
}

#[test]
fn a_device_that_an_earlier_step_deleted_is_gone_for_the_next() {
    let steps = [DeviceChange::Delete, DeviceChange::Disable].map(changing);
    let target = with_device(Some(&json!({})));

    let said = said(
        &["Cloud Device Administrator"],
        &Action::Offboard(steps.into()),
        &target,
    );

    assert_eq!(said.parts[0].verdict, Verdict::WillWork);
    assert_eq!(said.parts[1].verdict, Verdict::WillNot);
}

#[test]
fn devices_are_changed_by_those_who_are_let_into_their_area() {
    let levels: Levels = from(json!({
        "levels": {
            "people": {"areas": {"users": "administer"}},
            "both": {"areas": {"users": "view", "devices": "manage"}},
            "looking": {"areas": {"users": "administer", "devices": "view"}},
            "machines": {"areas": {"devices": "administer"}},
        },
        "technicians": {
            "ada": {"level": "people", "tenants": "all", "sites": "all"},
            "bo": {"level": "both", "tenants": "all", "sites": "all"},
            "cleo": {"level": "looking", "tenants": "all", "sites": "all"},
            "dan": {"level": "machines", "tenants": "all", "sites": "all"},
        },
    }));
    let tenant = "11111111-2222-3333-4444-555555555555".parse().unwrap();
    let disable = changing(DeviceChange::Disable);
    let leaving = Action::Offboard(vec![Action::Block, disable.clone()]);
    let decide = |who: &str, action: &Action| {
        let ask = Ask::action(tenant, action.kind());
        Actor::asking(&levels, who, &ask, action).decision
    };
    let lacks =
        |said: Decision, what: &str| matches!(said, Decision::Forbidden { needs } if needs.contains(what));

    assert!(lacks(decide("ada", &disable), "the area `devices`"));
    assert!(lacks(decide("ada", &leaving), "the area `devices`"));
    assert_eq!(decide("bo", &disable), Decision::Allowed);
    assert!(lacks(decide("cleo", &disable), "the tier `manage`"));
    assert_eq!(decide("dan", &disable), Decision::Hidden);
}
