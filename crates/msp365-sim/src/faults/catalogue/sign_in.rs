//! Tokens and consent.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::{SignedDuration, Timestamp};
use msp365_core::Reply;
use serde_json::{Value, json};

use super::super::{
    pages,
    row::{
        Action::{self, Alter, Instead, Rewrite, Say},
        Fault, Meeting, Text, aadsts, say,
    },
    target::Target::{Api, Graph, Refresh, Token},
};
/// Asks for a token that is newer than a moment.
const CHALLENGE: &str = "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
     error=\"insufficient_claims\", \
     claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzY3MjI1NjAwIn19fQ==\"";

pub(super) const fn grant(number: u32, suberror: &'static str) -> Action {
    Say(say(400).body(Text::Aadsts("invalid_grant", number, suberror)))
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::once(
        "F130",
        "the token is refused as expired",
        Api,
        &[&[Say(say(401))]],
    ),
    Fault::once("F131", "every token is refused", Api, &[&[Say(say(401))]]).always(),
    Fault::once(
        "F132",
        "the token is refused until it satisfies certain claims",
        Graph,
        &[&[Say(say(401).with("WWW-Authenticate", CHALLENGE))]],
    ),
    Fault::once(
        "F133",
        "no token is given: asked too often, or out of order",
        Token,
        &[
            &[Say(say(429).with("Retry-After", "5"))],
            &[Say(say(503).with("Retry-After", "5"))],
            &[Say(say(500))],
        ],
    ),
    Fault::once("F134", "a renewal fails for a while", Token, &[&[Say(say(503))]]).times(3),
    Fault::once(
        "F135",
        "the grant was revoked",
        Refresh,
        &[&[grant(50_173, "bad_token")]],
    )
    .always(),
    Fault::once(
        "F136",
        "the grant was not used for too long, has expired, or lost its device",
        Refresh,
        &[
            &[grant(700_082, "bad_token")],
            &[grant(70_008, "bad_token")],
            &[grant(700_084, "bad_token")],
            &[grant(700_003, "bad_token")],
        ],
    )
    .always(),
    Fault::once(
        "F137",
        "a second factor or a policy is in the way",
        Token,
        &[
            &[aadsts(400, "interaction_required", 50_076)],
            &[aadsts(400, "interaction_required", 50_079)],
            &[aadsts(400, "interaction_required", 50_158)],
            &[aadsts(400, "interaction_required", 53_003)],
            &[aadsts(400, "interaction_required", 530_002)],
        ],
    )
    .always(),
    Fault::once(
        "F138",
        "consent is missing",
        Token,
        &[&[grant(65_001, "consent_required")]],
    )
    .always(),
    Fault::once(
        "F139",
        "for `size` seconds from the first request on, consent is not known yet",
        Token,
        &[
            &[Instead(|meeting| late(meeting, "invalid_grant", 65_001))],
            &[Instead(|meeting| late(meeting, "invalid_grant", 650_051))],
            &[Instead(|meeting| late(meeting, "unauthorized_client", 7_000_229))],
        ],
    )
    .always()
    .size(60),
    Fault::once(
        "F140",
        "403 for the token that comes first, not for newer ones",
        Graph,
        &[&[Instead(|meeting| {
            let token = print(meeting.header("authorization")?);
            let first = meeting
                .memory
                .entry("first".to_owned())
                .or_insert_with(|| token.clone());
            (*first == token).then(|| pages::refusal(403, "Authorization_RequestDenied"))
        })]],
    )
    .always(),
    Fault::once(
        "F141",
        "the app's secret is wrong, or has expired",
        Token,
        &[
            &[aadsts(401, "invalid_client", 7_000_215)],
            &[aadsts(401, "invalid_client", 7_000_222)],
        ],
    )
    .always(),
    Fault::once(
        "F142",
        "the app's certificate is not known yet",
        Token,
        &[&[aadsts(401, "invalid_client", 700_027)]],
    )
    .times(3),
    Fault::once(
        "F143",
        "the app's assertion is not of this time",
        Token,
        &[&[aadsts(401, "invalid_client", 700_024)]],
    ),
    Fault::once(
        "F144",
        "the tenant is gone, or cannot be reached",
        Token,
        &[
            &[aadsts(400, "invalid_request", 90_002)],
            &[aadsts(400, "invalid_request", 900_023)],
            &[aadsts(400, "invalid_request", 5_000_224)],
        ],
    )
    .always(),
    Fault::once(
        "F145",
        "the account is not known in the tenant",
        Token,
        &[
            &[aadsts(400, "invalid_grant", 50_020)],
            &[aadsts(400, "invalid_grant", 50_177)],
        ],
    )
    .always(),
    Fault::once(
        "F146",
        "the app is not known in the tenant",
        Token,
        &[&[aadsts(400, "unauthorized_client", 700_016)]],
    )
    .always(),
    Fault::once(
        "F147",
        "a refresh token works once; its successor comes with the answer",
        Refresh,
        &[&[Instead(once_only)]],
    )
    .always(),
    Fault::once(
        "F148",
        "of renewals with one refresh token the first wins",
        Refresh,
        &[&[Instead(once_only)]],
    )
    .always(),
    Fault::once(
        "F149",
        "the answer's lifetime or kind is odd, or there is no refresh token",
        Token,
        &[
            &[Alter(|_, reply| set(reply, "expires_in", Some(&json!("3599"))))],
            &[Alter(|_, reply| set(reply, "expires_in", None))],
            &[Alter(|_, reply| set(reply, "expires_in", Some(&json!(0))))],
            &[Alter(|_, reply| set(reply, "expires_in", Some(&json!(-1))))],
            &[Alter(|_, reply| {
                set(reply, "expires_in", Some(&json!(1_000_000_000)))
            })],
            &[Alter(|_, reply| set(reply, "token_type", Some(&json!("pop"))))],
            &[Alter(|_, reply| set(reply, "refresh_token", None))],
        ],
    )
    .always(),
    Fault::once(
        "F150",
        "the token is for another audience, or for the tenant that asked before",
        Token,
        &[
            &[Rewrite(|_, request| {
                let form = String::from_utf8_lossy(request.body()).into_owned();
                let other = form.replace("graph.microsoft.com", "api.partnercenter.microsoft.com");
                let changed = other != form;
                *request.body_mut() = other.into();
                changed
            })],
            &[Alter(of_another)],
        ],
    )
    .always(),
];

