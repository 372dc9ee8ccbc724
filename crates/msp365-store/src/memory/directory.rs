//! Rows and streams in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use msp365_core::TenantId;

use super::{Entry, MemoryStore, Odd, State};
use crate::{
    DirectoryReader, DirectoryStore, Error, MembershipRow, OddRow, PageCommit, PageCounts, PassEnd,
    PassStart, Phase, Removal, Resource, Result, RowPage, RowQuery, Rows, StreamState, Unseen, UserPage,
    UserQuery, UserView,
    query::RECENT,
    row::{Row, any_rows, join},
};

#[async_trait]
impl DirectoryStore for MemoryStore {
    async fn stream(&self, tenant: &TenantId, resource: Resource) -> Result<StreamState> {
        let mut state = self.state();
        let epoch = state.known(tenant)?.epoch;
        let found = state.streams.get(&(*tenant, resource)).cloned();
        Ok(StreamState {
            epoch,
            ..found.unwrap_or_default()
        })
    }

    async fn begin(&self, start: &PassStart) -> Result<StreamState> {
        let mut state = self.state();
        state.fence(&start.tenant, start.epoch)?;
        let stream = state.streams.entry((start.tenant, start.resource)).or_default();
        stream.generation += 1;
        stream.phase = Phase::Reading;
        stream.cursor = None;
        stream.fingerprint = Some(start.fingerprint.clone());
        stream.begun_at = Some(start.at);
        Ok(StreamState {
            epoch: start.epoch,
            ..stream.clone()
        })
    }

    async fn commit(&self, page: PageCommit) -> Result<PageCounts> {
        let mut state = self.state();
        state.fence(&page.tenant, page.epoch)?;
        state.current(&page.tenant, page.resource, page.generation)?;
        let mut counts = PageCounts::default();
        for rows in page.rows {
            any_rows!(rows, rows => for row in rows {
                state.put(&page.tenant, page.generation, row, &mut counts);
            });
        }
        for removal in &page.removed {
            counts.removed += state.remove(&page.tenant, removal);
        }
        for odd in page.odd {
            state.set_aside(Odd {
                tenant: page.tenant,
                stream: page.resource,
                generation: page.generation,
                row: odd,
            });
        }
        let stream = state.streams.entry((page.tenant, page.resource)).or_default();
        stream.cursor = page.cursor;
        stream.phase = page.phase;
        Ok(counts)
    }

    async fn unseen(&self, tenant: &TenantId, table: Resource, generation: i64) -> Result<Unseen> {
        let mut state = self.state();
        state.known(tenant)?;
        let rows = state.table(tenant, table);
        let unseen = rows.filter(|(_, entry)| entry.generation < generation);
        Ok(Unseen::of(unseen.map(|(key, _)| key.clone()).collect()))
    }

    async fn finish(&self, end: PassEnd) -> Result<u64> {
        let mut state = self.state();
        state.fence(&end.tenant, end.epoch)?;
        state.current(&end.tenant, end.resource, end.generation)?;
        let mut swept = 0;
        for resource in &end.sweep {
            let table = state.tables.entry((end.tenant, *resource)).or_default();
            let old: Vec<String> = table
                .iter()
                .filter(|(_, entry)| entry.generation < end.generation)
                .map(|(key, _)| key.clone())
                .collect();
            for key in old {
                swept += state.drop_row(&end.tenant, *resource, &key);
            }
        }
        state.odd.retain(|odd| {
            odd.tenant != end.tenant || odd.stream != end.resource || odd.generation >= end.generation
        });
        let stream = state.streams.entry((end.tenant, end.resource)).or_default();
        stream.phase = if end.cursor.is_some() {
            Phase::Tracking
        } else {
            Phase::Idle
        };
        stream.cursor = end.cursor;
        stream.fresh_as_of = Some(end.fresh_as_of);
        stream.stale_because = None;
        Ok(swept)
    }

    async fn stale(&self, tenant: &TenantId, resource: Resource, because: &str) -> Result<()> {
        let mut state = self.state();
        state.known(tenant)?;
        let stream = state.streams.entry((*tenant, resource)).or_default();
        stream.stale_because = Some(because.to_owned());
        Ok(())
    }

