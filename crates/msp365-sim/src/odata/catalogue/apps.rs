//! Applications, what is bought for a tenant, and who is told of changes.

use crate::odata::shape::{
    Item,
    Occurs::{Many, One},
    Shape,
};

/// `application`.
pub(crate) static APPLICATION: Shape = Shape {
    name: "application",
    members: &[
        (
            Item::Text,
            One,
            "id appId applicationTemplateId createdByAppId defaultRedirectUri description \
             disabledByMicrosoftStatus displayName groupMembershipClaims notes publisherDomain samlMetadataUrl \
             serviceManagementReference signInAudience uniqueName",
        ),
        (Item::Instant, One, "createdDateTime deletedDateTime"),
        (
            Item::Flag,
            One,
            "isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient oauth2RequirePostResponse",
        ),
        (Item::Text, Many, "identifierUris tags"),
        (Item::Guid, One, "tokenEncryptionKeyId"),
        (
            Item::Opaque,
            Many,
            "addIns appRoles keyCredentials passwordCredentials requiredResourceAccess",
        ),
        (
            Item::Opaque,
            One,
            "api certification info optionalClaims parentalControlSettings publicClient \
             servicePrincipalLockConfiguration spa verifiedPublisher web",
        ),
    ],
    never_null: "id oauth2RequirePostResponse",
    navigations: "appManagementPolicies createdOnBehalfOf extensionProperties federatedIdentityCredentials \
             homeRealmDiscoveryPolicies owners synchronization tokenIssuancePolicies tokenLifetimePolicies",
    support: &[
        ("id appId signInAudience", "DA-D---"),
        ("displayName", "DADDD-A"),
        ("identifierUris tags", "DA--D--"),
        ("createdDateTime", "DADA--A"),
        ("publisherDomain", "DADDD--"),
        ("uniqueName", "DA-D---"),
    ],
    by_default: None,
    kinds: &[],
};

/// `companySubscription`.
pub(crate) static COMPANY_SUBSCRIPTION: Shape = Shape {
    name: "companySubscription",
    members: &[
        (
            Item::Text,
            One,
            "id commerceSubscriptionId ownerId ownerTenantId ownerType skuId skuPartNumber status",
        ),
        (Item::Instant, One, "createdDateTime nextLifecycleDateTime"),
        (Item::Flag, One, "isTrial"),
        (Item::Number, One, "totalLicenses"),
        (Item::Opaque, Many, "serviceStatus"),
    ],
    never_null: "id",
    navigations: "",
    support: &[
        ("commerceSubscriptionId skuId skuPartNumber status", "D--D---"),
        ("nextLifecycleDateTime createdDateTime", "D-D----"),
        ("isTrial", "D------"),
    ],
    by_default: None,
    kinds: &[],
};

/// `subscription`: a wish to be told of changes.
pub(crate) static SUBSCRIPTION: Shape = Shape {
    name: "subscription",
    members: &[
        (
            Item::Text,
            One,
            "id applicationId changeType clientState creatorId encryptionCertificate encryptionCertificateId \
             latestSupportedTlsVersion lifecycleNotificationUrl notificationQueryOptions notificationUrl \
             notificationUrlAppId resource",
        ),
        (Item::Instant, One, "expirationDateTime"),
        (Item::Flag, One, "includeResourceData"),
    ],
    never_null: "id changeType expirationDateTime notificationUrl resource",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};
