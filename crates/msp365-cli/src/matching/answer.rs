//! Rows of pairs on standard output, as they are found.

use std::io::{self, BufWriter, StdoutLock, Write};

use msp365::{ErrorKind, matching::Pair};

use crate::{args::Global, failure::Failure};

/// Bytes written at a time.
const BUFFER: usize = 1 << 16;

/// How rows are written.
enum Form {
    Csv,
    JsonLines,
}

/// The rows written so far.
pub(crate) struct Answer {
    out: BufWriter<StdoutLock<'static>>,
    form: Form,
    /// Whether somebody still reads.
    is_read: bool,
}

impl Answer {
    /// Writes the header, if there is one.
    pub(crate) fn begin(global: &Global) -> Result<Self, Failure> {
        let mut answer = Self {
            out: BufWriter::with_capacity(BUFFER, io::stdout().lock()),
            form: if global.json { Form::JsonLines } else { Form::Csv },
            is_read: true,
        };
        if let Form::Csv = answer.form {
            let written = answer.out.write_all(b"ours,theirs,verdict,score,evidence\n");
            answer.went(written)?;
        }
        Ok(answer)
    }

    /// Writes a row. Answers whether more are wanted.
    pub(crate) fn row(&mut self, pair: &Pair) -> Result<bool, Failure> {
        let written = match self.form {
            Form::Csv => self.csv(pair),
            Form::JsonLines => self.json(pair),
        };
        self.went(written)
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let written = self.out.flush();
        self.went(written).map(|_| ())
    }

    fn csv(&mut self, pair: &Pair) -> io::Result<()> {
        self.cell(&pair.ours, b",")?;
        self.cell(pair.theirs.as_deref().unwrap_or_default(), b",")?;
        write!(self.out, "{},{},", pair.verdict.as_str(), rounded(pair.score))?;
        let reasons: Vec<&str> = pair.evidence.iter().map(|reason| reason.text.as_str()).collect();
        self.cell(&reasons.join("; "), b"\n")
    }

    fn cell(&mut self, text: &str, after: &[u8]) -> io::Result<()> {
        if text.contains([',', '"', '\n', '\r']) {
            write!(self.out, "\"{}\"", text.replace('"', "\"\""))?;
        } else {
            self.out.write_all(text.as_bytes())?;
        }
        self.out.write_all(after)
    }

    fn json(&mut self, pair: &Pair) -> io::Result<()> {
        let mut row = pair.clone();
        row.score = rounded(pair.score);
        serde_json::to_writer(&mut self.out, &row)?;
        self.out.write_all(b"\n")
    }

    /// A reader that went away ends the writing, not the program.
    fn went(&mut self, written: io::Result<()>) -> Result<bool, Failure> {
        match written {
            Ok(()) => Ok(self.is_read),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_read = false;
                Ok(false)
            }
            Err(error) => Err(Failure::new(
                ErrorKind::Other,
                format!("cannot write the answer: {error}"),
            )),
        }
    }
}

/// Four digits behind the point are more than a score means.
fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}
