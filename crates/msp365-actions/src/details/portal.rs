//! Links to Microsoft's portals for the tenant of somebody.

use msp365_graph::portals::{self, Portal, PortalTenant};
use serde::Serialize;

use super::card::{Gap, Why};

/// A link to a portal. Microsoft decides by the roles of whoever follows it what is seen there, and may block it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PortalLink {
    /// A short name that does not change, such as `entra`.
    pub key: &'static str,
    /// The name shown.
    pub name: &'static str,
    /// The address; `None` where the tenant's name that it takes is not known.
    pub url: Option<String>,
    /// Whether the address goes by the name that a tenant has by default: one that was renamed has another.
    pub is_by_default: bool,
}

impl From<Portal> for PortalLink {
    fn from(portal: Portal) -> Self {
        Self {
            key: portal.key,
            name: portal.name,
            url: portal.url,
            is_by_default: portal.is_by_default,
        }
    }
}

/// The links of a tenant, and the portals whose address is not known.
pub(super) fn links(tenant: &PortalTenant<'_>) -> (Vec<PortalLink>, Vec<Gap>) {
    let links: Vec<PortalLink> = portals::of(tenant).map(PortalLink::from).collect();
    let unknown = links.iter().filter(|link| link.url.is_none());
    let gaps = unknown
        .map(|link| Gap::known(link.key, Why::NotSupplied))
        .collect();
    (links, gaps)
}
