//! Pages for people: plain forms that work without script.

use std::fmt::Write as _;

use http::StatusCode;
use msp365_core::Reply;

use crate::reply;

/// A page that says something.
pub(super) fn message(status: StatusCode, title: &str, text: &str) -> Reply {
    page(status, title, &format!("<p>{}</p>", escape(text)))
}

/// Which account to sign in with: address and name of each.
pub(super) fn accounts(action: &str, flow: &str, app: &str, accounts: &[(String, String)]) -> Reply {
    let mut body = format!("<p>to continue to {}</p>{}", escape(app), form(action, flow));
    for (address, name) in accounts {
        let _ = write!(
            body,
            "<p><button name=\"account\" value=\"{0}\">{1}<br><small>{0}</small></button></p>",
            escape(address),
            escape(name)
        );
    }
    body.push_str("</form>");
    page(StatusCode::OK, "Pick an account", &body)
}

/// The second factor.
pub(super) fn second_factor(action: &str, flow: &str, address: &str) -> Reply {
    let body = format!(
        "<p>{}</p><p>Open your authenticator app and approve the request to sign in.</p>{}\
         <p><button name=\"approval\" value=\"approve\">Approve</button> \
         <button name=\"approval\" value=\"deny\">Deny</button></p></form>",
        escape(address),
        form(action, flow)
    );
    page(StatusCode::OK, "Approve sign-in request", &body)
}

/// What the app asks to be allowed.
pub(super) fn consent(action: &str, flow: &str, app: &str, permissions: &[String]) -> Reply {
    let mut body = format!(
        "<p>{} would like to, for your whole organisation:</p><ul>",
        escape(app)
    );
    for permission in permissions {
        let _ = write!(body, "<li>{}</li>", escape(permission));
    }
    let _ = write!(
        body,
        "</ul>{}<p><button name=\"decision\" value=\"accept\">Accept</button> \
         <button name=\"decision\" value=\"cancel\">Cancel</button></p></form>",
        form(action, flow)
    );
    page(StatusCode::OK, "Permissions requested", &body)
}

fn form(action: &str, flow: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"flow\" value=\"{}\">",
        escape(action),
        escape(flow)
    )
}

fn page(status: StatusCode, title: &str, body: &str) -> Reply {
    reply::html(
        status,
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\
             <style>body{{font:16px sans-serif;max-width:28rem;margin:4rem auto}}\
             button{{font:inherit;padding:.5rem 1rem}}</style></head>\
             <body><p><small>Simulated sign-in</small></p><h1>{0}</h1>{body}</body></html>",
            escape(title)
        ),
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
