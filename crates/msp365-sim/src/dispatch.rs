//! From a request to the service it belongs to, by its path alone; bearer tokens are checked on the way.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use jiff::Timestamp;
use msp365_core::{Cloud, Reply, SeededRandom, random};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::{
    api::{ApiCall, ApiVersion},
    cloud::State,
    graph,
    identity::{self, Claims, Refused, Style, Visit, nation},
    partner, reply,
    world::World,
};

/// A service with a token of its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Graph(ApiVersion),
    PartnerCenter,
}

/// Answers a request.
pub(crate) fn answer(state: &mut State, request: &Request<Bytes>, now: Timestamp) -> Reply {
    state.settle(now);
    let base = base(request);
    let segments: Vec<&str> = request.uri().path().trim_start_matches('/').split('/').collect();
    let mut reply = match segments.as_slice() {
        ["v1.0", rest @ ..] => call(state, request, (Service::Graph(ApiVersion::V1), rest), base, now),
        ["beta", rest @ ..] => call(
            state,
            request,
            (Service::Graph(ApiVersion::Beta), rest),
            base,
            now,
        ),
        ["v1", rest @ ..] => call(state, request, (Service::PartnerCenter, rest), base, now),
        ["reports-download", opaque] => download(&state.world, opaque, (request.headers(), now)),
        [tenant, path @ ..] => visit(state, request, (tenant, path), base, now),
        [] => nowhere(),
    };
    reply::set(&mut reply.headers, header::DATE, &reply::http_date(now));
    reply
}

/// Whether a request shows a good token of the API it is for.
pub(crate) fn is_known(state: &State, request: &Request<Bytes>, now: Timestamp) -> bool {
    let first = request.uri().path().trim_start_matches('/').split('/').next();
    let audience = match first {
        Some("v1.0" | "beta") => nation::graph(state.world.nation),
        Some("v1") => nation::partner_center(state.world.nation),
        _ => return false,
    };
    identity::read(
        (&state.world, &state.desk),
        bearer(request.headers()),
        audience,
        now,
    )
    .is_ok()
}

/// Scheme and host of a request whose address is complete.
fn base(request: &Request<Bytes>) -> String {
    let uri = request.uri();
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map_or("localhost", |host| host.as_str());
    format!("{scheme}://{host}")
}

fn visit(
    state: &mut State,
    request: &Request<Bytes>,
    (tenant, path): (&str, &[&str]),
    base: String,
    now: Timestamp,
) -> Reply {
    let is_form = request.method() == http::Method::POST;
    let fields = if is_form {
        url::form_urlencoded::parse(request.body()).into_owned().collect()
    } else {
        query(request)
    };
    let tenant = decoded(tenant);
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let visit = Visit {
        tenant: &tenant,
        method: request.method(),
        path: request.uri().path(),
        style: Style::of(path),
        fields,
        basic: basic(request.headers()),
        bearer: bearer(request.headers()),
        has_origin: request.headers().contains_key(header::ORIGIN),
        browser: cookie(request.headers(), identity::COOKIE),
        request_id: header("client-request-id").map(str::to_owned),
        base,
        now,
    };
    let mut reply = identity::handle(&mut state.world, &mut state.desk, &visit, path).unwrap_or_else(nowhere);
    if let Ok(tenant) = visit.tenant.parse() {
        state.world.close(tenant);
    }
    let id = request_id(&mut state.world);
    reply::set(
        &mut reply.headers,
        HeaderName::from_static("x-ms-request-id"),
        &id,
    );
    echo(
        request.headers(),
        &mut reply.headers,
        "client-request-id",
        "client-request-id",
    );
    reply
}

fn call(
    state: &mut State,
    request: &Request<Bytes>,
    (service, path): (Service, &[&str]),
    base: String,
    now: Timestamp,
) -> Reply {
    let world = &mut state.world;
    let id = request_id(world);
    let audience = match service {
        Service::Graph(_) => nation::graph(world.nation),
        Service::PartnerCenter => nation::partner_center(world.nation),
    };
    let token = bearer(request.headers());
    let mut reply = match identity::read((world, &state.desk), token, audience, now) {
        Ok(claims) => {
            let call = api_call(request, claims, (service, path), base, now);
            let reply = match service {
                Service::Graph(_) => {
                    let reply = graph::handle(world, &call);
                    for account in world.take_revoked() {
                        state.desk.revoke(&account, now);
                    }
                    reply
                }
                Service::PartnerCenter => partner::handle(world, &call),
            };
            world.close(call.tenant);
            reply
        }
        Err(refused) if service == Service::PartnerCenter => unauthorized_partner(refused),
        Err(refused) => unauthorized_graph((refused, world.nation), &id, request.headers(), now),
    };
    identify(service, request.headers(), &mut reply.headers, &id);
    reply
}

