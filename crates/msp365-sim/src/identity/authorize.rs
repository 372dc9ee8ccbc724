//! The authorize endpoint: what an app asks for, and a code on the way back.

use msp365_core::Reply;
use url::Url;

use super::{
    Style, Visit,
    claimed::Claimed,
    consent,
    desk::{Challenge, Code, Desk, Flow, Login, Purpose, ResponseMode, Wanted},
    discovery,
    login::{self, error_page},
    pages,
    policy::AccessPolicy,
    refusal::Refusal,
    scopes::{Resource, Scopes},
    session,
};
use crate::{
    reply,
    world::{World, registration::Registration},
};

/// The app's request.
pub(super) fn begin(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    desk.tidy(visit.now);
    let (registration, wanted) = match accept(world, visit) {
        Ok(accepted) => accepted,
        Err(refusal) => return error_page(desk, visit, &refusal),
    };
    let tenant = match discovery::tenant(world, visit) {
        Ok(tenant) => (!discovery::is_any(visit.tenant)).then_some(tenant.id),
        Err(refusal) => return error_page(desk, visit, &refusal),
    };
    if let Err(refusal) = check(world, visit, &wanted) {
        return fail(desk, visit, &wanted, &refusal);
    }
    let mut flow = Flow {
        tenant,
        client_id: registration.client_id.to_owned(),
        login: None,
        purpose: Purpose::Code(wanted.clone()),
        began: visit.now,
    };
    match wanted.prompt.as_deref() {
        Some("none") => {
            return match silent(world, desk, visit, (&flow, &wanted)) {
                Ok(login) => login::finish(world, desk, visit, (flow, login)),
                Err(refusal) => fail(desk, visit, &wanted, &refusal),
            };
        }
        Some("login" | "select_account") => {}
        _ => flow.login = known(world, desk, visit, &flow),
    }
    let id = desk.opaque("f");
    login::step(world, desk, visit, (&id, flow))
}

/// The one account of the browser that may sign in without being asked: the hinted one, or the only one there is.
fn known(world: &World, desk: &Desk, visit: &Visit<'_>, flow: &Flow) -> Option<Login> {
    let mut logins = session::logins(world, desk, visit);
    logins.retain(|login| flow.tenant.is_none_or(|tenant| tenant == login.home));
    match visit.field("login_hint") {
        Some(hint) => logins.into_iter().find(|login| {
            session::address(world, login).is_some_and(|address| address.eq_ignore_ascii_case(hint))
        }),
        None => logins.pop().filter(|_| logins.is_empty()),
    }
}

/// Who is signed in already, where nobody may be asked anything.
fn silent(
    world: &World,
    desk: &Desk,
    visit: &Visit<'_>,
    (flow, wanted): (&Flow, &Wanted),
) -> Result<Login, Refusal> {
    let Some(login) = known(world, desk, visit, flow) else {
        return Err(match session::logins(world, desk, visit).len() {
            0 | 1 => {
                let text = "A silent sign-in request was sent but no user is signed in.";
                Refusal::new("login_required", 50_058, text)
            }
            _ => {
                let text = "Either multiple user identities are available for the current request or selected \
                            account is not supported for the scenario.";
                Refusal::new("interaction_required", 16_000, text)
            }
        });
    };
    let id = flow.tenant.unwrap_or(login.home);
    if !login.second_factor && desk.watch.policy(id) != AccessPolicy::Open {
        let text = "Multi-factor authentication is required to access the application.";
        return Err(Refusal::new("interaction_required", 50_076, text));
    }
    let tenant = world
        .tenant(id)
        .ok_or_else(|| Refusal::new("login_required", 50_058, "The tenant is gone."))?;
    if consent::of_flow(world, flow, tenant, &wanted.scope)?.is_empty() {
        Ok(login)
    } else {
        let text = format!(
            "The user or administrator has not consented to use the application with ID '{}'.",
            flow.client_id
        );
        Err(Refusal::new("consent_required", 65_001, text))
    }
}

/// App and redirect address, without which nobody can be told what is wrong.
fn accept<'a>(world: &'a World, visit: &Visit<'_>) -> Result<(Registration<'a>, Wanted), Refusal> {
    let client = visit.field("client_id").unwrap_or_default();
    if client.is_empty() {
        let message = "The request body must contain the following parameter: 'client_id'.";
        return Err(Refusal::new("invalid_request", 900_144, message));
    }
    let registration = world.registration(client).ok_or_else(|| {
        let message = format!("Application with identifier '{client}' was not found in the directory.");
        Refusal::new("unauthorized_client", 700_016, message)
    })?;
    discovery::admit(world, visit, &registration)?;
    let redirect_uri = redirect(&registration, visit)?;
    let own = |name: &str| visit.field(name).map(str::to_owned);
    let challenge = own("code_challenge").map(|text| match visit.field("code_challenge_method") {
        Some("S256") => Challenge::S256(text),
        _ => Challenge::Plain(text),
    });
    let scope = match visit.style {
        Style::V2 => own("scope").unwrap_or_default(),
        Style::V1 => visit
            .field("resource")
            .map(|resource| {
                let known = Resource::named(resource, world.nation);
                let uri = known.map_or(resource, |known| known.uri);
                format!("{uri}/.default openid profile offline_access")
            })
            .unwrap_or_default(),
    };
    let wanted = Wanted {
        redirect_uri,
        mode: match visit.field("response_mode") {
            Some("form_post") => ResponseMode::FormPost,
            Some("fragment") => ResponseMode::Fragment,
            _ => ResponseMode::Query,
        },
        scope,
        state: own("state"),
        nonce: own("nonce"),
        challenge,
        prompt: own("prompt"),
        claims: own("claims"),
    };
    Ok((registration, wanted))
}

