//! The scripts that are installed, and what they do to one request.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use msp365_core::{Reply, SeededRandom, TenantId, random};
use serde_json::Value;

use super::{
    fate::Fate,
    row::{Action, Fault, Meeting},
    target::Target,
};
use crate::{
    front::{Asked, Parcel},
    ledger::operation,
    world::World,
};

/// Which requests a script meets, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) target: Target,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) method: Option<Method>,
    pub(crate) path: String,
    pub(crate) operation: Option<String>,
    pub(crate) skip: u64,
    pub(crate) every: u64,
    pub(crate) times: Option<u64>,
    pub(crate) luck: Option<Luck>,
    pub(crate) variant: Option<usize>,
    pub(crate) size: u64,
}

/// How likely it is that a request is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Luck {
    pub(crate) per_mille: u32,
    pub(crate) seed: u64,
}

impl Filter {
    pub(crate) const fn of(fault: &Fault) -> Self {
        Self {
            target: fault.target,
            tenant: None,
            method: None,
            path: String::new(),
            operation: None,
            skip: 0,
            every: 1,
            times: fault.times,
            luck: None,
            variant: None,
            size: fault.size,
        }
    }

    fn meets(&self, request: &Request<Bytes>, asked: &Asked) -> bool {
        self.target.meets(asked)
            && self.tenant.is_none_or(|tenant| asked.tenant == Some(tenant))
            && self
                .method
                .as_ref()
                .is_none_or(|method| request.method() == method)
            && request.uri().path().starts_with(&self.path)
            && self
                .operation
                .as_ref()
                .is_none_or(|wanted| operation(asked) == *wanted)
    }
}

/// A script at work.
#[derive(Debug)]
struct Running {
    number: u64,
    fault: &'static Fault,
    filter: Filter,
    seen: u64,
    hits: u64,
    /// How often lots were drawn for a request.
    drawn: BTreeMap<String, u64>,
    memory: BTreeMap<String, Value>,
}

impl Running {
    /// The actions for a request, if it is met.
    fn pick(&mut self, request: &Request<Bytes>, asked: &Asked) -> Option<&'static [Action]> {
        let spent = self.filter.times.is_some_and(|times| self.hits >= times);
        if spent || !self.filter.meets(request, asked) {
            return None;
        }
        self.seen += 1;
        let past = self.seen.saturating_sub(self.filter.skip);
        if past == 0 || !past.is_multiple_of(self.filter.every) || !self.is_lucky(request, asked) {
            return None;
        }
        let count = self.fault.variants.len().max(1);
        let turn = usize::try_from(self.hits).unwrap_or(0);
        let variant = self.filter.variant.unwrap_or(turn) % count;
        self.fault.variants.get(variant).copied()
    }

    /// Draws lots by the request itself: the order in which requests of several tasks arrive says nothing.
    fn is_lucky(&mut self, request: &Request<Bytes>, asked: &Asked) -> bool {
        let Some(luck) = self.filter.luck else {
            return true;
        };
        let (method, uri, id) = (request.method(), request.uri(), self.fault.id);
        let tenant = asked.tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
        let whole = uri.path_and_query().map_or("/", |whole| whole.as_str());
        let what = format!("{id} {method} {tenant}{whole}");
        let turn = self.drawn.entry(what.clone()).or_default();
        *turn += 1;
        let lots = SeededRandom::for_purpose(luck.seed, &format!("{what} {turn}"));
        random::below(&lots, 1_000) < u64::from(luck.per_mille)
    }
}

/// All scripts at work.
#[derive(Debug, Default)]
pub(crate) struct Board {
    scripts: Vec<Running>,
    last: u64,
}

impl Board {
    pub(crate) fn add(&mut self, fault: &'static Fault, filter: Filter) -> u64 {
        self.last += 1;
        self.scripts.push(Running {
            number: self.last,
            fault,
            filter,
            seen: 0,
            hits: 0,
            drawn: BTreeMap::new(),
            memory: BTreeMap::new(),
        });
        self.last
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.scripts.retain(|script| script.number != number);
    }

    pub(crate) fn clear(&mut self) {
        self.scripts.clear();
    }

    pub(crate) fn hits(&self, number: u64) -> u64 {
        let script = self.scripts.iter().find(|script| script.number == number);
        script.map_or(0, |script| script.hits)
    }

