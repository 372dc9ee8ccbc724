//! Who somebody is, and the head of the licence card.

use jiff::Timestamp;
use msp365_graph::{
    directory_objects::DirectoryObject,
    users::{SignInActivity, User},
};
use msp365_store::{LastSignIn, SignInRow, UserRow};
use serde::Serialize;

/// The fields of a person, by Microsoft's names for them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Profile {
    /// The full name.
    pub display_name: Option<String>,
    /// The name for signing in.
    pub user_principal_name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// The alias: the first part of the mailbox's name.
    pub mail_nickname: Option<String>,
    /// `Member` or `Guest`.
    pub user_type: Option<String>,
    /// Title.
    pub job_title: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Personnel number.
    pub employee_id: Option<String>,
    /// Kind of employment.
    pub employee_type: Option<String>,
    /// When employment began or begins.
    pub employee_hire_date: Option<Timestamp>,
    /// Office.
    pub office_location: Option<String>,
    /// The manager.
    pub manager: Option<Manager>,
    /// Street.
    pub street_address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country or region.
    pub country: Option<String>,
    /// Business phones; the directory holds at most one.
    pub business_phones: Vec<String>,
    /// Mobile phone.
    pub mobile_phone: Option<String>,
    /// The primary address.
    pub mail: Option<String>,
    /// All addresses of the mailbox; the primary one begins with `SMTP:`. Graph does not change them.
    pub proxy_addresses: Vec<String>,
    /// Two-letter country where services are used.
    pub usage_location: Option<String>,
    /// Where the profile is mastered.
    pub mastered: Mastered,
    /// When the user was made.
    pub created_at: Option<Timestamp>,
}

/// Fields of a profile that passes do not keep.
pub(super) const NOT_STORED: [&str; 6] = [
    "employee_type",
    "employee_hire_date",
    "manager",
    "street_address",
    "state",
    "postal_code",
];

/// Somebody's manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Manager {
    /// Object id.
    pub id: String,
    /// Name as shown.
    pub display_name: Option<String>,
    /// The name for signing in.
    pub user_principal_name: Option<String>,
}

/// Where a user is mastered: there the profile is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mastered {
    /// In the cloud.
    #[default]
    Cloud,
    /// In the directory on-premises.
    OnPremises,
    /// In the cloud; formerly on-premises.
    Formerly,
}

impl Mastered {
    /// What the three values of `onPremisesSyncEnabled` mean.
    pub const fn of(on_premises_sync_enabled: Option<bool>) -> Self {
        match on_premises_sync_enabled {
            None => Self::Cloud,
            Some(true) => Self::OnPremises,
            Some(false) => Self::Formerly,
        }
    }
}

impl Profile {
    pub(super) fn live(user: &User, manager: Option<DirectoryObject>) -> Self {
        let user = user.clone();
        Self {
            display_name: user.display_name,
            user_principal_name: user.user_principal_name,
            given_name: user.given_name,
            surname: user.surname,
            mail_nickname: user.mail_nickname,
            user_type: user.user_type.map(|kind| kind.to_string()),
            job_title: user.job_title,
            company_name: user.company_name,
            department: user.department,
            employee_id: user.employee_id,
            employee_type: user.employee_type,
            employee_hire_date: user.employee_hire_date,
            office_location: user.office_location,
            manager: manager.map(|manager| Manager {
                id: manager.id,
                display_name: manager.display_name,
                user_principal_name: manager.user_principal_name,
            }),
            street_address: user.street_address,
            city: user.city,
            state: user.state,
            postal_code: user.postal_code,
            country: user.country,
            business_phones: user.business_phones,
            mobile_phone: user.mobile_phone,
            mail: user.mail,
            proxy_addresses: user.proxy_addresses,
            usage_location: user.usage_location,
            mastered: Mastered::of(user.on_premises_sync_enabled),
            created_at: user.created_date_time,
        }
    }

    /// What passes keep; [`NOT_STORED`] names the rest.
    pub(super) fn stored(row: &UserRow) -> Self {
        let row = row.clone();
        Self {
            display_name: row.display_name,
            user_principal_name: Some(row.user_principal_name),
            given_name: row.given_name,
            surname: row.surname,
            mail_nickname: row.mail_nickname,
            user_type: row.user_type,
            job_title: row.job_title,
            company_name: row.company_name,
            department: row.department,
            employee_id: row.employee_id,
            office_location: row.office_location,
            city: row.city,
            country: row.country,
            business_phones: row.business_phones,
            mobile_phone: row.mobile_phone,
            mail: row.mail,
            proxy_addresses: row.proxy_addresses,
            usage_location: row.usage_location,
            mastered: Mastered::of(row.on_premises_sync_enabled),
            created_at: row.created_at,
            ..Self::default()
        }
    }
}

/// The head of the licence card: where the account is, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Account {
    /// The name of the tenant.
    pub tenant_name: String,
    /// The domain that new users get.
    pub primary_domain: Option<String>,
    /// The name for signing in.
    pub user_principal_name: Option<String>,
    /// Two-letter country where services are used; licences need it.
    pub usage_location: Option<String>,
    /// Whether signing in is allowed.
    pub sign_in_allowed: Option<bool>,
    /// The last sign-in of any sort.
    pub last_sign_in: LastSignIn,
    /// The moments that this is the latest of.
    #[serde(flatten)]
    pub moments: Moments,
    /// When the password was last changed or set.
    pub last_password_change_at: Option<Timestamp>,
}

/// When somebody last signed in, in three sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Moments {
    /// The last interactive attempt, also one that failed.
    #[serde(rename = "last_interactive_at")]
    pub interactive: Option<Timestamp>,
    /// The last attempt by an application on the user's behalf.
    #[serde(rename = "last_non_interactive_at")]
    pub non_interactive: Option<Timestamp>,
    /// The last success of either sort.
    #[serde(rename = "last_successful_at")]
    pub successful: Option<Timestamp>,
}

impl Moments {
    pub(super) fn live(activity: Option<&SignInActivity>) -> Self {
        activity.map_or(Self::default(), |activity| Self {
            interactive: activity.last_sign_in_date_time,
            non_interactive: activity.last_non_interactive_sign_in_date_time,
            successful: activity.last_successful_sign_in_date_time,
        })
    }

    pub(super) fn stored(row: Option<&SignInRow>) -> Self {
        row.map_or(Self::default(), |row| Self {
            interactive: row.last_sign_in_at,
            non_interactive: row.last_non_interactive_at,
            successful: row.last_successful_at,
        })
    }

    /// The latest of them; where there is none, the sign-ins were read and there is none.
    pub(super) fn latest(self) -> LastSignIn {
        let latest = self.interactive.max(self.non_interactive).max(self.successful);
        latest.map_or(LastSignIn::Never, LastSignIn::Date)
    }
}
