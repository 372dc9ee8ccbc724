//! Addresses of the sign-in service for one tenant.

use msp365_core::{Endpoints, TenantId};
use url::{Host, Url};

use crate::Error;

/// The sign-in service for one tenant. There is no discovery, so only the endpoints can name a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    root: String,
    tenant: TenantId,
}

impl Authority {
    /// # Errors
    /// `Invalid` unless the authority is reached by `https:` or is on this machine.
    pub(crate) fn new(endpoints: &Endpoints, tenant: TenantId) -> Result<Self, Error> {
        if !is_safe(&endpoints.authority) {
            return Err(Error::Authority {
                authority: endpoints.authority.clone(),
            });
        }
        Ok(Self {
            root: endpoints.authority.clone(),
            tenant,
        })
    }

    pub(crate) fn authorize(&self) -> String {
        format!("{}/{}/oauth2/v2.0/authorize", self.root, self.tenant)
    }

    pub(crate) fn token(&self) -> String {
        format!("{}/{}/oauth2/v2.0/token", self.root, self.tenant)
    }

    pub(crate) fn device_code(&self) -> String {
        format!("{}/{}/oauth2/v2.0/devicecode", self.root, self.tenant)
    }

    pub(crate) fn keys(&self) -> String {
        format!("{}/{}/discovery/v2.0/keys", self.root, self.tenant)
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}/{}/v2.0", self.root, self.tenant)
    }
}

/// Whether secrets may be sent to this address: `https:`, or this very machine.
pub(crate) fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for safe in [
            "https://login.microsoftonline.com",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:8080",
        ] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_address in [
            "http://login.microsoftonline.com",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "https://user@login.microsoftonline.com",
            "ftp://127.0.0.1",
            "login.microsoftonline.com",
            "",
        ] {
            assert!(!is_safe(unsafe_address), "{unsafe_address}");
        }
    }
}
