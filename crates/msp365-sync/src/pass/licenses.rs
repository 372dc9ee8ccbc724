//! What a tenant has bought.

use msp365_core::id::canonical;
use msp365_graph::subscribed_skus::{self, SubscribedSku};
use msp365_store::{LicenseRow, Resource, Rows};

use crate::stream::{Converted, Source};

/// The listing of products.
pub(crate) fn source() -> Source<SubscribedSku> {
    Source {
        resource: Resource::Licenses,
        request: subscribed_skus::list_lenient(),
        convert,
        covers: &[Resource::Licenses],
        look: None,
    }
}

fn convert(skus: Vec<SubscribedSku>) -> Converted {
    Converted {
        rows: vec![Rows::Licenses(skus.into_iter().map(row).collect())],
        ..Converted::default()
    }
}

fn row(sku: SubscribedSku) -> LicenseRow {
    let units = sku.prepaid_units.unwrap_or_default();
    // The id is `{tenant}_{sku}`; it serves where the product's own id is absent.
    let sku_id = sku
        .sku_id
        .unwrap_or_else(|| sku.id.rsplit('_').next().unwrap_or_default().to_owned());
    let mut row = LicenseRow::new(canonical(sku_id));
    row.sku_part_number = sku.sku_part_number;
    row.applies_to = sku.applies_to.map(|to| to.to_string());
    row.capability_status = sku.capability_status.map(|status| status.to_string());
    row.consumed = sku.consumed_units.unwrap_or_default();
    row.enabled = units.enabled.unwrap_or_default();
    row.warning = units.warning.unwrap_or_default();
    row.suspended = units.suspended.unwrap_or_default();
    row.locked_out = units.locked_out.unwrap_or_default();
    row
}
