//! A card: what is known, where it comes from, how old it is, and what could not be read and why.

use jiff::{SignedDuration, Timestamp};
use msp365_client::Error;
use msp365_core::{
    ErrorKind,
    catalogue::{self, Entry, Family},
};
use serde::Serialize;

/// Where the facts of a card come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// They were asked for just now.
    Live,
    /// The database, as of the last pass.
    Stored,
}

/// One card. What is empty in it is empty in the service, unless a gap names it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Card<T> {
    /// Where it comes from.
    pub source: Source,
    /// The moment it shows; `None` where nothing was read.
    pub as_of: Option<Timestamp>,
    /// What is known; `None` where nothing is.
    pub content: Option<T>,
    /// What could not be read, and why.
    pub gaps: Vec<Gap>,
}

impl<T> Card<T> {
    pub(super) const fn live(at: Timestamp, content: T) -> Self {
        Self::of(Source::Live, Some(at), content)
    }

    pub(super) const fn of(source: Source, as_of: Option<Timestamp>, content: T) -> Self {
        Self {
            source,
            as_of,
            content: Some(content),
            gaps: Vec::new(),
        }
    }

    /// A card of which nothing could be read.
    pub(super) fn unread(source: Source, gap: Gap) -> Self {
        Self {
            source,
            as_of: None,
            content: None,
            gaps: vec![gap],
        }
    }

    pub(super) fn with(mut self, gaps: impl IntoIterator<Item = Gap>) -> Self {
        self.gaps.extend(gaps);
        self
    }

    /// How old it is.
    pub fn age(&self, now: Timestamp) -> Option<SignedDuration> {
        self.as_of.map(|as_of| now.duration_since(as_of))
    }

    /// The gap that names a part of the card.
    pub fn gap(&self, part: &str) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.part == part)
    }

    /// Whether nothing is missing.
    pub const fn is_whole(&self) -> bool {
        self.content.is_some() && self.gaps.is_empty()
    }
}

impl<T> Card<Vec<T>> {
    /// The rows that are known.
    pub fn rows(&self) -> &[T] {
        self.content.as_deref().unwrap_or_default()
    }

    /// How many there are; `None` where that is not known. The gaps tell whether there may be more.
    pub fn count(&self) -> Option<usize> {
        self.content.as_ref().map(Vec::len)
    }
}

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The tenant's plan lacks it.
    NotLicensed,
    /// The application, the service account or the technician may not see it.
    NotPermitted,
    /// No pass has read it yet.
    NotSynced,
    /// Passes do not keep it.
    NotStored,
    /// Passes fail of late: what is shown is older than it should be.
    Stale,
    /// The service was asked too often.
    Throttled,
    /// The tenant hides names in reports.
    Concealed,
    /// The service has no request that tells it, or told it not.
    NotSupplied,
    /// There is more than is read at once.
    Cut,
    /// The request failed.
    Failed,
}

impl Why {
    /// The reason as it stands in documents; of what is not the service's doing also its code in the catalogue.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotLicensed => "not_licensed",
            Self::NotPermitted => "not_permitted",
            Self::NotSynced => "not_synced",
            Self::NotStored => "not_stored",
            Self::Stale => "stale",
            Self::Throttled => "throttled",
            Self::Concealed => "concealed",
            Self::NotSupplied => "not_supplied",
            Self::Cut => "cut",
            Self::Failed => "failed",
        }
    }

    /// What a failure of this kind means to whoever wanted to see something.
    pub const fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Unlicensed => Self::NotLicensed,
            ErrorKind::Consent | ErrorKind::Denied | ErrorKind::Relationship | ErrorKind::SignIn => {
                Self::NotPermitted
            }
            ErrorKind::Throttled => Self::Throttled,
            _ => Self::Failed,
        }
    }
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Gap {
    /// What: a card, or a part of one by the name of its field.
    pub part: &'static str,
    /// Why, in a word.
    pub why: Why,
    /// The code in the catalogue of errors.
    pub code: String,
    /// What happened.
    pub cause: String,
    /// What can be done about it.
    pub remedy: String,
    /// When the service takes the question again, where it said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// What it means to a caller.
    pub kind: ErrorKind,
}

