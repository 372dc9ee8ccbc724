//! What the services' errors mean: one catalogue, by family and stable code.
//!
//! Microsoft may change codes: one that is not known here changes nothing.
//!
//! ```
//! use msp365_core::{ErrorKind, catalogue::{self, Family}};
//!
//! let found = catalogue::find(Family::SignIn, "AADSTS65001").ok_or("not known")?;
//!
//! assert_eq!(found.kind, ErrorKind::Consent);
//! assert!(found.link().ends_with("code=65001"));
//! # Ok::<(), &str>(())
//! ```

use std::{collections::HashMap, sync::LazyLock};

use crate::{ErrorKind, Service, ServiceError};

/// Family, code, kind, reach, who, repeat, cause, remedy, obstacle. The source and date of each row are in the file.
const TABLE: &str = include_str!("../data/errors.tsv");

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(Entry::read).collect()
});

static BY_CODE: LazyLock<HashMap<(Family, String), &'static Entry>> = LazyLock::new(|| {
    let keyed = ENTRIES
        .iter()
        .map(|one| ((one.family, one.code.to_ascii_lowercase()), one));
    keyed.collect()
});

/// Which service a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// The sign-in service: `AADSTS65001` and the like.
    SignIn,
    /// Microsoft Graph.
    Graph,
    /// Partner Center.
    PartnerCenter,
    /// Usage reports and device lists: named after what is wrong with them.
    Reports,
    /// Ours: one for each [`ErrorKind`], for errors without a code of their own.
    Msp365,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::SignIn,
        Self::Graph,
        Self::PartnerCenter,
        Self::Reports,
        Self::Msp365,
    ];

    /// The family as written in documents: `sign_in`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Graph => "graph",
            Self::PartnerCenter => "partner_center",
            Self::Reports => "reports",
            Self::Msp365 => "msp365",
        }
    }
}

/// What else fails once this was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Only this tenant and service.
    Tenant,
    /// Every tenant reached with the same sign-in.
    Credential,
    /// Every tenant reached with the same app.
    App,
}

/// Who has to put it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mender {
    /// An administrator of the partner.
    PartnerAdministrator,
    /// An administrator of the customer.
    CustomerAdministrator,
    /// The developer of the calling program.
    Developer,
    /// Microsoft.
    Microsoft,
    /// Nobody has to.
    Nobody,
}

impl Mender {
    const ALL: [Self; 5] = [
        Self::PartnerAdministrator,
        Self::CustomerAdministrator,
        Self::Developer,
        Self::Microsoft,
        Self::Nobody,
    ];

    /// The person as written in documents: `partner_administrator`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PartnerAdministrator => "partner_administrator",
            Self::CustomerAdministrator => "customer_administrator",
            Self::Developer => "developer",
            Self::Microsoft => "microsoft",
            Self::Nobody => "nobody",
        }
    }
}

/// When the request can be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// At once.
    Now,
    /// After a while.
    Later,
    /// Once the remedy has been applied.
    AfterRemedy,
    /// Not as it is: it would fail again.
    Never,
}

impl Repeat {
    const ALL: [Self; 4] = [Self::Now, Self::Later, Self::AfterRemedy, Self::Never];

    /// The time as written in documents: `after_remedy`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Later => "later",
            Self::AfterRemedy => "after_remedy",
            Self::Never => "never",
        }
    }
}

/// What bars the way into a tenant, as far as the sign-in service's number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Obstacle {
    /// The application has no consent.
    NoConsent,
    /// A Conditional Access policy.
    ConditionalAccess,
    /// A second factor that is not registered, or that the tenant does not accept.
    SecondFactor,
    /// The account is a guest, or in no group of a relationship.
    NotLetIn,
    /// The tenant does not have the service.
    NoResource,
    /// The tenant is blocked or was deleted.
    TenantGone,
    /// The sign-in has ended.
    SignInAgain,
    /// The secret or certificate of the application.
    Credential,
}

impl Obstacle {
    const ALL: [(&'static str, Self); 8] = [
        ("no_consent", Self::NoConsent),
        ("conditional_access", Self::ConditionalAccess),
        ("second_factor", Self::SecondFactor),
        ("not_let_in", Self::NotLetIn),
        ("no_resource", Self::NoResource),
        ("tenant_gone", Self::TenantGone),
        ("sign_in_again", Self::SignInAgain),
        ("credential", Self::Credential),
    ];
}

/// The meaning of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Which service the code belongs to.
    pub family: Family,
    /// The code.
    pub code: &'static str,
    /// What it means to a caller.
    pub kind: ErrorKind,
    /// What else fails.
    pub reach: Reach,
    /// Who has to put it right.
    pub who: Mender,
    /// When the request can be tried again.
    pub repeat: Repeat,
    /// What happened.
    pub cause: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// What bars the way into a tenant, if the code tells.
    pub obstacle: Option<Obstacle>,
}

