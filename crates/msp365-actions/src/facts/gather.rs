//! Reading the facts, live and in few requests.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use msp365_client::{Error, TenantClient};
use msp365_core::{Batch, ErrorKind, Page, Request};
use msp365_graph::groups;

use super::{
    Facts, administrators,
    slots::{PersonSlots, TenantSlots, deleted_person},
};

/// Which facts are wanted.
#[derive(Debug, Clone, Default)]
#[must_use = "what is asked for is read by `gather`"]
pub struct Ask {
    pub(super) user: Option<String>,
    pub(super) is_deleted: bool,
    pub(super) name: Option<String>,
    pub(super) groups: Vec<String>,
    pub(super) others: BTreeSet<String>,
    pub(super) managed: BTreeSet<String>,
    more: BTreeSet<More>,
}

/// What is asked for beside what every plan takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum More {
    Methods,
    Passes,
    Devices,
}

impl Ask {
    /// About a user, by object id.
    pub fn user(id: impl Into<String>) -> Self {
        Self {
            user: Some(id.into()),
            ..Self::default()
        }
    }

    /// About a deleted user, by object id.
    pub fn deleted(id: impl Into<String>) -> Self {
        Self {
            is_deleted: true,
            ..Self::user(id)
        }
    }

    /// About a user to be made, by the name for signing in.
    pub fn newcomer(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }

    /// About these groups too. Twenty of them are one request.
    pub fn groups(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups.extend(ids.into_iter().map(Into::into));
        self
    }

    /// About whether these other users are there, too: who takes over reports or groups, or becomes a manager.
    pub fn others(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.others.extend(ids.into_iter().map(Into::into));
        self
    }

    /// About who is the manager of these users, too: of those whose manager comes back.
    pub fn managers_of(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.managed.extend(ids.into_iter().map(Into::into));
        self
    }

    /// About the methods by which the user proves who they are, too.
    pub fn methods(mut self) -> Self {
        self.more.insert(More::Methods);
        self
    }

    /// About the devices that the user registered or owns, too.
    pub fn devices(mut self) -> Self {
        self.more.insert(More::Devices);
        self
    }

    /// About temporary passes too: what the tenant allows.
    pub fn passes(mut self) -> Self {
        self.more.insert(More::Passes);
        self
    }

    pub(super) fn wants(&self, more: More) -> bool {
        self.more.contains(&more)
    }
}

/// Reads the facts of a tenant: one batch, one more for groups that are owned, and one more for a Global Administrator. Lists of more than a page take
/// further requests.
///
/// Permission: `User.Read.All`, `Organization.Read.All`, `Domain.Read.All`, `GroupMember.Read.All`,
/// `RoleManagement.Read.Directory`; for passes `Policy.Read.AuthenticationMethod`, for methods
/// `UserAuthenticationMethod.Read.All`, for devices `Device.Read.All`. What may not be read is named among the facts as not read; a user that may not
/// be read is an error.
///
/// # Errors
/// `NotFound` for an unknown user; the kind of a request that failed.
pub async fn gather(tenant: &TenantClient, ask: &Ask, now: Timestamp) -> Result<Facts, Error> {
    Box::pin(read(tenant, ask, now)).await
}

async fn read(tenant: &TenantClient, ask: &Ask, now: Timestamp) -> Result<Facts, Error> {
    let mut facts = Facts::new(tenant.id(), now);
    let mut batch = Batch::new();
    let slots = TenantSlots::ask(&mut batch, ask);
    let person = ask.user.as_ref().filter(|_| !ask.is_deleted);
    let person = person.map(|id| PersonSlots::ask(&mut batch, id, ask));

    let mut answers = tenant.batch(batch).await?;
    let mut take = Taken {
        tenant,
        facts: &mut facts,
    };
    slots.take(&mut take, &mut answers).await?;
    if let Some(slots) = person {
        let person = Box::pin(slots.take(&mut take, &mut answers)).await?;
        facts.person = Some(person);
    }
    if let Some(id) = ask.user.as_ref().filter(|_| ask.is_deleted) {
        let mut deleted = facts.deleted.iter().flatten();
        facts.person = deleted.find(|user| user.id == *id).map(deleted_person);
    }
    own(tenant, &mut facts).await?;
    administrators::complete(tenant, &mut facts).await?;
    Ok(facts)
}

/// Finds out which of the owned groups have no other owner. Where that may not be read it is not known.
async fn own(tenant: &TenantClient, facts: &mut Facts) -> Result<(), Error> {
    let owned = facts.person.as_mut().and_then(|person| person.owned.as_mut());
    let Some(owned) = owned.filter(|owned| !owned.is_empty()) else {
        return Ok(());
    };
    let mut batch = Batch::new();
    let slots: Vec<_> = owned
        .iter()
        .map(|owned| batch.add(groups::owners(&owned.group).top(2)))
        .collect();
    let mut answers = tenant.batch(batch).await?;
    for (owned, slot) in owned.iter_mut().zip(slots) {
        owned.is_last = match answers.take(slot) {
            Ok(owners) => Some(owners.items.len() < 2 && owners.next.is_none()),
            Err(error) if may_be_absent(error.kind()) => None,
            Err(error) => return Err(error),
        };
    }
    Ok(())
}

/// Takes answers, and reads on where a list has more than a page.
pub(super) struct Taken<'a> {
    pub(super) tenant: &'a TenantClient,
    pub(super) facts: &'a mut Facts,
}

impl Taken<'_> {
    /// All rows of a listing whose first page is there.
    pub(super) async fn all<T: Send + 'static>(
        &self,
        first: Result<Page<T>, Error>,
        listing: Request<Page<T>>,
    ) -> Result<Vec<T>, Error> {
        let first = first?;
        let mut rows = first.items;
        if let Some(next) = first.next {
            let further = self.tenant.stream(listing.resume(next));
            rows.extend(further.try_collect::<Vec<_>>().await?);
        }
        Ok(rows)
    }

    /// The same; what may not be read is noted.
    pub(super) async fn rows<T: Send + 'static>(
        &mut self,
        what: &str,
        first: Result<Page<T>, Error>,
        listing: Request<Page<T>>,
    ) -> Result<Option<Vec<T>>, Error> {
        let rows = self.all(first, listing).await;
        self.one(what, rows)
    }

    /// One thing; what may not be read is noted.
    pub(super) fn one<T>(&mut self, what: &str, found: Result<T, Error>) -> Result<Option<T>, Error> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(error) if may_be_absent(error.kind()) => {
                self.facts.unread.push(format!("{what}: {}", error.words()));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

pub(super) const fn may_be_absent(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Denied | ErrorKind::Consent | ErrorKind::Unlicensed | ErrorKind::NotFound
    )
}