fn api_call(
    request: &Request<Bytes>,
    claims: Claims,
    (service, path): (Service, &[&str]),
    base: String,
    now: Timestamp,
) -> ApiCall {
    ApiCall {
        tenant: claims.tid,
        claims,
        method: request.method().clone(),
        path: path
            .iter()
            .filter(|segment| !segment.is_empty())
            .map(|segment| decoded(segment))
            .collect(),
        query: query(request),
        headers: request.headers().clone(),
        body: request.body().clone(),
        version: match service {
            Service::Graph(version) => version,
            Service::PartnerCenter => ApiVersion::V1,
        },
        base,
        now,
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn query(request: &Request<Bytes>) -> Vec<(String, String)> {
    let text = request.uri().query().unwrap_or_default();
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The value of a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter();
    let mut pairs = all
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value.to_owned())
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, text) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

/// An id of an exchange; ids follow from the seed and the number of exchanges.
fn request_id(world: &mut World) -> String {
    world.exchanges += 1;
    let purpose = format!("exchange {}", world.exchanges);
    random::uuid(&SeededRandom::for_purpose(world.seed, &purpose)).to_string()
}

/// Adds the ids of the exchange that a service's answers carry.
fn identify(service: Service, asked: &HeaderMap, given: &mut HeaderMap, id: &str) {
    let mut missing = |name: &'static str, value: &str| {
        if !given.contains_key(name) {
            reply::set(given, HeaderName::from_static(name), value);
        }
    };
    match service {
        Service::Graph(_) => {
            missing("request-id", id);
            echo(asked, given, "client-request-id", "client-request-id");
        }
        Service::PartnerCenter => {
            missing("ms-requestid", id);
            echo(asked, given, "ms-correlationid", "ms-correlationid");
            echo(asked, given, "client-request-id", "client-request-id");
        }
    }
    if !given.contains_key(header::CONTENT_TYPE) {
        given.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
    }
}

fn echo(asked: &HeaderMap, given: &mut HeaderMap, from: &'static str, to: &'static str) {
    if let Some(value) = asked.get(from) {
        given.insert(HeaderName::from_static(to), value.clone());
    }
}

fn unauthorized_graph(
    (refused, cloud): (Refused, Cloud),
    id: &str,
    asked: &HeaderMap,
    now: Timestamp,
) -> Reply {
    let message = match refused {
        Refused::Missing => "Access token is empty.",
        Refused::Malformed => "IDX14100: JWT is not well formed or its signature is not valid.",
        Refused::Expired => "Lifetime validation failed, the token is expired.",
        Refused::WrongAudience => "Access token validation failure. Invalid audience.",
        Refused::Recalled(_) => {
            "Continuous access evaluation resulted in challenge with result: InteractionRequired"
        }
    };
    let client = asked
        .get("client-request-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or(id);
    let date = now.to_string();
    let body = json!({"error": {
        "code": "InvalidAuthenticationToken",
        "message": message,
        "innerError": {
            "date": date.get(..19),
            "request-id": id,
            "client-request-id": client,
        },
    }});
    let mut headers = HeaderMap::new();
    let since = match refused {
        Refused::Recalled(since) => Some(since),
        _ => None,
    };
    reply::set(
        &mut headers,
        header::WWW_AUTHENTICATE,
        &identity::challenge(cloud, since),
    );
    reply::json(StatusCode::UNAUTHORIZED, headers, &body)
}

fn unauthorized_partner(refused: Refused) -> Reply {
    let (code, description) = match refused {
        Refused::Missing => ("800001", "The partner token is missing in the request context."),
        Refused::Malformed | Refused::Expired | Refused::WrongAudience | Refused::Recalled(_) => {
            ("400", "Access denied.")
        }
    };
    let body = json!({"code": code, "description": description, "data": [], "source": "PartnerFD"});
    reply::json(StatusCode::UNAUTHORIZED, HeaderMap::new(), &body)
}

/// A report, for whoever knows its address; who shows a token gets none.
fn download(world: &World, opaque: &str, (headers, now): (&HeaderMap, Timestamp)) -> Reply {
    if headers.contains_key(header::AUTHORIZATION) {
        return reply::plain(StatusCode::BAD_REQUEST, Bytes::new());
    }
    match world.downloads.get(opaque).filter(|file| now < file.until) {
        Some(file) => {
            let mut reply = reply::plain(StatusCode::OK, file.body.clone());
            reply.headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/octet-stream"),
            );
            reply
        }
        None => nowhere(),
    }
}

fn nowhere() -> Reply {
    reply::plain(StatusCode::NOT_FOUND, Bytes::from_static(b"Nothing here.\n"))
}
