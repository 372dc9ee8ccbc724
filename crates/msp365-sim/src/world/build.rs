//! A whole world from a seed.

use std::{panic::resume_unwind, thread};

use jiff::{Timestamp, civil::date, tz::Offset};
use msp365_core::TenantId;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    access::object,
    change::GRAPH_APP_ID,
    draft::Draft,
    groups, licences, machines,
    model::{Json, Relationship, Tenant, Trouble, World},
    people,
    plan::WorldPlan,
    provider,
    register::Journal,
    registration::{Platform, Redirect},
    relationships::{self, PartnerGroups},
    roles,
};
use crate::{
    app::SimApp,
    permissions::{self, Permission},
    scenario::{AppPin, Cast, Named},
};

/// The moment that all worlds are made for, whatever the seed.
pub(crate) fn epoch() -> Timestamp {
    Offset::UTC
        .to_timestamp(date(2026, 10, 1).at(0, 0, 0, 0))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

impl World {
    /// The world of a seed.
    #[cfg(test)]
    pub(crate) fn build(seed: u64, plan: &WorldPlan) -> Self {
        Self::build_with(seed, plan, &Cast::default())
    }

    /// The world of a seed with what is pinned in it. Named customers stand before the others.
    pub(crate) fn build_with(seed: u64, plan: &WorldPlan, cast: &Cast) -> Self {
        let epoch = epoch();
        let provider = provider::make(seed, epoch);
        let connector = app(seed, ("app", "MSP365 Connector"), &cast.delegated);
        let reader = app(seed, ("app-only", "MSP365 Reader"), &cast.app_only);
        let mut world = Self {
            seed,
            epoch,
            version: 1,
            partner: provider.tenant,
            customers: Vec::new(),
            relationships: Vec::new(),
            service_account: provider.service_account,
            admin_agents: provider.admin_agents,
            app: connector,
            app_only: reader,
            secrets: std::collections::BTreeMap::new(),
            nation: msp365_core::Cloud::Public,
            downloads: std::collections::BTreeMap::new(),
            exchanges: 0,
            journal: Journal::default(),
        };
        world.register_apps();
        for (client_id, pin) in [
            (world.app.client_id.clone(), &cast.delegated),
            (world.app_only.client_id.clone(), &cast.app_only),
        ] {
            for uri in pin.redirect_uris.iter().skip(1).cloned() {
                let platform = Platform::Web;
                world.add_redirect(&client_id, &Redirect { uri, platform });
            }
        }
        let founding = Founding {
            seed,
            plan,
            cast,
            epoch,
            owner: world.partner.id,
            apps: (world.app.clone(), world.app_only.clone()),
            groups: &provider.groups,
        };
        for (tenant, relationships) in founding.customers() {
            world.relationships.extend(relationships);
            world.customers.push(tenant);
        }
        world.partner.close();
        world
    }
}

/// What customers are made from. Each depends on its own number alone.
struct Founding<'a> {
    seed: u64,
    plan: &'a WorldPlan,
    cast: &'a Cast,
    epoch: Timestamp,
    owner: TenantId,
    /// The delegated and the app-only one.
    apps: (SimApp, SimApp),
    groups: &'a PartnerGroups,
}

/// Customers that one thread makes at least, so that small worlds are made without any.
const FEWEST: usize = 16;
/// Threads at most: they share the words of packed objects, and more of them would wait for each other.
const MOST_THREADS: usize = 4;

impl Founding<'_> {
    /// All customers with their relationships, in order.
    fn customers(&self) -> Vec<(Tenant, Vec<Relationship>)> {
        let all = self.cast.customers.len().saturating_add(self.plan.customers);
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let threads = processors.min(MOST_THREADS).min(all / FEWEST).max(1);
        let share = all.div_ceil(threads).max(1);
        let of = |from: usize| -> Vec<_> {
            let range = from..from.saturating_add(share).min(all);
            range.map(|index| self.customer(index)).collect()
        };
        if threads == 1 {
            return of(0);
        }
        thread::scope(|scope| {
            let begun: Vec<_> = (0..all)
                .step_by(share)
                .map(|from| scope.spawn(move || of(from)))
                .collect();
            let made = begun
                .into_iter()
                .map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
            made.flatten().collect()
        })
    }

    /// The customer with this number.
    fn customer(&self, index: usize) -> (Tenant, Vec<Relationship>) {
        let mut draft = Draft::new(self.seed, index, self.plan, self.epoch);
        let named = self.cast.customers.get(index);
        if let Some(named) = named {
            draft.become_one(named);
        }
        let mut tenant = customer(&draft, named);
        self.consent(&mut tenant, index);
        let pins = named.and_then(|named| named.relationships.as_ref());
        let relationships = match pins {
            Some(pins) => relationships::pinned(&draft, &tenant, self.groups, pins),
            None => relationships::of(&draft, &tenant, self.groups),
        };
        tenant.close();
        (tenant, relationships)
    }

    /// What was consented before the story begins: the app-only app everywhere, the delegated one in few customers.
    fn consent(&self, tenant: &mut Tenant, index: usize) {
        let (app, app_only) = &self.apps;
        let principal = tenant.app_principal(&app_only.client_id, &app_only.name, self.owner, 1);
        let roles: Vec<Permission> = permissions::app_roles()
            .filter(|role| permissions::APP_ROLES.contains(&role.name))
            .collect();
        tenant.give_roles(&principal, &roles, (self.epoch, 1));
        tenant.settle_consent(&(app.client_id.clone(), app_only.client_id.clone()));
        let blocked_by_policy = tenant.has(Trouble::ConditionalAccess);
        let registered = permissions::GRAPH_DELEGATED;
        if tenant.has(Trouble::ConsentMissing) {
            let principal = tenant.app_principal(&app.client_id, &app.name, self.owner, 1);
            tenant.consent.service_principal = Some(principal);
        } else if tenant.has(Trouble::PartialConsent) {
            let all_but_one: Vec<_> = registered
                .iter()
                .copied()
                .filter(|scope| *scope != "AuditLog.Read.All")
                .collect();
            tenant.grant((app, self.owner), GRAPH_APP_ID, &all_but_one, 1);
        } else if blocked_by_policy || (tenant.trouble.is_none() && index % 7 == 5) {
            tenant.grant((app, self.owner), GRAPH_APP_ID, registered, 1);
        }
    }
}

