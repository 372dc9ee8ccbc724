//! How a command fails: one line for people, one object for scripts, one exit code.

use std::fmt;

use msp365::ErrorKind;
use serde_json::{Value, json};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: ErrorKind,
    code: Option<String>,
    message: String,
    remedy: Option<String>,
    request_id: Option<String>,
    /// Whether the call was well formed, and refused all the same.
    refused: bool,
}

impl Failure {
    /// A failure of this kind in these words.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            remedy: None,
            request_id: None,
            refused: false,
        }
    }

    /// Wrong usage.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// Says what to do about it.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Whether it is of this kind.
    pub(crate) fn is(&self, kind: ErrorKind) -> bool {
        self.kind == kind
    }

    /// 1 refused or in part; 2 wrong usage; 3 sign-in or consent needed; 4 storage.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self.kind {
            ErrorKind::Invalid if !self.refused => 2,
            ErrorKind::SignIn | ErrorKind::Consent => 3,
            ErrorKind::Storage => 4,
            _ => 1,
        }
    }

    /// The object that `--json` prints.
    pub(crate) fn document(&self) -> Value {
        json!({ "error": {
            "kind": self.kind.as_str(),
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "request_id": self.request_id,
        }})
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "msp365: {}", self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl From<msp365::Error> for Failure {
    fn from(error: msp365::Error) -> Self {
        Self {
            kind: error.kind(),
            code: error.code(),
            message: error
                .words()
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
            remedy: error.remedy(),
            request_id: error.request_id(),
            refused: matches!(error, msp365::Error::Sync(_) | msp365::Error::Actions(_)),
        }
    }
}
