//! Codes, refresh tokens and sign-ins on devices into tokens for an account.

mod answer;
mod conditions;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use msp365_core::Reply;

use self::{
    answer::Asked,
    conditions::{Redemption, gone},
};
pub(super) use self::{
    answer::{access_answer, tokens},
    conditions::enabled,
};
use super::{
    Style, Visit,
    claimed::Claimed,
    client::{Client, missing},
    desk::{Challenge, Code, DAY, Desk, RefreshToken},
    discovery,
    refusal::Refusal,
    scopes::{Named, Resource, Scopes},
};
use crate::world::{
    World,
    registration::{Platform, Registration},
};

/// A code, once.
pub(super) fn code(
    world: &World,
    desk: &mut Desk,
    visit: &Visit<'_>,
    client: Client<'_>,
) -> Result<Reply, Refusal> {
    let given = visit.field("code").ok_or_else(|| missing("code"))?;
    let kept = desk.codes.get(given).cloned();
    let uri = kept.as_ref().map(|kept| kept.wanted.redirect_uri.as_str());
    let platform = uri.and_then(|uri| platform(&client.registration, uri));
    match platform {
        Some(Platform::Native) => client.public()?,
        Some(Platform::Spa) => from_a_browser(visit, &client)?,
        Some(Platform::Web) | None => client.confidential()?,
    }
    let kept = kept.ok_or_else(|| invalid_grant(70_000, "The provided authorization code is not valid."))?;
    check_code(world, visit, client.id(), &kept)?;
    let first = Scopes::parse(&kept.wanted.scope, world.nation)?;
    let wanted = wanted_resource(world, visit, &first)?;
    let claimed = Claimed::parse([kept.wanted.claims.as_deref(), visit.field("claims")])?;
    let redemption = Redemption {
        world,
        visit,
        client,
        login: &kept.login,
        target: world.tenant(kept.tenant).ok_or_else(gone)?,
        claimed,
    };
    let granted = redemption.grant(desk, &wanted)?;
    if let Some(code) = desk.codes.get_mut(given) {
        code.redeemed = true;
    }
    let asked = Asked {
        scopes: &first,
        nonce: kept.wanted.nonce.as_deref(),
        ends: (platform == Some(Platform::Spa)).then(|| visit.now + DAY),
    };
    redemption.answer(desk, &granted, &asked)
}

/// A sign-in on a device, once.
pub(super) fn device_code(
    world: &World,
    desk: &mut Desk,
    visit: &Visit<'_>,
    client: Client<'_>,
) -> Result<Reply, Refusal> {
    client.on_a_device()?;
    let (device, login) = super::device::redeem(desk, visit, client.id())?;
    let scopes = Scopes::parse(&device.scope, world.nation)?;
    let wanted = chosen(world, &scopes);
    let tenant = device.tenant.and_then(|id| world.tenant(id)).ok_or_else(gone)?;
    let redemption = Redemption {
        world,
        visit,
        client,
        login: &login,
        target: tenant,
        claimed: Claimed::parse([device.claims.as_deref(), visit.field("claims")])?,
    };
    let granted = redemption.grant(desk, &wanted)?;
    super::device::finish(desk, visit);
    let asked = Asked {
        scopes: &scopes,
        nonce: None,
        ends: None,
    };
    redemption.answer(desk, &granted, &asked)
}

/// A refresh token, for any tenant and resource. It stays good beside the new one.
pub(super) fn refresh_token(
    world: &World,
    desk: &mut Desk,
    visit: &Visit<'_>,
    client: Client<'_>,
) -> Result<Reply, Refusal> {
    let given = visit
        .field("refresh_token")
        .ok_or_else(|| missing("refresh_token"))?;
    let kept = desk.refresh_tokens.get(given).cloned();
    if !client
        .proof
        .suffices(kept.as_ref().is_none_or(|kept| kept.proven))
    {
        client.confidential()?;
    }
    let refuse = |number, message: &str| invalid_grant(number, message).suberror("bad_token");
    let kept = kept.ok_or_else(|| refuse(9_002_313, "Invalid request. Request is malformed or invalid."))?;
    if kept.client_id != client.id() {
        let message = "Provided grant is invalid or malformed: it was issued to another client.";
        return Err(invalid_grant(70_000, message).suberror("client_mismatch"));
    }
    let scopes = refreshed(world, visit)?;
    let wanted = chosen(world, &scopes);
    let claimed = Claimed::parse([visit.field("claims")])?;
    let target = if discovery::is_any(visit.tenant) {
        world.tenant(kept.login.home).ok_or_else(gone)?
    } else {
        discovery::tenant(world, visit)?
    };
    let redemption = Redemption {
        world,
        visit,
        client,
        login: &kept.login,
        target,
        claimed,
    };
    redemption.user()?;
    if kept.revoked {
        let message = "The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        return Err(refuse(50_173, message));
    }
    check_age(&kept, visit.now)?;
    let granted = redemption.grant(desk, &wanted)?;
    if let Some(token) = desk.refresh_tokens.get_mut(given) {
        token.used = visit.now;
    }
    let mut scopes = scopes;
    // What came from a refresh token always leads to the next one.
    scopes.identity.push("offline_access");
    let asked = Asked {
        scopes: &scopes,
        nonce: None,
        ends: kept.ends,
    };
    redemption.answer(desk, &granted, &asked)
}

