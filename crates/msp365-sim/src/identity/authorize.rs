//! The authorize endpoint: from the app's request through account, second factor and consent back to the app.

use http::StatusCode;
use msp365_core::Reply;
use serde_json::json;
use url::Url;

use super::{
    Visit,
    desk::{Challenge, Code, Desk, Flow, Wanted},
    discovery, pages,
    refusal::Refusal,
    scopes::{Named, Scopes},
};
use crate::{
    permissions, reply,
    world::{
        Tenant, World,
        access::text,
        change::{GRAPH_APP_ID, PARTNER_CENTER_APP_ID},
        roles::template,
    },
};

/// How many accounts the picker offers.
const OFFERED: usize = 3;

/// The app's request.
pub(super) fn begin(world: &mut World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    desk.tidy(visit.now);
    let (tenant, wanted) = match accept(world, visit) {
        Ok(accepted) => accepted,
        Err(refusal) => return error_page(desk, visit, &refusal),
    };
    if let Err((error, description)) = check(visit, &wanted) {
        return back_with_error(&wanted, error, &description);
    }
    let flow = Flow {
        tenant: tenant.id,
        client_id: world.app.client_id.clone(),
        wanted,
        account: None,
        second_factor: false,
        began: visit.now,
    };
    let accounts = accounts(world, tenant, visit.field("login_hint"));
    let id = desk.opaque("f");
    desk.flows.insert(id.clone(), flow);
    pages::accounts(&action(visit), &id, &world.app.name, &accounts)
}

/// What a person sent from one of the pages.
pub(super) fn go_on(world: &mut World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    let id = visit.field("flow").unwrap_or_default().to_owned();
    let Some(mut flow) = desk.flows.remove(&id).filter(|flow| flow.is_fresh(visit.now)) else {
        let refusal = Refusal::new("invalid_request", 50_089, "Flow token expired. Sign in again.");
        return error_page(desk, visit, &refusal);
    };
    if let Some(address) = visit.field("account") {
        flow.account = match sign_in(world, &flow, address) {
            Ok(oid) => Some(oid),
            Err(refusal) => return error_page(desk, visit, &refusal),
        };
        let page = pages::second_factor(&action(visit), &id, address);
        desk.flows.insert(id, flow);
        return page;
    }
    match (
        visit.field("approval"),
        visit.field("decision"),
        flow.account.clone(),
    ) {
        (Some("approve"), _, Some(oid)) => {
            flow.second_factor = true;
            let missing = missing(world, &flow);
            if missing.is_empty() {
                return finish(desk, visit, flow, oid);
            }
            let page = pages::consent(&action(visit), &id, &world.app.name, &missing);
            desk.flows.insert(id, flow);
            page
        }
        (Some(_), _, _) => back_with_error(
            &flow.wanted,
            "access_denied",
            "AADSTS50074: Strong authentication was not completed.",
        ),
        (None, Some("accept"), Some(oid)) if flow.second_factor => match consent(world, &flow, &oid, visit) {
            Ok(()) => finish(desk, visit, flow, oid),
            Err(refusal) => error_page(desk, visit, &refusal),
        },
        _ => back_with_error(
            &flow.wanted,
            "access_denied",
            "AADSTS65004: User declined to consent to access the app.",
        ),
    }
}

fn accept<'a>(world: &'a World, visit: &Visit<'_>) -> Result<(&'a Tenant, Wanted), Refusal> {
    let tenant = discovery::tenant(world, visit.tenant)?;
    let client = visit.field("client_id").unwrap_or_default();
    if client != world.app.client_id {
        let message = format!("Application with identifier '{client}' was not found in the directory.");
        return Err(Refusal::new("unauthorized_client", 700_016, message));
    }
    let redirect_uri = visit.field("redirect_uri").unwrap_or_default();
    if !is_registered(&world.app.redirect_uri, redirect_uri) {
        let message = "The redirect URI specified in the request does not match the redirect URIs configured for \
                       the application.";
        return Err(Refusal::new("invalid_request", 50_011, message));
    }
    let own = |name: &str| visit.field(name).map(str::to_owned);
    let challenge = own("code_challenge").map(|text| match visit.field("code_challenge_method") {
        Some("S256") => Challenge::S256(text),
        _ => Challenge::Plain(text),
    });
    let wanted = Wanted {
        redirect_uri: redirect_uri.to_owned(),
        scope: own("scope").unwrap_or_default(),
        state: own("state"),
        nonce: own("nonce"),
        challenge,
        prompt: own("prompt"),
    };
    Ok((tenant, wanted))
}

