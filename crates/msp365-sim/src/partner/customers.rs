//! The customers, as the reseller's list has them.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    audit::{self, Done},
    paging::{self, Filter, Rules, link},
    rights, subscriptions,
    wire::{Answer, Refusal},
};
use crate::{
    api::ApiCall,
    world::{Tenant, Trouble, World, change::derived_id},
};

const RULES: Rules = Rules {
    filters: &[
        ("CompanyName", "starts_with"),
        ("Domain", "starts_with"),
        ("IndirectReseller", "starts_with"),
        ("IndirectCloudSolutionProvider", "starts_with"),
    ],
    sorts: "",
};

/// A page of customers.
pub(super) fn list(world: &World, call: &ApiCall) -> Result<Answer, Refusal> {
    let seek = paging::seek(world, call, &RULES)?;
    let fitting: Vec<&Tenant> = world
        .customers
        .iter()
        .filter(|customer| world.is_reseller_of(customer.id) && fits(customer, seek.filter.as_ref()))
        .collect();
    Ok(paging::page(world, call, (&seek, &fitting), |one| brief(one)))
}

/// All customers are the partner's own: none is had through another reseller.
fn fits(customer: &Tenant, filter: Option<&Filter>) -> bool {
    filter.is_none_or(|filter| {
        let held = match filter.field.as_str() {
            "CompanyName" => &customer.name,
            "Domain" => &customer.initial_domain,
            _ => return false,
        };
        held.to_lowercase().starts_with(&filter.value.to_lowercase())
    })
}

/// One customer in full.
pub(super) fn get(world: &World, id: &str) -> Result<Answer, Refusal> {
    let customer = find(world, id)?;
    let mut body = brief(customer);
    body["allowDelegatedAccess"] = json!(true);
    body["customDomains"] = json!([customer.initial_domain]);
    body["associatedPartnerId"] = Value::Null;
    body["billingProfile"] = billing(customer);
    Ok(Answer::One(body))
}

fn billing(customer: &Tenant) -> Value {
    let organization = |name: &str| customer.organization.get(name).cloned().unwrap_or(Value::Null);
    json!({
        "id": derived_id(customer.id, "billing profile"),
        "companyName": customer.name,
        "email": format!("billing@{}", customer.default_domain),
        "culture": "en-US",
        "language": "en",
        "defaultAddress": {
            "country": customer.country,
            "city": organization("city"),
            "postalCode": organization("postalCode"),
            "addressLine1": organization("street"),
        },
        "attributes": {"etag": etag(customer), "objectType": "CustomerBillingProfile"},
    })
}

fn etag(customer: &Tenant) -> String {
    derived_id(customer.id, "customer etag").replace('-', "")
}

/// The company profile of one customer.
pub(super) fn company(world: &World, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::One(profile(find(world, id)?)))
}

/// Ends the reseller relationship, once nothing is sold any more. Nothing else of a customer can be changed.
pub(super) fn update(world: &mut World, call: &ApiCall, id: &str) -> Result<Answer, Refusal> {
    rights::admin(world, call)?;
    let customer = find(world, id)?;
    let body = rights::body(call)?;
    if let Some(known) = call.header("if-match")
        && known.trim_matches('"') != etag(customer)
    {
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            412,
            "The etag is not valid.",
        ));
    }
    let given = rights::member(&body, "attributes").and_then(|held| held.get("etag")?.as_str());
    if given.is_some_and(|given| given != etag(customer)) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            2_055,
            "The etag is no longer valid.",
        ));
    }
    let wanted = rights::member(&body, "relationshipToPartner").and_then(Value::as_str);
    if wanted != Some("none") {
        return Err(Refusal::invalid(
            "Only the relationship to the partner can be changed, to none.",
        ));
    }
    if subscriptions::any_active(customer) {
        return Err(Refusal::invalid(
            "The customer has active subscriptions: they are to be suspended first.",
        ));
    }
    let id = customer.id;
    world.stop_reselling(id);
    let done = Done {
        customer: id,
        kind: (
            "partner_customer_relationship",
            "remove_partner_customer_relationship",
        ),
        value: body.into(),
    };
    audit::keep(world, call, &done);
    Ok(Answer::One(json!({
        "id": Value::Null, "commerceId": Value::Null, "companyProfile": Value::Null, "billingProfile": Value::Null,
        "relationshipToPartner": "none", "allowDelegatedAccess": Value::Null, "userCredentials": Value::Null,
        "customDomains": Value::Null, "associatedPartnerId": Value::Null, "attributes": {"objectType": "Customer"},
    })))
}

