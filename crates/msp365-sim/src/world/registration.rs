//! App registrations, as the sign-in service reads them: what an app may prove itself with, where sign-in returns to,
//! and what it asks for.

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use msp365_core::TenantId;
use serde_json::{Value, json};

use super::{
    access::{object, text},
    apps::AppSecret,
    certificate,
    change::{GRAPH_APP_ID, PARTNER_CENTER_APP_ID},
    model::{Json, World},
};
use crate::{app::SimApp, permissions};

/// An app as its home tenant has it registered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registration<'a> {
    pub(crate) client_id: &'a str,
    /// The name shown on consent pages.
    pub(crate) name: &'a str,
    /// The tenant it is registered in.
    pub(crate) owner: TenantId,
    /// Its `application`.
    row: &'a Json,
    /// The app as its owner holds it, if it is one that the cloud began with.
    app: Option<&'a SimApp>,
}

/// An address that sign-in may return to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redirect {
    pub(crate) uri: String,
    pub(crate) platform: Platform,
}

/// What kind of client waits at a redirect address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    /// A server, which proves itself.
    Web,
    /// A program on somebody's device, which cannot keep a secret.
    Native,
    /// A script in a browser: it has no secret, and its browser tells where it comes from.
    Spa,
}

/// A certificate of an app.
#[derive(Debug, Clone)]
pub(crate) struct AppCertificate {
    pub(crate) der: Vec<u8>,
    /// Its public key, as `SubjectPublicKeyInfo`.
    pub(crate) public: Vec<u8>,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

/// Permissions that an app is registered with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Registered {
    /// Delegated ones by app id of the resource.
    pub(crate) scopes: Vec<(&'static str, Vec<String>)>,
    /// App roles on Microsoft Graph.
    pub(crate) roles: Vec<String>,
}

impl World {
    /// The registration of an app id.
    pub(crate) fn registration(&self, client_id: &str) -> Option<Registration<'_>> {
        let mut tenants = std::iter::once(&self.partner).chain(&self.customers);
        let (owner, row) = tenants.find_map(|tenant| {
            let is_it =
                |row: &&Json| text(row, "appId").is_some_and(|own| own.eq_ignore_ascii_case(client_id));
            Some((tenant.id, tenant.register.applications.present().find(is_it)?))
        })?;
        let client_id = text(row, "appId")?;
        Some(Registration {
            client_id,
            name: text(row, "displayName").unwrap_or_default(),
            owner,
            row,
            app: [&self.app, &self.app_only]
                .into_iter()
                .find(|app| app.client_id == client_id),
        })
    }

    /// All addresses that any app may return to.
    pub(crate) fn redirects(&self) -> impl Iterator<Item = Redirect> {
        let tenants = std::iter::once(&self.partner).chain(&self.customers);
        tenants
            .flat_map(|tenant| tenant.register.applications.present())
            .flat_map(redirects)
    }

    /// Registers one more address that sign-in may return to. `false` if there is no such app.
    pub(crate) fn add_redirect(&mut self, client_id: &str, redirect: &Redirect) -> bool {
        let version = self.next_version();
        let Some(found) = self.registration(client_id) else {
            return false;
        };
        let (owner, id) = (found.owner, text(found.row, "id").unwrap_or_default().to_owned());
        let place = redirect.platform.property();
        let mut all: Vec<String> = redirects(found.row)
            .filter(|one| one.platform == redirect.platform)
            .map(|one| one.uri)
            .collect();
        all.push(redirect.uri.clone());
        let mut settings = found.row.get(place).cloned().unwrap_or_else(|| json!({}));
        settings["redirectUris"] = json!(all);
        self.tenant_mut(owner)
            .is_some_and(|tenant| tenant.register.applications.set(&id, place, settings, version))
    }
}

impl Platform {
    /// The property of an `application` that holds its addresses.
    const fn property(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Native => "publicClient",
            Self::Spa => "spa",
        }
    }
}

fn redirects(row: &Json) -> impl Iterator<Item = Redirect> + use<> {
    let mut all = Vec::new();
    for platform in [Platform::Web, Platform::Native, Platform::Spa] {
        let uris = row
            .get(platform.property())
            .map(|settings| &settings["redirectUris"]);
        let uris = uris.and_then(Value::as_array).into_iter().flatten();
        all.extend(uris.filter_map(Value::as_str).map(|uri| Redirect {
            uri: uri.to_owned(),
            platform,
        }));
    }
    all.into_iter()
}

