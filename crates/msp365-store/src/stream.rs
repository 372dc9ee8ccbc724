//! Streams: one kind of resource of one tenant, and how far it is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A kind of directory row, and the stream that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Resource {
    /// Users.
    Users,
    /// Groups.
    Groups,
    /// Members of groups; they come with the stream of groups.
    Memberships,
    /// Directory roles held by users and groups.
    RoleAssignments,
    /// Subscribed SKUs.
    Licenses,
    /// Devices in the directory.
    Devices,
    /// Devices in Intune.
    ManagedDevices,
    /// Last sign-ins of users.
    SignIns,
    /// Mailbox usage.
    Mailboxes,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Self; 9] = [
        Self::Users,
        Self::Groups,
        Self::Memberships,
        Self::RoleAssignments,
        Self::Licenses,
        Self::Devices,
        Self::ManagedDevices,
        Self::SignIns,
        Self::Mailboxes,
    ];

    /// The resource as it is stored and shown; also the name of its table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Memberships => "memberships",
            Self::RoleAssignments => "role_assignments",
            Self::Licenses => "licenses",
            Self::Devices => "devices",
            Self::ManagedDevices => "managed_devices",
            Self::SignIns => "sign_ins",
            Self::Mailboxes => "mailboxes",
        }
    }

    /// The stream that brings it: memberships come with groups, all else by itself.
    #[must_use]
    pub const fn stream(self) -> Self {
        match self {
            Self::Memberships => Self::Groups,
            other => other,
        }
    }

    /// Whether it can be a member of groups, and is stored itself.
    pub(crate) const fn joins_groups(self) -> bool {
        matches!(self, Self::Users | Self::Groups | Self::Devices)
    }

    /// Whether a pass of this stream may change which roles users hold.
    pub(crate) const fn changes_roles(self) -> bool {
        matches!(self, Self::Users | Self::Groups | Self::RoleAssignments)
    }

    /// The number that stands for it in databases; it never changes.
    pub(crate) const fn code(self) -> i64 {
        match self {
            Self::Users => 1,
            Self::Groups => 2,
            Self::Memberships => 3,
            Self::RoleAssignments => 4,
            Self::Licenses => 5,
            Self::Devices => 6,
            Self::ManagedDevices => 7,
            Self::SignIns => 8,
            Self::Mailboxes => 9,
        }
    }

    pub(crate) fn stored(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.code() == code)
    }

    /// The resource of this name, or `None`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.as_str() == name)
    }
}

/// Where a stream is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// Nothing is under way; the next pass starts anew.
    #[default]
    Idle,
    /// A generation is being read; the cursor, if there is one, is its next page.
    Reading,
    /// A generation is complete; the cursor asks for what changed since.
    Tracking,
}

impl Phase {
    /// The phase as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Reading => "reading",
            Self::Tracking => "tracking",
        }
    }

    pub(crate) fn stored(text: &str) -> Option<Self> {
        [Self::Idle, Self::Reading, Self::Tracking]
            .into_iter()
            .find(|phase| phase.as_str() == text)
    }
}

/// How far a stream is. A stream that was never begun is idle in generation 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StreamState {
    /// The tenant's epoch at this moment.
    pub epoch: i64,
    /// Counts the readings from the start.
    pub generation: i64,
    /// Where it is in its life.
    pub phase: Phase,
    /// Where to go on.
    pub cursor: Option<String>,
    /// What the generation was asked with; another question needs a new generation.
    pub fingerprint: Option<String>,
    /// When the present generation was begun.
    pub begun_at: Option<Timestamp>,
    /// The moment that the last complete pass shows.
    pub fresh_as_of: Option<Timestamp>,
    /// Why the rows are not kept fresh, as a short word.
    pub stale_because: Option<String>,
}
