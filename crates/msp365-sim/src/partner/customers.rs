//! The customers, as the reseller's list has them.

use serde_json::{Map, Value, json};

use super::wire::{Answer, Refusal};
use crate::{
    api::ApiCall,
    odata::{Binding, open, seal},
    world::{Tenant, Trouble, World, change::derived_id},
};

const NEXT: &str = "/customers?seekOperation=Next";

/// What a page token holds.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Seek {
    from: usize,
    /// 0: all at once.
    size: usize,
    filter: Option<Filter>,
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Filter {
    field: String,
    value: String,
    operator: String,
}

/// A page of customers.
pub(super) fn list(world: &World, call: &ApiCall) -> Result<Answer, Refusal> {
    let tenant = world.partner.id.to_string();
    let binding = Binding {
        tenant: &tenant,
        resource: "customers",
        query: "",
    };
    let seek = match call.option("seekOperation") {
        None => first(call)?,
        Some("Next" | "0") => {
            if call.option("size").is_some() || call.option("filter").is_some() {
                return Err(Refusal::invalid("A seek request takes neither size nor filter."));
            }
            let token = call.header("MS-ContinuationToken");
            let token = token.ok_or_else(|| Refusal::invalid("The continuation token is missing."))?;
            open(binding, token)
                .ok()
                .and_then(|value| serde_json::from_value(value).ok())
                .ok_or_else(|| Refusal::invalid("The continuation token is not valid."))?
        }
        Some(other) => {
            return Err(Refusal::invalid(format!(
                "The seek operation '{other}' is not supported."
            )));
        }
    };
    let fitting: Vec<&Tenant> = world
        .customers
        .iter()
        .filter(|customer| fits(customer, seek.filter.as_ref()))
        .collect();
    let size = if seek.size == 0 { usize::MAX } else { seek.size };
    let items: Vec<Value> = fitting
        .iter()
        .skip(seek.from)
        .take(size)
        .map(|one| brief(one))
        .collect();
    let to = seek.from.saturating_add(items.len());
    let token = (to < fitting.len()).then(|| {
        seal(
            binding,
            &json!(Seek {
                from: to,
                ..seek.clone()
            }),
        )
    });
    Ok(Answer::Page(page(&items, token)))
}

fn page(items: &[Value], token: Option<String>) -> Value {
    let mut body = Map::new();
    let mut links = Map::new();
    links.insert("self".to_owned(), link("/customers", &[]));
    if let Some(token) = token {
        let headers = [json!({"key": "MS-ContinuationToken", "value": token})];
        links.insert("next".to_owned(), link(NEXT, &headers));
        body.insert("continuationToken".to_owned(), json!(token));
    }
    body.insert("totalCount".to_owned(), json!(items.len()));
    body.insert("items".to_owned(), json!(items));
    body.insert("links".to_owned(), Value::Object(links));
    body.insert("attributes".to_owned(), json!({"objectType": "Collection"}));
    Value::Object(body)
}

fn first(call: &ApiCall) -> Result<Seek, Refusal> {
    let size = match call.option("size") {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::invalid("The size is not a number."))?,
    };
    let filter: Option<Filter> = call
        .option("filter")
        .map(serde_json::from_str)
        .transpose()
        .map_err(|_| Refusal::invalid("The filter is not valid."))?;
    if let Some(filter) = &filter
        && (!["CompanyName", "Domain"].contains(&filter.field.as_str()) || filter.operator != "starts_with")
    {
        return Err(Refusal::invalid("The filter is not supported for customers."));
    }
    Ok(Seek {
        from: 0,
        size,
        filter,
    })
}

fn fits(customer: &Tenant, filter: Option<&Filter>) -> bool {
    filter.is_none_or(|filter| {
        let held = if filter.field == "Domain" {
            &customer.initial_domain
        } else {
            &customer.name
        };
        held.to_lowercase().starts_with(&filter.value.to_lowercase())
    })
}

/// One customer in full.
pub(super) fn get(world: &World, id: &str) -> Result<Answer, Refusal> {
    let customer = find(world, id)?;
    let mut body = brief(customer);
    if let Some(body) = body.as_object_mut() {
        body.insert("allowDelegatedAccess".to_owned(), json!(true));
        body.insert("customDomains".to_owned(), json!([customer.initial_domain]));
        body.insert("associatedPartnerId".to_owned(), Value::Null);
    }
    Ok(Answer::One(body))
}

/// The company profile of one customer.
pub(super) fn company(world: &World, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::One(profile(find(world, id)?)))
}

/// A customer the account may act on.
pub(super) fn find<'a>(world: &'a World, id: &str) -> Result<&'a Tenant, Refusal> {
    let id = id
        .parse()
        .map_err(|_| Refusal::new(http::StatusCode::BAD_REQUEST, 900_118, "Invalid customer id."))?;
    let customer = world.customer(id).ok_or_else(Refusal::unknown_customer)?;
    if customer.trouble == Some(Trouble::NotAdminAgent) {
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
        "links": {"self": link(&format!("/customers/{id}"), &[])},
        "attributes": {"objectType": "Customer"},
    })
}

fn profile(customer: &Tenant) -> Value {
    let id = customer.id.to_string();
    json!({
        "tenantId": id,
        "domain": customer.initial_domain,
        "companyName": customer.name,
        "links": {"self": link(&format!("/customers/{id}/profiles/company"), &[])},
        "attributes": {"objectType": "CustomerCompanyProfile"},
    })
}

fn link(uri: &str, headers: &[Value]) -> Value {
    json!({"uri": uri, "method": "GET", "headers": headers})
}
