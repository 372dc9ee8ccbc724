//! Delegated administration, as the partner sees it.

use std::{borrow::Cow, collections::BTreeMap};

use http::StatusCode;
use serde_json::json;

use super::{
    answer::Answer,
    caller::{Caller, after},
    read_only,
    rights::RELATIONSHIPS,
    unknown,
};
use crate::{
    odata::{
        self, Listing, Refused, Rules,
        access::{DELEGATED_ADMIN_ACCESS_ASSIGNMENT, DELEGATED_ADMIN_CUSTOMER, DELEGATED_ADMIN_RELATIONSHIP},
    },
    world::{Assignment, Json},
};

const RULES: Rules = Rules {
    shape: &DELEGATED_ADMIN_RELATIONSHIP,
    page: 100,
    top: Some(300),
    options: "$select $filter $count $orderby",
    order: "displayName createdDateTime",
    directory: false,
};
const ASSIGNMENTS: Rules = Rules {
    shape: &DELEGATED_ADMIN_ACCESS_ASSIGNMENT,
    order: "",
    ..RULES
};
const CUSTOMERS: Rules = Rules {
    shape: &DELEGATED_ADMIN_CUSTOMER,
    order: "displayName",
    ..RULES
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    read_only(caller, &RELATIONSHIPS)?;
    if caller.tenant.id != caller.world.partner.id {
        return Err(Refused::new(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "The tenant is not a partner: it has no delegated administration of others.",
        ));
    }
    match rest {
        ["delegatedAdminRelationships", rest @ ..] => relationships(caller, rest),
        ["delegatedAdminCustomers", rest @ ..] => customers(caller, rest),
        rest => Err(unknown(rest)),
    }
}

fn relationships(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let what = "tenantRelationships/delegatedAdminRelationships";
    let now = caller.call.now;
    let all = &caller.world.relationships;
    let find = |id: &str| all.iter().find(|one| one.id == id);
    match rest {
        [] => {
            let rows = all
                .iter()
                .map(|one| (one.id.clone(), typed(one.render(now))))
                .collect();
            page(caller, what, &RULES, &rows)
        }
        [id] => {
            let row = find(id).map(|one| typed(one.render(now)));
            found(row.is_some(), id)?;
            caller.entity(what, &DELEGATED_ADMIN_RELATIONSHIP, row.as_ref(), id)
        }
        [id, "accessAssignments", rest @ ..] => {
            let one = find(id).ok_or_else(|| missing(id))?;
            let what = format!("{what}('{id}')/accessAssignments");
            match rest {
                [] => {
                    let rows = one
                        .assignments
                        .iter()
                        .map(|a| (a.id.clone(), a.render()))
                        .collect();
                    page(caller, &what, &ASSIGNMENTS, &rows)
                }
                [assignment] => {
                    let row = one
                        .assignments
                        .iter()
                        .find(|a| a.id == *assignment)
                        .map(Assignment::render);
                    found(row.is_some(), assignment)?;
                    caller.entity(
                        &what,
                        &DELEGATED_ADMIN_ACCESS_ASSIGNMENT,
                        row.as_ref(),
                        assignment,
                    )
                }
                rest => Err(unknown(rest)),
            }
        }
        rest => Err(unknown(rest)),
    }
}

/// The customers with at least one relationship, of whatever status.
fn customers(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let what = "tenantRelationships/delegatedAdminCustomers";
    let rows: BTreeMap<String, Json> = caller
        .world
        .relationships
        .iter()
        .map(|one| {
            let id = one.customer.to_string();
            let mut row = Json::new();
            row.insert("id".to_owned(), json!(id));
            row.insert("tenantId".to_owned(), json!(id));
            row.insert("displayName".to_owned(), json!(one.customer_name));
            (id, row)
        })
        .collect();
    match rest {
        [] => page(caller, what, &CUSTOMERS, &rows),
        [id] => {
            found(rows.contains_key(*id), id)?;
            caller.entity(what, &DELEGATED_ADMIN_CUSTOMER, rows.get(*id), id)
        }
        rest => Err(unknown(rest)),
    }
}

fn page(
    caller: &Caller<'_>,
    what: &str,
    rules: &Rules,
    rows: &BTreeMap<String, Json>,
) -> Result<Answer, Refused> {
    let options = caller.options(rules)?;
    let place = Listing {
        tenant: caller.tenant.id.to_string(),
        url: caller.url(),
        context: caller.context(what, Some(&options.selection)),
    };
    odata::list(&place, &options, |from| {
        after(rows, from).map(|(id, row)| (id.as_str(), Cow::Borrowed(row)))
    })
    .map(Answer::Json)
}

fn typed(mut row: Json) -> Json {
    row.insert(
        "@odata.type".to_owned(),
        json!("#microsoft.graph.delegatedAdminRelationship"),
    );
    row
}

fn found(is_found: bool, id: &str) -> Result<(), Refused> {
    if is_found { Ok(()) } else { Err(missing(id)) }
}

fn missing(id: &str) -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "NotFound",
        format!("'{id}' was not found."),
    )
}
