//! Devices of somebody who leaves, or comes back.

use crate::{
    Plan, Refused,
    facts::{Machine, Person},
    plan::{Left, StepKind},
    refused::Reason,
};

/// What becomes of the devices of a user who leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Devices {
    /// They stay as they are.
    #[default]
    Kept,
    /// They cannot be signed in with any more; a rehire allows them again.
    Disabled,
    /// They are deleted from the directory, for good.
    Deleted,
}

/// Disables or deletes what is kept here; names what is kept on-premises.
pub(super) fn give_up(what: Devices, person: &Person, plan: &mut Plan) -> Result<(), Refused> {
    if what == Devices::Kept {
        return Ok(());
    }
    let Some(machines) = &person.devices else {
        return Err(Reason::NotKnown.with(
            "the devices of the user were not read",
            "ask for them, which takes `Device.Read.All`",
        ));
    };
    for machine in machines {
        let (user, device, name) = (person.whom(), machine.id.clone(), machine.name.clone());
        match what {
            _ if machine.is_synced => plan.left.push(Left::new(
                format!("device `{name}`"),
                "it is joined on-premises as well",
                "disable or delete it in the directory on-premises; the next synchronisation brings it here",
            )),
            Devices::Deleted => {
                plan.push(StepKind::DeleteDevice { user, device, name });
            }
            _ if machine.is_enabled => {
                plan.push(StepKind::EnableDevice {
                    user,
                    device,
                    name,
                    is_enabled: false,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The devices that a plan disables, by id and name: those that a rehire allows again.
pub(super) fn given_up(plan: &Plan) -> Vec<(String, String)> {
    let disabled = plan.steps.iter().filter_map(|step| match &step.kind {
        StepKind::EnableDevice {
            device,
            name,
            is_enabled: false,
            ..
        } => Some((device.clone(), name.clone())),
        _ => None,
    });
    disabled.collect()
}

/// What no rehire brings back.
pub(super) fn lost(person: &Person) -> Vec<Left> {
    let machines = person.devices.iter().flatten();
    let ours = machines.filter(|machine| !machine.is_synced);
    ours.map(|Machine { name, .. }| {
        Left::new(
            format!("bringing back device `{name}`"),
            "a deleted device does not come back",
            "register or join the device again",
        )
    })
    .collect()
}
