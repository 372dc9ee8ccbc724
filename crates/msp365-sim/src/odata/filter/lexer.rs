//! The words of a `$filter`.

use jiff::Timestamp;

use crate::odata::Refused;

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A quoted text, its doubled quotes made single.
    Text(String),
    Instant(Timestamp),
    Guid(String),
    Number(f64),
    /// A name, with the names below it.
    Name(String),
    Open,
    Close,
    Comma,
    Colon,
}

/// Cuts a filter into words.
pub(super) fn words(text: &str) -> Result<Vec<Token>, Refused> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let (token, length) = word(rest).ok_or_else(|| syntax(text, at))?;
        found.push(token);
        at += length;
    }
    Ok(found)
}

/// A refusal that names the place.
pub(super) fn syntax(text: &str, at: usize) -> Refused {
    Refused::bad(format!(
        "Invalid filter clause: Syntax error at position {at} in '{text}'."
    ))
}

fn word(rest: &str) -> Option<(Token, usize)> {
    let first = rest.chars().next()?;
    match first {
        '(' => Some((Token::Open, 1)),
        ')' => Some((Token::Close, 1)),
        ',' => Some((Token::Comma, 1)),
        ':' => Some((Token::Colon, 1)),
        '\'' => quoted(rest),
        _ => {
            let length = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || "_-./$+".contains(c)))
                .unwrap_or(rest.len());
            let run = rest.get(..length)?;
            literal(run)
                .map(|token| (token, length))
                .or_else(|| dated(rest))
                .or_else(|| {
                    let named = first.is_ascii_alphabetic() || first == '_';
                    (named && !run.ends_with('/') && !run.contains("//") && !run.contains('+'))
                        .then(|| (Token::Name(run.to_owned()), length))
                })
        }
    }
}

fn quoted(rest: &str) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            text.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
            text.push('\'');
            letters.next();
        } else {
            return Some((Token::Text(text), at + 1));
        }
    }
    None
}

fn literal(run: &str) -> Option<Token> {
    if run.len() == 36 && uuid::Uuid::try_parse(run).is_ok() {
        return Some(Token::Guid(run.to_owned()));
    }
    let digits = run.strip_prefix('-').unwrap_or(run);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    plain.then(|| run.parse().ok().map(Token::Number)).flatten()
}

/// A date or a moment; only here do colons belong to the word.
fn dated(rest: &str) -> Option<(Token, usize)> {
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-:.+".contains(c)))
        .unwrap_or(rest.len());
    let run = rest.get(..length)?;
    let moment = run.parse::<Timestamp>().ok().or_else(|| {
        let day: jiff::civil::Date = (run.len() == 10).then(|| run.parse().ok()).flatten()?;
        day.to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })?;
    Some((Token::Instant(moment), length))
}
