//! Managed devices as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::{devices::Compliance, wire};

/// A device managed with Intune. What was not selected is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ManagedDevice {
    /// The id in Intune.
    pub id: String,
    /// The host name. Not unique.
    pub device_name: Option<String>,
    /// The device id in the directory as the service says it; see [`ManagedDevice::directory_device_id`].
    #[serde(rename = "azureADDeviceId")]
    pub azure_ad_device_id: Option<String>,
    /// The object id of its user.
    pub user_id: Option<String>,
    /// The sign-in name of its user.
    pub user_principal_name: Option<String>,
    /// Operating system.
    pub operating_system: Option<String>,
    /// Its version.
    pub os_version: Option<String>,
    /// Whether it meets policy, in the service's own words.
    pub compliance_state: Option<ComplianceState>,
    /// Whose it is.
    pub managed_device_owner_type: Option<OwnerType>,
    /// What manages it, such as `mdm`.
    pub management_agent: Option<String>,
    /// When it was enrolled.
    #[serde(default, deserialize_with = "wire::time")]
    pub enrolled_date_time: Option<Timestamp>,
    /// When it last reported.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_sync_date_time: Option<Timestamp>,
    /// Serial number; placeholders occur.
    pub serial_number: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Whether its disk is encrypted.
    pub is_encrypted: Option<bool>,
    /// Size of its storage in bytes.
    #[serde(default, deserialize_with = "wire::number")]
    pub total_storage_space_in_bytes: Option<i64>,
    /// What of it is free, in bytes.
    #[serde(default, deserialize_with = "wire::number")]
    pub free_storage_space_in_bytes: Option<i64>,
}

impl ManagedDevice {
    /// The device id in the directory; `None` where it is all zeros, as of devices that are not registered there.
    pub fn directory_device_id(&self) -> Option<&str> {
        let id = self.azure_ad_device_id.as_deref()?;
        id.bytes().any(|byte| byte != b'0' && byte != b'-').then_some(id)
    }

    /// Whether it meets policy, in three values.
    pub const fn compliance(&self) -> Compliance {
        match self.compliance_state {
            Some(ComplianceState::Compliant | ComplianceState::InGracePeriod) => Compliance::Compliant,
            Some(ComplianceState::NonCompliant | ComplianceState::Conflict | ComplianceState::Error) => {
                Compliance::NonCompliant
            }
            Some(ComplianceState::Unknown | ComplianceState::ConfigManager | ComplianceState::Other(_))
            | None => Compliance::NotApplicable,
        }
    }
}

open_enum! {
    /// Whether a managed device meets policy.
    pub enum ComplianceState {
        Unknown = "unknown",
        Compliant = "compliant",
        NonCompliant = "noncompliant",
        Conflict = "conflict",
        Error = "error",
        InGracePeriod = "inGracePeriod",
        ConfigManager = "configManager",
    }
}

open_enum! {
    /// Whose a managed device is.
    pub enum OwnerType { Unknown = "unknown", Company = "company", Personal = "personal" }
}
