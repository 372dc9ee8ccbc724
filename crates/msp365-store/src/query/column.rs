//! The columns of the user list.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Field, FieldKind, ListColumn, listing::sealed};
use crate::{Error, Resource, Result};

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first: the exact reverse.
    Descending,
}

macro_rules! columns {
    ($($(#[$meta:meta])* $variant:ident = $name:literal $kind:ident $sql:literal from $source:ident,)+) => {
        /// A column of the user list: it can be shown, filtered, searched and sorted by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
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

            /// The stream that its values come from, whose age is theirs.
            pub const fn source(self) -> Resource {
                match self {
                    $(Self::$variant => Resource::$source,)+
                }
            }

            pub(crate) const fn field(self) -> Field {
                match self {
                    $(Self::$variant => Field {
                        name: $name,
                        sql: $sql,
                        kind: FieldKind::$kind,
                        stream: Some(Resource::$source),
                    },)+
                }
            }
        }
    };
}

columns! {
    /// Object id.
    Id = "id" Text "id" from Users,
    /// Name of the tenant.
    Tenant = "tenant" Text "" from Users,
    /// Id of the tenant.
    TenantId = "tenant_id" Text "" from Users,
    /// Sign-in name.
    UserPrincipalName = "user_principal_name" Text "user_principal_name" from Users,
    /// Name as shown; `name` for short.
    DisplayName = "display_name" Text "display_name" from Users,
    /// First name.
    GivenName = "given_name" Text "given_name" from Users,
    /// Family name.
    Surname = "surname" Text "surname" from Users,
    /// Primary e-mail address.
    Mail = "mail" Text "mail" from Users,
    /// Alias of the mailbox.
    MailNickname = "mail_nickname" Text "mail_nickname" from Users,
    /// `Member` or `Guest`.
    UserType = "user_type" Text "user_type" from Users,
    /// Whether signing in is allowed.
    AccountEnabled = "account_enabled" Truth "account_enabled" from Users,
    /// Directory roles held directly or through a group, in order.
    Roles = "roles" Names "roles" from RoleAssignments,
    /// Licences by the names of their products, in order.
    Licenses = "licenses" Names "products" from Users,
    /// Job title.
    JobTitle = "job_title" Text "job_title" from Users,
    /// Department.
    Department = "department" Text "department" from Users,
    /// Company.
    CompanyName = "company_name" Text "company_name" from Users,
    /// Office.
    OfficeLocation = "office_location" Text "office_location" from Users,
    /// City.
    City = "city" Text "city" from Users,
    /// Country.
    Country = "country" Text "country" from Users,
    /// Country of licences.
    UsageLocation = "usage_location" Text "usage_location" from Users,
    /// Mobile phone.
    MobilePhone = "mobile_phone" Text "mobile_phone" from Users,
    /// Business phones; a filter holds where it does of one of them.
    BusinessPhones = "business_phones" List "business_phones" from Users,
    /// All addresses; a filter holds where it does of one of them, with its `SMTP:` or without.
    ProxyAddresses = "proxy_addresses" List "proxy_addresses" from Users,
    /// The employer's number.
    EmployeeId = "employee_id" Text "employee_id" from Users,
    /// Whether the user comes from a local directory.
    OnPremisesSyncEnabled = "on_premises_sync_enabled" Truth "on_premises_sync_enabled" from Users,
    /// When the user was made.
    CreatedAt = "created_at" Time "created_at" from Users,
    /// When the password last changed.
    LastPasswordChangeAt = "last_password_change_at" Time "last_password_change_at" from Users,
    /// The last sign-in of any sort. Attempts count, failed ones too: who is only attacked looks active.
    LastSignIn = "last_sign_in" Time "last_sign_in_at" from SignIns,
    /// The last sign-in that succeeded, of any sort.
    LastSuccessfulSignIn = "last_successful_sign_in" Time "last_successful_sign_in_at" from SignIns,
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
            of: "users",
            name: name.to_owned(),
            columns: Self::ALL
                .iter()
                .map(|column| column.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// What a filter may name: a column, or `name_or_address` for all names and addresses at once.
    pub(crate) fn filtered(name: &str) -> Result<Field> {
        if name.trim() == Field::ANY_NAME.name {
            return Ok(Field::ANY_NAME);
        }
        Ok(Self::parse(name)?.field())
    }
}

impl sealed::Held for UserColumn {
    fn held(self) -> Field {
        self.field()
    }
}

impl ListColumn for UserColumn {
    fn name(self) -> &'static str {
        self.as_str()
    }

    fn stream(self) -> Resource {
        self.source()
    }
}

impl FromStr for UserColumn {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::parse(name)
    }
}

impl TryFrom<String> for UserColumn {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::parse(&name)
    }
}

impl From<UserColumn> for &'static str {
    fn from(column: UserColumn) -> Self {
        column.as_str()
    }
}

impl fmt::Display for UserColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
