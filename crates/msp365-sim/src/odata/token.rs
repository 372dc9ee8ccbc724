//! Page and delta tokens: opaque to the client, bound to tenant, resource and query, and refused once altered.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// What a token belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) query: &'a str,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No token of this service, or altered.
    Malformed,
    /// Made for another tenant, resource or query.
    Foreign,
}

/// Guards against tokens that were edited, which is all a simulation needs: it keeps nothing secret.
const SEAL: &[u8] = b"msp365 simulated page tokens";
const MARK: usize = 16;

/// Packs a position for one place.
pub(crate) fn seal(binding: Binding<'_>, position: &Value) -> String {
    let body = json!([binding.tenant, binding.resource, binding.query, position]).to_string();
    let mut bytes = mark(body.as_bytes());
    bytes.extend_from_slice(body.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Unpacks a position.
///
/// # Errors
/// [`Fault`], telling an unreadable token from one of another place.
pub(crate) fn open(binding: Binding<'_>, token: &str) -> Result<Value, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Fault::Malformed)?;
    let (given, body) = bytes.split_at_checked(MARK).ok_or(Fault::Malformed)?;
    if given != mark(body) {
        return Err(Fault::Malformed);
    }
    let parts: [Value; 4] = serde_json::from_slice(body).map_err(|_| Fault::Malformed)?;
    let [tenant, resource, query, position] = parts;
    if tenant == binding.tenant && resource == binding.resource && query == binding.query {
        Ok(position)
    } else {
        Err(Fault::Foreign)
    }
}

/// The tenant a token was made for, whether it is still good or not.
pub(crate) fn tenant(token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (_, body) = bytes.split_at_checked(MARK)?;
    let parts: [Value; 4] = serde_json::from_slice(body).ok()?;
    parts.first()?.as_str().map(str::to_owned)
}

fn mark(body: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SEAL);
    let tag = hmac::sign(&key, body);
    tag.as_ref().iter().copied().take(MARK).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Binding<'static> = Binding {
        tenant: "a",
        resource: "users",
        query: "$top=2",
    };

    #[test]
    fn a_token_opens_where_it_was_made() {
        let token = seal(HERE, &json!("after-ada"));

        assert_eq!(open(HERE, &token), Ok(json!("after-ada")));
    }

    #[test]
    fn a_token_of_another_tenant_resource_or_query_is_foreign() {
        let token = seal(HERE, &json!(1));

        assert_eq!(open(Binding { tenant: "b", ..HERE }, &token), Err(Fault::Foreign));
        assert_eq!(
            open(
                Binding {
                    resource: "groups",
                    ..HERE
                },
                &token
            ),
            Err(Fault::Foreign)
        );
        assert_eq!(open(Binding { query: "", ..HERE }, &token), Err(Fault::Foreign));
    }

    #[test]
    fn a_token_with_one_letter_changed_is_malformed() {
        let token = seal(HERE, &json!(1));

        for place in 0..token.len() - 1 {
            let mut altered = token.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(open(HERE, &altered), Err(Fault::Malformed), "letter {place}");
        }
        assert_eq!(open(HERE, "no token"), Err(Fault::Malformed));
        assert_eq!(open(HERE, ""), Err(Fault::Malformed));
    }
}