/// What is wrong with a request whose app and address are known, so that the app can be told.
fn check(visit: &Visit<'_>, wanted: &Wanted) -> Result<(), (&'static str, String)> {
    if visit.field("response_type") != Some("code") {
        let text = "AADSTS70005: The response_type is not supported; use code.";
        return Err(("unsupported_response_type", text.to_owned()));
    }
    if !matches!(visit.field("response_mode"), None | Some("query")) {
        return Err((
            "invalid_request",
            "AADSTS70007: The response_mode is not supported.".to_owned(),
        ));
    }
    if wanted.scope.is_empty() {
        let text = "AADSTS900144: The request body must contain the following parameter: 'scope'.";
        return Err(("invalid_request", text.to_owned()));
    }
    if let Err(refusal) = Scopes::parse(&wanted.scope) {
        let text = format!("AADSTS{}: {}", refusal.code, refusal.message);
        return Err((refusal.error, text));
    }
    let length = match &wanted.challenge {
        Some(Challenge::S256(text) | Challenge::Plain(text)) => text.len(),
        None => 43,
    };
    if !(43..=128).contains(&length) {
        return Err((
            "invalid_request",
            "AADSTS50147: Invalid size of Code_Challenge parameter.".to_owned(),
        ));
    }
    if wanted.prompt.as_deref() == Some("none") {
        let text = "AADSTS50058: A silent sign-in request was sent but no user is signed in.";
        return Err(("login_required", text.to_owned()));
    }
    Ok(())
}

/// Whether a redirect address is the registered one. On loopback any port will do, and `127.0.0.1` is `localhost`.
pub(super) fn is_registered(registered: &str, given: &str) -> bool {
    if registered == given {
        return true;
    }
    let (Ok(registered), Ok(given)) = (Url::parse(registered), Url::parse(given)) else {
        return false;
    };
    let is_loopback = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    is_loopback(&registered)
        && is_loopback(&given)
        && registered.scheme() == given.scheme()
        && registered.path() == given.path()
        && given.query().is_none()
        && given.fragment().is_none()
}

fn action(visit: &Visit<'_>) -> String {
    format!("/{}/oauth2/v2.0/authorize", visit.tenant)
}

/// The accounts on offer: the hinted one first, then the service account, then others.
fn accounts(world: &World, tenant: &Tenant, hint: Option<&str>) -> Vec<(String, String)> {
    let rank = |id: &str, address: &str| {
        let hinted = hint.is_some_and(|hint| hint.eq_ignore_ascii_case(address));
        (
            !hinted,
            id != world.service_account,
            !holds_administration(tenant, id),
        )
    };
    let mut all: Vec<_> = tenant
        .users
        .present()
        .filter(|user| text(user, "userType") == Some("Member"))
        .filter_map(|user| {
            let address = text(user, "userPrincipalName")?.to_owned();
            let name = text(user, "displayName")?.to_owned();
            Some((rank(text(user, "id")?, &address), address, name))
        })
        .collect();
    all.sort();
    all.into_iter()
        .take(OFFERED)
        .map(|(_, address, name)| (address, name))
        .collect()
}

fn holds_administration(tenant: &Tenant, id: &str) -> bool {
    let role = template("Global Administrator");
    tenant.role_assignments.present().any(|row| {
        text(row, "principalId") == Some(id) && text(row, "roleDefinitionId") == Some(role.as_str())
    })
}

