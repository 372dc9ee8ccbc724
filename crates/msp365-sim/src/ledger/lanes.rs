//! Which requests a `Retry-After` covers: those of the app, the tenant and the workload that were throttled.

use http::Method;
use msp365_core::TenantId;

use crate::front::{Asked, Family};

/// Requests that wait together. What is not told covers all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lane {
    family: Family,
    app: Option<String>,
    tenant: Option<TenantId>,
    workload: String,
    writes_only: bool,
}

/// What a limit is shared by, as `x-ms-throttle-scope` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    AppAndTenant,
    App,
    Tenant,
}

fn lane(asked: &Asked, shared: Shared, writes_only: bool) -> Lane {
    let app = match asked.family {
        Family::SignIn => asked.option("client_id").map(str::to_owned),
        _ => asked.app.clone(),
    };
    Lane {
        family: asked.family,
        app: app.filter(|_| shared != Shared::Tenant),
        tenant: asked.tenant.filter(|_| shared != Shared::App),
        workload: workload(asked),
        writes_only,
    }
}

fn workload(asked: &Asked) -> String {
    let path = asked.segments();
    match (asked.family, path.as_slice()) {
        (Family::Graph, ["auditLogs", ..] | ["reports", "authenticationMethods", ..]) => "logs".to_owned(),
        // Usage reports are counted report by report.
        (Family::Graph, ["reports", name, ..]) => format!("reports/{name}"),
        (Family::Graph, ["deviceManagement", ..] | ["users", _, "managedDevices", ..]) => "Intune".to_owned(),
        (Family::Graph, ["tenantRelationships", ..]) => "tenantRelationships".to_owned(),
        (Family::Graph, ["invitations", ..]) => "invitations".to_owned(),
        (Family::Graph, ["$batch", ..]) => "$batch".to_owned(),
        (Family::PartnerCenter, ["customers", _, "applicationconsents", ..]) => "consents".to_owned(),
        (Family::SignIn, _) => asked.option("grant_type").unwrap_or("pages").to_owned(),
        _ => String::new(),
    }
}

/// The lane of an answer that tells to wait; its scope, if it has one, says whom it is about.
pub(super) fn told(asked: &Asked, scope: Option<&str>) -> Lane {
    let mut parts = scope.unwrap_or_default().split('/');
    let shared = match parts.next() {
        Some("Application") => Shared::App,
        Some("Tenant") => Shared::Tenant,
        _ => Shared::AppAndTenant,
    };
    lane(asked, shared, parts.next() == Some("Write"))
}

/// The lanes a request is in.
pub(super) fn of(asked: &Asked) -> Vec<Lane> {
    let is_write = asked.is_write() || asked.method != Method::GET;
    let mut all = Vec::new();
    for shared in [Shared::AppAndTenant, Shared::App, Shared::Tenant] {
        all.push(lane(asked, shared, false));
        if is_write {
            all.push(lane(asked, shared, true));
        }
    }
    all
}