impl Registration<'_> {
    /// The addresses that sign-in may return to.
    pub(crate) fn redirects(&self) -> impl Iterator<Item = Redirect> + use<> {
        redirects(self.row)
    }

    /// Whether flows without a redirect address, such as device code, need no proof of the app.
    pub(crate) fn has_public_flows(&self) -> bool {
        self.row.get("isFallbackPublicClient") == Some(&Value::Bool(true))
    }

    /// Whether other tenants than its own may use it.
    pub(crate) fn is_for_all_tenants(&self) -> bool {
        text(self.row, "signInAudience") != Some("AzureADMyOrg")
    }

    /// The certificates it may prove itself with: its own, if anybody has seen that, and those it is registered with.
    pub(crate) fn certificates(&self) -> Vec<AppCertificate> {
        let own = self.app.and_then(SimApp::known);
        let own = own.and_then(|issued| AppCertificate::read(&issued.der));
        let listed = self.row.get("keyCredentials").and_then(Value::as_array);
        let listed = listed.into_iter().flatten().filter_map(|credential| {
            let der = STANDARD.decode(credential["key"].as_str()?).ok()?;
            AppCertificate::read(&der)
        });
        own.into_iter().chain(listed).collect()
    }

    /// The permissions it is registered with.
    pub(crate) fn registered(&self) -> Registered {
        let mut all = Registered::default();
        let needed = self.row.get("requiredResourceAccess").and_then(Value::as_array);
        for access in needed.into_iter().flatten() {
            let resource = access["resourceAppId"].as_str().unwrap_or_default();
            let Some(resource) = [GRAPH_APP_ID, PARTNER_CENTER_APP_ID]
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(resource))
            else {
                continue;
            };
            let mut scopes = Vec::new();
            for wanted in access["resourceAccess"].as_array().into_iter().flatten() {
                let id = wanted["id"].as_str().unwrap_or_default();
                if wanted["type"] == "Role" {
                    let role = permissions::app_roles().find(|role| role.id == id);
                    all.roles.extend(role.map(|role| role.name.to_owned()));
                } else if let Some(name) = scope_name(resource, id) {
                    scopes.push(name.to_owned());
                }
            }
            if !scopes.is_empty() {
                all.scopes.push((resource, scopes));
            }
        }
        all
    }
}

/// What sets the two apps of the cloud apart: what they ask for, and whether devices may use them.
pub(crate) fn settings(app: &SimApp, app_only: &SimApp) -> Json {
    let access = |resource: &str, kind: &str, ids: Vec<&str>| {
        let ids: Vec<Value> = ids.iter().map(|id| json!({"id": id, "type": kind})).collect();
        json!({"resourceAppId": resource, "resourceAccess": ids})
    };
    let acts_alone = app.client_id == app_only.client_id;
    let required = if acts_alone {
        let roles = permissions::app_roles().filter(|role| permissions::APP_ROLES.contains(&role.name));
        json!([access(GRAPH_APP_ID, "Role", roles.map(|role| role.id).collect())])
    } else {
        let scopes = permissions::scopes();
        let scopes = scopes.filter(|scope| permissions::GRAPH_DELEGATED.contains(&scope.name));
        json!([
            access(GRAPH_APP_ID, "Scope", scopes.map(|scope| scope.id).collect()),
            access(PARTNER_CENTER_APP_ID, "Scope", vec![USER_IMPERSONATION]),
        ])
    };
    object(json!({"requiredResourceAccess": required, "isFallbackPublicClient": !acts_alone}))
}

/// The id of the one delegated permission of Partner Center.
const USER_IMPERSONATION: &str = "1cebfa2a-fb4d-419e-b5f9-839b4383e05a";

fn scope_name(resource: &str, id: &str) -> Option<&'static str> {
    if resource == PARTNER_CENTER_APP_ID {
        return (id == USER_IMPERSONATION).then_some("user_impersonation");
    }
    permissions::scopes()
        .find(|scope| scope.id == id)
        .map(|scope| scope.name)
}

impl AppSecret {
    /// Whether it may be used now.
    pub(crate) fn is_current(&self, now: Timestamp) -> bool {
        self.starts <= now && now < self.ends
    }
}

impl AppCertificate {
    /// A certificate in DER; `None` if it is none.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let parts = certificate::read(der)?;
        Some(Self {
            der: der.to_vec(),
            public: parts.public.to_vec(),
            start: parts.not_before,
            end: parts.not_after,
        })
    }

    /// The SHA-1 of the certificate.
    pub(crate) fn sha1(&self) -> Vec<u8> {
        let digest = digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der);
        digest.as_ref().to_vec()
    }

    /// The SHA-256 of the certificate.
    pub(crate) fn sha256(&self) -> Vec<u8> {
        digest::digest(&SHA256, &self.der).as_ref().to_vec()
    }

    /// Whether it may be used now.
    pub(crate) fn is_current(&self, now: Timestamp) -> bool {
        self.start <= now && now <= self.end
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    #[test]
    fn a_certificate_tells_its_key_and_its_time() {
        let app = SimApp::new("ada", SecretString::from("s"), "Ada's app");
        app.certificate().unwrap();

        let known = AppCertificate::read(&app.known().unwrap().der).unwrap();

        assert_eq!(known.start, "2026-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(known.end, "2099-12-31T00:00:00Z".parse().unwrap());
        assert_eq!((known.sha1().len(), known.sha256().len()), (20, 32));
        assert!(known.public.len() > 256);
    }
}
