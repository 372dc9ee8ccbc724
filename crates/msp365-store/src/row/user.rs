//! Users.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Names, row};

row! {
    /// A user of a tenant.
    pub struct UserRow of Users by (id) {
        /// Object id.
        pub id: String,
        /// The name the user signs in with.
        pub user_principal_name: String,
        /// Name as shown.
        pub display_name: Option<String>,
        /// First name.
        pub given_name: Option<String>,
        /// Family name.
        pub surname: Option<String>,
        /// Primary e-mail address.
        pub mail: Option<String>,
        /// Alias of the mailbox.
        pub mail_nickname: Option<String>,
        /// `Member` or `Guest`.
        pub user_type: Option<String>,
        /// Whether signing in is allowed.
        pub account_enabled: Option<bool>,
        /// Job title.
        pub job_title: Option<String>,
        /// Department.
        pub department: Option<String>,
        /// Company.
        pub company_name: Option<String>,
        /// Office.
        pub office_location: Option<String>,
        /// City.
        pub city: Option<String>,
        /// Country as free text.
        pub country: Option<String>,
        /// Country of licences, two letters.
        pub usage_location: Option<String>,
        /// Mobile phone.
        pub mobile_phone: Option<String>,
        /// Business phones.
        pub business_phones: Vec<String>,
        /// All addresses; the primary one begins with `SMTP:`.
        pub proxy_addresses: Vec<String>,
        /// The employer's number of the person.
        pub employee_id: Option<String>,
        /// Whether the user comes from a local directory.
        pub on_premises_sync_enabled: Option<bool>,
        /// When the user was made.
        pub created_at: Option<Timestamp>,
        /// When the password last changed.
        pub last_password_change_at: Option<Timestamp>,
        /// Licences, direct and by group.
        pub licenses: Vec<UserLicense>,
        /// The same by the names of their products, as lists show and sort them.
        pub products: Names,
    }
}

/// A licence of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserLicense {
    /// The SKU.
    pub sku_id: String,
    /// The group it comes from; `None` if it was given directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_by_group: Option<String>,
    /// `Active`, `Error` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl UserLicense {
    /// A direct licence.
    pub fn new(sku_id: impl Into<String>) -> Self {
        Self {
            sku_id: sku_id.into(),
            assigned_by_group: None,
            state: None,
        }
    }
}