impl Entry {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let mut next = || cells.next().filter(|cell| !cell.is_empty());
        let (family, code, kind, reach) = (next()?, next()?, next()?, next()?);
        let (who, repeat, cause, remedy) = (next()?, next()?, next()?, next()?);
        let obstacle = match next() {
            None => None,
            Some(name) => Some(Obstacle::ALL.into_iter().find(|(own, _)| *own == name)?.1),
        };
        Some(Self {
            family: Family::ALL.into_iter().find(|one| one.as_str() == family)?,
            code,
            kind: ErrorKind::ALL.into_iter().find(|one| one.as_str() == kind)?,
            reach: match reach {
                "tenant" => Reach::Tenant,
                "credential" => Reach::Credential,
                "app" => Reach::App,
                _ => return None,
            },
            who: Mender::ALL.into_iter().find(|one| one.as_str() == who)?,
            repeat: Repeat::ALL.into_iter().find(|one| one.as_str() == repeat)?,
            cause,
            remedy,
            obstacle,
        })
    }

    /// Where Microsoft explains it.
    pub fn link(&self) -> String {
        match self.family {
            Family::SignIn => {
                let number = self.code.trim_start_matches("AADSTS");
                format!("https://login.microsoftonline.com/error?code={number}")
            }
            Family::Graph => "https://learn.microsoft.com/graph/errors".to_owned(),
            Family::PartnerCenter => {
                "https://learn.microsoft.com/partner-center/developer/error-codes".to_owned()
            }
            Family::Reports => "https://learn.microsoft.com/graph/api/resources/report".to_owned(),
            Family::Msp365 => "https://learn.microsoft.com/graph/best-practices-concept".to_owned(),
        }
    }
}

/// All entries, by family.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter()
}

/// What a code means, ignoring case; `None` if it is not known here.
pub fn find(family: Family, code: &str) -> Option<&'static Entry> {
    BY_CODE.get(&(family, code.to_ascii_lowercase())).copied()
}

/// What a failure of this kind means if it has no code of its own.
pub fn of_kind(kind: ErrorKind) -> Option<&'static Entry> {
    find(Family::Msp365, kind.as_str())
}

/// What a service's refusal means, by the most specific of its codes that is known.
pub fn of_service(error: &ServiceError) -> Option<&'static Entry> {
    let family = match error.service {
        Service::PartnerCenter => Family::PartnerCenter,
        Service::Graph | Service::GraphBeta => Family::Graph,
    };
    // Intune answers 401, 403 or 400 in tenants that do not have it; only the text tells (seen 2026).
    let unprovisioned = [
        "Account is not provisioned",
        "Request not applicable to target tenant",
    ];
    if family == Family::Graph && unprovisioned.iter().any(|text| error.message.contains(text)) {
        return find(Family::Reports, "NotProvisioned");
    }
    error.codes.iter().rev().find_map(|code| find(family, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_entry_and_stands_once() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();

        assert_eq!(ENTRIES.len(), lines);
        assert_eq!(BY_CODE.len(), lines);
    }

    #[test]
    fn the_file_names_its_source_and_date() {
        let remarks: Vec<_> = TABLE.lines().take_while(|line| line.starts_with('#')).collect();
        let remarks = remarks.join(" ");

        assert!(remarks.contains("Version ") && remarks.contains("Source: ") && remarks.contains("Date: 20"));
    }

    #[test]
    fn every_kind_has_an_entry_that_means_it() {
        for kind in ErrorKind::ALL {
            assert_eq!(of_kind(kind).map(|one| one.kind), Some(kind));
        }
    }

    #[test]
    fn texts_are_made_to_stand_in_a_sentence() {
        for one in all() {
            for text in [one.cause, one.remedy] {
                assert!(
                    !text.ends_with('.') && text.trim() == text,
                    "{}: {text}",
                    one.code
                );
            }
        }
    }

    #[test]
    fn codes_are_found_in_any_letter_case() {
        assert_eq!(
            find(Family::Graph, "authorization_requestdenied").map(|one| one.kind),
            Some(ErrorKind::Denied)
        );
        assert_eq!(find(Family::Graph, "AADSTS65001"), None);
    }
}
