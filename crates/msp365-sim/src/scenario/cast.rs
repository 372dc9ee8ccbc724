//! From what a file says to who and what is in the world.

use jiff::Timestamp;
use msp365_core::TenantId;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    check,
    file::{self, App, Consent, Customer, Device, File, PartnerGroup, Properties, Status, Trust, Word},
    moment::Moment,
    names::{Kind, Names},
};
use crate::{
    cloud::State,
    edit::{Edit, GroupKind},
    world::{Trouble, access::object, change::GRAPH_APP_ID, machines::Make, packed::Packed, roles},
};

/// What a world is built with beside its plan.
#[derive(Debug, Default)]
pub(crate) struct Cast {
    pub(crate) customers: Vec<Named>,
    pub(crate) delegated: AppPin,
    pub(crate) app_only: AppPin,
}

/// A customer that is pinned.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) id: TenantId,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) country: Option<String>,
    pub(crate) people: usize,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) has_p1: Option<bool>,
    pub(crate) has_intune: Option<bool>,
    pub(crate) relationships: Option<Vec<RelationshipPin>>,
}

/// A relationship that is pinned.
#[derive(Debug)]
pub(crate) struct RelationshipPin {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) status: &'static str,
    pub(crate) created_days_ago: i64,
    pub(crate) days: i64,
    pub(crate) auto_extends: bool,
    /// Role template ids; `None`: those the product needs.
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) group: PartnerGroup,
}

/// What is pinned of an app.
#[derive(Debug, Default)]
pub(crate) struct AppPin {
    pub(crate) client_id: Option<String>,
    pub(crate) secret: Option<SecretString>,
    pub(crate) name: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
}

/// The part of a file that a world is built with.
pub(super) fn of(file: &File, names: &Names) -> Cast {
    let app = |app: &App| AppPin {
        client_id: app.client_id.as_ref().map(|id| id.as_ref().to_lowercase()),
        secret: app.secret.clone(),
        name: app.name.clone(),
        redirect_uris: app.redirect_uris.iter().map(|uri| uri.as_ref().clone()).collect(),
    };
    Cast {
        customers: file.customers.iter().map(|one| named(one, names)).collect(),
        delegated: app(&file.apps.delegated),
        app_only: app(&file.apps.app_only),
    }
}

fn named(customer: &Customer, names: &Names) -> Named {
    let domain = customer.domain.as_ref();
    let known = names.tenant(domain);
    let relationships = customer.relationships.as_ref();
    Named {
        id: known.unwrap_or_else(|| check::tenant_id(customer.id.as_ref(), domain)),
        name: customer.name.as_ref().clone(),
        domain: domain.to_lowercase(),
        country: customer.country.as_ref().map(|country| country.as_ref().clone()),
        people: usize::try_from(customer.people).unwrap_or(usize::MAX),
        trouble: customer.trouble,
        has_p1: customer.p1,
        has_intune: customer.intune,
        relationships: relationships.map(|all| all.iter().map(relationship).collect()),
    }
}

fn relationship(one: &file::Relationship) -> RelationshipPin {
    let ids = |words: &Vec<Word>| words.iter().filter_map(role).map(str::to_owned).collect();
    RelationshipPin {
        id: one.id.as_ref().map(|id| id.as_ref().to_lowercase()),
        name: one.name.as_ref().clone(),
        status: match one.status {
            Status::Active => "active",
            Status::ApprovalPending => "approvalPending",
            Status::Expired => "expired",
            Status::Terminated => "terminated",
        },
        created_days_ago: i64::from(one.created_days_ago),
        days: i64::from(one.days),
        auto_extends: one.auto_extends,
        roles: one.roles.as_ref().map(ids),
        group: one.group,
    }
}

/// The template id of a directory role, by its name or by that id.
pub(super) fn role(word: &Word) -> Option<&'static str> {
    let text = word.as_ref();
    let is_it = |(name, id): &&(&str, &str)| name.eq_ignore_ascii_case(text) || id.eq_ignore_ascii_case(text);
    roles::ROLES.iter().find(is_it).map(|(_, id)| *id)
}

/// Properties as JSON.
pub(super) fn values(properties: &Properties) -> impl Iterator<Item = (String, Value)> {
    let json = |value: &toml::Value| match value {
        toml::Value::Datetime(moment) => json!(moment.to_string()),
        other => serde_json::to_value(other).unwrap_or_default(),
    };
    properties
        .iter()
        .map(move |(name, value)| (name.as_ref().clone(), json(value)))
}

/// A device as the file wants it.
pub(super) fn make(device: &Device, id: &str) -> Make {
    Make {
        id: id.to_owned(),
        name: device.called.as_ref().clone(),
        platform: device.platform,
        trust: match device.trust {
            Trust::Joined => "AzureAd",
            Trust::Hybrid => "ServerAd",
            Trust::Registered => "Workplace",
        },
        enrolled: device.enrolled.unwrap_or(true),
        compliant: device.compliant.unwrap_or(true),
        serial: device.serial.clone(),
    }
}

/// Brings named people, groups and devices into a world that is built.
pub(super) fn enter(file: &File, names: &Names, state: &mut State, start: Timestamp) {
    let apps = [
        (&file.apps.delegated, state.world.app.client_id.clone()),
        (&file.apps.app_only, state.world.app_only.client_id.clone()),
    ];
    for (app, client_id) in apps {
        let ends = app.secret_ends.as_ref();
        let ends = ends.and_then(|ends| ends.as_ref().parse::<Moment>().ok());
        if let (Some(ends), Some(secrets)) = (ends, state.world.secrets.get_mut(&client_id)) {
            for secret in secrets {
                secret.ends = ends.of(start);
            }
        }
    }
    let now = state.world.epoch;
    for customer in &file.customers {
        let Some(tenant) = names.tenant(customer.domain.as_ref()) else {
            continue;
        };
        let edit = Edit {
            world: &mut state.world,
            desk: &mut state.desk,
            now,
        };
        Entrance { edit, tenant, names }.of(customer);
    }
    // This is how the story begins, not a part of it.
    state.world.journal.effects.clear();
    state.world.close_all();
}