    /// What the scripts have in mind for a request.
    pub(crate) fn passage(
        &mut self,
        request: &Request<Bytes>,
        asked: &Asked,
        (open, now): (usize, Timestamp),
    ) -> Passage<'_> {
        let mut picks = Vec::new();
        for (place, script) in self.scripts.iter_mut().enumerate() {
            if let Some(actions) = script.pick(request, asked) {
                picks.push(Pick {
                    place,
                    actions,
                    acted: false,
                });
            }
        }
        Passage {
            board: self,
            picks,
            open,
            now,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Pick {
    place: usize,
    actions: &'static [Action],
    acted: bool,
}

/// One request on its way through the scripts that it met.
#[derive(Debug)]
pub(crate) struct Passage<'b> {
    board: &'b mut Board,
    picks: Vec<Pick>,
    open: usize,
    now: Timestamp,
}

impl Passage<'_> {
    /// Runs one step of every action; a step answers whether it did anything.
    fn each(
        &mut self,
        request: &Request<Bytes>,
        asked: &Asked,
        mut step: impl FnMut(&Action, Meeting<'_>) -> bool,
    ) {
        for pick in &mut self.picks {
            let Some(script) = self.board.scripts.get_mut(pick.place) else {
                continue;
            };
            for action in pick.actions {
                let meeting = Meeting {
                    request,
                    asked,
                    hit: script.hits,
                    size: script.filter.size,
                    open: self.open,
                    now: self.now,
                    memory: &mut script.memory,
                };
                pick.acted |= step(action, meeting);
            }
        }
    }

    /// Changes the request on its way.
    pub(crate) fn rewrite(&mut self, request: &Request<Bytes>, asked: &Asked) -> Option<Request<Bytes>> {
        let mut changed = request.clone();
        let mut any = false;
        self.each(request, asked, |action, mut meeting| match action {
            Action::Rewrite(rewrite) => {
                let acted = rewrite(&mut meeting, &mut changed);
                any |= acted;
                acted
            }
            _ => false,
        });
        any.then_some(changed)
    }

    /// Changes the world, and answers instead of the service where a script does.
    pub(crate) fn before(
        &mut self,
        request: &Request<Bytes>,
        asked: &Asked,
        world: &mut World,
    ) -> Option<Reply> {
        let mut given = None;
        self.each(request, asked, |action, mut meeting| {
            let said = match action {
                Action::World(change) => return change(&mut meeting, world),
                _ if given.is_some() => None,
                Action::Say(said) => Some(said.reply(&meeting)),
                Action::Instead(instead) => instead(&mut meeting),
                _ => None,
            };
            let acted = said.is_some();
            if acted {
                given = said;
            }
            acted
        });
        given
    }

    /// The items of a batch that are answered instead of the service.
    pub(crate) fn items(
        &mut self,
        request: &Request<Bytes>,
        asked: &Asked,
        parcel: &Parcel,
    ) -> BTreeMap<String, Value> {
        let mut answers = BTreeMap::new();
        self.each(request, asked, |action, mut meeting| match action {
            Action::Items(items) => {
                let given = items(&mut meeting, parcel);
                let acted = !given.is_empty();
                answers.extend(given);
                acted
            }
            _ => false,
        });
        answers
    }

    /// Changes the answer on its way back.
    pub(crate) fn after(&mut self, request: &Request<Bytes>, asked: &Asked, reply: &mut Reply) {
        self.each(request, asked, |action, mut meeting| match action {
            Action::Later(said) => {
                *reply = said.reply(&meeting);
                true
            }
            Action::Alter(alter) => alter(&mut meeting, reply),
            _ => false,
        });
    }

    /// What becomes of the connection: the fate that comes first, and its size.
    pub(crate) fn fate(&mut self, request: &Request<Bytes>, asked: &Asked) -> Option<(Fate, u64)> {
        let mut first = None;
        self.each(request, asked, |action, mut meeting| {
            let fate = match action {
                _ if first.is_some() => None,
                Action::End(fate) => Some(*fate),
                Action::Ending(ending) => ending(&mut meeting),
                _ => None,
            };
            first = first.or(fate.map(|fate| (fate, meeting.size)));
            fate.is_some()
        });
        first
    }

    /// Counts what took effect, and tells what that was.
    pub(crate) fn close(self) -> Vec<&'static str> {
        let mut acted = Vec::new();
        for pick in self.picks.iter().filter(|pick| pick.acted) {
            if let Some(script) = self.board.scripts.get_mut(pick.place) {
                script.hits += 1;
                acted.push(script.fault.id);
            }
        }
        acted
    }
}
