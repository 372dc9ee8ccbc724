//! The names of products and of their service plans, which no API gives.

use std::{collections::HashMap, sync::LazyLock};

use crate::names::rows;

/// Product id, part number and name; source and date are in the file.
const SKUS: &str = include_str!("../data/skus.tsv");
/// Service plan id, name and display name.
const PLANS: &str = include_str!("../data/service_plans.tsv");
/// Product id and the ids of its service plans.
const CONTENTS: &str = include_str!("../data/sku_plans.tsv");

static BY_KEY: LazyLock<HashMap<String, Product>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    for product in all() {
        // If two products share a part number, the first one keeps it.
        found
            .entry(product.part_number.to_ascii_lowercase())
            .or_insert(product);
        found.entry(product.id.to_ascii_lowercase()).or_insert(product);
    }
    found
});

static PLAN_BY_ID: LazyLock<HashMap<&str, Plan>> =
    LazyLock::new(|| plans().map(|plan| (plan.id, plan)).collect());

static CONTENTS_BY_ID: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| rows(CONTENTS).map(|[sku, plans]| (sku, plans)).collect());

/// A product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Product {
    /// The id, `skuId` in Graph.
    pub id: &'static str,
    /// The part number, `skuPartNumber` in Graph.
    pub part_number: &'static str,
    /// The name.
    pub name: &'static str,
}

/// A service plan, a part of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Plan {
    /// The id, `servicePlanId` in Graph.
    pub id: &'static str,
    /// The name in Graph, such as `EXCHANGE_S_STANDARD`.
    pub part_name: &'static str,
    /// The name.
    pub name: &'static str,
}

/// All products; those that providers meet most often come first.
pub fn all() -> impl Iterator<Item = Product> {
    rows(SKUS).map(|[id, part_number, name]| Product {
        id,
        part_number,
        name,
    })
}

/// The service plans of the common products.
pub fn plans() -> impl Iterator<Item = Plan> {
    rows(PLANS).map(|[id, part_name, name]| Plan { id, part_name, name })
}

/// A product by its part number or id, ignoring case.
pub fn find(part_number_or_id: &str) -> Option<Product> {
    BY_KEY.get(&part_number_or_id.to_ascii_lowercase()).copied()
}

/// The name of a product by its part number or id, ignoring case.
///
/// ```
/// use msp365_graph::sku_names;
///
/// assert_eq!(sku_names::name("SPE_E3"), Some("Microsoft 365 E3"));
/// assert_eq!(sku_names::name("05e9a617-0261-4cee-bb44-138d3ef5d965"), Some("Microsoft 365 E3"));
/// ```
pub fn name(part_number_or_id: &str) -> Option<&'static str> {
    find(part_number_or_id).map(|product| product.name)
}

/// A service plan by its id, ignoring case.
pub fn plan(id: &str) -> Option<Plan> {
    PLAN_BY_ID.get(id.to_ascii_lowercase().as_str()).copied()
}

/// The service plans of a product, by its part number or id; empty if they are not known here.
pub fn plans_of(part_number_or_id: &str) -> impl Iterator<Item = Plan> {
    let contents = find(part_number_or_id).and_then(|product| CONTENTS_BY_ID.get(product.id));
    contents.copied().unwrap_or_default().split(' ').filter_map(plan)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{licenses::is_guid, names::checks};

    #[test]
    fn the_tables_are_consistent() {
        checks::is_well_formed(SKUS, 3);
        checks::is_well_formed(PLANS, 3);
        checks::is_well_formed(CONTENTS, 2);
        let ids: HashSet<_> = all().map(|product| product.id).collect();
        let plan_ids: HashSet<_> = plans().map(|plan| plan.id).collect();

        assert_eq!((ids.len(), plan_ids.len()), (all().count(), plans().count()));
        assert!(
            ids.iter()
                .chain(&plan_ids)
                .all(|id| is_guid(id) && **id == id.to_ascii_lowercase())
        );
        for [sku, contents] in rows(CONTENTS) {
            assert!(ids.contains(sku), "{sku}");
            assert!(contents.split(' ').all(|id| plan_ids.contains(id)), "{sku}");
        }
        assert!(ids.len() >= 150 && rows::<2>(CONTENTS).count() >= 50);
    }

    #[test]
    fn one_part_number_alone_stands_for_two_products() {
        let mut parts: Vec<_> = all()
            .map(|product| product.part_number.to_ascii_lowercase())
            .collect();
        let all = parts.len();
        parts.sort();
        parts.dedup();

        assert_eq!(all - parts.len(), 1);
    }

    #[test]
    fn an_unknown_product_has_no_name() {
        assert_eq!(name("NEW_PRODUCT"), None);
        assert_eq!(name(""), None);
        assert_eq!(plans_of("NEW_PRODUCT").count(), 0);
    }

    #[test]
    fn a_product_knows_its_service_plans() {
        let names: Vec<_> = plans_of("O365_BUSINESS_ESSENTIALS")
            .map(|plan| plan.part_name)
            .collect();

        assert!(names.contains(&"EXCHANGE_S_STANDARD"), "{names:?}");
    }
}
