//! The JSON of `$batch`.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Batch;
use crate::{Body, Error, Reply};

/// The body of one round trip with these entries. Each entry's id is its index in the batch.
///
/// # Errors
/// `Invalid` for an entry whose id or header cannot be sent.
pub fn batch_body(batch: &Batch, indices: &[usize]) -> Result<Value, Error> {
    let requests = indices
        .iter()
        .filter_map(|&index| batch.entries().get(index).map(|entry| (index, entry)))
        .map(|(index, entry)| {
            let call = entry.call();
            let mut wire = json!({
                "id": index.to_string(),
                "method": call.method().as_str(),
                "url": format!("/{}", call.relative_url()?),
            });
            let headers: serde_json::Map<_, _> = call
                .send_headers()?
                .iter()
                .filter_map(|(name, value)| Some((name.to_string(), Value::from(value.to_str().ok()?))))
                .collect();
            if !headers.is_empty() {
                wire["headers"] = Value::Object(headers);
            }
            if let Body::Json(body) = call.body() {
                wire["body"] = body.clone();
            }
            if let Some(first) = entry.after().filter(|first| indices.contains(first)) {
                wire["dependsOn"] = json!([first.to_string()]);
            }
            Ok(wire)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(json!({ "requests": requests }))
}

#[derive(Deserialize)]
struct Responses {
    responses: Vec<Response>,
}

#[derive(Deserialize)]
struct Response {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Option<HashMap<String, Value>>,
    #[serde(default)]
    body: Value,
}

/// The replies of one round trip by entry index. Entries that were not asked for are left out; of duplicates the first
/// counts.
///
/// # Errors
/// `Decode` if the reply is not a batch answer.
pub fn batch_replies(reply: &Reply) -> Result<HashMap<usize, Reply>, Error> {
    let unexpected = |source: serde_json::Error| Error::Decode {
        operation: "batch",
        at: "responses".to_owned(),
        source: source.into(),
    };
    let answer: Responses = serde_json::from_slice(reply.text_bytes()).map_err(unexpected)?;
    let mut replies = HashMap::new();
    for response in answer.responses {
        if let Ok(index) = response.id.parse::<usize>() {
            replies
                .entry(index)
                .or_insert(response.into_reply().map_err(unexpected)?);
        }
    }
    Ok(replies)
}

impl Response {
    fn into_reply(self) -> Result<Reply, serde_json::Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.unwrap_or_default() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(text)) {
                headers.insert(name, value);
            }
        }
        let json = headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_none_or(|kind| kind.contains("json"));
        let body = match self.body {
            Value::Null => Bytes::new(),
            Value::String(text) if !json => STANDARD.decode(&text).map_or_else(|_| text.into(), Bytes::from),
            other => serde_json::to_vec(&other)?.into(),
        };
        Ok(Reply::new(
            StatusCode::from_u16(self.status).unwrap_or_default(),
            headers,
            body,
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Answers, Request, Service, path};

    fn number(n: usize) -> Request<u32> {
        Request::get("numbers.get", Service::Graph, path!["numbers", n.to_string()])
    }

    #[test]
    fn an_entry_that_waits_names_the_other() {
        let mut batch = Batch::new();
        let first = batch.add(
            Request::<()>::command(http::Method::PATCH, "a.b", Service::Graph, path!["a"]).json(json!({})),
        );
        let _then = batch.add_after(number(1), &first);

        let body = batch_body(&batch, &[0, 1]).unwrap();

        insta::assert_json_snapshot!(body, @r#"
        {
          "requests": [
            {
              "body": {},
              "headers": {
                "content-type": "application/json"
              },
              "id": "0",
              "method": "PATCH",
              "url": "/a"
            },
            {
              "dependsOn": [
                "0"
              ],
              "id": "1",
              "method": "GET",
              "url": "/numbers/1"
            }
          ]
        }
        "#);
    }

    #[test]
    fn answers_are_matched_by_id_not_by_order() {
        let mut batch = Batch::new();
        let (one, two) = (batch.add(number(1)), batch.add(number(2)));
        let wire = r#"{"responses":[{"id":"1","status":200,"body":22},{"id":"0","status":200,"body":11}]}"#;
        let mut replies = batch_replies(&Reply::new(StatusCode::OK, HeaderMap::new(), wire)).unwrap();

        let mut answers: Answers<Error> = Answers::new(vec![
            Ok(replies.remove(&0).unwrap()),
            Ok(replies.remove(&1).unwrap()),
        ]);

        assert_eq!((answers.take(one).unwrap(), answers.take(two).unwrap()), (11, 22));
    }

    #[test]
    fn two_versions_do_not_share_a_batch() {
        let mut batch = Batch::new();
        let _v1 = batch.add(number(1));
        let _beta = batch.add(Request::<u32>::get("n.get", Service::GraphBeta, path!["n"]));

        assert!(matches!(batch.service(), Err(Error::Batch { .. })));
    }

    proptest! {
        #[test]
        fn cutting_a_batch_loses_nothing(count in 0_usize..100) {
            let mut batch = Batch::new();
            for n in 0..count {
                let _slot = batch.add(number(n));
            }
            let all: Vec<_> = (0..count).collect();

            let rounds = batch.rounds(&all);

            prop_assert!(rounds.iter().all(|round| !round.is_empty() && round.len() <= 20));
            prop_assert_eq!(rounds.concat(), all);
        }
    }
}
