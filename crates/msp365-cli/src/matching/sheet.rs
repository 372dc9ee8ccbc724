//! CSV files with a header, line by line, and the lines that are not as they should be.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufReader, Read, Write},
    path::Path,
};

use csv::{ByteRecord, Reader, ReaderBuilder};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::json;

use crate::{Ended, args::Global, failure::Failure};

/// Bytes of the longest cell that is read. The longest true one is a list of proxy addresses.
const LONGEST: usize = 65_536;

/// So many bad lines are named; all are counted.
const MOST_NAMED: usize = 50;

/// Bytes read at a time.
const BUFFER: usize = 1 << 18;

/// Lines that are not as they should be.
#[derive(Debug, Default)]
pub(crate) struct Bad {
    count: u64,
    named: Vec<(String, u64, String)>,
}

impl Bad {
    pub(super) fn note(&mut self, file: &str, line: u64, why: String) {
        self.count += 1;
        if self.named.len() < MOST_NAMED {
            self.named.push((file.to_owned(), line, why));
        }
    }

    /// Names them on standard error, and says whether the command was done in part only.
    pub(crate) fn told(&self, global: &Global) -> Ended {
        if self.count == 0 {
            return Ended::Done;
        }
        let mut out = std::io::stderr().lock();
        if global.json {
            let rows: Vec<_> = self
                .named
                .iter()
                .map(|(file, line, why)| json!({ "file": file, "line": line, "why": why }))
                .collect();
            let _ = writeln!(out, "{}", json!({ "bad_rows": self.count, "rows": rows }));
        } else {
            for (file, line, why) in &self.named {
                let _ = writeln!(out, "{file}, line {line}: {why}");
            }
            let _ = writeln!(out, "Lines that are not as they should be: {}", self.count);
        }
        Ended::InPart
    }
}

/// An opened file.
pub(crate) struct Sheet {
    name: String,
    reader: Reader<Box<dyn Read>>,
    header: Vec<String>,
    required: Vec<&'static str>,
}

impl Sheet {
    /// Opens a file that has these columns.
    pub(crate) fn open(path: &Path, required: &[&'static str]) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let failed = |error: &dyn std::fmt::Display| Failure::usage(format!("cannot read `{name}`: {error}"));
        let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(|error| failed(&error))?);
        let start = std::io::BufRead::fill_buf(&mut file).map_err(|error| failed(&error))?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(Failure::usage(format!("`{name}` is UTF-16")).remedy("save it as CSV in UTF-8"));
        }
        let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = if first.contains(&b';') && !first.contains(&b',') {
            b';'
        } else {
            b','
        };
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Box::new(file) as Box<dyn Read>);
        let header: Vec<String> = reader
            .byte_headers()
            .map_err(|error| failed(&error))?
            .iter()
            .map(|cell| {
                String::from_utf8_lossy(cell)
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .to_lowercase()
            })
            .collect();
        if let Some(missing) = required
            .iter()
            .find(|column| !header.iter().any(|known| known == *column))
        {
            return Err(Failure::usage(format!("`{name}` has no column `{missing}`")));
        }
        Ok(Self {
            name,
            reader,
            header,
            required: required.to_vec(),
        })
    }

    /// Calls `take` with each line. One without an id, or with a cell that is too long, is left out; one without a
    /// name, or that is not UTF-8, is taken as far as it goes.
    pub(crate) fn each(mut self, bad: &mut Bad, mut take: impl FnMut(&Line<'_>)) -> Result<(), Failure> {
        let mut record = ByteRecord::new();
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {}
                Err(error) => {
                    return Err(Failure::usage(format!("cannot read `{}`: {error}", self.name)));
                }
            }
            let number = record.position().map_or(0, csv::Position::line);
            if let Some(cell) = record.iter().find(|cell| cell.len() > LONGEST) {
                bad.note(&self.name, number, format!("a cell has {} bytes", cell.len()));
                continue;
            }
            let line = Line::new(&self.header, &record);
            if line.is_odd {
                bad.note(
                    &self.name,
                    number,
                    "it is not UTF-8; read as Windows-1252".to_owned(),
                );
            }
            let empty = self
                .required
                .iter()
                .find(|column| line.cell(column).trim().is_empty());
            if let Some(column) = empty {
                bad.note(&self.name, number, format!("it has no `{column}`"));
                if Some(column) == self.required.first() {
                    continue;
                }
            }
            take(&line);
        }
    }
}

