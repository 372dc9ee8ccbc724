//! Devices: of the directory, and of Intune.

use http::StatusCode;
use serde_json::Value;

use super::{
    answer::Answer,
    caller::{Caller, present_after},
    delta, memberships, read_only, relations,
    rights::{DEVICES, MANAGED_DEVICES},
    unknown,
};
use crate::odata::{
    Refused, Rules,
    machines::{DEVICE, MANAGED_DEVICE},
};

const LIST: Rules = Rules {
    shape: &DEVICE,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search $expand",
    order: "displayName",
    directory: true,
};
const MANAGED: Rules = Rules {
    shape: &MANAGED_DEVICE,
    page: 1_000,
    top: Some(1_000),
    options: "$select $filter",
    order: "",
    directory: false,
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let table = &caller.tenant.devices;
    if let [id, rest @ ..] = rest
        && rest.first().is_some_and(|name| memberships::NAMES.contains(name))
    {
        let device = table.get(id).map(|_| *id);
        return memberships::serve(caller, device.ok_or_else(|| Refused::not_found(id)), rest);
    }
    read_only(caller, &DEVICES)?;
    match rest {
        [] => caller.table("devices", &LIST, table),
        ["$count"] => caller.count(&LIST, present_after(table, None).map(|(_, row)| row)),
        ["delta"] => delta::devices(caller),
        ["deviceId=", id] => {
            let row = table.present().find(|row| {
                let own = row.get("deviceId").and_then(Value::as_str);
                own.is_some_and(|own| own.eq_ignore_ascii_case(id))
            });
            caller.entity("devices", &DEVICE, row, id)
        }
        [id] => caller.entity("devices", &DEVICE, table.get(id), id),
        [id, "registeredOwners" | "registeredUsers", cast @ ..] => {
            table.get(id).ok_or_else(|| Refused::not_found(id))?;
            memberships::cast_of(caller, cast, || relations::registrants(caller.tenant, id))
        }
        rest => Err(unknown(rest)),
    }
}

/// What Intune manages.
pub(super) fn managed(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let ["managedDevices", rest @ ..] = rest else {
        return Err(unknown(rest));
    };
    read_only(caller, &MANAGED_DEVICES)?;
    if !caller.tenant.has_intune {
        return Err(Refused::new(
            StatusCode::BAD_REQUEST,
            "BadRequest",
            "{\"_version\":3,\"Message\":\"Request not applicable to target tenant.\"}",
        ));
    }
    let table = &caller.tenant.managed_devices;
    match rest {
        [] => caller.table("deviceManagement/managedDevices", &MANAGED, table),
        [id] => {
            let row = table.get(id);
            if row.is_none() {
                return Err(Refused::new(
                    StatusCode::NOT_FOUND,
                    "ResourceNotFound",
                    "{\"_version\":3}",
                ));
            }
            caller.entity("deviceManagement/managedDevices", &MANAGED_DEVICE, row, id)
        }
        rest => Err(unknown(rest)),
    }
}
