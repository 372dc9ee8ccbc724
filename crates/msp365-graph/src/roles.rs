//! The built-in directory roles: their names, and which of them are privileged.

use std::{collections::HashMap, sync::LazyLock};

use crate::names::rows;

/// Template id, name, whether privileged; source and date are in the file.
const TABLE: &str = include_str!("../data/roles.tsv");

static BY_ID: LazyLock<HashMap<&str, Role>> = LazyLock::new(|| all().map(|role| (role.id, role)).collect());

/// A built-in directory role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Role {
    /// The template id, which is also the id of the role definition, in every tenant.
    pub id: &'static str,
    /// The name.
    pub name: &'static str,
    /// Whether Microsoft calls it privileged: it can be used to gain further rights.
    pub is_privileged: bool,
}

/// All built-in roles.
pub fn all() -> impl Iterator<Item = Role> {
    rows(TABLE).map(|[id, name, privileged]| Role {
        id,
        name,
        is_privileged: privileged == "P",
    })
}

/// A built-in role by its template id, ignoring case.
pub fn find(template_id: &str) -> Option<Role> {
    BY_ID.get(template_id.to_ascii_lowercase().as_str()).copied()
}

/// The name of a built-in role by its template id, ignoring case.
///
/// ```
/// use msp365_graph::roles;
///
/// assert_eq!(roles::name("62e90394-69f5-4237-9190-012177145e10"), Some("Global Administrator"));
/// ```
pub fn name(template_id: &str) -> Option<&'static str> {
    find(template_id).map(|role| role.name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{licenses::is_guid, names::checks};

    #[test]
    fn the_table_is_consistent() {
        checks::is_well_formed(TABLE, 3);
        let mut seen = HashSet::new();

        for role in all() {
            assert!(seen.insert(role.id) && seen.insert(role.name), "{role:?}");
            assert!(
                is_guid(role.id) && role.id == role.id.to_ascii_lowercase(),
                "{role:?}"
            );
        }
        assert!(seen.len() > 240);
    }

    #[test]
    fn a_custom_role_has_no_name_here() {
        assert_eq!(name("c0000000-0000-4000-8000-000000000001"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn privileged_roles_are_marked() {
        assert!(
            find("FE930BE7-5E62-47DB-91AF-98C3A49A38B1")
                .unwrap()
                .is_privileged
        );
        assert!(
            !find("4a5d8f65-41da-4de4-8968-e035b65339cf")
                .unwrap()
                .is_privileged
        );
    }
}
