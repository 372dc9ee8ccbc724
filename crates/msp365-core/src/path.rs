//! Request paths whose values cannot leave their segment.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters left unescaped in a segment: the unreserved characters of RFC 3986 and the marks of `OData` keys.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$');

/// A path below a service's version: escaped segments joined by `/`, without a slash at either end.
///
/// Made by [`path!`](crate::path!). A segment that is empty or consists only of dots cannot be escaped in a URL; such a
/// path can be built, but its request is refused before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path {
    text: String,
    refused: Option<String>,
}

impl Path {
    /// The empty path, to push segments to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a segment; everything that could end it is percent-encoded.
    #[must_use]
    pub fn segment(mut self, value: impl AsRef<str>) -> Self {
        let value = value.as_ref();
        if value.bytes().all(|byte| byte == b'.') {
            self.refused.get_or_insert_with(|| value.to_owned());
        }
        if !self.text.is_empty() {
            self.text.push('/');
        }
        self.text.extend(utf8_percent_encode(value, SEGMENT));
        self
    }

    /// Appends a quoted key to the last segment: `.key("appId", id)` gives `servicePrincipals(appId='…')`.
    #[must_use]
    pub fn key(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let doubled = value.as_ref().replace('\'', "''");
        self.text.push('(');
        self.text.push_str(name);
        self.text.push_str("='");
        self.text.extend(utf8_percent_encode(&doubled, SEGMENT));
        self.text.push_str("')");
        self
    }

    /// Appends an argument without quotes, such as a day or a number, to the last segment.
    #[must_use]
    pub fn argument(mut self, name: &str, value: &str) -> Self {
        self.text.push('(');
        self.text.push_str(name);
        self.text.push('=');
        self.text.extend(utf8_percent_encode(value, SEGMENT));
        self.text.push(')');
        self
    }

    /// The escaped text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first segment that no URL can hold, if any.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}

/// A [`Path`] of segments, each escaped: `path!["users", id, "memberOf"]`.
#[macro_export]
macro_rules! path {
    ($($segment:expr),+ $(,)?) => { $crate::Path::new()$(.segment($segment))+ };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn a_user_name_cannot_leave_its_path_segment() {
        assert_eq!(path!["users", "ada/../me"].as_str(), "users/ada%2F..%2Fme");
        assert_eq!(
            path!["users", "ada_fab.com#EXT#@x.example"].as_str(),
            "users/ada_fab.com%23EXT%23%40x.example"
        );
    }

    #[test]
    fn a_quote_in_a_key_is_doubled() {
        assert_eq!(
            path!["users"].key("userPrincipalName", "o'neil").as_str(),
            "users(userPrincipalName='o%27%27neil')"
        );
    }

    #[test]
    fn segments_of_dots_are_refused() {
        assert_eq!(path!["users", ".."].refused(), Some(".."));
        assert_eq!(path!["users", ""].refused(), Some(""));
        assert_eq!(path!["users", "..a"].refused(), None);
    }

    proptest! {
        #[test]
        fn any_text_stays_one_segment(id in "\\PC*") {
            let path = path!["users", &id, "manager"];
            prop_assume!(path.refused().is_none());

            let url = url::Url::parse(&format!("https://graph.microsoft.com/v1.0/{}", path.as_str())).unwrap();

            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 4);
            let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
            prop_assert_eq!(decoded.as_ref(), id.as_str());
        }
    }
}
