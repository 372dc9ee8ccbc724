//! Lists as one viewer sees them: a tenant that the viewer may not see is answered as one that does not exist.

use msp365_actions::explain::{Area, Viewer};
use msp365_core::TenantId;
use msp365_store::{Resource, RowPage, RowQuery, TenantFilter, TenantRecord, UserPage, UserQuery, UserView};

use crate::{Error, Msp365};

impl Msp365 {
    /// Stored users of all tenants, some, or one, among those that the viewer may see.
    ///
    /// # Errors
    /// `Invalid` for an impossible page; `Storage`.
    pub async fn users_for(&self, viewer: &Viewer<'_>, query: &UserQuery) -> Result<UserPage, Error> {
        let query = query.clone().only_in(self.in_view(viewer, Area::Users).await?);
        self.users(&query).await
    }

    /// How many users a query has on all pages for the viewer, and whether that is all: at most `most` are counted.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn user_count_for(
        &self,
        viewer: &Viewer<'_>,
        query: &UserQuery,
        most: u64,
    ) -> Result<(u64, bool), Error> {
        let query = query.clone().only_in(self.in_view(viewer, Area::Users).await?);
        Ok(self.store().user_count(&query, most).await?)
    }

    /// Stored rows of any resource, in tenants where the viewer may see that resource's [area](area_of).
    ///
    /// # Errors
    /// `Invalid` for an impossible page; `Storage`.
    pub async fn rows_for(&self, viewer: &Viewer<'_>, query: &RowQuery) -> Result<RowPage, Error> {
        let area = area_of(query.resource());
        let query = query.clone().only_in(self.in_view(viewer, area).await?);
        Ok(self.store().row_page(&query).await?)
    }

    /// How many rows a query has on all pages for the viewer, and whether that is all: at most `most` are counted.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn row_count_for(
        &self,
        viewer: &Viewer<'_>,
        query: &RowQuery,
        most: u64,
    ) -> Result<(u64, bool), Error> {
        let area = area_of(query.resource());
        let query = query.clone().only_in(self.in_view(viewer, area).await?);
        Ok(self.store().row_count(&query, most).await?)
    }

    /// The stored tenants that match the filter and that the viewer may list, by name, then id.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn tenants_for(
        &self,
        viewer: &Viewer<'_>,
        filter: &TenantFilter,
    ) -> Result<Vec<TenantRecord>, Error> {
        let mut tenants = self.store().tenants(filter).await?;
        tenants.retain(|tenant| viewer.sees(Area::Tenants, &tenant.id));
        Ok(tenants)
    }

    /// The users whose [cards](Self::details) the viewer looked at last, the latest first: at most five, if they are
    /// still stored and the viewer may still see them.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn recently_viewed(&self, viewer: &Viewer<'_>) -> Result<Vec<UserView>, Error> {
        let mut users = self.store().recently_viewed(viewer.id()).await?;
        users.retain(|user| viewer.sees(Area::Users, &user.tenant_id));
        Ok(users)
    }

    /// The tenants whose data in an area a technician may see.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn in_view(&self, viewer: &Viewer<'_>, area: Area) -> Result<Vec<TenantId>, Error> {
        let tenants = self.store().tenants(&TenantFilter::all()).await?;
        Ok(viewer.in_view(area, tenants.into_iter().map(|tenant| tenant.id)))
    }
}

/// The area that a resource's rows belong to: devices; licences, activity and mailboxes are reports; everything else is
/// users.
pub const fn area_of(resource: Resource) -> Area {
    match resource {
        Resource::Devices | Resource::ManagedDevices => Area::Devices,
        Resource::Licenses | Resource::SignIns | Resource::Mailboxes => Area::Reports,
        _ => Area::Users,
    }
}
