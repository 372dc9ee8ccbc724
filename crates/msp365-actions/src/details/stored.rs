//! The cards from what passes have stored.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_core::id::canonical;
use msp365_graph::portals::PortalTenant;
use msp365_store::{
    GroupRow, LastSignIn, LicenseRow, Resource, Result, Rows, Store, StreamState, TenantRecord, UserRow,
};

use super::{
    Account, Availability, Card, CardKind, Details, DeviceEntry, Gap, GroupEntry, License, PortalLink,
    Profile, RoleEntry, Source, Wanted, Why, device, group,
    license::{self, GroupNames},
    mailbox,
    owned::Owned,
    portal,
    profile::{self, Moments},
    role::{self, Holders, RoleNames},
};

/// Rows read from the store at a time.
const PAGE: usize = 5_000;

/// The cards of a user, by object id, from the database alone; `None`: no such user is stored.
///
/// Each card is as old as the last complete pass over what it is made of, and says so. Passes keep no sign-ins one by one,
/// no applications, no policy on passes, no services of a licence, and of devices those of Intune alone by their user: what
/// is missing is a gap, for which [`live`](fn@super::live) asks.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn stored(
    store: &dyn Store,
    record: &TenantRecord,
    user: &str,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Option<Details>> {
    let tenant = Stored { store, record, now };
    let id = canonical(user);
    let rows = store
        .rows_of(&record.id, Resource::Users, std::slice::from_ref(&id))
        .await?;
    let Rows::Users(rows) = rows else {
        return Ok(None);
    };
    let Some(user) = rows.into_iter().next() else {
        return Ok(None);
    };
    let mut details = Details::new(record.id, &id, now);
    details.name.clone_from(&user.user_principal_name);
    Box::pin(tenant.cards(&user, wanted, &mut details)).await?;
    Ok(Some(details))
}

/// A tenant in the store.
#[derive(Clone, Copy)]
struct Stored<'a> {
    store: &'a dyn Store,
    record: &'a TenantRecord,
    now: Timestamp,
}