/// A print of a secret, which tells it from others and nothing else.
fn print(secret: &str) -> Value {
    let mut hasher = DefaultHasher::new();
    secret.hash(&mut hasher);
    json!(hasher.finish())
}

fn late(meeting: &mut Meeting<'_>, error: &'static str, number: u32) -> Option<Reply> {
    let now = json!(meeting.now.to_string());
    let place = meeting.place();
    let since = meeting.memory.entry(place).or_insert(now);
    let since: Timestamp = since.as_str()?.parse().ok()?;
    let seconds = i64::try_from(meeting.size).ok()?;
    let early = meeting.now.duration_since(since) < SignedDuration::from_secs(seconds);
    let said = say(400).body(Text::Aadsts(error, number, ""));
    early.then(|| said.reply(meeting))
}

fn once_only(meeting: &mut Meeting<'_>) -> Option<Reply> {
    let print = print(meeting.asked.option("refresh_token")?).to_string();
    let said = say(400).body(Text::Aadsts("invalid_grant", 70_000, "bad_token"));
    (!pages::is_new(meeting, "used", &print)).then(|| said.reply(meeting))
}

fn set(reply: &mut Reply, name: &str, value: Option<&Value>) -> bool {
    pages::edit(reply, |body| {
        let Some(members) = body
            .as_object_mut()
            .filter(|members| members.contains_key("access_token"))
        else {
            return false;
        };
        match value {
            Some(value) => members.insert(name.to_owned(), value.clone()).as_ref() != Some(value),
            None => members.remove(name).is_some(),
        }
    })
}

/// Hands out the token that another tenant was given.
fn of_another(meeting: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let tenant = json!(meeting.asked.tenant);
    let last = meeting.memory.get("token").cloned();
    pages::edit(reply, |body| {
        let own = body.get("access_token").cloned().unwrap_or_default();
        if let Some(last) = last.filter(|last| last["tenant"] != tenant) {
            body["access_token"] = last["token"].clone();
            return true;
        }
        let kept = json!({"tenant": tenant, "token": own});
        meeting.memory.insert("token".to_owned(), kept);
        false
    })
}
