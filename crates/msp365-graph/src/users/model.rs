//! Users as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::wire;

/// One person or guest of a directory. What was not selected is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The object id.
    pub id: String,
    /// The name for signing in; of guests `name_domain#EXT#@…`.
    pub user_principal_name: Option<String>,
    /// The name shown. Not unique.
    pub display_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// The primary mail address, which need not be the user principal name.
    pub mail: Option<String>,
    /// The alias of the mailbox.
    pub mail_nickname: Option<String>,
    /// Member or guest; absent on some old objects.
    pub user_type: Option<UserType>,
    /// Whether signing in is allowed.
    pub account_enabled: Option<bool>,
    /// Title.
    pub job_title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// Office.
    pub office_location: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country or region.
    pub country: Option<String>,
    /// Two-letter country where services are used; licences need it.
    pub usage_location: Option<String>,
    /// Mobile number.
    pub mobile_phone: Option<String>,
    /// Business numbers; the directory holds at most one.
    #[serde(default, deserialize_with = "wire::list")]
    pub business_phones: Vec<String>,
    /// All addresses; `SMTP:` marks the primary one, `smtp:` an alias.
    #[serde(default, deserialize_with = "wire::list")]
    pub proxy_addresses: Vec<String>,
    /// Personnel number.
    pub employee_id: Option<String>,
    /// True: mastered on-premises. Absent: of the cloud. False: formerly synced.
    pub on_premises_sync_enabled: Option<bool>,
    /// When it was created.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_date_time: Option<Timestamp>,
    /// When the password was last changed or set.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_password_change_date_time: Option<Timestamp>,
    /// Licences, direct and through groups alike.
    #[serde(default, deserialize_with = "wire::list")]
    pub assigned_licenses: Vec<AssignedLicense>,
    /// Where each licence comes from and whether it works.
    #[serde(default, deserialize_with = "wire::list")]
    pub license_assignment_states: Vec<LicenseAssignmentState>,
    /// When the user last signed in. Absent does not mean never: it may not have been asked, or not be known.
    pub sign_in_activity: Option<SignInActivity>,
}

open_enum! {
    /// Whether a user belongs to the tenant or was invited.
    pub enum UserType { Member = "Member", Guest = "Guest" }
}

/// A licence a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignedLicense {
    /// The product.
    pub sku_id: Option<String>,
    /// Service plans of the product that are switched off.
    #[serde(default, deserialize_with = "wire::list")]
    pub disabled_plans: Vec<String>,
}

/// One way in which a user holds a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LicenseAssignmentState {
    /// The product.
    pub sku_id: Option<String>,
    /// The group that gives it; absent where it was assigned directly.
    pub assigned_by_group: Option<String>,
    /// Whether it works.
    pub state: Option<LicenseState>,
    /// What keeps it from working, such as `CountViolation`; `None` as text also means nothing does.
    pub error: Option<String>,
    /// When this last changed.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_updated_date_time: Option<Timestamp>,
    /// Service plans of the product that are switched off.
    #[serde(default, deserialize_with = "wire::list")]
    pub disabled_plans: Vec<String>,
}

open_enum! {
    /// Whether an assigned licence works.
    pub enum LicenseState {
        Active = "Active",
        ActiveWithError = "ActiveWithError",
        Disabled = "Disabled",
        Error = "Error",
    }
}

/// A user and when they last signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserActivity {
    /// The object id.
    pub id: String,
    /// Absent for who never signed in, and for who did not since April 2020.
    pub sign_in_activity: Option<SignInActivity>,
}

/// When a user last signed in. Values lag by hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignInActivity {
    /// The last interactive attempt, also one that failed.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_sign_in_date_time: Option<Timestamp>,
    /// The last attempt by an application on the user's behalf.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_non_interactive_sign_in_date_time: Option<Timestamp>,
    /// The last success of either kind; not filled before late 2023.
    #[serde(default, deserialize_with = "wire::time")]
    pub last_successful_sign_in_date_time: Option<Timestamp>,
}
