//! What a scope parameter asks for.

use std::collections::BTreeSet;

use super::refusal::Refusal;
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

const GRAPH: Resource = Resource {
    app_id: GRAPH_APP_ID,
    uri: "https://graph.microsoft.com",
};

const PARTNER_CENTER: Resource = Resource {
    app_id: PARTNER_CENTER_APP_ID,
    uri: "https://api.partnercenter.microsoft.com",
};

/// A scope parameter, sorted out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scopes {
    pub(crate) openid: bool,
    pub(crate) offline_access: bool,
    /// In the order asked for; empty if only OpenID scopes were.
    pub(crate) resources: Vec<(Resource, Named)>,
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
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut scopes = Self {
            openid: false,
            offline_access: false,
            resources: Vec::new(),
        };
        for word in text.split_ascii_whitespace() {
            if OPENID.contains(&word) {
                scopes.openid |= word == "openid";
                scopes.offline_access |= word == "offline_access";
            } else {
                scopes.add(word)?;
            }
        }
        Ok(scopes)
    }

    fn add(&mut self, word: &str) -> Result<(), Refusal> {
        let (resource, name) = split(word)?;
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

fn split(word: &str) -> Result<(Resource, &str), Refusal> {
    let Some((resource, name)) = word.rsplit_once('/') else {
        return Ok((GRAPH, word));
    };
    if name.is_empty() {
        return Err(invalid(word, "The scope is not valid."));
    }
    match resource.trim_end_matches('/') {
        uri if uri.eq_ignore_ascii_case(GRAPH.uri) || uri == GRAPH.app_id => Ok((GRAPH, name)),
        uri if uri.eq_ignore_ascii_case(PARTNER_CENTER.uri) || uri == PARTNER_CENTER.app_id => {
            Ok((PARTNER_CENTER, name))
        }
        other => Err(Refusal::new(
            "invalid_resource",
            500_011,
            format!("The resource principal named {other} was not found in the tenant."),
        )),
    }
}

fn invalid(word: &str, why: &str) -> Refusal {
    Refusal::new(
        "invalid_scope",
        70_011,
        format!("The provided value for the input parameter 'scope' is not valid: {word}. {why}"),
    )
}
