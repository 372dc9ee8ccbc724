//! The resources of the simulated Graph, as data.

pub(crate) mod access;
pub(crate) mod apps;
pub(crate) mod machines;
pub(crate) mod partners;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod schedules;
pub(crate) mod teams;
pub(crate) mod tenant;

use crate::odata::shape::{Item, Occurs::One, Shape};

/// `directoryObject`: what members and memberships consist of. Rows say their kind.
pub(crate) static DIRECTORY_OBJECT: Shape = Shape {
    name: "directoryObject",
    members: &[(Item::Text, One, "id"), (Item::Instant, One, "deletedDateTime")],
    never_null: "id",
    navigations: "",
    support: &[("id displayName", "AA-AA--")],
    by_default: None,
    kinds: &[
        &people::USER,
        &people::GROUP,
        &machines::DEVICE,
        &access::SERVICE_PRINCIPAL,
        &apps::APPLICATION,
        &tenant::DIRECTORY_ROLE,
        &tenant::ADMINISTRATIVE_UNIT,
    ],
};
