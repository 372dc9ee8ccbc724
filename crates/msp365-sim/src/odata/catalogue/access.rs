//! Applications, consent and delegated administration.

use crate::odata::shape::{
    Item,
    Occurs::{Many, One},
    Shape,
};

/// `servicePrincipal`.
pub(crate) static SERVICE_PRINCIPAL: Shape = Shape {
    name: "servicePrincipal",
    members: &[
        (
            Item::Text,
            One,
            "id appDescription appDisplayName appId applicationTemplateId createdByAppId description \
             disabledByMicrosoftStatus displayName homepage loginUrl logoutUrl notes \
             preferredSingleSignOnMode preferredTokenSigningKeyThumbprint servicePrincipalType \
             signInAudience",
        ),
        (Item::Instant, One, "deletedDateTime"),
        (
            Item::Flag,
            One,
            "accountEnabled appRoleAssignmentRequired isDisabled",
        ),
        (
            Item::Opaque,
            Many,
            "addIns appRoles keyCredentials oauth2PermissionScopes passwordCredentials \
             resourceSpecificApplicationPermissions",
        ),
        (
            Item::Text,
            Many,
            "alternativeNames notificationEmailAddresses replyUrls servicePrincipalNames tags",
        ),
        (Item::Guid, One, "appOwnerOrganizationId tokenEncryptionKeyId"),
        (
            Item::Opaque,
            One,
            "customSecurityAttributes info samlSingleSignOnSettings verifiedPublisher",
        ),
    ],
    never_null: "id appRoleAssignmentRequired",
    navigations: "appManagementPolicies appRoleAssignedTo appRoleAssignments claimsMappingPolicies \
             createdObjects delegatedPermissionClassifications endpoints federatedIdentityCredentials \
             homeRealmDiscoveryPolicies memberOf oauth2PermissionGrants ownedObjects owners \
             remoteDesktopSecurityConfiguration synchronization tokenIssuancePolicies \
             tokenLifetimePolicies transitiveMemberOf",
    support: &[
        ("id", "DA-D---"),
        ("appId", "DA-D---"),
        ("displayName", "DADDD-A"),
        ("accountEnabled", "DA-D---"),
        ("servicePrincipalType", "DA-D---"),
        ("tags servicePrincipalNames", "DA--D--"),
    ],
    by_default: None,
    kinds: &[],
};

