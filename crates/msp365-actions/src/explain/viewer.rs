//! Who looks at lists and cards, and what of them they may see.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use msp365_core::TenantId;

use super::{Area, Ask, Decision, Permissions, Tier};

/// Where the host's tenants and devices belong. [`SiteMap`] holds it as data.
pub trait Sites: Send + Sync {
    /// The sites that a tenant belongs to.
    fn of_tenant(&self, tenant: &TenantId) -> Vec<String>;

    /// The site of a device of the tool, by the tool's id of it. To a device of no site no technician is led.
    fn of_device(&self, device: &str) -> Option<String>;
}

/// The sites of tenants and devices, as data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteMap {
    /// The sites that each tenant belongs to.
    pub tenants: BTreeMap<TenantId, BTreeSet<String>>,
    /// The site of each device of the tool, by the tool's id.
    pub devices: BTreeMap<String, String>,
}

impl Sites for SiteMap {
    fn of_tenant(&self, tenant: &TenantId) -> Vec<String> {
        self.tenants.get(tenant).into_iter().flatten().cloned().collect()
    }

    fn of_device(&self, device: &str) -> Option<String> {
        self.devices.get(device).cloned()
    }
}

/// Who looks: the host itself, or one of its technicians.
#[derive(Clone, Copy, Default)]
pub struct Viewer<'a> {
    technician: Option<Technician<'a>>,
}

#[derive(Clone, Copy)]
struct Technician<'a> {
    permissions: &'a dyn Permissions,
    id: &'a str,
    sites: &'a dyn Sites,
}

impl fmt::Debug for Viewer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.technician.map(|technician| technician.id);
        f.debug_struct("Viewer").field("technician", &id).finish()
    }
}

impl<'a> Viewer<'a> {
    /// The host itself, which sees everything.
    pub const fn host() -> Self {
        Self { technician: None }
    }

    /// A technician of the host, by the host's id, as far as `permissions` let and in the sites of the host.
    pub const fn technician(permissions: &'a dyn Permissions, id: &'a str, sites: &'a dyn Sites) -> Self {
        Self {
            technician: Some(Technician {
                permissions,
                id,
                sites,
            }),
        }
    }

    /// The technician's id; empty for the host itself.
    pub fn id(&self) -> &'a str {
        self.technician.map_or("", |technician| technician.id)
    }

    /// Whether an area of this tenant may be looked at. A tenant of which it may not is answered for like one that does
    /// not exist.
    pub fn sees(&self, area: Area, tenant: &TenantId) -> bool {
        self.technician
            .is_none_or(|technician| technician.may(area, tenant, technician.sites.of_tenant(tenant)))
    }

    /// Those of these tenants of which an area may be looked at.
    pub fn in_view(&self, area: Area, tenants: impl IntoIterator<Item = TenantId>) -> Vec<TenantId> {
        let tenants = tenants.into_iter();
        tenants.filter(|tenant| self.sees(area, tenant)).collect()
    }

    /// Whether a device of the tool may be seen that is one of the tenant's: by the site it is in.
    pub fn sees_device(&self, tenant: &TenantId, device: &str) -> bool {
        self.technician.is_none_or(|technician| {
            let site = technician.sites.of_device(device);
            site.is_some_and(|site| technician.may(Area::Devices, tenant, [site]))
        })
    }
}

impl Technician<'_> {
    fn may(&self, area: Area, tenant: &TenantId, sites: impl IntoIterator<Item = String>) -> bool {
        let ask = Ask::area(Some(*tenant), area, Tier::View).in_sites(sites);
        self.permissions.decide(self.id, &ask) == Decision::Allowed
    }
}
