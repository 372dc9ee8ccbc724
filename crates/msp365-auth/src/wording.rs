//! Foreign text made safe for logs and pages.

/// Longest text from the service that is kept, in bytes.
const LONGEST: usize = 1_024;

/// The text without control characters and markup, at most 1,024 bytes.
pub(crate) fn tamed(text: &str) -> String {
    let mut kept = String::new();
    for character in text.chars() {
        let mut buffer = [0; 4];
        let piece = match character {
            '<' => "&lt;",
            '>' => "&gt;",
            '&' => "&amp;",
            '"' => "&quot;",
            '\'' => "&#39;",
            character if is_hidden(character) => " ",
            character => character.encode_utf8(&mut buffer),
        };
        if kept.len() + piece.len() > LONGEST {
            break;
        }
        kept.push_str(piece);
    }
    kept.trim().to_owned()
}

/// A protocol word, such as `invalid_grant`; anything else becomes `unreadable`.
pub(crate) fn word(text: &str) -> String {
    let is_word = !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if is_word { text } else { "unreadable" }.to_owned()
}

/// Control characters, and those that change the direction or look of the text around them.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_do_not_come_out() {
        let tame = tamed("<b onclick='x'>\r\nno\u{202e}& \"so\"\u{7}</b>");

        assert_eq!(
            tame,
            "&lt;b onclick=&#39;x&#39;&gt;  no &amp; &quot;so&quot; &lt;/b&gt;"
        );
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let tame = tamed(&"ä<".repeat(2_000));

        assert!(tame.len() <= LONGEST);
        assert!(tame.ends_with("ä") || tame.ends_with("&lt;"));
    }

    #[test]
    fn a_word_is_kept_and_a_sentence_is_not() {
        assert_eq!(word("invalid_grant"), "invalid_grant");
        assert_eq!(word("invalid grant\r\n"), "unreadable");
        assert_eq!(word(""), "unreadable");
    }
}
