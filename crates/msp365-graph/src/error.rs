//! What can be wrong with a reply that is not JSON.

use msp365_core::ErrorKind;

/// Why a report cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A report that is not CSV.
    #[error("line {line} of the report `{report}` is not CSV")]
    Csv {
        /// The report.
        report: &'static str,
        /// The line, from 1; 0 if unknown.
        line: u64,
        /// What the parser says about it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A report that lacks a required column.
    #[error("the report `{report}` lacks the column `{column}`")]
    Column {
        /// The report.
        report: &'static str,
        /// The column.
        column: &'static str,
    },
}

impl Error {
    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Csv { .. } | Self::Column { .. } => ErrorKind::Decode,
        }
    }
}
