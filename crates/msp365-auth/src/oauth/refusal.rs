//! What the sign-in service means when it gives no token.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use http::StatusCode;
use msp365_core::{ErrorKind, Reply, TenantId, TokenError, TransportError, retry};
use serde::Deserialize;

use crate::{
    Error,
    aadsts::{self, Reach},
    wording,
};

/// How long a refusal stands before the same question is asked again.
const NO_STANDS: Duration = Duration::from_mins(1);
/// How long nothing is asked after a fault without a hint.
const FAULT_STANDS: Duration = Duration::from_secs(5);
/// Longest time for which nothing is asked because of a hint.
const LONGEST_PARK: Duration = Duration::from_hours(1);
/// How long nothing is asked once the app's own credential has been refused.
const APP_STANDS: Duration = Duration::from_hours(1);
/// Longest hint that is waited for in place; planning for a longer one is up to the caller.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// Why there is no token. It can be returned more than once.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message} ({code})")]
pub(crate) struct Refusal {
    pub(crate) kind: ErrorKind,
    pub(crate) reach: Reach,
    /// The service's number, or its error.
    pub(crate) code: Box<str>,
    /// The state of a sign-in on another device.
    pub(crate) device: OnDevice,
    pub(crate) message: Box<str>,
    pub(crate) remedy: &'static str,
    /// The claims a person must satisfy at sign-in.
    pub(crate) claims: Option<Box<str>>,
    pub(crate) retry_after: Option<Duration>,
    /// For how long there is no point in asking again.
    pub(crate) stands: Duration,
    /// Whether a second attempt may succeed.
    pub(crate) may_repeat: bool,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What a refusal says about a sign-in on another device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDevice {
    /// Nobody has used the code yet.
    Pending,
    /// The same, and the request came too soon.
    TooFast,
    /// The code has expired.
    Expired,
    /// The sign-in is over: asking again does not help.
    Over,
}

impl OnDevice {
    fn told(error: &str) -> Self {
        match error {
            "authorization_pending" => Self::Pending,
            "slow_down" => Self::TooFast,
            "expired_token" | "code_expired" => Self::Expired,
            _ => Self::Over,
        }
    }
}

impl Refusal {
    pub(crate) fn new(kind: ErrorKind, code: &str, message: impl Into<Box<str>>) -> Self {
        Self {
            kind,
            reach: Reach::Tenant,
            code: code.into(),
            device: OnDevice::Over,
            message: message.into(),
            remedy: "",
            claims: None,
            retry_after: None,
            stands: Duration::ZERO,
            may_repeat: false,
            cause: None,
        }
    }

    pub(crate) fn remedy(mut self, remedy: &'static str) -> Self {
        self.remedy = remedy;
        self
    }

    /// A reply that is not one of a token endpoint.
    pub(crate) fn unreadable(what: impl Into<Box<str>>) -> Self {
        Self::new(ErrorKind::Decode, "unreadable_answer", what)
    }

    pub(crate) fn from_transport(error: TransportError) -> Self {
        let mut refusal = Self::new(error.kind(), "no_answer", error.to_string());
        if !matches!(error, TransportError::TooLarge { .. }) {
            refusal.may_repeat = true;
            refusal.stands = FAULT_STANDS;
        }
        refusal.cause = Some(Arc::new(error));
        refusal
    }

    pub(crate) fn from_reply(reply: &Reply) -> Self {
        let hint = retry::retry_after(reply);
        let mut refusal = match serde_json::from_slice::<ErrorBody>(reply.text_bytes()) {
            Ok(body) => body.meaning(),
            Err(_) if reply.status.is_redirection() => {
                Self::unreadable("the sign-in service wanted to send us elsewhere")
            }
            Err(_) => Self::new(
                ErrorKind::Decode,
                &format!("http_{}", reply.status.as_u16()),
                "the sign-in service gave an answer that cannot be read",
            ),
        };
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            refusal.turn_into(ErrorKind::Throttled, "the sign-in service was asked too often");
            refusal.may_repeat = hint.is_none_or(|hint| hint <= LONGEST_WAIT);
        } else if reply.status.is_server_error() {
            refusal.turn_into(
                ErrorKind::Unavailable,
                "the sign-in service has a fault of its own",
            );
        }
        refusal.may_repeat |=
            refusal.kind == ErrorKind::Unavailable && hint.is_none_or(|hint| hint <= LONGEST_WAIT);
        refusal.retry_after = hint;
        refusal.stands = match (refusal.kind, refusal.reach) {
            (_, Reach::App) => APP_STANDS,
            (ErrorKind::Throttled | ErrorKind::Unavailable, _)
                if !reply.status.is_client_error() || hint.is_some() =>
            {
                hint.unwrap_or(FAULT_STANDS).min(LONGEST_PARK)
            }
            _ if reply.status.is_client_error() => NO_STANDS,
            _ => Duration::ZERO,
        };
        refusal
    }

