//! What the service requires and allows for each request: permissions, plan, page size, query options.
//!
//! An [`Operation`] is data beside the function that makes the request. The request is made from it, and is refused
//! before it is sent if the service would refuse it.

use http::Method;
use secrecy::SecretString;
use serde::de::DeserializeOwned;

use crate::{
    Lenient, Page, Path, Replay, Request, Service,
    page::{decode_lenient, decode_page},
    request::{Decode, decode_json, decode_location},
};

/// The options that collections of directory objects take.
pub const DIRECTORY: &[&str] = &["$select", "$filter", "$search", "$orderby", "$expand", "$count"];

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PATCH.
    Patch,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

impl Verb {
    /// The verb as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Patch => Method::PATCH,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }
}

/// How rows are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Paging {
    /// Not at all: the reply is one object, or nothing.
    Single,
    /// All at once; a page size is refused.
    Whole,
    /// In pages whose size the service chooses; asking for a size is refused.
    Service,
    /// In pages of at most this many rows; asking for more is refused.
    Sized(u32),
}

/// What the service requires and allows for one kind of request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Its name in logs, `resource.verb`.
    pub name: &'static str,
    /// The service.
    pub service: Service,
    /// The method.
    pub verb: Verb,
    /// The path below the version; `{…}` stands for a value.
    pub path: &'static str,
    /// Permissions of a token for a person, all of them required.
    pub delegated: &'static [&'static str],
    /// Permissions of a token for the application alone, all of them required; empty if it takes no such token.
    pub application: &'static [&'static str],
    /// The plan that the tenant must have.
    pub license: Option<&'static str>,
    /// How rows are delivered.
    pub paging: Paging,
    /// A property that makes pages smaller if it is asked for, and their size then.
    pub narrower: Option<(&'static str, u32)>,
    /// The query options it takes, apart from the page size.
    pub options: &'static [&'static str],
    /// Whether it returns what changed since the last round.
    pub is_delta: bool,
    /// What repeating it does.
    pub replay: Replay,
    /// Further limits.
    pub note: &'static str,
}

