use jiff::Timestamp;
use msp365_core::ErrorKind;
use proptest::prelude::*;

use super::{Pattern, UserColumn, UserFilter};

fn refusal(text: &str) -> String {
    let error = UserFilter::parse(text, Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    error.to_string()
}

#[test]
fn an_unknown_column_is_answered_with_the_columns_there_are() {
    let error = refusal("shoe_size=43");

    assert!(
        error.starts_with("`shoe_size` is no column of users: give one of id, tenant, "),
        "{error}"
    );
    assert!(error.ends_with(", last_sign_in"), "{error}");
}

#[test]
fn filters_that_cannot_be_meant_say_what_to_write() {
    let table = [
        ("department", "write `column=value`"),
        ("", "write `column=value`"),
        ("department>3d", "only times can be compared"),
        ("account_enabled=maybe", "the value is `true` or `false`"),
        ("account_enabled>1d", "only times can be compared"),
        ("created_at=2026-01-01", "a time is compared by age"),
        ("last_sign_in=often", "a last sign-in is"),
        ("last_sign_in>90", "an age is a number"),
        ("last_sign_in>-1d", "an age is a number"),
        ("last_sign_in>", "an age is a number"),
        ("last_sign_in>9999999999999999w", "an age is a number"),
        ("last_sign_in>1é", "an age is a number"),
    ];
    for (text, expected) in table {
        let error = refusal(text);
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn every_column_is_found_by_its_name() {
    for column in UserColumn::ALL {
        assert_eq!(UserColumn::parse(column.as_str()).unwrap(), *column);
    }
    assert_eq!(UserColumn::parse("name").unwrap(), UserColumn::DisplayName);
}

/// What a pattern means, in the plainest words.
fn meaning(pattern: &[char], value: &[char]) -> bool {
    match (pattern, value) {
        ([], rest) => rest.is_empty(),
        (['%', pattern @ ..], _) => (0..=value.len()).any(|skip| meaning(pattern, &value[skip..])),
        (['_', pattern @ ..], [_, value @ ..]) => meaning(pattern, value),
        (['\\', wanted, pattern @ ..] | [wanted, pattern @ ..], [found, value @ ..]) => {
            wanted == found && meaning(pattern, value)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn patterns_fit_what_they_mean(pattern in r"([ab%_]|\\[%_a\\]){0,7}", value in r"[ab%_\\]{0,9}") {
        let (chars, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), value.chars().collect());
        let wild = Pattern::new(&format!("{pattern}%"));

        let expected = meaning(&[&chars[..], &['%']].concat(), &text);
        prop_assert_eq!(wild.fits(&value), expected);
    }
}

#[test]
fn a_hostile_pattern_does_not_take_long() {
    let pattern = Pattern::new(&"%a".repeat(2_000));

    assert!(!pattern.fits(&"b".repeat(20_000)));
}