    /// The status outranks the body; the number in the body stays, if there was one.
    fn turn_into(&mut self, kind: ErrorKind, message: &'static str) {
        if self.kind != kind {
            self.message = message.into();
            self.remedy = "try again later";
        }
        self.kind = kind;
        self.reach = Reach::Tenant;
    }

    pub(crate) fn into_error(self, tenant: TenantId) -> TokenError {
        let mut error = TokenError::new(self.kind, tenant, &self.code, &self.message).remedy(self.remedy);
        error.claims = self.claims.map(String::from);
        error.retry_after = self.retry_after;
        match self.cause {
            Some(cause) => error.caused_by(cause),
            None => error,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Vault { .. } | Error::OtherKey { .. } | Error::Integrity { .. } | Error::Seal { .. } => {
                "vault"
            }
            _ => "sign_in",
        };
        let remedy = match error {
            Error::OtherKey { .. } => "start with the key that the record was sealed with, or connect again",
            Error::Integrity { .. } => "connect the partner tenant again",
            _ => "",
        };
        let mut refusal = Self::new(error.kind(), code, error.to_string()).remedy(remedy);
        refusal.cause = Some(Arc::new(error));
        refusal
    }
}

/// The service's own ids of an exchange, which its support asks for.
#[derive(Debug, thiserror::Error)]
#[error("the sign-in service calls it trace `{trace}`, correlation `{correlation}`")]
struct Trace {
    trace: String,
    correlation: String,
}

/// The error body of the token endpoint.
#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
    #[serde(default)]
    error_codes: Option<Vec<u32>>,
    #[serde(default)]
    suberror: Option<String>,
    #[serde(default)]
    claims: Option<String>,
    #[serde(default)]
    trace_id: Option<String>,
    #[serde(default)]
    correlation_id: Option<String>,
}

impl ErrorBody {
    fn meaning(self) -> Refusal {
        let numbers = self.error_codes.unwrap_or_default();
        let described = self.error_description.as_deref().and_then(aadsts::number_in);
        let suberror = self.suberror.as_deref();
        let error = match suberror {
            Some("consent_required") => "consent_required",
            _ => &self.error,
        };
        let mut refusal = meaning(error, &numbers, described);
        if refusal.kind == ErrorKind::SignIn
            && matches!(suberror, Some("bad_token" | "token_expired" | "client_mismatch"))
        {
            refusal.reach = Reach::Credential;
        }
        refusal.device = OnDevice::told(&self.error);
        refusal.claims = self.claims.filter(|claims| !claims.is_empty()).map(Into::into);
        if let (Some(trace), Some(correlation)) = (self.trace_id, self.correlation_id) {
            refusal.cause = Some(Arc::new(Trace {
                trace: wording::word(&trace),
                correlation: wording::word(&correlation),
            }));
        }
        refusal
    }
}

/// What an OAuth error means, refined by the first of its numbers that is known.
pub(crate) fn meaning(error: &str, numbers: &[u32], described: Option<u32>) -> Refusal {
    let numbers = || numbers.iter().copied().chain(described);
    let known = numbers().find_map(|number| Some((number, aadsts::find(number)?)));
    let code = known.map(|(number, _)| number).or_else(|| numbers().next());
    let mut refusal = class(error);
    refusal.code = code
        .map_or_else(|| wording::word(error), |number| format!("AADSTS{number}"))
        .into();
    if let Some((_, known)) = known {
        refusal.kind = known.kind;
        refusal.reach = known.reach;
        refusal.message = known.meaning.into();
        refusal.remedy = known.remedy;
    }
    refusal
}

fn class(error: &str) -> Refusal {
    let (kind, message, remedy) = match error {
        "invalid_grant" | "interaction_required" | "login_required" => (
            ErrorKind::SignIn,
            "the service wants a person to sign in",
            "connect the partner tenant again with the service account",
        ),
        "consent_required" => (
            ErrorKind::Consent,
            "the app has no consent in this tenant",
            "grant consent: the partner for a customer, an administrator for the own tenant",
        ),
        "invalid_client" | "unauthorized_client" => (
            ErrorKind::SignIn,
            "the app itself was not accepted",
            "check client id and client secret in the app registration",
        ),
        "access_denied" => (
            ErrorKind::Denied,
            "the person or an administrator said no",
            "sign in again and accept what the app asks for",
        ),
        "invalid_resource" => (
            ErrorKind::Unlicensed,
            "the tenant does not have the service that the token is for",
            "enable the service in this tenant, or go without it",
        ),
        "temporarily_unavailable" | "server_error" => (
            ErrorKind::Unavailable,
            "the sign-in service has a fault of its own",
            "try again later",
        ),
        "invalid_request" | "invalid_scope" | "unsupported_grant_type" | "unsupported_response_type" => (
            ErrorKind::Invalid,
            "the sign-in service did not accept the question",
            "check tenant, redirect address and permissions in the app registration",
        ),
        _ => (
            ErrorKind::Other,
            "the sign-in service refused for a reason not known here",
            "look the code up in Microsoft's documentation",
        ),
    };
    Refusal::new(kind, error, message).remedy(remedy)
}
