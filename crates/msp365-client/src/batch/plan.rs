//! What goes into one round trip.

use std::collections::HashMap;

use msp365_core::{Call, batch::Entry};

use super::Run;
use crate::Error;

/// Most entries for one mailbox in a round trip (Graph, throttling limits of Outlook: 4 at one time).
const OF_A_MAILBOX: usize = 4;
/// What is kept in a user's mailbox.
const IN_MAILBOX: [&str; 8] = [
    "calendar",
    "calendars",
    "contacts",
    "events",
    "inferenceClassification",
    "mailFolders",
    "mailboxSettings",
    "messages",
];

impl Run<'_> {
    /// The entries of the next round trip; `None` once all are answered. An entry whose predecessor failed is answered
    /// here; one whose predecessor is neither answered nor in the same round waits for a later one.
    pub(super) fn next_round(&mut self) -> Option<Vec<usize>> {
        let mut round = Vec::new();
        let mut mailboxes = HashMap::new();
        let batch = self.batch;
        for index in self.pending.clone() {
            let entry = batch.entries().get(index);
            let before = entry.and_then(Entry::after);
            match before.map(|before| (before, self.answers.get(before).and_then(Option::as_ref))) {
                Some((_, Some(Ok(reply)))) if !reply.status.is_success() => self.fail_dependent(index),
                Some((_, Some(Err(_)))) => self.fail_dependent(index),
                Some((before, None)) if !round.contains(&before) => {}
                _ if round.len() >= self.largest => break,
                _ => {
                    if let Some(mailbox) = entry.and_then(|entry| mailbox(entry.call())) {
                        let others = mailboxes.entry(mailbox).or_insert(0_usize);
                        if *others == OF_A_MAILBOX {
                            continue;
                        }
                        *others += 1;
                    }
                    round.push(index);
                }
            }
        }
        (!round.is_empty()).then_some(round)
    }

    /// Whether a round that was refused as a whole, so that nothing of it was done, can be sent in smaller ones. If so,
    /// it will be: in halves if it was too large, otherwise each entry alone, outside a batch.
    pub(super) fn can_be_smaller(&mut self, round: &[usize], error: &Error) -> bool {
        let largest = match error.service().map(|said| said.status) {
            Some(413) => round.len() / 2,
            Some(400) if self.largest > 1 => 1,
            _ => return false,
        };
        if largest == 0 || !matches!(error, Error::Answer { .. }) {
            return false;
        }
        self.largest = largest;
        for &index in round {
            if let Some(attempts) = self.attempts.get_mut(index) {
                *attempts -= 1;
            }
        }
        true
    }
}

/// Whose mailbox a request reads or changes.
fn mailbox(call: &Call) -> Option<&str> {
    let mut segments = call.path().split('/');
    let ("users", owner, what) = (segments.next()?, segments.next()?, segments.next()?) else {
        return None;
    };
    IN_MAILBOX.contains(&what).then_some(owner)
}