impl Stored<'_> {
    async fn cards(self, user: &UserRow, wanted: &Wanted, details: &mut Details) -> Result<()> {
        let users = self.stream(Resource::Users).await?;
        if wanted.has(CardKind::Profile) {
            let gaps = profile::NOT_STORED.map(|part| Gap::known(part, Why::NotStored));
            details.profile = Some(card("profile", &users, Profile::stored(user)).with(gaps));
        }
        if wanted.has(CardKind::Account) {
            details.account = Some(self.account(user, &users).await?);
        }
        if wanted.has(CardKind::Availability) {
            details.availability = Some(self.availability().await?);
        }
        if wanted.has(CardKind::Devices) {
            details.devices = Some(self.devices(user).await?);
        }
        if wanted.has_any(&[CardKind::Groups, CardKind::Licenses, CardKind::Roles]) {
            let groups = self.groups(user).await?;
            let names = group::names(groups.rows());
            if wanted.has(CardKind::Licenses) {
                let bought = self.bought(user).await?;
                details.licenses = Some(licenses((user, &bought), &users, &names));
            }
            if wanted.has(CardKind::Roles) {
                details.roles = Some(self.roles(user, &names).await?);
            }
            details.groups = wanted.then(CardKind::Groups, || groups);
        }
        details.applications = wanted.then(CardKind::Applications, || not_stored("applications"));
        details.sign_ins = wanted.then(CardKind::SignIns, || not_stored("sign_ins"));
        details.passes = wanted.then(CardKind::Passes, || not_stored("passes"));
        if wanted.has(CardKind::Mailbox) {
            let name = &user.user_principal_name;
            details.mailbox = Some(mailbox(self.store, &self.record.id, name).await?);
        }
        details.portals = wanted.then(CardKind::Portals, || self.portals());
        Ok(())
    }

    async fn stream(self, resource: Resource) -> Result<StreamState> {
        self.store.stream(&self.record.id, resource).await
    }

    async fn account(self, user: &UserRow, users: &StreamState) -> Result<Card<Account>> {
        let stream = self.stream(Resource::SignIns).await?;
        let key = std::slice::from_ref(&user.id);
        let row = match self
            .store
            .rows_of(&self.record.id, Resource::SignIns, key)
            .await?
        {
            Rows::SignIns(rows) => rows.into_iter().next(),
            _ => None,
        };
        let moments = Moments::stored(row.as_ref());
        let mut gaps = standing("last_sign_in", &stream);
        let last_sign_in = match moments.latest() {
            LastSignIn::Never => LastSignIn::without(&stream, user.created_at),
            known => known,
        };
        // They were read, and not since the user was made.
        if last_sign_in == LastSignIn::Unknown && gaps.is_empty() {
            gaps.push(Gap::known("last_sign_in", Why::NotSynced));
        }
        let account = Account {
            tenant_name: self.record.name.clone(),
            primary_domain: self.record.default_domain.clone(),
            user_principal_name: Some(user.user_principal_name.clone()),
            usage_location: user.usage_location.clone(),
            sign_in_allowed: user.account_enabled,
            last_sign_in,
            moments,
            last_password_change_at: user.last_password_change_at,
        };
        let domain = self.record.default_domain.is_none();
        let domain = domain.then(|| Gap::known("primary_domain", Why::NotSynced));
        Ok(card("account", users, account).with(gaps).with(domain))
    }

    /// What the tenant bought of the products that a user holds.
    async fn bought(self, user: &UserRow) -> Result<Vec<LicenseRow>> {
        let held: BTreeSet<&String> = user.licenses.iter().map(|one| &one.sku_id).collect();
        let held: Vec<String> = held.into_iter().cloned().collect();
        let rows = self
            .store
            .rows_of(&self.record.id, Resource::Licenses, &held)
            .await?;
        Ok(match rows {
            Rows::Licenses(rows) => rows,
            _ => Vec::new(),
        })
    }

    async fn availability(self) -> Result<Card<Vec<Availability>>> {
        let stream = self.stream(Resource::Licenses).await?;
        let mut products = Vec::new();
        self.each(Resource::Licenses, |rows| {
            if let Rows::Licenses(rows) = rows {
                products.extend(rows.iter().map(Availability::stored));
            }
        })
        .await?;
        Ok(card("availability", &stream, products))
    }

    async fn groups(self, user: &UserRow) -> Result<Card<Vec<GroupEntry>>> {
        let stream = self.stream(Resource::Groups).await?;
        let ids = self.store.groups_of(&self.record.id, &user.id).await?;
        let rows = self
            .store
            .rows_of(&self.record.id, Resource::Groups, &ids)
            .await?;
        let rows: Vec<GroupRow> = match rows {
            Rows::Groups(rows) => rows,
            _ => Vec::new(),
        };
        let mut entries: Vec<_> = rows.iter().map(GroupEntry::stored).collect();
        entries.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        let card = card("groups", &stream, entries);
        Ok(if card.content.is_some() {
            card.with(group::NOT_STORED.map(|part| Gap::known(part, Why::NotStored)))
        } else {
            card
        })
    }

    async fn roles(self, user: &UserRow, groups: &GroupNames) -> Result<Card<Vec<RoleEntry>>> {
        let stream = self.stream(Resource::RoleAssignments).await?;
        let holders = Holders {
            user: &user.id,
            groups,
        };
        let ids: Vec<String> = std::iter::once(&user.id).chain(groups.keys()).cloned().collect();
        let rows = self.owned().roles(&ids).await?;
        let entries = rows
            .iter()
            .filter_map(|row| role::stored(row, &holders))
            .collect();
        let card = card("roles", &stream, role::settled(entries, &RoleNames::new()));
        Ok(card.with([Gap::known("eligible", Why::NotStored)]))
    }

    async fn devices(self, user: &UserRow) -> Result<Card<Vec<DeviceEntry>>> {
        let managed = self.stream(Resource::ManagedDevices).await?;
        let registered = self.stream(Resource::Devices).await?;
        let rows = self.owned().managed(&user.id).await?;
        let own: Vec<_> = rows.into_iter().map(device::Record::from).collect();
        let ids: BTreeSet<String> = own
            .iter()
            .filter_map(|one| one.shared_id().map(str::to_owned))
            .collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let rows = self.owned().devices(&ids).await?;
        let directory = rows.into_iter().map(device::Record::from).collect();
        let mut card = card("intune", &managed, device::merged(directory, own));
        // A card is as old as the oldest of what it is made of.
        let oldest = [managed.fresh_as_of, registered.fresh_as_of]
            .into_iter()
            .flatten()
            .min();
        card.as_of = card.as_of.and(oldest);
        let gaps = standing("directory", &registered);
        Ok(card.with(gaps).with([Gap::known("registered", Why::NotStored)]))
    }

    fn portals(self) -> Card<Vec<PortalLink>> {
        let record = self.record;
        let (links, gaps) = portal::links(&PortalTenant {
            id: &record.id.to_string(),
            default_domain: record.default_domain.as_deref(),
            initial_domain: record.initial_domain.as_deref(),
            share_point_name: None,
        });
        Card::of(Source::Stored, record.listed_at, links).with(gaps)
    }

    /// Finds what is the user's own.
    fn owned(&self) -> Owned<'_> {
        Owned {
            reader: self.store,
            tenant: self.record.id,
            now: self.now,
        }
    }

    /// All rows of a resource of the tenant, some at a time.
    async fn each(self, resource: Resource, mut take: impl FnMut(Rows) + Send) -> Result<()> {
        let mut after = None;
        loop {
            let rows = self
                .store
                .rows(&self.record.id, resource, after.as_deref(), PAGE)
                .await?;
            let (last, is_full) = (rows.last_key(), rows.len() == PAGE);
            take(rows);
            if !is_full {
                return Ok(());
            }
            after = last;
        }
    }
}

fn licenses(
    (user, bought): (&UserRow, &[LicenseRow]),
    users: &StreamState,
    names: &GroupNames,
) -> Card<Vec<License>> {
    let held = license::stored(&user.licenses, bought, names);
    card("licenses", users, held).with(["plans", "ways.problem"].map(|part| Gap::known(part, Why::NotStored)))
}

/// A card of rows, as fresh as their stream. What no pass has read to its end is not known.
pub(super) fn card<T>(part: &'static str, stream: &StreamState, content: T) -> Card<T> {
    let gaps = standing(part, stream);
    let is_read = stream.fresh_as_of.is_some();
    let mut card = Card::of(Source::Stored, stream.fresh_as_of, content).with(gaps);
    if !is_read {
        card.content = None;
    }
    card
}

/// What is wrong with a stream.
fn standing(part: &'static str, stream: &StreamState) -> Vec<Gap> {
    match (&stream.stale_because, stream.fresh_as_of) {
        (Some(because), _) => vec![Gap::stale(part, because)],
        (None, None) => vec![Gap::known(part, Why::NotSynced)],
        (None, Some(_)) => Vec::new(),
    }
}

fn not_stored<T>(part: &'static str) -> Card<T> {
    Card::unread(Source::Stored, Gap::known(part, Why::NotStored))
}
