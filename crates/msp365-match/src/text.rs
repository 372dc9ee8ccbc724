//! Names made comparable: the different spellings of people, agents and directories become one.
//!
//! ```
//! use msp365_match::text::{fold_host, fold_name};
//!
//! assert_eq!(fold_name("Müller & Söhne GmbH"), fold_name("MULLER und SOHNE"));
//! assert_ne!(fold_name("Area 51"), fold_name("Area 52"));
//! assert_eq!(fold_host("LT-ADA-01.contoso.example."), "lt-ada-01");
//! ```

use std::net::Ipv4Addr;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

mod domain;
mod legal;
mod script;
mod short;
#[cfg(test)]
mod tests;

pub use domain::business_domain;
pub use script::{is_deceptive, skeleton};

/// Windows keeps this many characters of a computer's name as its NetBIOS name, which is all that many tools know.
pub const NETBIOS_LENGTH: usize = 15;

/// The name of an organization without what differs between two people who write it down.
///
/// Removed are case, accents, width, punctuation, invisible characters and the legal form at the end (`Ltd`,
/// `Limited`, `GmbH & Co. KG`, `Sp. z o.o.` and those of some forty countries; a few at the start, such as
/// `UAB`). `&`, `+` and `und` are read as `and`; initials are joined; common abbreviations are written out
/// (`Intl`, `Bros`, `Mfg`). Numbers stay. The result is empty only if the name has nothing visible: a name that
/// is nothing but a legal form keeps it, and one that consists of symbols keeps them.
pub fn fold_name(name: &str) -> String {
    split(name).0
}

/// The legal form in a name, folded and in its usual spelling: `Limited` is `ltd`. `None` if there is none.
///
/// ```
/// use msp365_match::text::legal_form;
///
/// assert_eq!(legal_form("Contoso Limited").as_deref(), Some("ltd"));
/// assert_eq!(legal_form("Contoso"), None);
/// ```
pub fn legal_form(name: &str) -> Option<String> {
    Some(split(name).1).filter(|form| !form.is_empty())
}

/// The folded name, and its legal form.
pub(crate) fn split(name: &str) -> (String, String) {
    let mut words = words(name);
    if words.is_empty() {
        return (symbols(name), String::new());
    }
    let form = legal::strip(&mut words);
    for word in &mut words {
        if let Some(whole) = short::whole(word) {
            whole.clone_into(word);
        }
    }
    (words.join(" "), form)
}

/// The host name without what an agent or a domain adds: case, a DNS suffix, a trailing dot, surrounding whitespace,
/// width and invisible characters.
///
/// A name that contains a space was given by a person (`Ada B. Phone`): its dots stay. So do those of an IP address,
/// because its numbers are not a DNS suffix.
pub fn fold_host(host: &str) -> String {
    let mut folded = String::with_capacity(host.len());
    push_host(host, &mut folded);
    folded
}

/// [`fold_host`] appended to a longer text: a million names in one allocation.
pub(crate) fn push_host(host: &str, onto: &mut String) {
    if is_plain(host) {
        return push_plain(host, onto);
    }
    let host = host.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    if is_plain(host) {
        return push_plain(host, onto);
    }
    let plain: String = spaced(
        host.nfkc()
            .flat_map(char::to_lowercase)
            .nfkc()
            .map(|letter| match letter {
                '\u{2018}' | '\u{2019}' | '`' => '\'',
                other => other,
            }),
    );
    if plain.contains(' ') {
        onto.push_str(&plain);
    } else {
        onto.push_str(without_suffix(&plain));
    }
}

/// Whether a host name has nothing to fold but case and suffix, like nearly all.
fn is_plain(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'`')
}

fn push_plain(host: &str, onto: &mut String) {
    let start = onto.len();
    onto.push_str(without_suffix(host));
    if let Some(added) = onto.get_mut(start..) {
        added.make_ascii_lowercase();
    }
}

/// Whether the folded host name is an IP address, which identifies a place in a network, not a device.
pub(crate) fn is_address(host: &str) -> bool {
    host.starts_with(|first: char| first.is_ascii_digit()) && host.parse::<Ipv4Addr>().is_ok()
}

