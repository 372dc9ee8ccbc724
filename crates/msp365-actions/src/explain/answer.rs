//! What an explanation says: the chain, link by link, and what follows from it.

use msp365_partner::readiness::Who;
use serde::{Deserialize, Serialize};

use super::ActionKind;

/// Whether an action will work, and why, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What is to be done.
    pub action: ActionKind,
    /// Whether it will work.
    pub verdict: Verdict,
    /// The chain from the technician to the last rule, in order. What does not bear on the action is left out.
    pub links: Vec<Link>,
    /// What works, and is still worth knowing beforehand.
    pub cautions: Vec<String>,
    /// Of an action in several steps, the explanation of each, as it will stand when its turn comes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
}

impl Explanation {
    /// The first link that does not hold.
    pub fn first_broken(&self) -> Option<&Link> {
        self.links.iter().find(|link| link.state == State::Broken)
    }

    /// The links of which it could not be known whether they hold.
    pub fn unknown(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(|link| link.state == State::Unknown)
    }

    /// The link of this id, where it bears on the action.
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }
}

/// Whether an action will work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// Every link holds.
    WillWork,
    /// A link is broken: the service, or the host, would refuse.
    WillNot,
    /// No link is broken as far as can be known, and something could not be known.
    Unknown,
    /// It may be done, and there is nothing to do: what is asked for is so already.
    AlreadySo,
}

impl Verdict {
    /// The verdict as it stands in documents: `will_work`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WillWork => "will_work",
            Self::WillNot => "will_not",
            Self::Unknown => "unknown",
            Self::AlreadySo => "already_so",
        }
    }
}

/// One condition of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Link {
    /// Which condition.
    pub id: LinkId,
    /// Whether it holds.
    pub state: State,
    /// What that was seen by; of an unknown one, what could not be known and why.
    pub evidence: String,
    /// What to do about it, where it does not hold or is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Who can do that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mender: Option<Mender>,
}

impl Link {
    pub(super) fn holds(id: LinkId, evidence: impl Into<String>) -> Self {
        Self {
            id,
            state: State::Holds,
            evidence: evidence.into(),
            remedy: None,
            mender: None,
        }
    }

    pub(super) fn broken(
        id: LinkId,
        mender: Mender,
        evidence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            state: State::Broken,
            remedy: Some(remedy.into()),
            mender: Some(mender),
            ..Self::holds(id, evidence)
        }
    }

    pub(super) fn unknown(id: LinkId, evidence: impl Into<String>) -> Self {
        Self {
            state: State::Unknown,
            ..Self::holds(id, evidence)
        }
    }
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// It holds.
    Holds,
    /// It could not be known.
    Unknown,
    /// It does not hold.
    Broken,
}

impl State {
    /// The state as it stands in documents: `holds`, `unknown`, `broken`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Unknown => "unknown",
            Self::Broken => "broken",
        }
    }
}

/// The conditions, in the order they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkId {
    /// The host lets the technician.
    Permission,
    /// The tenant is synced.
    Tenant,
    /// The service account gets a token of the tenant.
    SignIn,
    /// The application was consented to with the permissions it takes.
    Consent,
    /// There is a GDAP relationship, and the newest serves.
    Relationship,
    /// The service account is in a group that the relationship gives roles to.
    Group,
    /// A role of the account allows it.
    Role,
    /// The user is there, or is not where one is to be made; names are free.
    Target,
    /// The user's own roles do not protect it.
    Protection,
    /// The licence can be given or taken.
    License,
    /// The policies of the tenant allow it.
    Policy,
    /// What is changed is mastered in the cloud.
    OnPremises,
    /// Who is in the group, or has the role, can be changed.
    Membership,
}

impl LinkId {
    /// The link as it stands in documents: `sign_in`, `on_premises`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permission => "permission",
            Self::Tenant => "tenant",
            Self::SignIn => "sign_in",
            Self::Consent => "consent",
            Self::Relationship => "relationship",
            Self::Group => "group",
            Self::Role => "role",
            Self::Target => "target",
            Self::Protection => "protection",
            Self::License => "license",
            Self::Policy => "policy",
            Self::OnPremises => "on_premises",
            Self::Membership => "membership",
        }
    }
}

/// Who can mend a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mender {
    /// Whoever asked: by asking for something else.
    Caller,
    /// An administrator of the host product.
    HostAdministrator,
    /// An administrator of the partner.
    PartnerAdministrator,
    /// An administrator of the customer.
    CustomerAdministrator,
    /// Microsoft; wait, or ask its support.
    Microsoft,
    /// Nobody can.
    Nobody,
}

impl Mender {
    /// The person as it stands in documents: `caller`, `host_administrator`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::HostAdministrator => "host_administrator",
            Self::PartnerAdministrator => "partner_administrator",
            Self::CustomerAdministrator => "customer_administrator",
            Self::Microsoft => "microsoft",
            Self::Nobody => "nobody",
        }
    }
}

impl From<Who> for Mender {
    fn from(who: Who) -> Self {
        match who {
            Who::PartnerAdministrator => Self::PartnerAdministrator,
            Who::CustomerAdministrator => Self::CustomerAdministrator,
            Who::Microsoft => Self::Microsoft,
            _ => Self::Nobody,
        }
    }
}
