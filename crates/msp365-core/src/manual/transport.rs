//! A transport that follows a script.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

use crate::{Reply, Transport, TransportError, seams::BodyWatch};

/// The scripted answer to one request.
#[derive(Debug)]
pub enum Answer {
    /// This reply.
    Reply(Reply),
    /// Nothing was sent.
    NotSent,
    /// The answer was lost.
    Lost,
    /// The attempt took too long.
    TimedOut,
}

impl Answer {
    /// A JSON reply of this status.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, &[("content-type", "application/json")], &body.to_string())
    }

    /// A reply with these parts. Invalid headers are left out.
    pub fn text(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::try_from(*value)) {
                map.append(name, value);
            }
        }
        Self::Reply(Reply::new(
            StatusCode::from_u16(status).unwrap_or_default(),
            map,
            body.to_owned(),
        ))
    }
}

/// Answers requests in the order of its script and records them. A request beyond the script counts as not sent.
#[derive(Default)]
pub struct ScriptedTransport {
    script: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Request<Bytes>>>,
}

impl ScriptedTransport {
    /// A transport with these answers.
    pub fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            script: Mutex::new(script.into_iter().collect()),
            seen: Mutex::default(),
        }
    }

    /// Adds an answer at the end.
    pub fn then(&self, answer: Answer) {
        self.script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(answer);
    }

    /// The requests so far, as `METHOD url`.
    pub fn asked(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter()
            .map(|request| format!("{} {}", request.method(), request.uri()))
            .collect()
    }

    /// A header of the request with this index, from 0.
    pub fn header(&self, number: usize, name: &str) -> Option<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(number)?
            .headers()
            .get(name)?
            .to_str()
            .ok()
            .map(str::to_owned)
    }

    /// The body of the request with this index, from 0.
    pub fn body(&self, number: usize) -> Option<Bytes> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(number)
            .map(|request| request.body().clone())
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedTransport")
            .field("asked", &self.asked())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let watch = request.extensions().get::<BodyWatch>().cloned();
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        let answer = self
            .script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match answer {
            Some(Answer::Reply(reply)) => {
                if let Some(BodyWatch(watch)) = watch.filter(|_| reply.status == StatusCode::OK) {
                    watch(&reply.body);
                }
                Ok(reply)
            }
            Some(Answer::Lost) => Err(TransportError::MaybeSent {
                host,
                source: "scripted".into(),
            }),
            Some(Answer::TimedOut) => Err(TransportError::TimedOut { host }),
            Some(Answer::NotSent) => Err(TransportError::NotSent {
                host,
                source: "scripted".into(),
            }),
            None => Err(TransportError::NotSent {
                host,
                source: "the script is at its end".into(),
            }),
        }
    }
}