/// The first [`NETBIOS_LENGTH`] characters of a folded host name, and whether there are more; `None` if it is shorter,
/// because truncation would not show.
pub(crate) fn cut(host: &str) -> Option<(&str, Length)> {
    if host.len() < NETBIOS_LENGTH {
        return None;
    }
    if host.is_ascii() {
        return match host.get(..NETBIOS_LENGTH) {
            Some(kept) if host.len() > NETBIOS_LENGTH => Some((kept, Length::Longer)),
            _ => Some((host, Length::Exact)),
        };
    }
    match host.char_indices().nth(NETBIOS_LENGTH) {
        Some((end, _)) => host.get(..end).map(|kept| (kept, Length::Longer)),
        None => (host.chars().count() == NETBIOS_LENGTH).then_some((host, Length::Exact)),
    }
}

/// The length of a host name compared with [`NETBIOS_LENGTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Exact,
    Longer,
}

fn without_suffix(host: &str) -> &str {
    if is_address(host) {
        return host;
    }
    host.split_once('.').map_or(host, |(name, _)| name)
}

/// The words of a name, folded, in order, including the legal form.
fn words(name: &str) -> Vec<String> {
    let mut reader = Reader::default();
    let name = if name.is_ascii() {
        name.to_owned()
    } else {
        legal::unglue(name.nfkd().collect())
    };
    for letter in name.chars().flat_map(char::to_lowercase) {
        reader.read(letter);
    }
    reader.finish()
}

/// What remains of a name without any letter or digit.
fn symbols(name: &str) -> String {
    spaced(name.nfkd().flat_map(char::to_lowercase).nfkd())
}

/// The visible characters, with single spaces between them and none around.
fn spaced(letters: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    let mut gap = false;
    for letter in letters.filter(|letter| !is_invisible(*letter)) {
        if letter.is_whitespace() {
            gap = !text.is_empty();
        } else {
            if gap {
                text.push(' ');
            }
            gap = false;
            text.push(letter);
        }
    }
    text
}

/// Splits a name into words, letter by letter.
#[derive(Debug, Default)]
struct Reader {
    done: Vec<String>,
    word: String,
    /// Letters since the last break, dot or slash: one letter before a dot is an initial, as in `B.V.`
    run: usize,
}

impl Reader {
    fn read(&mut self, letter: char) {
        match letter {
            '\u{300}'..='\u{36f}' | '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' => {}
            '.' | '/' if self.run == 1 => self.run = 0,
            '&' | '+' => {
                self.end_word();
                self.done.push("and".to_owned());
            }
            _ if is_invisible(letter) => {}
            _ if letter.is_alphanumeric() => {
                self.run = if letter.is_alphabetic() {
                    self.run + 1
                } else {
                    self.run.max(1) + 1
                };
                match plain(letter) {
                    Some(plain) => self.word.push_str(plain),
                    None => self.word.push(letter),
                }
            }
            _ if is_combining_mark(letter) && !self.word.is_empty() => self.word.push(letter),
            _ => self.end_word(),
        }
    }

    fn end_word(&mut self) {
        self.run = 0;
        if !self.word.is_empty() {
            self.done.push(std::mem::take(&mut self.word));
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.end_word();
        let last = self.done.len().saturating_sub(1);
        let mut words: Vec<String> = Vec::with_capacity(self.done.len());
        let mut initials = false;
        for (place, word) in self.done.into_iter().enumerate() {
            let is_initial = is_initial(&word);
            match words.last_mut() {
                Some(before) if initials && is_initial => before.push_str(&word),
                Some(_) if place < last && is_and(&word) => words.push("and".to_owned()),
                _ => words.push(word),
            }
            initials = is_initial;
        }
        words
    }
}

/// A single letter of a script that has cases: `J P Morgan` is `JP Morgan`, but a lone Chinese character is a word.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_lowercase) && letters.next().is_none()
}

fn is_and(word: &str) -> bool {
    matches!(word, "und" | "et" | "og" | "och")
}

/// Letters that Unicode does not decompose, as people type them without the right keyboard.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// Characters without a visible effect, apart from whitespace: direction marks, joiners, controls.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    ) || (letter.is_control() && !letter.is_whitespace())
}
