//! What stands between a request and the services: throttling, and what is kept of it all.

mod asked;
#[cfg(test)]
pub(crate) mod bench;
mod delivery;
mod parcel;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, header};
use jiff::Timestamp;
use msp365_core::Reply;
use serde_json::Value;

pub(crate) use self::{
    asked::{Asked, Family},
    delivery::{Delivery, Length, Seen, vast},
    parcel::{Parcel, responses, with_body},
};
use crate::{
    cloud::State,
    dispatch,
    faults::{self, Board, Fate, Passage, REFUSED_STREAM},
    ledger::{Book, Heard},
    reply,
    throttle::{self, Gate, Throttle, Verdict},
};

/// What the front of a cloud keeps.
#[derive(Debug)]
pub(crate) struct Front {
    gate: Mutex<Gate>,
    book: Mutex<Book>,
    board: Mutex<Board>,
    arrivals: AtomicU64,
    open: AtomicUsize,
}

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Arrival<'a> {
    front: &'a Front,
    /// Counts arrivals.
    pub(crate) number: u64,
    /// How many requests are under way, this one included.
    pub(crate) open: usize,
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        self.front.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the service answered, before anything went wrong on the way back.
struct Served {
    reply: Reply,
    parcel: Option<Parcel>,
}

impl Front {
    pub(crate) fn new(throttle: Throttle, patient: bool) -> Self {
        Self {
            gate: Mutex::new(Gate::new(throttle)),
            book: Mutex::new(Book::new(patient)),
            board: Mutex::new(Board::default()),
            arrivals: AtomicU64::new(0),
            open: AtomicUsize::new(0),
        }
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a request arrived.
    pub(crate) fn arrive(&self) -> Arrival<'_> {
        Arrival {
            front: self,
            number: self.arrivals.fetch_add(1, Ordering::Relaxed),
            open: self.open.fetch_add(1, Ordering::Relaxed) + 1,
        }
    }

