//! Errors of the sign-in service with their AADSTS numbers.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::{Timestamp, tz::TimeZone};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{Visit, desk::Desk};
use crate::reply;

/// Why the sign-in service refuses.
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

    /// The text with ids of their own, as pages and redirects have it.
    pub(crate) fn told(&self, desk: &Desk, visit: &Visit<'_>) -> String {
        self.description(&desk.id(), &visit.correlation(desk), visit.now)
    }

    /// As an answer of an endpoint for programs.
    pub(crate) fn reply(&self, desk: &Desk, visit: &Visit<'_>) -> Reply {
        let (trace, correlation) = (desk.id(), visit.correlation(desk));
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(&trace, &correlation, visit.now),
            "error_codes": [self.code],
            "timestamp": moment(visit.now),
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={}", visit.base, self.code),
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(self.suberror.map(|text| ("suberror".to_owned(), json!(text))));
            members.extend(
                self.claims
                    .as_ref()
                    .map(|text| ("claims".to_owned(), json!(text))),
            );
        }
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store, no-cache"),
        );
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        reply::json(self.status(), headers, &body)
    }
}

fn moment(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%d %H:%M:%SZ")
        .to_string()
}
