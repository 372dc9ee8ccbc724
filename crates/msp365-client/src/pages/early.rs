//! Finds the link to the next page in a body that is still arriving.

/// How much of a body is searched. Graph sends the link before the rows.
const HEAD: usize = 64 << 10;

/// What the beginning of a body says about the next page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Early {
    /// Where the next page is.
    Link(String),
    /// There is no link before the rows, and more bytes will not change that.
    Absent,
    /// Nothing yet.
    Unknown,
}

/// Reads the members of the outermost object, up to the first that is neither text nor number.
pub(super) fn early_link(body: &[u8]) -> Early {
    let found = look(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    if found == Early::Unknown && body.len() > HEAD {
        return Early::Absent;
    }
    found
}

fn look(body: &[u8]) -> Early {
    let Some(mut rest) = after(body, b'{') else {
        return unless_cut(body);
    };
    loop {
        let Some((key, tail)) = text(rest) else {
            return unless_cut(rest);
        };
        let Some(value) = after(tail, b':') else {
            return unless_cut(tail);
        };
        let value = trimmed(value);
        let end = match value.first() {
            None => return Early::Unknown,
            Some(b'"') => match text(value) {
                Some((link, _)) if key == b"\"@odata.nextLink\"" => return unescaped(link),
                Some((_, tail)) => tail,
                None => return Early::Unknown,
            },
            Some(b'{' | b'[') => return Early::Absent,
            Some(_) => match value.iter().position(|byte| matches!(byte, b',' | b'}')) {
                Some(at) => value.get(at..).unwrap_or_default(),
                None => return Early::Unknown,
            },
        };
        match after(end, b',') {
            Some(tail) => rest = tail,
            None => return unless_cut(end),
        }
    }
}

/// If something unexpected follows, there is no link; if nothing follows yet, more may come.
fn unless_cut(rest: &[u8]) -> Early {
    match trimmed(rest).first() {
        None | Some(b'"') => Early::Unknown,
        Some(_) => Early::Absent,
    }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

fn after(bytes: &[u8], mark: u8) -> Option<&[u8]> {
    trimmed(bytes).strip_prefix(&[mark])
}

/// A JSON text with its quotes, and the rest behind it.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = trimmed(bytes);
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut is_escaped = false;
    let end = bytes.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    })?;
    bytes.split_at_checked(end + 2)
}

fn unescaped(link: &[u8]) -> Early {
    match serde_json::from_slice::<String>(link) {
        Ok(link) if !link.trim().is_empty() => Early::Link(link),
        _ => Early::Absent,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINK: &str = "https://graph.microsoft.com/v1.0/users?$skiptoken=a";

    fn body() -> String {
        format!(
            r#"{{ "@odata.context":"https://c/\"x","@odata.count": 12 ,"@odata.nextLink":"{LINK}","value":[{{"id":"1"}}]}}"#
        )
    }

    #[test]
    fn the_link_is_found_before_the_rows_have_come() {
        let body = body();
        let head = body.find("\"value\"").unwrap_or_default();

        assert_eq!(early_link(&body.as_bytes()[..head]), Early::Link(LINK.to_owned()));
    }

    #[test]
    fn a_link_behind_the_rows_or_inside_one_is_not_early() {
        for body in [
            r#"{"value":[{"@odata.nextLink":"https://evil.example/"}],"@odata.nextLink":"x"}"#,
            r#"{"a":{"@odata.nextLink":"x"}}"#,
            r#"{"@odata.nextLink":null,"value":[]}"#,
            r#"{"@odata.nextLink":" ","value":[]}"#,
            r#"{"@odata.count":1}"#,
            r#"["@odata.nextLink","x"]"#,
            "<html>",
        ] {
            assert_eq!(early_link(body.as_bytes()), Early::Absent, "{body}");
        }
    }

    #[test]
    fn an_escaped_link_is_read_as_json_does() {
        let body = r#"{"@odata.nextLink":"https:\/\/g\/v1.0\/u?a=\u0027b"}"#;

        assert_eq!(
            early_link(body.as_bytes()),
            Early::Link("https://g/v1.0/u?a='b".to_owned())
        );
    }

    proptest! {
        #[test]
        fn a_cut_body_never_gives_another_link(cut in 0_usize..200) {
            let body = body();
            let head = &body.as_bytes()[..cut.min(body.len())];

            prop_assert!(matches!(early_link(head), Early::Unknown | Early::Link(_)));
            if let Early::Link(link) = early_link(head) {
                prop_assert_eq!(link, LINK);
            }
        }
    }
}