    async fn purge(&self, tenant: &TenantId) -> Result<u64> {
        let mut state = self.state();
        state.known(tenant)?;
        let mut purged = 0;
        for resource in Resource::ALL {
            state.streams.remove(&(*tenant, resource));
            let table = state.tables.remove(&(*tenant, resource));
            purged += table.map_or(0, |table| table.len() as u64);
        }
        state.odd.retain(|odd| odd.tenant != *tenant);
        state.plans.retain(|_, plan| plan.tenant != *tenant);
        let State { plans, intents, .. } = &mut *state;
        intents.retain(|(plan, _), _| plans.contains_key(plan));
        for viewed in state.viewed.values_mut() {
            viewed.retain(|(of, _)| of != tenant);
        }
        Ok(purged)
    }

    async fn viewed(&self, technician: &str, tenant: &TenantId, user: &str, _at: Timestamp) -> Result<()> {
        let mut state = self.state();
        state.known(tenant)?;
        let viewed = state.viewed.entry(technician.to_owned()).or_default();
        viewed.retain(|(of, id)| of != tenant || id != user);
        viewed.insert(0, (*tenant, user.to_owned()));
        viewed.truncate(RECENT);
        Ok(())
    }
}

#[async_trait]
impl DirectoryReader for MemoryStore {
    async fn count(&self, tenants: &[TenantId], resource: Resource) -> Result<u64> {
        let wanted: BTreeSet<_> = tenants.iter().collect();
        let counts = self.counts().await?;
        let of = |tenant: &TenantId| wanted.is_empty() || wanted.contains(tenant);
        Ok(counts
            .iter()
            .filter(|(tenant, of_resource, _)| *of_resource == resource && of(tenant))
            .map(|(_, _, count)| count)
            .sum())
    }

    async fn counts(&self) -> Result<Vec<(TenantId, Resource, u64)>> {
        let state = self.state();
        let counted = state
            .tables
            .iter()
            .map(|((tenant, resource), table)| (*tenant, *resource, table.len() as u64));
        Ok(counted.filter(|(_, _, count)| *count > 0).collect())
    }

    async fn rows(
        &self,
        tenant: &TenantId,
        resource: Resource,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Rows> {
        let state = self.state();
        Ok(any_rows!(resource, type R => R::into_rows(
            state
                .table(tenant, resource)
                .filter(|(key, _)| after.is_none_or(|after| key.as_str() > after))
                .take(limit)
                .flat_map(|(_, entry)| R::of(&entry.row).iter().cloned())
                .collect(),
        )))
    }

    async fn rows_of(&self, tenant: &TenantId, resource: Resource, keys: &[String]) -> Result<Rows> {
        let state = self.state();
        Ok(any_rows!(resource, type R => R::into_rows(
            state
                .table(tenant, resource)
                .filter(|(key, _)| keys.contains(key))
                .flat_map(|(_, entry)| R::of(&entry.row).iter().cloned())
                .collect(),
        )))
    }

    async fn groups_of(&self, tenant: &TenantId, member: &str) -> Result<Vec<String>> {
        let state = self.state();
        let memberships = state.table(tenant, Resource::Memberships);
        let rows = memberships.flat_map(|(_, entry)| MembershipRow::of(&entry.row));
        let own = rows.filter(|row| row.member_id == member);
        Ok(own.map(|row| row.group_id.clone()).collect())
    }

    async fn odd_rows(&self, tenant: &TenantId) -> Result<Vec<OddRow>> {
        let state = self.state();
        let of_tenant = state.odd.iter().filter(|odd| odd.tenant == *tenant);
        Ok(of_tenant.map(|odd| odd.row.clone()).collect())
    }

    async fn user_page(&self, query: &UserQuery) -> Result<UserPage> {
        self.state().user_page(&query.find)
    }

    async fn user_count(&self, query: &UserQuery, most: u64) -> Result<(u64, bool)> {
        self.state().found(&query.find, most)
    }

    async fn row_page(&self, query: &RowQuery) -> Result<RowPage> {
        let state = self.state();
        any_rows!(query.find.resource, type R => state.row_page::<R>(&query.find))
    }

    async fn row_count(&self, query: &RowQuery, most: u64) -> Result<(u64, bool)> {
        self.state().found(&query.find, most)
    }

    async fn recently_viewed(&self, technician: &str) -> Result<Vec<UserView>> {
        let state = self.state();
        let named = state.viewed.get(technician).cloned().unwrap_or_default();
        let page = state.user_page(&UserQuery::all().only(named.clone()).find)?;
        Ok(page.in_order(&named))
    }
}

impl State {
    pub(super) fn table(
        &self,
        tenant: &TenantId,
        resource: Resource,
    ) -> impl Iterator<Item = (&String, &Entry)> {
        self.tables.get(&(*tenant, resource)).into_iter().flatten()
    }

