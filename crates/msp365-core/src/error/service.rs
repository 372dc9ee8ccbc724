//! The error bodies of Microsoft Graph and Partner Center.

use serde_json::Value;

use super::ErrorKind;
use crate::{Reply, Service};

/// Longest error message kept, in characters.
const MESSAGE_BOUND: usize = 1024;
/// How many levels of nested error bodies are read.
const DEPTH_BOUND: usize = 8;

/// What a service said when it refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status} {code}: {message}")]
#[non_exhaustive]
pub struct ServiceError {
    /// The service.
    pub service: Service,
    /// The HTTP status.
    pub status: u16,
    /// The most specific code; empty if the body has none.
    pub code: String,
    /// The message, without control characters and cut at 1,024 characters.
    pub message: String,
    /// All codes from the outermost to the innermost.
    pub codes: Vec<String>,
    /// The service's id of this exchange.
    pub request_id: Option<String>,
    /// Our own id of this exchange, as the service echoed it.
    pub client_request_id: Option<String>,
}

impl ServiceError {
    /// Reads an error reply; any body gives an error, even an empty one or HTML.
    pub fn from_reply(service: Service, reply: &Reply) -> Self {
        let mut found = Found::default();
        match serde_json::from_slice::<Value>(reply.text_bytes()) {
            Ok(body) => found.walk(&body, 0),
            Err(_) => found.message = String::from_utf8_lossy(reply.text_bytes()).into_owned(),
        }
        Self {
            service,
            status: reply.status.as_u16(),
            code: found.codes.last().cloned().unwrap_or_default(),
            message: plain(&found.message),
            codes: found.codes,
            request_id: reply.request_id().map(str::to_owned).or(found.request_id),
            client_request_id: ["client-request-id", "ms-correlationid"]
                .iter()
                .find_map(|name| reply.header(name))
                .map(str::to_owned),
        }
    }

    /// Whether any of the codes is this one, ignoring case.
    pub fn has_code(&self, code: &str) -> bool {
        self.codes.iter().any(|own| own.eq_ignore_ascii_case(code))
    }

    /// Whether a delta link is unknown or too old, so that a full pass has to start.
    pub fn is_resync(&self) -> bool {
        const CODES: [&str; 4] = [
            "syncStateNotFound",
            "resyncRequired",
            "resyncApplyDifferences",
            "resyncUploadDifferences",
        ];
        self.status == 410 || CODES.iter().any(|code| self.has_code(code))
    }

    /// Whether a page link expired before it was followed, so that the listing has to start over.
    pub fn is_page_expired(&self) -> bool {
        self.has_code("Directory_ExpiredPageToken")
    }

    /// What it means to a caller: by code if the [catalogue](crate::catalogue) tells more than the status does.
    pub fn kind(&self) -> ErrorKind {
        let by_status = self.status_kind();
        match crate::catalogue::of_service(self) {
            // A generic code says less than the status it comes with.
            Some(entry) if is_specific(entry.code) => entry.kind,
            _ => by_status,
        }
    }

    const fn status_kind(&self) -> ErrorKind {
        match self.status {
            401 => ErrorKind::SignIn,
            403 => ErrorKind::Denied,
            404 | 410 => ErrorKind::NotFound,
            // The endpoint does not exist in this cloud: everything else goes on without it.
            405 | 501 => ErrorKind::Unlicensed,
            408 => ErrorKind::Timeout,
            409 | 412 | 423 => ErrorKind::Conflict,
            429 => ErrorKind::Throttled,
            // 407: a proxy wants credentials, and the service can do nothing about that.
            407 | 500..=599 => ErrorKind::Unavailable,
            400..=499 => ErrorKind::Invalid,
            _ => ErrorKind::Other,
        }
    }
}

/// Whether a code says more than the status does; vague ones come with any status.
fn is_specific(code: &str) -> bool {
    const VAGUE: [&str; 9] = [
        "UnknownError",
        "generalException",
        "BadRequest",
        "Request_BadRequest",
        "Forbidden",
        "ResourceNotFound",
        "itemNotFound",
        "400",
        "409",
    ];
    !VAGUE.contains(&code)
}

#[derive(Default)]
struct Found {
    codes: Vec<String>,
    message: String,
    request_id: Option<String>,
}

impl Found {
    fn walk(&mut self, body: &Value, depth: usize) {
        let Value::Object(members) = body else { return };
        if depth > DEPTH_BOUND {
            return;
        }
        if let Some(error) = members.get("error").filter(|error| error.is_object()) {
            self.walk(error, depth + 1);
        }
        match members.get("code") {
            Some(Value::String(code)) if !code.is_empty() => self.codes.push(code.clone()),
            Some(Value::Number(code)) => self.codes.push(code.to_string()),
            _ => {}
        }
        for name in ["message", "description", "error_description"] {
            match members.get(name) {
                Some(Value::String(text)) => self.text(text, depth),
                Some(inner @ Value::Object(_)) => self.walk(inner, depth + 1),
                _ => {}
            }
        }
        if let Some(Value::String(id)) = members.get("request-id") {
            self.request_id.get_or_insert_with(|| id.clone());
        }
        for name in ["innerError", "innererror"] {
            if let Some(inner) = members.get(name) {
                self.walk(inner, depth + 1);
            }
        }
        for detail in members
            .get("details")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.walk(detail, depth + 1);
        }
    }

    fn text(&mut self, text: &str, depth: usize) {
        // Intune and the reports put a whole error body into the message.
        if text.trim_start().starts_with('{')
            && let Ok(inner) = serde_json::from_str::<Value>(text)
        {
            self.walk(&inner, depth + 1);
        }
        if self.message.is_empty() {
            text.clone_into(&mut self.message);
        }
    }
}

fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MESSAGE_BOUND)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn graph(status: u16, body: &str) -> ServiceError {
        let reply = Reply::new(
            StatusCode::from_u16(status).unwrap(),
            HeaderMap::new(),
            body.to_owned(),
        );
        ServiceError::from_reply(Service::Graph, &reply)
    }

    #[test]
    fn f052_the_deepest_code_decides() {
        let error = graph(
            400,
            r#"{"error":{"code":"BadRequest","message":"m","innerError":{"code":"Directory_ExpiredPageToken"}}}"#,
        );

        assert_eq!(error.codes, ["BadRequest", "Directory_ExpiredPageToken"]);
        assert!(error.is_page_expired());
    }

    #[test]
    fn f052_json_inside_the_message_is_read() {
        let error = graph(
            403,
            r#"{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"S2SUnauthorized\",\"message\":\"x\"}}"}}"#,
        );

        assert_eq!(error.kind(), ErrorKind::Consent);
    }

    #[test]
    fn f182_an_address_that_is_taken_is_a_conflict() {
        let body = r#"{"error":{"code":"Request_BadRequest","message":"m","details":[{"code":"ConflictingObjects",
            "message":"m","target":"proxyAddresses"}]}}"#;

        assert_eq!(graph(400, body).kind(), ErrorKind::Conflict);
    }

    #[test]
    fn f052_a_code_is_found_wherever_it_stands() {
        const DENIED: &str = "Authorization_RequestDenied";
        for body in [
            r#"{"error":{"code":"Authorization_RequestDenied","message":"m"}}"#,
            r#"{"error":{"code":"","message":"m","innerError":{"code":"Authorization_RequestDenied"}}}"#,
            r#"{"error":{"code":"BadRequest","innererror":{"code":"Authorization_RequestDenied"}}}"#,
            r#"{"error":{"innererror":{"innererror":{"code":"Authorization_RequestDenied"}}}}"#,
            r#"{"error":{"code":"UnknownError","message":{"code":"Authorization_RequestDenied","value":"m"}}}"#,
            r#"{"error":{"code":"UnknownError","message":"{\"code\":\"Authorization_RequestDenied\"}"}}"#,
            r#"{"error":{"code":"BadRequest","details":[{"code":"Authorization_RequestDenied","target":"t"}]}}"#,
            r#"{"code":"Authorization_RequestDenied","message":"m"}"#,
        ] {
            let error = graph(400, body);

            assert_eq!(
                (error.code.as_str(), error.kind()),
                (DENIED, ErrorKind::Denied),
                "{body}"
            );
        }
    }

    #[test]
    fn f052_a_body_without_a_code_is_told_by_its_status() {
        for body in [
            "",
            "null",
            "[]",
            r#"{"error":null}"#,
            r#"{"error":"denied"}"#,
            r#"{"error":{"code":"","message":null}}"#,
        ] {
            let error = graph(403, body);

            assert_eq!(
                (error.code.as_str(), error.kind()),
                ("", ErrorKind::Denied),
                "{body}"
            );
        }
    }

    #[test]
    fn f041_an_object_that_is_gone_is_not_found() {
        let error = graph(
            404,
            r#"{"error":{"code":"Request_ResourceNotFound","message":"m"}}"#,
        );

        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(!error.is_resync());
    }

    #[test]
    fn f042_what_this_cloud_does_not_offer_is_told_apart_from_an_outage() {
        for (status, code) in [(405, "Request_BadRequest"), (501, "NotImplemented")] {
            let error = graph(
                status,
                &format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#),
            );

            assert_eq!(error.kind(), ErrorKind::Unlicensed, "{status}");
        }
        for status in [406, 415] {
            assert_eq!(graph(status, "").kind(), ErrorKind::Invalid, "{status}");
        }
    }

    #[test]
    fn a_gateway_page_keeps_its_status() {
        let error = graph(503, "<html>\r\nbusy</html>");

        assert_eq!((error.status, error.kind()), (503, ErrorKind::Unavailable));
        assert_eq!(error.message, "<html>  busy</html>");
    }

    #[test]
    fn a_tenant_without_premium_is_unlicensed_not_denied() {
        let body =
            r#"{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"m"}}"#;

        assert_eq!(graph(403, body).kind(), ErrorKind::Unlicensed);
    }

    #[test]
    fn partner_center_codes_are_numbers_or_texts() {
        for body in [
            r#"{"code":900421,"description":"MFA"}"#,
            r#"{"code":"900421","description":"MFA"}"#,
        ] {
            let reply = Reply::new(StatusCode::UNAUTHORIZED, HeaderMap::new(), body);

            let error = ServiceError::from_reply(Service::PartnerCenter, &reply);

            assert_eq!((error.code.as_str(), error.kind()), ("900421", ErrorKind::SignIn));
        }
    }
}
