//! The scripts that are installed, and what they do to one request.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use msp365_core::{Reply, SeededRandom, TenantId, random};
use serde_json::Value;

use super::{
    row::{Action, Fate, Fault, Meeting},
    target::Target,
};
use crate::{
    front::{Asked, Parcel},
    world::World,
};

/// Which requests a script meets, and how often.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) target: Target,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) method: Option<Method>,
    pub(crate) path: String,
    pub(crate) skip: u64,
    pub(crate) times: Option<u64>,
    pub(crate) luck: Option<Luck>,
    pub(crate) variant: Option<usize>,
    pub(crate) size: u64,
}

/// How likely it is that a request is met.
#[derive(Debug, Clone, Copy)]
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
            skip: 0,
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
    }
}

/// A script at work.
#[derive(Debug)]
struct Running {
    number: u64,
    fault: &'static Fault,
    filter: Filter,
    chance: Option<SeededRandom>,
    seen: u64,
    hits: u64,
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
        if self.seen <= self.filter.skip {
            return None;
        }
        if let (Some(luck), Some(chance)) = (self.filter.luck, &self.chance)
            && random::below(chance, 1_000) >= u64::from(luck.per_mille)
        {
            return None;
        }
        let count = self.fault.variants.len().max(1);
        let turn = usize::try_from(self.hits).unwrap_or(0);
        let variant = self.filter.variant.unwrap_or(turn) % count;
        self.fault.variants.get(variant).copied()
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
        let chance = filter
            .luck
            .map(|luck| SeededRandom::for_purpose(luck.seed, fault.id));
        self.scripts.push(Running {
            number: self.last,
            fault,
            filter,
            chance,
            seen: 0,
            hits: 0,
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
                Action::Say(said) => Some(said.reply(&meeting)),
                Action::Instead(instead) => instead(&mut meeting),
                _ => None,
            };
            let acted = said.is_some();
            given = given.take().or(said);
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
    pub(crate) fn fate(&mut self) -> Option<(Fate, u64)> {
        let mut first = None;
        for pick in &mut self.picks {
            for action in pick.actions {
                if let (Action::End(fate), None) = (action, first) {
                    pick.acted = true;
                    let size = self
                        .board
                        .scripts
                        .get(pick.place)
                        .map(|script| script.filter.size);
                    first = Some((*fate, size.unwrap_or_default()));
                }
            }
        }
        first
    }

    /// Counts what took effect.
    pub(crate) fn close(self) {
        for pick in self.picks.iter().filter(|pick| pick.acted) {
            if let Some(script) = self.board.scripts.get_mut(pick.place) {
                script.hits += 1;
            }
        }
    }
}
