//! Rows of pairs on standard output, as they are found.

use std::io::{self, BufWriter, StdoutLock, Write};

use msp365::{
    ErrorKind,
    actions::sheet,
    matching::{Pair, decisions::Standing},
};

use serde::Serialize;

use crate::{args::Global, failure::Failure};

/// Bytes written at a time.
const BUFFER: usize = 1 << 16;

/// How rows are written.
enum Form {
    Csv,
    JsonLines,
}

/// A row as JSON.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    pair: Pair,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
}

/// The rows written so far.
pub(crate) struct Answer {
    out: BufWriter<StdoutLock<'static>>,
    /// The row that is being made, whose room the next one uses.
    line: String,
    form: Form,
    /// Whether rows say how they came about.
    has_standing: bool,
    /// Whether somebody still reads.
    is_read: bool,
}

impl Answer {
    /// Writes the header, if there is one.
    pub(crate) fn begin(global: &Global, has_standing: bool) -> Result<Self, Failure> {
        let mut answer = Self {
            out: BufWriter::with_capacity(BUFFER, io::stdout().lock()),
            line: String::new(),
            form: if global.json { Form::JsonLines } else { Form::Csv },
            has_standing,
            is_read: true,
        };
        if let Form::Csv = answer.form {
            let header: &[u8] = if has_standing {
                b"ours,theirs,verdict,score,evidence,standing\n"
            } else {
                b"ours,theirs,verdict,score,evidence\n"
            };
            let written = answer.out.write_all(header);
            answer.went(written)?;
        }
        Ok(answer)
    }

    /// Writes a row. Answers whether more are wanted.
    pub(crate) fn row(&mut self, pair: &Pair, standing: Standing) -> Result<bool, Failure> {
        let written = match self.form {
            Form::Csv => self.csv(pair, standing),
            Form::JsonLines => self.json(pair, standing),
        };
        self.went(written)
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let written = self.out.flush();
        self.went(written).map(|_| ())
    }

    fn csv(&mut self, pair: &Pair, standing: Standing) -> io::Result<()> {
        let line = &mut self.line;
        line.clear();
        sheet::push_cell(line, &pair.ours);
        line.push(',');
        sheet::push_cell(line, pair.theirs.as_deref().unwrap_or_default());
        line.extend([
            ",",
            pair.verdict.as_str(),
            ",",
            &rounded(pair.score).to_string(),
            ",",
        ]);
        let reasons: Vec<&str> = pair.evidence.iter().map(|reason| reason.text.as_str()).collect();
        sheet::push_cell(line, &reasons.join("; "));
        if self.has_standing {
            line.push(',');
            sheet::push_cell(line, standing.as_str());
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }

    fn json(&mut self, pair: &Pair, standing: Standing) -> io::Result<()> {
        let mut pair = pair.clone();
        pair.score = rounded(pair.score);
        let row = Row {
            pair,
            standing: self.has_standing.then(|| standing.as_str()),
        };
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
