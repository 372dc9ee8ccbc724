//! Who signed in: id tokens, checked with the tenant's own keys.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use msp365_core::{
    ErrorKind, Replay, Reply, TenantId, TransportError,
    retry::{self, Outcome, Sent, Verdict},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{Error, Exchange, IdTokenFlaw, authority::Authority};

/// How far the clocks of the service and this machine may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Attempts at reading the keys; a code has already been spent by then.
const ATTEMPTS: u32 = 3;
/// Longest wait between two attempts.
const LONGEST_WAIT: std::time::Duration = std::time::Duration::from_mins(1);

/// What an id token must say.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) tenant: TenantId,
    /// The nonce the sign-in began with; `None` if no browser was sent to the service.
    pub(crate) nonce: Option<&'a SecretString>,
    pub(crate) now: Timestamp,
}

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) account_id: String,
    pub(crate) account_name: String,
}

/// The signing keys of a tenant.
#[derive(Debug, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug, Deserialize)]
struct Key {
    kid: Option<String>,
    kty: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    issuer: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    tid: String,
    oid: String,
    preferred_username: Option<String>,
    name: Option<String>,
}

impl KeySet {
    /// Who signed in, if the token is signed with one of these keys and says what it must.
    ///
    /// # Errors
    /// `Denied` otherwise.
    pub(crate) fn check(&self, token: &SecretString, expected: &Expected<'_>) -> Result<Identity, Error> {
        let refused = |flaw| Error::IdToken {
            tenant: expected.tenant,
            flaw,
        };
        let (claims, key) = self.verified(token).map_err(refused)?;
        let signed_in: TenantId = claims.tid.parse().map_err(|_| refused(IdTokenFlaw::Malformed))?;
        if signed_in != expected.tenant {
            return Err(Error::OtherTenant {
                entered: expected.tenant,
                signed_in,
            });
        }
        claims.judge(key, expected).map_err(refused)?;
        Ok(Identity {
            account_name: claims.preferred_username.or(claims.name).unwrap_or_default(),
            account_id: claims.oid,
        })
    }

    fn verified(&self, token: &SecretString) -> Result<(Claims, &Key), IdTokenFlaw> {
        let token = token.expose_secret();
        // The library does not accept a header with a method it does not know, such as `none`.
        let header = jsonwebtoken::decode_header(token).map_err(|_| IdTokenFlaw::Malformed)?;
        if header.alg != Algorithm::RS256 {
            return Err(IdTokenFlaw::Algorithm);
        }
        let key = header
            .kid
            .and_then(|kid| self.keys.iter().find(|key| key.kid.as_ref() == Some(&kid)))
            .filter(|key| key.is_for_signatures())
            .ok_or(IdTokenFlaw::Key)?;
        let public = key.public().ok_or(IdTokenFlaw::Key)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &public, &signature_only())
            .map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => IdTokenFlaw::Signature,
                _ => IdTokenFlaw::Malformed,
            })?
            .claims;
        Ok((claims, key))
    }
}

impl Key {
    fn is_for_signatures(&self) -> bool {
        self.kty.as_deref() == Some("RSA")
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.alg.as_deref().is_none_or(|alg| alg == "RS256")
    }

    fn public(&self) -> Option<DecodingKey> {
        DecodingKey::from_rsa_components(self.n.as_deref()?, self.e.as_deref()?).ok()
    }

    /// The issuer this key signs for, if it is bound to one.
    fn issuer(&self, tenant: TenantId) -> Option<String> {
        self.issuer
            .as_ref()
            .map(|issuer| issuer.replace("{tenantid}", &tenant.to_string()))
    }
}

impl Claims {
    fn judge(&self, key: &Key, expected: &Expected<'_>) -> Result<(), IdTokenFlaw> {
        let signs_for_another = key
            .issuer(expected.tenant)
            .is_some_and(|issuer| issuer != self.iss);
        if self.iss != expected.issuer || signs_for_another {
            return Err(IdTokenFlaw::Issuer);
        }
        if self.aud != expected.client_id {
            return Err(IdTokenFlaw::Audience);
        }
        if let Some(nonce) = expected.nonce
            && self.nonce.as_deref() != Some(nonce.expose_secret())
        {
            return Err(IdTokenFlaw::Nonce);
        }
        if moment(self.exp)? <= earlier(expected.now) {
            return Err(IdTokenFlaw::Expired);
        }
        if let Some(begins) = self.nbf
            && moment(begins)? > later(expected.now)
        {
            return Err(IdTokenFlaw::NotYetValid);
        }
        Ok(())
    }
}

fn moment(seconds: i64) -> Result<Timestamp, IdTokenFlaw> {
    Timestamp::from_second(seconds).map_err(|_| IdTokenFlaw::Malformed)
}

fn earlier(now: Timestamp) -> Timestamp {
    now.checked_sub(SKEW).unwrap_or(Timestamp::MIN)
}

fn later(now: Timestamp) -> Timestamp {
    now.checked_add(SKEW).unwrap_or(Timestamp::MAX)
}

/// The library checks only the signature: it would take the time from the system, not from our clock.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// Reads the keys that a tenant's id tokens are signed with, anew for each sign-in.
///
/// # Errors
/// `Unavailable` or `Timeout` if the service does not answer, `Decode` if the answer cannot be read.
pub(crate) async fn fetch_keys(exchange: &Exchange, tenant: TenantId) -> Result<KeySet, Error> {
    let unread = |kind, source: Option<TransportError>| Error::Keys {
        tenant,
        kind,
        source: source.map(Box::new),
    };
    let address = Authority::new(&exchange.endpoints, tenant)?.keys();
    let request = Request::builder()
        .method(Method::GET)
        .uri(address)
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|_| unread(ErrorKind::Invalid, None))?;
    match send(exchange, request).await {
        Ok(reply) if reply.status == StatusCode::OK => {
            serde_json::from_slice(reply.text_bytes()).map_err(|_| unread(ErrorKind::Decode, None))
        }
        Ok(reply) => Err(unread(kind_of(reply.status), None)),
        Err(error) => Err(unread(error.kind(), Some(error))),
    }
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::TOO_MANY_REQUESTS => ErrorKind::Throttled,
        status if status.is_server_error() => ErrorKind::Unavailable,
        status if status.is_client_error() => ErrorKind::NotFound,
        _ => ErrorKind::Decode,
    }
}

async fn send(exchange: &Exchange, request: Request<Bytes>) -> Result<Reply, TransportError> {
    let mut attempt = 1;
    loop {
        let result = exchange.transport.send(request.clone()).await;
        let outcome = match &result {
            Ok(reply) => Outcome::Reply(reply),
            Err(error) if error.is_not_sent() => Outcome::Failed(Sent::No),
            Err(_) => Outcome::Failed(Sent::Perhaps),
        };
        match retry::judge(Replay::Safe, attempt, true, outcome) {
            Verdict::Again(wait)
                if attempt < ATTEMPTS && wait.hint.is_none_or(|hint| hint <= LONGEST_WAIT) =>
            {
                exchange.clock.sleep(wait.span(attempt, &*exchange.random)).await;
                attempt += 1;
            }
            _ => return result,
        }
    }
}

#[cfg(test)]
mod tests;
