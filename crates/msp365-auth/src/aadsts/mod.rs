//! What the sign-in service's numbers mean (`AADSTS65001` and the like), and who has to act.
//!
//! The OAuth error decides what happens; a number that is known here refines it. Microsoft may change numbers, so an
//! unknown one changes nothing.

use msp365_core::{
    ErrorKind,
    catalogue::{self, Family},
};

pub use msp365_core::catalogue::Reach;

/// The meaning of one of the sign-in service's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInError {
    /// What it means to a caller.
    pub kind: ErrorKind,
    /// How far it reaches.
    pub reach: Reach,
    /// What went wrong.
    pub meaning: &'static str,
    /// Who has to do what.
    pub remedy: &'static str,
}

/// What a number means, or `None` if it is not known here.
pub fn find(number: u32) -> Option<SignInError> {
    let found = catalogue::find(Family::SignIn, &format!("AADSTS{number}"))?;
    Some(SignInError {
        kind: found.kind,
        reach: found.reach,
        meaning: found.cause,
        remedy: found.remedy,
    })
}

/// The first `AADSTS` number in a text.
pub(crate) fn number_in(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("AADSTS")?;
    let end = rest
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f134_to_f146_numbers_tell_their_kinds_apart() {
        for (number, kind, reach) in [
            (50_173, ErrorKind::SignIn, Reach::Credential),
            (700_082, ErrorKind::SignIn, Reach::Credential),
            (70_008, ErrorKind::SignIn, Reach::Credential),
            (700_084, ErrorKind::SignIn, Reach::Credential),
            (700_003, ErrorKind::SignIn, Reach::Credential),
            (50_076, ErrorKind::SignIn, Reach::Tenant),
            (50_079, ErrorKind::SignIn, Reach::Tenant),
            (50_158, ErrorKind::SignIn, Reach::Tenant),
            (53_003, ErrorKind::SignIn, Reach::Tenant),
            (530_032, ErrorKind::SignIn, Reach::Tenant),
            (65_001, ErrorKind::Consent, Reach::Tenant),
            (650_051, ErrorKind::Consent, Reach::Tenant),
            (7_000_229, ErrorKind::Consent, Reach::Tenant),
            (700_016, ErrorKind::Consent, Reach::Tenant),
            (90_099, ErrorKind::Consent, Reach::Tenant),
            (7_000_215, ErrorKind::SignIn, Reach::App),
            (7_000_222, ErrorKind::SignIn, Reach::App),
            (90_002, ErrorKind::NotFound, Reach::Tenant),
            (900_023, ErrorKind::NotFound, Reach::Tenant),
            (5_000_224, ErrorKind::NotFound, Reach::Tenant),
            (50_020, ErrorKind::Relationship, Reach::Tenant),
            (50_177, ErrorKind::Relationship, Reach::Tenant),
            (90_055, ErrorKind::Throttled, Reach::Tenant),
            (90_033, ErrorKind::Unavailable, Reach::Tenant),
        ] {
            let found = find(number).unwrap();

            assert_eq!((found.kind, found.reach), (kind, reach), "{number}");
        }
    }

    #[test]
    fn a_number_is_read_from_a_text() {
        assert_eq!(number_in("AADSTS700016: Application with"), Some(700_016));
        assert_eq!(number_in("see AADSTS50020"), Some(50_020));
        assert_eq!(number_in("AADSTS: none"), None);
        assert_eq!(number_in("AADSTS99999999999999"), None);
        assert_eq!(number_in(""), None);
    }
}
