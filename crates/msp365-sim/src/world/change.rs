//! Changes of the world. Each takes the next version, so that delta sees it.

use std::collections::BTreeSet;

use msp365_core::{SeededRandom, TenantId, random};
use serde_json::{Value, json};

use crate::app::SimApp;

use super::{
    access::{object, text},
    model::{Consent, Json, MemberEdge, Removed, Row, Table, Tenant, World},
    packed::Packed,
    register::Register,
    replicas::Replicas,
};

/// App id of Microsoft Graph in every tenant.
pub(crate) const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";

/// App id of Partner Center in every tenant.
pub(crate) const PARTNER_CENTER_APP_ID: &str = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd";

impl World {
    /// Takes the next version for a change.
    pub(crate) fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// Grants delegated permissions of one resource to the delegated app for all principals of a tenant, with its
    /// service principal if that is missing. `false` if the tenant is unknown.
    pub(crate) fn grant_consent(
        &mut self,
        tenant: TenantId,
        resource_app_id: &str,
        scopes: &[String],
    ) -> bool {
        let version = self.next_version();
        let (app, owner) = (self.app.clone(), self.partner.id);
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        match self.tenant_mut(tenant) {
            Some(target) => {
                target.grant((&app, owner), resource_app_id, &scopes, version);
                true
            }
            None => false,
        }
    }

    /// Takes all permissions of the delegated app in a tenant away, and its service principal with them.
    pub(crate) fn revoke_consent(&mut self, tenant: TenantId) -> bool {
        let version = self.next_version();
        let Some(target) = self.tenant_mut(tenant) else {
            return false;
        };
        let Some(principal) = std::mem::take(&mut target.consent).service_principal else {
            return false;
        };
        for row in target.permission_grants.rows.values_mut() {
            if text(&row.json, "clientId") == Some(principal.as_str()) {
                row.removed = Some(Removed::Deleted);
                row.version = version;
            }
        }
        target
            .service_principals
            .remove(&principal, Removed::Deleted, version);
        true
    }
}

impl Tenant {
    /// Grants delegated permissions of one resource to an app (and the tenant it comes from) for all principals.
    pub(crate) fn grant(
        &mut self,
        (app, owner): (&SimApp, TenantId),
        resource: &str,
        scopes: &[&str],
        version: u64,
    ) {
        let principal = self.app_principal(&app.client_id, &app.name, owner, version);
        let granted = self.consent.scopes.entry(resource.to_owned()).or_default();
        granted.extend(scopes.iter().map(|scope| (*scope).to_owned()));
        let granted = granted.clone();
        self.put_grant(&principal, resource, &granted, version);
        self.consent.service_principal = Some(principal);
    }

