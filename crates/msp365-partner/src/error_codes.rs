//! What the numbers of Partner Center's errors mean, and what to do.
//!
//! Source: Partner Center's page of error codes, as of March 2021; 900421 from its news of 2026. Version 1.

/// What one number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PartnerError {
    /// The number, as text, as the service mixes texts and numbers.
    pub code: &'static str,
    /// What happened.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// What a number means, where it is known here.
///
/// ```
/// use msp365_partner::error_codes;
///
/// assert!(error_codes::find("900421").is_some_and(|error| error.meaning.contains("second factor")));
/// ```
pub fn find(code: &str) -> Option<PartnerError> {
    TABLE
        .iter()
        .find(|(own, _, _)| *own == code)
        .map(|&(code, meaning, remedy)| PartnerError {
            code,
            meaning,
            remedy,
        })
}

const TABLE: [(&str, &str, &str); 22] = [
    ("400", "the token was not accepted", "get a new token"),
    (
        "800001",
        "the token does not name a partner",
        "get a token of the partner's tenant",
    ),
    (
        "900421",
        "the sign-in proved no second factor",
        "connect again with a second factor of Microsoft's own",
    ),
    (
        "2032",
        "access is denied",
        "check the role of the account in the partner's tenant",
    ),
    (
        "20002",
        "the tenant is no customer of this partner",
        "make a reseller relationship, or use Graph with GDAP",
    ),
    (
        "900150",
        "the role of the account does not suffice",
        "put the account into AdminAgents",
    ),
    (
        "800039",
        "the partner's programme is not active",
        "renew the membership in the programme",
    ),
    (
        "900149",
        "the reseller's programme is not active",
        "the reseller renews the membership in the programme",
    ),
    (
        "900123",
        "the reseller has not accepted the partner agreement",
        "the reseller accepts it in Partner Center",
    ),
    (
        "900124",
        "the partner agreement was not accepted",
        "accept it in Partner Center",
    ),
    (
        "800073",
        "the customer's account is under review",
        "try again after some days",
    ),
    (
        "800074",
        "the customer's account is under review",
        "try again after some days",
    ),
    ("1000", "there is no such object", "check the id"),
    (
        "20003",
        "there is no such subscription",
        "check the id of the subscription",
    ),
    ("60002", "there is no such user", "check the object id"),
    (
        "60003",
        "there is no such tenant",
        "check the tenant id; the tenant may have been deleted",
    ),
    ("60012", "no licences are left", "buy more units, or free some"),
    ("3000", "a property is not valid", "correct the request"),
    ("800002", "the input is not valid", "correct the request"),
    (
        "900118",
        "the id of the customer is not valid",
        "check the id of the customer",
    ),
    (
        "900127",
        "this is not possible in the sandbox",
        "use an account outside the sandbox",
    ),
    (
        "2055",
        "the object has changed meanwhile",
        "read it again, then repeat the change",
    ),
];

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};
    use msp365_core::{ErrorKind, Reply, Service, ServiceError};

    use super::*;

    fn kind(status: u16, code: &str) -> ErrorKind {
        let body = format!(r#"{{"code":{code},"description":"d","source":"PartnerFD"}}"#);
        let reply = Reply::new(StatusCode::from_u16(status).unwrap(), HeaderMap::new(), body);
        ServiceError::from_reply(Service::PartnerCenter, &reply).kind()
    }

    #[test]
    fn each_number_stands_once_and_says_what_to_do() {
        let mut seen = std::collections::HashSet::new();

        for (code, meaning, remedy) in TABLE {
            assert!(seen.insert(code) && code.parse::<u32>().is_ok(), "{code}");
            assert!(!meaning.is_empty() && !remedy.is_empty(), "{code}");
        }
        assert_eq!(find("1"), None);
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
