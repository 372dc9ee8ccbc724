//! The result of matching: pairs, each with a verdict and the reasons for it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// At most this many candidates are listed for a record; the evidence of each says how many there are.
///
/// Without a limit, a name that thousands of records on both sides have would fill the memory with millions of rows
/// that nobody reads.
pub const MOST_CANDIDATES: usize = 20;

/// How far a pair may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// May be linked without asking: no other record on either side fits.
    Certain,
    /// Similar, but not the same: a person decides.
    Suggested,
    /// Fits, but so does another record: never linked without a person.
    Ambiguous,
    /// Nothing on the other side fits.
    None,
}

impl Verdict {
    /// The word used in JSON, CSV and tables: `certain`, `suggested`, `ambiguous` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Suggested => "suggested",
            Self::Ambiguous => "ambiguous",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// One reason for a verdict, for programs ([`kind`](Self::kind)) and for people ([`text`](Self::text)).
///
/// | kind | says |
/// |---|---|
/// | `tenant_id` | the tool has this tenant on record for the organization |
/// | `domain` | both organizations have a domain, with the number of more |
/// | `name` | both fold to the same name |
/// | `similar_name` | the names are similar, with their score |
/// | `overlap` | devices or people that both organizations have, with their number |
/// | `address` | person and contact have an e-mail address in common |
/// | `device_id` | both devices have the same id in the directory |
/// | `serial` | both devices have the same serial number |
/// | `host_name` | both devices have the same host name |
/// | `host_name_cut` | one host name is the other one cut to 15 characters |
/// | `user` | both devices have the same last user |
/// | `same_name_elsewhere` | other records have the name too, with their number |
/// | `rival` | another record has as good a claim |
/// | `remaining` | what else has the name is excluded |
/// | `other_name`, `other_serial`, `other_device_id`, `other_system`, `other_user`, `times_apart`, `other_domains`, `other_legal_form` | what speaks against the pair |
/// | `deceptive_name`, `look_alike` | letters of several scripts, or marks that turn the direction of reading |
/// | `generic_name` | the host name is a product's or a default, shared by unrelated devices |
/// | `newest_twin` | older records of the same device were set aside |
/// | `stale_twin` | a newer record of the same device exists |
/// | `taken` | the one that has the name belongs to another |
/// | `decision`, `held`, `broken`, `recheck` | what was decided or linked before, see [`decisions`](crate::decisions) |
/// | `no_name`, `no_address` | the record has nothing to go by |
/// | `no_site` | no site of the tool is permitted for the tenant |
/// | `no_candidate` | nothing on the other side has that name, or one like it |
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// A short word that stays the same across releases; new ones may be added.
    pub kind: Cow<'static, str>,
    /// The reason in words, with the names and numbers it rests on.
    pub text: String,
}

impl Evidence {
    /// A reason of this kind, in these words.
    pub fn new(kind: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            text: text.into(),
        }
    }
}

/// One of ours with one of theirs, or with nothing.
///
/// A record of ours has one row if the verdict on it is [`Certain`](Verdict::Certain) or
/// [`None`](Verdict::None), and a row per candidate (at most [`MOST_CANDIDATES`]) if it is
/// [`Ambiguous`](Verdict::Ambiguous) or [`Suggested`](Verdict::Suggested).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pair {
    /// Id of the record in Microsoft 365.
    pub ours: String,
    /// Id of the tool's record, `None` if nothing fits.
    pub theirs: Option<String>,
    /// How far the pair may be trusted.
    pub verdict: Verdict,
    /// How much speaks for this pair, from 0 to 1: 1 for equal names, the similarity for suggestions; if ambiguous,
    /// divided evenly among the rivals. It ranks the rows of one record; the verdict decides.
    pub score: f64,
    /// Why, the strongest reason first.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

impl Pair {
    /// Two records with this verdict and score, and no reasons yet.
    pub fn new(ours: impl Into<String>, theirs: impl Into<String>, verdict: Verdict, score: f64) -> Self {
        Self {
            ours: ours.into(),
            theirs: Some(theirs.into()),
            verdict,
            score: score.clamp(0.0, 1.0),
            evidence: Vec::new(),
        }
    }

    /// A record of ours without a partner.
    pub fn alone(ours: impl Into<String>) -> Self {
        Self {
            ours: ours.into(),
            theirs: None,
            verdict: Verdict::None,
            score: 0.0,
            evidence: Vec::new(),
        }
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(mut self, kind: &'static str, text: impl Into<String>) -> Self {
        // Most of a million pairs have one reason each, and `push` would make room for four.
        self.evidence.reserve_exact(1);
        self.evidence.push(Evidence::new(kind, text));
        self
    }

    /// Whether the two may be linked without asking a person.
    pub fn is_certain(&self) -> bool {
        self.verdict == Verdict::Certain
    }
}

/// Sorts the rows of one record of ours in the order of the answer: best first, then by id.
pub(crate) fn by_score(one: &Pair, other: &Pair) -> std::cmp::Ordering {
    other
        .score
        .total_cmp(&one.score)
        .then_with(|| one.theirs.cmp(&other.theirs))
}

/// The score of a pair that shares its evidence with rivals, including itself.
pub(crate) fn shared(score: f64, rivals: usize) -> f64 {
    score / f64::from(u32::try_from(rivals.max(1)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_written_as_one_lower_case_word() {
        assert_eq!(Verdict::Certain.as_str(), "certain");
        assert_eq!(Verdict::None.to_string(), "none");
        assert_eq!(format!("{:>10}", Verdict::Ambiguous), " ambiguous");
    }

    #[test]
    fn a_score_stays_between_nought_and_one() {
        assert_eq!(
            Pair::new("a", "b", Verdict::Suggested, 1.5).score.to_bits(),
            1.0_f64.to_bits()
        );
        assert_eq!(
            Pair::new("a", "b", Verdict::Suggested, -0.5).score.to_bits(),
            0.0_f64.to_bits()
        );
    }

    #[test]
    fn a_pair_says_why() {
        let pair =
            Pair::new("t-1", "o-1", Verdict::Certain, 1.0).because("name", "both are called `contoso`");

        assert!(pair.is_certain());
        assert_eq!(
            pair.evidence,
            [Evidence::new("name", "both are called `contoso`")]
        );
        assert!(!Pair::alone("t-2").is_certain());
    }

    #[test]
    fn a_pair_is_written_in_snake_case_and_read_again() {
        let pair = Pair::new("t-1", "o-1", Verdict::Suggested, 0.5).because("similar_name", "alike");

        let written = serde_json::to_value(&pair).unwrap();

        let evidence = serde_json::json!([{"kind": "similar_name", "text": "alike"}]);
        assert_eq!(written["verdict"], "suggested");
        assert_eq!(written["evidence"], evidence);
        assert_eq!(serde_json::from_value::<Pair>(written).unwrap(), pair);
        assert!(serde_json::to_value(Pair::alone("t-2")).unwrap()["theirs"].is_null());
    }
}
