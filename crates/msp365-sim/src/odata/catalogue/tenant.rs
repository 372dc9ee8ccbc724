//! The tenant itself: organization, domains, licences, roles and report settings.

use crate::odata::shape::{
    Item,
    Occurs::{Many, One},
    Shape,
};

use super::people::ASSIGNED_PLAN;

/// `organization`.
pub(crate) static ORGANIZATION: Shape = Shape {
    name: "organization",
    members: &[
        (
            Item::Text,
            One,
            "id city country countryLetterCode defaultUsageLocation displayName postalCode \
             preferredLanguage state street tenantType",
        ),
        (
            Item::Instant,
            One,
            "deletedDateTime createdDateTime onPremisesLastSyncDateTime",
        ),
        (Item::Complex(&ASSIGNED_PLAN), Many, "assignedPlans"),
        (
            Item::Text,
            Many,
            "businessPhones marketingNotificationEmails securityComplianceNotificationMails \
             securityComplianceNotificationPhones technicalNotificationMails",
        ),
        (
            Item::Word("unknown intune sccm office365"),
            One,
            "mobileDeviceManagementAuthority",
        ),
        (Item::Flag, One, "onPremisesSyncEnabled"),
        (
            Item::Word(
                "microsoftSupport syndicatePartner breadthPartner breadthPartnerDelegatedAdmin \
             resellerPartnerDelegatedAdmin valueAddedResellerPartnerDelegatedAdmin unknownFutureValue",
            ),
            One,
            "partnerTenantType",
        ),
        (Item::Opaque, One, "privacyProfile"),
        (Item::Opaque, Many, "provisionedPlans"),
        (Item::Complex(&VERIFIED_DOMAIN), Many, "verifiedDomains"),
    ],
    never_null: "id mobileDeviceManagementAuthority",
    navigations: "branding certificateBasedAuthConfiguration",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `domain`.
pub(crate) static DOMAIN: Shape = Shape {
    name: "domain",
    members: &[
        (
            Item::Text,
            One,
            "id authenticationType availabilityStatus manufacturer model",
        ),
        (
            Item::Flag,
            One,
            "isAdminManaged isDefault isInitial isRoot isVerified",
        ),
        (
            Item::Number,
            One,
            "passwordNotificationWindowInDays passwordValidityPeriodInDays",
        ),
        (Item::Opaque, One, "state"),
        (Item::Text, Many, "supportedServices"),
    ],
    never_null: "id authenticationType isAdminManaged isDefault isInitial isRoot isVerified",
    navigations: "domainNameReferences federationConfiguration rootDomain serviceConfigurationRecords \
             verificationDnsRecords",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `subscribedSku`.
pub(crate) static SUBSCRIBED_SKU: Shape = Shape {
    name: "subscribedSku",
    members: &[
        (
            Item::Text,
            One,
            "id accountId accountName appliesTo capabilityStatus skuPartNumber",
        ),
        (Item::Number, One, "consumedUnits"),
        (Item::Complex(&LICENSE_UNITS_DETAIL), One, "prepaidUnits"),
        (Item::Opaque, Many, "servicePlans"),
        (Item::Guid, One, "skuId"),
        (Item::Text, Many, "subscriptionIds"),
    ],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `administrativeUnit`.
pub(crate) static ADMINISTRATIVE_UNIT: Shape = Shape {
    name: "administrativeUnit",
    members: &[
        (
            Item::Text,
            One,
            "id description displayName membershipRule membershipRuleProcessingState membershipType visibility",
        ),
        (Item::Flag, One, "isMemberManagementRestricted"),
        (Item::Instant, One, "deletedDateTime"),
    ],
    never_null: "id",
    navigations: "extensions members scopedRoleMembers",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `directoryRole`.
pub(crate) static DIRECTORY_ROLE: Shape = Shape {
    name: "directoryRole",
    members: &[
        (Item::Text, One, "id description displayName roleTemplateId"),
        (Item::Instant, One, "deletedDateTime"),
    ],
    never_null: "id",
    navigations: "members scopedMembers",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `unifiedRoleAssignment`.
pub(crate) static UNIFIED_ROLE_ASSIGNMENT: Shape = Shape {
    name: "unifiedRoleAssignment",
    members: &[(
        Item::Text,
        One,
        "id appScopeId condition directoryScopeId principalId principalOrganizationId \
             roleDefinitionId",
    )],
    never_null: "id",
    navigations: "appScope directoryScope principal roleDefinition",
    support: &[
        ("principalId", "D------"),
        ("roleDefinitionId directoryScopeId", "D--D---"),
    ],
    by_default: None,
    kinds: &[],
};

/// `unifiedRoleDefinition`.
pub(crate) static UNIFIED_ROLE_DEFINITION: Shape = Shape {
    name: "unifiedRoleDefinition",
    members: &[
        (Item::Text, One, "id description displayName templateId version"),
        (Item::Flag, One, "isBuiltIn isEnabled"),
        (Item::Text, Many, "resourceScopes"),
        (Item::Opaque, Many, "rolePermissions"),
    ],
    never_null: "id",
    navigations: "inheritsPermissionsFrom",
    support: &[("displayName isBuiltIn templateId", "D------"), ("id", "D--D---")],
    by_default: None,
    kinds: &[],
};

/// `adminReportSettings`.
pub(crate) static ADMIN_REPORT_SETTINGS: Shape = Shape {
    name: "adminReportSettings",
    members: &[
        (Item::Text, One, "id"),
        (Item::Flag, One, "displayConcealedNames"),
    ],
    never_null: "id displayConcealedNames",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `verifiedDomain`.
pub(crate) static VERIFIED_DOMAIN: Shape = Shape {
    name: "verifiedDomain",
    members: &[
        (Item::Text, One, "capabilities name type"),
        (Item::Flag, One, "isDefault isInitial"),
    ],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `licenseUnitsDetail`.
pub(crate) static LICENSE_UNITS_DETAIL: Shape = Shape {
    name: "licenseUnitsDetail",
    members: &[(Item::Number, One, "enabled lockedOut suspended warning")],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `licenseDetails`.
pub(crate) static LICENSE_DETAILS: Shape = Shape {
    name: "licenseDetails",
    members: &[
        (Item::Text, One, "id skuPartNumber"),
        (Item::Guid, One, "skuId"),
        (Item::Opaque, Many, "servicePlans"),
    ],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `directoryRoleTemplate`.
pub(crate) static DIRECTORY_ROLE_TEMPLATE: Shape = Shape {
    name: "directoryRoleTemplate",
    members: &[
        (Item::Text, One, "id displayName description"),
        (Item::Instant, One, "deletedDateTime"),
    ],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};
