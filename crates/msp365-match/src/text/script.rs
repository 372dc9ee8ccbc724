//! Names that look like others: letters of two scripts in one word, and marks that change the reading direction.

/// The scripts whose letters are mistaken for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Other,
}

fn script(letter: char) -> Script {
    match letter {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        _ => Script::Other,
    }
}

/// Whether a name may have been made to look like another: a word has letters of two scripts, or a mark changes the
/// reading direction.
///
/// Such a name is never linked automatically.
pub fn is_deceptive(name: &str) -> bool {
    !name.is_ascii()
        && (name.chars().any(turns) || name.split(|letter: char| !letter.is_alphanumeric()).any(is_mixed))
}

fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_mixed(word: &str) -> bool {
    let mut scripts = word.chars().map(script).filter(|script| *script != Script::Other);
    let first = scripts.next();
    scripts.any(|script| Some(script) != first)
}

/// A folded name in which letters of other scripts are replaced by the Latin ones that they look like.
///
/// ```
/// use msp365_match::text::skeleton;
///
/// assert_eq!(skeleton("соntоsо"), "contoso");
/// ```
pub fn skeleton(name: &str) -> String {
    name.chars().map(latin).collect()
}

/// The Latin letter that a folded letter looks like, or itself.
const fn latin(letter: char) -> char {
    match letter {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ї' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'н' | 'η' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ц' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ζ' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_two_scripts_is_deceptive() {
        assert!(is_deceptive("соntoso"));
        assert!(is_deceptive("lt-ad\u{202e}a-01"));
    }

    #[test]
    fn names_of_one_script_a_word_are_not() {
        for name in [
            "contoso",
            "Müller Søn",
            "Контосо",
            "ΑΒΓ Ltd",
            "Контосо Ltd",
            "株式会社contoso",
        ] {
            assert!(!is_deceptive(name), "{name}");
        }
    }
}
