//! Keeping the ledger: each request as it arrives, each answer as it leaves.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use msp365_core::TenantId;

use super::{
    Effect, Ledger, Sin, SinKind,
    conduct::Conduct,
    lanes::{self, Lane},
};
use crate::{
    front::{Asked, Family, Parcel},
    odata,
};

/// The same write again within this time is taken for a repetition; later it is a new wish.
const DOUBLE_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// Requests that cross an answer on a real network are forgiven if they come so soon after it.
pub(super) const CROSSING: SignedDuration = SignedDuration::from_millis(100);

/// A request or an item, and what its client was told.
#[derive(Debug)]
pub(crate) struct Heard<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    pub(crate) scope: Option<String>,
    /// Of a refused round of changes.
    pub(crate) code: Option<String>,
}

#[derive(Debug)]
struct Wait {
    until: Timestamp,
    told: Timestamp,
    /// The first arrival that can know of it.
    from: u64,
    request: String,
}

/// The ledger while it is written.
#[derive(Debug)]
pub(crate) struct Book {
    ledger: Ledger,
    waits: BTreeMap<Lane, Wait>,
    conduct: Conduct,
    /// Whether requests that may have crossed an answer are forgiven.
    patient: bool,
}

impl Book {
    pub(crate) fn new(patient: bool) -> Self {
        Self {
            ledger: Ledger::default(),
            waits: BTreeMap::new(),
            conduct: Conduct::default(),
            patient,
        }
    }

