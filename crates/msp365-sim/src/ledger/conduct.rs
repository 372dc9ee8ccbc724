//! What clients did in spite of what they had been told: tokens, hosts, rounds of changes, repetitions.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};

use super::{
    SinKind,
    book::{CROSSING, Heard, named},
};
use crate::front::{Asked, Family};

/// The most attempts of one request that come to nothing: clients of this project make five.
const MOST_ATTEMPTS: u32 = 10;
/// The time in which they count.
const ATTEMPTS_WITHIN: SignedDuration = SignedDuration::from_mins(15);

const GRAPH: [&str; 4] = [
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
];
const SIGN_IN: [&str; 4] = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
];
const PARTNER_CENTER: [&str; 4] = [
    "api.partnercenter.microsoft.com",
    "api.partnercenter.microsoft.us",
    "api.partnercenter.microsoftonline.us",
    "partner.partnercenterapi.microsoftonline.cn",
];

/// What somebody was told, and by which arrival they can know.
#[derive(Debug, Clone, Copy)]
struct Told {
    at: Timestamp,
    from: u64,
}

#[derive(Debug)]
struct Streak {
    attempts: u32,
    since: Timestamp,
}

/// What clients were told, as far as they are to keep to it.
#[derive(Debug, Default)]
pub(super) struct Conduct {
    /// Where the cloud is served, if it is.
    address: Option<String>,
    refused: BTreeMap<u64, Told>,
    ended: BTreeMap<String, Told>,
    streaks: BTreeMap<String, Streak>,
}

impl Conduct {
    pub(super) fn serves_at(&mut self, address: &str) {
        let host = address.split_once("://").map_or(address, |(_, host)| host);
        self.address = Some(host.to_owned());
    }

    /// What is wrong with a request.
    pub(super) fn arrived(
        &mut self,
        asked: &Asked,
        (number, patient): (u64, bool),
        now: Timestamp,
    ) -> Vec<(SinKind, String)> {
        let mut sins = Vec::new();
        if let Some(detail) = self.foreign(asked) {
            sins.push((SinKind::ForeignHost, detail));
        }
        let knew = |told: &Told| {
            let crossed = patient && now.duration_since(told.at) < CROSSING;
            number >= told.from && !crossed
        };
        let is_api = matches!(asked.family, Family::Graph | Family::PartnerCenter);
        let token = asked.token.filter(|_| is_api);
        if token.and_then(|token| self.refused.get(&token)).is_some_and(knew) {
            let detail = "the token had been refused with 401".to_owned();
            sins.push((SinKind::RefusedToken, detail));
        }
        let round = round(asked);
        if round.and_then(|round| self.ended.get(&round)).is_some_and(knew) {
            let detail = "the round had to begin anew".to_owned();
            sins.push((SinKind::IgnoredResync, detail));
        }
        let streak = self.streaks.entry(same(asked)).or_insert(Streak {
            attempts: 0,
            since: now,
        });
        if now.duration_since(streak.since) >= ATTEMPTS_WITHIN {
            (streak.attempts, streak.since) = (0, now);
        }
        streak.attempts += 1;
        if streak.attempts > MOST_ATTEMPTS {
            let detail = format!("attempt {}, after none came to anything", streak.attempts);
            sins.push((SinKind::UnboundedRetry, detail));
        }
        sins
    }

    /// Keeps what the client was told.
    pub(super) fn answered(&mut self, one: &Heard<'_>, next: u64, now: Timestamp) {
        let told = Told { at: now, from: next };
        if let (401, Some(token)) = (one.status, one.asked.token) {
            self.refused.entry(token).or_insert(told);
        }
        let code = one.code.as_deref().unwrap_or_default().to_ascii_lowercase();
        let anew = one.status == 410 || code.starts_with("resync") || code == "syncstatenotfound";
        if let (true, Some(round)) = (anew, round(one.asked)) {
            self.ended.entry(round).or_insert(told);
        }
        if !matches!(one.status, 408 | 429 | 500..=599) {
            self.streaks.remove(&same(one.asked));
        }
    }

    fn foreign(&self, asked: &Asked) -> Option<String> {
        if asked.family == Family::Download && asked.token.is_some() {
            return Some("the storage of reports was shown a token".to_owned());
        }
        let known: &[&str] = match asked.family {
            Family::Graph | Family::Download => &GRAPH,
            Family::SignIn => &SIGN_IN,
            Family::PartnerCenter => &PARTNER_CENTER,
        };
        let host = asked.host.trim_end_matches(":443");
        let is_ours = self.address.as_deref().is_some_and(|address| {
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            let is_loopback = ["localhost", "127.0.0.1", "[::1]"].contains(&name);
            host == address || is_loopback || address.starts_with("0.0.0.0:") || address.starts_with("[::]:")
        });
        if known.contains(&host) || is_ours {
            return None;
        }
        let token = if asked.token.is_some() {
            ", with a token"
        } else {
            ""
        };
        Some(format!("{} is no host of the service{token}", asked.host))
    }
}

/// The round of changes that a request goes on with.
fn round(asked: &Asked) -> Option<String> {
    let is_delta = asked.path.last().is_some_and(|last| last.starts_with("delta"));
    let token = asked.option("$deltatoken").or_else(|| asked.option("$skiptoken"));
    let token = token.filter(|token| is_delta && *token != "latest")?;
    Some(format!("{} {token}", asked.path.join("/")))
}

/// What two requests have in common that are the same.
fn same(asked: &Asked) -> String {
    let tenant = asked.tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
    let query: Vec<String> = asked
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let body: Vec<u8> = digest(&SHA256, &asked.body).as_ref().to_vec();
    format!(
        "{tenant} {:?} {} {} {body:?}",
        asked.family,
        named(asked),
        query.join("&")
    )
}