    /// A tenant of this name with nothing in it.
    pub(crate) fn empty(id: TenantId, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            default_domain: String::new(),
            initial_domain: String::new(),
            country: String::new(),
            trouble: None,
            also: BTreeSet::new(),
            has_p1: false,
            has_intune: false,
            conceals_reports: false,
            consent: Consent::default(),
            app_consent: Consent::default(),
            organization: Json::new(),
            domains: Vec::new(),
            users: Table::default(),
            groups: Table::default(),
            devices: Table::default(),
            managed_devices: Table::default(),
            role_assignments: Table::default(),
            role_definitions: Table::default(),
            subscribed_skus: Vec::new(),
            service_principals: Table::default(),
            permission_grants: Table::default(),
            members: std::collections::BTreeMap::new(),
            sign_in_activity: std::collections::BTreeMap::new(),
            mailboxes: Vec::new(),
            register: Register::default(),
            replicas: Replicas::default(),
        }
    }

    /// The object id of an app's service principal here, made if there is none.
    pub(crate) fn app_principal(
        &mut self,
        app_id: &str,
        name: &str,
        owner: TenantId,
        version: u64,
    ) -> String {
        let known = self
            .service_principals
            .present()
            .find(|row| text(row, "appId") == Some(app_id))
            .and_then(|row| text(row, "id"));
        if let Some(id) = known {
            return id.to_owned();
        }
        let id = derived_id(self.id, &format!("service principal {app_id} {version}"));
        self.service_principals.put(
            object(json!({
                "id": id,
                "appId": app_id,
                "appDisplayName": name,
                "displayName": name,
                "appOwnerOrganizationId": owner,
                "accountEnabled": true,
                "addIns": [],
                "appRoleAssignmentRequired": false,
                "deletedDateTime": Value::Null,
                "homepage": Value::Null,
                "info": Value::Null,
                "logoutUrl": Value::Null,
                "replyUrls": [],
                "servicePrincipalType": "Application",
                "signInAudience": "AzureADMultipleOrgs",
                "servicePrincipalNames": [app_id],
                "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
                "appRoles": [],
                "oauth2PermissionScopes": [],
                "passwordCredentials": [],
                "keyCredentials": [],
            })),
            version,
        );
        id
    }

    pub(crate) fn put_grant(
        &mut self,
        client: &str,
        resource_app_id: &str,
        scopes: &BTreeSet<String>,
        version: u64,
    ) {
        let name = match resource_app_id {
            GRAPH_APP_ID => "Microsoft Graph",
            PARTNER_CENTER_APP_ID => "Microsoft Partner Center",
            _ => "Resource",
        };
        let resource = self.app_principal(resource_app_id, name, MICROSOFT, version);
        let id = derived_id(self.id, &format!("grant {client} {resource}"));
        let scope: Vec<_> = scopes.iter().map(String::as_str).collect();
        self.permission_grants.put(
            object(json!({
                "id": id,
                "clientId": client,
                "consentType": "AllPrincipals",
                "principalId": Value::Null,
                "resourceId": resource,
                "scope": scope.join(" "),
            })),
            version,
        );
    }

    /// Adds a member to a group, or brings it back.
    pub(crate) fn add_member(&mut self, group: &str, member: &str, odata_type: &str, version: u64) {
        let edge = MemberEdge {
            odata_type: odata_type.to_owned(),
            version,
            removed: false,
        };
        self.members
            .entry(group.to_owned())
            .or_default()
            .insert(member.to_owned(), edge);
    }
}

impl Table {
    /// Stores an object by its `id`, in place of an older one.
    pub(crate) fn put(&mut self, json: Json, version: u64) {
        let id = text(&json, "id").unwrap_or_default().to_owned();
        self.meet(&id);
        self.touched.set(true);
        self.rows.insert(
            id,
            Row {
                json: json.into(),
                version,
                removed: None,
            },
        );
    }

    /// As [`Self::put`], of an object that nobody looks at soon.
    pub(crate) fn lay(&mut self, json: &Json, version: u64) {
        let row = Row {
            json: Packed::closed(json),
            version,
            removed: None,
        };
        self.rows
            .insert(text(json, "id").unwrap_or_default().to_owned(), row);
    }

    /// Adds properties to a present object that nobody looks at soon; answers it.
    pub(super) fn add(&mut self, id: &str, properties: Json) -> Option<Json> {
        let row = self.rows.get_mut(id)?;
        let mut json = row.json.to_json();
        json.extend(properties);
        row.json = Packed::closed(&json);
        Some(json)
    }

    /// Sets one property of a present object. `false` if there is no such object.
    pub(crate) fn set(&mut self, id: &str, name: &str, value: impl Into<Value>, version: u64) -> bool {
        let Some(row) = self.row_mut(id).filter(|row| row.removed.is_none()) else {
            return false;
        };
        row.json.insert(name.to_owned(), value.into());
        row.version = version;
        true
    }

    /// A row to change, also of an object that is gone.
    pub(crate) fn row_mut(&mut self, id: &str) -> Option<&mut Row> {
        self.meet(id);
        self.touched.set(true);
        self.rows.get_mut(id)
    }

    /// Marks an object as gone. `false` if there is no such object.
    pub(crate) fn remove(&mut self, id: &str, how: Removed, version: u64) -> bool {
        let Some(row) = self.row_mut(id).filter(|row| row.removed.is_none()) else {
            return false;
        };
        row.removed = Some(how);
        row.version = version;
        true
    }
}

/// The tenant that owns Microsoft's own apps.
pub(crate) const MICROSOFT: TenantId =
    TenantId::new(uuid::Uuid::from_u128(0xf8cd_ef31_a31e_4b4a_93e4_5f57_1e91_255a));

/// An id that follows from a tenant and a purpose alone.
pub(crate) fn derived_id(tenant: TenantId, purpose: &str) -> String {
    let (high, low) = tenant.as_uuid().as_u64_pair();
    random::uuid(&SeededRandom::for_purpose(high ^ low, purpose)).to_string()
}
