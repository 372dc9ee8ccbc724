//! Technicians of the host: what they may not see costs no request, and looks like what is not there.

use msp365::{
    TenantId,
    actions::explain::{Action, ActionKind, Actor, Ask, Levels, LinkId, Verdict},
};

use crate::world::Estate;

fn levels(tenant: TenantId) -> Levels {
    serde_json::from_value(serde_json::json!({
        "levels": {"desk": {"areas": {"users": "operate"}}},
        "technicians": {
            "ada": {"level": "desk", "tenants": {"only": [tenant]}, "sites": "all"},
            "bo": {"level": "desk", "tenants": {"only": []}, "sites": "all"},
        },
    }))
    .unwrap()
}

#[tokio::test]
async fn a_refusal_of_the_host_costs_no_request_and_tells_nothing() {
    let estate = Estate::build(7).await;
    let customer = &estate.customers[0];
    let levels = levels(customer.id);
    let nowhere: TenantId = "00000000-0000-4000-8000-00000000dead".parse().unwrap();
    let user = &customer.users[0];
    let before = estate.cloud.requests();
    let actor = |who: &str, tenant, kind| Actor::technician(&levels, who, &Ask::action(tenant, kind));

    let bo = actor("bo", customer.id, ActionKind::Block);
    let hidden = estate
        .msp
        .explain(&bo, &customer.id, &Action::Block, user)
        .await
        .unwrap();
    let absent = estate
        .msp
        .explain(&Actor::host(), &nowhere, &Action::Block, user)
        .await
        .unwrap();
    let ada = actor("ada", customer.id, ActionKind::Delete);
    let lacking = estate
        .msp
        .explain(&ada, &customer.id, &Action::Delete, user)
        .await
        .unwrap();

    assert_eq!(hidden, absent);
    assert_eq!(hidden.verdict, Verdict::WillNot);
    assert_eq!(
        lacking.first_broken().map(|link| link.id),
        Some(LinkId::Permission)
    );
    assert_eq!(lacking.links.len(), 1);
    assert_eq!(estate.cloud.requests(), before);
    let ada = actor("ada", customer.id, ActionKind::Block);
    let let_in = estate
        .msp
        .explain(&ada, &customer.id, &Action::Block, user)
        .await
        .unwrap();
    assert!(let_in.links.len() > 5 && estate.cloud.requests() > before);
    assert!(
        estate.cloud.requests() - before <= 12,
        "{}",
        estate.cloud.requests() - before
    );
}
