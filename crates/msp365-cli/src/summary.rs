//! What the database holds of some tenants, summed up.

use std::collections::{BTreeMap, HashMap, HashSet};

use comfy_table::Table;
use msp365::{
    Msp365, TenantId,
    actions::waste::FREE,
    graph::sku_names,
    store::{LicenseRow, Resource, Rows, Store, TenantRecord, UserFilter, UserQuery},
};

use crate::{failure::Failure, output};

/// Rows read from the store at a time.
const PAGE: usize = 1_000;
/// Products that the summary names.
const PRODUCTS: usize = 5;
/// How long an account is silent that counts as inactive.
const INACTIVE: &str = "last_sign_in>90d";

/// Counts per tenant, licences by product, and who is active.
pub(crate) struct Summary {
    counts: HashMap<(TenantId, Resource), u64>,
    assigned: HashMap<TenantId, i64>,
    products: BTreeMap<String, (i64, i64)>,
    inactive: u64,
    never: u64,
    disabled: u64,
}

impl Summary {
    pub(crate) async fn read(msp: &Msp365, tenants: &[TenantId]) -> Result<Self, Failure> {
        let store = &**msp.store();
        let wanted: HashSet<_> = tenants.iter().copied().collect();
        let counts = store.counts().await.map_err(msp365::Error::from)?;
        let mut summary = Self {
            counts: counts
                .into_iter()
                .filter(|(tenant, ..)| wanted.contains(tenant))
                .map(|(tenant, resource, count)| ((tenant, resource), count))
                .collect(),
            assigned: HashMap::new(),
            products: BTreeMap::new(),
            inactive: 0,
            never: 0,
            disabled: 0,
        };
        for tenant in tenants {
            for row in licences(store, *tenant).await? {
                *summary.assigned.entry(*tenant).or_default() += row.consumed;
                if row
                    .sku_part_number
                    .as_deref()
                    .is_some_and(|part| FREE.contains(&part))
                {
                    continue;
                }
                let name = name(&row);
                let product = summary.products.entry(name).or_default();
                product.0 += row.consumed;
                product.1 += row.enabled + row.warning;
            }
        }
        if !tenants.is_empty() {
            summary.inactive = count(msp, tenants, INACTIVE).await?;
            summary.never = count(msp, tenants, "last_sign_in=never").await?;
            summary.disabled = count(msp, tenants, "account_enabled=false").await?;
        }
        Ok(summary)
    }

    /// Rows of a resource over all tenants.
    pub(crate) fn total(&self, resource: Resource) -> u64 {
        self.counts
            .iter()
            .filter(|((_, of), _)| *of == resource)
            .map(|(_, count)| count)
            .sum()
    }

    fn of(&self, tenant: TenantId, resource: Resource) -> u64 {
        self.counts.get(&(tenant, resource)).copied().unwrap_or_default()
    }

    /// The products with most assigned units, on one line each.
    pub(crate) fn licences(&self) -> String {
        let mut products: Vec<_> = self.products.iter().collect();
        products.sort_by_key(|(name, (assigned, _))| (-assigned, name.as_str()));
        let assigned: i64 = self.products.values().map(|(assigned, _)| assigned).sum();
        let bought: i64 = self.products.values().map(|(_, bought)| bought).sum();
        let head = format!("Licences: {assigned} of {bought} units assigned, free products aside.");
        let lines = products
            .into_iter()
            .take(PRODUCTS)
            .map(|(name, (assigned, bought))| format!("  {name}: {assigned} of {bought}"));
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    }

    /// How many users are active, on one line.
    pub(crate) fn activity(&self) -> String {
        format!(
            "Activity: last sign-in known of {} users, {} of them more than 90 days ago; {} never signed in; {} are \
             disabled; mailbox usage of {}.",
            self.total(Resource::SignIns),
            self.inactive,
            self.never,
            self.disabled,
            self.total(Resource::Mailboxes)
        )
    }
}

/// A line per tenant: name, status, users, devices, licences, reason, remedy.
pub(crate) fn tenants(records: &[TenantRecord], summary: &Summary) -> Table {
    let mut table = output::table(&[
        "Customer", "Status", "Users", "Devices", "Licences", "Reason", "Remedy",
    ]);
    for record in records {
        table.add_row([
            output::shown(&record.name),
            record.status.as_str().to_owned(),
            summary.of(record.id, Resource::Users).to_string(),
            summary.of(record.id, Resource::Devices).to_string(),
            summary
                .assigned
                .get(&record.id)
                .copied()
                .unwrap_or_default()
                .to_string(),
            output::shown(record.reason.as_deref().unwrap_or_default()),
            output::shown(record.remedy.as_deref().unwrap_or_default()),
        ]);
    }
    table
}

async fn licences(store: &dyn Store, tenant: TenantId) -> Result<Vec<LicenseRow>, Failure> {
    match store
        .rows(&tenant, Resource::Licenses, None, PAGE)
        .await
        .map_err(msp365::Error::from)?
    {
        Rows::Licenses(rows) => Ok(rows),
        _ => Ok(Vec::new()),
    }
}

/// The product's name, or its part number, or its id.
fn name(row: &LicenseRow) -> String {
    let part = row.sku_part_number.as_deref();
    let known = sku_names::name(&row.sku_id).or_else(|| part.and_then(sku_names::name));
    known.or(part).unwrap_or(&row.sku_id).to_owned()
}

async fn count(msp: &Msp365, tenants: &[TenantId], condition: &str) -> Result<u64, Failure> {
    let filter = UserFilter::parse(condition, msp.now()).map_err(msp365::Error::from)?;
    let query = UserQuery::all()
        .tenants(tenants.iter().copied())
        .filter(filter)
        .page(1, 1);
    Ok(msp.users(&query).await?.count)
}