/// A line.
pub(crate) struct Line<'a> {
    header: &'a [String],
    cells: Vec<Cow<'a, str>>,
    is_odd: bool,
}

impl<'a> Line<'a> {
    fn new(header: &'a [String], record: &'a ByteRecord) -> Self {
        let mut is_odd = false;
        let cells = record
            .iter()
            .map(|cell| {
                if let Ok(text) = std::str::from_utf8(cell) {
                    return Cow::Borrowed(text);
                }
                is_odd = true;
                Cow::Owned(cell.iter().map(|byte| char::from(*byte)).collect())
            })
            .collect();
        Self {
            header,
            cells,
            is_odd,
        }
    }

    /// The cell in a column; empty if there is none.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let at = self.header.iter().position(|known| known == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell)
    }

    /// The cell in a column, if it is not empty.
    pub(crate) fn known(&self, column: &str) -> Option<String> {
        let cell = self.cell(column).trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// What stands in a column with spaces or semicolons between.
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        let parts = self.cell(column).split([' ', ';', '\n', '\t', '|']);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// The time in a column: a moment with its zone, a moment or day in UTC, or seconds since 1970.
    pub(crate) fn seconds(&self, column: &str) -> Option<i64> {
        let cell = self.cell(column).trim();
        if cell.is_empty() {
            return None;
        }
        let in_utc = |time: DateTime| Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second());
        cell.parse::<i64>()
            .ok()
            .or_else(|| Some(cell.parse::<Timestamp>().ok()?.as_second()))
            .or_else(|| in_utc(cell.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (String, String, Option<i64>);

    fn lines(text: &[u8]) -> (Vec<Read>, Vec<u64>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.csv");
        std::fs::write(&path, text).unwrap();
        let (mut found, mut bad) = (Vec::new(), Bad::default());
        Sheet::open(&path, &["id", "name"])
            .unwrap()
            .each(&mut bad, |line| {
                found.push((
                    line.cell("id").to_owned(),
                    line.cell("name").to_owned(),
                    line.seconds("seen"),
                ));
            })
            .unwrap();
        (found, bad.named.into_iter().map(|(_, line, _)| line).collect())
    }

    #[test]
    fn columns_go_by_name() {
        let (found, bad) = lines(
            b"\xef\xbb\xbfName,seen,ID\n\"Ada, B\",2026-03-01,1\nBo,1970-01-01T00:00:05Z,2\nCleo,9,3\n",
        );

        assert_eq!(
            found,
            [
                ("1".to_owned(), "Ada, B".to_owned(), Some(1_772_323_200)),
                ("2".to_owned(), "Bo".to_owned(), Some(5)),
                ("3".to_owned(), "Cleo".to_owned(), Some(9))
            ]
        );
        assert!(bad.is_empty());
    }

    #[test]
    fn bad_lines_are_counted_and_the_others_read() {
        let mut text = b"id,name\n1,\n,Bo\n3,M\xfcller\n4,".to_vec();
        text.extend(std::iter::repeat_n(b'x', 1 << 20));
        text.extend(b"\n5,Ada\n");

        let (found, bad) = lines(&text);

        let names: Vec<_> = found
            .iter()
            .map(|(id, name, _)| (id.as_str(), name.as_str()))
            .collect();
        assert_eq!(names, [("1", ""), ("3", "M\u{fc}ller"), ("5", "Ada")]);
        assert_eq!(bad, [2, 3, 4, 5]);
    }
}