/// Where somebody enters.
struct Entrance<'a> {
    edit: Edit<'a>,
    tenant: TenantId,
    names: &'a Names,
}

impl Entrance<'_> {
    fn of(&mut self, customer: &Customer) {
        let tenant = self.tenant;
        for subscription in &customer.subscriptions {
            self.edit
                .buy(tenant, subscription.product.as_ref(), subscription.units);
        }
        for user in &customer.users {
            self.user(user);
        }
        for group in &customer.groups {
            self.group(group);
        }
        for user in &customer.users {
            let manager = user.manager.as_ref().map(|name| self.id(Kind::User, name));
            if let (Some(manager), Some(target)) = (manager, self.edit.world.tenant_mut(tenant)) {
                let user = self.names.id((tenant, Kind::User), user.called.as_ref());
                target.register.managers.insert(user.to_owned(), manager);
            }
        }
        for device in &customer.devices {
            let id = self.id(Kind::Device, &device.called);
            let owner = self.id(Kind::User, &device.owner);
            self.edit.add_device_as(tenant, &owner, &make(device, &id));
            for (name, value) in values(&device.properties) {
                self.edit.set_device(tenant, &id, &name, value);
            }
        }
        self.consent(customer);
    }

    fn id(&self, kind: Kind, name: &Word) -> String {
        self.names.id((self.tenant, kind), name.as_ref()).to_owned()
    }

    fn user(&mut self, user: &file::User) {
        let (tenant, id) = (self.tenant, self.id(Kind::User, &user.called));
        let edit = &mut self.edit;
        edit.add_user_as(tenant, &id, (&user.name, user.called.as_ref()));
        if user.guest {
            edit.set_user(tenant, &id, "userType", "Guest");
            edit.set_user(tenant, &id, "creationType", "Invitation");
            edit.set_user(tenant, &id, "externalUserState", "Accepted");
        }
        if user.enabled == Some(false) {
            edit.disable_account(tenant, &id);
        }
        if user.on_premises {
            edit.set_user(tenant, &id, "onPremisesSyncEnabled", true);
            let synced = edit.world.epoch.to_string();
            edit.set_user(tenant, &id, "onPremisesLastSyncDateTime", synced);
        }
        if let (Some(at), Some(target)) = (&user.last_sign_in, edit.world.tenant_mut(tenant)) {
            let at = at.as_ref().to_string();
            let activity = object(json!({
                "lastSignInDateTime": at,
                "lastNonInteractiveSignInDateTime": at,
                "lastSuccessfulSignInDateTime": at,
            }));
            target
                .sign_in_activity
                .insert(id.clone(), Packed::closed(&activity));
        }
        for product in &user.licences {
            edit.give_license(tenant, &id, product.as_ref());
        }
        for role in user.roles.iter().filter_map(role) {
            edit.assign_role(tenant, role, &id);
        }
        for (name, value) in values(&user.properties) {
            edit.set_user(tenant, &id, &name, value);
        }
    }

    fn group(&mut self, group: &file::Group) {
        let (tenant, id) = (self.tenant, self.id(Kind::Group, &group.called));
        let kind = match group.kind {
            file::GroupKind::Microsoft365 => GroupKind::Microsoft365,
            file::GroupKind::Team => GroupKind::Team,
            file::GroupKind::Security => GroupKind::Security,
            file::GroupKind::Dynamic => GroupKind::Dynamic,
            file::GroupKind::MailEnabledSecurity => GroupKind::MailEnabledSecurity,
            file::GroupKind::Distribution => GroupKind::Distribution,
            file::GroupKind::RoleAssignable => GroupKind::RoleAssignable,
        };
        self.edit.add_group_as(tenant, (&id, group.called.as_ref()), kind);
        for member in &group.members {
            let member = self.id(Kind::User, member);
            self.edit.add_member(tenant, &id, &member);
        }
        let owners = group.owners.iter().map(|owner| self.id(Kind::User, owner));
        let owners = owners.collect();
        if let Some(target) = self.edit.world.tenant_mut(tenant) {
            target.register.owners.insert(id.clone(), owners);
        }
        for role in group.roles.iter().filter_map(role) {
            self.edit.assign_role(tenant, role, &id);
        }
        for (name, value) in values(&group.properties) {
            self.edit.set_group(tenant, &id, &name, value);
        }
    }

    fn consent(&mut self, customer: &Customer) {
        let (tenant, edit) = (self.tenant, &mut self.edit);
        match customer.consent {
            Some(Consent::Granted) => edit.consent(tenant),
            Some(Consent::None) => edit.revoke_consent(tenant),
            None => false,
        };
        if let Some(scopes) = &customer.scopes {
            edit.revoke_consent(tenant);
            let scopes: Vec<String> = scopes.iter().map(|scope| scope.as_ref().clone()).collect();
            edit.world.grant_consent(tenant, GRAPH_APP_ID, &scopes);
        }
        if let Some(wanted) = &customer.app_roles {
            let wanted: Vec<&str> = wanted.iter().map(|role| role.as_ref().as_str()).collect();
            edit.world.hold_app_roles(tenant, &wanted);
        }
    }
}
