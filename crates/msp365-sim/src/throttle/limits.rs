//! The limits as data. They change: each row says where it is from and when that was read.

use std::time::Duration;

use crate::front::{Asked, Family};

/// What a limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// All of Graph.
    Graph,
    /// Users, groups, devices, roles, apps and whatever has no row of its own.
    Directory,
    /// Sign-in and audit logs, registration reports.
    Logs,
    UsageReports,
    Intune,
    Invitations,
    /// All of Partner Center.
    Partner,
    /// Consent on behalf of customers.
    Consents,
}

/// Who shares a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    AppAndTenant,
    App,
    Tenant,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    Requests,
    Writes,
    /// Resource units: see `cost`.
    Units,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Most {
    Fixed(u64),
    /// For fewer than 50 users, up to 500, and more.
    BySize(u64, u64, u64),
}

impl Most {
    pub(crate) const fn for_users(self, users: u64) -> u64 {
        match self {
            Self::Fixed(most) => most,
            Self::BySize(small, _, _) if users < 50 => small,
            Self::BySize(_, middle, _) if users <= 500 => middle,
            Self::BySize(_, _, large) => large,
        }
    }
}

/// One limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) subject: Subject,
    pub(crate) sharing: Sharing,
    pub(crate) counting: Counting,
    pub(crate) most: Most,
    pub(crate) window: Duration,
    /// Where the figure is from, and of when.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for whoever reads or checks the table")
    )]
    pub(crate) source: &'static str,
}

const fn limit(
    subject: Subject,
    sharing: Sharing,
    counting: Counting,
    (most, seconds): (Most, u64),
    source: &'static str,
) -> Limit {
    Limit {
        subject,
        sharing,
        counting,
        most,
        window: Duration::from_secs(seconds),
        source,
    }
}

const GRAPH_LIMITS: &str =
    "Microsoft Graph documentation on throttling, 2021 to 2025 as collected in 2026-08";
const SECONDARY: &str = "secondary sources for Microsoft Graph, 2025";
const CONSENT_GUIDE: &str = "Partner Center documentation on application consents, as collected in 2026-08";
const PARTNER_GUIDE: &str = "Partner Center documentation on throttling, state of 2021-03";

use Counting::{Requests, Units, Writes};
use Most::{BySize, Fixed};
use Sharing::{App, AppAndTenant, Tenant};

/// Every limit that is kept. The first one reached wins.
pub(crate) const LIMITS: [Limit; 16] = [
    limit(Subject::Graph, App, Requests, (Fixed(130_000), 10), SECONDARY),
    limit(
        Subject::Directory,
        AppAndTenant,
        Units,
        (BySize(3_500, 5_000, 8_000), 10),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Directory,
        AppAndTenant,
        Writes,
        (Fixed(3_000), 150),
        GRAPH_LIMITS,
    ),
    limit(Subject::Directory, App, Units, (Fixed(150_000), 20), GRAPH_LIMITS),
    limit(
        Subject::Directory,
        App,
        Writes,
        (Fixed(35_000), 300),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Directory,
        Tenant,
        Writes,
        (Fixed(18_000), 300),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Logs,
        AppAndTenant,
        Requests,
        (Fixed(5), 10),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::UsageReports,
        AppAndTenant,
        Requests,
        (Fixed(14), 600),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::UsageReports,
        Tenant,
        Requests,
        (Fixed(40), 600),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Intune,
        AppAndTenant,
        Requests,
        (Fixed(2_000), 20),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Intune,
        Tenant,
        Requests,
        (Fixed(4_000), 20),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Intune,
        AppAndTenant,
        Writes,
        (Fixed(200), 20),
        GRAPH_LIMITS,
    ),
    limit(Subject::Intune, Tenant, Writes, (Fixed(400), 20), GRAPH_LIMITS),
    limit(
        Subject::Invitations,
        Tenant,
        Requests,
        (Fixed(150), 5),
        GRAPH_LIMITS,
    ),
    limit(
        Subject::Partner,
        Tenant,
        Requests,
        (Fixed(500), 60),
        PARTNER_GUIDE,
    ),
    limit(Subject::Consents, App, Requests, (Fixed(50), 1), CONSENT_GUIDE),
];

/// What a request is about, besides all of its service.
pub(crate) fn subject(asked: &Asked) -> Option<Subject> {
    match (asked.family, asked.segments().as_slice()) {
        (Family::SignIn | Family::Download, _) | (Family::Graph, ["tenantRelationships", ..]) => None,
        (Family::PartnerCenter, ["customers", _, "applicationconsents", ..]) => Some(Subject::Consents),
        (Family::PartnerCenter, _) => Some(Subject::Partner),
        (Family::Graph, ["auditLogs", ..] | ["reports", "authenticationMethods", ..]) => Some(Subject::Logs),
        (Family::Graph, ["reports", ..]) => Some(Subject::UsageReports),
        (Family::Graph, ["deviceManagement", ..] | ["users", _, "managedDevices", ..]) => {
            Some(Subject::Intune)
        }
        (Family::Graph, ["invitations", ..]) => Some(Subject::Invitations),
        (Family::Graph, _) => Some(Subject::Directory),
    }
}
