//! The query that a browser brings back.

use aws_lc_rs::constant_time;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use crate::CallbackFlaw;

/// What a callback says, once its state has been found right.
pub(super) enum Callback {
    /// The person signed in; the code has to be redeemed.
    Code(SecretString),
    /// The person or the service said no.
    Declined { error: String, text: String },
}

/// Reads the callback of the sign-in with this state. The state is checked before anything else.
///
/// # Errors
/// The first flaw found.
pub(super) fn read(query: &str, state: &SecretString, issuer: &str) -> Result<Callback, CallbackFlaw> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let returned = single(&pairs, "state").ok_or(CallbackFlaw::State)?;
    constant_time::verify_slices_are_equal(returned.as_bytes(), state.expose_secret().as_bytes())
        .map_err(|_| CallbackFlaw::State)?;
    if has(&pairs, "iss") && single(&pairs, "iss") != Some(issuer) {
        return Err(CallbackFlaw::Issuer);
    }
    if has(&pairs, "error") {
        return Ok(Callback::Declined {
            error: first(&pairs, "error"),
            text: first(&pairs, "error_description"),
        });
    }
    single(&pairs, "code")
        .filter(|code| !code.is_empty())
        .map(|code| Callback::Code(code.into()))
        .ok_or(CallbackFlaw::Code)
}

fn has(pairs: &[(String, String)], name: &str) -> bool {
    pairs.iter().any(|(key, _)| key == name)
}

fn first(pairs: &[(String, String)], name: &str) -> String {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

/// The value of a parameter that appears exactly once.
fn single<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = pairs
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str());
    values.next().filter(|_| values.next().is_none())
}
