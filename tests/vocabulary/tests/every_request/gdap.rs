//! Requests about customers and relationships.

use msp365_partner::{
    consents::{self, ApplicationConsent},
    customers::{self, CustomerField},
    delegated_customers,
    relationships::{self, AccessAssignment, AutoExtend, NewRelationship, Relationship, RelationshipEdit},
    subscribed_skus, subscriptions,
};
use serde_json::json;

use crate::exchange::{Exchange, ID, done, entity, made, object, page};

pub(crate) fn exchanges() -> Vec<Exchange> {
    [graph(), partner_center()].into_iter().flatten().collect()
}

fn graph() -> Vec<Exchange> {
    let tagged = json!({ "id": ID, "@odata.etag": "W/\"x\"" });
    let relationship: Relationship = serde_json::from_value(tagged.clone()).unwrap();
    let assignment: AccessAssignment = serde_json::from_value(tagged).unwrap();
    let mut edit = RelationshipEdit::default();
    edit.auto_extend = Some(AutoExtend::HalfYear);
    vec![
        page(delegated_customers::list()),
        entity(delegated_customers::get(ID)),
        page(delegated_customers::portals(ID)),
        page(relationships::list()),
        page(
            relationships::list().filter(Relationship::TENANT.eq(ID).and(Relationship::STATUS.eq("active"))),
        ),
        entity(relationships::get(ID)),
        page(relationships::operations(ID)),
        entity(relationships::operation(ID, ID)),
        page(relationships::access_assignments(ID)),
        made(relationships::assign(ID, ID, [ID])),
        done(relationships::change_assignment(ID, &assignment, [ID])),
        done(relationships::remove_assignment(ID, &assignment)),
        made(relationships::create(&NewRelationship::new("Adatum", ID, [ID]))),
        done(relationships::update(&relationship, &edit)),
        done(relationships::delete(&relationship)),
        made(relationships::send_to_customer(ID)),
        made(relationships::terminate(ID)),
        page(relationships::requests(ID)),
    ]
}

fn partner_center() -> Vec<Exchange> {
    let list = || json!({ "totalCount": 0, "items": [] });
    vec![
        object(customers::list(500), list()),
        object(customers::search(CustomerField::CompanyName, "ad", 500), list()),
        entity(customers::get(ID)),
        object(subscriptions::list(ID), list()),
        entity(subscriptions::get(ID, ID)),
        object(subscribed_skus::list(ID, &[]), list()),
        made(consents::create(
            ID,
            &ApplicationConsent::to_graph(ID, "Connector", ["User.Read.All"]),
        )),
        done(consents::delete(ID, ID)),
    ]
}
