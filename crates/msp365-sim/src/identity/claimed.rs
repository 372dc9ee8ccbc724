//! What the parameter `claims` asks for.

use serde_json::Value;

use super::refusal::Refusal;

/// A `claims` parameter, sorted out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Claimed {
    /// Whether the app can answer a claims challenge, so that its tokens may live long and be recalled.
    pub(super) capable: bool,
    /// Authentication contexts that the token must satisfy.
    pub(super) contexts: Vec<String>,
}

impl Claimed {
    /// Sorts out the parameter of a request, and that of the sign-in before it.
    pub(super) fn parse<'a>(given: impl IntoIterator<Item = Option<&'a str>>) -> Result<Self, Refusal> {
        let mut all = Self::default();
        for text in given.into_iter().flatten() {
            let json: Value = serde_json::from_str(text).map_err(|_| malformed())?;
            let wanted = json.as_object().ok_or_else(malformed)?;
            let Some(wanted) = wanted.get("access_token").filter(|wanted| !wanted.is_null()) else {
                continue;
            };
            let wanted = wanted.as_object().ok_or_else(malformed)?;
            let values = |name: &str| -> Vec<String> {
                let Some(claim) = wanted.get(name) else {
                    return Vec::new();
                };
                let many = claim.get("values").and_then(Value::as_array);
                let one = claim.get("value");
                let all = many.into_iter().flatten().chain(one);
                all.filter_map(Value::as_str).map(str::to_owned).collect()
            };
            all.capable |= values("xms_cc")
                .iter()
                .any(|value| value.eq_ignore_ascii_case("cp1"));
            all.contexts.extend(values("acrs"));
        }
        Ok(all)
    }
}

fn malformed() -> Refusal {
    Refusal::new(
        "invalid_request",
        90_013,
        "Invalid input received from the user: the value of the parameter 'claims' is not the JSON of a claims \
         request.",
    )
}
