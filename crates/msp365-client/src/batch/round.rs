//! One round trip of a batch.

use std::collections::HashMap;

use msp365_core::{
    Error as CoreError, Replay, Reply, Request, Service, ServiceError,
    batch::{batch_body, batch_replies},
    path,
};

use super::Run;
use crate::{
    Error,
    error::Trail,
    pipeline::{Ending, Exchange},
};

/// The name under which round trips are logged and counted.
pub(super) const OPERATION: &str = "batch";

/// The replies of a round trip by entry.
pub(super) type Replies = HashMap<usize, Reply>;

impl Run<'_> {
    /// Sends these entries. Those without a reply were lost in transit.
    pub(super) async fn send_round(&mut self, service: Service, round: &[usize]) -> Result<Replies, Error> {
        for &index in round {
            if let Some(attempts) = self.attempts.get_mut(index) {
                *attempts += 1;
            }
        }
        match round {
            [index] if self.largest == 1 => self.send_alone(*index).await,
            _ => self.send_together(service, round).await,
        }
    }

    /// Sends one entry outside a batch.
    async fn send_alone(&mut self, index: usize) -> Result<Replies, Error> {
        let Some(entry) = self.batch.entries().get(index) else {
            return Ok(Replies::new());
        };
        let mut exchange = Exchange::new(self.tenant, entry.call()).by(self.deadline);
        if let Some(renewal) = self.renewal.take() {
            exchange = exchange.renewed(renewal.claims);
        }
        match exchange.run().await {
            Ok(done) => {
                if let Ending::Reply(reply) = done.ending {
                    self.answer(index, Ok(reply));
                } else {
                    let trail = Box::new(done.trail);
                    self.answer(index, Err(Error::ValueLost { trail }));
                }
            }
            Err(error) => self.answer(index, Err(error)),
        }
        Ok(Replies::new())
    }

    async fn send_together(&mut self, service: Service, round: &[usize]) -> Result<Replies, Error> {
        let entries = self.batch.entries();
        let is_read = round
            .iter()
            .filter_map(|&index| entries.get(index))
            .all(|entry| entry.call().replay() == Replay::Safe);
        let trip = Request::<serde_json::Value>::post(OPERATION, service, path!["$batch"])
            .json(batch_body(self.batch, round)?)
            .replay(if is_read { Replay::Safe } else { Replay::Once });
        let mut exchange = Exchange::new(self.tenant, trip.call()).by(self.deadline);
        if let Some(renewal) = self.renewal.take() {
            exchange = exchange.renewed(renewal.claims);
        }
        match exchange.run().await {
            Ok(done) => match done.ending {
                Ending::Reply(reply) => replies(service, &reply, done.trail),
                Ending::Happened => Ok(Replies::new()),
            },
            Err(Error::OutcomeUnknown { .. }) => Ok(Replies::new()),
            Err(error) => Err(error),
        }
    }
}

/// The replies inside an answer. One whose content breaks off gives none. According to older Microsoft documentation,
/// an answer that holds replies may have status 424.
fn replies(service: Service, reply: &Reply, trail: Trail) -> Result<Replies, Error> {
    let inside = batch_replies(reply);
    if reply.status.is_success() {
        return Ok(inside.unwrap_or_default());
    }
    match inside {
        Ok(replies) if reply.status.as_u16() == 424 => Ok(replies),
        _ => Err(Error::Answer {
            trail: Box::new(trail),
            source: CoreError::Service {
                operation: OPERATION,
                error: Box::new(ServiceError::from_reply(service, reply)),
            },
        }),
    }
}