/// The services that the partner manages, with the addresses of their portals.
pub(super) fn managed_services(world: &World, id: &str) -> Result<Answer, Refusal> {
    let customer = find(world, id)?;
    let domain = &customer.initial_domain;
    let services = [
        (
            "exchange",
            "Exchange",
            format!("https://admin.cloud.microsoft/exchange?delegatedOrg={domain}"),
        ),
        (
            "azureactivedirectory",
            "Azure Active Directory",
            format!("https://entra.microsoft.com/{domain}"),
        ),
        (
            "intune",
            "Intune",
            format!("https://intune.microsoft.com/{domain}"),
        ),
    ];
    let items = services.iter().map(|(id, name, address)| {
        json!({
            "id": id,
            "name": name,
            "links": {"adminService": link(address)},
            "attributes": {"objectType": "ManagedService"},
        })
    });
    Ok(paging::whole(items.collect()))
}

/// The resellers a customer is had through: none.
pub(super) fn relationships(world: &World, id: &str) -> Result<Answer, Refusal> {
    find(world, id)?;
    Ok(paging::whole(Vec::new()))
}

/// The partners this one works through: none.
pub(super) fn partners(call: &ApiCall) -> Result<Answer, Refusal> {
    match call.option("relationship_type") {
        Some("is_indirect_reseller_of" | "is_indirect_cloud_solution_provider_of") => {
            Ok(paging::whole(Vec::new()))
        }
        _ => Err(Refusal::invalid("The relationship type is missing or not known.")),
    }
}

/// The address at which somebody becomes a customer.
pub(super) fn invitation(world: &World) -> Answer {
    let partner = world.partner.id;
    Answer::One(json!({
        "url": format!(
            "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&partnerId={partner}&msppId=0#/BillingAccounts/partner-invitation"
        ),
        "attributes": {"objectType": "CustomerRelationshipRequest"},
    }))
}

/// A customer the account may act on.
pub(super) fn find<'a>(world: &'a World, id: &str) -> Result<&'a Tenant, Refusal> {
    let id = id
        .parse()
        .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, 900_118, "Invalid customer id."))?;
    if id == world.partner.id || world.customer(id).is_some_and(|_| !world.is_reseller_of(id)) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            20_002,
            "The partner has no commerce relationship with the customer.",
        ));
    }
    let customer = world.customer(id).ok_or_else(Refusal::unknown_customer)?;
    if customer.has(Trouble::NotAdminAgent) {
        return Err(Refusal::role());
    }
    Ok(customer)
}

/// A customer as it stands in lists.
fn brief(customer: &Tenant) -> Value {
    let id = customer.id.to_string();
    json!({
        "id": id,
        "commerceId": derived_id(customer.id, "commerce"),
        "companyProfile": profile(customer),
        "relationshipToPartner": "reseller",
        "links": {"self": link(&format!("/customers/{id}"))},
        "attributes": {"objectType": "Customer"},
    })
}

fn profile(customer: &Tenant) -> Value {
    let id = customer.id.to_string();
    json!({
        "tenantId": id,
        "domain": customer.initial_domain,
        "companyName": customer.name,
        "links": {"self": link(&format!("/customers/{id}/profiles/company"))},
        "attributes": {"objectType": "CustomerCompanyProfile"},
    })
}
