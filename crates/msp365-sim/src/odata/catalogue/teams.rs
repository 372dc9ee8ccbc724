//! Teams.

use crate::odata::shape::{Item, Occurs::One, Shape};

/// `team`.
pub(crate) static TEAM: Shape = Shape {
    name: "team",
    members: &[
        (
            Item::Text,
            One,
            "id classification description displayName internalId tenantId webUrl",
        ),
        (Item::Instant, One, "createdDateTime"),
        (Item::Flag, One, "isArchived"),
        (
            Item::Word("private public hiddenMembership unknownFutureValue"),
            One,
            "visibility",
        ),
        (
            Item::Opaque,
            One,
            "funSettings guestSettings memberSettings messagingSettings summary",
        ),
    ],
    never_null: "id",
    navigations: "channels group members primaryChannel schedule",
    support: &[],
    by_default: None,
    kinds: &[],
};
