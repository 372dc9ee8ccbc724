//! How similar two names are, as a number. It ranks suggestions for a person; nothing is linked by it.

/// Words less similar than this count as different.
const SAME_WORD: f64 = 0.82;

/// The factor for two names with different numbers: `Area 51` is not `Area 52`.
const OTHER_NUMBER: f64 = 0.5;

/// The factor if only one name has a number.
const ONE_NUMBER: f64 = 0.92;

/// The highest score of names that are not equal.
const UNEQUAL: f64 = 0.99;

/// The similarity of two names in the form that [`fold_name`](crate::text::fold_name) gives them: from 0 to 1, and 1
/// only if they are equal.
///
/// Half of it is Jaro-Winkler over the whole, which forgives typos; half is the share of words that both have, in any
/// order, which forgives additions. Different numbers halve it. Swapping the two names does not change it.
///
/// ```
/// use msp365_match::score::names;
///
/// assert!(names("northwind traders", "northwind trading") > 0.85);
/// assert!(names("northwind traders", "traders northwind") > 0.75);
/// assert!(names("area 51", "area 52") <= 0.5);
/// ```
pub fn names(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    // Jaro pairs letters greedily from its first argument: the names are sorted, so that swapping them changes nothing.
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    let whole = strsim::jaro_winkler(one, other);
    let (one_words, other_words): (Vec<&str>, Vec<&str>) =
        (one.split(' ').collect(), other.split(' ').collect());
    let words = f64::midpoint(
        covered(&one_words, &other_words),
        covered(&other_words, &one_words),
    );
    (f64::midpoint(whole, words) * numbers(one, other)).clamp(0.0, UNEQUAL)
}

/// The share of the letters of `words` that are in words which `others` also has, exactly or nearly.
fn covered(words: &[&str], others: &[&str]) -> f64 {
    let (mut found, mut all) = (0.0, 0.0);
    for word in words {
        let weight = f64::from(u32::try_from(word.len()).unwrap_or(u32::MAX));
        let best = others
            .iter()
            .map(|other| word_likeness(word, other))
            .fold(0.0, f64::max);
        found += weight * best;
        all += weight;
    }
    if all > 0.0 { found / all } else { 0.0 }
}

fn word_likeness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    let likeness = strsim::jaro_winkler(one, other);
    if likeness < SAME_WORD { 0.0 } else { likeness }
}

fn numbers(one: &str, other: &str) -> f64 {
    let (one, other) = (digits(one), digits(other));
    if one == other {
        1.0
    } else if one.is_empty() || other.is_empty() {
        ONE_NUMBER
    } else {
        OTHER_NUMBER
    }
}

fn digits(name: &str) -> Vec<&str> {
    let mut runs: Vec<&str> = name
        .split(|letter: char| !letter.is_numeric())
        .filter(|run| !run.is_empty())
        .collect();
    runs.sort_unstable();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    #[test]
    fn a_typo_costs_less_than_another_word() {
        assert!(
            names("northwind traders", "nothwind traders") > names("northwind traders", "northwind bakers")
        );
    }

    #[test]
    fn an_added_word_is_forgiven() {
        assert!(names("contoso", "contoso pharma") > 0.75);
    }

    #[test]
    fn a_shared_first_word_alone_is_not_likeness() {
        assert!(names("smith plumbing", "smith printing") < 0.75);
    }

    #[test]
    fn names_with_other_numbers_are_not_alike() {
        assert!(names("studio 54 berlin", "studio 45 berlin") <= OTHER_NUMBER);
        assert!(names("contoso", "contoso 365") < names("contoso", "contosoo"));
    }

    proptest! {
        #[test]
        fn a_score_is_bounded_symmetric_and_one_for_equals(
            one in "[a-e0-2 ]{0,12}",
            other in "[a-e0-2 ]{0,12}",
        ) {
            let score = names(&one, &other);

            prop_assert!((0.0..=1.0).contains(&score));
            prop_assert_eq!(score.to_bits(), names(&other, &one).to_bits());
            prop_assert_eq!(score >= 1.0, one == other);
        }
    }
}
