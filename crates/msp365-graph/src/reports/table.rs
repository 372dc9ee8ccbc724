//! Reading of reports: CSV whose columns are found by name.

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use crate::Error;

/// A usage report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// The day that the figures are for; absent in a report without rows.
    pub refreshed_on: Option<Date>,
    /// Whether names are hidden, so that no row can be joined with a user.
    pub concealed: bool,
}

/// The row type of a report, which knows its columns.
pub trait ReportRow: Sized {
    /// The service's function that returns the report.
    const REPORT: &'static str;
    /// The columns that are read, and whether a report without them is refused.
    const COLUMNS: &'static [(&'static str, bool)];

    /// Reads one record, given the cell of each column; `None` if it belongs to nobody.
    fn read<'a>(cell: impl Fn(usize) -> Option<&'a str>) -> Option<Self>;

    /// Whose row it is: a sign-in name, or the hash that hides it.
    fn owner(&self) -> &str;
}

/// The column that all reports share.
const REFRESHED: &str = "Report Refresh Date";

/// Reads a report by the names of its columns: these may be in any order, unknown ones are ignored, and so is a leading
/// byte order mark.
///
/// # Errors
/// `Decode` if it is not CSV, or lacks a required column.
pub fn read<R: ReportRow>(report: &[u8]) -> Result<Report<R>, Error> {
    let text = report.strip_prefix(b"\xef\xbb\xbf").unwrap_or(report);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text);
    let columns = Columns::of::<R>(reader.headers().map_err(|error| not_csv::<R>(error))?)?;
    let mut rows = Vec::new();
    let mut refreshed_on = None;
    for record in reader.records() {
        let record = record.map_err(|error| not_csv::<R>(error))?;
        refreshed_on = refreshed_on.max(columns.refreshed(&record));
        rows.extend(R::read(|column| columns.cell(&record, column)));
    }
    let concealed = !rows.is_empty() && rows.iter().all(|row| !row.owner().contains('@'));
    Ok(Report {
        rows,
        refreshed_on,
        concealed,
    })
}

fn not_csv<R: ReportRow>(error: csv::Error) -> Error {
    Error::Csv {
        report: R::REPORT,
        line: error.position().map_or(0, csv::Position::line),
        source: error.into(),
    }
}

/// The position of each column.
struct Columns {
    refreshed: usize,
    places: Vec<Option<usize>>,
}

impl Columns {
    fn of<R: ReportRow>(header: &StringRecord) -> Result<Self, Error> {
        let place = |name: &str| {
            header
                .iter()
                .position(|own| own.trim().eq_ignore_ascii_case(name))
        };
        let missing = |column| Error::Column {
            report: R::REPORT,
            column,
        };
        let places = R::COLUMNS
            .iter()
            .map(|(name, needed)| match place(name) {
                None if *needed => Err(missing(name)),
                found => Ok(found),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            refreshed: place(REFRESHED).ok_or(missing(REFRESHED))?,
            places,
        })
    }

    fn refreshed(&self, record: &StringRecord) -> Option<Date> {
        record.get(self.refreshed)?.trim().parse().ok()
    }

    fn cell<'a>(&self, record: &'a StringRecord, column: usize) -> Option<&'a str> {
        let place = (*self.places.get(column)?)?;
        record.get(place).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// A value that a cell may hold; an empty or unreadable cell counts as absent.
pub(super) trait Cell: Sized {
    fn of(text: Option<&str>) -> Self;
}

impl Cell for Option<String> {
    fn of(text: Option<&str>) -> Self {
        text.map(str::to_owned)
    }
}

impl Cell for Option<u64> {
    fn of(text: Option<&str>) -> Self {
        text?.parse().ok()
    }
}

impl Cell for Option<Date> {
    fn of(text: Option<&str>) -> Self {
        text?.parse().ok()
    }
}

impl Cell for Option<bool> {
    fn of(text: Option<&str>) -> Self {
        match text?.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        }
    }
}

/// Products joined by `+`.
impl Cell for Vec<String> {
    fn of(text: Option<&str>) -> Self {
        let parts = text.unwrap_or_default().split('+').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

/// Declares the row of a report: first whose row it is, then columns that may be missing, except those marked `needed`.
macro_rules! report {
    (
        $(#[$meta:meta])*
        $name:ident of $report:literal, by $key:ident = $key_column:literal {
            $($(#[$about:meta])* $field:ident: $type:ty = $column:literal $($needed:ident)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            /// Whose row it is: the sign-in name; a hash if names are hidden.
            pub $key: String,
            $($(#[$about])* pub $field: $type,)*
        }

        impl $crate::reports::ReportRow for $name {
            const REPORT: &'static str = $report;
            const COLUMNS: &'static [(&'static str, bool)] =
                &[($key_column, true), $(($column, report!(@needed $($needed)?)),)*];

            fn read<'a>(cell: impl Fn(usize) -> Option<&'a str>) -> Option<Self> {
                let mut columns = 1..;
                let mut next = || columns.next().and_then(&cell);
                Some(Self {
                    $key: cell(0)?.to_owned(),
                    $($field: $crate::reports::table::Cell::of(next()),)*
                })
            }

            fn owner(&self) -> &str {
                &self.$key
            }
        }
    };
    (@needed needed) => { true };
    (@needed) => { false };
}

pub(super) use report;
