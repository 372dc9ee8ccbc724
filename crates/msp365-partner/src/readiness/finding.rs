//! A reason why a customer is not ready, or may soon not be.

use serde::{Deserialize, Serialize};

/// One thing that was found, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Which check found it.
    pub id: FindingId,
    /// Whether it stops the customer.
    pub severity: Severity,
    /// What was seen.
    pub evidence: String,
    /// What does not work because of it.
    pub breaks: String,
    /// What to do about it.
    pub remedy: String,
    /// Who can do it.
    pub who: Who,
    /// Where it can be done, or is explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Finding {
    /// A finding with its check's usual severity, consequences and person in charge.
    pub fn new(id: FindingId, evidence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            id,
            severity: id.severity(),
            evidence: evidence.into(),
            breaks: id.breaks().to_owned(),
            remedy: remedy.into(),
            who: id.who(),
            link: Some(id.link().to_owned()),
        }
    }

    /// The same with another severity.
    #[must_use]
    pub const fn of(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with somebody else in charge.
    #[must_use]
    pub const fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    /// The same with other consequences.
    #[must_use]
    pub fn breaking(mut self, breaks: impl Into<String>) -> Self {
        self.breaks = breaks.into();
        self
    }

    /// The same with this link, if there is one.
    #[must_use]
    pub fn at(mut self, link: Option<String>) -> Self {
        self.link = link.or(self.link);
        self
    }
}

/// The checks: A for the partner, B for the relationship, C for the customer's tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum FindingId {
    /// The connected tenant is a partner.
    A2,
    /// The service account is enabled and a member.
    A3,
    /// The sign-in proved a second factor.
    A4,
    /// The service account is an admin agent.
    A6,
    /// The connection can be renewed without a person.
    A8,
    /// The application's own credential is valid.
    A9,
    /// The customer is one of the partner's.
    B1,
    /// There is an active relationship.
    B2,
    /// It is not only a Microsoft-led one.
    B3,
    /// Which relationship decides.
    B4,
    /// It does not end soon.
    B5,
    /// It has an accepted role.
    B6,
    /// A security group has that role.
    B7,
    /// The service account is in that group.
    B8,
    /// That group exists.
    B9,
    /// The relationship is without Global Administrator.
    B10,
    /// It is extended automatically.
    B11,
    /// It has a role for everything that the host does.
    B12,
    /// The application was consented to.
    C1,
    /// With all permissions.
    C2,
    /// The service account can enter the tenant.
    C3,
    /// The tenant answers.
    C5,
    /// Its reports show names.
    C6,
    /// It allows temporary access passes.
    C7,
    /// Its licence covers sign-in activity.
    C8,
    /// The application has no consent beyond what is needed.
    C9,
}

