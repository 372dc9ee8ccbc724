//! Apps that prove themselves by a signed assertion (`private_key_jwt`).

use aws_lc_rs::{
    digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest},
    signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::SignedDuration;
use serde_json::Value;
use url::Url;

use super::{Visit, discovery, nation, refusal::Refusal};
use crate::world::{
    World,
    registration::{AppCertificate, Registration},
};

/// How far clocks may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// An assertion, taken apart.
struct Assertion<'a> {
    header: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Checks an assertion: who made it and for whom, when, and by which certificate of the app.
pub(super) fn check(
    world: &World,
    visit: &Visit<'_>,
    registration: &Registration<'_>,
    text: &str,
) -> Result<(), Refusal> {
    let assertion = parse(text).ok_or_else(|| {
        Refusal::new(
            "invalid_request",
            50_027,
            "JWT token is invalid or malformed: the client assertion is no signed JWT.",
        )
    })?;
    let algorithm = algorithm(&assertion)?;
    check_names(world, visit, registration, &assertion)?;
    check_time(visit, &assertion)?;
    let certificate = certificate(registration, &assertion)?;
    if !certificate.is_current(visit.now) {
        let message = "The provided certificate is not within its specified validity period.";
        return Err(invalid(1_000_502, message));
    }
    UnparsedPublicKey::new(algorithm, &certificate.public)
        .verify(assertion.signed.as_bytes(), &assertion.signature)
        .map_err(|_| {
            signature(
                registration,
                &certificate.sha1(),
                "The provided signature value did not match the expected signature value.",
            )
        })
}

fn parse(text: &str) -> Option<Assertion<'_>> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let json = |part: &str| -> Option<Value> {
        let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        value.is_object().then_some(value)
    };
    Some(Assertion {
        header: json(header)?,
        claims: json(claims)?,
        signed,
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
    })
}

fn algorithm(assertion: &Assertion<'_>) -> Result<&'static RsaParameters, Refusal> {
    match assertion.header["alg"].as_str() {
        Some("PS256") => Ok(&RSA_PSS_2048_8192_SHA256),
        Some("RS256") => Ok(&RSA_PKCS1_2048_8192_SHA256),
        other => Err(invalid(
            5_002_738,
            format!(
                "Invalid JWT token. '{}' is not a supported signature algorithm. Supported signing algorithms are: \
                 'RS256, PS256'.",
                other.unwrap_or("none")
            ),
        )),
    }
}

fn check_names(
    world: &World,
    visit: &Visit<'_>,
    registration: &Registration<'_>,
    assertion: &Assertion<'_>,
) -> Result<(), Refusal> {
    let issuer = assertion.claims["iss"].as_str().unwrap_or_default();
    if assertion.claims["sub"].as_str() != Some(issuer) {
        let message = "Subject mismatches Issuer claim in the client assertion.";
        return Err(invalid(50_048, message));
    }
    if !issuer.eq_ignore_ascii_case(registration.client_id) {
        let message = "Client assertion application identifier doesn't match 'client_id' parameter.";
        return Err(invalid(700_021, message));
    }
    let audience = &assertion.claims["aud"];
    let audience = audience.as_str().or_else(|| audience.get(0)?.as_str());
    if audience.is_some_and(|audience| is_ours(world, visit, audience)) {
        return Ok(());
    }
    let message = "Client assertion audience claim does not match Realm issuer.";
    Err(invalid(700_023, message))
}

/// Whether an audience is the token endpoint that was asked, or the tenant's name as an issuer.
fn is_ours(world: &World, visit: &Visit<'_>, audience: &str) -> bool {
    let Ok(url) = Url::parse(audience) else {
        return false;
    };
    // Whoever stands in front of the service may have taken the encryption off.
    let here =
        Url::parse(&visit.base).is_ok_and(|base| (base.host(), base.port()) == (url.host(), url.port()));
    let alias = url.scheme() == "https"
        && url
            .host_str()
            .and_then(nation::of_login)
            .is_some_and(|nation| nation == nation::family(world.nation));
    let path: Vec<&str> = url.path().trim_matches('/').split('/').collect();
    let tenant = match path.as_slice() {
        [tenant] | [tenant, "v2.0"] | [tenant, "oauth2", "token"] | [tenant, "oauth2", "v2.0", "token"] => {
            *tenant
        }
        _ => return false,
    };
    let id = |name: &str| {
        let known = world.tenant_named(name).filter(|_| !discovery::is_any(name));
        known.map_or_else(|| name.to_owned(), |tenant| tenant.id.to_string())
    };
    (here || alias) && id(tenant) == id(visit.tenant)
}

fn check_time(visit: &Visit<'_>, assertion: &Assertion<'_>) -> Result<(), Refusal> {
    let moment = |name: &str| {
        let seconds = assertion.claims[name].as_f64();
        seconds.and_then(|seconds| {
            jiff::Timestamp::UNIX_EPOCH
                .checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?)
                .ok()
        })
    };
    let Some(end) = moment("exp") else {
        let message = "JWT token is invalid or malformed: the client assertion has no expiry.";
        return Err(Refusal::new("invalid_request", 50_027, message));
    };
    let start = moment("nbf").or_else(|| moment("iat"));
    if start.is_some_and(|start| start > visit.now + SKEW) || end <= visit.now - SKEW {
        return Err(invalid(
            700_024,
            format!(
                "Client assertion is not within its valid time range. Current time: {}, assertion valid from {}, \
                 expiry time of assertion {end}.",
                visit.now,
                start.unwrap_or(end)
            ),
        ));
    }
    Ok(())
}

/// The certificate of the app that the header names.
fn certificate(
    registration: &Registration<'_>,
    assertion: &Assertion<'_>,
) -> Result<AppCertificate, Refusal> {
    let bytes = |name: &str| {
        let text = assertion.header[name].as_str()?.trim_end_matches('=');
        let text = text.replace('+', "-").replace('/', "_");
        URL_SAFE_NO_PAD.decode(text).ok()
    };
    let (sha256, sha1) = (bytes("x5t#S256"), bytes("x5t"));
    let Some(named) = sha256.clone().or_else(|| sha1.clone()) else {
        let message = "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId \
                       specified in token header.";
        return Err(invalid(5_002_723, message));
    };
    if let Some(leaf) = assertion.header["x5c"].get(0).and_then(Value::as_str) {
        // Some libraries leave the line breaks of PEM in it.
        let leaf: String = leaf.split_ascii_whitespace().collect();
        let leaf = STANDARD.decode(leaf).unwrap_or_default();
        let prints = [digest(&SHA256, &leaf), digest(&SHA1_FOR_LEGACY_USE_ONLY, &leaf)];
        if !prints.iter().any(|print| print.as_ref() == named) {
            let message = "Authentication failed: the certificate in the assertion is not the one it names.";
            return Err(invalid(50_012, message));
        }
    }
    let is_named = |known: &AppCertificate| {
        sha256.as_ref().is_none_or(|print| *print == known.sha256())
            && sha1.as_ref().is_none_or(|print| *print == known.sha1())
    };
    registration
        .certificates()
        .into_iter()
        .find(is_named)
        .ok_or_else(|| signature(registration, &named, "The key was not found."))
}

fn signature(registration: &Registration<'_>, thumbprint: &[u8], reason: &str) -> Refusal {
    use std::fmt::Write as _;
    let print = thumbprint.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    });
    invalid(
        700_027,
        format!(
            "Client assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by client: \
             '{print}', app '{}'].",
            registration.client_id
        ),
    )
}

fn invalid(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::new("invalid_client", code, message)
}
