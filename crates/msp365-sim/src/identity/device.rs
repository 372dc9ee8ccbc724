//! Signing in on another device: a program shows a code, a person types it into a browser.

use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use msp365_core::{Reply, TenantId};
use serde_json::json;

use super::{
    Style, Visit,
    client::{Client, missing},
    desk::{Desk, Flow, Login, Purpose},
    discovery, pages,
    refusal::Refusal,
    scopes::{Resource, Scopes},
};
use crate::{reply, world::World};

/// How long a person has to type the code and sign in.
const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// How long it is remembered that a code has expired.
const MEMORY: SignedDuration = SignedDuration::from_hours(2);

/// Seconds between two questions of the program, and how many more are added when it asks too soon.
const INTERVAL: i64 = 5;

/// Letters and digits that nobody takes for others.
const SIGNS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A sign-in on a device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(super) user_code: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) claims: Option<String>,
    /// The tenant to sign in to; none: that of the account.
    pub(super) tenant: Option<TenantId>,
    pub(super) issued: Timestamp,
    pub(super) interval: i64,
    pub(super) asked: Option<Timestamp>,
    pub(super) state: DeviceState,
}

/// How far a sign-in on a device has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DeviceState {
    Waiting,
    Approved(Login, TenantId),
    Declined,
    Redeemed,
}

impl Device {
    fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.issued + LIFETIME
    }

    /// Whether even its expiry is forgotten.
    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        now >= self.issued + MEMORY
    }
}

/// Where codes are typed.
pub(super) fn address(visit: &Visit<'_>) -> String {
    format!("{}/common/oauth2/deviceauth", visit.base)
}

/// A program asks for a code to show.
pub(super) fn begin(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    desk.tidy(visit.now);
    match accept(world, desk, visit) {
        Ok((id, device)) => {
            let address = address(visit);
            let message = format!(
                "To sign in, use a web browser to open the page {address} and enter the code {} to authenticate.",
                device.user_code
            );
            let mut body = json!({
                "user_code": device.user_code,
                "device_code": id,
                "interval": device.interval,
                "expires_in": LIFETIME.as_secs(),
                "message": message,
            });
            match visit.style {
                Style::V2 => body["verification_uri"] = json!(address),
                Style::V1 => {
                    body["verification_url"] = json!(address);
                    body["interval"] = json!(device.interval.to_string());
                    body["expires_in"] = json!(LIFETIME.as_secs().to_string());
                }
            }
            desk.devices.insert(id, device);
            reply::json(StatusCode::OK, HeaderMap::new(), &body)
        }
        Err(refusal) => refusal.reply(desk, visit),
    }
}

fn accept(world: &World, desk: &Desk, visit: &Visit<'_>) -> Result<(String, Device), Refusal> {
    let tenant = discovery::tenant(world, visit)?;
    let client = Client::of(world, visit)?;
    client.on_a_device()?;
    let scope = match visit.style {
        Style::V2 => visit.field("scope").ok_or_else(|| missing("scope"))?.to_owned(),
        Style::V1 => {
            let resource = visit.field("resource").ok_or_else(|| missing("resource"))?;
            let resource = Resource::named(resource, world.nation)?;
            format!("{}/.default openid profile offline_access", resource.uri)
        }
    };
    Scopes::parse(&scope, world.nation)?;
    let bound = u64::try_from(SIGNS.len()).unwrap_or(1);
    let sign = |_| {
        let place = usize::try_from(desk.below(bound)).unwrap_or_default();
        SIGNS.get(place).copied().map_or('A', char::from)
    };
    let device = Device {
        user_code: (0..9).map(sign).collect(),
        client_id: client.id().to_owned(),
        scope,
        claims: visit.field("claims").map(str::to_owned),
        tenant: (!discovery::is_any(visit.tenant)).then_some(tenant.id),
        issued: visit.now,
        interval: INTERVAL,
        asked: None,
        state: DeviceState::Waiting,
    };
    Ok((desk.opaque("D"), device))
}

/// The page to type a code into.
pub(super) fn page(world: &World, desk: &mut Desk, visit: &Visit<'_>) -> Reply {
    match visit.field("otc").or(visit.field("code")) {
        Some(code) => entered(world, desk, visit, code),
        None => pages::device_code(visit.path, None),
    }
}

/// A person typed a code: begins the sign-in that belongs to it.
pub(super) fn entered(world: &World, desk: &mut Desk, visit: &Visit<'_>, code: &str) -> Reply {
    let code = code.trim();
    let found = desk.devices.iter().find(|(_, device)| {
        device.user_code.eq_ignore_ascii_case(code)
            && device.state == DeviceState::Waiting
            && !device.is_expired(visit.now)
    });
    let Some((device_code, device)) = found else {
        let text = "That code didn't work. Check the code and try again.";
        return pages::device_code(visit.path, Some(text));
    };
    let flow = Flow {
        purpose: Purpose::Device(device_code.clone()),
        tenant: device.tenant,
        client_id: device.client_id.clone(),
        login: None,
        began: visit.now,
    };
    let id = desk.opaque("f");
    desk.flows.insert(id.clone(), flow.clone());
    super::login::step(world, desk, visit, (&id, flow))
}

/// The program asks whether the person has signed in. Answers the sign-in, once.
pub(super) fn redeem(desk: &mut Desk, visit: &Visit<'_>, client: &str) -> Result<(Device, Login), Refusal> {
    let given = visit.field("device_code").ok_or_else(|| missing("device_code"))?;
    let device = desk
        .devices
        .get_mut(given)
        .filter(|device| device.client_id == client)
        .ok_or_else(|| {
            refuse(
                "bad_verification_code",
                70_018,
                "Invalid verification code: the device_code was not recognised.",
            )
        })?;
    if device.is_expired(visit.now) {
        let message = "Verification code expired. Have the user retry the sign-in.";
        return Err(refuse("expired_token", 70_019, message));
    }
    let too_soon = device
        .asked
        .is_some_and(|before| visit.now < before + SignedDuration::from_secs(device.interval));
    device.asked = Some(visit.now);
    match device.state.clone() {
        DeviceState::Waiting if too_soon => {
            device.interval += INTERVAL;
            let message =
                "OAuth 2.0 device flow error. Authorization is pending, and was asked for too soon.";
            Err(refuse("slow_down", 70_016, message))
        }
        DeviceState::Waiting => {
            let message = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
            Err(refuse("authorization_pending", 70_016, message))
        }
        DeviceState::Declined => Err(refuse(
            "authorization_declined",
            65_004,
            "User declined to sign in to the app on the device.",
        )),
        DeviceState::Redeemed => Err(refuse(
            "invalid_grant",
            54_005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
        )),
        DeviceState::Approved(login, tenant) => {
            let tenant = Some(tenant);
            Ok((
                Device {
                    tenant,
                    ..device.clone()
                },
                login,
            ))
        }
    }
}

/// Notes that the program has its tokens.
pub(super) fn finish(desk: &mut Desk, visit: &Visit<'_>) {
    let code = visit.field("device_code").unwrap_or_default();
    if let Some(device) = desk.devices.get_mut(code) {
        device.state = DeviceState::Redeemed;
    }
}

fn refuse(error: &'static str, code: u32, message: &str) -> Refusal {
    Refusal::new(error, code, message)
}
