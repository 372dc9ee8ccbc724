//! The stored rows of one user, found by its ids: what is read does not grow with the tenant.

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_store::{
    DeviceRow, DirectoryReader, ManagedDeviceRow, Resource, Result, RoleAssignmentRow, RowQuery, Rows,
};

/// Rows of a page.
const PAGE: usize = 500;
/// Values that one question names.
const VALUES: usize = 50;

/// Reads rows of one tenant.
#[derive(Clone, Copy)]
pub(super) struct Owned<'a> {
    pub(super) reader: &'a dyn DirectoryReader,
    pub(super) tenant: TenantId,
    pub(super) now: Timestamp,
}

impl Owned<'_> {
    /// The devices that Intune manages for somebody.
    pub(super) async fn managed(self, user: &str) -> Result<Vec<ManagedDeviceRow>> {
        let mut found = Vec::new();
        let mut take = |rows| {
            if let Rows::ManagedDevices(rows) = rows {
                found.extend(rows);
            }
        };
        self.each(Resource::ManagedDevices, "user_id", &[user.to_owned()], &mut take)
            .await?;
        Ok(found)
    }

    /// The devices of the directory with these registrations.
    pub(super) async fn devices(self, ids: &[String]) -> Result<Vec<DeviceRow>> {
        let mut found = Vec::new();
        let mut take = |rows| {
            if let Rows::Devices(rows) = rows {
                found.extend(rows);
            }
        };
        self.each(Resource::Devices, "device_id", ids, &mut take).await?;
        Ok(found)
    }

    /// The role assignments of these holders.
    pub(super) async fn roles(self, holders: &[String]) -> Result<Vec<RoleAssignmentRow>> {
        let mut found = Vec::new();
        let mut take = |rows| {
            if let Rows::RoleAssignments(rows) = rows {
                found.extend(rows);
            }
        };
        self.each(Resource::RoleAssignments, "principal_id", holders, &mut take)
            .await?;
        Ok(found)
    }

    /// All rows whose column is one of the values, some at a time.
    async fn each(
        self,
        resource: Resource,
        column: &str,
        values: &[String],
        take: &mut (dyn FnMut(Rows) + Send),
    ) -> Result<()> {
        for some in values.chunks(VALUES) {
            let wanted = format!("{column}={}", some.join("|"));
            let query = RowQuery::of(resource)
                .tenants([self.tenant])
                .filter(&wanted, self.now)?
                .page(1, PAGE);
            let mut page = self.reader.row_page(&query).await?;
            loop {
                let next = page.next.take();
                take(page.rows);
                let Some(mark) = next else { break };
                page = self.reader.row_page(&query.clone().after(mark)).await?;
            }
        }
        Ok(())
    }
}
