//! Several texts in one: what patterns are held against one by one.

/// What stands between the texts. No name, address or number holds it.
pub(crate) const APART: &str = "\u{1f}";

/// The texts of a JSON array, as one text.
pub(crate) fn listed(json: &str) -> String {
    texts(json).join(APART)
}

/// The same without what says of what kind an address is: `SMTP:`, `smtp:`, `x500:`.
pub(crate) fn bare(json: &str) -> String {
    let texts = texts(json);
    let bare: Vec<&str> = texts.iter().map(|text| without_kind(text)).collect();
    bare.join(APART)
}

/// The texts that one text was made from, but for empty ones.
pub(crate) fn parts(joined: &str) -> impl Iterator<Item = &str> {
    joined.split(APART).filter(|part| !part.is_empty())
}

fn texts(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

fn without_kind(address: &str) -> &str {
    match address.split_once(':') {
        Some((kind, bare)) if !kind.is_empty() && kind.bytes().all(|c| c.is_ascii_alphanumeric()) => bare,
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_kind_once() {
        let json =
            r#"["SMTP:ada@a.example","smtp:x","x500:/o=First","sip:smtp:y","plain@b.example","a b:c",":d"]"#;

        let bare = bare(json);

        let expected = [
            "ada@a.example",
            "x",
            "/o=First",
            "smtp:y",
            "plain@b.example",
            "a b:c",
            ":d",
        ];
        assert_eq!(parts(&bare).collect::<Vec<_>>(), expected);
        assert_eq!(listed(r#"["a\"b","","c"]"#), "a\"b\u{1f}\u{1f}c");
        assert_eq!(parts(&listed("")).count(), 0);
    }
}
