//! A user's details, card by card: what is known, where it comes from, how old it is, and what could not be read and why.
//!
//! [`live`](fn@live) asks the service, in one round trip for nearly all (see there); [`stored`](fn@stored) asks the
//! database alone. Both give the same [`Details`], whose cards are plain values. What a word of the service means (how a
//! sign-in ended, whether a device meets policy, what a policy came to) is decided by pure functions beside the values.
//!
//! ```
//! use msp365_actions::details::{self, PolicyOutcome};
//! use msp365_graph::sign_ins::{Outcome, PolicyResult};
//!
//! assert_eq!(details::status(0), Outcome::Success);
//! assert_eq!(details::status(50_140), Outcome::Interrupted);
//! assert!(!PolicyOutcome::of(Some(&PolicyResult::ReportOnlyFailure)).is_applied());
//! ```
//!
//! | part | what is in it |
//! |---|---|
//! | [`Details`], [`Card`], [`Gap`], [`Wanted`] | the cards, and which are asked for |
//! | [`live`](fn@live), [`stored`](fn@stored) | reading them |
//! | [`Viewer`] | what of them a technician sees |
//! | [`Held`] | what somebody has that an offboarding takes |
//! | [`SignInFilter`] | choosing among sign-ins |
//! | [`Times`](msp365_store::Times) | times as people read them |
//! | [`preview`](fn@preview), [`facts`], [`hanging`] | what joining or leaving groups brings, and what hangs on a group |

mod card;
mod device;
mod group;
mod license;
mod live;
mod mailbox;
mod owned;
mod pass;
mod portal;
mod preview;
mod profile;
mod role;
mod sign_in;
mod stored;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_store::MatchRow;
use serde::Serialize;

use crate::{Reason, Refused, explain::Area};

#[doc(no_inline)]
pub use crate::explain::Viewer;
pub use card::{Card, Gap, Source, Why};
pub use device::{Candidate, DeviceEntry, Join, Link, compliance};
pub use group::{Application, GroupEntry, fixed};
pub use license::{Availability, License, LicenseStatus, Named, PlanEntry, Way};
pub use live::live;
pub use mailbox::{Mailbox, mailbox};
pub use pass::{PassVerdict, Passes, passes};
pub use portal::PortalLink;
pub use preview::{
    Change, Effect, GroupFacts, Hanging, Left, NotChanged, Preview, Product, What, facts, hanging, preview,
};
pub use profile::{Account, Manager, Mastered, Moments, Profile};
pub use role::{RoleEntry, RoleScope, Standing};
pub use sign_in::{
    Applied, PolicyEntry, PolicyOutcome, Requirement, SignInEntry, SignInFilter, compliance as compliance_of,
    status,
};
pub use stored::stored;

/// A card of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CardKind {
    /// Who it is.
    Profile,
    /// Where the account is, and when it was last used.
    Account,
    /// What is held, by which way.
    Licenses,
    /// What is left of the tenant's products.
    Availability,
    /// Devices.
    Devices,
    /// Groups.
    Groups,
    /// Directory roles.
    Roles,
    /// Applications.
    Applications,
    /// Sign-ins of the last 30 days.
    SignIns,
    /// Whether a temporary access pass can be made.
    Passes,
    /// The use of the mailbox.
    Mailbox,
    /// Links to Microsoft's portals.
    Portals,
}

impl CardKind {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 12] = [
        Self::Profile,
        Self::Account,
        Self::Licenses,
        Self::Availability,
        Self::Devices,
        Self::Groups,
        Self::Roles,
        Self::Applications,
        Self::SignIns,
        Self::Passes,
        Self::Mailbox,
        Self::Portals,
    ];

    /// The card as it stands in documents: `sign_ins`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Account => "account",
            Self::Licenses => "licenses",
            Self::Availability => "availability",
            Self::Devices => "devices",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Applications => "applications",
            Self::SignIns => "sign_ins",
            Self::Passes => "passes",
            Self::Mailbox => "mailbox",
            Self::Portals => "portals",
        }
    }

    /// The card of this name, or `None`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|card| card.as_str() == name)
    }
}

/// Which cards are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Wanted {
    cards: BTreeSet<CardKind>,
    requirement: bool,
    sign_ins: SignInFilter,
}

impl Wanted {
    /// All cards.
    pub fn all() -> Self {
        Self::only(CardKind::ALL)
    }

    /// These cards alone.
    pub fn only(cards: impl IntoIterator<Item = CardKind>) -> Self {
        Self {
            cards: cards.into_iter().collect(),
            requirement: false,
            sign_ins: SignInFilter::default(),
        }
    }

    /// With what each sign-in had to prove. Only the beta version of the service tells that, which Microsoft may change:
    /// the log is then read from there, by a request of its own.
    pub const fn with_requirement(mut self) -> Self {
        self.requirement = true;
        self
    }

    /// With those sign-ins alone that meet these conditions.
    pub fn with_sign_ins(mut self, filter: SignInFilter) -> Self {
        self.sign_ins = filter;
        self
    }

    /// Whether a card is wanted.
    pub fn has(&self, card: CardKind) -> bool {
        self.cards.contains(&card)
    }

    fn has_any(&self, cards: &[CardKind]) -> bool {
        cards.iter().any(|card| self.has(*card))
    }

    /// What a card is made of, if it is wanted.
    fn then<T>(&self, card: CardKind, make: impl FnOnce() -> T) -> Option<T> {
        self.has(card).then(make)
    }
}