/// `oAuth2PermissionGrant`.
pub(crate) static O_AUTH2_PERMISSION_GRANT: Shape = Shape {
    name: "oAuth2PermissionGrant",
    members: &[(
        Item::Text,
        One,
        "id clientId consentType principalId resourceId scope",
    )],
    never_null: "id clientId resourceId",
    navigations: "",
    support: &[("clientId consentType principalId resourceId", "D------")],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminRelationship`.
pub(crate) static DELEGATED_ADMIN_RELATIONSHIP: Shape = Shape {
    name: "delegatedAdminRelationship",
    members: &[
        (Item::Text, One, "id autoExtendDuration displayName duration"),
        (
            Item::Complex(&DELEGATED_ADMIN_ACCESS_DETAILS),
            One,
            "accessDetails",
        ),
        (
            Item::Instant,
            One,
            "activatedDateTime createdDateTime endDateTime lastModifiedDateTime",
        ),
        (
            Item::Complex(&DELEGATED_ADMIN_RELATIONSHIP_CUSTOMER_PARTICIPANT),
            One,
            "customer",
        ),
        (
            Item::Word(
                "activating active approvalPending approved created expired expiring terminated terminating \
             terminationRequested unknownFutureValue",
            ),
            One,
            "status",
        ),
    ],
    never_null: "id accessDetails displayName duration",
    navigations: "accessAssignments operations requests",
    support: &[
        ("status", "D--D---"),
        ("customer/tenantId", "D--D---"),
        ("displayName", "D---D--"),
    ],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminAccessAssignment`.
pub(crate) static DELEGATED_ADMIN_ACCESS_ASSIGNMENT: Shape = Shape {
    name: "delegatedAdminAccessAssignment",
    members: &[
        (Item::Text, One, "id"),
        (
            Item::Complex(&DELEGATED_ADMIN_ACCESS_CONTAINER),
            One,
            "accessContainer",
        ),
        (
            Item::Complex(&DELEGATED_ADMIN_ACCESS_DETAILS),
            One,
            "accessDetails",
        ),
        (Item::Instant, One, "createdDateTime lastModifiedDateTime"),
        (
            Item::Word("pending active deleting deleted error unknownFutureValue"),
            One,
            "status",
        ),
    ],
    never_null: "id accessContainer accessDetails",
    navigations: "",
    support: &[("status accessContainer/accessContainerId", "D--D---")],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminCustomer`.
pub(crate) static DELEGATED_ADMIN_CUSTOMER: Shape = Shape {
    name: "delegatedAdminCustomer",
    members: &[(Item::Text, One, "id displayName tenantId")],
    never_null: "id tenantId",
    navigations: "serviceManagementDetails",
    support: &[("displayName", "D---D--"), ("tenantId", "D--D---")],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminRelationshipCustomerParticipant`.
pub(crate) static DELEGATED_ADMIN_RELATIONSHIP_CUSTOMER_PARTICIPANT: Shape = Shape {
    name: "delegatedAdminRelationshipCustomerParticipant",
    members: &[(Item::Text, One, "displayName tenantId")],
    never_null: "tenantId",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminAccessDetails`.
pub(crate) static DELEGATED_ADMIN_ACCESS_DETAILS: Shape = Shape {
    name: "delegatedAdminAccessDetails",
    members: &[(Item::Complex(&UNIFIED_ROLE), Many, "unifiedRoles")],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `unifiedRole`.
pub(crate) static UNIFIED_ROLE: Shape = Shape {
    name: "unifiedRole",
    members: &[(Item::Text, One, "roleDefinitionId")],
    never_null: "roleDefinitionId",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `delegatedAdminAccessContainer`.
pub(crate) static DELEGATED_ADMIN_ACCESS_CONTAINER: Shape = Shape {
    name: "delegatedAdminAccessContainer",
    members: &[
        (Item::Text, One, "accessContainerId"),
        (
            Item::Word("securityGroup unknownFutureValue"),
            One,
            "accessContainerType",
        ),
    ],
    never_null: "accessContainerId accessContainerType",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `appRoleAssignment`.
pub(crate) static APP_ROLE_ASSIGNMENT: Shape = Shape {
    name: "appRoleAssignment",
    members: &[
        (
            Item::Text,
            One,
            "id principalDisplayName principalType resourceDisplayName",
        ),
        (Item::Guid, One, "appRoleId principalId resourceId"),
        (Item::Instant, One, "createdDateTime deletedDateTime"),
    ],
    never_null: "id appRoleId",
    navigations: "",
    support: &[("resourceId principalId", "D------")],
    by_default: None,
    kinds: &[],
};

/// `authenticationMethod`; rows say which.
pub(crate) static AUTHENTICATION_METHOD: Shape = Shape {
    name: "authenticationMethod",
    members: &[(Item::Text, One, "id"), (Item::Instant, One, "createdDateTime")],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `temporaryAccessPassAuthenticationMethodConfiguration`.
pub(crate) static PASS_CONFIGURATION: Shape = Shape {
    name: "temporaryAccessPassAuthenticationMethodConfiguration",
    members: &[
        (Item::Text, One, "id"),
        (Item::Word("enabled disabled unknownFutureValue"), One, "state"),
        (
            Item::Number,
            One,
            "defaultLength defaultLifetimeInMinutes maximumLifetimeInMinutes minimumLifetimeInMinutes",
        ),
        (Item::Flag, One, "isUsableOnce"),
        (Item::Opaque, Many, "excludeTargets includeTargets"),
    ],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `longRunningOperation`.
pub(crate) static LONG_RUNNING_OPERATION: Shape = Shape {
    name: "longRunningOperation",
    members: &[
        (Item::Text, One, "id resourceLocation statusDetail"),
        (Item::Instant, One, "createdDateTime lastActionDateTime"),
        (
            Item::Word("notStarted running succeeded failed unknownFutureValue"),
            One,
            "status",
        ),
    ],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `delegatedPermissionClassification`.
pub(crate) static PERMISSION_CLASSIFICATION: Shape = Shape {
    name: "delegatedPermissionClassification",
    members: &[
        (Item::Text, One, "id permissionId permissionName"),
        (
            Item::Word("low medium high unknownFutureValue"),
            One,
            "classification",
        ),
    ],
    never_null: "id",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};
