//! A user's cards, and previews, for a particular viewer.

use std::fmt;

use msp365_actions::{
    details::{self, Change, Details, Hanging, Preview, Wanted},
    explain::{Area, Viewer},
};
use msp365_core::{ErrorKind, TenantId};
use msp365_store::{MatchKind, TenantRecord, UserColumn, UserFilter, UserQuery};

use crate::{Error, Msp365};

/// Users' details as one viewer sees them. What the viewer may not see is answered as if it did not exist.
#[derive(Clone, Copy)]
pub struct Cards<'a> {
    msp: &'a Msp365,
    viewer: Viewer<'a>,
}

impl fmt::Debug for Cards<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cards")
            .field("viewer", &self.viewer)
            .finish_non_exhaustive()
    }
}

impl<'a> Cards<'a> {
    pub(crate) const fn new(msp: &'a Msp365, viewer: Viewer<'a>) -> Self {
        Self { msp, viewer }
    }

    /// A user's cards, by object id or name, read now; [`details::live`] says how many requests that takes. Only the
    /// mailbox usage comes from the last pass. The viewing is recorded for [`Msp365::recently_viewed`].
    ///
    /// # Errors
    /// `NotFound` for a tenant or user that does not exist, or that the viewer may not see; the kind of the refusal if
    /// the tenant cannot be read at all; `Storage`.
    pub async fn live(&self, tenant: &TenantId, user: &str, wanted: &Wanted) -> Result<Details, Error> {
        let record = self.record(tenant).await?;
        let client = self.msp.tenant(tenant);
        let found = Box::pin(details::live(&client, &record, user, wanted, self.msp.now())).await;
        let mut found = found.map_err(hidden)?;
        if found.mailbox.is_some() {
            let stored = details::mailbox(&**self.msp.store(), tenant, &found.name).await?;
            found.mailbox = Some(stored);
        }
        self.note(&found).await?;
        self.linked(found).await
    }

    /// A user's cards, by object id or name, from the database alone; [`details::stored`] says what they lack. The
    /// viewing is recorded for [`Msp365::recently_viewed`].
    ///
    /// # Errors
    /// `NotFound` for a tenant or user that is not stored, or that the viewer may not see; `Storage`.
    pub async fn stored(&self, tenant: &TenantId, user: &str, wanted: &Wanted) -> Result<Details, Error> {
        let record = self.record(tenant).await?;
        let id = self.id(tenant, user).await?;
        let (store, now) = (&**self.msp.store(), self.msp.now());
        let found = Box::pin(details::stored(store, &record, &id, wanted, now)).await?;
        let found = found.ok_or_else(no_such_user)?;
        self.note(&found).await?;
        self.linked(found).await
    }

    /// What a user, by object id or name, would gain and lose by a change of groups. Nothing is changed.
    ///
    /// # Errors
    /// As for [`live`](Self::live).
    pub async fn preview(&self, tenant: &TenantId, user: &str, change: &Change) -> Result<Preview, Error> {
        let record = self.record(tenant).await?;
        let client = self.msp.tenant(tenant);
        let facts = Box::pin(details::facts(&client, &record, user, change, self.msp.now())).await;
        Ok(details::preview(&facts.map_err(hidden)?, change))
    }

    /// Groups, by object id, with the licences, teams, applications and roles that depend on each.
    ///
    /// # Errors
    /// As for [`live`](Self::live).
    pub async fn hanging(
        &self,
        tenant: &TenantId,
        groups: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Vec<Hanging>, Error> {
        self.record(tenant).await?;
        Ok(Box::pin(details::hanging(&self.msp.tenant(tenant), groups)).await?)
    }

    /// The user that corresponds to a contact of the tool, by the last matching; `None` if none is certain, or the
    /// viewer may not see it.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn user_of_contact(&self, contact: &str) -> Result<Option<(TenantId, String)>, Error> {
        let pairs = self.msp.store().matches_to(MatchKind::Contacts, contact).await?;
        let user = details::user_of_contact(&pairs, contact);
        Ok(user.filter(|(tenant, _)| self.viewer.sees(Area::Users, tenant)))
    }

    async fn record(&self, tenant: &TenantId) -> Result<TenantRecord, Error> {
        if !self.viewer.sees(Area::Users, tenant) {
            return Err(no_such_user());
        }
        let record = self.msp.store().tenant(tenant).await?;
        record.ok_or_else(no_such_user)
    }

    /// The object id of a stored user.
    async fn id(&self, tenant: &TenantId, user: &str) -> Result<String, Error> {
        for column in [UserColumn::Id, UserColumn::UserPrincipalName] {
            let filter = UserFilter::parse(&format!("{}={user}", column.as_str()), self.msp.now())?;
            let query = UserQuery::all().tenants([*tenant]).filter(filter).page(1, 1);
            if let Some(found) = self.msp.store().users(&query).await?.rows.into_iter().next() {
                return Ok(found.user.id);
            }
        }
        Err(no_such_user())
    }

    /// Remembers whom the viewer looked at.
    async fn note(&self, seen: &Details) -> Result<(), Error> {
        let (store, now) = (self.msp.store(), self.msp.now());
        Ok(store
            .viewed(self.viewer.id(), &seen.tenant, &seen.user, now)
            .await?)
    }

    async fn linked(&self, mut details: Details) -> Result<Details, Error> {
        if details.devices.is_some() {
            let (store, ids) = (self.msp.store(), details.device_ids());
            let pairs = store
                .matches_of(MatchKind::Devices, &details.tenant, &ids)
                .await?;
            details.link_devices(&pairs, &self.viewer);
        }
        Ok(details)
    }
}

fn no_such_user() -> Error {
    Error::Actions(details::no_such_user().into())
}

/// That the service does not know the user is said as it is said of those who may not be seen.
fn hidden(error: msp365_client::Error) -> Error {
    if error.kind() == ErrorKind::NotFound && error.token().is_none() {
        no_such_user()
    } else {
        error.into()
    }
}
