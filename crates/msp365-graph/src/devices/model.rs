//! Devices of the directory as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    changes::{self, MemberChange, Removed},
    filters,
};

msp365_core::model! {
    /// A device that is joined to or registered in a directory. Properties that were not selected are absent.
    pub struct Device {
        /// The object id, which is not the device id.
        id, ID = "id": String [filters::ID],
        /// The id of the registration, which Intune uses.
        device_id, DEVICE_ID = "deviceId": Option<String> [filters::DEVICE_ID],
        /// The host name. Not unique.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// Whether the device may sign in.
        account_enabled, ACCOUNT_ENABLED = "accountEnabled": Option<bool> [filters::FLAG_IN],
        /// Operating system.
        operating_system, OPERATING_SYSTEM = "operatingSystem": Option<String> [filters::SYSTEM],
        /// Its version.
        operating_system_version, OPERATING_SYSTEM_VERSION = "operatingSystemVersion": Option<String> [filters::SYSTEM],
        /// How the device belongs to the tenant.
        trust_type, TRUST_TYPE = "trustType": Option<TrustType> [filters::ONE_OF],
        /// `RegisteredDevice`, `SecureVM`, `Printer`, `Shared`, `IoT`.
        profile_type, PROFILE_TYPE = "profileType": Option<String>,
        /// `company`, `personal` or `unknown`.
        device_ownership, DEVICE_OWNERSHIP = "deviceOwnership": Option<String>,
        /// The category, as the tenant named it.
        device_category, DEVICE_CATEGORY = "deviceCategory": Option<String>,
        /// How it was enrolled.
        enrollment_type, ENROLLMENT_TYPE = "enrollmentType": Option<String>,
        /// The profile with which it was enrolled.
        enrollment_profile_name, ENROLLMENT_PROFILE_NAME = "enrollmentProfileName": Option<String>,
        /// What manages it, such as `mdm`.
        management_type, MANAGEMENT_TYPE = "managementType": Option<String>,
        /// The application that manages it.
        mdm_app_id, MDM_APP_ID = "mdmAppId": Option<String>,
        /// Manufacturer.
        manufacturer, MANUFACTURER = "manufacturer": Option<String>,
        /// Model.
        model, MODEL = "model": Option<String>,
        /// Whether it meets policy; absent if that was not checked.
        is_compliant, IS_COMPLIANT = "isCompliant": Option<bool> [filters::FLAG],
        /// Whether it is managed.
        is_managed, IS_MANAGED = "isManaged": Option<bool> [filters::FLAG],
        /// Whether it was rooted or jail-broken.
        is_rooted, IS_ROOTED = "isRooted": Option<bool>,
        /// Ids of the hardware and of orders.
        physical_ids, PHYSICAL_IDS = "physicalIds": Vec<String> [filters::LIST],
        /// Labels of the system.
        system_labels, SYSTEM_LABELS = "systemLabels": Vec<String>,
        /// True: mastered on-premises.
        on_premises_sync_enabled, ON_PREMISES_SYNC_ENABLED = "onPremisesSyncEnabled": Option<bool> [filters::FLAG_OR_NULL],
        /// When it was last synced from on-premises.
        on_premises_last_sync_date_time, ON_PREMISES_LAST_SYNC_DATE_TIME = "onPremisesLastSyncDateTime": Option<Timestamp>,
        /// The on-premises security id.
        on_premises_security_identifier, ON_PREMISES_SECURITY_IDENTIFIER = "onPremisesSecurityIdentifier": Option<String>,
        /// When it last signed in, refreshed about every two weeks.
        approximate_last_sign_in_date_time, APPROXIMATE_LAST_SIGN_IN_DATE_TIME = "approximateLastSignInDateTime": Option<Timestamp> [filters::LAST_SEEN],
        /// When it was registered.
        registration_date_time, REGISTRATION_DATE_TIME = "registrationDateTime": Option<Timestamp>,
        /// Until when it counts as compliant.
        compliance_expiration_date_time, COMPLIANCE_EXPIRATION_DATE_TIME = "complianceExpirationDateTime": Option<Timestamp>,
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<Timestamp>,
    }
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
    /// It was not checked, or this cannot be told.
    NotApplicable,
}

/// A device that is new, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeviceChange {
    /// The device; if it was removed, only the id.
    #[serde(flatten)]
    pub device: Device,
    /// Present if the device was removed.
    #[serde(rename = "@removed", skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    /// Owners that were added or removed, if the service tells.
    #[serde(rename = "registeredOwners@delta", skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<MemberChange>,
}

impl<'de> Deserialize<'de> for DeviceChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let changed = changes::read(deserializer, "registeredOwners@delta")?;
        Ok(Self {
            device: changed.row,
            removed: changed.removed,
            owners: changed.related,
        })
    }
}
