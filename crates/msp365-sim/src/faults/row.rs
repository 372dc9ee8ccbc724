//! What a fault is: which requests it meets, and what happens to them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use jiff::Timestamp;
use msp365_core::Reply;
use serde_json::{Value, json};

use super::{fate::Fate, target::Target};
use crate::{
    front::{Asked, Family, Parcel},
    world::World,
};

/// One row of the catalogue.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) id: &'static str,
    pub(crate) about: &'static str,
    pub(crate) target: Target,
    /// How often unless told otherwise; `None` for ever.
    pub(crate) times: Option<u64>,
    /// The number in `about`.
    pub(crate) size: u64,
    /// The ways to show it; the actions of one all happen.
    pub(crate) variants: &'static [&'static [Action]],
}

impl Fault {
    pub(crate) const fn once(
        id: &'static str,
        about: &'static str,
        target: Target,
        variants: &'static [&'static [Action]],
    ) -> Self {
        Self {
            id,
            about,
            target,
            times: Some(1),
            size: 0,
            variants,
        }
    }

    pub(crate) const fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    pub(crate) const fn always(mut self) -> Self {
        self.times = None;
        self
    }

    pub(crate) const fn size(mut self, size: u64) -> Self {
        self.size = size;
        self
    }
}

/// What happens. Functions answer whether they did anything.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    /// The request is changed on its way.
    Rewrite(fn(&mut Meeting<'_>, &mut Request<Bytes>) -> bool),
    /// The world is changed before the service looks at it.
    World(fn(&mut Meeting<'_>, &mut World) -> bool),
    /// This is answered, and the service never sees the request.
    Say(Said),
    /// The same, if there is an answer.
    Instead(fn(&mut Meeting<'_>) -> Option<Reply>),
    /// These items of a batch are answered so, and the service never sees them.
    Items(fn(&mut Meeting<'_>, &Parcel) -> BTreeMap<String, Value>),
    /// The service does its work, and this is answered.
    Later(Said),
    /// The service's answer is changed.
    Alter(fn(&mut Meeting<'_>, &mut Reply) -> bool),
    /// What becomes of the connection.
    End(Fate),
    /// The same, if anything does.
    Ending(fn(&mut Meeting<'_>) -> Option<Fate>),
}

/// A fixed answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) headers: [(&'static str, &'static str); 2],
    pub(crate) body: Text,
}

/// A fixed body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Text {
    /// An error as the service that was asked writes it, of this code.
    Error(&'static str),
    /// An error of the token endpoint: `error`, AADSTS number, `suberror`.
    Aadsts(&'static str, u32, &'static str),
    /// A JSON text as it stands.
    Json(&'static str),
    Html,
    Nothing,
}

pub(crate) const fn say(status: u16) -> Said {
    Said {
        status,
        headers: [("", ""), ("", "")],
        body: Text::Error(""),
    }
}

/// A refusal of the token endpoint.
pub(crate) const fn aadsts(status: u16, error: &'static str, number: u32) -> Action {
    Action::Say(say(status).body(Text::Aadsts(error, number, "")))
}

impl Said {
    pub(crate) const fn with(mut self, name: &'static str, value: &'static str) -> Self {
        let [first, second] = &mut self.headers;
        if first.0.is_empty() {
            *first = (name, value);
        } else {
            *second = (name, value);
        }
        self
    }

    pub(crate) const fn code(self, code: &'static str) -> Self {
        self.body(Text::Error(code))
    }

    pub(crate) const fn body(mut self, body: Text) -> Self {
        self.body = body;
        self
    }

    /// As an answer to this request.
    pub(crate) fn reply(&self, meeting: &Meeting<'_>) -> Reply {
        let mut headers = HeaderMap::new();
        let (kind, body) = match self.body {
            Text::Html => ("text/html", page(self.status)),
            Text::Json(text) => ("application/json", text.to_owned()),
            Text::Nothing => ("application/json", String::new()),
            Text::Error(code) => ("application/json", error(meeting, self.status, code)),
            Text::Aadsts(error, number, sub) => {
                ("application/json", sign_in_error(meeting, error, (number, sub)))
            }
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        for (name, value) in self.headers.iter().filter(|(name, _)| !name.is_empty()) {
            let name = HeaderName::try_from(name.to_ascii_lowercase()).ok();
            if let (Some(name), Ok(value)) = (name, HeaderValue::try_from(*value)) {
                headers.append(name, value);
            }
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Reply::new(status, headers, body)
    }
}

fn page(status: u16) -> String {
    format!(
        "<html><head><title>{status}</title></head><body><h2>Our services aren't available right now</h2>\
         <p>Ref: 0aSimulated00000Z</p></body></html>"
    )
}

fn error(meeting: &Meeting<'_>, status: u16, code: &str) -> String {
    let code = match (code, status) {
        ("", 401) => "InvalidAuthenticationToken",
        ("", 403) => "Authorization_RequestDenied",
        ("", 404) => "Request_ResourceNotFound",
        ("", 429) => "TooManyRequests",
        ("", 503) => "ServiceUnavailable",
        ("", 504) => "GatewayTimeout",
        ("", _) => "UnknownError",
        (code, _) => code,
    };
    let message = format!("Simulated: {code}.");
    match meeting.asked.family {
        Family::PartnerCenter if status == 429 => json!({"statusCode": 429, "message": message}).to_string(),
        Family::PartnerCenter => json!({"code": code, "description": message, "data": []}).to_string(),
        Family::SignIn => sign_in_error(meeting, "temporarily_unavailable", (90_033, "")),
        Family::Graph | Family::Download => {
            let date = meeting.now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            json!({"error": {"code": code, "message": message, "innerError": {"date": date}}}).to_string()
        }
    }
}

fn sign_in_error(meeting: &Meeting<'_>, error: &str, (number, sub): (u32, &str)) -> String {
    let moment = meeting.now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let mut body = json!({
        "error": error,
        "error_description": format!("AADSTS{number}: Simulated. Timestamp: {moment}"),
        "error_codes": [number],
        "timestamp": moment,
    });
    if !sub.is_empty() {
        body["suberror"] = json!(sub);
    }
    body.to_string()
}

/// A request that met a script.
#[derive(Debug)]
pub(crate) struct Meeting<'a> {
    pub(crate) request: &'a Request<Bytes>,
    pub(crate) asked: &'a Asked,
    /// How often the script took effect before.
    pub(crate) hit: u64,
    pub(crate) size: u64,
    /// How many requests are under way.
    pub(crate) open: usize,
    pub(crate) now: Timestamp,
    /// What the script keeps from one request to the next.
    pub(crate) memory: &'a mut BTreeMap<String, Value>,
}

impl Meeting<'_> {
    /// Scheme and host.
    pub(crate) fn base(&self) -> String {
        let uri = self.request.uri();
        let host = uri.authority().map_or("localhost", |host| host.as_str());
        format!("{}://{host}", uri.scheme_str().unwrap_or("https"))
    }

    /// Tenant and path, which tell one list from another.
    pub(crate) fn place(&self) -> String {
        let tenant = self.asked.tenant.map(|tenant| tenant.to_string());
        format!("{}{}", tenant.unwrap_or_default(), self.request.uri().path())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    }
}
