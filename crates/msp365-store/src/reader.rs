//! Reading what the passes have stored.

use async_trait::async_trait;
use msp365_core::TenantId;

use crate::{OddRow, Resource, Result, RowPage, RowQuery, Rows, UserPage, UserQuery, UserView};

/// Shows what the passes have stored.
#[async_trait]
pub trait DirectoryReader: Send + Sync + 'static {
    /// How many rows there are of these tenants; of all tenants if none is given.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64>;

    /// How many rows there are of each tenant and resource that has any, ordered by both.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>>;

    /// At most `limit` rows of a tenant ordered by [`key`](Rows::last_key), those after one key.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn rows(
        &self,
        tenant: &TenantId,
        resource: Resource,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows>;

    /// The rows of these [keys](Rows::last_key), as far as they are there, ordered by key.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn rows_of(&self, tenant: &TenantId, resource: Resource, keys: &[String]) -> Result<Rows>;

    /// The ids of the groups that somebody is in directly, in order.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn groups_of(&self, tenant: &TenantId, member: &str) -> Result<Vec<String>>;

    /// The rows that could not be decoded and were set aside, oldest first.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn odd_rows(&self, tenant: &TenantId) -> Result<Vec<OddRow>>;

    /// One page of the user list over tenants, with the number of users on all pages.
    ///
    /// # Errors
    /// `Invalid` if the query has a page mark that no store gave; `Storage` if the database failed.
    async fn users(&self, query: &UserQuery) -> Result<UserPage> {
        let mut page = self.user_page(query).await?;
        (page.count, _) = self.user_count(query, u64::MAX).await?;
        Ok(page)
    }

    /// One page of the user list over tenants, without the count.
    ///
    /// # Errors
    /// `Invalid` if the query has a page mark that no store gave; `Storage` if the database failed.
    async fn user_page(&self, query: &UserQuery) -> Result<UserPage>;

    /// How many users there are on all pages of a query, and whether these are all: at most `most` are counted.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn user_count(&self, query: &UserQuery, most: u64) -> Result<(u64, bool)>;

    /// One page of a list of rows over tenants.
    ///
    /// # Errors
    /// `Invalid` if the query has a page mark that no store gave; `Storage` if the database failed.
    async fn row_page(&self, query: &RowQuery) -> Result<RowPage>;

    /// How many rows there are on all pages of a query, and whether these are all: at most `most` are counted.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn row_count(&self, query: &RowQuery, most: u64) -> Result<(u64, bool)>;

    /// The users that a technician has viewed last, the last one first: at most five, those that are still stored.
    ///
    /// # Errors
    /// `Storage` if the database failed.
    async fn recently_viewed(&self, technician: &str) -> Result<Vec<UserView>>;
}
