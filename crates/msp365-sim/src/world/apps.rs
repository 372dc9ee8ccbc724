//! Registered applications, their secrets, and the roles of Graph that service principals hold.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{
    access::{later, object, text},
    change::{GRAPH_APP_ID, MICROSOFT, derived_id},
    model::{Consent, Json, Tenant, World},
    registration,
};
use crate::{
    app::SimApp,
    permissions::{self, Permission},
};

/// How long the secrets that the story begins with are good.
const FIRST_LIFE_DAYS: i64 = 730;

/// A secret of an app. Its end is for whoever issues tokens to respect.
#[derive(Debug, Clone)]
pub(crate) struct AppSecret {
    pub(crate) key_id: String,
    pub(crate) name: Option<String>,
    pub(crate) text: SecretString,
    pub(crate) starts: Timestamp,
    pub(crate) ends: Timestamp,
}

impl AppSecret {
    /// As `passwordCredential`, without the secret itself.
    pub(crate) fn render(&self) -> Json {
        let hint: String = self.text.expose_secret().chars().take(3).collect();
        object(json!({
            "customKeyIdentifier": Value::Null,
            "displayName": self.name,
            "endDateTime": self.ends.to_string(),
            "hint": hint,
            "keyId": self.key_id,
            "secretText": Value::Null,
            "startDateTime": self.starts.to_string(),
        }))
    }
}

impl World {
    /// The secret of an app that reads so, whether it is still good or not.
    pub(crate) fn secret(&self, app_id: &str, given: &str) -> Option<&AppSecret> {
        let own = self.secrets.get(app_id)?;
        own.iter().find(|secret| secret.text.expose_secret() == given)
    }

    /// Enters both apps into the register of the partner tenant, each with the secret it is told.
    pub(crate) fn register_apps(&mut self) {
        let home = self.partner.id;
        for app in [self.app.clone(), self.app_only.clone()] {
            let settings = registration::settings(&app, &self.app_only);
            self.partner.register_app(&app, settings, self.epoch);
            let secret = AppSecret {
                key_id: derived_id(home, &format!("secret of {}", app.client_id)),
                name: Some("MSP365".to_owned()),
                text: app.client_secret,
                starts: later(self.epoch, -30),
                ends: later(self.epoch, FIRST_LIFE_DAYS),
            };
            self.secrets.insert(app.client_id, vec![secret]);
        }
    }

    /// Lets the secrets that the story begins with be good for as long from now, where time runs ahead of the story.
    pub(crate) fn keep_secrets_good(&mut self, now: Timestamp) {
        if now > later(self.epoch, 1) {
            for secret in self.secrets.values_mut().flatten() {
                secret.ends = later(now, FIRST_LIFE_DAYS);
            }
        }
    }

    /// The apps that sign in, by their client ids: the delegated one, and the one that acts for itself.
    pub(crate) fn app_ids(&self) -> (String, String) {
        (self.app.client_id.clone(), self.app_only.client_id.clone())
    }
}

impl Tenant {
    fn register_app(&mut self, app: &SimApp, settings: Json, created: Timestamp) {
        let mut row = object(json!({
            "id": derived_id(self.id, &format!("application {}", app.client_id)),
            "appId": app.client_id,
            "displayName": app.name,
            "createdDateTime": later(created, -30).to_string(),
            "description": Value::Null,
            "identifierUris": [],
            "notes": Value::Null,
            "publisherDomain": self.default_domain,
            "signInAudience": "AzureADMultipleOrgs",
            "tags": [],
            "appRoles": [],
            "keyCredentials": [],
            "web": {"redirectUris": [app.redirect_uri], "homePageUrl": Value::Null, "logoutUrl": Value::Null},
        }));
        row.extend(settings);
        self.register.applications.put(row, 1);
    }

    /// The object id of the service principal of an app.
    pub(crate) fn principal_of(&self, app_id: &str) -> Option<&str> {
        self.service_principals
            .present()
            .find(|row| text(row, "appId").is_some_and(|own| own.eq_ignore_ascii_case(app_id)))
            .and_then(|row| text(row, "id"))
    }

    /// Lets a service principal hold roles of Graph.
    pub(crate) fn give_roles(
        &mut self,
        principal: &str,
        roles: &[Permission],
        (at, version): (Timestamp, u64),
    ) {
        let resource = self.app_principal(GRAPH_APP_ID, "Microsoft Graph", MICROSOFT, version);
        let name = self.service_principals.get(principal);
        let name = name.and_then(|row| text(row, "displayName")).map(str::to_owned);
        for role in roles {
            let id = derived_id(self.id, &format!("{} for {principal}", role.name));
            let row = object(json!({
                "id": id,
                "appRoleId": role.id,
                "createdDateTime": at.to_string(),
                "deletedDateTime": Value::Null,
                "principalDisplayName": name,
                "principalId": principal,
                "principalType": "ServicePrincipal",
                "resourceDisplayName": "Microsoft Graph",
                "resourceId": resource,
            }));
            self.register.app_roles.put(row, version);
        }
    }

    /// Works out what both apps may do here from the rows that grant it.
    pub(crate) fn settle_consent(&mut self, (delegated, app_only): &(String, String)) {
        self.consent = self.consent_of(delegated);
        self.app_consent = self.consent_of(app_only);
    }

    pub(crate) fn consent_of(&self, app_id: &str) -> Consent {
        let Some(principal) = self.principal_of(app_id) else {
            return Consent::default();
        };
        let mut consent = Consent {
            service_principal: Some(principal.to_owned()),
            ..Consent::default()
        };
        for row in self.permission_grants.present() {
            let for_all = text(row, "consentType") == Some("AllPrincipals");
            let resource = text(row, "resourceId").and_then(|id| self.service_principals.get(id));
            if let Some(app) = resource.and_then(|row| text(row, "appId"))
                && for_all
                && text(row, "clientId") == Some(principal)
            {
                let scopes = text(row, "scope").unwrap_or_default();
                let granted = consent.scopes.entry(app.to_owned()).or_default();
                granted.extend(scopes.split_ascii_whitespace().map(str::to_owned));
            }
        }
        let graph = self.principal_of(GRAPH_APP_ID);
        let held = self.register.app_roles.present();
        let held = held.filter(|row| text(row, "principalId") == Some(principal));
        let held = held.filter(|row| text(row, "resourceId") == graph);
        let named = held.filter_map(|row| {
            let id = text(row, "appRoleId")?;
            permissions::app_roles().find(|role| role.id == id)
        });
        consent.roles = named.map(|role| role.name.to_owned()).collect();
        consent
    }
}
