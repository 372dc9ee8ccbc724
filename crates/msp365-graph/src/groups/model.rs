//! Groups and their changes as the service describes them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    changes::{self, MemberChange, Removed},
    filters,
    licenses::{AssignedLicense, LicenseProcessing},
};

msp365_core::model! {
    /// One group. Properties that were not selected are absent.
    pub struct Group {
        /// The object id.
        id, ID = "id": String [filters::ID],
        /// The display name. Not unique.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// What it is for.
        description, DESCRIPTION = "description": Option<String> [filters::NAME],
        /// Its mail address.
        mail, MAIL = "mail": Option<String> [filters::MAIL],
        /// The alias of its mailbox.
        mail_nickname, MAIL_NICKNAME = "mailNickname": Option<String> [filters::NAME],
        /// Whether it receives mail.
        mail_enabled, MAIL_ENABLED = "mailEnabled": Option<bool> [filters::FLAG],
        /// Whether it can be given rights.
        security_enabled, SECURITY_ENABLED = "securityEnabled": Option<bool> [filters::FLAG_IN],
        /// `Unified` and `DynamicMembership` are known.
        group_types, GROUP_TYPES = "groupTypes": Vec<String> [filters::LIST],
        /// The rule that decides who is in a dynamic group.
        membership_rule, MEMBERSHIP_RULE = "membershipRule": Option<String>,
        /// Whether that rule is applied: `On` or `Paused`.
        membership_rule_processing_state, MEMBERSHIP_RULE_PROCESSING_STATE = "membershipRuleProcessingState": Option<String>,
        /// Whether directory roles can be given to it.
        is_assignable_to_role, IS_ASSIGNABLE_TO_ROLE = "isAssignableToRole": Option<bool> [filters::FLAG],
        /// Whether it is in a restricted administrative unit, where few may change it.
        is_management_restricted, IS_MANAGEMENT_RESTRICTED = "isManagementRestricted": Option<bool>,
        /// `Private`, `Public` or `HiddenMembership`.
        visibility, VISIBILITY = "visibility": Option<String>,
        /// A unique name, which is set only once.
        unique_name, UNIQUE_NAME = "uniqueName": Option<String>,
        /// How sensitive it is, in the tenant's words.
        classification, CLASSIFICATION = "classification": Option<String>,
        /// All addresses; `SMTP:` marks the primary one.
        proxy_addresses, PROXY_ADDRESSES = "proxyAddresses": Vec<String> [filters::LIST],
        /// What was set up for it; `Team` is known.
        resource_provisioning_options, RESOURCE_PROVISIONING_OPTIONS = "resourceProvisioningOptions": Vec<String> [filters::LIST],
        /// How it behaves in services.
        resource_behavior_options, RESOURCE_BEHAVIOR_OPTIONS = "resourceBehaviorOptions": Vec<String>,
        /// Licences that its members get.
        assigned_licenses, ASSIGNED_LICENSES = "assignedLicenses": Vec<AssignedLicense> [filters::GUIDS],
        /// The progress of assigning these licences.
        license_processing_state, LICENSE_PROCESSING_STATE = "licenseProcessingState": Option<LicenseProcessing>,
        /// True: mastered on-premises.
        on_premises_sync_enabled, ON_PREMISES_SYNC_ENABLED = "onPremisesSyncEnabled": Option<bool> [filters::FLAG_OR_NULL],
        /// When it was last synced from on-premises.
        on_premises_last_sync_date_time, ON_PREMISES_LAST_SYNC_DATE_TIME = "onPremisesLastSyncDateTime": Option<Timestamp>,
        /// The on-premises account name.
        on_premises_sam_account_name, ON_PREMISES_SAM_ACCOUNT_NAME = "onPremisesSamAccountName": Option<String>,
        /// The on-premises security id.
        on_premises_security_identifier, ON_PREMISES_SECURITY_IDENTIFIER = "onPremisesSecurityIdentifier": Option<String>,
        /// The security id in the cloud.
        security_identifier, SECURITY_IDENTIFIER = "securityIdentifier": Option<String>,
        /// Language.
        preferred_language, PREFERRED_LANGUAGE = "preferredLanguage": Option<String>,
        /// Colour theme.
        theme, THEME = "theme": Option<String>,
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp> [filters::CREATED],
        /// When it was last renewed.
        renewed_date_time, RENEWED_DATE_TIME = "renewedDateTime": Option<Timestamp>,
        /// When it expires unless it is renewed.
        expiration_date_time, EXPIRATION_DATE_TIME = "expirationDateTime": Option<Timestamp>,
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<Timestamp>,
    }
}

impl Group {
    /// The kind of group, by its types, `mail_enabled` and `security_enabled`, which must have been selected.
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

    /// Whether a rule, not a person, decides who is in it.
    pub fn is_dynamic(&self) -> bool {
        self.has_type("DynamicMembership")
    }

    /// Whether a team is attached to it, by what was set up for it.
    pub fn has_team(&self) -> bool {
        self.resource_provisioning_options
            .iter()
            .any(|option| option.eq_ignore_ascii_case("Team"))
    }

    /// Why Graph would refuse to change its members, or `None`.
    pub fn fixed_membership(&self) -> Option<FixedMembership> {
        if self.on_premises_sync_enabled == Some(true) {
            Some(FixedMembership::OnPremises)
        } else if self.is_dynamic() {
            Some(FixedMembership::Rule)
        } else if matches!(
            self.kind(),
            GroupKind::MailEnabledSecurity | GroupKind::Distribution
        ) {
            Some(FixedMembership::Exchange)
        } else {
            None
        }
    }

    fn has_type(&self, name: &str) -> bool {
        self.group_types.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The kinds of groups, for which the service has no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GroupKind {
    /// With a mailbox and a workspace.
    #[serde(rename = "microsoft365")]
    Microsoft365,
    /// Only for rights.
    Security,
    /// For rights, and receives mail; its members can only be changed in Exchange.
    MailEnabledSecurity,
    /// A distribution list; its members can only be changed in Exchange.
    Distribution,
}

impl GroupKind {
    /// The kind as written in documents: `microsoft365`, `mail_enabled_security`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Microsoft365 => "microsoft365",
            Self::Security => "security",
            Self::MailEnabledSecurity => "mail_enabled_security",
            Self::Distribution => "distribution",
        }
    }
}

/// What decides who is in a group whose members Graph cannot change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FixedMembership {
    /// The on-premises directory.
    OnPremises,
    /// The group's rule.
    Rule,
    /// Exchange.
    Exchange,
}

/// A group that is new, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupChange {
    /// The group with the selected properties; if it was removed, only the id.
    #[serde(flatten)]
    pub group: Group,
    /// Present if the group was removed.
    #[serde(rename = "@removed", skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    /// Members that were added or removed; on a first round, the present ones. One row is never the whole list.
    #[serde(rename = "members@delta", skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberChange>,
}

impl<'de> Deserialize<'de> for GroupChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let changed = changes::read(deserializer, "members@delta")?;
        Ok(Self {
            group: changed.row,
            removed: changed.removed,
            members: changed.related,
        })
    }
}