fn app(seed: u64, (purpose, name): (&str, &str), pin: &AppPin) -> SimApp {
    let (client_id, secret) = provider::credentials(seed, purpose);
    let secret = pin.secret.clone().unwrap_or_else(|| SecretString::from(secret));
    let client_id = pin.client_id.as_ref().unwrap_or(&client_id);
    let mut app = SimApp::new(client_id, secret, pin.name.as_deref().unwrap_or(name));
    if let Some(first) = pin.redirect_uris.first() {
        app.redirect_uri.clone_from(first);
    }
    app
}

fn customer(draft: &Draft, named: Option<&Named>) -> Tenant {
    let has_p1 = named.and_then(|named| named.has_p1);
    let has_p1 = has_p1.unwrap_or(!draft.has(Trouble::NoP1));
    let mut tenant = directory(draft, has_p1);
    if let Some(has_intune) = named.and_then(|named| named.has_intune) {
        tenant.has_intune = has_intune;
    }
    if named.is_some() && draft.size == 0 {
        return tenant; // with those who are named alone
    }
    people::populate(draft, &mut tenant);
    licences::assign(draft, &mut tenant);
    groups::populate(draft, &mut tenant);
    groups::administrators(draft, &mut tenant);
    machines::populate(draft, &mut tenant);
    tenant.appoint();
    tenant
}

/// A tenant with its name and domains, and nobody in it yet.
pub(crate) fn directory(draft: &Draft, has_p1: bool) -> Tenant {
    let dice = draft.dice("tenant");
    let mut tenant = Tenant::empty(draft.id, &draft.company.full);
    tenant.default_domain.clone_from(&draft.domain);
    tenant.initial_domain = format!("{}.onmicrosoft.com", draft.company.slug.replace('-', ""));
    draft.culture.country.clone_into(&mut tenant.country);
    tenant.trouble = draft.trouble;
    tenant.also.clone_from(&draft.also);
    tenant.has_p1 = has_p1;
    tenant.has_intune = has_p1;
    tenant.conceals_reports = draft.has(Trouble::ReportNamesConcealed);
    tenant.role_definitions = roles::definitions();
    tenant.domains = domains(&tenant);
    let created = draft.ago(&dice, 2_700, 4_000);
    tenant.organization = organization(draft, &tenant, created);
    tenant.app_principal(GRAPH_APP_ID, "Microsoft Graph", tenant.id, 1);
    tenant
}

fn domains(tenant: &Tenant) -> Vec<Json> {
    let domain = |name: &str, is_initial: bool| {
        object(json!({
            "id": name,
            "authenticationType": "Managed",
            "availabilityStatus": Value::Null,
            "isAdminManaged": true,
            "isDefault": !is_initial,
            "isInitial": is_initial,
            "isRoot": true,
            "isVerified": true,
            "manufacturer": Value::Null,
            "model": Value::Null,
            "passwordNotificationWindowInDays": 14,
            "passwordValidityPeriodInDays": 2_147_483_647,
            "state": Value::Null,
            "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        }))
    };
    vec![
        domain(&tenant.default_domain, false),
        domain(&tenant.initial_domain, true),
    ]
}

fn organization(draft: &Draft, tenant: &Tenant, created: Timestamp) -> Json {
    let verified = |name: &str, is_initial: bool| {
        json!({
            "name": name,
            "type": "Managed",
            "capabilities": "Email, OfficeCommunicationsOnline",
            "isDefault": !is_initial,
            "isInitial": is_initial,
        })
    };
    object(json!({
        "id": tenant.id,
        "displayName": tenant.name,
        "tenantType": "AAD",
        "createdDateTime": created.to_string(),
        "businessPhones": [],
        "city": draft.company.city,
        "state": Value::Null,
        "street": Value::Null,
        "postalCode": Value::Null,
        "country": draft.culture.country_name,
        "countryLetterCode": draft.culture.country,
        "defaultUsageLocation": draft.culture.country,
        "preferredLanguage": draft.culture.language.split('-').next(),
        "partnerTenantType": Value::Null,
        "mobileDeviceManagementAuthority": if tenant.has_intune { "intune" } else { "unknown" },
        "onPremisesSyncEnabled": Value::Null,
        "onPremisesLastSyncDateTime": Value::Null,
        "assignedPlans": [],
        "provisionedPlans": [],
        "technicalNotificationMails": [format!("it@{}", tenant.default_domain)],
        "marketingNotificationEmails": [],
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "privacyProfile": Value::Null,
        "verifiedDomains": [
            verified(&tenant.default_domain, false),
            verified(&tenant.initial_domain, true),
        ],
    }))
}