impl FindingId {
    /// The code, such as `B8`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A4 => "A4",
            Self::A6 => "A6",
            Self::A8 => "A8",
            Self::A9 => "A9",
            Self::B1 => "B1",
            Self::B2 => "B2",
            Self::B3 => "B3",
            Self::B4 => "B4",
            Self::B5 => "B5",
            Self::B6 => "B6",
            Self::B7 => "B7",
            Self::B8 => "B8",
            Self::B9 => "B9",
            Self::B10 => "B10",
            Self::B11 => "B11",
            Self::B12 => "B12",
            Self::C1 => "C1",
            Self::C2 => "C2",
            Self::C3 => "C3",
            Self::C5 => "C5",
            Self::C6 => "C6",
            Self::C7 => "C7",
            Self::C8 => "C8",
            Self::C9 => "C9",
        }
    }

    const fn severity(self) -> Severity {
        match self {
            Self::B4 | Self::B11 | Self::C7 | Self::C8 | Self::C9 => Severity::Info,
            Self::A2 | Self::B10 | Self::B12 | Self::C2 | Self::C6 => Severity::Warning,
            Self::A3
            | Self::A4
            | Self::A6
            | Self::A8
            | Self::A9
            | Self::B1
            | Self::B2
            | Self::B3
            | Self::B5
            | Self::B6
            | Self::B7
            | Self::B8
            | Self::B9
            | Self::C1
            | Self::C3
            | Self::C5 => Severity::Error,
        }
    }

    const fn breaks(self) -> &'static str {
        match self {
            Self::A2 => "no customers can be listed",
            Self::A3 | Self::A4 | Self::A8 | Self::A9 => "no customer can be reached",
            Self::A6 => "consent cannot be given in the customer's tenant, so it cannot be synced",
            Self::B1 | Self::B2 | Self::B3 | Self::B6 | Self::B7 | Self::B8 | Self::B9 => {
                "the customer's tenant cannot be reached, so nothing of it is synced"
            }
            Self::B4 => "nothing, as long as the newest relationship suffices",
            Self::B5 => "at the end of the relationship the customer's tenant can no longer be reached",
            Self::B10 => "the relationship cannot extend itself, and gives more rights than are needed",
            Self::B11 => "nothing until the relationship ends",
            Self::B12 => "what lacks its role is refused in the customer's tenant",
            Self::C1 | Self::C3 => "the customer's tenant gives no token, so nothing of it is synced",
            Self::C2 => "what needs the missing permissions is not synced",
            Self::C5 => "nothing of the tenant can be synced",
            Self::C6 => "mailbox usage cannot be joined with users",
            Self::C7 => "temporary access passes cannot be made",
            Self::C8 => "the last sign-in of users is not known",
            Self::C9 => "nothing; a stolen token could do more than it has to",
        }
    }

    const fn link(self) -> &'static str {
        match self {
            Self::A2 => "https://partner.microsoft.com/dashboard/home",
            Self::A3 => {
                "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers"
            }
            Self::A4 => {
                "https://learn.microsoft.com/partner-center/security/partner-security-requirements-mandating-mfa"
            }
            Self::A6 => "https://learn.microsoft.com/partner-center/account-settings/permissions-overview",
            Self::A8 | Self::C3 => {
                "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
            }
            Self::A9 => {
                "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
            }
            Self::B1 => "https://partner.microsoft.com/dashboard/v2/customers/list",
            Self::B2 | Self::B3 | Self::B4 | Self::B5 | Self::B6 | Self::B10 | Self::B11 | Self::B12 => {
                "https://learn.microsoft.com/partner-center/customers/gdap-introduction"
            }
            Self::B7 | Self::B8 | Self::B9 => {
                "https://learn.microsoft.com/partner-center/customers/gdap-assign-azure-ad-roles"
            }
            Self::C1 | Self::C2 | Self::C9 => {
                "https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis"
            }
            Self::C5 => "https://learn.microsoft.com/graph/api/organization-list",
            Self::C6 => {
                "https://admin.microsoft.com/AdminPortal/Home#/Settings/Services/:/Settings/L1/Reports"
            }
            Self::C7 => {
                "https://learn.microsoft.com/entra/identity/authentication/howto-authentication-temporary-access-pass"
            }
            Self::C8 => "https://learn.microsoft.com/entra/fundamentals/licensing",
        }
    }

    const fn who(self) -> Who {
        match self {
            Self::C3 | Self::C6 | Self::C7 | Self::C8 => Who::CustomerAdministrator,
            Self::B4 => Who::Nobody,
            _ => Who::PartnerAdministrator,
        }
    }
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something works less well, or soon will not work.
    Warning,
    /// The customer cannot be synced.
    Error,
}

impl Severity {
    /// The severity as written in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who can put it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Who {
    /// An administrator of the partner.
    PartnerAdministrator,
    /// An administrator of the customer.
    CustomerAdministrator,
    /// Microsoft; wait, or ask its support.
    Microsoft,
    /// Nobody has to.
    Nobody,
}

impl Who {
    /// The person as written in documents: `partner_administrator`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PartnerAdministrator => "partner_administrator",
            Self::CustomerAdministrator => "customer_administrator",
            Self::Microsoft => "microsoft",
            Self::Nobody => "nobody",
        }
    }
}