/// The redirect address of a request, if it is registered.
pub(super) fn redirect(registration: &Registration<'_>, visit: &Visit<'_>) -> Result<String, Refusal> {
    let given = visit.field("redirect_uri").unwrap_or_default();
    let known = registration
        .redirects()
        .any(|redirect| is_registered(&redirect.uri, given));
    if known {
        return Ok(given.to_owned());
    }
    let message = format!(
        "The redirect URI '{given}' specified in the request does not match the redirect URIs configured for the \
         application '{}'.",
        registration.client_id
    );
    Err(Refusal::new("invalid_request", 50_011, message))
}

/// What is wrong with a request whose app and address are known, so that the app can be told.
fn check(world: &World, visit: &Visit<'_>, wanted: &Wanted) -> Result<(), Refusal> {
    let refuse = |error, code, text: &str| Err(Refusal::new(error, code, text));
    match visit.field("response_type") {
        Some("code") => {}
        None => {
            let text = "The request body must contain the following parameter: 'response_type'.";
            return refuse("invalid_request", 900_144, text);
        }
        Some(_) => {
            let text = "The response_type is not supported for the application; use 'code'.";
            return refuse("unsupported_response_type", 70_005, text);
        }
    }
    if !matches!(
        visit.field("response_mode"),
        None | Some("query" | "fragment" | "form_post")
    ) {
        return refuse("invalid_request", 70_007, "The response_mode is not supported.");
    }
    let prompt = wanted.prompt.as_deref();
    if !matches!(
        prompt,
        None | Some("login" | "none" | "consent" | "select_account" | "create" | "admin_consent")
    ) {
        return refuse(
            "invalid_request",
            90_023,
            "The value of 'prompt' is not supported.",
        );
    }
    if visit.style == Style::V2 && visit.field("resource").is_some() {
        let text = "The 'resource' request parameter is not supported.";
        return refuse("invalid_request", 901_002, text);
    }
    if wanted.scope.is_empty() {
        let field = match visit.style {
            Style::V1 => "resource",
            Style::V2 => "scope",
        };
        let text = format!("The request body must contain the following parameter: '{field}'.");
        return refuse("invalid_request", 900_144, &text);
    }
    Scopes::parse(&wanted.scope, world.nation)?;
    Claimed::parse([wanted.claims.as_deref()])?;
    let length = match &wanted.challenge {
        Some(Challenge::S256(text) | Challenge::Plain(text)) => text.len(),
        None => 43,
    };
    if !(43..=128).contains(&length) {
        let text = "Invalid size of Code_Challenge parameter.";
        return refuse("invalid_request", 50_147, text);
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

/// Back to the app with a code.
pub(super) fn succeed(
    desk: &mut Desk,
    visit: &Visit<'_>,
    (flow, wanted): (&Flow, &Wanted),
    login: &Login,
) -> Reply {
    let code = desk.opaque("1.AUwA");
    let session = desk.id();
    let back = back(wanted, &[("code", &code), ("session_state", &session)]);
    let kept = Code {
        client_id: flow.client_id.clone(),
        tenant: flow.tenant.unwrap_or(login.home),
        wanted: wanted.clone(),
        login: login.clone(),
        issued: visit.now,
        redeemed: false,
    };
    desk.codes.insert(code, kept);
    back
}

/// Back to the app with an error.
pub(super) fn fail(desk: &Desk, visit: &Visit<'_>, wanted: &Wanted, refusal: &Refusal) -> Reply {
    let text = refusal.told(desk, visit);
    let mut fields = vec![("error", refusal.error), ("error_description", text.as_str())];
    if refusal.code == 65_004 {
        fields.push(("error_subcode", "cancel"));
    }
    back(wanted, &fields)
}

/// An address with the app's state.
pub(super) fn with_state(uri: &str, state: Option<&str>) -> String {
    match (Url::parse(uri), state) {
        (Ok(mut url), Some(state)) => {
            url.query_pairs_mut().append_pair("state", state);
            url.into()
        }
        _ => uri.to_owned(),
    }
}

fn back(wanted: &Wanted, fields: &[(&str, &str)]) -> Reply {
    let state = wanted.state.as_deref().map(|state| ("state", state));
    let fields: Vec<(String, String)> = fields
        .iter()
        .copied()
        .chain(state)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if wanted.mode == ResponseMode::FormPost {
        return pages::hand_over(&wanted.redirect_uri, &fields);
    }
    let Ok(mut url) = Url::parse(&wanted.redirect_uri) else {
        return reply::redirect(&wanted.redirect_uri);
    };
    if wanted.mode == ResponseMode::Fragment {
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&fields)
            .finish();
        url.set_fragment(Some(&text));
    } else {
        url.query_pairs_mut().extend_pairs(&fields);
    }
    reply::redirect(url.as_str())
}
