//! Names of what has none in a plan but an id.

use msp365_graph::{roles, sku_names};

/// The name of a product, or its id where no name is known.
pub(crate) fn product(sku: &str) -> String {
    sku_names::name(sku).unwrap_or(sku).to_owned()
}

/// The name of a directory role, or its id for one of the tenant's own.
pub(crate) fn role(id: &str) -> String {
    roles::name(id).unwrap_or(id).to_owned()
}