    /// Answers a request; tells which faults had a hand in it.
    pub(crate) fn answer(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        (arrival, now): (&Arrival<'_>, Timestamp),
    ) -> (Delivery, Vec<&'static str>) {
        let plain = faults::unwrapped(request);
        let request = plain.as_ref().unwrap_or(request);
        let asked = Asked::of(request);
        let partner = state.world.partner.id;
        self.book().arrived(&asked, (partner, arrival.number), now);
        let mut board = self.board();
        let mut passage = board.passage(request, &asked, (arrival.open, now));
        let delivery = self.pass(state, request, (&asked, &mut passage), now);
        (delivery, passage.close())
    }

    /// Takes a request through the scripts that it met.
    fn pass(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        (asked, passage): (&Asked, &mut Passage<'_>),
        now: Timestamp,
    ) -> Delivery {
        let fate = passage.fate(request, asked);
        if let Some((fate, size)) = fate.filter(|(fate, _)| !fate.serves()) {
            return unserved(fate, size);
        }
        let changed = passage.rewrite(request, asked);
        let sent = changed.as_ref().unwrap_or(request);
        let mut served = if let Some(reply) = passage.before(request, asked, &mut state.world) {
            Served { reply, parcel: None }
        } else {
            let served = self.serve(state, sent, passage, now);
            self.book().served(&heard(asked, &served), now);
            served
        };
        passage.after(request, asked, &mut served.reply);
        if !served.reply.headers.contains_key(header::DATE) {
            reply::set(&mut served.reply.headers, header::DATE, &reply::http_date(now));
        }
        let all = heard(asked, &served);
        let delivery = match fate {
            Some((fate, size)) => broken(fate, size, served.reply.clone()),
            None => Delivery::Whole(served.reply.clone()),
        };
        if let Delivery::Whole(_) | Delivery::Interim(..) | Delivery::ClosedIdle(_) = &delivery {
            let next = self.arrivals.load(Ordering::Relaxed);
            self.book().delivered(&all, next, now);
        }
        delivery
    }

    /// The answer of the service, or of the throttle in front of it.
    fn serve(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        passage: &mut Passage<'_>,
        now: Timestamp,
    ) -> Served {
        let asked = Asked::of(request);
        let parcel = Parcel::of(&asked);
        let mut gate = self.gate();
        let throttles = !gate.is_open() && dispatch::is_known(state, request, now);
        let users = asked.tenant.and_then(|tenant| state.world.tenant(tenant));
        let users = users.map_or(0, |tenant| tenant.users.rows.len());
        let users = u64::try_from(users).unwrap_or(u64::MAX);
        let reply = match &parcel {
            Some(items) => {
                let mut answers = passage.items(request, &asked, items);
                for item in items.items.iter().filter(|_| throttles) {
                    if let Verdict::Refused(refused) = gate.charge(&item.asked, users, now) {
                        let reply = throttle::refusal(&refused, now);
                        let answer = || parcel::answer(&item.id, &reply);
                        answers.entry(item.id.clone()).or_insert_with(answer);
                    }
                }
                serve_items(state, request, (items, answers), now)
            }
            None if throttles => match gate.charge(&asked, users, now) {
                Verdict::Refused(refused) => throttle::refusal(&refused, now),
                Verdict::Pass { percent } => {
                    let mut reply = dispatch::answer(state, request, now);
                    throttle::warn(&mut reply, percent);
                    reply
                }
            },
            None => dispatch::answer(state, request, now),
        };
        Served { reply, parcel }
    }
}

/// What comes of a request that the service never saw.
fn unserved(fate: Fate, size: u64) -> Delivery {
    match fate {
        Fate::Untrusted(why) => Delivery::NotSent(why),
        Fate::Lose => Delivery::Lost,
        Fate::Silent(seconds) => Delivery::Silent(Duration::from_secs(seconds)),
        Fate::BlackHole => Delivery::BlackHole(Duration::from_secs(size)),
        Fate::GoneBefore => Delivery::Gone(Seen::No),
        Fate::GoneDuring => Delivery::Gone(Seen::Perhaps),
        Fate::ResetBefore(REFUSED_STREAM) => Delivery::Reset(REFUSED_STREAM, Seen::No),
        Fate::ResetBefore(code) => Delivery::Reset(code, Seen::Perhaps),
        _ => Delivery::NotSent("connection refused"),
    }
}

/// What is left of an answer.
fn broken(fate: Fate, size: u64, reply: Reply) -> Delivery {
    let bytes = usize::try_from(size).unwrap_or(usize::MAX);
    match fate {
        Fate::Truncate => Delivery::Cut(reply, bytes, Length::Promised),
        Fate::TruncateOpen => Delivery::Cut(reply, bytes, Length::Open),
        Fate::Stall(seconds) => Delivery::Stalled(reply, bytes, Duration::from_secs(seconds)),
        Fate::Drip => Delivery::Drip(reply, size),
        Fate::Vast => Delivery::Vast(reply, bytes.saturating_mul(1 << 20)),
        Fate::GoneAfter => Delivery::Gone(Seen::Perhaps),
        Fate::ResetAfter(code) => Delivery::Reset(code, Seen::Perhaps),
        Fate::Garbage(bytes) => Delivery::Garbage(bytes),
        Fate::Interim(status) => Delivery::Interim(status, reply),
        Fate::ClosedIdle => Delivery::ClosedIdle(reply),
        _ => Delivery::Lost,
    }
}

/// Serves the items of a batch that have no answer yet.
fn serve_items(
    state: &mut State,
    request: &Request<Bytes>,
    (parcel, mut answers): (&Parcel, BTreeMap<String, Value>),
    now: Timestamp,
) -> Reply {
    if answers.is_empty() {
        return dispatch::answer(state, request, now);
    }
    let mut reply = match parcel.without(request, &mut answers) {
        Some(left) => dispatch::answer(state, &left, now),
        None => parcel::empty(),
    };
    parcel::add(&mut reply, answers);
    reply
}

/// The code of a refused round of changes; that of others says nothing to the ledger.
fn code(asked: &Asked, reply: &Reply) -> Option<String> {
    let is_delta = asked.path.last().is_some_and(|last| last.starts_with("delta"));
    let body: Value = match reply.status.as_u16() {
        400..=499 if is_delta => serde_json::from_slice(reply.text_bytes()).ok()?,
        _ => return None,
    };
    body["error"]["code"].as_str().map(str::to_owned)
}

/// What the client asked and is told, item by item if it is a batch.
fn heard<'a>(asked: &'a Asked, served: &'a Served) -> Vec<Heard<'a>> {
    let whole = Heard {
        asked,
        status: served.reply.status.as_u16(),
        retry_after: served.reply.header("retry-after").map(str::to_owned),
        scope: served.reply.header("x-ms-throttle-scope").map(str::to_owned),
        code: code(asked, &served.reply),
    };
    let mut all = vec![whole];
    // Only batches are opened: to read every page again would cost more than to write it.
    let Some(parcel) = &served.parcel else {
        return all;
    };
    let Some(body) = responses(&served.reply) else {
        return all;
    };
    for answer in body["responses"].as_array().into_iter().flatten() {
        let item = parcel.items.iter().find(|item| answer["id"] == item.id.as_str());
        let status = answer["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok());
        if let (Some(item), Some(status)) = (item, status) {
            let header = |wanted: &str| {
                let headers = answer["headers"].as_object()?;
                let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
            };
            all.push(Heard {
                asked: &item.asked,
                status,
                retry_after: header("retry-after"),
                scope: header("x-ms-throttle-scope"),
                code: answer["body"]["error"]["code"].as_str().map(str::to_owned),
            });
        }
    }
    all
}