/// A user, card by card. A card that was not wanted is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Details {
    /// The tenant.
    pub tenant: TenantId,
    /// The user's object id.
    pub user: String,
    /// The name for signing in, or the id where it is not known.
    pub name: String,
    /// When the cards were put together.
    pub at: Timestamp,
    /// Who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Card<Profile>>,
    /// Where the account is, and when it was last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Card<Account>>,
    /// What is held, by which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Card<Vec<License>>>,
    /// What is left of the tenant's products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Card<Vec<Availability>>>,
    /// Devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub devices: Option<Card<Vec<DeviceEntry>>>,
    /// Groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Card<Vec<GroupEntry>>>,
    /// Directory roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Card<Vec<RoleEntry>>>,
    /// Applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applications: Option<Card<Vec<Application>>>,
    /// Sign-ins of the last 30 days, the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_ins: Option<Card<Vec<SignInEntry>>>,
    /// Whether a temporary access pass can be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passes: Option<Card<Passes>>,
    /// The use of the mailbox, by the report of a day. Without a gap, nothing means that the report shows none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<Card<Option<Mailbox>>>,
    /// Links to Microsoft's portals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portals: Option<Card<Vec<PortalLink>>>,
}

impl Details {
    fn new(tenant: TenantId, user: impl Into<String>, at: Timestamp) -> Self {
        let user = user.into();
        Self {
            tenant,
            name: user.clone(),
            user,
            at,
            profile: None,
            account: None,
            licenses: None,
            availability: None,
            devices: None,
            groups: None,
            roles: None,
            applications: None,
            sign_ins: None,
            passes: None,
            mailbox: None,
            portals: None,
        }
    }

    /// The ids, in the directory and in Intune, of the devices on the card: those whose pairs
    /// [`link_devices`](Self::link_devices) needs.
    pub fn device_ids(&self) -> Vec<String> {
        let devices = self.devices.iter().flat_map(Card::rows);
        let ids = devices.flat_map(|device| [&device.directory_id, &device.intune_id]);
        ids.flatten().cloned().collect()
    }

    /// Links devices with the tool's, by the stored pairs, as far as the viewer may see them. A viewer who may see no
    /// devices is shown none, and why.
    pub fn link_devices(&mut self, pairs: &[MatchRow], viewer: &Viewer<'_>) {
        let Some(card) = &mut self.devices else {
            return;
        };
        if viewer.sees(Area::Devices, &self.tenant) {
            let devices = card.content.as_deref_mut().unwrap_or_default();
            device::link(devices, pairs, |device| viewer.sees_device(&self.tenant, device));
        } else {
            *card = Card::unread(card.source, Gap::not_yours(CardKind::Devices.as_str()));
        }
    }

    /// What there is to take from somebody who leaves; `None` where licences or groups were not read.
    pub fn held(&self) -> Option<Held> {
        let licenses = self.licenses.as_ref()?.content.clone()?;
        let groups = self.groups.as_ref()?.content.clone()?;
        Some(Held { licenses, groups })
    }

    /// All gaps, with the card that each is in.
    pub fn gaps(&self) -> Vec<(CardKind, &Gap)> {
        use CardKind as Kind;
        let mut all = Vec::new();
        collect(&mut all, Kind::Profile, self.profile.as_ref());
        collect(&mut all, Kind::Account, self.account.as_ref());
        collect(&mut all, Kind::Licenses, self.licenses.as_ref());
        collect(&mut all, Kind::Availability, self.availability.as_ref());
        collect(&mut all, Kind::Devices, self.devices.as_ref());
        collect(&mut all, Kind::Groups, self.groups.as_ref());
        collect(&mut all, Kind::Roles, self.roles.as_ref());
        collect(&mut all, Kind::Applications, self.applications.as_ref());
        collect(&mut all, Kind::SignIns, self.sign_ins.as_ref());
        collect(&mut all, Kind::Passes, self.passes.as_ref());
        collect(&mut all, Kind::Mailbox, self.mailbox.as_ref());
        collect(&mut all, Kind::Portals, self.portals.as_ref());
        all
    }
}

fn collect<'a, T>(all: &mut Vec<(CardKind, &'a Gap)>, kind: CardKind, card: Option<&'a Card<T>>) {
    let gaps = card.map(|card| card.gaps.as_slice()).unwrap_or_default();
    all.extend(gaps.iter().map(|gap| (kind, gap)));
}

/// What somebody has that an offboarding takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Held {
    /// The licences.
    pub licenses: Vec<License>,
    /// The groups.
    pub groups: Vec<GroupEntry>,
}

impl Held {
    /// Whether removing licences alone would do anything.
    pub const fn has_licenses(&self) -> bool {
        !self.licenses.is_empty()
    }

    /// Whether leaving groups alone would do anything.
    pub const fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    /// Groups that cannot be left here, and what decides about them.
    pub fn fixed(&self) -> impl Iterator<Item = &GroupEntry> {
        self.groups.iter().filter(|group| group.fixed.is_some())
    }
}

/// What is answered where a user is not there, and where the viewer may not see the tenant: both alike.
pub fn no_such_user() -> Refused {
    Reason::NoSuchUser.with(
        "there is no such user",
        "check the name and the tenant; if they are right, ask an administrator of the host for access",
    )
}

/// The user that a contact of the tool is, by the stored pairs of contacts; `None` where none is certain.
///
/// From there lead [`UserQuery::tenants`](msp365_store::UserQuery::tenants) to the list of the tenant's users, and
/// [`stored`](fn@stored) or [`live`](fn@live) to the user's cards.
pub fn user_of_contact(pairs: &[MatchRow], contact: &str) -> Option<(TenantId, String)> {
    let is_link = |row: &&MatchRow| row.theirs.as_deref() == Some(contact) && row.verdict == "certain";
    let row = pairs.iter().find(is_link)?;
    Some((row.tenant_id?, row.ours.clone()))
}
