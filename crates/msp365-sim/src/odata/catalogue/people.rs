//! Users and groups.

use crate::odata::shape::{
    Item,
    Occurs::{Many, One},
    Shape,
};

/// `user`.
pub(crate) static USER: Shape = Shape {
    name: "user",
    members: &[
        (
            Item::Text,
            One,
            "id aboutMe ageGroup city companyName consentProvidedForMinor country creationType department \
             displayName employeeId employeeType externalUserState faxNumber givenName identityParentId \
             jobTitle legalAgeGroupClassification mail mailNickname mobilePhone mySite officeLocation \
             onPremisesDistinguishedName onPremisesDomainName onPremisesImmutableId \
             onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesUserPrincipalName \
             passwordPolicies postalCode preferredDataLocation preferredLanguage preferredName \
             securityIdentifier state streetAddress surname usageLocation userPrincipalName userType",
        ),
        (
            Item::Instant,
            One,
            "deletedDateTime birthday createdDateTime employeeHireDate employeeLeaveDateTime \
             externalUserStateChangeDateTime hireDate lastPasswordChangeDateTime \
             onPremisesLastSyncDateTime signInSessionsValidFromDateTime",
        ),
        (
            Item::Flag,
            One,
            "accountEnabled isManagementRestricted isResourceAccount onPremisesSyncEnabled \
             showInAddressList",
        ),
        (Item::Complex(&ASSIGNED_LICENSE), Many, "assignedLicenses"),
        (Item::Complex(&ASSIGNED_PLAN), Many, "assignedPlans"),
        (
            Item::Opaque,
            One,
            "authorizationInfo customSecurityAttributes employeeOrgData mailboxSettings \
             onPremisesExtensionAttributes passwordProfile print",
        ),
        (
            Item::Text,
            Many,
            "businessPhones imAddresses interests otherMails pastProjects proxyAddresses responsibilities \
             schools skills",
        ),
        (Item::Number, One, "deviceEnrollmentLimit"),
        (Item::Complex(&OBJECT_IDENTITY), Many, "identities"),
        (
            Item::Complex(&LICENSE_ASSIGNMENT_STATE),
            Many,
            "licenseAssignmentStates",
        ),
        (
            Item::Opaque,
            Many,
            "onPremisesProvisioningErrors provisionedPlans serviceProvisioningErrors",
        ),
        (Item::Complex(&SIGN_IN_ACTIVITY), One, "signInActivity"),
    ],
    never_null: "id birthday deviceEnrollmentLimit hireDate",
    navigations: "activities adhocCalls agreementAcceptances appRoleAssignments authentication calendar \
             calendarGroups calendars calendarView chats cloudClipboard cloudPCs contactFolders contacts \
             createdObjects dataSecurityAndGovernance deviceManagementTroubleshootingEvents directReports \
             drive drives employeeExperience events followedSites inferenceClassification insights \
             joinedTeams licenseDetails mailFolders managedAppRegistrations managedDevices manager \
             memberOf messages oauth2PermissionGrants onenote onlineMeetings onPremisesSyncBehavior \
             outlook ownedDevices ownedObjects people permissionGrants photo photos planner presence \
             registeredDevices scopedRoleMemberOf settings solutions sponsorOf sponsors teamwork todo \
             transitiveMemberOf",
    support: &[
        ("id", "DA-D---"),
        ("accountEnabled", "DA-D---"),
        ("userType", "DA-D--A"),
        (
            "displayName givenName surname jobTitle department city state country employeeId usageLocation mailNickname",
            "DADDD-A",
        ),
        ("mail", "DADDDAA"),
        ("userPrincipalName", "DADDDA-"),
        (
            "companyName mobilePhone officeLocation postalCode streetAddress",
            "AAAAA-A",
        ),
        ("employeeType", "AAAAA--"),
        ("employeeHireDate", "AAAA---"),
        ("createdDateTime", "DADA--A"),
        ("proxyAddresses", "DAD-DA-"),
        ("otherMails", "DADDDA-"),
        ("assignedLicenses/skuId", "DAA----"),
        ("assignedLicenses/$count", "AA-----"),
        ("onPremisesSyncEnabled", "DA-D--A"),
        (
            "signInActivity/lastSignInDateTime signInActivity/lastNonInteractiveSignInDateTime signInActivity/lastSuccessfulSignInDateTime",
            "DAD----",
        ),
    ],
    by_default: Some(
        "businessPhones displayName givenName id jobTitle mail mobilePhone officeLocation preferredLanguage \
             surname userPrincipalName",
    ),
    kinds: &[],
};

