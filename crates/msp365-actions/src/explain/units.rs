//! Administrative units: the roles that an application holds over the target's, and what a restricted one keeps out.

use std::collections::BTreeSet;

use super::{Action, chain::Case, tables::Task};

/// How a restricted administrative unit bears on what is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Restriction {
    /// Not at all.
    None,
    /// Roles of the whole tenant do not change its members, not even the highest.
    Keeps,
    /// The application holds roles over units. Which of them are restricted, no request here tells, and a unit may hide
    /// its members.
    Unsure,
}

pub(super) fn restriction(case: &Case<'_>, tasks: &[Task]) -> Restriction {
    let user = match case.action {
        Action::SetManagerOf { user, .. } => case.target.other(user).ok().flatten(),
        _ => case.target.user.get().and_then(Option::as_ref),
    };
    let is_in = user.is_some_and(|user| user.is_management_restricted == Some(true));
    let changes = |task: &Task| task.matrix.is_some() || ["edit", "manager"].contains(&task.name);
    if !is_in || !tasks.iter().any(changes) {
        Restriction::None
    } else if case.tenant.own_unit_roles.is_empty() {
        Restriction::Keeps
    } else {
        Restriction::Unsure
    }
}

/// The roles that the application holds over the units that the user is in.
pub(super) fn roles(case: &Case<'_>) -> Result<BTreeSet<String>, &'static str> {
    let over = &case.tenant.own_unit_roles;
    if over.is_empty() {
        return Ok(BTreeSet::new());
    }
    let Some(units) = case.target.units.get() else {
        return Err("it is not known which units the user is in");
    };
    let held = units.iter().filter_map(|unit| over.get(unit)).flatten();
    Ok(held.cloned().collect())
}
