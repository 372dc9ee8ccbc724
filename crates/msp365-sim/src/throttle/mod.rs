//! Throttling: windows per app, tenant and both, on the cloud's clock, at the documented limits.

mod limits;
#[cfg(test)]
mod tests;
mod window;

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, StatusCode, header};
use jiff::Timestamp;
use msp365_core::Reply;
use serde_json::json;

use self::{
    limits::{Counting, LIMITS, Limit, Sharing, Subject},
    window::Window,
};
use crate::{
    front::{Asked, Family},
    graph, reply,
};

/// Whether the cloud refuses who asks too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Throttle {
    /// Never.
    #[default]
    Off,
    /// At the limits that Microsoft documents, by the size of the tenant.
    Documented,
    /// At this fraction of them: 100 stands for a hundredth. No limit falls below one.
    Divided(u32),
}

/// All windows of a cloud.
#[derive(Debug)]
pub(crate) struct Gate {
    throttle: Throttle,
    windows: BTreeMap<(usize, String), Window>,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may go on; the hundredth of the fullest limit that is used.
    Pass { percent: u64 },
    /// It came too early.
    Refused(Refused),
}

/// Why, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    seconds: u64,
    scope: String,
    information: &'static str,
    family: Family,
}

impl Gate {
    pub(crate) const fn new(throttle: Throttle) -> Self {
        Self {
            throttle,
            windows: BTreeMap::new(),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.throttle == Throttle::Off
    }

    /// Counts a request, also one that is refused.
    pub(crate) fn charge(&mut self, asked: &Asked, users: u64, now: Timestamp) -> Verdict {
        let mut percent = 0;
        let mut refused: Option<Refused> = None;
        for (place, limit) in LIMITS.iter().enumerate() {
            let Some(cost) = cost(limit, asked) else {
                continue;
            };
            let most = self.most(limit, users);
            let key = (place, shared_by(limit, asked));
            let window = self.windows.entry(key).or_default();
            let used = window.add(now, limit.window, cost);
            percent = percent.max(used.saturating_mul(100) / most);
            if used > most {
                let seconds = window.wait(now, limit.window, most.saturating_sub(cost));
                if refused.as_ref().is_none_or(|worst| worst.seconds < seconds) {
                    refused = Some(Refused {
                        seconds,
                        scope: scope(limit, asked),
                        information: information(limit),
                        family: asked.family,
                    });
                }
            }
        }
        refused.map_or(Verdict::Pass { percent }, Verdict::Refused)
    }

    fn most(&self, limit: &Limit, users: u64) -> u64 {
        let most = limit.most.for_users(users);
        match self.throttle {
            Throttle::Divided(by) => (most / u64::from(by.max(1))).max(1),
            Throttle::Off | Throttle::Documented => most,
        }
    }
}

/// What a request takes from a limit; `None` if the limit is not about it.
fn cost(limit: &Limit, asked: &Asked) -> Option<u64> {
    let subject = limits::subject(asked)?;
    let concerns = match limit.subject {
        Subject::Graph => asked.family == Family::Graph,
        Subject::Partner => asked.family == Family::PartnerCenter,
        other => other == subject,
    };
    match limit.counting {
        _ if !concerns => None,
        Counting::Requests => Some(1),
        Counting::Writes => asked.is_write().then_some(1),
        Counting::Units => {
            let units = graph::units_of(&asked.method, &asked.segments(), &asked.query);
            Some(u64::from(units))
        }
    }
}

fn shared_by(limit: &Limit, asked: &Asked) -> String {
    let app = asked.app.as_deref().unwrap_or_default();
    let tenant = asked.tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
    // Usage reports are counted report by report.
    let report = match limit.subject {
        Subject::UsageReports => asked.path.get(1).and_then(|name| name.split('(').next()),
        _ => None,
    };
    let report = report.unwrap_or_default();
    match limit.sharing {
        Sharing::AppAndTenant => format!("{app}/{tenant}/{report}"),
        Sharing::App => format!("{app}/{report}"),
        Sharing::Tenant => format!("{tenant}/{report}"),
    }
}

fn scope(limit: &Limit, asked: &Asked) -> String {
    let who = match limit.sharing {
        Sharing::AppAndTenant => "Tenant_Application",
        Sharing::App => "Application",
        Sharing::Tenant => "Tenant",
    };
    let what = match limit.counting {
        Counting::Writes => "Write",
        Counting::Requests | Counting::Units => "ReadWrite",
    };
    let app = asked.app.as_deref().unwrap_or_default();
    let tenant = asked.tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
    format!("{who}/{what}/{app}/{tenant}")
}

const fn information(limit: &Limit) -> &'static str {
    match limit.counting {
        Counting::Writes => "WriteLimitExceeded",
        Counting::Units => "ResourceUnitLimitExceeded",
        Counting::Requests => "RequestLimitExceeded",
    }
}

/// The refusal as the service writes it.
pub(crate) fn refusal(refused: &Refused, now: Timestamp) -> Reply {
    let mut headers = HeaderMap::new();
    reply::set(&mut headers, header::RETRY_AFTER, &refused.seconds.to_string());
    reply::set(&mut headers, header::DATE, &reply::http_date(now));
    let body = if refused.family == Family::PartnerCenter {
        let message = format!(
            "Rate limit is exceeded. Try again in {} seconds.",
            refused.seconds
        );
        json!({"statusCode": 429, "message": message})
    } else {
        for (name, value) in [
            ("x-ms-throttle-scope", refused.scope.as_str()),
            ("x-ms-throttle-information", refused.information),
        ] {
            reply::set(&mut headers, HeaderName::from_static(name), value);
        }
        json!({"error": {
            "code": "TooManyRequests",
            "message": "Too many requests.",
            "innerError": {"date": now.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "status": "429"},
        }})
    };
    reply::json(StatusCode::TOO_MANY_REQUESTS, headers, &body)
}

/// Tells how much of the limits is used, once that is most of them.
pub(crate) fn warn(reply: &mut Reply, percent: u64) {
    if percent > 80 && reply.status.is_success() {
        let percent = percent.min(180);
        reply::set(
            &mut reply.headers,
            HeaderName::from_static("x-ms-throttle-limit-percentage"),
            &format!("{}.{:02}", percent / 100, percent % 100),
        );
    }
}
