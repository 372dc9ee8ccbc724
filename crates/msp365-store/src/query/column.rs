//! The columns of the user list.

use std::str::FromStr;

use crate::{Error, Result};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Text,
    Truth,
    Time,
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

macro_rules! columns {
    ($($(#[$meta:meta])* $variant:ident = $name:literal $kind:ident,)+) => {
        /// A column of the user list that can be filtered, searched and sorted by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum UserColumn {
            $($(#[$meta])* $variant,)+
        }

        impl UserColumn {
            /// Every column.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The column as it is written in filters: `display_name`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            pub(crate) const fn kind(self) -> ColumnKind {
                match self {
                    $(Self::$variant => ColumnKind::$kind,)+
                }
            }
        }
    };
}

columns! {
    /// Object id.
    Id = "id" Text,
    /// Name of the tenant.
    Tenant = "tenant" Text,
    /// Sign-in name.
    UserPrincipalName = "user_principal_name" Text,
    /// Name as shown; `name` for short.
    DisplayName = "display_name" Text,
    /// First name.
    GivenName = "given_name" Text,
    /// Family name.
    Surname = "surname" Text,
    /// Primary e-mail address.
    Mail = "mail" Text,
    /// `Member` or `Guest`.
    UserType = "user_type" Text,
    /// Whether signing in is allowed.
    AccountEnabled = "account_enabled" Truth,
    /// Job title.
    JobTitle = "job_title" Text,
    /// Department.
    Department = "department" Text,
    /// Company.
    CompanyName = "company_name" Text,
    /// Office.
    OfficeLocation = "office_location" Text,
    /// City.
    City = "city" Text,
    /// Country.
    Country = "country" Text,
    /// Country of licences.
    UsageLocation = "usage_location" Text,
    /// The employer's number.
    EmployeeId = "employee_id" Text,
    /// Whether the user comes from a local directory.
    OnPremisesSyncEnabled = "on_premises_sync_enabled" Truth,
    /// When the user was made.
    CreatedAt = "created_at" Time,
    /// When the password last changed.
    LastPasswordChangeAt = "last_password_change_at" Time,
    /// The last sign-in.
    LastSignIn = "last_sign_in" Time,
}

impl UserColumn {
    /// The column of this name; `name` stands for `display_name`.
    ///
    /// # Errors
    /// `Invalid` if there is no such column; the message lists them.
    pub fn parse(name: &str) -> Result<Self> {
        let wanted = match name.trim() {
            "name" => "display_name",
            other => other,
        };
        let found = Self::ALL.iter().find(|column| column.as_str() == wanted);
        found.copied().ok_or_else(|| Error::UnknownColumn {
            name: name.to_owned(),
            columns: Self::ALL
                .iter()
                .map(|column| column.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}

impl FromStr for UserColumn {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::parse(name)
    }
}