    pub(super) fn fence(&mut self, tenant: &TenantId, epoch: i64) -> Result<()> {
        if self.known(tenant)?.epoch == epoch {
            Ok(())
        } else {
            Err(Error::Fenced { tenant: *tenant })
        }
    }

    fn current(&self, tenant: &TenantId, resource: Resource, generation: i64) -> Result<()> {
        match self.streams.get(&(*tenant, resource)) {
            Some(stream) if stream.generation == generation => Ok(()),
            _ => Err(Error::Fenced { tenant: *tenant }),
        }
    }

    fn put<R: Row>(&mut self, tenant: &TenantId, generation: i64, row: R, counts: &mut PageCounts) {
        let key = row.key().into_owned();
        self.odd.retain(|odd| {
            odd.tenant != *tenant || odd.row.resource != R::RESOURCE || odd.row.id.as_ref() != Some(&key)
        });
        let table = self.tables.entry((*tenant, R::RESOURCE)).or_default();
        let row = R::into_rows(vec![row]);
        match table.get_mut(&key) {
            None => {
                counts.added += 1;
                table.insert(key, Entry { row, generation });
            }
            Some(entry) => {
                if entry.row == row {
                    counts.unchanged += 1;
                } else {
                    counts.changed += 1;
                    entry.row = row;
                }
                entry.generation = generation;
            }
        }
    }

    fn set_aside(&mut self, new: Odd) {
        if let Some(id) = &new.row.id
            && let Some(table) = self.tables.get_mut(&(new.tenant, new.row.resource))
            && let Some(entry) = table.get_mut(id)
        {
            entry.generation = new.generation;
        }
        let is_same = |odd: &Odd| match (&odd.row.id, &new.row.id) {
            (Some(old), Some(new)) => old == new,
            (None, None) => odd.row.raw == new.row.raw,
            _ => false,
        };
        self.odd
            .retain(|odd| odd.tenant != new.tenant || odd.row.resource != new.row.resource || !is_same(odd));
        self.odd.push(new);
    }

    fn remove(&mut self, tenant: &TenantId, removal: &Removal) -> u64 {
        match removal {
            Removal::Row { resource, id } => {
                let dropped = self.drop_row(tenant, *resource, id);
                if resource.joins_groups() {
                    let members = self.tables.entry((*tenant, Resource::Memberships)).or_default();
                    let end = join(["", id]);
                    members.retain(|membership, _| !membership.ends_with(&*end));
                }
                dropped
            }
            Removal::Membership { group_id, member_id } => {
                self.drop_row(tenant, Resource::Memberships, &join([group_id, member_id]))
            }
        }
    }

    fn drop_row(&mut self, tenant: &TenantId, resource: Resource, key: &str) -> u64 {
        let table = self.tables.entry((*tenant, resource)).or_default();
        let mut dropped = u64::from(table.remove(key).is_some());
        if resource == Resource::Groups {
            let members = self.tables.entry((*tenant, Resource::Memberships)).or_default();
            let before = members.len();
            let prefix = join([key, ""]);
            members.retain(|key, _| !key.starts_with(&*prefix));
            dropped += (before - members.len()) as u64;
        }
        dropped
    }
}
