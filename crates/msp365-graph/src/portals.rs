//! Links to Microsoft's portals for one tenant.
//!
//! What can be seen there depends on the roles of whoever opens the link.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::names::rows;

/// Key, name and address; source and date are in the file.
const TABLE: &str = include_str!("../data/portals.tsv");

/// The place in an address for the tenant's SharePoint name.
const SHARE_POINT: &str = "{sharepoint}";

/// Characters left unescaped in a domain or id within an address.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// The names of a tenant. The portals differ in which of them they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PortalTenant<'a> {
    /// The tenant id.
    pub id: &'a str,
    /// The default domain for new users.
    pub default_domain: Option<&'a str>,
    /// The domain the tenant started with.
    pub initial_domain: Option<&'a str>,
    /// The first label of its SharePoint host, such as `contoso` of `contoso.sharepoint.com`. If it is not known, that
    /// of the initial domain is used, which is the same unless the tenant was renamed.
    pub share_point_name: Option<&'a str>,
}

impl<'a> PortalTenant<'a> {
    /// The SharePoint name that a tenant has by default: `contoso` of `contoso.onmicrosoft.com`.
    fn share_point_by_default(&self) -> Option<&'a str> {
        let (name, rest) = self.initial_domain?.split_once('.')?;
        rest.starts_with("onmicrosoft.").then_some(name)
    }
}

/// A link to a portal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Portal {
    /// A short name that never changes, such as `entra`.
    pub key: &'static str,
    /// The display name.
    pub name: &'static str,
    /// The address; absent if the tenant lacks the name that the portal needs.
    pub url: Option<String>,
    /// Whether the address uses the tenant's default name: a tenant that was renamed has another one.
    pub is_by_default: bool,
}

/// The eight portals of a tenant.
///
/// ```
/// use msp365_graph::portals::{self, PortalTenant};
///
/// let contoso = PortalTenant { default_domain: Some("contoso.example"), ..PortalTenant::default() };
///
/// let entra = portals::of(&contoso).next().and_then(|portal| portal.url);
/// assert_eq!(entra.as_deref(), Some("https://entra.microsoft.com/contoso.example"));
/// ```
pub fn of(tenant: &PortalTenant<'_>) -> impl Iterator<Item = Portal> {
    let is_named = tenant.share_point_name.is_some_and(|name| !name.is_empty());
    let share_point = if is_named {
        tenant.share_point_name
    } else {
        tenant.share_point_by_default()
    };
    let parts = [
        ("{tenant}", Some(tenant.id)),
        ("{default}", tenant.default_domain),
        ("{initial}", tenant.initial_domain),
        (SHARE_POINT, share_point),
    ]
    .map(|(place, part)| {
        let part = part.filter(|part| !part.is_empty());
        (
            place,
            part.map(|part| utf8_percent_encode(part, PART).to_string()),
        )
    });
    rows(TABLE).map(move |[key, name, address]| Portal {
        key,
        name,
        url: filled(address, &parts),
        is_by_default: !is_named && address.contains(SHARE_POINT),
    })
}

fn filled(address: &str, parts: &[(&str, Option<String>)]) -> Option<String> {
    parts.iter().try_fold(address.to_owned(), |url, (place, part)| {
        if url.contains(place) {
            part.as_ref().map(|part| url.replace(place, part))
        } else {
            Some(url)
        }
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;
    use crate::names::checks;

    const CONTOSO: PortalTenant<'_> = PortalTenant {
        id: "0a000000-0000-4000-8000-000000000001",
        default_domain: Some("contoso.example"),
        initial_domain: Some("contoso.onmicrosoft.example"),
        share_point_name: Some("contoso"),
    };

    #[test]
    fn the_table_is_consistent() {
        checks::is_well_formed(TABLE, 3);
        let keys: std::collections::HashSet<_> = of(&CONTOSO).map(|portal| portal.key).collect();

        assert_eq!(keys.len(), 8);
    }

    #[test]
    fn each_portal_is_given_the_name_it_wants() {
        let urls: Vec<_> = of(&CONTOSO).filter_map(|portal| portal.url).collect();

        assert_snapshot!(urls.join("\n"), @r"
        https://entra.microsoft.com/contoso.example
        https://portal.azure.com/contoso.example
        https://admin.cloud.microsoft/exchange?delegatedOrg=contoso.onmicrosoft.example
        https://admin.cloud.microsoft/?delegatedOrg=contoso.onmicrosoft.example
        https://intune.microsoft.com/contoso.example
        https://security.microsoft.com/?tid=0a000000-0000-4000-8000-000000000001
        https://contoso-admin.sharepoint.com
        https://admin.teams.microsoft.com/?delegatedOrg=contoso.onmicrosoft.example
        ");
    }

    #[test]
    fn a_portal_whose_name_is_not_known_has_no_address() {
        let unnamed = PortalTenant {
            share_point_name: Some(""),
            default_domain: None,
            initial_domain: Some("contoso.example"),
            ..CONTOSO
        };

        let missing: Vec<_> = of(&unnamed)
            .filter(|portal| portal.url.is_none())
            .map(|portal| portal.key)
            .collect();

        assert_eq!(missing, ["entra", "azure", "intune", "sharepoint"]);
    }

    #[test]
    fn share_point_goes_by_the_initial_domain_where_its_name_is_not_known() {
        let found = |share_point_name| {
            let tenant = PortalTenant {
                share_point_name,
                ..CONTOSO
            };
            let link = of(&tenant).find(|portal| portal.key == "sharepoint").unwrap();
            (link.url.unwrap(), link.is_by_default)
        };

        assert_eq!(
            found(None),
            ("https://contoso-admin.sharepoint.com".to_owned(), true)
        );
        assert_eq!(
            found(Some("fabrikam")),
            ("https://fabrikam-admin.sharepoint.com".to_owned(), false)
        );
        assert_eq!(of(&CONTOSO).filter(|portal| portal.is_by_default).count(), 0);
    }

    proptest! {
        #[test]
        fn no_name_leads_elsewhere(name in "\\PC+") {
            let hostile = PortalTenant { id: &name, default_domain: Some(&name), initial_domain: Some(&name), share_point_name: Some(&name) };

            for url in of(&hostile).filter_map(|portal| portal.url) {
                let host = url.strip_prefix("https://").unwrap().split(['/', '?', '#']).next().unwrap();
                let is_ours = host.ends_with("microsoft.com") || host.ends_with(".microsoft")
                    || host.ends_with("azure.com") || host.ends_with("-admin.sharepoint.com");
                prop_assert!(is_ours && !host.contains('@'), "{}", url);
            }
        }
    }
}
