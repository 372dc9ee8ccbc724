//! What a tenant can learn of others: their names, and the partner's contracts with them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::Caller,
    read_only,
    rights::{CONTRACTS, TENANT_INFORMATION},
    tenant_relationships::page,
    unknown,
};
use crate::{
    odata::{Refused, Rules, partners::CONTRACT},
    world::{
        Json, Tenant,
        access::{object, text},
        change::derived_id,
    },
};

const RULES: Rules = Rules {
    shape: &CONTRACT,
    page: 100,
    top: Some(999),
    options: "$select $filter $count",
    order: "",
    directory: true,
};

/// Whether a segment asks for a tenant by its id or a domain.
pub(super) fn is_question(segment: &str) -> bool {
    segment.starts_with("findTenantInformationBy")
}

/// Tells what everybody may know of a tenant.
pub(super) fn find(caller: &Caller<'_>, segment: &str) -> Result<Answer, Refused> {
    read_only(caller, &TENANT_INFORMATION)?;
    let argument = |name: &str| {
        let inner = segment.strip_prefix(name)?.strip_suffix("')")?;
        Some(inner.replace("''", "'"))
    };
    let world = caller.world;
    let (asked, found) = if let Some(id) = argument("findTenantInformationByTenantId(tenantId='") {
        let known = id
            .parse()
            .map_err(|_| Refused::bad(format!("Invalid tenant id '{id}': it is no GUID.")))?;
        (id, world.tenant(known))
    } else if let Some(domain) = argument("findTenantInformationByDomainName(domainName='") {
        let all = std::iter::once(&world.partner).chain(&world.customers);
        let found = all.into_iter().find(|tenant| has_domain(tenant, &domain));
        (domain, found)
    } else {
        return Err(Refused::unknown_segment(segment));
    };
    let tenant = found.ok_or_else(|| Refused::not_found(&asked))?;
    Ok(Answer::Json(json!({
        "@odata.context": format!("{}/$metadata#microsoft.graph.tenantInformation", caller.root()),
        "tenantId": tenant.id,
        "federationBrandName": Value::Null,
        "displayName": tenant.name,
        "defaultDomainName": tenant.default_domain,
    })))
}

fn has_domain(tenant: &Tenant, domain: &str) -> bool {
    let verified = tenant.domains.iter().filter_map(|row| text(row, "id"));
    verified
        .chain([tenant.default_domain.as_str(), tenant.initial_domain.as_str()])
        .any(|own| !own.is_empty() && own.eq_ignore_ascii_case(domain))
}

/// The partner's contracts with its customers; a tenant that is no partner has none.
pub(super) fn contracts(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &CONTRACTS)?;
    let world = caller.world;
    let is_partner = caller.tenant.id == world.partner.id;
    let rows: BTreeMap<String, Json> = world
        .customers
        .iter()
        .filter(|customer| is_partner && world.is_reseller_of(customer.id))
        .map(|customer| {
            let id = derived_id(customer.id, "contract");
            let row = json!({
                "id": id,
                "deletedDateTime": Value::Null,
                "contractType": "ResellerPartner",
                "customerId": customer.id,
                "defaultDomainName": customer.default_domain,
                "displayName": customer.name,
            });
            (id, object(row))
        })
        .collect();
    match rest {
        [] => page(caller, "contracts", &RULES, &rows),
        [id] => caller.entity("contracts", &CONTRACT, rows.get(*id), id),
        rest => Err(unknown(rest)),
    }
}
