//! A seeded world in which the samples' requests make sense, and the requests with its ids in place of theirs.

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::Sample;
use crate::{
    api::ApiCall,
    graph::{
        caller::id_of,
        methods, roles,
        tests::world::{APP, get},
    },
    permissions,
    world::{
        Json, World,
        access::{object, text},
        change::{GRAPH_APP_ID, derived_id},
        plan::WorldPlan,
    },
};

/// A role that nobody was ever given.
const UNUSED_ROLE: &str = "Message Center Reader";

/// The world, and the ids that stand in for those of a sample.
pub(super) struct Place {
    pub(super) world: World,
    user: String,
    other: String,
    group: String,
    device: String,
    application: String,
    principal: String,
    grant: String,
    role: String,
    template: String,
    unused_template: String,
    assignment: String,
}

impl Place {
    pub(super) fn new(sample: &Sample) -> Self {
        let size = WorldPlan::sized(1, 5);
        let mut world = World::build(7, &size);
        let home = world.partner.id;
        let scopes = ["User.Read.All".to_owned()];
        world.grant_consent(home, GRAPH_APP_ID, &scopes);
        let account = world.service_account.clone();
        let tenant = &world.partner;
        let first = |rows: &mut dyn Iterator<Item = &Json>| id_of(rows.next().unwrap()).to_owned();
        let people = tenant.users.present();
        let people: Vec<String> = people
            .filter(|row| id_of(row) != account && row["accountEnabled"] == true)
            .map(|row| id_of(row).to_owned())
            .collect();
        let (user, other) = (people[0].clone(), people[1].clone());
        let wants_mail = sample.file == "group-update.md";
        let fits = |row: &&Json| {
            let (is_unified, name) = (row["groupTypes"][0] == "Unified", text(row, "displayName"));
            if wants_mail {
                is_unified
            } else {
                name == Some("HelpdeskAgents")
            }
        };
        let group = first(&mut tenant.groups.present().filter(fits));
        let device = first(&mut tenant.devices.present());
        let application = first(&mut tenant.register.applications.present());
        let principal = tenant.principal_of(&world.app.client_id).unwrap().to_owned();
        let grant = first(&mut tenant.permission_grants.present());
        let template = roles::active(tenant).into_iter().next().unwrap();
        let definitions = tenant.role_definitions.present();
        let is_unused = |row: &&Json| {
            !roles::active(tenant).contains(id_of(row)) && text(row, "displayName") != Some(UNUSED_ROLE)
        };
        let unused_template = id_of(definitions.into_iter().find(is_unused).unwrap()).to_owned();
        let role = id_of(&roles::row(tenant, &template)).to_owned();
        let mut place = Self {
            role,
            world,
            user,
            other,
            group,
            device,
            application,
            principal,
            grant,
            template,
            unused_template,
            assignment: "assignment".to_owned(),
        };
        place.furnish(sample);
        place.relate(sample);
        place
    }

