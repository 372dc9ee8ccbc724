//! What stands around delegated administration: requests, operations, portals, contracts.

use crate::odata::shape::{Item, Occurs::One, Shape};

/// `delegatedAdminRelationshipRequest`.
pub(crate) static DELEGATED_ADMIN_RELATIONSHIP_REQUEST: Shape = Shape {
    name: "delegatedAdminRelationshipRequest",
    members: &[
        (Item::Text, One, "id"),
        (Item::Instant, One, "createdDateTime lastModifiedDateTime"),
        (
            Item::Word("lockForApproval approve terminate reject unknownFutureValue"),
            One,
            "action",
        ),
        (
            Item::Word("created pending succeeded failed unknownFutureValue"),
            One,
            "status",
        ),
    ],
    never_null: "id action",
    navigations: "",
    support: &[("action status", "D--D---")],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminRelationshipOperation`.
pub(crate) static DELEGATED_ADMIN_RELATIONSHIP_OPERATION: Shape = Shape {
    name: "delegatedAdminRelationshipOperation",
    members: &[
        (Item::Text, One, "id data"),
        (Item::Instant, One, "createdDateTime lastModifiedDateTime"),
        (
            Item::Word(
                "delegatedAdminAccessAssignmentUpdate delegatedAdminRelationshipUpdate unknownFutureValue",
            ),
            One,
            "operationType",
        ),
        (
            Item::Word("notStarted running succeeded failed unknownFutureValue"),
            One,
            "status",
        ),
    ],
    never_null: "id data createdDateTime lastModifiedDateTime operationType status",
    navigations: "",
    support: &[("operationType status", "D--D---")],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminServiceManagementDetail`.
pub(crate) static SERVICE_MANAGEMENT_DETAIL: Shape = Shape {
    name: "delegatedAdminServiceManagementDetail",
    members: &[(Item::Text, One, "id serviceName serviceManagementUrl")],
    never_null: "id serviceName serviceManagementUrl",
    navigations: "",
    support: &[("serviceName", "D--D---")],
    by_default: None,
    kinds: &[],
};

/// `contract`.
pub(crate) static CONTRACT: Shape = Shape {
    name: "contract",
    members: &[
        (Item::Text, One, "id contractType defaultDomainName displayName"),
        (Item::Guid, One, "customerId"),
        (Item::Instant, One, "deletedDateTime"),
    ],
    never_null: "id",
    navigations: "",
    support: &[("customerId defaultDomainName displayName", "D--D---")],
    by_default: None,
    kinds: &[],
};
