//! Service principals, and what they are allowed to do on behalf of users.

use serde_json::Value;

use super::{
    answer::Answer,
    caller::Caller,
    read_only,
    rights::{PERMISSION_GRANTS, SERVICE_PRINCIPALS},
    unknown,
};
use crate::odata::{
    Refused, Rules,
    access::{O_AUTH2_PERMISSION_GRANT, SERVICE_PRINCIPAL},
};

const PRINCIPALS: Rules = Rules {
    shape: &SERVICE_PRINCIPAL,
    page: 100,
    top: Some(999),
    options: "$select $filter $count $orderby $search",
    order: "displayName",
    directory: true,
};
const GRANTS: Rules = Rules {
    shape: &O_AUTH2_PERMISSION_GRANT,
    page: 100,
    top: Some(999),
    options: "$select $filter",
    order: "",
    directory: false,
};

pub(super) fn serve(caller: &Caller<'_>, path: &[&str]) -> Result<Answer, Refused> {
    match path {
        ["servicePrincipals", rest @ ..] => {
            read_only(caller, &SERVICE_PRINCIPALS)?;
            let table = &caller.tenant.service_principals;
            match rest {
                [] => caller.table("servicePrincipals", &PRINCIPALS, table),
                ["appId=", app] => {
                    let row = table.present().find(|row| {
                        row.get("appId")
                            .and_then(Value::as_str)
                            .is_some_and(|own| own.eq_ignore_ascii_case(app))
                    });
                    caller.entity("servicePrincipals", &SERVICE_PRINCIPAL, row, app)
                }
                [id] => caller.entity("servicePrincipals", &SERVICE_PRINCIPAL, table.get(id), id),
                rest => Err(unknown(rest)),
            }
        }
        ["oauth2PermissionGrants", rest @ ..] => {
            read_only(caller, &PERMISSION_GRANTS)?;
            let table = &caller.tenant.permission_grants;
            match rest {
                [] => caller.table("oauth2PermissionGrants", &GRANTS, table),
                [id] => caller.entity(
                    "oauth2PermissionGrants",
                    &O_AUTH2_PERMISSION_GRANT,
                    table.get(id),
                    id,
                ),
                rest => Err(unknown(rest)),
            }
        }
        path => Err(unknown(path)),
    }
}
