//! Devices of those who leave: disabled and allowed again, or deleted for good.

use msp365::actions::{Ask, Devices, Facts, Offboard, Reason, StepState, rehire};
use serde_json::Value;

use crate::desk::{Desk, open};

/// A desk where the first of its people has two devices of the cloud and one that is joined on-premises as well.
fn equipped() -> (Desk, String, [String; 3]) {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let devices = desk.cloud.edit(|world| {
        ["ADA-1", "ADA-2", "ADA-3"].map(|name| world.add_device(desk.tenant, &ada, name).unwrap())
    });
    desk.cloud
        .edit(|world| world.set_device(desk.tenant, &devices[2], "trustType", "ServerAd"));
    (desk, ada, devices)
}

async fn facts(desk: &Desk, user: &str) -> Facts {
    let mut facts = desk.facts(&Ask::user(user).devices()).await;
    let machines = facts.person.as_mut().unwrap().devices.as_mut().unwrap();
    machines.retain(|machine| machine.name.starts_with("ADA-"));
    machines.sort_by(|a, b| a.name.cmp(&b.name));
    facts
}

fn is_enabled(desk: &Desk, device: &str) -> Option<bool> {
    let found = desk
        .truth("device")
        .into_iter()
        .find(|line| line["id"] == device)?;
    found.get("accountEnabled").and_then(Value::as_bool)
}

#[tokio::test]
async fn devices_are_disabled_with_the_user_and_come_back_with_a_rehire() {
    let (desk, ada, [one, two, joined]) = equipped();
    let facts = facts(&desk, &ada).await;
    let plan = Offboard::user()
        .devices(Devices::Disabled)
        .plan(&facts, &open())
        .unwrap();
    assert_eq!(plan.steps.len(), 2, "{plan}");
    assert!(plan.left.iter().any(|left| left.what.contains("ADA-3")), "{plan}");

    let outcome = desk.run(&plan).await;

    assert!(
        outcome.is_done() && outcome.steps.iter().all(|step| step.is_confirmed),
        "{outcome}"
    );
    assert_eq!(
        [&one, &two, &joined].map(|id| is_enabled(&desk, id)),
        [Some(false), Some(false), Some(true)]
    );
    let back = rehire(
        plan.snapshot.as_ref().unwrap(),
        &desk.facts(&Ask::user(&ada).devices()).await,
    )
    .unwrap();
    assert!(desk.run(&back).await.is_done(), "{back}");
    assert_eq!(
        [&one, &two].map(|id| is_enabled(&desk, id)),
        [Some(true), Some(true)]
    );
}

#[tokio::test]
async fn deleted_devices_are_named_as_gone_for_good() {
    let (desk, ada, [one, two, joined]) = equipped();
    let facts = facts(&desk, &ada).await;
    let plan = Offboard::user()
        .block()
        .devices(Devices::Deleted)
        .plan(&facts, &open())
        .unwrap();
    let lost = |name: &str| {
        plan.left
            .iter()
            .any(|left| left.what == format!("bringing back device `{name}`"))
    };
    assert!(lost("ADA-1") && lost("ADA-2") && !lost("ADA-3"), "{plan}");

    let outcome = desk.run(&plan).await;

    assert!(outcome.is_done(), "{outcome}");
    assert_eq!(
        [&one, &two, &joined].map(|id| is_enabled(&desk, id).is_some()),
        [false, false, true]
    );
    let undo = outcome.inverse().unwrap();
    assert_eq!((undo.steps.len(), undo.left.len()), (1, 2), "{undo}");
    let back = rehire(plan.snapshot.as_ref().unwrap(), &desk.about(&ada).await).unwrap();
    assert_eq!(back.steps.len(), 1, "sign-in alone: {back}");
}

#[tokio::test]
async fn a_device_that_is_gone_by_now_needs_no_deleting() {
    let (desk, ada, [one, ..]) = equipped();
    let plan = Offboard::user()
        .devices(Devices::Deleted)
        .plan(&facts(&desk, &ada).await, &open());
    let plan = plan.unwrap();
    assert!(desk.cloud.edit(|world| world.remove_device(desk.tenant, &one)));

    let outcome = desk.run(&plan).await;

    let states: Vec<_> = outcome.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::NoChange, StepState::Applied], "{outcome}");
}

#[tokio::test]
async fn devices_that_were_not_read_are_not_guessed_at() {
    let (desk, ada, _) = equipped();

    let refused = Offboard::user()
        .devices(Devices::Disabled)
        .plan(&desk.about(&ada).await, &open());

    assert_eq!(refused.unwrap_err().reason, Reason::NotKnown);
}
