//! The names of the built-in directory roles.

use crate::names::rows;

/// Template id and name; source and date stand in the file.
const TABLE: &str = include_str!("../data/roles.tsv");

/// The name of a built-in role by its template id, letter case aside.
///
/// ```
/// use msp365_graph::roles;
///
/// assert_eq!(roles::name("62e90394-69f5-4237-9190-012177145e10"), Some("Global Administrator"));
/// ```
pub fn name(template_id: &str) -> Option<&'static str> {
    rows(TABLE)
        .find(|[id, _]| id.eq_ignore_ascii_case(template_id))
        .map(|[_, name]| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_are_unique_and_ids_are_guids() {
        let mut seen = std::collections::HashSet::new();

        for [id, name] in rows(TABLE) {
            assert!(seen.insert(id) && seen.insert(name), "{id} {name}");
            let lengths: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        }
        assert!(seen.len() > 90);
    }

    #[test]
    fn a_custom_role_has_no_name_here() {
        assert_eq!(name("c0000000-0000-4000-8000-000000000001"), None);
        assert_eq!(name(""), None);
    }
}
