//! Errors in every shape that was ever seen, and some near relatives.

use super::super::row::{Action, Text, say};

/// The ways: each is a body of a 400.
pub(super) const TEXTS: [&str; 40] = [
    r#"{"error":{"code":"BadRequest","message":"m","innerError":{"code":"invalidRange"}}}"#,
    r#"{"error":{"code":"BadRequest","message":"m","innererror":{"code":"invalidRange"}}}"#,
    r#"{"error":{"code":"a","innerError":{"code":"b","innerError":{"code":"Request_BadRequest"}}}}"#,
    r#"{"error":{"code":"BadRequest","message":{"lang":"en","value":"m"}}}"#,
    r#"{"error":{"code":"","message":""}}"#,
    r#"{"error":{"code":"UnknownError","message":"{\"error\":{\"code\":\"NotFound\"}}"}}"#,
    r#"{"error":"invalid_request","error_description":"m"}"#,
    r#"{"odata.error":{"code":"Request_BadRequest","message":{"value":"m"}}}"#,
    r#"{"error":{"code":"BadRequest","details":[{"code":"ObjectConflict","message":"m"}]}}"#,
    r#"{"Message":"An error has occurred."}"#,
    r#"{"error":null}"#,
    r"[]",
    r"{}",
    r"null",
    r#""BadRequest""#,
    r"400",
    r#"{"error":[]}"#,
    r#"{"error":{}}"#,
    r#"{"error":{"code":null,"message":null}}"#,
    r#"{"error":{"code":400,"message":"m"}}"#,
    r#"{"error":{"message":"m"}}"#,
    r#"{"error":{"code":"Request_BadRequest"}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","innerError":null}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","innerError":"text"}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","innerError":[]}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","details":null}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","details":{"code":"ObjectConflict"}}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","details":[null,{"target":"userPrincipalName"}]}}"#,
    r#"{"error":{"code":"Request_BadRequest","message":"m","target":"userPrincipalName"}}"#,
    r#"{"error":{"Code":"Request_BadRequest","Message":"m"}}"#,
    r#"{"Error":{"code":"Request_BadRequest","message":"m"}}"#,
    r#"{"code":"Request_BadRequest","message":"m"}"#,
    r#"{"code":"2000","description":"m","data":[],"source":"PartnerFD"}"#,
    r#"{"statusCode":400,"message":"m"}"#,
    r#"{"errorCode":"BadRequest","message":"m","target":null}"#,
    r#"{"error":{"code":"BadRequest","message":"m","innerError":{"innerError":{"innerError":{"code":"Deep"}}}}}"#,
    r#"{"error":{"code":"generalException","message":"m","innerError":{"request-id":"r","date":"2026-01-02T03:04:05"}}}"#,
    r#"{"error":{"code":"UnknownError","message":"{\"Message\":\"{\\\"error\\\":{\\\"code\\\":\\\"NotFound\\\"}}\"}"}}"#,
    r#"{"error":{"code":"BadRequest","message":"m"},"value":[]}"#,
    r#"{"error":{"code":"BadRequest","message":"m"}}{"error":{"code":"Twice"}}"#,
];

const fn way(place: usize) -> Action {
    Action::Say(say(400).body(Text::Json(TEXTS[place])))
}

macro_rules! ways {
    ($($place:literal)*) => { &[$(&[way($place)]),*] };
}

/// Each of the ways.
pub(super) const WAYS: &[&[Action]] = ways![
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
    20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39
];
