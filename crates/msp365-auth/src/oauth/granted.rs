//! What the sign-in service grants: the reply of the token endpoint, read leniently.

use std::{fmt, time::Duration};

use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse, TokenType};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Refusal;

/// Lifetime of a token whose reply does not state it.
const UNTOLD: Duration = Duration::from_mins(5);
/// Longest lifetime that is believed: that of tokens which the service can revoke at any time.
const LONGEST: Duration = Duration::from_hours(28);

/// Tokens as they were granted.
pub(crate) struct Granted {
    pub(crate) access: SecretString,
    pub(crate) life: Duration,
    /// After how long the service wants the token renewed, if it said so.
    pub(crate) refresh_in: Option<Duration>,
    pub(crate) refresh: Option<SecretString>,
    pub(crate) id_token: Option<SecretString>,
    pub(crate) scopes: Option<Vec<String>>,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted")
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

impl TryFrom<TokenReply> for Granted {
    type Error = Refusal;

    fn try_from(reply: TokenReply) -> Result<Self, Refusal> {
        if !reply.token_type.0.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::unreadable(
                "the sign-in service gave a token that is no bearer token",
            ));
        }
        if reply.access_token.secret().is_empty() {
            return Err(Refusal::unreadable("the sign-in service gave an empty token"));
        }
        let life = match reply.expires_in.map(u64::try_from) {
            None => UNTOLD,
            Some(Ok(seconds)) if seconds > 0 => Duration::from_secs(seconds).min(LONGEST),
            Some(_) => {
                return Err(Refusal::unreadable(
                    "the sign-in service gave a token that has ended already",
                ));
            }
        };
        let seconds = |value: i64| u64::try_from(value).ok().filter(|seconds| *seconds > 0);
        Ok(Self {
            access: reply.access_token.into_secret().into(),
            life,
            refresh_in: reply.refresh_in.and_then(seconds).map(Duration::from_secs),
            refresh: reply
                .refresh_token
                .filter(|token| !token.secret().is_empty())
                .map(|token| token.into_secret().into()),
            id_token: reply.id_token,
            scopes: reply
                .scope
                .map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
        })
    }
}

/// The reply on the wire. It is `Serialize` because the `oauth2` crate demands it; secrets are left out there.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct TokenReply {
    #[serde(skip_serializing)]
    access_token: AccessToken,
    #[serde(default)]
    token_type: Kind,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<i64>,
    #[serde(default, deserialize_with = "seconds")]
    refresh_in: Option<i64>,
    #[serde(default, skip_serializing)]
    refresh_token: Option<RefreshToken>,
    #[serde(default, skip_serializing, deserialize_with = "secret")]
    id_token: Option<SecretString>,
    #[serde(default, deserialize_with = "words")]
    scope: Option<Vec<Scope>>,
}

impl TokenResponse for TokenReply {
    type TokenType = Kind;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &Kind {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scope.as_ref()
    }
}

/// The type of token; only bearer tokens are used.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Kind(String);

impl TokenType for Kind {}

/// Seconds as a number or as text; anything else counts as absent.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(whole)),
        Value::String(text) => text.trim().parse::<f64>().ok().map(whole),
        _ => None,
    })
}

/// A span in whole seconds: zero if it is negative or not a number, capped at the largest number.
fn whole(seconds: f64) -> i64 {
    if seconds.is_nan() || seconds <= 0.0 {
        return 0;
    }
    Duration::try_from_secs_f64(seconds)
        .map_or(i64::MAX, |span| i64::try_from(span.as_secs()).unwrap_or(i64::MAX))
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(SecretString::from))
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Scope>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| {
        text.split_ascii_whitespace()
            .map(|word| Scope::new(word.to_owned()))
            .collect()
    }))
}

#[cfg(test)]
mod tests {
    use msp365_core::ErrorKind;
    use serde_json::json;

    use super::*;

    fn read(change: &[(&str, Value)]) -> Result<Granted, Refusal> {
        let mut body = json!({"token_type": "Bearer", "access_token": "canary-access", "expires_in": 3_600});
        for (name, value) in change {
            body[*name] = value.clone();
        }
        Granted::try_from(serde_json::from_value::<TokenReply>(body).unwrap())
    }

    #[test]
    fn f149_the_life_of_a_token_is_read_in_every_form() {
        for (told, life) in [
            (json!(3_599), 3_599),
            (json!("3599"), 3_599),
            (json!(" 3599.9 "), 3_599),
            (json!(3_599.9), 3_599),
            (json!(null), 300),
            (json!("soon"), 300),
            (json!([]), 300),
            (json!(1_000_000_000), 100_800),
            (json!(1e300), 100_800),
        ] {
            let granted = read(&[("expires_in", told.clone())]).unwrap();

            assert_eq!(granted.life, Duration::from_secs(life), "{told}");
        }
    }

    #[test]
    fn f149_a_token_that_has_ended_is_unusable() {
        for told in [
            json!(0),
            json!(-1),
            json!("0"),
            json!("-3600"),
            json!(-0.5),
            json!("NaN"),
        ] {
            let refusal = read(&[("expires_in", told.clone())]).unwrap_err();

            assert_eq!(refusal.kind, ErrorKind::Decode, "{told}");
        }
    }

    #[test]
    fn f149_only_bearer_tokens_are_used() {
        assert!(read(&[("token_type", json!("bEARER"))]).is_ok());
        for kind in ["", "pop", "mac"] {
            assert!(read(&[("token_type", json!(kind))]).is_err(), "{kind}");
        }
    }

    #[test]
    fn an_empty_refresh_token_is_none() {
        assert!(read(&[("refresh_token", json!(""))]).unwrap().refresh.is_none());
    }

    #[test]
    fn a_reply_shows_no_token() {
        let body = json!({
            "token_type": "Bearer", "access_token": "canary-access", "refresh_token": "canary-refresh",
            "id_token": "canary-id",
        });
        let reply: TokenReply = serde_json::from_value(body).unwrap();

        let shown = format!("{reply:?} {}", serde_json::to_string(&reply).unwrap());
        let granted = format!("{:?}", Granted::try_from(reply).unwrap());

        assert!(
            !shown.contains("canary") && !granted.contains("canary"),
            "{shown} {granted}"
        );
    }
}
