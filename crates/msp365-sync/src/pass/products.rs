//! What products are called: by their names, else by the part numbers of the tenant's own licences, else by their ids.

use std::collections::{BTreeMap, BTreeSet};

use msp365_core::TenantId;
use msp365_graph::sku_names;
use msp365_store::{LicenseRow, Names, PageCommit, Resource, Result, Rows, Store, UserLicense, UserRow};

use crate::stream::Tenant;

/// Rows read at a time.
const PAGE: usize = 1_000;

/// What products without a name of ours are called in a tenant, by their ids.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts(BTreeMap<String, String>);

impl Parts {
    fn of(licenses: &[LicenseRow]) -> Self {
        let unnamed = licenses
            .iter()
            .filter(|row| sku_names::name(&row.sku_id).is_none());
        let named = unnamed.filter_map(|row| {
            let part = row.sku_part_number.as_deref()?;
            let name = sku_names::name(part).unwrap_or(part);
            Some((row.sku_id.clone(), name.to_owned()))
        });
        Self(named.collect())
    }

    /// The products of licences by their names, as lists show them.
    pub(super) fn names(&self, licenses: &[UserLicense]) -> Names {
        Names::of(licenses.iter().map(|license| {
            let id = license.sku_id.as_str();
            sku_names::name(id)
                .or_else(|| self.0.get(id).map(String::as_str))
                .unwrap_or(id)
        }))
    }

    /// Those of these users whose products are called otherwise by now.
    fn renamed(&self, users: Vec<UserRow>) -> Vec<UserRow> {
        let renamed = users.into_iter().filter_map(|mut user| {
            let names = self.names(&user.licenses);
            (names != user.products).then(|| {
                user.products = names;
                user
            })
        });
        renamed.collect()
    }
}

