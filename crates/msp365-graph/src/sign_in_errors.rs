//! What the error numbers of sign-ins mean (`AADSTS50126` and the like), as in the sign-in log.
//!
//! Microsoft may change numbers: an unknown one counts as a failure, about which no more is said. The numbers that an
//! application itself meets, and what it does about them, are in `msp365-auth`.

use std::{collections::HashMap, sync::LazyLock};

use crate::names::rows;

/// Number, class, retry, meaning, remedy; source and date are in the file.
const TABLE: &str = include_str!("../data/sign_in_errors.tsv");

static BY_NUMBER: LazyLock<HashMap<u32, SignInError>> =
    LazyLock::new(|| all().map(|error| (error.number, error)).collect());

/// The meaning of one error number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SignInError {
    /// The number; 0 means success.
    pub number: u32,
    /// How the sign-in ended.
    pub class: Class,
    /// When another attempt may succeed.
    pub retry: Retry,
    /// What happened.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// How a sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// It succeeded.
    Success,
    /// The person was asked for something, and may have continued from there.
    Interrupted,
    /// It failed.
    Failure,
}

/// When another attempt may succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// At once.
    Now,
    /// After a while.
    Later,
    /// Once the remedy has been applied.
    AfterRemedy,
}

/// All numbers known here, the smallest first.
pub fn all() -> impl Iterator<Item = SignInError> {
    rows(TABLE).filter_map(|[number, class, retry, meaning, remedy]| {
        Some(SignInError {
            number: number.parse().ok()?,
            class: match class {
                "success" => Class::Success,
                "interrupted" => Class::Interrupted,
                "failure" => Class::Failure,
                _ => return None,
            },
            retry: match retry {
                "now" => Retry::Now,
                "later" => Retry::Later,
                "after" => Retry::AfterRemedy,
                _ => return None,
            },
            meaning,
            remedy,
        })
    })
}

/// What a number means.
///
/// ```
/// use msp365_graph::sign_in_errors::{self, Class};
///
/// assert_eq!(sign_in_errors::find(50140).map(|error| error.class), Some(Class::Interrupted));
/// ```
pub fn find(number: u32) -> Option<SignInError> {
    BY_NUMBER.get(&number).copied()
}

/// What the first `AADSTS` number in a text means.
pub fn find_in(text: &str) -> Option<SignInError> {
    let (_, rest) = text.split_once("AADSTS")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    find(rest.get(..end)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::checks;

    #[test]
    fn the_table_is_consistent() {
        checks::is_well_formed(TABLE, 5);
        let numbers: Vec<_> = all().map(|error| error.number).collect();

        assert_eq!(numbers.len(), rows::<5>(TABLE).count());
        assert!(numbers.is_sorted() && numbers.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(numbers.len() > 150);
        for error in all() {
            assert!(
                !error.meaning.ends_with('.') && !error.remedy.ends_with('.'),
                "{error:?}"
            );
        }
    }

    #[test]
    fn only_zero_is_success() {
        let successes: Vec<_> = all().filter(|error| error.class == Class::Success).collect();

        assert_eq!(
            successes.iter().map(|error| error.number).collect::<Vec<_>>(),
            [0]
        );
    }

    #[test]
    fn numbers_that_ask_the_person_for_something_are_interruptions() {
        for number in [
            50_140, 50_074, 50_076, 50_072, 50_079, 50_055, 50_058, 50_097, 50_125, 50_129, 50_203, 65_001,
        ] {
            assert_eq!(
                find(number).map(|error| error.class),
                Some(Class::Interrupted),
                "{number}"
            );
        }
    }

    #[test]
    fn a_number_is_found_in_a_text() {
        assert_eq!(
            find_in("AADSTS53003: Access has been blocked").map(|error| error.number),
            Some(53_003)
        );
        assert_eq!(find_in("AADSTS1: x"), None);
        assert_eq!(find_in("AADSTS: none"), None);
        assert_eq!(find_in(""), None);
    }
}
