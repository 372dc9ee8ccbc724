//! The device code grant: asks for a code to show, and whether it was used.

use std::time::Duration;

use http::{Method, header};
use msp365_core::TenantId;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::Deserialize;
use url::form_urlencoded;

use super::{ATTEMPTS, Granted, Refusal, granted::TokenReply, post::Post, refusal::OnDevice};
use crate::{Exchange, authority::Authority};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Seconds between two requests, if the service does not say.
const INTERVAL: u64 = 5;

/// A code that is typed on another device.
#[derive(Deserialize)]
pub(crate) struct DeviceCode {
    #[serde(rename = "device_code")]
    pub(crate) secret: SecretString,
    pub(crate) user_code: String,
    pub(crate) verification_uri: String,
    pub(crate) expires_in: u64,
    #[serde(default = "interval")]
    pub(crate) interval: u64,
}

const fn interval() -> u64 {
    INTERVAL
}

/// Whether the person has signed in.
pub(crate) enum Progress {
    Granted(Box<Granted>),
    /// Not yet; ask again after the same interval.
    Pending,
    /// Not yet, and the request came too soon.
    TooFast,
    /// The code has expired.
    Expired,
}

/// Asks for a code to show.
///
/// # Errors
/// Why the service, or the way to it, gave no code.
pub(crate) async fn begin(
    exchange: &Exchange,
    tenant: TenantId,
    scopes: &[String],
) -> Result<DeviceCode, Refusal> {
    let address = Authority::new(&exchange.endpoints, tenant)?.device_code();
    let form = [
        ("client_id", exchange.app.client_id()),
        ("scope", &scopes.join(" ")),
    ];
    let body = send(exchange, &address, &form, ATTEMPTS).await?;
    serde_json::from_slice(&body)
        .map_err(|_| Refusal::unreadable("the answer of the sign-in service holds no code to show"))
}

/// Asks once whether the code was used.
///
/// # Errors
/// Why the service, or the way to it, gave no answer, or why the sign-in ended.
pub(crate) async fn progress(
    exchange: &Exchange,
    tenant: TenantId,
    code: &SecretString,
) -> Result<Progress, Refusal> {
    let address = Authority::new(&exchange.endpoints, tenant)?.token();
    let form = [
        ("grant_type", GRANT),
        ("client_id", exchange.app.client_id()),
        ("device_code", code.expose_secret()),
    ];
    match send(exchange, &address, &form, ATTEMPTS).await {
        Ok(body) => {
            let reply: TokenReply = serde_json::from_slice(&body).map_err(|_| {
                Refusal::unreadable("the answer of the sign-in service has an unexpected shape")
            })?;
            Ok(Progress::Granted(Box::new(reply.try_into()?)))
        }
        Err(refusal) => match refusal.device {
            OnDevice::Pending => Ok(Progress::Pending),
            OnDevice::TooFast => Ok(Progress::TooFast),
            OnDevice::Expired => Ok(Progress::Expired),
            OnDevice::Over => Err(refusal),
        },
    }
}

async fn send(
    exchange: &Exchange,
    address: &str,
    form: &[(&str, &str)],
    attempts: u32,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = http::Request::builder()
        .method(Method::POST)
        .uri(address)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .map_err(|_| Refusal::unreadable("the address of the sign-in service is none"))?;
    let post = Post {
        exchange: exchange.clone(),
        attempts,
    };
    let reply = post.send(request).await.map_err(|refusal| *refusal)?;
    Ok(Zeroizing::new(reply.into_body()))
}

impl DeviceCode {
    /// How long to wait between two requests.
    pub(crate) fn pause(&self) -> Duration {
        Duration::from_secs(self.interval.clamp(1, 60))
    }
}
