//! Delegated administration, as the partner sees it.

use std::{borrow::Cow, collections::BTreeMap};

use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    caller::{Caller, after},
    read_only,
    rights::RELATIONSHIPS,
    tenants, unknown,
};
use crate::{
    odata::{
        self, Listing, Refused, Rules,
        access::{DELEGATED_ADMIN_ACCESS_ASSIGNMENT, DELEGATED_ADMIN_CUSTOMER, DELEGATED_ADMIN_RELATIONSHIP},
        partners::{
            DELEGATED_ADMIN_RELATIONSHIP_OPERATION, DELEGATED_ADMIN_RELATIONSHIP_REQUEST,
            SERVICE_MANAGEMENT_DETAIL,
        },
    },
    world::{
        Json, Tenant, World,
        access::{object, text},
        change::derived_id,
        gdap::Dealings,
    },
};

pub(super) const RELATIONSHIP_SET: &str = "tenantRelationships/delegatedAdminRelationships";
const CUSTOMER_SET: &str = "tenantRelationships/delegatedAdminCustomers";
/// App id of Partner Customer Delegated Administration, without which no app acts by itself here.
const ADMINISTRATION_APP: &str = "2832473f-ec63-45fb-976f-5d45a7d4bb91";

const RULES: Rules = Rules {
    shape: &DELEGATED_ADMIN_RELATIONSHIP,
    page: 100,
    top: Some(300),
    options: "$select $filter $count $orderby",
    order: "displayName createdDateTime status",
    directory: false,
};
const ASSIGNMENTS: Rules = Rules {
    shape: &DELEGATED_ADMIN_ACCESS_ASSIGNMENT,
    order: "createdDateTime",
    ..RULES
};
const REQUESTS: Rules = Rules {
    shape: &DELEGATED_ADMIN_RELATIONSHIP_REQUEST,
    ..ASSIGNMENTS
};
const OPERATIONS: Rules = Rules {
    shape: &DELEGATED_ADMIN_RELATIONSHIP_OPERATION,
    options: "$select $filter $count",
    ..ASSIGNMENTS
};
const CUSTOMERS: Rules = Rules {
    shape: &DELEGATED_ADMIN_CUSTOMER,
    order: "displayName",
    ..RULES
};
const PORTALS: Rules = Rules {
    shape: &SERVICE_MANAGEMENT_DETAIL,
    order: "serviceName",
    ..RULES
};

/// Portals: id, name and address, with places for the initial domain and the id of the customer. The ids of the first
/// three are Microsoft's; the others follow from their names.
const SERVICES: [(&str, &str, &str); 6] = [
    (
        "fa5fa04e-13df-4b7c-9e99-92573ba1fa55",
        "Azure Active Directory",
        "https://aad.portal.azure.com/{domain}",
    ),
    (
        "5d0273c3-0f0e-4e00-90e8-e792c8860fb5",
        "Microsoft 365 Lighthouse",
        "https://lighthouse.microsoft.com",
    ),
    (
        "ce0b42f4-bfde-4abe-a5f7-add83f104b23",
        "Teams",
        "https://admin.teams.microsoft.com/?delegatedOrg={domain}",
    ),
    (
        "",
        "Exchange",
        "https://admin.cloud.microsoft/exchange?delegatedOrg={domain}",
    ),
    ("", "Intune", "https://intune.microsoft.com/{domain}"),
    (
        "",
        "Microsoft Defender",
        "https://security.microsoft.com/?tid={tenant}",
    ),
];

type Rows = BTreeMap<String, Json>;

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    if let [segment] = rest
        && tenants::is_question(segment)
    {
        return tenants::find(caller, segment);
    }
    read_only(caller, &RELATIONSHIPS)?;
    at_partner(caller)?;
    match rest {
        ["delegatedAdminRelationships", rest @ ..] => relationships(caller, rest),
        ["delegatedAdminCustomers", rest @ ..] => customers(caller, rest),
        rest => Err(unknown(rest)),
    }
}

/// Refuses tenants that are no partner, and apps that act by themselves before the partner has let them.
pub(super) fn at_partner(caller: &Caller<'_>) -> Result<(), Refused> {
    if caller.tenant.id != caller.world.partner.id {
        return Err(forbidden(
            "The tenant is not a partner: it has no delegated administration of others.",
        ));
    }
    let is_provisioned = || {
        let mut principals = caller.tenant.service_principals.present();
        principals.any(|row| text(row, "appId") == Some(ADMINISTRATION_APP))
    };
    if caller.call.claims.app_only && !is_provisioned() {
        return Err(forbidden(
            "The service principal of Partner Customer Delegated Administration is not provisioned in the tenant.",
        ));
    }
    Ok(())
}

