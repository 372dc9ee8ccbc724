use std::time::Duration;

use super::super::*;
use crate::{Cloud, Sim};

fn cloud() -> Cloud {
    Sim::seeded(7).customers(12).users_each(3).manual_clock().build()
}

/// A relationship of this status, and its customer.
fn of_status(cloud: &Cloud, status: &str) -> (String, TenantId) {
    cloud.edit(|edit| {
        let mut all = edit.world.relationships.iter();
        let one = all.find(|one| one.status(edit.now) == status).unwrap();
        (one.id.clone(), one.customer.unwrap())
    })
}

fn status(cloud: &Cloud, id: &str) -> &'static str {
    cloud.edit(|edit| edit.world.relationship(id).unwrap().status(edit.now))
}

#[test]
fn a_customer_accepts_an_invitation_once() {
    let cloud = cloud();
    let (id, _) = of_status(&cloud, "approvalPending");

    assert!(cloud.edit(|edit| edit.approve_relationship(&id)));
    assert!(!cloud.edit(|edit| edit.approve_relationship(&id)));
    assert_eq!(status(&cloud, &id), "approved");
    cloud.advance(Duration::from_mins(5));

    assert_eq!(status(&cloud, &id), "active");
}

#[test]
fn an_open_invitation_becomes_the_one_of_whoever_accepts_it() {
    let cloud = cloud();
    let (id, customer) = of_status(&cloud, "approvalPending");
    cloud.edit(|edit| {
        let mut all = edit.world.relationships.iter_mut();
        all.find(|one| one.id == id).unwrap().customer = None;
    });

    assert!(!cloud.edit(|edit| edit.approve_relationship(&id)));
    assert!(cloud.edit(|edit| edit.accept_relationship(&id, customer)));
    let named = cloud.edit(|edit| edit.world.relationship(&id).unwrap().customer);

    assert_eq!(named, Some(customer));
}

#[test]
fn an_invitation_can_be_refused_and_a_relationship_ended_by_the_customer() {
    let cloud = cloud();
    let (pending, _) = of_status(&cloud, "approvalPending");
    let (active, _) = of_status(&cloud, "active");

    assert!(cloud.edit(|edit| edit.reject_relationship(&pending)));
    assert!(cloud.edit(|edit| edit.terminate_relationship(&active)));
    cloud.advance(Duration::from_mins(10));

    assert_eq!(status(&cloud, &pending), "terminated");
    assert_eq!(status(&cloud, &active), "terminated");
}

#[test]
fn a_failed_assignment_is_in_error() {
    let cloud = cloud();
    let (id, _) = of_status(&cloud, "active");
    let assignment = |edit: &Edit<'_>| edit.world.relationship(&id).unwrap().assignments[0].clone();
    let held = cloud.edit(|edit| assignment(edit).id);

    assert!(cloud.edit(|edit| edit.fail_assignment(&id, &held)));

    assert_eq!(cloud.edit(|edit| assignment(edit).status), "error");
    assert!(!cloud.edit(|edit| edit.fail_assignment(&id, "nothing")));
}
