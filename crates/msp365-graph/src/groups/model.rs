//! Groups and their changes as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::{directory_objects::ObjectType, wire};

/// One group. What was not selected is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// The object id.
    pub id: String,
    /// The name shown. Not unique.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its mail address.
    pub mail: Option<String>,
    /// Whether it takes mail.
    pub mail_enabled: Option<bool>,
    /// Whether it can be given rights.
    pub security_enabled: Option<bool>,
    /// `Unified` and `DynamicMembership` are known.
    #[serde(default, deserialize_with = "wire::list")]
    pub group_types: Vec<String>,
    /// The rule that decides who is in a dynamic group.
    pub membership_rule: Option<String>,
    /// Whether directory roles can be given to it.
    pub is_assignable_to_role: Option<bool>,
    /// True: mastered on-premises.
    pub on_premises_sync_enabled: Option<bool>,
    /// `Private`, `Public` or `HiddenMembership`.
    pub visibility: Option<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_date_time: Option<Timestamp>,
}

impl Group {
    /// What kind of group it is, by its types, `mail_enabled` and `security_enabled`, which must have been selected.
    pub fn kind(&self) -> GroupKind {
        let is = |flag: Option<bool>| flag == Some(true);
        if self.has_type("Unified") {
            GroupKind::Microsoft365
        } else if is(self.mail_enabled) && is(self.security_enabled) {
            GroupKind::MailEnabledSecurity
        } else if is(self.mail_enabled) {
            GroupKind::Distribution
        } else {
            GroupKind::Security
        }
    }

    /// Whether a rule, and no person, decides who is in it.
    pub fn is_dynamic(&self) -> bool {
        self.has_type("DynamicMembership")
    }

    fn has_type(&self, name: &str) -> bool {
        self.group_types.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The kinds of groups, which the service does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GroupKind {
    /// With mailbox and workspace.
    #[serde(rename = "microsoft365")]
    Microsoft365,
    /// For rights alone.
    Security,
    /// For rights, and takes mail; its members change in Exchange alone.
    MailEnabledSecurity,
    /// A distribution list; its members change in Exchange alone.
    Distribution,
}

impl GroupKind {
    /// The kind as it stands in documents: `microsoft365`, `mail_enabled_security`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Microsoft365 => "microsoft365",
            Self::Security => "security",
            Self::MailEnabledSecurity => "mail_enabled_security",
            Self::Distribution => "distribution",
        }
    }
}

/// A group that is new, changed or gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupChange {
    /// The group with the properties selected; of a removed one the id alone.
    #[serde(flatten)]
    pub group: Group,
    /// Present where the group is gone.
    #[serde(rename = "@removed")]
    pub removed: Option<Removed>,
    /// Members that came and went; on a first round, those it has. Never the whole list by itself.
    #[serde(rename = "members@delta", default, deserialize_with = "wire::list")]
    pub members: Vec<MemberChange>,
}

/// A member that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MemberChange {
    /// The member's object id.
    pub id: String,
    /// What it is.
    #[serde(rename = "@odata.type")]
    pub object_type: Option<ObjectType>,
    /// Present where it is no longer a member, or gone itself.
    #[serde(rename = "@removed")]
    pub removed: Option<Removed>,
}

/// That something is gone, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Removed {
    /// How it went.
    pub reason: Option<RemovedReason>,
}

open_enum! {
    /// How an object went.
    pub enum RemovedReason { Changed = "changed", Deleted = "deleted" }
}
