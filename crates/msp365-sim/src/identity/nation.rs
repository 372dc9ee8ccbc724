//! National clouds: which host belongs to which, and what each calls its services.

use msp365_core::Cloud;
use serde_json::{Value, json};

/// An instance of the identity platform. Both US Government clouds share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nation {
    Global,
    UsGov,
    China,
}

/// All of them.
pub(super) const ALL: [Nation; 3] = [Nation::Global, Nation::UsGov, Nation::China];

/// The instance that a host of the sign-in service belongs to; `None` for any other host, such as loopback.
pub(crate) fn of_login(host: &str) -> Option<Nation> {
    ALL.into_iter().find(|nation| {
        let own = nation
            .aliases()
            .iter()
            .any(|alias| alias.eq_ignore_ascii_case(host));
        own || nation.sts().eq_ignore_ascii_case(host)
    })
}

/// The instance that a cloud signs in at.
pub(crate) const fn family(cloud: Cloud) -> Nation {
    match cloud {
        Cloud::UsGov | Cloud::UsGovDod => Nation::UsGov,
        Cloud::China => Nation::China,
        _ => Nation::Global,
    }
}

/// What tokens for Graph are made out to.
pub(crate) const fn graph(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::UsGov => "https://graph.microsoft.us",
        Cloud::UsGovDod => "https://dod-graph.microsoft.us",
        Cloud::China => "https://microsoftgraph.chinacloudapi.cn",
        _ => "https://graph.microsoft.com",
    }
}

/// What tokens for Partner Center are made out to.
pub(crate) const fn partner_center(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::China => "https://partner.partnercenterapi.microsoftonline.cn",
        _ => "https://api.partnercenter.microsoft.com",
    }
}

/// What the OpenID document of a cloud says about it.
pub(super) fn facts(cloud: Cloud) -> Value {
    let graph = graph(cloud);
    let host = graph.strip_prefix("https://").unwrap_or(graph);
    let nation = family(cloud);
    let (region, part, directory) = match cloud {
        Cloud::UsGov => ("USGov", json!("DODCON"), "graph.windows.net"),
        Cloud::UsGovDod => ("USGov", json!("DOD"), "graph.windows.net"),
        Cloud::China => ("AS", Value::Null, "graph.chinacloudapi.cn"),
        _ => ("EU", Value::Null, "graph.windows.net"),
    };
    let mut facts = json!({
        "tenant_region_scope": region,
        "cloud_instance_name": nation.instance(),
        "cloud_graph_host_name": directory,
        "msgraph_host": host,
        "rbac_url": "https://pas.windows.net",
    });
    if !part.is_null() {
        facts["tenant_region_sub_scope"] = part;
    }
    facts
}

impl Nation {
    /// The host to sign in at.
    pub(super) const fn login(self) -> &'static str {
        match self {
            Self::Global => "login.microsoftonline.com",
            Self::UsGov => "login.microsoftonline.us",
            Self::China => "login.partner.microsoftonline.cn",
        }
    }

    /// The host that token caches file accounts under.
    pub(super) const fn cache(self) -> &'static str {
        match self {
            Self::Global => "login.windows.net",
            Self::UsGov | Self::China => self.login(),
        }
    }

    /// All hosts to sign in at.
    pub(super) const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Global => &[
                "login.microsoftonline.com",
                "login.windows.net",
                "login.microsoft.com",
                "sts.windows.net",
            ],
            Self::UsGov => &[
                "login.microsoftonline.us",
                "login.usgovcloudapi.net",
                "login-us.microsoftonline.com",
            ],
            Self::China => &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        }
    }

    /// The host that issues tokens of version 1.
    pub(super) const fn sts(self) -> &'static str {
        match self {
            Self::Global | Self::UsGov => "sts.windows.net",
            Self::China => "sts.chinacloudapi.cn",
        }
    }

    /// What the instance is called.
    const fn instance(self) -> &'static str {
        match self {
            Self::Global => "microsoftonline.com",
            Self::UsGov => "microsoftonline.us",
            Self::China => "partner.microsoftonline.cn",
        }
    }
}
