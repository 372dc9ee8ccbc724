//! Sign-ins as the log describes them.

use jiff::Timestamp;
use msp365_core::{model::Kind, open_enum, query::Property};
use serde::{Deserialize, Serialize};

use crate::{
    filters,
    sign_in_errors::{self, Class},
};

msp365_core::model! {
    /// One sign-in.
    pub struct SignIn {
        /// The id.
        id, ID = "id": String,
        /// When it happened.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp> [filters::LOGGED_TIME],
        /// The object id of the user.
        user_id, USER_ID = "userId": Option<String> [filters::EQUAL],
        /// The sign-in name, in lower case; for guests, their home address.
        user_principal_name, USER_PRINCIPAL_NAME = "userPrincipalName": Option<String> [filters::LOGGED_NAME],
        /// The display name of the user.
        user_display_name, USER_DISPLAY_NAME = "userDisplayName": Option<String> [filters::LOGGED_NAME],
        /// The application.
        app_id, APP_ID = "appId": Option<String> [filters::EQUAL],
        /// The display name of the application.
        app_display_name, APP_DISPLAY_NAME = "appDisplayName": Option<String> [filters::LOGGED_NAME],
        /// The resource that the application wanted to reach.
        resource_id, RESOURCE_ID = "resourceId": Option<String> [filters::EQUAL],
        /// The display name of the resource.
        resource_display_name, RESOURCE_DISPLAY_NAME = "resourceDisplayName": Option<String> [filters::EQUAL],
        /// The tenant of the resource.
        resource_tenant_id, RESOURCE_TENANT_ID = "resourceTenantId": Option<String>,
        /// The tenant of the user.
        home_tenant_id, HOME_TENANT_ID = "homeTenantId": Option<String>,
        /// The protocol or kind of client.
        client_app_used, CLIENT_APP_USED = "clientAppUsed": Option<String> [filters::EQUAL],
        /// What the client says about itself.
        user_agent, USER_AGENT = "userAgent": Option<String>,
        /// The address it came from.
        ip_address, IP_ADDRESS = "ipAddress": Option<String> [filters::LOGGED_NAME],
        /// The place it came from, as far as the address tells: an estimate.
        location, LOCATION = "location": Option<Location>,
        /// The device it came from.
        device_detail, DEVICE_DETAIL = "deviceDetail": Option<DeviceDetail>,
        /// How it ended.
        status, STATUS = "status": Option<Status>,
        /// Whether a person was present.
        is_interactive, IS_INTERACTIVE = "isInteractive": Option<bool>,
        /// The id that connects it with other entries.
        correlation_id, CORRELATION_ID = "correlationId": Option<String> [filters::EQUAL],
        /// Whether policies were met.
        conditional_access_status, CONDITIONAL_ACCESS_STATUS = "conditionalAccessStatus": Option<ConditionalAccess> [filters::EQUAL],
        /// The policies that were evaluated; empty without the permission for policies.
        applied_conditional_access_policies, APPLIED_CONDITIONAL_ACCESS_POLICIES = "appliedConditionalAccessPolicies": Vec<AppliedPolicy>,
        /// The overall risk.
        risk_level_aggregated, RISK_LEVEL_AGGREGATED = "riskLevelAggregated": Option<RiskLevel> [filters::EQUAL],
        /// The risk at the time.
        risk_level_during_sign_in, RISK_LEVEL_DURING_SIGN_IN = "riskLevelDuringSignIn": Option<RiskLevel> [filters::EQUAL],
        /// What became of the risk.
        risk_state, RISK_STATE = "riskState": Option<RiskState> [filters::EQUAL],
        /// The reason.
        risk_detail, RISK_DETAIL = "riskDetail": Option<String> [filters::EQUAL],
        /// Kinds of risk that were found.
        risk_event_types, RISK_EVENT_TYPES = "riskEventTypes_v2": Vec<String>,
        /// For sign-ins of applications: the service principal.
        service_principal_id, SERVICE_PRINCIPAL_ID = "servicePrincipalId": Option<String>,
        /// The name of the service principal.
        service_principal_name, SERVICE_PRINCIPAL_NAME = "servicePrincipalName": Option<String>,
    }
}

impl SignIn {
    /// The error number, for filters.
    pub const ERROR_CODE: Property<Self> =
        Self::STATUS.inner("status/errorCode", Kind::Number, filters::EQUAL);
    /// The city, for filters.
    pub const CITY: Property<Self> = Self::LOCATION.inner("location/city", Kind::Text, filters::LOGGED_NAME);
    /// The country, for filters.
    pub const COUNTRY: Property<Self> =
        Self::LOCATION.inner("location/countryOrRegion", Kind::Text, filters::LOGGED_NAME);
    /// The operating system of the device, for filters.
    pub const OPERATING_SYSTEM: Property<Self> =
        Self::DEVICE_DETAIL.inner("deviceDetail/operatingSystem", Kind::Text, filters::LOGGED_NAME);

