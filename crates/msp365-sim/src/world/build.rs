//! A whole world from a seed.

use jiff::{Timestamp, civil::date, tz::Offset};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    access::object,
    change::GRAPH_APP_ID,
    draft::Draft,
    groups, licences, machines,
    model::{Json, Tenant, Trouble, World},
    people,
    plan::WorldPlan,
    provider,
    register::Journal,
    registration::{Platform, Redirect},
    relationships, roles,
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
        let named = cast.customers.len();
        for index in 0..named.saturating_add(plan.customers) {
            let mut draft = Draft::new(seed, index, plan, epoch);
            let named = cast.customers.get(index);
            if let Some(named) = named {
                draft.become_one(named);
            }
            let mut tenant = customer(&draft, named);
            consent(&mut tenant, &world, index);
            let pins = named.and_then(|named| named.relationships.as_ref());
            world.relationships.extend(match pins {
                Some(pins) => relationships::pinned(&draft, &tenant, &provider.groups, pins),
                None => relationships::of(&draft, &tenant, &provider.groups),
            });
            tenant.close();
            world.customers.push(tenant);
        }
        world.partner.close();
        world
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
    let has_p1 = has_p1.unwrap_or(draft.trouble != Some(Trouble::NoP1));
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
