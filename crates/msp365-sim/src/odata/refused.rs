//! Why a request is refused.

use http::StatusCode;

/// A refusal in the words of the service: status, code, message and, where it names one, another place to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) location: Option<String>,
    /// What exactly is wrong: a code and the property.
    pub(crate) detail: Option<(&'static str, &'static str)>,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            location: None,
            detail: None,
        }
    }

    /// What the directory says of a request it does not understand.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", message)
    }

    /// What the directory says of a query it understands but does not serve that way.
    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    pub(crate) fn unknown_property(property: &str, shape: &str) -> Self {
        Self::bad(format!(
            "Could not find a property named '{property}' on type 'microsoft.graph.{shape}'."
        ))
    }

    pub(crate) fn not_found(id: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "Request_ResourceNotFound",
            format!(
                "Resource '{id}' does not exist or one of its queried reference-property objects are not present."
            ),
        )
    }

    pub(crate) fn unknown_segment(segment: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "BadRequest",
            format!("Resource not found for the segment '{segment}'."),
        )
    }

    pub(crate) fn method(method: &http::Method) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "Request_BadRequest",
            format!("Specified HTTP method is not allowed for the request target: {method}."),
        )
    }
}
