//! Cells of CSV as no spreadsheet takes them for more than text.
//!
//! A spreadsheet decides by the list separator of its country where a cell ends, and runs what begins like a formula. So
//! each cell stands between quotes, whatever is in it, and what would begin a formula begins with an apostrophe: at the
//! start of the cell, and behind whatever some spreadsheets split cells at.
//!
//! ```
//! use msp365_actions::sheet;
//!
//! assert_eq!(sheet::line(["Ada;=1+1", "@Bo"]), "\"Ada;'=1+1\",\"'@Bo\"\r\n");
//! ```

/// What makes a spreadsheet take a text for a formula; the wide forms are those of East Asian keyboards.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What a cell must not begin with either, as spreadsheets drop it and look at what follows.
const DROPPED: [char; 3] = ['\t', '\r', '\n'];
/// Where a spreadsheet that takes another separator than the comma may begin a cell.
const SPLIT: [char; 4] = [';', '\t', '\r', '\n'];

/// The mark of UTF-8 that a file begins with, for spreadsheets that else take it for the code page of their country.
pub const BOM: &str = "\u{feff}";

/// A line of cells, with its end: carriage return and line feed.
pub fn line<C: AsRef<str>>(cells: impl IntoIterator<Item = C>) -> String {
    let mut line = String::new();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        push_cell(&mut line, cell.as_ref());
    }
    line.push_str("\r\n");
    line
}

/// Adds a cell to a line: between quotes, those within it doubled, and with an apostrophe before each formula.
pub fn push_cell(line: &mut String, text: &str) {
    line.push('"');
    if text.starts_with(DROPPED) {
        line.push('\'');
    }
    for part in text.split_inclusive(SPLIT) {
        if part.trim_start_matches(is_blank).starts_with(FORMULA) {
            line.push('\'');
        }
        let mut pieces = part.split('"');
        line.extend(pieces.next());
        for piece in pieces {
            line.push_str("\"\"");
            line.push_str(piece);
        }
    }
    line.push('"');
}

/// Whether a character is not seen where it leads a cell.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '\u{feff}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut cell = String::new();
        push_cell(&mut cell, text);
        cell
    }

    #[test]
    fn every_cell_is_quoted_and_quotes_are_doubled() {
        assert_eq!(
            line(["Ada", "", "7", "a \"b\""]),
            "\"Ada\",\"\",\"7\",\"a \"\"b\"\"\"\r\n"
        );
    }

    #[test]
    fn nothing_that_a_spreadsheet_would_run_begins_a_cell() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            let text = format!("{start}cmd|' /C calc'!A0");
            assert!(cell(&text).starts_with(&format!("\"'{start}")), "{start:?}");
        }
        assert_eq!(cell(" \u{feff}=1"), "\"' \u{feff}=1\"");
        assert_eq!(cell("\n=1"), "\"'\n'=1\"");
    }

    #[test]
    fn a_formula_behind_another_separator_is_text_too() {
        assert_eq!(cell("Ada;=HYPERLINK(\"x\")"), "\"Ada;'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("Ada\n@Bo\tCleo"), "\"Ada\n'@Bo\tCleo\"");
        assert_eq!(cell("ada@contoso.example; a-b"), "\"ada@contoso.example; a-b\"");
    }
}
