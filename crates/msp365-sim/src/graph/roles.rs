//! Directory roles: who has which.

use super::{answer::Answer, caller::Caller, read_only, rights::ROLES, unknown};
use crate::odata::{Refused, Rules, tenant};

const ASSIGNMENTS: Rules = Rules {
    shape: &tenant::UNIFIED_ROLE_ASSIGNMENT,
    page: 100,
    top: Some(999),
    options: "$select $filter $count",
    order: "",
    directory: false,
};
const DEFINITIONS: Rules = Rules {
    shape: &tenant::UNIFIED_ROLE_DEFINITION,
    ..ASSIGNMENTS
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let (name, rest) = rest.split_first().ok_or_else(|| unknown(&["directory"]))?;
    let (rules, table) = match *name {
        "roleAssignments" => (ASSIGNMENTS, &caller.tenant.role_assignments),
        "roleDefinitions" => (DEFINITIONS, &caller.tenant.role_definitions),
        other => return Err(Refused::unknown_segment(other)),
    };
    read_only(caller, &ROLES)?;
    let what = format!("roleManagement/directory/{name}");
    match rest {
        [] => caller.table(&what, &rules, table),
        [id] => caller.entity(&what, rules.shape, table.get(id), id),
        rest => Err(unknown(rest)),
    }
}