fn relationships(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let now = caller.call.now;
    let Some((id, rest)) = rest.split_first() else {
        let all = caller.world.relationships.iter();
        let rows = all.map(|one| (one.id.clone(), typed(one.render(now)))).collect();
        return page(caller, RELATIONSHIP_SET, &RULES, &rows);
    };
    let one = caller.world.relationship(id).ok_or_else(|| missing(id))?;
    if rest.is_empty() {
        let row = typed(one.render(now));
        return caller.entity(RELATIONSHIP_SET, &DELEGATED_ADMIN_RELATIONSHIP, Some(&row), id);
    }
    let (name, rest) = (rest.first().copied().unwrap_or_default(), rest.get(1..));
    let what = below(id, name);
    let rest = rest.unwrap_or_default();
    match name {
        "accessAssignments" => {
            let all = one.assignments.iter();
            let rows = all.map(|a| (a.id.clone(), a.render())).collect();
            listed_or_one(caller, (&what, &ASSIGNMENTS), &rows, rest)
        }
        "requests" => listed_or_one(caller, (&what, &REQUESTS), &requests(caller, id), rest),
        "operations" => listed_or_one(caller, (&what, &OPERATIONS), &operations(caller, id), rest),
        _ => Err(Refused::unknown_segment(name)),
    }
}

fn requests(caller: &Caller<'_>, id: &str) -> Rows {
    let all = caller.world.dealings(id).map(|all| &all.requests);
    let all = all.into_iter().flatten();
    all.map(|one| {
        (
            one.id.clone(),
            evolved(caller, one.render(), ("action", "reject")),
        )
    })
    .collect()
}

fn operations(caller: &Caller<'_>, id: &str) -> Rows {
    let late = ("operationType", "delegatedAdminRelationshipUpdate");
    let all = caller.world.dealings(id).map(|all: &Dealings| &all.operations);
    let all = all.into_iter().flatten();
    all.map(|one| (one.id.clone(), evolved(caller, one.render(id), late)))
        .collect()
}

/// Puts the sentinel in place of a word that was added to its list later, unless the call asks for such words.
pub(super) fn evolved(caller: &Caller<'_>, mut row: Json, (property, late): (&str, &str)) -> Json {
    let preferences = caller.call.header("prefer").unwrap_or_default();
    if text(&row, property) == Some(late) && !preferences.contains("include-unknown-enum-members") {
        row.insert(property.to_owned(), json!("unknownFutureValue"));
    }
    row
}

/// The customers with at least one relationship, of whatever status.
fn customers(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let world = caller.world;
    let rows: Rows = world
        .relationships
        .iter()
        .filter_map(|one| {
            let id = one.customer?.to_string();
            let row = json!({"id": id, "tenantId": id, "displayName": one.customer_name});
            Some((id, object(row)))
        })
        .collect();
    match rest {
        [] | [_] => listed_or_one(caller, (CUSTOMER_SET, &CUSTOMERS), &rows, rest),
        [id, "serviceManagementDetails"] => {
            let customer = id.parse().ok().and_then(|id| world.customer(id));
            let customer = customer
                .filter(|_| rows.contains_key(*id))
                .ok_or_else(|| missing(id))?;
            let what = format!("{CUSTOMER_SET}('{id}')/serviceManagementDetails");
            page(caller, &what, &PORTALS, &portals(world, customer))
        }
        rest => Err(unknown(rest)),
    }
}

fn portals(world: &World, customer: &Tenant) -> Rows {
    let domain = utf8_percent_encode(&customer.initial_domain, DOMAIN).to_string();
    SERVICES
        .iter()
        .map(|(id, name, address)| {
            let id = match *id {
                "" => derived_id(world.partner.id, name),
                known => known.to_owned(),
            };
            let address = address
                .replace("{domain}", &domain)
                .replace("{tenant}", &customer.id.to_string());
            let row = json!({"id": id, "serviceName": name, "serviceManagementUrl": address});
            (id, object(row))
        })
        .collect()
}

const DOMAIN: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-');

fn listed_or_one(
    caller: &Caller<'_>,
    (what, rules): (&str, &Rules),
    rows: &Rows,
    rest: &[&str],
) -> Result<Answer, Refused> {
    match rest {
        [] => page(caller, what, rules, rows),
        [id] => {
            let row = rows.get(*id).ok_or_else(|| missing(id))?;
            caller.entity(what, rules.shape, Some(row), id)
        }
        rest => Err(unknown(rest)),
    }
}

/// A page of rows that were made for this call.
pub(super) fn page(caller: &Caller<'_>, what: &str, rules: &Rules, rows: &Rows) -> Result<Answer, Refused> {
    let options = caller.options(rules)?;
    let place = Listing {
        tenant: caller.tenant.id.to_string(),
        url: caller.url(),
        context: caller.context(what, Some(&options.selection)),
        now: caller.call.now.as_second(),
    };
    let page = odata::list(&place, &options, |from| {
        after(rows, from).map(|(id, row)| (id.as_str(), Cow::Borrowed(row)))
    })?;
    Ok(Answer::Text(page.into_text(&options.selection)))
}

/// The collection of this name below a relationship, as contexts name it.
pub(super) fn below(relationship: &str, name: &str) -> String {
    format!("{RELATIONSHIP_SET}('{relationship}')/{name}")
}

/// A relationship, which says what it is: there are several kinds.
pub(super) fn typed(mut row: Json) -> Json {
    row.insert(
        "@odata.type".to_owned(),
        Value::from("#microsoft.graph.delegatedAdminRelationship"),
    );
    row
}

pub(super) fn missing(id: &str) -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "NotFound",
        format!("'{id}' was not found."),
    )
}

pub(super) fn forbidden(message: &str) -> Refused {
    Refused::new(StatusCode::FORBIDDEN, "Forbidden", message)
}
