//! Who has registered which methods, for all users at once.

use jiff::Timestamp;
use msp365_core::{Operation, Page, Request, path};

pub(super) static OPERATIONS: &[&Operation] = &[&REGISTRATIONS];

/// Rows on a page (seen 2026).
const PAGE: u32 = 999;

static REGISTRATIONS: Operation = Operation::pages(
    "authentication_methods.registrations",
    "reports/authenticationMethods/userRegistrationDetails",
    PAGE,
)
.permission(&["AuditLog.Read.All"])
.options(&["$select", "$filter"])
.license("Entra ID P1")
.note("5 requests in 10 seconds");

/// What each user has registered, and whether that suffices for a second factor.
///
/// Permission: `AuditLog.Read.All`. Pages of 999; the tenant needs Entra ID P1.
pub fn registrations() -> Request<Page<Registration>> {
    REGISTRATIONS
        .list(path![
            "reports",
            "authenticationMethods",
            "userRegistrationDetails"
        ])
        .top(PAGE)
}

msp365_core::model! {
    /// What one user has registered.
    pub struct Registration {
        /// The object id of the user.
        id, ID = "id": String,
        /// The sign-in name.
        user_principal_name, USER_PRINCIPAL_NAME = "userPrincipalName": Option<String>,
        /// The display name.
        user_display_name, USER_DISPLAY_NAME = "userDisplayName": Option<String>,
        /// `member` or `guest`.
        user_type, USER_TYPE = "userType": Option<String>,
        /// Whether the user holds a role.
        is_admin, IS_ADMIN = "isAdmin": Option<bool>,
        /// Whether a second factor is registered and allowed.
        is_mfa_capable, IS_MFA_CAPABLE = "isMfaCapable": Option<bool>,
        /// Whether a second factor is registered.
        is_mfa_registered, IS_MFA_REGISTERED = "isMfaRegistered": Option<bool>,
        /// Whether the user can sign in without a password.
        is_passwordless_capable, IS_PASSWORDLESS_CAPABLE = "isPasswordlessCapable": Option<bool>,
        /// Whether the user can reset the password.
        is_sspr_capable, IS_SSPR_CAPABLE = "isSsprCapable": Option<bool>,
        /// Whether the policy lets the user reset it.
        is_sspr_enabled, IS_SSPR_ENABLED = "isSsprEnabled": Option<bool>,
        /// Whether enough is registered for that.
        is_sspr_registered, IS_SSPR_REGISTERED = "isSsprRegistered": Option<bool>,
        /// The methods by name.
        methods_registered, METHODS_REGISTERED = "methodsRegistered": Vec<String>,
        /// When this was last updated.
        last_updated_date_time, LAST_UPDATED_DATE_TIME = "lastUpdatedDateTime": Option<Timestamp>,
    }
}
