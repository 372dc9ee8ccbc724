//! Several requests in one round trip.

mod wire;

use std::{fmt, marker::PhantomData};

pub use wire::{batch_body, batch_replies};

use crate::{
    Error, Reply, Request, Service,
    request::{Call, Decode, decode_reply},
};

/// Most requests one `$batch` takes (Graph, "Combine multiple requests with JSON batching").
pub const BATCH_LIMIT: usize = 20;

/// Requests with different replies that travel together, twenty to a round trip.
///
/// ```
/// use msp365_core::{Batch, Page, Request, Service, path};
///
/// # #[derive(serde::Deserialize)] struct User {}
/// # #[derive(serde::Deserialize)] struct Group {}
/// let who: Request<User> = Request::get("users.get", Service::Graph, path!["users", "1"]);
/// let groups: Request<Page<Group>> = Request::list("users.groups", Service::Graph, path!["users", "1", "memberOf"]);
///
/// let mut batch = Batch::new();
/// let (_who, _groups) = (batch.add(who), batch.add(groups));
/// assert_eq!(batch.len(), 2);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a batch does nothing until a client sends it"]
pub struct Batch {
    entries: Vec<Entry>,
}

/// One request of a batch.
#[derive(Debug, Clone)]
pub struct Entry {
    call: Call,
    after: Option<usize>,
}

impl Entry {
    /// What is sent.
    pub const fn call(&self) -> &Call {
        &self.call
    }

    /// The index of the entry that has to succeed first.
    pub const fn after(&self) -> Option<usize> {
        self.after
    }
}

/// Where a request's reply will be among the answers, and its type.
pub struct Slot<T> {
    index: usize,
    call: Call,
    decode: Decode<T>,
    reply: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.index).finish()
    }
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a request and returns the slot from which its reply is taken.
    pub fn add<T>(&mut self, request: Request<T>) -> Slot<T> {
        self.push(request, None)
    }

    /// Adds a request that is carried out only if another one has succeeded.
    pub fn add_after<T, U>(&mut self, request: Request<T>, first: &Slot<U>) -> Slot<T> {
        self.push(request, Some(first.index))
    }

    fn push<T>(&mut self, request: Request<T>, after: Option<usize>) -> Slot<T> {
        let (call, decode) = request.into_parts();
        let index = self.entries.len();
        self.entries.push(Entry {
            call: call.clone(),
            after,
        });
        Slot {
            index,
            call,
            decode,
            reply: PhantomData,
        }
    }

    /// The number of requests.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no requests.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The requests in the order they were added.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Splits the entries with these indices into round trips of at most twenty, never placing an entry before the one
    /// it waits for.
    pub fn rounds(&self, indices: &[usize]) -> Vec<Vec<usize>> {
        indices.chunks(BATCH_LIMIT).map(<[usize]>::to_vec).collect()
    }

    /// Checks that the batch can be sent: one version of Graph, and nothing that resumes from a link.
    ///
    /// # Errors
    /// `Invalid` with the operation that does not fit.
    pub fn service(&self) -> Result<Service, Error> {
        let service = self
            .entries
            .first()
            .map_or(Service::Graph, |entry| entry.call.service());
        for entry in &self.entries {
            let operation = entry.call.operation();
            if entry.call.service() != service {
                return Err(Error::Batch {
                    operation,
                    reason: "all its requests go to one version of one service",
                });
            }
            if service == Service::PartnerCenter {
                return Err(Error::Batch {
                    operation,
                    reason: "Partner Center takes no batches",
                });
            }
            entry.call.relative_url()?;
        }
        Ok(service)
    }
}

/// The replies to a [`Batch`], each taken once by its slot.
#[derive(Debug)]
pub struct Answers<E> {
    slots: Vec<Option<Result<Reply, E>>>,
}

impl<E: From<Error>> Answers<E> {
    /// Answers in the order of the entries.
    pub fn new(answers: Vec<Result<Reply, E>>) -> Self {
        Self {
            slots: answers.into_iter().map(Some).collect(),
        }
    }

    /// The reply of one request, decoded.
    ///
    /// # Errors
    /// What the service said about this request, or that no answer came for it (`OutcomeUnknown`).
    pub fn take<T>(&mut self, slot: Slot<T>) -> Result<T, E> {
        let Slot {
            index, call, decode, ..
        } = slot;
        match self.slots.get_mut(index).and_then(Option::take) {
            Some(Ok(reply)) => decode_reply(&call, decode, &reply).map_err(E::from),
            Some(Err(error)) => Err(error),
            None => Err(E::from(Error::Unanswered {
                operation: call.operation(),
            })),
        }
    }
}