    /// How it ended, in three values; `None` if the log does not say.
    pub fn outcome(&self) -> Option<Outcome> {
        let number = self.status.as_ref()?.error_code?;
        Some(
            match u32::try_from(number)
                .ok()
                .and_then(sign_in_errors::find)
                .map(|error| error.class)
            {
                Some(Class::Success) => Outcome::Success,
                Some(Class::Interrupted) => Outcome::Interrupted,
                Some(Class::Failure) | None => Outcome::Failure,
            },
        )
    }

    /// The policies that were applied, without those that are switched off, in report-only mode, or whose conditions
    /// were not met.
    pub fn policies_in_force(&self) -> impl Iterator<Item = &AppliedPolicy> {
        self.applied_conditional_access_policies
            .iter()
            .filter(|policy| matches!(policy.result, Some(PolicyResult::Success | PolicyResult::Failure)))
    }
}

/// How a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It succeeded.
    Success,
    /// The person was asked for something, and may have continued from there.
    Interrupted,
    /// It failed.
    Failure,
}

msp365_core::model! {
    /// How a sign-in ended, in the log's words.
    pub struct Status {
        /// 0 for success, or the error number; see [`sign_in_errors`].
        error_code, ERROR_CODE = "errorCode": Option<i64>,
        /// Why it failed.
        failure_reason, FAILURE_REASON = "failureReason": Option<String>,
        /// Further details, such as how the second factor was proved.
        additional_details, ADDITIONAL_DETAILS = "additionalDetails": Option<String>,
    }
}

msp365_core::model! {
    /// The device of a sign-in.
    pub struct DeviceDetail {
        /// The id of its registration; empty if it is not known. See [`DeviceDetail::id`].
        device_id, DEVICE_ID = "deviceId": Option<String>,
        /// Host name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// Operating system.
        operating_system, OPERATING_SYSTEM = "operatingSystem": Option<String>,
        /// Browser.
        browser, BROWSER = "browser": Option<String>,
        /// Whether it meets policy.
        is_compliant, IS_COMPLIANT = "isCompliant": Option<bool>,
        /// Whether it is managed.
        is_managed, IS_MANAGED = "isManaged": Option<bool>,
        /// How it belongs to the tenant, in words.
        trust_type, TRUST_TYPE = "trustType": Option<String>,
    }
}

impl DeviceDetail {
    /// The id of its registration, if it is known.
    pub fn id(&self) -> Option<&str> {
        self.device_id.as_deref().filter(|id| !id.is_empty())
    }
}

msp365_core::model! {
    /// Where an address is located: an estimate.
    pub struct Location {
        /// City.
        city, CITY = "city": Option<String>,
        /// State or province.
        state, STATE = "state": Option<String>,
        /// Two-letter country code.
        country_or_region, COUNTRY_OR_REGION = "countryOrRegion": Option<String>,
    }
}

msp365_core::model! {
    /// A Conditional Access policy and its result.
    pub struct AppliedPolicy {
        /// The id.
        id, ID = "id": Option<String>,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// The result.
        result, RESULT = "result": Option<PolicyResult>,
        /// The controls it enforced.
        enforced_grant_controls, ENFORCED_GRANT_CONTROLS = "enforcedGrantControls": Vec<String>,
        /// The session controls it enforced.
        enforced_session_controls, ENFORCED_SESSION_CONTROLS = "enforcedSessionControls": Vec<String>,
    }
}

open_enum! {
    /// The result of a policy.
    pub enum PolicyResult {
        Success = "success",
        Failure = "failure",
        NotApplied = "notApplied",
        NotEnabled = "notEnabled",
        Unknown = "unknown",
        ReportOnlySuccess = "reportOnlySuccess",
        ReportOnlyFailure = "reportOnlyFailure",
        ReportOnlyNotApplied = "reportOnlyNotApplied",
        ReportOnlyInterrupted = "reportOnlyInterrupted",
    }
}

open_enum! {
    /// Whether policies were met.
    pub enum ConditionalAccess { Success = "success", Failure = "failure", NotApplied = "notApplied" }
}

open_enum! {
    /// How risky a sign-in is.
    pub enum RiskLevel { Low = "low", Medium = "medium", High = "high", Hidden = "hidden", None = "none" }
}

open_enum! {
    /// What became of a risk.
    pub enum RiskState {
        None = "none",
        ConfirmedSafe = "confirmedSafe",
        Remediated = "remediated",
        Dismissed = "dismissed",
        AtRisk = "atRisk",
        ConfirmedCompromised = "confirmedCompromised",
    }
}
