//! Half characters in JSON: one escape of a surrogate pair whose other half is missing, as in texts that were cut.

/// What replaces a half.
const REPLACEMENT: &[u8] = b"\\ufffd";

/// The JSON with each lone half replaced; `None` if there is none.
pub(crate) fn mend(json: &[u8]) -> Option<Vec<u8>> {
    let mut mended: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(rest) = json.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match half(rest) {
            Some(Half::First) if matches!(rest.get(6..).and_then(half), Some(Half::Second)) => 12,
            Some(_) => {
                let out = mended.get_or_insert_with(|| json.get(..at).unwrap_or_default().to_vec());
                out.extend_from_slice(REPLACEMENT);
                at += 6;
                continue;
            }
            // An escaped character is skipped with its backslash, so that `\\\\u` does not count as an escape.
            None if rest.first() == Some(&b'\\') => 2,
            None => 1,
        };
        if let Some(out) = &mut mended {
            out.extend_from_slice(rest.get(..length).unwrap_or(rest));
        }
        at += length;
    }
    mended
}

enum Half {
    First,
    Second,
}

/// Which half the escape at the beginning of this text is.
fn half(text: &[u8]) -> Option<Half> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let code = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    match code {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mended(json: &str) -> String {
        mend(json.as_bytes()).map_or_else(|| json.to_owned(), |bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn f059_half_a_character_is_replaced_and_a_whole_one_kept() {
        assert_eq!(mended(r#""a\ud83d""#), r#""a\ufffd""#);
        assert_eq!(
            mended(r#""\ude00\ud83d\ude00\ud83d""#),
            r#""\ufffd\ud83d\ude00\ufffd""#
        );
        assert_eq!(mended(r#""\\ud83d""#), r#""\\ud83d""#);
        assert!(mend(br#""\ud83d\ude00""#).is_none());
    }

    proptest! {
        #[test]
        fn f059_any_escapes_become_readable(codes in proptest::collection::vec(any::<u16>(), 0..40)) {
            let text = codes.iter().fold(String::new(), |text, code| format!("{text}\\u{code:04x}"));

            let read: Result<String, _> = serde_json::from_str(&mended(&format!("\"{text}\"")));

            prop_assert!(read.is_ok());
        }
    }
}
