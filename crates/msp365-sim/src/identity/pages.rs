//! Pages for people: plain forms that work without script, by keyboard as well.

use std::fmt::Write as _;

use http::StatusCode;
use msp365_core::Reply;

use crate::{permissions, reply};

const STYLE: &str = "\
:root{color-scheme:light dark;--edge:#8886;--main:#0b5cad}\
*{box-sizing:border-box}\
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;\
background:light-dark(#eef2f6,#14181c)}\
main{width:min(28rem,94vw);margin:2rem 0;padding:2rem;border-radius:.75rem;\
background:light-dark(#fff,#1f252b);box-shadow:0 2px 18px #0003}\
h1{font-size:1.4rem;margin:.25rem 0 1rem}\
small,.note{color:light-dark(#555,#aab);font-size:.875rem}\
ul{list-style:none;margin:1rem 0;padding:0;max-height:22rem;overflow:auto;border:1px solid var(--edge);\
border-radius:.5rem}\
li{padding:.5rem .75rem;border-bottom:1px solid var(--edge)}li:last-child{border:0}\
li b,li small,button small{display:block;overflow-wrap:anywhere}\
label{display:block;margin:1rem 0 .25rem}\
input{font:inherit;width:100%;padding:.5rem .75rem;border:1px solid var(--edge);border-radius:.5rem}\
button{font:inherit;padding:.5rem 1.25rem;margin:.25rem .25rem .25rem 0;border:1px solid var(--edge);\
border-radius:.5rem;background:none;color:inherit;cursor:pointer}\
button.main{background:var(--main);border-color:var(--main);color:#fff}\
button.row{display:block;width:100%;text-align:left;margin:.5rem 0}\
:focus-visible{outline:3px solid var(--main);outline-offset:2px}\
.error{border-left:4px solid #c33;padding-left:.75rem}";

/// Where a page sends its form, and which sign-in it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) action: &'a str,
    pub(super) flow: &'a str,
}

impl Form<'_> {
    fn open(&self) -> String {
        format!(
            "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"flow\" value=\"{}\">",
            escape(self.action),
            escape(self.flow)
        )
    }
}

/// A page that says something.
pub(super) fn message(status: StatusCode, title: &str, text: &str) -> Reply {
    page(status, title, &format!("<p>{}</p>", escape(text)))
}

/// An account on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) is_signed_in: bool,
}

/// Which account to sign in with; any other is typed.
pub(super) fn accounts(form: Form<'_>, app: &str, choices: &[Choice]) -> Reply {
    let mut body = format!("<p>to continue to {}</p>", escape(app));
    if !choices.is_empty() {
        body.push_str(&form.open());
        for (place, choice) in choices.iter().enumerate() {
            let _ = write!(
                body,
                "<button class=\"row\" name=\"account\" value=\"{0}\"{1}>{2}<small>{0}{3}</small></button>",
                escape(&choice.address),
                if place == 0 { " autofocus" } else { "" },
                escape(&choice.name),
                if choice.is_signed_in { " · signed in" } else { "" },
            );
        }
        body.push_str("</form>");
    }
    let _ = write!(
        body,
        "{}<label for=\"other\">Use another account</label>\
         <input id=\"other\" type=\"email\" name=\"account\" required autocomplete=\"username\" \
         placeholder=\"somebody@customer.example\">\
         <p><button class=\"main\">Next</button></p></form>\
         {}<button name=\"decision\" value=\"cancel\">Cancel</button></form>\
         <p class=\"note\">There are no passwords here: whoever is picked is signed in.</p>",
        form.open(),
        form.open(),
    );
    page(StatusCode::OK, "Pick an account", &body)
}

/// The second factor.
pub(super) fn second_factor(form: Form<'_>, address: &str) -> Reply {
    let body = format!(
        "<p><small>{}</small></p><p>Open your authenticator app and approve the request to sign in.</p>{}\
         <p><button class=\"main\" name=\"approval\" value=\"approve\" autofocus>Approve</button>\
         <button name=\"approval\" value=\"deny\">Deny</button></p></form>",
        escape(address),
        form.open(),
    );
    page(StatusCode::OK, "Approve sign-in request", &body)
}

