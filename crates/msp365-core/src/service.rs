//! Services, token audiences and the addresses of each cloud.

use serde::{Deserialize, Serialize};
use url::Url;

/// A service that requests go to, with its API version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Microsoft Graph v1.0.
    Graph,
    /// Microsoft Graph beta.
    GraphBeta,
    /// The Partner Center REST API, v1.
    PartnerCenter,
}

impl Service {
    /// The audience of a token for this service.
    pub const fn audience(self) -> Audience {
        match self {
            Self::Graph | Self::GraphBeta => Audience::Graph,
            Self::PartnerCenter => Audience::PartnerCenter,
        }
    }
}

/// The audience of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Audience {
    /// Microsoft Graph.
    Graph,
    /// Partner Center.
    PartnerCenter,
}

/// A national cloud. Tokens and addresses of one do not work in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud, with GCC.
    Public,
    /// US Government L4 (GCC High).
    UsGov,
    /// US Government L5 (`DoD`).
    UsGovDod,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// The cloud of this name: `public`, `usgov`, `usgov-dod` or `china`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "public" => Some(Self::Public),
            "usgov" => Some(Self::UsGov),
            "usgov-dod" => Some(Self::UsGovDod),
            "china" => Some(Self::China),
            _ => None,
        }
    }
}

/// Where the services of a cloud are, and the resources that tokens are requested for.
///
/// Addresses have no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Endpoints {
    /// Root of the sign-in service.
    pub authority: String,
    /// Root of Microsoft Graph, before the version.
    pub graph: String,
    /// Root of Partner Center, before the version.
    pub partner_center: String,
    /// The resource that Graph tokens are requested for.
    pub graph_resource: String,
    /// The resource that Partner Center tokens are requested for.
    pub partner_resource: String,
}

const GRAPH: &str = "https://graph.microsoft.com";
const PARTNER_CENTER: &str = "https://api.partnercenter.microsoft.com";

impl Endpoints {
    /// The global cloud.
    pub fn public() -> Self {
        Self::national("https://login.microsoftonline.com", GRAPH, PARTNER_CENTER)
    }

    /// The addresses of a national cloud (identity platform, "National clouds").
    pub fn of(cloud: Cloud) -> Self {
        match cloud {
            Cloud::Public => Self::public(),
            Cloud::UsGov => Self::national(
                "https://login.microsoftonline.us",
                "https://graph.microsoft.us",
                PARTNER_CENTER,
            ),
            Cloud::UsGovDod => Self::national(
                "https://login.microsoftonline.us",
                "https://dod-graph.microsoft.us",
                PARTNER_CENTER,
            ),
            Cloud::China => Self::national(
                "https://login.partner.microsoftonline.cn",
                "https://microsoftgraph.chinacloudapi.cn",
                "https://partner.partnercenterapi.microsoftonline.cn",
            ),
        }
    }

    /// Services at other addresses, such as a simulated cloud; tokens are requested as in the global cloud.
    pub fn custom(authority: &str, graph: &str, partner_center: &str) -> Self {
        Self {
            graph_resource: GRAPH.to_owned(),
            partner_resource: PARTNER_CENTER.to_owned(),
            ..Self::national(authority, graph, partner_center)
        }
    }

    fn national(authority: &str, graph: &str, partner_center: &str) -> Self {
        let trimmed = |text: &str| text.trim_end_matches('/').to_owned();
        Self {
            authority: trimmed(authority),
            graph: trimmed(graph),
            partner_center: trimmed(partner_center),
            graph_resource: trimmed(graph),
            partner_resource: trimmed(partner_center),
        }
    }

    /// The address that paths of this service are appended to: root and version, with a trailing slash.
    pub fn base(&self, service: Service) -> String {
        match service {
            Service::Graph => format!("{}/v1.0/", self.graph),
            Service::GraphBeta => format!("{}/beta/", self.graph),
            Service::PartnerCenter => format!("{}/v1/", self.partner_center),
        }
    }

    /// The scope that asks for everything that has been consented to for an audience.
    pub fn default_scope(&self, audience: Audience) -> String {
        match audience {
            Audience::Graph => format!("{}/.default", self.graph_resource),
            Audience::PartnerCenter => format!("{}/.default", self.partner_resource),
        }
    }

    /// Whether an absolute link stays below the root and version of a service: same scheme, host and port, no user
    /// information, and a path under the version.
    pub fn covers(&self, service: Service, link: &str) -> bool {
        if link
            .bytes()
            .any(|byte| byte <= b' ' || byte == b'\\' || byte == 0x7f)
        {
            return false;
        }
        let (Ok(base), Ok(link)) = (Url::parse(&self.base(service)), Url::parse(link)) else {
            return false;
        };
        base.origin() == link.origin()
            && base.scheme() == link.scheme()
            && link.username().is_empty()
            && link.password().is_none()
            && link.path().starts_with(base.path())
    }
}

impl Endpoints {
    /// A link as it is followed: an absolute one byte for byte, one without an origin below the service's own; `None`
    /// if it leads anywhere that [`covers`](Self::covers) does not allow.
    pub(crate) fn resolve(&self, service: Service, link: &str) -> Option<String> {
        let is_rooted = link.starts_with('/') && !link.starts_with("//");
        let whole = if is_rooted {
            let base = self.base(service);
            let origin = Url::parse(&base).ok()?.origin().ascii_serialization();
            origin + link
        } else {
            link.to_owned()
        };
        self.covers(service, &whole).then_some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_covered_only_under_its_own_origin_and_version() {
        let public = Endpoints::public();
        let covers = |link: &str| public.covers(Service::Graph, link);

        assert!(covers("https://graph.microsoft.com/v1.0/users?$skiptoken=X%2B'"));
        assert!(covers("https://GRAPH.microsoft.com:443/v1.0/users"));
        for link in [
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com/beta/users",
            "https://graph.microsoft.com/v1.0.evil/users",
            "https://graph.microsoft.com/v1.0/../beta/users",
            "https://graph.microsoft.com.evil.example/v1.0/users",
            "https://graph.microsoft.com@evil.example/v1.0/users",
            "https://user@graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com:444/v1.0/users",
            "https://graph.microsoft.com\\@evil.example/v1.0/users",
            "https://graph.microsoft.com./v1.0/users",
            " https://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com\t/v1.0/users",
            "/v1.0/users",
            "",
        ] {
            assert!(!covers(link), "{link}");
        }
    }

    #[test]
    fn f079_a_link_without_an_origin_stays_at_that_of_the_service() {
        let public = Endpoints::public();
        let resolved = |link: &str| public.resolve(Service::Graph, link);

        assert_eq!(
            resolved("/v1.0/users?$skiptoken=a").as_deref(),
            Some("https://graph.microsoft.com/v1.0/users?$skiptoken=a")
        );
        for link in [
            "//evil.example/v1.0/users",
            "/beta/users",
            "/v1.0/../beta",
            "users",
            "",
        ] {
            assert_eq!(resolved(link), None, "{link}");
        }
    }

    #[test]
    fn a_custom_cloud_asks_for_tokens_as_the_global_one_does() {
        let local = Endpoints::custom(
            "http://127.0.0.1:9/",
            "http://127.0.0.1:9/",
            "http://127.0.0.1:9/",
        );

        assert_eq!(local.base(Service::GraphBeta), "http://127.0.0.1:9/beta/");
        assert_eq!(
            local.default_scope(Audience::Graph),
            "https://graph.microsoft.com/.default"
        );
    }
}
