//! Devices: of the directory, and of Intune.

use http::StatusCode;
use serde_json::Value;

use super::{
    answer::Answer,
    caller::Caller,
    delta, read_only,
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
    options: "$select $filter $count $orderby $search",
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
    read_only(caller, &DEVICES)?;
    let table = &caller.tenant.devices;
    match rest {
        [] => caller.table("devices", &LIST, table),
        ["delta"] => delta::devices(caller),
        ["deviceId=", id] => {
            let row = table.present().find(|row| {
                let own = row.get("deviceId").and_then(Value::as_str);
                own.is_some_and(|own| own.eq_ignore_ascii_case(id))
            });
            caller.entity("devices", &DEVICE, row, id)
        }
        [id] => caller.entity("devices", &DEVICE, table.get(id), id),
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