fn sign_in(world: &World, flow: &Flow, address: &str) -> Result<String, Refusal> {
    let user = world
        .tenant(flow.tenant)
        .and_then(|tenant| {
            let matches = |name: &str| name.eq_ignore_ascii_case(address);
            tenant
                .users
                .present()
                .find(|user| text(user, "userPrincipalName").is_some_and(matches))
        })
        .ok_or_else(|| {
            Refusal::new(
                "invalid_grant",
                50_034,
                "The user account does not exist in the directory.",
            )
        })?;
    if user.get("accountEnabled") == Some(&json!(false)) {
        return Err(Refusal::new(
            "invalid_grant",
            50_057,
            "The user account is disabled.",
        ));
    }
    Ok(text(user, "id").unwrap_or_default().to_owned())
}

/// The permissions that the app asks for and the tenant has not granted, as the consent page lists them.
fn missing(world: &World, flow: &Flow) -> Vec<String> {
    let asks_again = flow.wanted.prompt.as_deref() == Some("consent");
    let granted = world.tenant(flow.tenant).map(|tenant| &tenant.consent.scopes);
    let mut listed = Vec::new();
    for (resource, scopes) in asked_for(flow) {
        let known = granted.and_then(|all| all.get(resource));
        for scope in scopes {
            if asks_again || !known.is_some_and(|known| known.contains(&scope)) {
                listed.push(scope);
            }
        }
    }
    listed
}

/// Permissions by resource. `.default` stands for everything the app is registered with, on every resource.
fn asked_for(flow: &Flow) -> Vec<(&'static str, Vec<String>)> {
    let registered = |resource: &str| -> Vec<String> {
        let list = permissions::delegated(resource);
        list.iter().map(|scope| (*scope).to_owned()).collect()
    };
    let Ok(scopes) = Scopes::parse(&flow.wanted.scope) else {
        return Vec::new();
    };
    if scopes.resources.iter().any(|(_, named)| *named == Named::Default) {
        return [GRAPH_APP_ID, PARTNER_CENTER_APP_ID]
            .map(|resource| (resource, registered(resource)))
            .to_vec();
    }
    let named = scopes.resources.into_iter().map(|(resource, named)| match named {
        Named::Scopes(names) => (resource.app_id, names.into_iter().collect()),
        Named::Default => (resource.app_id, registered(resource.app_id)),
    });
    named.collect()
}

fn consent(world: &mut World, flow: &Flow, oid: &str, visit: &Visit<'_>) -> Result<(), Refusal> {
    let roles = world.directory_roles(flow.tenant, oid, visit.now);
    let may = [
        "Global Administrator",
        "Cloud Application Administrator",
        "Application Administrator",
    ]
    .iter()
    .any(|role| roles.contains(&template(role)));
    if !may {
        return Err(Refusal::new(
            "access_denied",
            90_094,
            "The permissions that the application asks for need the consent of an administrator.",
        ));
    }
    for (resource, scopes) in asked_for(flow) {
        world.grant_consent(flow.tenant, resource, &scopes);
    }
    Ok(())
}

fn finish(desk: &mut Desk, visit: &Visit<'_>, flow: Flow, oid: String) -> Reply {
    let code = desk.opaque("1.AUwA");
    let session = desk.id();
    let back = back(&flow.wanted, &[("code", &code), ("session_state", &session)]);
    let kept = Code {
        flow,
        oid,
        issued: visit.now,
        redeemed: false,
    };
    desk.codes.insert(code, kept);
    back
}

fn back_with_error(wanted: &Wanted, error: &str, description: &str) -> Reply {
    back(wanted, &[("error", error), ("error_description", description)])
}

fn back(wanted: &Wanted, fields: &[(&str, &str)]) -> Reply {
    let Ok(mut url) = Url::parse(&wanted.redirect_uri) else {
        return pages::message(
            StatusCode::BAD_REQUEST,
            "Sign-in failed",
            "The redirect URI is not valid.",
        );
    };
    for (name, value) in fields {
        url.query_pairs_mut().append_pair(name, value);
    }
    if let Some(state) = &wanted.state {
        url.query_pairs_mut().append_pair("state", state);
    }
    reply::redirect(url.as_str())
}

fn error_page(desk: &Desk, visit: &Visit<'_>, refusal: &Refusal) -> Reply {
    let text = refusal.description(&desk.id(), &desk.id(), visit.now);
    pages::message(
        StatusCode::BAD_REQUEST,
        "Sorry, but we're having trouble signing you in",
        &text,
    )
}