/// Calls the products of a page of users by what the stored licences of the tenant tell.
pub(crate) async fn call_by_parts(store: &dyn Store, tenant: &TenantId, rows: &mut [Rows]) -> Result<()> {
    let users = rows.iter_mut().filter_map(|rows| match rows {
        Rows::Users(users) => Some(users),
        _ => None,
    });
    // Who holds a product without a name has its id among the names.
    let by_id = |user: &UserRow| {
        let mut held = user.licenses.iter();
        held.any(|license| user.products.contains(&license.sku_id))
    };
    let mut users: Vec<&mut UserRow> = users.flatten().filter(|user| by_id(user)).collect();
    let held = users.iter().flat_map(|user| &user.licenses);
    let ids: BTreeSet<&String> = held.map(|license| &license.sku_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let known = store.rows_of(tenant, Resource::Licenses, &ids).await?;
    let parts = Parts::of(licenses(&known));
    for user in &mut users {
        user.products = parts.names(&user.licenses);
    }
    Ok(())
}

fn licenses(rows: &Rows) -> &[LicenseRow] {
    match rows {
        Rows::Licenses(rows) => rows,
        _ => &[],
    }
}

impl Tenant<'_> {
    /// What the stored licences call the products without a name of ours.
    pub(super) async fn parts(&self) -> Result<Parts> {
        let (mut parts, mut after) = (Parts::default(), None);
        loop {
            let page = self
                .store
                .rows(&self.id, Resource::Licenses, after.as_deref(), PAGE);
            let page = page.await?;
            parts.0.extend(Parts::of(licenses(&page)).0);
            after = page.last_key();
            if page.len() < PAGE {
                return Ok(parts);
            }
        }
    }

    /// Calls the products of all stored users anew where licences tell otherwise than before. Both are read side by
    /// side, so a user may be stored before the licences are, and licences may be read alone.
    pub(super) async fn call_anew(&self, before: &Parts) -> Result<()> {
        let parts = self.parts().await?;
        if parts == *before {
            return Ok(());
        }
        let mut after = None;
        loop {
            let page = self.store.rows(&self.id, Resource::Users, after.as_deref(), PAGE);
            let page = page.await?;
            let (read, last) = (page.len(), page.last_key());
            if let Rows::Users(users) = page {
                self.replace(parts.renamed(users)).await?;
            }
            if read < PAGE {
                return Ok(());
            }
            after = last;
        }
    }

    /// Stores users again. The stream stays where it is, and nobody is removed: who is stored so counts as seen by a
    /// listing that is under way.
    async fn replace(&self, users: Vec<UserRow>) -> Result<()> {
        if users.is_empty() {
            return Ok(());
        }
        let stream = self.store.stream(&self.id, Resource::Users).await?;
        let mut page = PageCommit::new(self.id, self.epoch, Resource::Users, stream.generation);
        (page.cursor, page.phase) = (stream.cursor, stream.phase);
        self.store.commit(page.rows(users)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use msp365_store::{DirectoryStore, MemoryStore, PassStart, TenantRecord, TenantStore};

    use super::*;

    /// A product that nobody has heard of.
    const ADDON: &str = "10000000-0000-4000-8000-000000000001";
    /// Microsoft 365 E3.
    const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";

    fn bought(id: &str, part: &str) -> LicenseRow {
        let mut row = LicenseRow::new(id);
        row.sku_part_number = Some(part.to_owned());
        row
    }

    fn ada() -> Vec<Rows> {
        let mut ada = UserRow::new("ada");
        let products = [ADDON, E3, "20000000-0000-4000-8000-000000000002"];
        ada.licenses = products.map(UserLicense::new).to_vec();
        ada.products = Parts::default().names(&ada.licenses);
        vec![vec![ada].into()]
    }

    fn products(rows: &[Rows]) -> &[String] {
        match rows {
            [Rows::Users(users)] => &users[0].products,
            _ => panic!("{rows:?}"),
        }
    }

    #[tokio::test]
    async fn a_product_without_a_name_is_called_by_its_part_number() {
        let store = MemoryStore::new();
        let tenant: TenantId = "c0000000-0000-4000-8000-000000000001".parse().unwrap();
        let record = TenantRecord::new(tenant, "Contoso");
        store.upsert_tenants(&[record]).await.unwrap();
        let start = PassStart::new(tenant, 0, Resource::Licenses, "all", Timestamp::UNIX_EPOCH);
        let begun = store.begin(&start).await.unwrap();
        let page = PageCommit::new(tenant, begun.epoch, Resource::Licenses, begun.generation);
        let rows = vec![bought(ADDON, "CONTOSO_ADDON"), bought(E3, "SPE_E3")];
        store.commit(page.rows(rows)).await.unwrap();
        let mut rows = ada();

        call_by_parts(&store, &tenant, &mut rows).await.unwrap();

        assert_eq!(
            products(&rows),
            [
                "20000000-0000-4000-8000-000000000002",
                "CONTOSO_ADDON",
                "Microsoft 365 E3"
            ]
        );
    }

    #[test]
    fn a_part_number_that_has_a_name_is_called_by_it() {
        let parts = Parts::of(&[bought(ADDON, "SPE_E5"), bought(E3, "ANOTHER")]);

        let names = parts.names(&[ADDON, E3].map(UserLicense::new));

        assert_eq!(&*names, ["Microsoft 365 E3", "Microsoft 365 E5"]);
    }

    #[test]
    fn only_who_is_called_otherwise_is_stored_again() {
        let Some(Rows::Users(mut users)) = ada().pop() else {
            panic!("users")
        };
        users.push(UserRow::new("bo"));

        let renamed = Parts::of(&[bought(ADDON, "CONTOSO_ADDON")]).renamed(users);

        let ids: Vec<_> = renamed.iter().map(|user| user.id.as_str()).collect();
        assert_eq!(ids, ["ada"]);
        assert!(Parts::default().renamed(vec![UserRow::new("bo")]).is_empty());
    }
}
