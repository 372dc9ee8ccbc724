//! Partner Center, relationships and the list of customers.

use msp365_core::TenantId;
use serde_json::{Value, json};

use super::super::{
    pages,
    row::{
        Action::{self, Alter, Instead, Say, World},
        Fault, Meeting, Text, say,
    },
    target::Target::{Authority, Customers, CustomersPage, Graph, Intune, Partner},
};
use crate::world::{World as Everything, change::derived_id};

const fn all_become(status: u8) -> Action {
    match status {
        0 => World(|meeting, world| become_status(meeting, world, "expired")),
        1 => World(|meeting, world| become_status(meeting, world, "terminated")),
        _ => World(|meeting, world| become_status(meeting, world, "approvalPending")),
    }
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F165",
        "Partner Center wants a second factor",
        Partner,
        &[&[Say(say(401).code("900421"))], &[Say(say(403).code("2032"))]],
    )
    .always(),
    Fault::once(
        "F166",
        "relationships have expired, were ended, or wait for approval; all of a partner's, one customer's otherwise",
        Graph,
        &[&[all_become(0)], &[all_become(1)], &[all_become(2)]],
    ),
    Fault::once(
        "F167",
        "the role for devices under management is missing",
        Intune,
        &[&[Say(say(403).code("Forbidden"))]],
    )
    .always(),
    Fault::once(
        "F168",
        "a newer relationship without a group stands beside the one that works",
        Graph,
        &[&[World(|meeting, world| {
            let now = meeting.now;
            let tenant = customer(meeting, world);
            let mut newer: Vec<_> = world
                .relationships
                .iter()
                .filter(|one| {
                    one.stored_status == "active" && tenant.is_none_or(|id| one.customer == Some(id))
                })
                .cloned()
                .collect();
            for one in &mut newer {
                let owner = one.customer.unwrap_or(world.partner.id);
                let (left, right) = (
                    derived_id(owner, &format!("shadow of {}", one.id)),
                    derived_id(owner, "shadowing"),
                );
                one.id = format!("{left}-{right}");
                one.assignments.clear();
                (one.created, one.activated, one.modified) = (now, Some(now), now);
            }
            let any = !newer.is_empty();
            world.relationships.extend(newer);
            any
        })]],
    ),
    Fault::once(
        "F169",
        "a customer is missing from the list",
        Customers,
        &[&[Alter(|_, reply| {
            pages::edit(reply, |body| {
                let gone = pages::rows(body).and_then(Vec::pop).is_some();
                if let Some(count) = body.get("totalCount").and_then(Value::as_u64).filter(|_| gone) {
                    body["totalCount"] = json!(count.saturating_sub(1));
                }
                gone
            })
        })]],
    ),
    Fault::once(
        "F170",
        "the second page of the customers is refused",
        CustomersPage,
        &[&[Say(say(429).with("Retry-After", "5"))], &[Say(say(500))]],
    ),
    Fault::once(
        "F171",
        "all customers have one name and one domain",
        Customers,
        &[&[Alter(|_, reply| {
            pages::each_row(reply, |row| {
                let profile = row.get_mut("companyProfile").and_then(Value::as_object_mut);
                profile.is_some_and(|profile| {
                    profile.insert("companyName".to_owned(), json!("Contoso"));
                    profile.insert("domain".to_owned(), json!("contoso.example"));
                    true
                })
            })
        })]],
    )
    .always(),
    Fault::once(
        "F174",
        "the tenant lives in another national cloud: its OpenID document says so, and it gets no token here",
        Authority,
        &[&[
            Instead(|meeting| {
                let elsewhere = say(400).body(Text::Aadsts("invalid_request", 90_038, ""));
                let asks = meeting.asked.path.last().is_some_and(|last| last == "token");
                asks.then(|| elsewhere.reply(meeting))
            }),
            Alter(|_, reply| {
                pages::edit(reply, |body| {
                    let home =
                        |text: &str| text.replace("login.microsoftonline.com", "login.microsoftonline.us");
                    for name in ["issuer", "token_endpoint", "authorization_endpoint", "jwks_uri"] {
                        let moved = body.get(name).and_then(Value::as_str).map(home);
                        if let Some(moved) = moved {
                            body[name] = json!(moved);
                        }
                    }
                    body["tenant_region_scope"] = json!("USGov");
                    body["cloud_instance_name"] = json!("microsoftonline.us");
                    body["msgraph_host"] = json!("graph.microsoft.us");
                    true
                })
            }),
        ]],
    )
    .always(),
    Fault::once(
        "F175",
        "the partner's own tenant is among the customers",
        Customers,
        &[&[Alter(|meeting, reply| {
            let own = json!(meeting.asked.tenant);
            pages::edit_rows(reply, |rows| {
                let Some(mut one) = rows.first().cloned() else {
                    return false;
                };
                one["id"] = own.clone();
                one["companyProfile"]["tenantId"] = own;
                rows.push(one);
                true
            })
        })]],
    ),
];

/// The customer whose token is shown; none behind the partner's own.
fn customer(meeting: &Meeting<'_>, world: &Everything) -> Option<TenantId> {
    meeting.asked.tenant.filter(|tenant| *tenant != world.partner.id)
}

fn become_status(meeting: &Meeting<'_>, world: &mut Everything, status: &'static str) -> bool {
    let tenant = customer(meeting, world);
    let mut any = false;
    for one in world
        .relationships
        .iter_mut()
        .filter(|one| tenant.is_none_or(|id| one.customer == Some(id)))
    {
        (one.stored_status, one.modified) = (status, meeting.now);
        any = true;
    }
    any
}