impl Operation {
    /// A request of Microsoft Graph v1.0.
    pub const fn new(verb: Verb, name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            service: Service::Graph,
            verb,
            path,
            delegated: &[],
            application: &[],
            license: None,
            paging: Paging::Single,
            narrower: None,
            options: &[],
            is_delta: false,
            replay: match verb {
                Verb::Get => Replay::Safe,
                Verb::Post => Replay::Once,
                Verb::Patch | Verb::Put | Verb::Delete => Replay::Same,
            },
            note: "",
        }
    }

    /// Reads one object, whose properties may be selected.
    pub const fn read(name: &'static str, path: &'static str) -> Self {
        let mut read = Self::new(Verb::Get, name, path);
        read.options = &["$select"];
        read
    }

    /// Lists rows in pages of at most this many.
    pub const fn pages(name: &'static str, path: &'static str, rows: u32) -> Self {
        let mut list = Self::new(Verb::Get, name, path);
        list.paging = Paging::Sized(rows);
        list.options = &["$select"];
        list
    }

    /// Lists all rows at once.
    pub const fn whole(name: &'static str, path: &'static str) -> Self {
        let mut list = Self::new(Verb::Get, name, path);
        list.paging = Paging::Whole;
        list
    }

    /// Lists what changed.
    pub const fn delta(name: &'static str, path: &'static str) -> Self {
        let mut delta = Self::new(Verb::Get, name, path);
        delta.paging = Paging::Service;
        delta.options = &["$select", "$filter", "$deltatoken"];
        delta.is_delta = true;
        delta.note = "a cursor lives 7 days; `$filter` by id alone";
        delta
    }

    /// With another service than Graph v1.0.
    #[must_use]
    pub const fn at(mut self, service: Service) -> Self {
        self.service = service;
        self
    }

    /// With these permissions, both for a person and for the application alone.
    #[must_use]
    pub const fn permission(mut self, names: &'static [&'static str]) -> Self {
        self.delegated = names;
        self.application = names;
        self
    }

    /// With these permissions for a person; unless others are set, not for the application alone.
    #[must_use]
    pub const fn delegated(mut self, names: &'static [&'static str]) -> Self {
        self.delegated = names;
        self
    }

    /// With these permissions for the application alone.
    #[must_use]
    pub const fn application(mut self, names: &'static [&'static str]) -> Self {
        self.application = names;
        self
    }

    /// Only in tenants with this plan.
    #[must_use]
    pub const fn license(mut self, plan: &'static str) -> Self {
        self.license = Some(plan);
        self
    }

    /// With smaller pages if this property is asked for.
    #[must_use]
    pub const fn narrower(mut self, property: &'static str, rows: u32) -> Self {
        self.narrower = Some((property, rows));
        self
    }

    /// With these query options.
    #[must_use]
    pub const fn options(mut self, names: &'static [&'static str]) -> Self {
        self.options = names;
        self
    }

    /// Sent twice, it changes no more than sent once.
    #[must_use]
    pub const fn same(mut self) -> Self {
        self.replay = Replay::Same;
        self
    }

    /// The answer to a second sending would say nothing about the first.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.replay = Replay::Once;
        self
    }

    /// It reads, though it is not a GET.
    #[must_use]
    pub const fn safe(mut self) -> Self {
        self.replay = Replay::Safe;
        self
    }

    /// With this further limit.
    #[must_use]
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// The request to this path, with its own decoder for the reply.
    pub fn request<T>(&'static self, path: Path, decode: Decode<T>) -> Request<T> {
        Request::new(self.verb.method(), self.name, self.service, path, decode)
            .replay(self.replay)
            .ruled(self)
    }

    /// The request to this path; the reply is one JSON value.
    pub fn one<T: DeserializeOwned>(&'static self, path: Path) -> Request<T> {
        self.request(path, decode_json)
    }

    /// The request to this path; the reply is a page.
    pub fn list<T: DeserializeOwned>(&'static self, path: Path) -> Request<Page<T>> {
        self.request(path, decode_page)
    }

    /// The request to this path; the reply is a page, which an unreadable record does not fail.
    pub fn list_lenient<T: DeserializeOwned>(&'static self, path: Path) -> Request<Page<Lenient<T>>> {
        self.request(path, decode_lenient)
    }

    /// The request to this path; the reply is ignored.
    pub fn command(&'static self, path: Path) -> Request<()> {
        self.request(path, |_, _| Ok(()))
    }

    /// The request to this path, answered by a redirect to a pre-authenticated address.
    pub fn redirect(&'static self, path: Path) -> Request<SecretString> {
        self.request(path, decode_location)
    }

    /// The largest page, if rows come in pages of a size that can be asked for.
    pub const fn page_size(&self) -> Option<u32> {
        match self.paging {
            Paging::Sized(rows) => Some(rows),
            Paging::Single | Paging::Whole | Paging::Service => None,
        }
    }

    /// Why the service would refuse this query, or `None`.
    pub(crate) fn refuses(&self, query: &[(String, String)]) -> Option<String> {
        query.iter().find_map(|(name, value)| match name.as_str() {
            "$top" => self.refuses_size(query, value),
            option if option.starts_with('$') && !self.options.contains(&option) => {
                Some(format!("the service takes no `{option}` here"))
            }
            _ => None,
        })
    }

    fn refuses_size(&self, query: &[(String, String)], value: &str) -> Option<String> {
        let Some(largest) = self.page_size() else {
            return Some("the service takes no page size here".to_owned());
        };
        let asked = |name: &str| query.iter().any(|(_, value)| value.contains(name));
        let largest = match self.narrower {
            Some((property, rows)) if asked(property) => rows,
            _ => largest,
        };
        let fits = value
            .parse::<u32>()
            .is_ok_and(|rows| (1..=largest).contains(&rows));
        (!fits).then(|| format!("a page has one to {largest} rows here"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, path};

    static LIST: Operation = Operation::pages("users.list", "users", 999)
        .options(DIRECTORY)
        .narrower("signInActivity", 500);
    static SKUS: Operation = Operation::whole("skus.list", "subscribedSkus");

    fn users() -> Request<Page<String>> {
        LIST.list(path!["users"])
    }

    fn reason<T>(request: &Request<T>) -> String {
        match request.call().relative_url() {
            Err(Error::Refused { reason, .. }) => reason.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_page_larger_than_the_service_gives_is_refused() {
        assert!(users().top(999).call().relative_url().is_ok());
        assert_eq!(reason(&users().top(1000)), "a page has one to 999 rows here");
        assert_eq!(reason(&users().top(0)), "a page has one to 999 rows here");
    }

    #[test]
    fn a_costly_property_makes_pages_smaller() {
        let with_activity = users().select(["id", "signInActivity"]);

        assert!(with_activity.clone().top(500).call().relative_url().is_ok());
        assert_eq!(reason(&with_activity.top(501)), "a page has one to 500 rows here");
    }

    #[test]
    fn an_option_that_the_service_does_not_take_is_refused() {
        let skus: Request<Page<String>> = SKUS.list(path!["subscribedSkus"]);

        assert_eq!(
            reason(&skus.clone().select(["id"])),
            "the service takes no `$select` here"
        );
        assert_eq!(reason(&skus.top(5)), "the service takes no page size here");
    }

    #[test]
    fn a_request_has_the_replay_rule_of_its_operation() {
        static ASSIGN: Operation =
            Operation::new(Verb::Post, "licenses.assign", "users/{id}/assignLicense").same();

        let request = ASSIGN.command(path!["users", "ada", "assignLicense"]);

        assert_eq!(request.call().replay(), Replay::Same);
        assert_eq!(request.call().method(), Method::POST);
    }
}