/// Refuses a refresh token that is too old.
fn check_age(token: &RefreshToken, now: Timestamp) -> Result<(), Refusal> {
    let (number, message) = if token.is_over(now) {
        let message = "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited \
                       lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request \
                       must be sent.";
        (700_084, message)
    } else if token.is_idle(now) {
        (700_082, "The refresh token has expired due to inactivity.")
    } else {
        return Ok(());
    };
    Err(invalid_grant(number, message).suberror("bad_token"))
}

/// What a refresh token is to be redeemed for; Graph, where nothing is said.
fn refreshed(world: &World, visit: &Visit<'_>) -> Result<Scopes, Refusal> {
    match (visit.style, visit.field("resource"), visit.field("scope")) {
        (Style::V1, Some(resource), _) => {
            let scopes = Scopes::all_of(Resource::named(resource, world.nation)?);
            Ok(scopes)
        }
        (_, _, Some(text)) => Scopes::parse(text, world.nation),
        (_, _, None) => Scopes::parse(".default", world.nation),
    }
}

/// The one resource a code is redeemed for: as the token request says, or else the first of the authorize request.
fn wanted_resource(world: &World, visit: &Visit<'_>, first: &Scopes) -> Result<(Resource, Named), Refusal> {
    let asked = match (visit.style, visit.field("resource"), visit.field("scope")) {
        (Style::V1, Some(resource), _) => vec![(Resource::named(resource, world.nation)?, Named::Default)],
        (_, _, Some(text)) => Scopes::parse(text, world.nation)?.resources,
        (_, _, None) => Vec::new(),
    };
    if asked.len() > 1 {
        return Err(Refusal::new(
            "invalid_scope",
            28_000,
            "Provided value for the input parameter scope is not valid because it contains more than one resource.",
        ));
    }
    Ok(asked.into_iter().next().unwrap_or_else(|| chosen(world, first)))
}

/// The first resource; Graph, for who signed in alone, if there is none.
fn chosen(world: &World, scopes: &Scopes) -> (Resource, Named) {
    let first = scopes.resources.first().cloned();
    first.unwrap_or_else(|| {
        (
            Resource::graph(world.nation),
            Named::Scopes(std::collections::BTreeSet::new()),
        )
    })
}

/// What kind of client waits at a redirect address.
fn platform(registration: &Registration<'_>, uri: &str) -> Option<Platform> {
    let known = registration
        .redirects()
        .find(|redirect| super::authorize::is_registered(&redirect.uri, uri));
    known.map(|redirect| redirect.platform)
}

/// Refuses an app in a browser that shows a secret, or that is in none.
fn from_a_browser(visit: &Visit<'_>, client: &Client<'_>) -> Result<(), Refusal> {
    client.public()?;
    if visit.has_origin {
        return Ok(());
    }
    let message = "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin \
                   requests.";
    Err(Refusal::new("invalid_request", 9_002_327, message))
}

fn check_code(world: &World, visit: &Visit<'_>, client: &str, code: &Code) -> Result<(), Refusal> {
    let refuse = |number, message: &str| Err(invalid_grant(number, message));
    if code.redeemed {
        return refuse(
            54_005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
        );
    }
    if code.is_expired(visit.now) {
        return refuse(
            70_008,
            "The provided authorization code has expired. Send a new interactive authorization request.",
        );
    }
    if code.client_id != client {
        return refuse(70_000, "The code was issued to another client.");
    }
    let here = discovery::tenant(world, visit)?;
    if !discovery::is_any(visit.tenant) && here.id != code.tenant {
        return refuse(
            700_005,
            "The provided authorization code is intended to use against other tenant, thus rejected.",
        );
    }
    if visit.field("redirect_uri") != Some(&code.wanted.redirect_uri) {
        return refuse(
            50_011,
            "The redirect URI does not match the one of the authorization request.",
        );
    }
    let verifier = visit.field("code_verifier").unwrap_or_default();
    let proven = match &code.wanted.challenge {
        None => verifier.is_empty(),
        Some(Challenge::Plain(text)) => text == verifier,
        Some(Challenge::S256(text)) => *text == URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())),
    };
    if !proven {
        return refuse(
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        );
    }
    Ok(())
}

fn invalid_grant(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::new("invalid_grant", code, message)
}
