//! How Partner Center answers and refuses.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use msp365_core::{Reply, SeededRandom, random};
use serde_json::{Value, json};

use crate::{api::ApiCall, world::World};

/// The outcome of a call that is not refused.
#[derive(Debug)]
pub(super) enum Answer {
    One(Value),
    Created(Value),
    /// A page of a collection, whose text begins with a byte order mark.
    Page(Value),
    Nothing,
}

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: u32,
    description: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: u32, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
        }
    }

    pub(super) fn denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, 2_032, "Access denied.")
    }

    /// The signed-in account has not the role that Partner Center asks for.
    pub(super) fn role() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            900_150,
            "The role that was supplied has not the rights to perform the operation.",
        )
    }

    pub(super) fn invalid(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 3_000, description)
    }

    pub(super) fn unknown_customer() -> Self {
        Self::new(StatusCode::NOT_FOUND, 1_000, "The customer was not found.")
    }
}

/// The reply to a call.
pub(super) fn reply(world: &World, call: &ApiCall, answered: Result<Answer, Refusal>) -> Reply {
    let mut headers = HeaderMap::new();
    for name in ["MS-RequestId", "MS-CorrelationId"] {
        let purpose = format!("{name} of exchange {}", world.exchanges);
        let made = random::uuid(&SeededRandom::for_purpose(world.seed, &purpose)).to_string();
        set(&mut headers, name, call.header(name).unwrap_or(&made));
    }
    set(&mut headers, "MS-ServerId", "000000");
    let purpose = format!("vector of exchange {}", world.exchanges);
    let vector = random::uuid(&SeededRandom::for_purpose(world.seed, &purpose))
        .simple()
        .to_string();
    set(
        &mut headers,
        "MS-CV",
        &format!("{}.0", vector.get(..16).unwrap_or_default()),
    );
    if call
        .header("ValidateMfa")
        .is_some_and(|asked| asked.eq_ignore_ascii_case("true"))
    {
        let is_compliant = call.claims.amr.iter().any(|way| way == "mfa");
        set(&mut headers, "isMfaCompliant", &is_compliant.to_string());
    }
    let (status, body) = match answered {
        Ok(Answer::Nothing) => return Reply::new(StatusCode::NO_CONTENT, headers, ""),
        Ok(Answer::One(body)) => (StatusCode::OK, body.to_string()),
        Ok(Answer::Created(body)) => (StatusCode::CREATED, body.to_string()),
        Ok(Answer::Page(body)) => (StatusCode::OK, format!("\u{feff}{body}")),
        Err(refusal) => (refusal.status, problem(&refusal).to_string()),
    };
    set(
        &mut headers,
        header::CONTENT_TYPE.as_str(),
        "application/json; charset=utf-8",
    );
    Reply::new(status, headers, body)
}

/// Codes arrive as numbers or as text; here those of a refused access are text.
fn problem(refusal: &Refusal) -> Value {
    let code = if refusal.code == 2_032 {
        json!(refusal.code.to_string())
    } else {
        json!(refusal.code)
    };
    json!({"code": code, "description": refusal.description, "data": [], "source": "PartnerAPI"})
}

fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
