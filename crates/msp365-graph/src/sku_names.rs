//! The names of products, which no API gives.

use crate::names::rows;

/// Product id, part number and name; source and date stand in the file.
const TABLE: &str = include_str!("../data/skus.tsv");

/// The name of a product by its part number or id, letter case aside.
///
/// ```
/// use msp365_graph::sku_names;
///
/// assert_eq!(sku_names::name("SPE_E3"), Some("Microsoft 365 E3"));
/// assert_eq!(sku_names::name("05e9a617-0261-4cee-bb44-138d3ef5d965"), Some("Microsoft 365 E3"));
/// ```
pub fn name(part_number_or_id: &str) -> Option<&'static str> {
    rows(TABLE)
        .find(|[id, part, _]| {
            id.eq_ignore_ascii_case(part_number_or_id) || part.eq_ignore_ascii_case(part_number_or_id)
        })
        .map(|[_, _, name]| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_part_numbers_are_unique_and_ids_are_guids() {
        let mut seen = std::collections::HashSet::new();

        for [id, part, name] in rows(TABLE) {
            assert!(seen.insert(id) && seen.insert(part), "{id} {part}");
            assert!(!name.trim().is_empty());
            let lengths: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        }
        assert!(seen.len() > 80);
    }

    #[test]
    fn an_unknown_product_has_no_name() {
        assert_eq!(name("NEW_PRODUCT"), None);
        assert_eq!(name(""), None);
    }
}
