//! What the service writes down by itself: sign-ins and changes.

use crate::odata::shape::{
    Item,
    Occurs::{Many, One},
    Shape,
};

/// `signIn`, with what the beta version adds.
pub(crate) static SIGN_IN: Shape = Shape {
    name: "signIn",
    members: &[
        (
            Item::Text,
            One,
            "id appDisplayName appId clientAppUsed correlationId homeTenantId ipAddress resourceDisplayName \
             resourceId resourceTenantId servicePrincipalId servicePrincipalName userAgent userDisplayName userId \
             userPrincipalName authenticationRequirement userType",
        ),
        (Item::Instant, One, "createdDateTime"),
        (Item::Flag, One, "isInteractive"),
        (Item::Complex(&STATUS), One, "status"),
        (Item::Complex(&LOCATION), One, "location"),
        (Item::Complex(&DEVICE_DETAIL), One, "deviceDetail"),
        (
            Item::Word("success failure notApplied unknownFutureValue"),
            One,
            "conditionalAccessStatus",
        ),
        (
            Item::Word("low medium high hidden none unknownFutureValue"),
            One,
            "riskLevelAggregated riskLevelDuringSignIn",
        ),
        (
            Item::Word(
                "none confirmedSafe remediated dismissed atRisk confirmedCompromised unknownFutureValue",
            ),
            One,
            "riskState",
        ),
        (Item::Word("none hidden unknownFutureValue"), One, "riskDetail"),
        (Item::Opaque, Many, "appliedConditionalAccessPolicies"),
        (
            Item::Text,
            Many,
            "riskEventTypes riskEventTypes_v2 signInEventTypes",
        ),
    ],
    never_null: "id createdDateTime userId",
    navigations: "",
    support: &[
        ("createdDateTime", "D-D----"),
        (
            "userId correlationId appId resourceId resourceDisplayName clientAppUsed conditionalAccessStatus \
             riskLevelAggregated riskLevelDuringSignIn riskState riskDetail status/errorCode signInEventTypes",
            "D------",
        ),
        (
            "userDisplayName userPrincipalName appDisplayName ipAddress location/city location/state \
             location/countryOrRegion deviceDetail/browser deviceDetail/operatingSystem",
            "D---D--",
        ),
    ],
    by_default: None,
    kinds: &[],
};

/// What only the beta version has.
pub(crate) const SIGN_IN_BETA: [&str; 3] = ["authenticationRequirement", "userType", "signInEventTypes"];

static STATUS: Shape = Shape {
    name: "signInStatus",
    members: &[
        (Item::Number, One, "errorCode"),
        (Item::Text, One, "additionalDetails failureReason"),
    ],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

static LOCATION: Shape = Shape {
    name: "signInLocation",
    members: &[
        (Item::Text, One, "city countryOrRegion state"),
        (Item::Opaque, One, "geoCoordinates"),
    ],
    ..STATUS
};

static DEVICE_DETAIL: Shape = Shape {
    name: "deviceDetail",
    members: &[
        (
            Item::Text,
            One,
            "browser deviceId displayName operatingSystem trustType",
        ),
        (Item::Flag, One, "isCompliant isManaged"),
    ],
    ..STATUS
};

/// `directoryAudit`.
pub(crate) static DIRECTORY_AUDIT: Shape = Shape {
    name: "directoryAudit",
    members: &[
        (
            Item::Text,
            One,
            "id activityDisplayName category correlationId loggedByService operationType resultReason",
        ),
        (Item::Instant, One, "activityDateTime"),
        (
            Item::Word("success failure timeout unknownFutureValue"),
            One,
            "result",
        ),
        (Item::Opaque, One, "initiatedBy"),
        (Item::Opaque, Many, "additionalDetails targetResources"),
    ],
    never_null: "id activityDateTime activityDisplayName category",
    support: &[
        ("activityDateTime", "D-D----"),
        (
            "activityDisplayName category correlationId loggedByService result",
            "D---D--",
        ),
    ],
    ..STATUS
};

/// A row of a usage report. Its members are the report's columns.
pub(crate) static REPORT_ROW: Shape = Shape {
    name: "reportRow",
    members: &[],
    never_null: "",
    navigations: "",
    support: &[],
    by_default: None,
    kinds: &[],
};

/// `userRegistrationDetails`.
pub(crate) static REGISTRATION: Shape = Shape {
    name: "userRegistrationDetails",
    members: &[
        (Item::Text, One, "id userDisplayName userPrincipalName"),
        (
            Item::Flag,
            One,
            "isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled \
             isSsprRegistered isSystemPreferredAuthenticationMethodEnabled",
        ),
        (Item::Instant, One, "lastUpdatedDateTime"),
        (
            Item::Text,
            Many,
            "methodsRegistered systemPreferredAuthenticationMethods",
        ),
        (
            Item::Word("push oath voiceMobile voiceAlternateMobile voiceOffice sms none unknownFutureValue"),
            One,
            "userPreferredMethodForSecondaryAuthentication",
        ),
        (Item::Word("member guest unknownFutureValue"), One, "userType"),
    ],
    never_null: "id isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled isSsprRegistered \
             lastUpdatedDateTime userDisplayName userPrincipalName",
    navigations: "",
    support: &[
        ("userDisplayName userPrincipalName", "D--DDD-"),
        (
            "isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable isSsprEnabled isSsprRegistered \
             isSystemPreferredAuthenticationMethodEnabled userType",
            "D------",
        ),
        (
            "methodsRegistered systemPreferredAuthenticationMethods",
            "D------",
        ),
    ],
    by_default: None,
    kinds: &[],
};
