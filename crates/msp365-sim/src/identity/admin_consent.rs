//! An administrator's consent for a whole tenant.

use msp365_core::{Reply, TenantId};
use url::Url;

use super::{
    Style, Visit, authorize,
    client::missing,
    consent,
    desk::{Admin, Desk, Flow, Purpose},
    discovery,
    login::{self, error_page},
    refusal::Refusal,
};
use crate::{reply, world::World};

/// The app's request.
pub(super) fn begin(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    desk.tidy(visit.now);
    match accept(world, visit) {
        Ok(flow) => {
            let id = desk.opaque("f");
            login::step(world, desk, visit, (&id, flow))
        }
        Err(refusal) => error_page(desk, visit, &refusal),
    }
}

fn accept(world: &World, visit: &Visit<'_>) -> Result<Flow, Refusal> {
    let client = visit.field("client_id").ok_or_else(|| missing("client_id"))?;
    let registration = world.registration(client).ok_or_else(|| {
        let message = format!("Application with identifier '{client}' was not found in the directory.");
        Refusal::new("unauthorized_client", 700_016, message)
    })?;
    let redirect_uri = authorize::redirect(&registration, visit)?;
    if visit.style == Style::V2 && visit.tenant == "common" {
        let message =
            "Admin consent is not supported over the /common endpoint. Use a tenant, or /organizations.";
        return Err(Refusal::new("invalid_request", 90_124, message));
    }
    let tenant = discovery::tenant(world, visit)?;
    let scope = match visit.style {
        Style::V1 => None,
        Style::V2 => Some(visit.field("scope").ok_or_else(|| missing("scope"))?.to_owned()),
    };
    consent::for_tenant(world, &registration, scope.as_deref())?;
    Ok(Flow {
        purpose: Purpose::AdminConsent(Admin {
            redirect_uri,
            scope,
            state: visit.field("state").map(str::to_owned),
        }),
        tenant: (!discovery::is_any(visit.tenant)).then_some(tenant.id),
        client_id: registration.client_id.to_owned(),
        login: None,
        began: visit.now,
    })
}

/// Back to the app: granted.
pub(super) fn succeed(admin: &Admin, tenant: TenantId) -> Reply {
    let mut fields = vec![
        ("admin_consent", "True".to_owned()),
        ("tenant", tenant.to_string()),
    ];
    fields.extend(admin.scope.clone().map(|scope| ("scope", scope)));
    back(admin, &fields)
}

/// Back to the app: not granted.
pub(super) fn fail(desk: &Desk, visit: &Visit<'_>, admin: &Admin, refusal: &Refusal) -> Reply {
    let error = match visit.style {
        Style::V1 => "permission_denied",
        Style::V2 => "consent_required",
    };
    let fields = [
        ("admin_consent", "True".to_owned()),
        ("error", error.to_owned()),
        ("error_description", refusal.told(desk, visit)),
    ];
    back(admin, &fields)
}

fn back(admin: &Admin, fields: &[(&str, String)]) -> Reply {
    let Ok(mut url) = Url::parse(&admin.redirect_uri) else {
        return reply::redirect(&admin.redirect_uri);
    };
    url.query_pairs_mut()
        .extend_pairs(fields)
        .extend_pairs(admin.state.iter().map(|state| ("state", state)));
    reply::redirect(url.as_str())
}
