//! What happens to names when people type them.

use crate::chance::Dice;

/// One slip of the finger: a letter left out, doubled, exchanged or swapped with the next.
#[must_use]
pub fn typo(dice: &mut Dice, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|place| letters[*place].is_alphabetic() && letters[*place + 1].is_alphabetic())
        .collect();
    if places.is_empty() {
        return name.to_owned();
    }
    let place = places[dice.below(places.len())];
    match dice.below(4) {
        0 => {
            letters.remove(place);
        }
        1 => letters.insert(place, letters[place]),
        2 => letters.swap(place, place + 1),
        _ => letters[place] = char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or_default()),
    }
    letters.into_iter().collect()
}

/// Accents as people write them who have no key for them.
#[must_use]
pub fn transcribed(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'ä' => text.push_str("ae"),
            'ö' => text.push_str("oe"),
            'ü' => text.push_str("ue"),
            'ß' => text.push_str("ss"),
            'å' => text.push_str("aa"),
            other => text.push(other),
        }
    }
    text
}

/// Another way of writing the same words: case, blanks, `&`, hyphens, commas.
#[must_use]
pub fn respelled(dice: &mut Dice, name: &str) -> String {
    match dice.below(6) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.replace(" & ", " and ").replace(" und ", " & "),
        3 => name.replace(' ', "  "),
        4 => format!("{name} "),
        _ => name.to_owned(),
    }
}
