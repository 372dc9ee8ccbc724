//! Devices in the directory and in Intune.

use jiff::Timestamp;

use super::row;

row! {
    /// A device of the directory.
    pub struct DeviceRow of Devices by (id) {
        /// Object id.
        pub id: String,
        /// The id that the device knows itself by.
        pub device_id: Option<String>,
        /// Name as shown.
        pub display_name: Option<String>,
        /// Operating system.
        pub operating_system: Option<String>,
        /// Its version.
        pub operating_system_version: Option<String>,
        /// How it joined: `AzureAd`, `Workplace` or `ServerAd`.
        pub trust_type: Option<String>,
        /// Whether it meets policy.
        pub is_compliant: Option<bool>,
        /// Whether a management service looks after it.
        pub is_managed: Option<bool>,
        /// Whether it may sign in.
        pub account_enabled: Option<bool>,
        /// Manufacturer.
        pub manufacturer: Option<String>,
        /// Model.
        pub model: Option<String>,
        /// Last sign-in; the service refreshes it about every two weeks.
        pub last_sign_in_at: Option<Timestamp>,
        /// When it was registered.
        pub registered_at: Option<Timestamp>,
    }
}

row! {
    /// A device that Intune manages.
    pub struct ManagedDeviceRow of ManagedDevices by (id) {
        /// Id in Intune.
        pub id: String,
        /// The `device_id` in the directory; may be all zeros.
        pub azure_ad_device_id: Option<String>,
        /// Host name.
        pub device_name: Option<String>,
        /// Serial number.
        pub serial_number: Option<String>,
        /// Operating system.
        pub operating_system: Option<String>,
        /// Its version.
        pub os_version: Option<String>,
        /// One of Intune's states.
        pub compliance_state: Option<String>,
        /// Its user's sign-in name.
        pub user_principal_name: Option<String>,
        /// Its user.
        pub user_id: Option<String>,
        /// Manufacturer.
        pub manufacturer: Option<String>,
        /// Model.
        pub model: Option<String>,
        /// Last contact with Intune.
        pub last_sync_at: Option<Timestamp>,
        /// When it was enrolled.
        pub enrolled_at: Option<Timestamp>,
    }
}
