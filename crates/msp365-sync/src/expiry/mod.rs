//! What runs out when, and what stops working then.

mod calendar;
mod gather;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;
use msp365_graph::applications::Application;
use msp365_partner::{
    readiness::{CredentialKind, RelationshipFacts, Who},
    relationships::RelationshipStatus,
    subscriptions::{Subscription, SubscriptionStatus},
};
use serde::Serialize;

use crate::DirectTenant;

pub use calendar::to_ical;

/// A refresh token that is not used for so long is no longer taken.
const IDLE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// An invitation that is not accepted for so long ends.
const INVITATION: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What it is that runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpiryKind {
    /// A client secret of the application.
    Secret,
    /// A certificate of the application.
    Certificate,
    /// The sign-in of the service account, if it is not used until then.
    SignIn,
    /// A GDAP relationship that does not extend itself.
    Relationship,
    /// A GDAP invitation that nobody has accepted.
    Invitation,
    /// A subscription that does not renew itself.
    Subscription,
}

impl ExpiryKind {
    /// The kind as it stands in documents: `secret`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Certificate => "certificate",
            Self::SignIn => "sign_in",
            Self::Relationship => "relationship",
            Self::Invitation => "invitation",
            Self::Subscription => "subscription",
        }
    }

    const fn breaks(self) -> &'static str {
        match self {
            Self::Secret | Self::Certificate => "no tenant can be reached with it, so syncing stops",
            Self::SignIn => "no tenant can be reached, so syncing stops",
            Self::Relationship => {
                "the customer's tenant can no longer be reached, so nothing of it is synced"
            }
            Self::Invitation => "the invitation can no longer be accepted",
            Self::Subscription => "the customer loses the licences of this subscription",
        }
    }

    const fn remedy(self) -> &'static str {
        match self {
            Self::Secret => "make a new client secret and enter it; the old one may stay until it ends",
            Self::Certificate => "upload a new certificate and use it; the old one may stay until it ends",
            Self::SignIn => "sync at least once in 90 days; else connect again",
            Self::Relationship => {
                "turn on automatic extension, which takes a relationship without Global Administrator, or send a new \
                 GDAP invitation"
            }
            Self::Invitation => "remind the customer, or send a new invitation",
            Self::Subscription => "renew the subscription, or turn on automatic renewal",
        }
    }

    const fn who(self) -> Who {
        match self {
            Self::Invitation => Who::CustomerAdministrator,
            _ => Who::PartnerAdministrator,
        }
    }
}

/// One thing that runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Expiry {
    /// When.
    pub ends_at: Timestamp,
    /// Which kind of thing.
    pub kind: ExpiryKind,
    /// Where: the tenant it is for, the partner's own for what concerns all.
    pub tenant: TenantId,
    /// The name of that tenant.
    pub tenant_name: String,
    /// What it is called.
    pub name: String,
    /// What stops working.
    pub breaks: &'static str,
    /// What to do before.
    pub remedy: &'static str,
    /// Who can do it.
    pub who: Who,
}

/// Whose things run out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) name: &'a str,
}

impl Place<'_> {
    fn ends(self, kind: ExpiryKind, name: impl Into<String>, ends_at: Timestamp) -> Expiry {
        Expiry {
            ends_at,
            kind,
            tenant: self.tenant,
            tenant_name: self.name.to_owned(),
            name: name.into(),
            breaks: kind.breaks(),
            remedy: kind.remedy(),
            who: kind.who(),
        }
    }
}

/// What runs out, earliest first, with what could not be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Expiries {
    /// Earliest first. What has ended already comes with its past end.
    pub entries: Vec<Expiry>,
    /// What could not be looked at, in words.
    pub unread: Vec<String>,
}

/// What an application proves itself with, as its host knows it.
pub(crate) fn of_credential(
    place: Place<'_>,
    client_id: &str,
    (credential, end): (CredentialKind, Option<Timestamp>),
) -> Option<Expiry> {
    let kind = match credential {
        CredentialKind::Secret => ExpiryKind::Secret,
        _ => ExpiryKind::Certificate,
    };
    Some(place.ends(kind, client_id, end?))
}

/// Secrets and certificates of the application.
pub(crate) fn of_application(place: Place<'_>, app: &Application) -> Vec<Expiry> {
    let label = |name: &Option<String>, key: &Option<String>| {
        let known = name.as_ref().or(key.as_ref());
        known.cloned().unwrap_or_else(|| "without a name".to_owned())
    };
    let secrets = app.password_credentials.iter().filter_map(|one| {
        let name = label(&one.display_name, &one.key_id);
        Some(place.ends(ExpiryKind::Secret, name, one.end_date_time?))
    });
    let keys = app.key_credentials.iter().filter_map(|one| {
        let name = label(&one.display_name, &one.key_id);
        Some(place.ends(ExpiryKind::Certificate, name, one.end_date_time?))
    });
    secrets.chain(keys).collect()
}

/// What the application that reaches a tenant directly proves itself with, where its end is known.
pub(crate) fn of_direct(place: Place<'_>, own: &DirectTenant) -> Option<Expiry> {
    let mut expiry = of_credential(place, &own.client_id, (own.credential, own.credential_ends_at))?;
    expiry.breaks = "the tenant can no longer be reached, so nothing of it is synced";
    Some(expiry)
}

/// The sign-in of an account that was used just now.
pub(crate) fn of_sign_in(place: Place<'_>, account: &str, used: Timestamp) -> Option<Expiry> {
    let end = used.checked_add(IDLE).ok()?;
    Some(place.ends(ExpiryKind::SignIn, account, end))
}

/// A relationship that is in force or waits for the customer.
pub(crate) fn of_relationship(place: Place<'_>, one: &RelationshipFacts) -> Option<Expiry> {
    match one.status {
        RelationshipStatus::Active if !one.auto_extend => {
            Some(place.ends(ExpiryKind::Relationship, &one.name, one.ends_at?))
        }
        RelationshipStatus::ApprovalPending => {
            let end = one.created?.checked_add(INVITATION).ok()?;
            Some(place.ends(ExpiryKind::Invitation, &one.name, end))
        }
        _ => None,
    }
}

/// A subscription that is in force and does not renew itself.
pub(crate) fn of_subscription(place: Place<'_>, one: &Subscription) -> Option<Expiry> {
    let in_force = one.status == Some(SubscriptionStatus::Active);
    if !in_force || one.auto_renew_enabled == Some(true) {
        return None;
    }
    let name = one.friendly_name.as_ref().or(one.offer_name.as_ref());
    let name = name.unwrap_or(&one.id);
    Some(place.ends(ExpiryKind::Subscription, name, one.commitment_end_date?))
}
