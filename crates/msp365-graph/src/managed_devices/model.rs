//! Managed devices as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;

use crate::{devices::Compliance, filters};

msp365_core::model! {
    /// A device managed with Intune. Properties that were not selected are absent.
    pub struct ManagedDevice {
        /// The id in Intune.
        id, ID = "id": String,
        /// The host name. Not unique.
        device_name, DEVICE_NAME = "deviceName": Option<String> [filters::EQUAL],
        /// The name that Intune generated.
        managed_device_name, MANAGED_DEVICE_NAME = "managedDeviceName": Option<String>,
        /// The device id in the directory, as the service gives it; see [`ManagedDevice::directory_device_id`].
        azure_ad_device_id, AZURE_AD_DEVICE_ID = "azureADDeviceId": Option<String>,
        /// Whether it is registered in the directory.
        azure_ad_registered, AZURE_AD_REGISTERED = "azureADRegistered": Option<bool>,
        /// The object id of its user.
        user_id, USER_ID = "userId": Option<String>,
        /// The sign-in name of its user.
        user_principal_name, USER_PRINCIPAL_NAME = "userPrincipalName": Option<String>,
        /// The display name of its user.
        user_display_name, USER_DISPLAY_NAME = "userDisplayName": Option<String>,
        /// The mail address of its user.
        email_address, EMAIL_ADDRESS = "emailAddress": Option<String>,
        /// Operating system.
        operating_system, OPERATING_SYSTEM = "operatingSystem": Option<String>,
        /// Its version.
        os_version, OS_VERSION = "osVersion": Option<String>,
        /// Whether it meets policy, in the service's own words.
        compliance_state, COMPLIANCE_STATE = "complianceState": Option<ComplianceState> [filters::EQUAL],
        /// When the grace period for non-compliance ends.
        compliance_grace_period_expiration_date_time, COMPLIANCE_GRACE_PERIOD_EXPIRATION_DATE_TIME = "complianceGracePeriodExpirationDateTime": Option<Timestamp>,
        /// Who owns it.
        managed_device_owner_type, MANAGED_DEVICE_OWNER_TYPE = "managedDeviceOwnerType": Option<OwnerType>,
        /// What manages it, such as `mdm`.
        management_agent, MANAGEMENT_AGENT = "managementAgent": Option<String>,
        /// Whether an action on it is under way, such as a wipe.
        management_state, MANAGEMENT_STATE = "managementState": Option<ManagementState>,
        /// How it was enrolled.
        device_enrollment_type, DEVICE_ENROLLMENT_TYPE = "deviceEnrollmentType": Option<String>,
        /// The profile with which it was enrolled.
        enrollment_profile_name, ENROLLMENT_PROFILE_NAME = "enrollmentProfileName": Option<String>,
        /// The status of its registration.
        device_registration_state, DEVICE_REGISTRATION_STATE = "deviceRegistrationState": Option<String>,
        /// The category, as the tenant named it.
        device_category_display_name, DEVICE_CATEGORY_DISPLAY_NAME = "deviceCategoryDisplayName": Option<String> [filters::EQUAL],
        /// When it was enrolled.
        enrolled_date_time, ENROLLED_DATE_TIME = "enrolledDateTime": Option<Timestamp> [filters::SYNCED_TIME],
        /// When it last reported.
        last_sync_date_time, LAST_SYNC_DATE_TIME = "lastSyncDateTime": Option<Timestamp> [filters::SYNCED_TIME],
        /// Serial number; may be a placeholder.
        serial_number, SERIAL_NUMBER = "serialNumber": Option<String> [filters::EQUAL],
        /// Manufacturer.
        manufacturer, MANUFACTURER = "manufacturer": Option<String>,
        /// Model.
        model, MODEL = "model": Option<String>,
        /// IMEI.
        imei, IMEI = "imei": Option<String>,
        /// MEID.
        meid, MEID = "meid": Option<String>,
        /// Phone number.
        phone_number, PHONE_NUMBER = "phoneNumber": Option<String>,
        /// Mobile network operator.
        subscriber_carrier, SUBSCRIBER_CARRIER = "subscriberCarrier": Option<String>,
        /// MAC address of its wireless network card.
        wi_fi_mac_address, WI_FI_MAC_ADDRESS = "wiFiMacAddress": Option<String>,
        /// MAC address of its network card; filled when a single device is read.
        ethernet_mac_address, ETHERNET_MAC_ADDRESS = "ethernetMacAddress": Option<String>,
        /// Notes; filled when a single device is read.
        notes, NOTES = "notes": Option<String>,
        /// Whether its disk is encrypted.
        is_encrypted, IS_ENCRYPTED = "isEncrypted": Option<bool>,
        /// Whether it is supervised.
        is_supervised, IS_SUPERVISED = "isSupervised": Option<bool>,
        /// `True`, `False` or `Unknown`, as text.
        jail_broken, JAIL_BROKEN = "jailBroken": Option<String> [filters::EQUAL],
        /// Whether it may reach Exchange.
        exchange_access_state, EXCHANGE_ACCESS_STATE = "exchangeAccessState": Option<String>,
        /// What a security partner reports about it.
        partner_reported_threat_state, PARTNER_REPORTED_THREAT_STATE = "partnerReportedThreatState": Option<String>,
        /// Date of the last Android security update.
        android_security_patch_level, ANDROID_SECURITY_PATCH_LEVEL = "androidSecurityPatchLevel": Option<String>,
        /// Until when the management certificate is valid.
        management_certificate_expiration_date, MANAGEMENT_CERTIFICATE_EXPIRATION_DATE = "managementCertificateExpirationDate": Option<Timestamp>,
        /// Memory in bytes; filled when a single device is read.
        physical_memory_in_bytes, PHYSICAL_MEMORY_IN_BYTES = "physicalMemoryInBytes": Option<i64>,
        /// Size of its storage in bytes.
        total_storage_space_in_bytes, TOTAL_STORAGE_SPACE_IN_BYTES = "totalStorageSpaceInBytes": Option<i64>,
        /// How much of it is free, in bytes.
        free_storage_space_in_bytes, FREE_STORAGE_SPACE_IN_BYTES = "freeStorageSpaceInBytes": Option<i64>,
    }
}

impl ManagedDevice {
    /// The device id in the directory; `None` if it is all zeros, as for devices that are not registered there.
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
    /// Who owns a managed device.
    pub enum OwnerType { Unknown = "unknown", Company = "company", Personal = "personal" }
}

open_enum! {
    /// Which action on a managed device is under way.
    pub enum ManagementState {
        Managed = "managed",
        RetirePending = "retirePending",
        RetireFailed = "retireFailed",
        WipePending = "wipePending",
        WipeFailed = "wipeFailed",
        Unhealthy = "unhealthy",
        DeletePending = "deletePending",
        RetireIssued = "retireIssued",
        WipeIssued = "wipeIssued",
        WipeCanceled = "wipeCanceled",
        RetireCanceled = "retireCanceled",
        Discovered = "discovered",
    }
}
