//! Roles that are held for a time, or may be activated.

use crate::odata::shape::{Item, Occurs::One, Shape};

const SUPPORT: &[(&str, &str)] = &[
    ("principalId roleDefinitionId", "D--D---"),
    ("directoryScopeId memberType status assignmentType", "D------"),
    ("id", "D------"),
];
const NAVIGATIONS: &str = "appScope directoryScope principal roleDefinition";

/// `unifiedRoleEligibilityScheduleInstance`.
pub(crate) static ELIGIBILITY_INSTANCE: Shape = Shape {
    name: "unifiedRoleEligibilityScheduleInstance",
    members: &[
        (
            Item::Text,
            One,
            "id appScopeId directoryScopeId memberType principalId roleDefinitionId roleEligibilityScheduleId",
        ),
        (Item::Instant, One, "endDateTime startDateTime"),
    ],
    never_null: "id",
    navigations: NAVIGATIONS,
    support: SUPPORT,
    by_default: None,
    kinds: &[],
};

/// `unifiedRoleEligibilitySchedule`.
pub(crate) static ELIGIBILITY_SCHEDULE: Shape = Shape {
    name: "unifiedRoleEligibilitySchedule",
    members: &[
        (
            Item::Text,
            One,
            "id appScopeId createdUsing directoryScopeId memberType principalId roleDefinitionId status",
        ),
        (Item::Instant, One, "createdDateTime modifiedDateTime"),
        (Item::Opaque, One, "scheduleInfo"),
    ],
    never_null: "id",
    navigations: NAVIGATIONS,
    support: SUPPORT,
    by_default: None,
    kinds: &[],
};

/// `unifiedRoleEligibilityScheduleRequest`.
pub(crate) static ELIGIBILITY_REQUEST: Shape = Shape {
    name: "unifiedRoleEligibilityScheduleRequest",
    members: &[
        (
            Item::Text,
            One,
            "id appScopeId approvalId customData directoryScopeId justification principalId roleDefinitionId status \
             targetScheduleId",
        ),
        (
            Item::Word(
                "adminAssign adminUpdate adminRemove selfActivate selfDeactivate adminExtend adminRenew selfExtend \
                 selfRenew unknownFutureValue",
            ),
            One,
            "action",
        ),
        (Item::Flag, One, "isValidationOnly"),
        (Item::Instant, One, "completedDateTime createdDateTime"),
        (Item::Opaque, One, "createdBy scheduleInfo ticketInfo"),
    ],
    never_null: "id status",
    navigations: "appScope directoryScope principal roleDefinition targetSchedule",
    support: SUPPORT,
    by_default: None,
    kinds: &[],
};

/// `unifiedRoleAssignmentScheduleInstance`.
pub(crate) static ASSIGNMENT_INSTANCE: Shape = Shape {
    name: "unifiedRoleAssignmentScheduleInstance",
    members: &[
        (
            Item::Text,
            One,
            "id appScopeId assignmentType directoryScopeId memberType principalId roleAssignmentOriginId \
             roleAssignmentScheduleId roleDefinitionId",
        ),
        (Item::Instant, One, "endDateTime startDateTime"),
    ],
    never_null: "id",
    navigations: "activatedUsing appScope directoryScope principal roleDefinition",
    support: SUPPORT,
    by_default: None,
    kinds: &[],
};
