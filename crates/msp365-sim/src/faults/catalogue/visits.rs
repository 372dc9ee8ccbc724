//! People signing in: codes, the way back to the app, id tokens.

use jiff::SignedDuration;
use msp365_core::Reply;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    super::{
        fate::Fate,
        pages,
        row::{
            Action::{Alter, End},
            Fault, Meeting,
        },
        target::Target::{Any, Authorize, Code, Discovery},
    },
    sign_in::grant,
};
use crate::{identity::keys, reply::http_date};

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F151",
        "by the dates of answers the client's clock is `size` hours behind, or ahead",
        Any,
        &[
            &[Alter(|meeting, reply| skewed(meeting, reply, 1))],
            &[Alter(|meeting, reply| skewed(meeting, reply, -1))],
        ],
    )
    .always()
    .size(2),
    Fault::once(
        "F152",
        "the state is missing or another on the way back",
        Authorize,
        &[
            &[Alter(|_, reply| {
                back(reply, |pairs| pairs.retain(|(name, _)| name != "state"))
            })],
            &[Alter(|_, reply| {
                back(reply, |pairs| put(pairs, "state", "forged"))
            })],
        ],
    ),
    Fault::once(
        "F153",
        "the id token is for somebody else, from somebody else, or of another time",
        Code,
        &[
            &[Alter(|_, reply| {
                forge(reply, "id_token", ("nonce", &json!("forged")))
            })],
            &[Alter(|_, reply| {
                forge(
                    reply,
                    "id_token",
                    ("aud", &json!("0badc0de-0000-4000-8000-000000000000")),
                )
            })],
            &[Alter(|_, reply| {
                forge(reply, "id_token", ("iss", &json!("https://evil.example/v2.0")))
            })],
            &[Alter(|_, reply| {
                forge(
                    reply,
                    "id_token",
                    ("tid", &json!("0badc0de-0000-4000-8000-000000000000")),
                )
            })],
            &[Alter(|_, reply| {
                forge(reply, "id_token", ("exp", &json!(1_000_000_000)))
            })],
        ],
    ),
    Fault::once(
        "F154",
        "the code was used, has expired, or lacks its proof",
        Code,
        &[&[grant(54_005, "")], &[grant(70_008, "")], &[grant(501_481, "")]],
    ),
    Fault::once(
        "F155",
        "the answer to a code is lost",
        Code,
        &[&[End(Fate::ApplyAndLose)]],
    ),
    Fault::once(
        "F156",
        "the person refuses, or must consent; the text is hostile",
        Authorize,
        &[
            &[Alter(|_, reply| refused(reply, "access_denied"))],
            &[Alter(|_, reply| refused(reply, "consent_required"))],
        ],
    ),
    Fault::once(
        "F157",
        "the way back names another authority",
        Authorize,
        &[&[Alter(|_, reply| {
            back(reply, |pairs| {
                put(pairs, "iss", "https://login.evil.example/common/v2.0");
            })
        })]],
    ),
    Fault::once(
        "F158",
        "the OpenID document names endpoints elsewhere",
        Discovery,
        &[&[Alter(|_, reply| {
            pages::edit(reply, |body| {
                body["token_endpoint"] = json!("https://login.evil.example/common/oauth2/v2.0/token");
                body["jwks_uri"] = json!("https://login.evil.example/common/discovery/v2.0/keys");
                true
            })
        })]],
    )
    .always(),
    Fault::once(
        "F159",
        "somebody signed in to another tenant, or without a second factor",
        Code,
        &[
            &[Alter(|_, reply| {
                let other = json!("0badc0de-0000-4000-8000-000000000000");
                let id = forge(reply, "id_token", ("tid", &other));
                forge(reply, "access_token", ("tid", &other)) || id
            })],
            &[Alter(|_, reply| {
                forge(reply, "access_token", ("amr", &json!(["pwd"])))
            })],
        ],
    ),
    Fault::once(
        "F160",
        "fewer permissions are granted than were asked for",
        Code,
        &[&[Alter(|_, reply| {
            let some = |text: &Value| {
                let words: Vec<&str> = text.as_str()?.split(' ').collect();
                Some(json!(words.get(..words.len() / 2)?.join(" ")))
            };
            pages::edit(reply, |body| {
                let fewer = body.get("scope").and_then(some);
                fewer.map(|fewer| body["scope"] = fewer).is_some()
            })
        })]],
    ),
];

/// Dates an answer so many hours after or before the cloud's own time.
fn skewed(meeting: &Meeting<'_>, reply: &mut Reply, sign: i64) -> bool {
    let hours = i64::try_from(meeting.size).unwrap_or(0).saturating_mul(sign);
    let date = meeting.now.checked_add(SignedDuration::from_hours(hours));
    date.map(|date| pages::set(reply, "date", &http_date(date)))
        .is_ok()
}

type Pairs = Vec<(String, String)>;

fn put(pairs: &mut Pairs, name: &str, value: &str) {
    pairs.retain(|(known, _)| known != name);
    pairs.push((name.to_owned(), value.to_owned()));
}

/// Changes the query with which a browser is sent back to the app.
fn back(reply: &mut Reply, change: impl FnOnce(&mut Pairs)) -> bool {
    let location = reply
        .header("location")
        .and_then(|location| Url::parse(location).ok());
    let Some(mut location) = location else {
        return false;
    };
    let mut pairs: Pairs = location.query_pairs().into_owned().collect();
    if !pairs.iter().any(|(name, _)| name == "code") {
        return false;
    }
    change(&mut pairs);
    location.query_pairs_mut().clear().extend_pairs(pairs);
    pages::set(reply, "location", location.as_str());
    true
}

fn refused(reply: &mut Reply, error: &str) -> bool {
    back(reply, |pairs| {
        pairs.retain(|(name, _)| name == "state");
        put(pairs, "error", error);
        put(
            pairs,
            "error_description",
            "<script>alert(1)</script>\r\nSet-Cookie: a=b\u{1b}[31m",
        );
    })
}

/// Changes a claim of a token, and signs it again.
fn forge(reply: &mut Reply, token: &str, (claim, value): (&str, &Value)) -> bool {
    pages::edit(reply, |body| {
        let text = body.get(token).and_then(Value::as_str);
        let forged = text.and_then(|text| {
            let key = keys::of(text)?;
            let mut claims = key.open(text)?;
            let all: &mut Map<String, Value> = claims.as_object_mut()?;
            all.insert(claim.to_owned(), value.clone());
            key.sign(&claims)
        });
        forged.map(|forged| body[token] = json!(forged)).is_some()
    })
}
