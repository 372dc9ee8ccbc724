//! Errors of the sign-in service with their AADSTS numbers.

use http::{HeaderMap, StatusCode};
use jiff::{Timestamp, tz::TimeZone};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::desk::Desk;
use crate::reply;

/// Why the token endpoint refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) error: &'static str,
    pub(crate) code: u32,
    pub(crate) message: String,
    pub(crate) suberror: Option<&'static str>,
    pub(crate) claims: Option<String>,
}

impl Refusal {
    pub(crate) fn new(error: &'static str, code: u32, message: impl Into<String>) -> Self {
        Self {
            error,
            code,
            message: message.into(),
            suberror: None,
            claims: None,
        }
    }

    pub(crate) fn suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    pub(crate) fn claims(mut self, claims: &Value) -> Self {
        self.claims = Some(claims.to_string());
        self
    }

    fn status(&self) -> StatusCode {
        match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The text with number, ids and time, as `error_description` has it.
    pub(crate) fn description(&self, trace: &str, correlation: &str, now: Timestamp) -> String {
        format!(
            "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {}",
            self.code,
            self.message,
            moment(now)
        )
    }

    /// As the answer of the token endpoint.
    pub(crate) fn reply(&self, desk: &Desk, base: &str, now: Timestamp) -> Reply {
        let (trace, correlation) = (desk.id(), desk.id());
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(&trace, &correlation, now),
            "error_codes": [self.code],
            "timestamp": moment(now),
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{base}/error?code={}", self.code),
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(self.suberror.map(|text| ("suberror".to_owned(), json!(text))));
            members.extend(
                self.claims
                    .as_ref()
                    .map(|text| ("claims".to_owned(), json!(text))),
            );
        }
        reply::json(self.status(), HeaderMap::new(), &body)
    }
}

fn moment(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%d %H:%M:%SZ")
        .to_string()
}