/// `group`.
pub(crate) static GROUP: Shape = Shape {
    name: "group",
    members: &[
        (
            Item::Text,
            One,
            "id classification description displayName mail mailNickname membershipRule \
             membershipRuleProcessingState onPremisesDomainName onPremisesNetBiosName \
             onPremisesSamAccountName onPremisesSecurityIdentifier organizationId preferredDataLocation \
             preferredLanguage securityIdentifier theme uniqueName visibility",
        ),
        (
            Item::Instant,
            One,
            "deletedDateTime createdDateTime expirationDateTime onPremisesLastSyncDateTime \
             renewedDateTime",
        ),
        (
            Item::Word("none private secret public unknownFutureValue"),
            One,
            "accessType",
        ),
        (
            Item::Flag,
            One,
            "allowExternalSenders autoSubscribeNewMembers hasMembersWithLicenseErrors \
             hideFromAddressLists hideFromOutlookClients isArchived isAssignableToRole isFavorite \
             isManagementRestricted isSubscribedByMail mailEnabled onPremisesSyncEnabled securityEnabled \
             welcomeMessageEnabled",
        ),
        (
            Item::Opaque,
            Many,
            "assignedLabels onPremisesProvisioningErrors serviceProvisioningErrors",
        ),
        (Item::Complex(&ASSIGNED_LICENSE), Many, "assignedLicenses"),
        (
            Item::Text,
            Many,
            "groupTypes infoCatalogs proxyAddresses resourceBehaviorOptions resourceProvisioningOptions",
        ),
        (
            Item::Opaque,
            One,
            "licenseProcessingState onPremisesExtensionAttributes",
        ),
        (
            Item::Number,
            One,
            "unseenConversationsCount unseenCount unseenMessagesCount",
        ),
    ],
    never_null: "id",
    navigations: "acceptedSenders appRoleAssignments calendar calendarView conversations createdOnBehalfOf \
             drive drives events groupLifecyclePolicies memberOf members membersWithLicenseErrors onenote \
             onPremisesSyncBehavior owners permissionGrants photo photos planner rejectedSenders settings \
             sites team threads transitiveMemberOf transitiveMembers",
    support: &[
        ("id", "DA-D---"),
        ("displayName mailNickname", "DADDD-A"),
        ("mail", "DADDDAA"),
        ("description", "AAAAA-A"),
        ("mailEnabled isAssignableToRole", "DA-----"),
        ("securityEnabled", "DA-D---"),
        ("groupTypes resourceProvisioningOptions", "DA-----"),
        ("proxyAddresses", "DAD-DA-"),
        ("createdDateTime", "DADA--A"),
        ("onPremisesSyncEnabled", "DA-D--A"),
        ("visibility", "DA-D---"),
        ("assignedLicenses/skuId", "DAA----"),
        ("assignedLicenses/$count members/$count", "AA-----"),
    ],
    by_default: None,
    kinds: &[],
};

/// `signInActivity`.
pub(crate) static SIGN_IN_ACTIVITY: Shape = Shape {
    name: "signInActivity",
    members: &[
        (
            Item::Instant,
            One,
            "lastNonInteractiveSignInDateTime lastSignInDateTime lastSuccessfulSignInDateTime",
        ),
        (
            Item::Text,
            One,
            "lastNonInteractiveSignInRequestId lastSignInRequestId lastSuccessfulSignInRequestId",
        ),
    ],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `assignedLicense`.
pub(crate) static ASSIGNED_LICENSE: Shape = Shape {
    name: "assignedLicense",
    members: &[(Item::Guid, Many, "disabledPlans"), (Item::Guid, One, "skuId")],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `assignedPlan`.
pub(crate) static ASSIGNED_PLAN: Shape = Shape {
    name: "assignedPlan",
    members: &[
        (Item::Instant, One, "assignedDateTime"),
        (Item::Text, One, "capabilityStatus service"),
        (Item::Guid, One, "servicePlanId"),
    ],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `licenseAssignmentState`.
pub(crate) static LICENSE_ASSIGNMENT_STATE: Shape = Shape {
    name: "licenseAssignmentState",
    members: &[
        (Item::Text, One, "assignedByGroup error state"),
        (Item::Guid, Many, "disabledPlans"),
        (Item::Instant, One, "lastUpdatedDateTime"),
        (Item::Guid, One, "skuId"),
    ],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `objectIdentity`.
pub(crate) static OBJECT_IDENTITY: Shape = Shape {
    name: "objectIdentity",
    members: &[(Item::Text, One, "issuer issuerAssignedId signInType")],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};
