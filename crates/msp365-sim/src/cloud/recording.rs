//! Writing down what was asked and answered.

use std::sync::PoisonError;

use bytes::Bytes;
use http::{Request, StatusCode};
use msp365_core::{Reply, record};
use serde_json::{Value, json};

use super::{Exchange, Shared};

impl Shared {
    /// Adds an exchange to the recording, if there is one.
    pub(super) fn record(&self, request: &Request<Bytes>, reply: &Reply, faults: &[&'static str]) {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = record.as_mut() else {
            return;
        };
        let line = marked(record::line(request, reply), faults);
        // A recording that cannot go on ends, so that what is there stays whole.
        if writeln!(writer, "{line}").and_then(|()| writer.flush()).is_err() {
            *record = None;
        }
    }

    /// Counts an exchange.
    pub(super) fn keep(&self, request: &Request<Bytes>, status: StatusCode) {
        self.log().push(Exchange {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            status,
        });
    }
}

/// A line of a recording that names the faults which had a hand in the exchange, so that a check can leave it out.
fn marked(line: String, faults: &[&'static str]) -> String {
    let exchange = serde_json::from_str::<Value>(&line)
        .ok()
        .filter(|_| !faults.is_empty());
    match exchange {
        Some(mut exchange) => {
            exchange["faults"] = json!(faults);
            exchange.to_string()
        }
        None => line,
    }
}
