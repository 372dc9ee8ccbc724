//! Decisions as lines of comma-separated values, in an order that makes two files easy to compare.

use super::{Decision, Said};

const HEADER: [&str; 7] = ["kind", "ours", "theirs", "said", "by", "at", "note"];

/// What is matched.
const KINDS: [&str; 3] = ["organizations", "devices", "contacts"];

/// A line that holds no valid decision, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadLine {
    /// Its number, from 1, counting the header.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

/// Writes decisions: a header, then one line each, sorted by kind and our id. The same decisions give the same file.
///
/// ```
/// use msp365_match::decisions::{Decision, Said, read, write};
///
/// let decision = Decision::new("organizations", "t-1", Said::Ignored).by("Ada").note("closed, \"for good\"");
///
/// let file = write(&[decision.clone()]);
///
/// assert_eq!(file, "kind,ours,theirs,said,by,at,note\norganizations,t-1,,ignored,Ada,,\"closed, \"\"for good\"\"\"\n");
/// assert_eq!(read(&file), (vec![decision], vec![]));
/// ```
pub fn write(decisions: &[Decision]) -> String {
    let mut decisions: Vec<&Decision> = decisions.iter().collect();
    decisions.sort_unstable();
    let mut file = HEADER.join(",");
    file.push('\n');
    for decision in decisions {
        let cells = [
            decision.kind.as_str(),
            &decision.ours,
            decision.theirs.as_deref().unwrap_or_default(),
            decision.said.as_str(),
            &decision.by,
            &decision.at,
            &decision.note,
        ];
        file.push_str(&cells.map(quoted).join(","));
        file.push('\n');
    }
    file
}

/// Reads a file of decisions. Invalid lines are returned with the reason; the others are used.
pub fn read(file: &str) -> (Vec<Decision>, Vec<BadLine>) {
    let (mut decisions, mut bad) = (Vec::new(), Vec::new());
    for (line, cells) in rows(file.trim_start_matches('\u{feff}')) {
        if cells.len() == 1 && cells.first().is_some_and(String::is_empty) || cells == HEADER {
            continue;
        }
        match decision(cells) {
            Ok(decision) => decisions.push(decision),
            Err(why) => bad.push(BadLine { line, why }),
        }
    }
    (decisions, bad)
}

fn decision(cells: Vec<String>) -> Result<Decision, String> {
    let count = cells.len();
    let Ok([kind, ours, theirs, said, by, at, note]) = <[String; 7]>::try_from(cells) else {
        return Err(format!("it has {count} cells, not {}", HEADER.len()));
    };
    let Some(said) = Said::parse(&said) else {
        return Err(format!("`{said}` is not linked, created, refused or ignored"));
    };
    if !KINDS.contains(&kind.as_str()) {
        return Err(format!(
            "`{kind}` is not {}, {} or {}",
            KINDS[0], KINDS[1], KINDS[2]
        ));
    }
    if ours.is_empty() {
        return Err("it names no record of ours".to_owned());
    }
    if theirs.is_empty() && said != Said::Ignored {
        return Err("it names no record of theirs".to_owned());
    }
    Ok(Decision {
        kind,
        ours,
        theirs: Some(theirs).filter(|theirs| !theirs.is_empty()),
        said,
        by,
        at,
        note,
    })
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The cells of each row, with the number of the line on which it begins.
fn rows(file: &str) -> Vec<(usize, Vec<String>)> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut first, mut is_quoted) = (1, 1, false);
    let mut letters = file.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                cells.push(std::mem::take(&mut cell));
                rows.push((first, std::mem::take(&mut cells)));
                line += 1;
                first = line;
            }
            '\r' if !is_quoted => {}
            other => {
                line += usize::from(other == '\n');
                cell.push(other);
            }
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push((first, cells));
    }
    rows
}
