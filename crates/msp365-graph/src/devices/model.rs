//! Devices of the directory as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::wire;

/// A device that is joined to or registered in a directory. What was not selected is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Device {
    /// The object id, which is not the device id.
    pub id: String,
    /// The id of the registration, which Intune refers to.
    pub device_id: Option<String>,
    /// The host name. Not unique.
    pub display_name: Option<String>,
    /// Whether the device may sign in.
    pub account_enabled: Option<bool>,
    /// Operating system.
    pub operating_system: Option<String>,
    /// Its version.
    pub operating_system_version: Option<String>,
    /// How the device belongs to the tenant.
    pub trust_type: Option<TrustType>,
    /// `RegisteredDevice`, `SecureVM`, `Printer`, `Shared`, `IoT`.
    pub profile_type: Option<String>,
    /// `company`, `personal` or `unknown`.
    pub device_ownership: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Whether it meets policy; absent where that was not looked at.
    pub is_compliant: Option<bool>,
    /// Whether it is managed.
    pub is_managed: Option<bool>,
    /// When it last signed in, refreshed about every two weeks.
    #[serde(default, deserialize_with = "wire::time")]
    pub approximate_last_sign_in_date_time: Option<Timestamp>,
    /// When it was registered.
    #[serde(default, deserialize_with = "wire::time")]
    pub registration_date_time: Option<Timestamp>,
}

impl Device {
    /// Whether it meets policy, in three values.
    pub const fn compliance(&self) -> Compliance {
        match self.is_compliant {
            Some(true) => Compliance::Compliant,
            Some(false) => Compliance::NonCompliant,
            None => Compliance::NotApplicable,
        }
    }
}

open_enum! {
    /// How a device belongs to a tenant: joined, joined also on-premises, or a person's own.
    pub enum TrustType { Joined = "AzureAd", HybridJoined = "ServerAd", Registered = "Workplace" }
}

/// Whether a device meets policy, in the three values that people ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Compliance {
    /// It meets policy, or is still within its time to do so.
    Compliant,
    /// It does not.
    NonCompliant,
    /// It was not looked at, or that cannot be told.
    NotApplicable,
}
