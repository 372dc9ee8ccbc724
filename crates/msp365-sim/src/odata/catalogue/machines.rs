//! Devices, in the directory and in Intune.

use crate::odata::shape::{
    Item,
    Occurs::{Many, One},
    Shape,
};

/// `device`.
pub(crate) static DEVICE: Shape = Shape {
    name: "device",
    members: &[
        (
            Item::Text,
            One,
            "id deviceCategory deviceId deviceMetadata deviceOwnership displayName enrollmentProfileName \
             enrollmentType managementType manufacturer mdmAppId model onPremisesSecurityIdentifier \
             operatingSystem operatingSystemVersion profileType trustType",
        ),
        (
            Item::Instant,
            One,
            "deletedDateTime approximateLastSignInDateTime complianceExpirationDateTime \
             onPremisesLastSyncDateTime registrationDateTime",
        ),
        (
            Item::Flag,
            One,
            "accountEnabled isCompliant isManaged isManagementRestricted isRooted onPremisesSyncEnabled",
        ),
        (Item::Opaque, Many, "alternativeSecurityIds"),
        (Item::Number, One, "deviceVersion"),
        (Item::Text, Many, "physicalIds systemLabels"),
    ],
    never_null: "id",
    navigations: "memberOf registeredOwners registeredUsers transitiveMemberOf",
    support: &[
        ("id", "DA-D---"),
        ("displayName", "DADDD-A"),
        ("operatingSystem operatingSystemVersion", "DAD-D-A"),
        ("deviceId", "DA--A--"),
        ("isCompliant isManaged", "DA-----"),
        ("approximateLastSignInDateTime", "DAD---A"),
        ("accountEnabled", "DA-D---"),
        ("trustType", "DA-D---"),
        ("registrationDateTime createdDateTime", "DAD----"),
        ("onPremisesSyncEnabled", "DA-D--A"),
    ],
    by_default: None,
    kinds: &[],
};

/// `managedDevice`.
pub(crate) static MANAGED_DEVICE: Shape = Shape {
    name: "managedDevice",
    members: &[
        (
            Item::Text,
            One,
            "id activationLockBypassCode androidSecurityPatchLevel azureADDeviceId \
             deviceCategoryDisplayName deviceName easDeviceId emailAddress enrollmentProfileName \
             ethernetMacAddress iccid imei jailBroken managedDeviceName manufacturer meid model notes \
             operatingSystem osVersion phoneNumber remoteAssistanceSessionErrorDetails \
             remoteAssistanceSessionUrl serialNumber subscriberCarrier udid userDisplayName userId \
             userPrincipalName wiFiMacAddress",
        ),
        (
            Item::Flag,
            One,
            "azureADRegistered easActivated isEncrypted isSupervised requireUserEnrollmentApproval",
        ),
        (
            Item::Instant,
            One,
            "complianceGracePeriodExpirationDateTime easActivationDateTime enrolledDateTime \
             exchangeLastSuccessfulSyncDateTime lastSyncDateTime managementCertificateExpirationDate",
        ),
        (
            Item::Word("unknown compliant noncompliant conflict error inGracePeriod configManager"),
            One,
            "complianceState",
        ),
        (
            Item::Opaque,
            One,
            "configurationManagerClientEnabledFeatures deviceHealthAttestationState",
        ),
        (Item::Opaque, Many, "deviceActionResults"),
        (
            Item::Word(
                "unknown userEnrollment deviceEnrollmentManager appleBulkWithUser appleBulkWithoutUser \
             windowsAzureADJoin windowsBulkUserless windowsAutoEnrollment windowsBulkAzureDomainJoin \
             windowsCoManagement windowsAzureADJoinUsingDeviceAuth appleUserEnrollment \
             appleUserEnrollmentWithServiceAccount unknownFutureValue",
            ),
            One,
            "deviceEnrollmentType",
        ),
        (
            Item::Word(
                "notRegistered registered revoked keyConflict approvalPending certificateReset \
             notRegisteredPendingEnrollment unknown",
            ),
            One,
            "deviceRegistrationState",
        ),
        (
            Item::Word("none unknown allowed blocked quarantined"),
            One,
            "exchangeAccessState",
        ),
        (
            Item::Word(
                "none unknown exchangeGlobalRule exchangeIndividualRule exchangeDeviceRule exchangeUpgrade \
             exchangeMailboxPolicy other compliant notCompliant notEnrolled unknownLocation mfaRequired \
             azureADBlockDueToAccessPolicy compromisedPassword deviceNotKnownWithManagedApp",
            ),
            One,
            "exchangeAccessStateReason",
        ),
        (
            Item::Number,
            One,
            "freeStorageSpaceInBytes physicalMemoryInBytes totalStorageSpaceInBytes",
        ),
        (
            Item::Word("unknown company personal unknownFutureValue"),
            One,
            "managedDeviceOwnerType",
        ),
        (
            Item::Word(
                "eas mdm easMdm intuneClient easIntuneClient configurationManagerClient \
             configurationManagerClientMdm configurationManagerClientMdmEas unknown jamf \
             googleCloudDevicePolicyController microsoft365ManagedMdm msSense",
            ),
            One,
            "managementAgent",
        ),
        (
            Item::Word(
                "managed retirePending retireFailed wipePending wipeFailed unhealthy deletePending \
             retireIssued wipeIssued wipeCanceled retireCanceled discovered unknownFutureValue",
            ),
            One,
            "managementState",
        ),
        (
            Item::Word(
                "unknown activated deactivated secured lowSeverity mediumSeverity highSeverity unresponsive \
             compromised misconfigured",
            ),
            One,
            "partnerReportedThreatState",
        ),
    ],
    never_null: "id complianceGracePeriodExpirationDateTime complianceState deviceEnrollmentType \
             deviceRegistrationState easActivated easActivationDateTime enrolledDateTime \
             exchangeAccessState exchangeAccessStateReason exchangeLastSuccessfulSyncDateTime \
             freeStorageSpaceInBytes isEncrypted isSupervised lastSyncDateTime managedDeviceOwnerType \
             managementAgent managementCertificateExpirationDate managementState \
             partnerReportedThreatState physicalMemoryInBytes totalStorageSpaceInBytes",
    navigations: "deviceCategory deviceCompliancePolicyStates deviceConfigurationStates logCollectionRequests \
             users windowsProtectionState",
    support: &[
        ("lastSyncDateTime enrolledDateTime", "D-D----"),
        (
            "deviceName serialNumber complianceState jailBroken deviceCategoryDisplayName",
            "D------",
        ),
    ],
    by_default: None,
    kinds: &[],
};
