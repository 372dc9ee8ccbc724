//! Walking through the simulated sign-in as a person would.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use msp365_core::{Reply, Transport};
use url::{Url, form_urlencoded};

use crate::Error;

/// More pages than account, second factor and consent take.
const PAGES: usize = 6;

/// Opens a sign-in address, takes the first choice of each page (the account that was hinted or the provider's own,
/// approval, acceptance), and answers where the browser would be sent at the end: the app's redirect address with a
/// code, or with an error. What a page would post to that address is answered as its query.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use msp365_sim::{Sim, sign_in};
///
/// let cloud = Sim::seeded(7).customers(1).users_each(3).build();
/// let url = format!(
///     "https://login.microsoftonline.com/{}/oauth2/v2.0/authorize?response_type=code&client_id={}&state=s\
///      &redirect_uri={}&scope=https://graph.microsoft.com/.default",
///     cloud.partner_tenant(), cloud.app().client_id, cloud.app().redirect_uri,
/// );
/// let callback = sign_in::walk(cloud.transport().as_ref(), &url).await?;
/// assert!(callback.contains("code=") && callback.ends_with("state=s"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `SignIn` if a page refuses; `Invalid` if the address is none; the transport's kind if a page does not come.
pub async fn walk(transport: &dyn Transport, url: &str) -> Result<String, Error> {
    let at = Url::parse(url).map_err(|_| bad_address(url))?;
    let reply = fetch(transport, Method::GET, &at, String::new()).await?;
    match go_through(transport, at, reply).await? {
        End::Elsewhere(url) => Ok(url.into()),
        End::Page(text) => Err(Error::Refused { text }),
    }
}

/// Types the code that a device shows into the page at an address, and goes through the sign-in as [`walk`] does.
/// Answers what the last page says.
///
/// # Errors
/// `SignIn` if a page refuses; `Invalid` if the address is none; the transport's kind if a page does not come.
pub async fn enter_code(transport: &dyn Transport, url: &str, code: &str) -> Result<String, Error> {
    let at = Url::parse(url).map_err(|_| bad_address(url))?;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", code)
        .finish();
    let reply = fetch(transport, Method::POST, &at, form).await?;
    let page = String::from_utf8_lossy(&reply.body).into_owned();
    let is_sign_in =
        Form::first(&page).is_some_and(|form| form.fields.iter().any(|(name, _)| name == "flow"));
    if !is_sign_in {
        return Err(Error::Refused { text: said(&page) });
    }
    match go_through(transport, at, reply).await? {
        End::Elsewhere(url) => Err(bad_address(url.as_str())),
        End::Page(text) => Ok(text),
    }
}

/// Where a sign-in ends.
enum End {
    /// The browser leaves for this address.
    Elsewhere(Url),
    /// A page without a form, or an error.
    Page(String),
}

async fn go_through(transport: &dyn Transport, mut at: Url, mut reply: Reply) -> Result<End, Error> {
    for _ in 0..PAGES {
        if reply.status.is_redirection() {
            let location = reply.header("location").unwrap_or_default();
            let url = at.join(location).map_err(|_| bad_address(location))?;
            return Ok(End::Elsewhere(url));
        }
        let page = String::from_utf8_lossy(&reply.body).into_owned();
        let Some(form) = Form::first(&page).filter(|_| reply.status == StatusCode::OK) else {
            return Ok(End::Page(said(&page)));
        };
        let mut next = at.join(&form.action).map_err(|_| bad_address(&form.action))?;
        if next.origin() != at.origin() {
            next.query_pairs_mut().extend_pairs(&form.fields);
            return Ok(End::Elsewhere(next));
        }
        at = next;
        reply = fetch(transport, Method::POST, &at, form.encoded()).await?;
    }
    Err(Error::Endless)
}

async fn fetch(transport: &dyn Transport, method: Method, url: &Url, form: String) -> Result<Reply, Error> {
    let request = Request::builder()
        .method(method)
        .uri(url.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(form))
        .map_err(|_| bad_address(url.as_str()))?;
    transport
        .send(request)
        .await
        .map_err(|source| Error::OpenPage { source })
}

fn bad_address(given: &str) -> Error {
    let given = given.split(['?', '#']).next().unwrap_or_default();
    Error::Address {
        given: given.to_owned(),
    }
}

/// The first form of a page, with its hidden fields and its first button pressed.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn first(page: &str) -> Option<Self> {
        let start = page.find("<form")?;
        let body = page.get(start..)?;
        let body = body.split("</form>").next()?;
        let action = attribute(body.split('>').next()?, "action")?;
        let mut fields: Vec<_> = tags(body, "<input").filter_map(named_value).collect();
        fields.extend(tags(body, "<button").find_map(named_value));
        Some(Self { action, fields })
    }

    fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish()
    }
}

fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(name).skip(1).filter_map(|rest| rest.split('>').next())
}

fn named_value(tag: &str) -> Option<(String, String)> {
    Some((attribute(tag, "name")?, attribute(tag, "value")?))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(unescape(value))
}

/// The text of a page without its tags.
fn said(page: &str) -> String {
    let body = page.split("<h1>").nth(1).unwrap_or(page);
    let mut text = String::new();
    let mut in_tag = false;
    for sign in body.chars() {
        match sign {
            '<' => {
                in_tag = true;
                text.push(' ');
            }
            '>' => in_tag = false,
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    let words: Vec<_> = text.split_whitespace().collect();
    unescape(&words.join(" "))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
