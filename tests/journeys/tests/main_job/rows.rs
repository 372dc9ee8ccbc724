//! Stored rows as JSON, by tenant, resource and key.

use std::collections::{BTreeMap, BTreeSet};

use msp365::{
    TenantId,
    store::{Resource, Store, TenantFilter},
};
use serde_json::Value;

/// Rows by key, of each tenant and resource that has any.
pub(crate) type Tables = BTreeMap<(TenantId, Resource), BTreeMap<String, Value>>;

/// Rows read at a time: few, so that reading on after a key is tried, too.
const PAGE: usize = 300;

/// Every row of the store.
pub(crate) async fn stored(store: &dyn Store) -> Tables {
    let mut tables = Tables::new();
    for tenant in store.tenants(&TenantFilter::all()).await.unwrap() {
        for resource in Resource::ALL {
            let mut after = None;
            loop {
                let page = store
                    .rows(&tenant.id, resource, after.as_deref(), PAGE)
                    .await
                    .unwrap();
                let (length, last) = (page.len(), page.last_key());
                let mut document = serde_json::to_value(page).unwrap();
                let Value::Array(rows) = document["rows"].take() else {
                    panic!("rows are a list");
                };
                for row in rows {
                    let twice = tables
                        .entry((tenant.id, resource))
                        .or_default()
                        .insert(key(resource, &row), row);
                    assert_eq!(twice, None, "a key occurs once");
                }
                if length < PAGE {
                    break;
                }
                after = last;
            }
        }
    }
    tables
}

/// The text that names a row within its table.
pub(crate) fn key(resource: Resource, row: &Value) -> String {
    let names: &[&str] = match resource {
        Resource::Memberships => &["group_id", "member_id"],
        Resource::Licenses => &["sku_id"],
        Resource::SignIns => &["user_id"],
        Resource::Mailboxes => &["user_principal_name"],
        _ => &["id"],
    };
    let parts: Vec<_> = names.iter().map(|name| row[*name].as_str().unwrap()).collect();
    parts.join("/")
}

/// The rows of one tenant.
pub(crate) fn of(tables: &Tables, tenant: TenantId) -> Tables {
    let own = tables.iter().filter(|((id, _), _)| *id == tenant);
    own.map(|(place, rows)| (*place, rows.clone())).collect()
}

/// Fails with the first differences, if there are any.
#[track_caller]
pub(crate) fn assert_same(stored: &Tables, expected: &Tables) {
    let places: BTreeSet<_> = stored.keys().chain(expected.keys()).collect();
    let none = BTreeMap::new();
    let mut differences = Vec::new();
    for place in places {
        let (left, right) = (
            stored.get(place).unwrap_or(&none),
            expected.get(place).unwrap_or(&none),
        );
        for key in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
            if left.get(key) != right.get(key) {
                let (left, right) = (shown(left.get(key)), shown(right.get(key)));
                differences.push(format!("{place:?} {key}\n  stored   {left}\n  expected {right}"));
            }
        }
    }
    let first: Vec<_> = differences.iter().take(3).cloned().collect();
    assert!(
        differences.is_empty(),
        "{} rows differ:\n{}",
        differences.len(),
        first.join("\n")
    );
}

fn shown(row: Option<&Value>) -> String {
    row.map_or_else(|| "nothing".to_owned(), Value::to_string)
}
