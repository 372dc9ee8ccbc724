//! The chain: what each record is linked by, and finding the first that is wrong.

use std::fmt::Write;

use aws_lc_rs::hmac;
use msp365_store::JournalRecord;
use serde::{Deserialize, Serialize};

/// The key of the chain. It is the embedder's: who has it can write records that verify.
pub struct AuditKey(hmac::Key);

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey")
    }
}

impl AuditKey {
    /// The key of these bytes, which are not kept anywhere else.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// What stands for a name.
    pub(crate) fn mark(&self, name: &str) -> String {
        let tag = hmac::sign(&self.0, format!("name\0{}", name.to_lowercase()).as_bytes());
        let short = hex(tag.as_ref().get(..12).unwrap_or_default());
        format!("name:{short}")
    }

    /// The link of a record, over all of it but the link itself.
    pub(crate) fn link(&self, record: &JournalRecord) -> String {
        let tag = hmac::sign(&self.0, &bytes(record));
        hex(tag.as_ref())
    }
}

/// All fields, each with its length in front, so that no two records have the same bytes.
fn bytes(record: &JournalRecord) -> Vec<u8> {
    let tenant = record.tenant.map(|tenant| tenant.to_string()).unwrap_or_default();
    let detail = record.detail.to_string();
    let (sequence, at) = (
        record.sequence.to_string(),
        record.at.as_microsecond().to_string(),
    );
    let fields = [
        &sequence,
        &at,
        &record.actor,
        &tenant,
        &record.action,
        &record.target,
        &record.outcome,
        &detail,
        &record.previous,
    ];
    let mut all = Vec::new();
    for field in fields {
        all.extend_from_slice(&u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        all.extend_from_slice(field.as_bytes());
    }
    all
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How long the log is and how it ends: kept outside the database, it shows a cut end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Anchor {
    /// How many records there are.
    pub count: i64,
    /// The link of the last.
    pub mac: String,
}

/// The first record that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the activity log is not as it was written: record {sequence} {fault}")]
#[non_exhaustive]
pub struct Broken {
    /// Its number, or the number that should be there.
    pub sequence: i64,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It stands where another one should.
    OutOfOrder,
    /// It was edited, or written without the key.
    Altered,
    /// It does not follow the record before it.
    Unlinked,
    /// It is not the one that the anchor was taken of.
    NotTheAnchor,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "is missing",
            Self::OutOfOrder => "is out of order",
            Self::Altered => "was altered",
            Self::Unlinked => "does not follow the one before",
            Self::NotTheAnchor => "is not the one that was there when the anchor was taken",
        })
    }
}

/// Checks records that are given whole and in order, from the first on. Answers the anchor to keep.
///
/// # Errors
/// The first record that is wrong.
pub fn verify<'r>(
    key: &AuditKey,
    records: impl IntoIterator<Item = &'r JournalRecord>,
    kept: Option<&Anchor>,
) -> Result<Anchor, Broken> {
    let mut walk = Walk::new(key, kept);
    for record in records {
        walk.step(record)?;
    }
    walk.end()
}

/// A walk along the chain.
pub(super) struct Walk<'a> {
    key: &'a AuditKey,
    kept: Option<&'a Anchor>,
    end: Anchor,
}

impl<'a> Walk<'a> {
    pub(super) fn new(key: &'a AuditKey, kept: Option<&'a Anchor>) -> Self {
        Self {
            key,
            kept,
            end: Anchor::default(),
        }
    }

    /// A walk that begins behind a record that is known to be right.
    #[cfg(test)]
    pub(super) fn starting(key: &'a AuditKey, kept: Option<&'a Anchor>, end: Anchor) -> Self {
        Self { key, kept, end }
    }

    /// The number of the last record that was right.
    pub(super) const fn last(&self) -> i64 {
        self.end.count
    }

    pub(super) fn step(&mut self, record: &JournalRecord) -> Result<(), Broken> {
        let next = self.end.count + 1;
        let broken = |sequence, fault| Err(Broken { sequence, fault });
        if record.sequence > next {
            return broken(next, Fault::Missing);
        }
        if record.sequence < next {
            return broken(next, Fault::OutOfOrder);
        }
        let expected = self.key.link(record);
        if expected != record.mac {
            return broken(next, Fault::Altered);
        }
        if record.previous != self.end.mac {
            return broken(next, Fault::Unlinked);
        }
        self.end = Anchor {
            count: next,
            mac: expected,
        };
        match self.kept {
            Some(kept) if kept.count == next && kept.mac != self.end.mac => broken(next, Fault::NotTheAnchor),
            _ => Ok(()),
        }
    }

    pub(super) fn end(self) -> Result<Anchor, Broken> {
        match self.kept {
            Some(kept) if kept.count > self.end.count => Err(Broken {
                sequence: self.end.count + 1,
                fault: Fault::Missing,
            }),
            _ => Ok(self.end),
        }
    }
}