    /// Adds what a request is about, where the seed has none of it.
    fn furnish(&mut self, sample: &Sample) {
        let (user, group, principal) = (self.user.clone(), self.group.clone(), self.principal.clone());
        let account = self.world.service_account.clone();
        let tenant = &mut self.world.partner;
        let owners: std::collections::BTreeSet<String> = [user.clone(), account.clone()].into();
        tenant.register.owners.insert(group.clone(), owners.clone());
        tenant.register.owners.insert(self.application.clone(), owners);
        tenant
            .register
            .device_owners
            .insert(self.device.clone(), user.clone());
        tenant.add_member(&group, &principal, "#microsoft.graph.servicePrincipal", 1);
        let owned = tenant.devices.present().map(|row| id_of(row).to_owned()).nth(1);
        tenant
            .register
            .device_owners
            .extend(owned.map(|device| (device, account.clone())));
        let mut own = methods::stored(tenant, &user);
        own.push(object(json!({
            "@odata.type": "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod",
            "id": "hello", "displayName": "Laptop", "createdDateTime": "2026-01-01T00:00:00Z", "keyStrength": "normal",
        })));
        tenant.register.subscriptions.put(
            object(json!({
                "id": "subscription", "applicationId": APP, "changeType": "updated", "clientState": Value::Null,
                "creatorId": account, "expirationDateTime": "2026-10-20T00:00:00Z", "resource": "users",
                "notificationUrl": "https://hooks.contoso.example/", "includeResourceData": Value::Null,
                "lifecycleNotificationUrl": "https://hooks.contoso.example/", "latestSupportedTlsVersion": "v1_2",
                "encryptionCertificate": Value::Null, "encryptionCertificateId": Value::Null,
                "notificationQueryOptions": Value::Null, "notificationUrlAppId": Value::Null,
            })),
            1,
        );
        tenant.register.methods.insert(user.clone(), own);
        let wants_assignment = sample.method != http::Method::POST;
        for holder in [&user, &principal].into_iter().filter(|_| wants_assignment) {
            let end = if sample.url.contains("appRoleAssignedTo") {
                &user
            } else {
                holder
            };
            let id = if *holder == user || sample.url.contains("servicePrincipals") {
                "assignment"
            } else {
                "other"
            };
            tenant.register.app_roles.put(
                object(json!({
                    "id": id, "appRoleId": "00000000-0000-0000-0000-000000000000", "deletedDateTime": Value::Null,
                    "createdDateTime": "2026-01-01T00:00:00Z", "principalDisplayName": "Ada", "principalId": end,
                    "principalType": "User", "resourceDisplayName": "App", "resourceId": principal,
                })),
                1,
            );
            if sample.url.contains("/users/") {
                break;
            }
        }
    }

    /// Lets a relationship be one that the request can be about.
    fn relate(&mut self, sample: &Sample) {
        let roles = sample.body["accessDetails"]["unifiedRoles"].as_array();
        let roles = roles
            .into_iter()
            .flatten()
            .filter_map(|role| role["roleDefinitionId"].as_str());
        let Some(one) = self.world.relationships.first_mut() else {
            return;
        };
        one.roles.extend(roles.map(str::to_owned));
        if sample.file.contains("-post-") || sample.file.contains("-update") {
            one.assignments.clear();
        }
        if sample.file.contains("-post-requests") || sample.file.contains("-update") {
            one.stored_status = "created";
            one.activated = None;
        }
    }

    /// The sample's request with ids of this world.
    pub(super) fn call(&self, sample: &Sample) -> ApiCall {
        let (_, target) = sample.url.split_once("/v1.0/").unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut parts: Vec<String> = Vec::new();
        for segment in path.split('/') {
            let before = parts.last().map(String::as_str).unwrap_or_default();
            let is_key = before.is_empty() || Self::is_name(segment);
            parts.push(if is_key {
                segment.to_owned()
            } else {
                self.stand_in(before, segment)
            });
        }
        let query = query
            .replace("top=", "$top=")
            .replace("$$", "$")
            .replace("$orderBy", "$orderby");
        let domain = &self.world.customers[0].default_domain;
        let path = parts.join("/").replace("'contoso.com'", &format!("'{domain}'"));
        let query = query.replace("8e881353-1735-45af-af21-ee1344582a4d", &self.principal);
        let mut call = get(&self.world.partner.id.to_string(), &format!("{path}?{query}"));
        call.claims.oid = Some(self.world.service_account.clone());
        call.claims.scp = permissions::scopes().map(|scope| scope.name.to_owned()).collect();
        call.now = crate::world::access::later(self.world.epoch, 1);
        call.method = sample.method.clone();
        for (name, value) in &sample.headers {
            let name = HeaderName::try_from(name.as_str()).unwrap();
            call.headers
                .insert(name, HeaderValue::try_from(value.as_str().unwrap()).unwrap());
        }
        if let Some(one) = self
            .world
            .relationships
            .first()
            .filter(|_| call.headers.contains_key("if-match"))
        {
            call.headers
                .insert("if-match", HeaderValue::try_from(one.etag()).unwrap());
        }
        if !sample.body.is_null() {
            let mut sent = sample.body.clone();
            self.fit(&mut sent, "", &call);
            call.body = sent.to_string().into();
            call.headers
                .insert("content-type", HeaderValue::from_static("application/json"));
        }
        call
    }

