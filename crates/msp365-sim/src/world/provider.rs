//! The partner tenant: the provider's own people, its groups, and the account that signs in for the product.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;

use super::{
    access::{object, text},
    build,
    chance::Dice,
    cultures::CULTURES,
    draft::{Draft, tenant_id},
    groups::{self, GROUP, Kind, USER},
    licences, machines,
    model::{Json, Tenant},
    names::CompanyName,
    people,
    plan::Shares,
    relationships::PartnerGroups,
    roles,
};
use crate::canary::MARK;

/// The partner tenant with the ids of what others refer to.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) tenant: Tenant,
    pub(crate) groups: PartnerGroups,
    pub(crate) admin_agents: String,
    pub(crate) service_account: String,
}

const STAFF: usize = 9;

/// Makes the partner tenant of a seed.
pub(crate) fn make(seed: u64, epoch: Timestamp) -> Provider {
    let draft = Draft {
        seed,
        index: usize::MAX,
        epoch,
        culture: &CULTURES[0],
        company: CompanyName {
            full: "Brightwater IT Ltd".to_owned(),
            slug: "brightwater-it".to_owned(),
            city: "Leeds",
        },
        size: STAFF,
        trouble: None,
        also: BTreeSet::new(),
        id: tenant_id(seed, usize::MAX),
        domain: "brightwater-it.example".to_owned(),
        shares: Shares::default(),
    };
    let mut tenant = build::directory(&draft, true);
    tenant.organization.insert(
        "partnerTenantType".to_owned(),
        json!("breadthPartnerDelegatedAdmin"),
    );
    people::populate(&draft, &mut tenant);
    let service_account = service_account(&draft, &mut tenant);
    licences::assign(&draft, &mut tenant);
    groups::populate(&draft, &mut tenant);
    machines::populate(&draft, &mut tenant);
    let (groups, admin_agents) = partner_groups(&draft, &mut tenant, &service_account);
    groups::assign_role(
        &mut tenant,
        &roles::template("Global Administrator"),
        &service_account,
        1,
    );
    Provider {
        tenant,
        groups,
        admin_agents,
        service_account,
    }
}

fn service_account(draft: &Draft, tenant: &mut Tenant) -> String {
    let id = draft.dice("service account").id();
    let address = format!("msp365-service@{}", tenant.default_domain);
    let first = tenant.users.present_rows().next();
    let mut json = first.map(|(_, row)| row.json.to_json()).unwrap_or_default();
    let overrides = json!({
        "id": id,
        "accountEnabled": true,
        "displayName": "MSP365 Service",
        "givenName": null,
        "surname": null,
        "jobTitle": null,
        "department": "IT",
        "userType": "Member",
        "userPrincipalName": address,
        "mail": address,
        "mailNickname": "msp365-service",
        "employeeId": null,
        "creationType": null,
        "externalUserState": null,
        "externalUserStateChangeDateTime": null,
        "otherMails": [],
        "businessPhones": [],
        "mobilePhone": null,
        "proxyAddresses": [format!("SMTP:{address}")],
        "identities": [{
            "signInType": "userPrincipalName",
            "issuer": tenant.initial_domain,
            "issuerAssignedId": address,
        }],
    });
    json.extend(object(overrides));
    tenant.users.put(json, 1);
    id
}

fn partner_groups(draft: &Draft, tenant: &mut Tenant, account: &str) -> (PartnerGroups, String) {
    let dice = draft.dice("partner groups");
    let staff: Vec<String> = tenant
        .users
        .present_rows()
        .map(|(id, _)| id)
        .filter(|id| *id != account)
        .take(3)
        .map(str::to_owned)
        .collect();
    let mut add = |name: &str, people: &[&str]| {
        let json: Json = groups::group(
            &draft.ago(&dice, 900, 1_200).to_string(),
            tenant,
            &dice,
            name,
            Kind::Security,
        );
        let id = text(&json, "id").unwrap_or_default().to_owned();
        tenant.groups.put(json, 1);
        for person in people {
            tenant.add_member(&id, person, USER, 1);
        }
        id
    };
    let staff: Vec<&str> = staff.iter().map(String::as_str).collect();
    let admin_agents = add("AdminAgents", &[account]);
    add("HelpdeskAgents", &staff);
    add("SalesAgents", &[]);
    let first_line = add("GDAP First Line", &[account]);
    let second_line = add("GDAP Second Line", &staff);
    let former = add("GDAP Former Contracts", &staff);
    let accounts = add("Service Accounts", &[account]);
    tenant.add_member(&second_line, &accounts, GROUP, 1);
    let groups = PartnerGroups {
        first_line,
        second_line,
        former,
    };
    (groups, admin_agents)
}

/// The app registrations' ids and secrets, which follow from the seed.
pub(crate) fn credentials(seed: u64, purpose: &str) -> (String, String) {
    let dice = Dice::new(seed, purpose);
    (dice.id(), format!("{}~{MARK}{}", dice.code(8), dice.code(25)))
}