impl Gap {
    /// What an error of the service leaves unknown.
    pub(super) fn of(part: &'static str, error: &Error) -> Self {
        let of_service = error.service().and_then(catalogue::of_service);
        let of_token = || catalogue::find(Family::SignIn, &error.token()?.code);
        // A code that says less than its status has no entry of the same kind.
        let fits = of_service
            .filter(|entry| entry.kind == error.kind())
            .or_else(of_token);
        let entry = fits.or_else(|| catalogue::of_kind(error.kind()));
        let mut gap = Self::from_entry(part, Why::of(error.kind()), entry);
        gap.kind = error.kind();
        if fits.is_none() {
            gap.cause = error.words();
        }
        gap.retry_at = error.retry_at();
        gap
    }

    /// What follows from how things are made, and is no failure.
    pub(super) fn known(part: &'static str, why: Why) -> Self {
        Self::from_entry(part, why, catalogue::find(Family::Msp365, why.as_str()))
    }

    /// What a failure of this kind leaves unknown.
    pub(super) fn of_kind(part: &'static str, kind: ErrorKind) -> Self {
        Self::from_entry(part, Why::of(kind), catalogue::of_kind(kind))
    }

    /// Which policies took part in a sign-in, where the application or the account lacks what it takes to be shown that.
    pub(super) fn policies() -> Self {
        let mut gap = Self::of_kind("policies", ErrorKind::Consent);
        "the service shows the policies to those alone who have `Policy.Read.ConditionalAccess` and Security Reader"
            .clone_into(&mut gap.cause);
        "turn on seeing policies (`Builder::seeing_policies`, on the command line `msp365 connect --read-policies`), sign \
         in anew and enrol the tenant again"
            .clone_into(&mut gap.remedy);
        gap
    }

    /// The same gap in another part.
    pub(super) fn for_part(&self, part: &'static str) -> Self {
        Self { part, ..self.clone() }
    }

    /// Whether the answer was that there is no such thing.
    pub(super) fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// What the plan of the tenant lacks.
    pub(super) fn unlicensed(part: &'static str) -> Self {
        Self::of_kind(part, ErrorKind::Unlicensed)
    }

    /// What a technician may not see, by the rules of the host.
    pub(super) fn not_yours(part: &'static str) -> Self {
        let mut gap = Self::of_kind(part, ErrorKind::Denied);
        "the technician may not see this".clone_into(&mut gap.cause);
        "have the level of the technician changed by an administrator of the host"
            .clone_into(&mut gap.remedy);
        gap
    }

    /// What policies of Conditional Access a change of groups touches: they are not read.
    pub(super) fn conditional_access() -> Self {
        let mut gap = Self::known("conditional_access", Why::NotSupplied);
        "policies of Conditional Access that name groups are not read here".clone_into(&mut gap.cause);
        "look at the policies in the Entra admin center".clone_into(&mut gap.remedy);
        gap
    }

    /// Why the stored rows of a stream are not kept fresh, by the word that the pass left.
    pub(super) fn stale(part: &'static str, because: &str) -> Self {
        match because {
            "not_licensed" => Self::unlicensed(part),
            "names_concealed" => {
                let entry = catalogue::find(Family::Reports, "ConcealedNames");
                Self::from_entry(part, Why::Concealed, entry)
            }
            words => {
                let mut gap = Self::known(part, Why::Stale);
                gap.cause = format!("{}: {words}", gap.cause);
                gap
            }
        }
    }

    fn from_entry(part: &'static str, why: Why, entry: Option<&'static Entry>) -> Self {
        Self {
            part,
            why,
            code: entry.map_or(why.as_str(), |entry| entry.code).to_owned(),
            cause: entry.map(|entry| entry.cause.to_owned()).unwrap_or_default(),
            remedy: entry.map(|entry| entry.remedy.to_owned()).unwrap_or_default(),
            retry_at: None,
            kind: entry.map_or(ErrorKind::Other, |entry| entry.kind),
        }
    }
}