    /// Whether a segment is a name rather than a key.
    fn is_name(segment: &str) -> bool {
        if segment.contains('(') {
            return true;
        }
        let is_key = segment.starts_with('{') || segment.contains('@') || segment.contains("contoso");
        let is_id = segment.len() > 20 && (segment.contains('-') || segment.starts_with('_'));
        !is_key && !is_id
    }

    fn stand_in(&self, before: &str, segment: &str) -> String {
        if segment.starts_with("roleTemplateId=") {
            return format!("roleTemplateId={}", self.template);
        }
        let relationship = || {
            self.world
                .relationships
                .first()
                .map(|one| one.id.clone())
                .unwrap_or_default()
        };
        match before {
            "users" | "owners" | "registeredOwners" | "registeredUsers" | "directoryObjects" => {
                self.user.clone()
            }
            "groups" => self.group.clone(),
            "devices" => self.device.clone(),
            "applications" => self.application.clone(),
            "servicePrincipals" => self.principal.clone(),
            "oauth2PermissionGrants" => self.grant.clone(),
            "directoryRoles" => self.role.clone(),
            "directoryRoleTemplates" => self.template.clone(),
            "domains" => self.world.partner.default_domain.clone(),
            "appRoleAssignments" => self.assignment.clone(),
            "windowsHelloForBusinessMethods" => "hello".to_owned(),
            "subscriptions" => "subscription".to_owned(),
            "signIns" | "directoryAudits" => self.logged(before),
            "delegatedAdminRelationships" => relationship(),
            "contracts" => derived_id(self.world.customers[0].id, "contract"),
            "delegatedAdminCustomers" => self.world.customers[0].id.to_string(),
            _ => "unserved".to_owned(),
        }
    }

    /// The id of something in a log.
    fn logged(&self, log: &str) -> String {
        let mut call = get(
            &self.world.partner.id.to_string(),
            &format!("auditLogs/{log}?$top=1"),
        );
        call.claims.oid = Some(self.world.service_account.clone());
        call.now = crate::world::access::later(self.world.epoch, 1);
        let mut world = World::build(7, &WorldPlan::sized(0, 5));
        let page = crate::graph::tests::world::body(&crate::graph::handle(&mut world, &call));
        page["value"][0]["id"].as_str().unwrap_or("none").to_owned()
    }

    /// Puts ids of this world into a body.
    fn fit(&self, value: &mut Value, name: &str, call: &ApiCall) {
        let below = call.path.get(1).cloned().unwrap_or_default();
        match value {
            Value::Object(members) => {
                let names: Vec<String> = members.keys().cloned().collect();
                for name in names {
                    if let Some(member) = members.get_mut(&name) {
                        self.fit(member, &name, call);
                    }
                }
            }
            Value::Array(items) => {
                items.truncate(if name.ends_with("@odata.bind") {
                    1
                } else {
                    items.len()
                });
                for item in items {
                    self.fit(item, name, call);
                }
            }
            Value::String(text) => match name {
                "@odata.id" | "owners@odata.bind" | "members@odata.bind" => {
                    *text = format!("https://graph.microsoft.com/v1.0/directoryObjects/{}", self.other);
                }
                "tenantId" => *text = self.world.customers[0].id.to_string(),
                "roleDefinitionId" if self.world.partner.role_definitions.get(text).is_none() => {
                    text.clone_from(&self.unused_template);
                }
                "principalId" => *text = below,
                "resourceId" => text.clone_from(&self.principal),
                "roleTemplateId" => text.clone_from(&self.unused_template),
                "appId" => text.clone_from(&self.world.app_only.client_id),
                "ids" | "groupIds" | "accessContainerId" => text.clone_from(&self.group),
                "userPrincipalName" => {
                    let local = text.split('@').next().unwrap_or_default();
                    *text = format!("new.{local}@{}", self.world.partner.default_domain);
                }
                "expirationDateTime" => *text = (call.now + jiff::SignedDuration::from_hours(24)).to_string(),
                _ => {}
            },
            _ => {}
        }
    }
}