/// What the app asks to be allowed, by name and description.
pub(super) fn consent<'a>(
    form: Form<'_>,
    (app, tenant): (&str, &str),
    asked: impl Iterator<Item = &'a str>,
) -> Reply {
    let mut body = format!(
        "<p><b>{}</b> would like to, for all of <b>{}</b>:</p><ul>",
        escape(app),
        escape(tenant)
    );
    for name in asked {
        let (title, text) = permissions::described(name);
        let _ = write!(
            body,
            "<li><b>{}</b>{}<small>{}</small></li>",
            escape(title),
            escape(text),
            escape(name)
        );
    }
    let _ = write!(
        body,
        "</ul><p class=\"note\">If you accept, the app gets this access for all people in your organisation, and \
         nobody else is asked.</p>{}\
         <p><button class=\"main\" name=\"decision\" value=\"accept\" autofocus>Accept</button>\
         <button name=\"decision\" value=\"cancel\">Cancel</button></p></form>",
        form.open()
    );
    page(StatusCode::OK, "Permissions requested", &body)
}

/// Who signed in may not grant what the app asks for.
pub(super) fn needs_administrator(form: Form<'_>, app: &str, text: &str) -> Reply {
    let body = format!(
        "<p><b>{}</b> needs permission to access resources in your organisation that only an administrator can \
         grant.</p><p class=\"error\">{}</p>{}\
         <p><button name=\"decision\" value=\"cancel\" autofocus>Return to the application without granting consent\
         </button></p></form>",
        escape(app),
        escape(text),
        form.open(),
    );
    page(StatusCode::OK, "Need admin approval", &body)
}

/// Which partner's request somebody wants to answer.
pub(super) fn which_invitation(action: &str) -> Reply {
    let body = format!(
        "<form action=\"{}\"><label for=\"relationship\">The link that your partner sent you, or the end of it</label>\
         <input id=\"relationship\" name=\"relationship\" required autofocus autocomplete=\"off\">\
         <p><button class=\"main\">Next</button></p></form>",
        escape(action)
    );
    page(StatusCode::OK, "Answer a partner", &body)
}

/// What a partner asks a customer for.
pub(super) fn invitation<'a>(
    form: Form<'_>,
    (partner, tenant): (&str, &str),
    (name, days): (&str, i64),
    roles: impl Iterator<Item = &'a str>,
) -> Reply {
    let mut body = format!(
        "<p><b>{}</b> asks for these roles in <b>{}</b>, for {days} days, by the name of {}:</p><ul>",
        escape(partner),
        escape(tenant),
        escape(name)
    );
    for role in roles {
        let _ = write!(body, "<li><b>{}</b></li>", escape(role));
    }
    let _ = write!(
        body,
        "</ul>{}<p><button class=\"main\" name=\"decision\" value=\"approve\" autofocus>Approve all</button>\
         <button name=\"decision\" value=\"reject\">Decline</button>\
         <button name=\"decision\" value=\"cancel\">Not now</button></p></form>",
        form.open()
    );
    page(StatusCode::OK, "Approve partner roles", &body)
}

/// Where the code that a device shows is typed.
pub(super) fn device_code(action: &str, complaint: Option<&str>) -> Reply {
    let complaint = complaint.map_or_else(String::new, |text| {
        format!("<p class=\"error\" role=\"alert\">{}</p>", escape(text))
    });
    let body = format!(
        "{complaint}<form method=\"post\" action=\"{}\">\
         <label for=\"code\">Code displayed on your app or device</label>\
         <input id=\"code\" name=\"code\" required autofocus autocomplete=\"off\" autocapitalize=\"characters\">\
         <p><button class=\"main\">Next</button></p></form>",
        escape(action)
    );
    page(StatusCode::OK, "Enter code", &body)
}

/// Whether it is really this app that somebody wants to sign in to on a device.
pub(super) fn device_confirmation(form: Form<'_>, app: &str) -> Reply {
    let body = format!(
        "<p>Do not continue if somebody sent you the code, or if you do not know the app on the device.</p>{}\
         <p><button class=\"main\" name=\"decision\" value=\"continue\" autofocus>Continue</button>\
         <button name=\"decision\" value=\"cancel\">Cancel</button></p></form>",
        form.open()
    );
    page(
        StatusCode::OK,
        &format!("Are you trying to sign in to {app}?"),
        &body,
    )
}

/// Takes an answer back to the app by a form, which a person sends off.
pub(super) fn hand_over(uri: &str, fields: &[(String, String)]) -> Reply {
    let mut body = format!("<form method=\"post\" action=\"{}\">", escape(uri));
    for (name, value) in fields {
        let _ = write!(
            body,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
    }
    body.push_str(
        "<p>You are signed in.</p><p><button class=\"main\" autofocus>Continue</button></p></form>",
    );
    page(StatusCode::OK, "Working…", &body)
}

fn page(status: StatusCode, title: &str, body: &str) -> Reply {
    reply::html(
        status,
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title>\
             <style>{STYLE}</style></head><body><main><small>Simulated sign-in</small><h1>{0}</h1>{body}</main>\
             </body></html>",
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
