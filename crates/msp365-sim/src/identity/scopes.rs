//! What a scope parameter asks for.

use std::collections::BTreeSet;

use msp365_core::Cloud;

use super::{nation, refusal::Refusal};
use crate::world::change::{GRAPH_APP_ID, PARTNER_CENTER_APP_ID};

/// Scopes of OpenID Connect, which belong to no resource.
const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// A service that tokens are made out to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) app_id: &'static str,
    /// What `aud` says.
    pub(crate) uri: &'static str,
}

impl Resource {
    pub(crate) const fn graph(cloud: Cloud) -> Self {
        Self {
            app_id: GRAPH_APP_ID,
            uri: nation::graph(cloud),
        }
    }

    const fn partner_center(cloud: Cloud) -> Self {
        Self {
            app_id: PARTNER_CENTER_APP_ID,
            uri: nation::partner_center(cloud),
        }
    }

    /// Whether access tokens for it can be recalled.
    pub(crate) fn recalls(self) -> bool {
        self.app_id == GRAPH_APP_ID
    }

    /// The resource of this URI or app id.
    pub(crate) fn named(name: &str, cloud: Cloud) -> Result<Self, Refusal> {
        let short = name.trim_end_matches('/');
        let all = [Self::graph(cloud), Self::partner_center(cloud)];
        let is_it =
            |known: &Self| known.uri.eq_ignore_ascii_case(short) || known.app_id.eq_ignore_ascii_case(short);
        all.into_iter().find(is_it).ok_or_else(|| {
            Refusal::new(
                "invalid_resource",
                500_011,
                format!("The resource principal named {name} was not found in the tenant."),
            )
        })
    }
}

/// A scope parameter, sorted out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scopes {
    /// Those of OpenID Connect, in the order asked for.
    pub(crate) identity: Vec<&'static str>,
    /// In the order asked for; empty if only OpenID scopes were.
    pub(crate) resources: Vec<(Resource, Named)>,
    /// Whether permissions are named without their resource, which is Graph then.
    pub(crate) is_bare: bool,
}

/// Which permissions of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// `.default`: whatever is granted.
    Default,
    /// These.
    Scopes(BTreeSet<String>),
}

impl Scopes {
    /// Sorts out a scope parameter.
    pub(crate) fn parse(text: &str, cloud: Cloud) -> Result<Self, Refusal> {
        let mut scopes = Self {
            identity: Vec::new(),
            resources: Vec::new(),
            is_bare: false,
        };
        for word in text.split_ascii_whitespace() {
            match OPENID.into_iter().find(|known| *known == word) {
                Some(known) if !scopes.identity.contains(&known) => scopes.identity.push(known),
                Some(_) => {}
                None => scopes.add(word, cloud)?,
            }
        }
        Ok(scopes)
    }

    /// Everything granted on one resource, and who signed in: what the older endpoint means without saying so.
    pub(crate) fn all_of(resource: Resource) -> Self {
        Self {
            identity: vec!["openid", "profile", "offline_access"],
            resources: vec![(resource, Named::Default)],
            is_bare: false,
        }
    }

    pub(crate) fn openid(&self) -> bool {
        self.identity.contains(&"openid")
    }

    pub(crate) fn offline_access(&self) -> bool {
        self.identity.contains(&"offline_access")
    }

    fn add(&mut self, word: &str, cloud: Cloud) -> Result<(), Refusal> {
        let (resource, name) = split(word, cloud)?;
        self.is_bare |= !word.contains('/');
        let known = self.resources.iter().position(|(known, _)| *known == resource);
        let position = known.unwrap_or(self.resources.len());
        if known.is_none() {
            let start = if name == ".default" {
                Named::Default
            } else {
                Named::Scopes(BTreeSet::new())
            };
            self.resources.push((resource, start));
        }
        match self.resources.get_mut(position).map(|(_, named)| named) {
            Some(Named::Scopes(names)) if name != ".default" => {
                names.insert(name.to_owned());
                Ok(())
            }
            Some(Named::Default) if name == ".default" => Ok(()),
            _ => Err(invalid(
                word,
                "The .default scope can't be combined with resource-specific scopes.",
            )),
        }
    }
}

fn split(word: &str, cloud: Cloud) -> Result<(Resource, &str), Refusal> {
    let Some((resource, name)) = word.rsplit_once('/') else {
        return Ok((Resource::graph(cloud), word));
    };
    if name.is_empty() {
        return Err(invalid(word, "The scope is not valid."));
    }
    Ok((Resource::named(resource, cloud)?, name))
}

fn invalid(word: &str, why: &str) -> Refusal {
    Refusal::new(
        "invalid_scope",
        70_011,
        format!("The provided value for the input parameter 'scope' is not valid: {word}. {why}"),
    )
}
