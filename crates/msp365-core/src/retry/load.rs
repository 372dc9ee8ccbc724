//! What a service says about its load: how much a refusal covers, and how near the limit is.

use crate::Reply;

/// What a refusal due to load covers (Graph, "Microsoft Graph throttling guidance", `x-ms-throttle-scope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Whose requests.
    pub reach: Reach,
    /// Which of them.
    pub share: Share,
}

/// Whose requests a refusal due to load covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Those of this application in this tenant, or of all applications there.
    Tenant,
    /// Those of this application in all tenants.
    Application,
}

/// Which requests a refusal due to load covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Share {
    /// Those that read.
    Reads,
    /// Those that write.
    Writes,
    /// All.
    All,
}

impl Scope {
    /// What is covered if the service does not say: everything in this tenant.
    pub const WHOLE_TENANT: Self = Self {
        reach: Reach::Tenant,
        share: Share::All,
    };
}

/// What this refusal covers. An unknown reach counts as this tenant, an unknown share as all requests.
pub fn throttle_scope(reply: &Reply) -> Scope {
    let Some(text) = reply.header("x-ms-throttle-scope") else {
        return Scope::WHOLE_TENANT;
    };
    let mut parts = text.split('/').map(str::trim);
    let reach = match parts.next() {
        Some(word) if word.eq_ignore_ascii_case("application") => Reach::Application,
        _ => Reach::Tenant,
    };
    let share = match parts.next() {
        Some(word) if word.eq_ignore_ascii_case("read") => Share::Reads,
        Some(word) if word.eq_ignore_ascii_case("write") => Share::Writes,
        _ => Share::All,
    };
    Scope { reach, share }
}

/// How much of a limit is used, where 1.0 is all of it, if the service says so (from 0.8 on).
pub fn throttle_load(reply: &Reply) -> Option<f64> {
    let text = reply.header("x-ms-throttle-limit-percentage")?;
    let load: f64 = text.trim().parse().ok()?;
    (load.is_finite() && load >= 0.8).then_some(load)
}

/// Whether a refusal due to load is about requests running at the same time rather than requests within a period: it
/// names no wait, or says so in words.
pub fn is_about_concurrency(reply: &Reply) -> bool {
    reply.status == http::StatusCode::TOO_MANY_REQUESTS
        && (super::retry_after(reply).is_none()
            || reply
                .header("x-ms-throttle-information")
                .is_some_and(mentions_concurrency)
            || std::str::from_utf8(reply.text_bytes()).is_ok_and(mentions_concurrency))
}

fn mentions_concurrency(text: &str) -> bool {
    text.to_ascii_lowercase().contains("concurren")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    fn refused(name: &'static str, value: &'static str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Reply::new(StatusCode::TOO_MANY_REQUESTS, headers, "")
    }

    #[test]
    fn f027_f028_a_scope_says_whose_and_which_requests_are_refused() {
        let scope = |text| throttle_scope(&refused("x-ms-throttle-scope", text));

        for (text, reach, share) in [
            (
                "Tenant_Application/Write/app/tenant",
                Reach::Tenant,
                Share::Writes,
            ),
            ("Tenant_Application/Read/app/tenant", Reach::Tenant, Share::Reads),
            ("Tenant/ReadWrite/app/tenant", Reach::Tenant, Share::All),
            ("Application/ReadWrite/app/tenant", Reach::Application, Share::All),
            ("Mailbox/Odd", Reach::Tenant, Share::All),
            ("", Reach::Tenant, Share::All),
        ] {
            assert_eq!(scope(text), Scope { reach, share }, "{text}");
        }
    }

    #[test]
    fn f029_a_load_below_the_warning_is_none() {
        let load = |text| throttle_load(&refused("x-ms-throttle-limit-percentage", text));

        assert_eq!(load("0.85"), Some(0.85));
        assert_eq!(load("1.8"), Some(1.8));
        for text in ["0.5", "NaN", "inf", "-1", "much"] {
            assert_eq!(load(text), None, "{text}");
        }
    }

    #[test]
    fn f031_a_refusal_without_a_wait_is_about_work_under_way() {
        assert!(is_about_concurrency(&refused("date", "x")));
        assert!(!is_about_concurrency(&refused("retry-after", "7")));
        let mut named = refused("retry-after", "7");
        named.body =
            r#"{"error":{"code":"ApplicationThrottled","message":"over its MailboxConcurrency limit"}}"#
                .into();
        assert!(is_about_concurrency(&named));
    }
}
