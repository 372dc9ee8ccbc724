//! Who holds which directory role.

use msp365_core::id::canonical;
use msp365_graph::{
    role_assignments::{self, RoleAssignment},
    roles,
};
use msp365_store::{Resource, RoleAssignmentRow, Rows};

use crate::stream::{Converted, Source};

/// The listing of role assignments.
pub(crate) fn source() -> Source<RoleAssignment> {
    Source {
        resource: Resource::RoleAssignments,
        request: role_assignments::list_lenient(),
        convert,
        covers: &[Resource::RoleAssignments],
        look: None,
    }
}

fn convert(assignments: Vec<RoleAssignment>) -> Converted {
    Converted {
        rows: vec![Rows::RoleAssignments(assignments.into_iter().map(row).collect())],
        ..Converted::default()
    }
}

fn row(assignment: RoleAssignment) -> RoleAssignmentRow {
    let mut row = RoleAssignmentRow::new(assignment.id);
    row.principal_id = canonical(assignment.principal_id.unwrap_or_default());
    row.role_definition_id = canonical(assignment.role_definition_id.unwrap_or_default());
    row.role_name = roles::name(&row.role_definition_id).map(str::to_owned);
    row.directory_scope_id = assignment.directory_scope_id;
    row
}