    /// Notes where the cloud is served.
    pub(crate) fn serves_at(&mut self, address: &str) {
        self.conduct.serves_at(address);
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    /// Looks at a request as it arrives.
    pub(crate) fn arrived(&mut self, asked: &Asked, (partner, number): (TenantId, u64), now: Timestamp) {
        self.check_token(asked, partner, now);
        for (kind, detail) in self.conduct.arrived(asked, (number, self.patient), now) {
            self.sin(kind, asked, detail, now);
        }
        let items = Parcel::of(asked).map(|parcel| parcel.items);
        let mut seen = BTreeSet::new();
        for one in items.iter().flatten().map(|item| &item.asked).chain([asked]) {
            for lane in lanes::of(one) {
                let Some(wait) = self.waits.get(&lane) else {
                    continue;
                };
                let is_same = wait.request == named(one);
                let crossed = self.patient && !is_same && now.duration_since(wait.told) < CROSSING;
                if number >= wait.from && now < wait.until && !crossed && seen.insert(lane) {
                    let left = wait.until.duration_since(now).as_secs_f64();
                    let detail = format!("{left:.3} s before it was to ask again");
                    self.sin(SinKind::EarlyRetry, one, detail, now);
                }
            }
        }
    }

    fn check_token(&mut self, asked: &Asked, partner: TenantId, now: Timestamp) {
        let wanted = match asked.family {
            Family::Graph => "https://graph.microsoft.com",
            Family::PartnerCenter => "https://api.partnercenter.microsoft.com",
            Family::SignIn | Family::Download => return,
        };
        if let Some(audience) = asked.audience.as_deref().filter(|audience| *audience != wanted) {
            let detail = format!("the token is made out to {audience}");
            self.sin(SinKind::WrongAudience, asked, detail, now);
        }
        let Some(tenant) = asked.tenant else { return };
        if asked.family == Family::PartnerCenter && tenant != partner {
            let detail = "Partner Center takes tokens of the partner's own tenant".to_owned();
            self.sin(SinKind::WrongTenant, asked, detail, now);
        }
        let token = asked.option("$skiptoken").or_else(|| asked.option("$deltatoken"));
        let owner = token.and_then(odata::token_tenant);
        if let Some(owner) = owner.filter(|owner| *owner != tenant.to_string()) {
            let detail = format!("the page token belongs to tenant {owner}");
            self.sin(SinKind::WrongTenant, asked, detail, now);
        }
    }

    /// Keeps the effects of what the service did.
    pub(crate) fn served(&mut self, heard: &[Heard<'_>], now: Timestamp) {
        for one in heard {
            if one.asked.is_write() && (200..300).contains(&one.status) {
                self.effect(one.asked, now);
                self.ledger.reads.written(one.asked);
            }
        }
    }

    /// Keeps what the client was told to wait for.
    pub(crate) fn delivered(&mut self, heard: &[Heard<'_>], next: u64, now: Timestamp) {
        for one in heard {
            self.conduct.answered(one, next, now);
            self.ledger.reads.answered(one, now);
            let asks_to_wait = matches!(one.status, 429 | 503);
            let wait = one.retry_after.as_deref().filter(|_| asks_to_wait);
            let Some(until) = wait.and_then(|text| end_of(text, now)) else {
                continue;
            };
            let told = Wait {
                until,
                told: now,
                from: next,
                request: named(one.asked),
            };
            self.waits
                .insert(lanes::told(one.asked, one.scope.as_deref()), told);
        }
    }

    fn effect(&mut self, asked: &Asked, now: Timestamp) {
        let print = digest(&SHA256, &asked.body).as_ref().to_vec();
        let (operation, target) = (operation(asked), asked.path.join("/"));
        let place = self.ledger.effects.iter().position(|effect| {
            effect.tenant == asked.tenant
                && effect.operation == operation
                && effect.target == target
                && effect.digest == print
        });
        let Some(place) = place else {
            self.ledger.effects.push(Effect {
                tenant: asked.tenant,
                operation,
                target,
                count: 1,
                at: now,
                digest: print,
            });
            return;
        };
        let others = self.ledger.effects.iter().enumerate().filter(|(at, other)| {
            *at != place && other.tenant == asked.tenant && touches(&other.target, &target)
        });
        let latest = others.map(|(_, other)| other.at).max();
        let Some(effect) = self.ledger.effects.get_mut(place) else {
            return;
        };
        let between = latest.is_some_and(|at| at > effect.at);
        let repeated = !between && now.duration_since(effect.at) < DOUBLE_WITHIN;
        effect.count += 1;
        effect.at = now;
        if repeated {
            let detail = format!("it took place {} times", effect.count);
            self.sin(SinKind::DoubledEffect, asked, detail, now);
        }
    }

    fn sin(&mut self, kind: SinKind, asked: &Asked, detail: String, at: Timestamp) {
        self.ledger.sins.push(Sin {
            kind,
            tenant: asked.tenant,
            request: named(asked),
            detail,
            at,
        });
    }
}

/// Whether a write to one path says something about the other: `users/1` and `users/1/revokeSignInSessions`.
fn touches(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Method and path.
pub(super) fn named(asked: &Asked) -> String {
    format!("{} {}", asked.method, asked.path.join("/"))
}

/// Method and path, with `{id}` in place of ids.
pub(crate) fn operation(asked: &Asked) -> String {
    let is_id = |text: &str| text.contains('@') || text.parse::<uuid::Uuid>().is_ok() || text.len() > 60;
    let path: Vec<&str> = asked
        .segments()
        .into_iter()
        .map(|segment| if is_id(segment) { "{id}" } else { segment })
        .collect();
    format!("{} {}", asked.method, path.join("/"))
}

/// When a wait ends; `None` of what says nothing.
fn end_of(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(moment) = rfc2822::DateTimeParser::new().parse_timestamp(text) {
        return Some(moment);
    }
    let seconds = text.split(',').filter_map(|part| part.trim().parse::<f64>().ok());
    let longest = seconds
        .filter(|seconds| (0.0..1e7).contains(seconds))
        .fold(None, |most, one| {
            Some(most.map_or(one, |most: f64| most.max(one)))
        });
    let span = SignedDuration::try_from_secs_f64(longest?).ok()?;
    now.checked_add(span).ok()
}
