//! The input records.

/// A device of Microsoft 365, as Entra or Intune lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Ours {
    /// Its id, which the pairs repeat.
    pub id: String,
    /// Its name as listed.
    pub hostname: String,
    /// The tenant it belongs to; `None` counts as a tenant for which [`Sites`](super::Sites) names no site.
    pub tenant: Option<String>,
    /// When it was last seen, in seconds since 1970; distinguishes a stale twin from its successor.
    pub last_seen: Option<i64>,
    /// Its serial number; two different ones mean two machines.
    pub serial: Option<String>,
    /// The id by which the directory knows the device (`deviceId`, `azureADDeviceId`).
    pub device_id: Option<String>,
    /// The user principal name of its user.
    pub user: Option<String>,
    /// Its operating system.
    pub os: Option<String>,
}

/// A device of the tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Theirs {
    /// The tool's id for it, which the pairs repeat.
    pub id: String,
    /// The host name its agent reports.
    pub hostname: String,
    /// The site it is in; without one it is out of reach as soon as [`Sites`](super::Sites) names any.
    pub site: Option<String>,
    /// When its agent was last heard from, in seconds since 1970.
    pub last_seen: Option<i64>,
    /// Its serial number as its firmware states it.
    pub serial: Option<String>,
    /// The directory's id of the device, if the agent reads it (`dsregcmd` shows it).
    pub device_id: Option<String>,
    /// The last user, as `DOMAIN\name`, a user principal name or a plain name.
    pub user: Option<String>,
    /// Its operating system.
    pub os: Option<String>,
}

/// The builder methods that both kinds of records share.
macro_rules! builders {
    ($record:ident, $home:ident) => {
        impl $record {
            /// A device with this id and host name, about which nothing else is known.
            pub fn new(id: impl Into<String>, hostname: impl Into<String>) -> Self {
                Self {
                    id: id.into(),
                    hostname: hostname.into(),
                    $home: None,
                    last_seen: None,
                    serial: None,
                    device_id: None,
                    user: None,
                    os: None,
                }
            }

            /// Last seen at this time, in seconds since 1970.
            #[must_use]
            pub fn last_seen(mut self, seconds: i64) -> Self {
                self.last_seen = Some(seconds);
                self
            }

            /// With this serial number.
            #[must_use]
            pub fn serial(mut self, serial: impl Into<String>) -> Self {
                self.serial = Some(serial.into());
                self
            }

            /// Known to the directory by this device id.
            #[must_use]
            pub fn device_id(mut self, id: impl Into<String>) -> Self {
                self.device_id = Some(id.into());
                self
            }

            /// Last used by this account.
            #[must_use]
            pub fn user(mut self, user: impl Into<String>) -> Self {
                self.user = Some(user.into());
                self
            }

            /// Running this system.
            #[must_use]
            pub fn os(mut self, os: impl Into<String>) -> Self {
                self.os = Some(os.into());
                self
            }
        }
    };
}

builders!(Ours, tenant);
builders!(Theirs, site);

impl Ours {
    /// In this tenant.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }
}

impl Theirs {
    /// In this site.
    #[must_use]
    pub fn site(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }
}
