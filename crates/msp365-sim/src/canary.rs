//! The mark that every secret of the simulated cloud bears, so that one that was left somewhere is found by searching for
//! it. `.ci/secrets` reads it here and searches for it in all that the test suite leaves behind.

/// Letters and digits alone, so that it reads the same within a URL, a form or a JSON text.
pub(crate) const MARK: &str = "c4NaRy";
