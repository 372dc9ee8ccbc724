//! Text as PostgreSQL takes it: all but the character NUL, which stands for itself everywhere else.

use std::borrow::Cow;

/// Begins an escape. It is no character that text may hold for others to read.
const MARK: char = '\u{10ffff}';

/// The text to be stored.
pub(super) fn stored(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', MARK]) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\0' => escaped.extend([MARK, '0']),
            MARK => escaped.extend([MARK, '1']),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// The text that was stored.
pub(super) fn read(text: &str) -> Cow<'_, str> {
    if !text.contains(MARK) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            MARK => plain.push(if characters.next() == Some('0') {
                '\0'
            } else {
                MARK
            }),
            other => plain.push(other),
        }
    }
    Cow::Owned(plain)
}

/// An optional text to be stored.
pub(super) fn perhaps(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(stored)
}

/// A text that was stored, to be kept.
pub(super) fn owned(text: String) -> String {
    match read(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(plain) => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_without_a_nul_on_the_way() {
        for text in ["", "Ada", "a\0b\0", "\u{10ffff}", "\u{10ffff}0\0\u{10ffff}1"] {
            let kept = stored(text);

            assert!(!kept.contains('\0'), "{text:?}");
            assert_eq!(read(&kept), text);
            assert_eq!(owned(kept.into_owned()), text);
        }
    }
}
