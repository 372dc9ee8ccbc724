//! A whole world from a seed.

use jiff::{Timestamp, civil::date, tz::Offset};
use msp365_core::SeededRandom;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    access::object,
    change::GRAPH_APP_ID,
    draft::Draft,
    groups, licences, machines,
    model::{Json, Tenant, Trouble, World},
    people, provider,
    register::Journal,
    relationships, roles,
};
use crate::{
    app::SimApp,
    permissions::{self, Permission},
};

/// How large a world is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) customers: usize,
    /// Users of a customer on average.
    pub(crate) users_each: u64,
}

/// The moment that all worlds are made for, whatever the seed.
pub(crate) fn epoch() -> Timestamp {
    Offset::UTC
        .to_timestamp(date(2026, 10, 1).at(0, 0, 0, 0))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

impl World {
    /// The world of a seed.
    pub(crate) fn build(seed: u64, size: Size) -> Self {
        let epoch = epoch();
        let provider = provider::make(seed, epoch);
        let connector = app(seed, "app", "MSP365 Connector");
        let reader = app(seed, "app-only", "MSP365 Reader");
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
        for index in 0..size.customers {
            let draft = Draft::new(seed, index, size.users_each, epoch);
            let mut tenant = customer(&draft);
            consent(&mut tenant, &world, index);
            world
                .relationships
                .extend(relationships::of(&draft, &tenant, &provider.groups));
            tenant.close();
            world.customers.push(tenant);
        }
        world.partner.close();
        world
    }
}

fn app(seed: u64, purpose: &str, name: &str) -> SimApp {
    let (client_id, secret) = provider::credentials(seed, purpose);
    SimApp::new(&client_id, SecretString::from(secret), name)
}

fn customer(draft: &Draft) -> Tenant {
    let has_p1 = draft.trouble != Some(Trouble::NoP1);
    let mut tenant = directory(draft, has_p1);
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
    let id = msp365_core::random::uuid(&SeededRandom::for_purpose(
        draft.seed,
        &format!("customer {} tenant id", draft.index),
    ));
    let mut tenant = Tenant::empty(id.into(), &draft.company.full);
    let slug = &draft.company.slug;
    tenant.default_domain = format!("{slug}.example");
    tenant.initial_domain = format!("{}.onmicrosoft.com", slug.replace('-', ""));
    draft.culture.country.clone_into(&mut tenant.country);
    tenant.trouble = draft.trouble;
    tenant.has_p1 = has_p1;
    tenant.has_intune = has_p1;
    tenant.conceals_reports = draft.trouble == Some(Trouble::ReportNamesConcealed);
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

/// What was consented before the story begins: the app-only app everywhere, the delegated one in few customers.
fn consent(tenant: &mut Tenant, world: &World, index: usize) {
    let app_only = tenant.app_principal(
        &world.app_only.client_id,
        &world.app_only.name,
        world.partner.id,
        1,
    );
    let roles: Vec<Permission> = permissions::app_roles()
        .filter(|role| permissions::APP_ROLES.contains(&role.name))
        .collect();
    tenant.give_roles(&app_only, &roles, (world.epoch, 1));
    tenant.settle_consent(&world.app_ids());
    let blocked_by_policy = tenant.trouble == Some(Trouble::ConditionalAccess);
    if tenant.trouble == Some(Trouble::ConsentMissing) {
        let name = &world.app.name;
        let principal = tenant.app_principal(&world.app.client_id, name, world.partner.id, 1);
        tenant.consent.service_principal = Some(principal);
    } else if blocked_by_policy || (tenant.trouble.is_none() && index % 7 == 5) {
        tenant.grant(
            (&world.app, world.partner.id),
            GRAPH_APP_ID,
            permissions::GRAPH_DELEGATED,
            1,
        );
    }
}
