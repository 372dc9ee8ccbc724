//! What Partner Center's error numbers mean, and what to do: its part of the [catalogue](mod@msp365_core::catalogue).

use msp365_core::catalogue::{self, Entry, Family};

/// What a number means, if it is known here.
///
/// ```
/// use msp365_partner::error_codes;
///
/// assert!(error_codes::find("900421").is_some_and(|error| error.cause.contains("second factor")));
/// ```
pub fn find(code: &str) -> Option<&'static Entry> {
    catalogue::find(Family::PartnerCenter, code)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};
    use msp365_core::{ErrorKind, Reply, Service, ServiceError};

    fn kind(status: u16, code: &str) -> ErrorKind {
        let body = format!(r#"{{"code":{code},"description":"d","source":"PartnerFD"}}"#);
        let reply = Reply::new(StatusCode::from_u16(status).unwrap(), HeaderMap::new(), body);
        ServiceError::from_reply(Service::PartnerCenter, &reply).kind()
    }

    #[test]
    fn numbers_tell_their_kinds_apart() {
        for (status, code, expected) in [
            (401, "900421", ErrorKind::SignIn),
            (401, "800001", ErrorKind::SignIn),
            (403, "20002", ErrorKind::Relationship),
            (403, "900124", ErrorKind::Denied),
            (403, "800073", ErrorKind::Unavailable),
            (404, "60003", ErrorKind::NotFound),
            (400, "60012", ErrorKind::Conflict),
            (400, "3000", ErrorKind::Invalid),
            (400, "2055", ErrorKind::Conflict),
            (429, "1", ErrorKind::Throttled),
        ] {
            assert_eq!(kind(status, code), expected, "{code}");
            assert_eq!(kind(status, &format!("\"{code}\"")), expected, "{code} as text");
        }
    }
}
