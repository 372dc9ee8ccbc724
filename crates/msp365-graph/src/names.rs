//! Tables of names kept as text: one row per line, columns separated by tabs; lines that start with `#` are comments.

/// The rows of a table, each split into its columns.
pub(crate) fn rows<const COLUMNS: usize>(
    table: &'static str,
) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let mut row = [""; COLUMNS];
            for cell in &mut row {
                *cell = cells.next()?;
            }
            Some(row)
        })
}

/// Checks that hold for every table, for the tests beside each.
#[cfg(test)]
pub(crate) mod checks {
    /// The table begins with comments on version and source, and each line has this many non-empty columns.
    pub(crate) fn is_well_formed(table: &str, columns: usize) {
        let (remarks, lines): (Vec<_>, Vec<_>) = table.lines().partition(|line| line.starts_with('#'));
        let remarks = remarks.join(" ");
        assert!(
            remarks.contains("Version ") && remarks.contains("Source: ") && remarks.contains("20"),
            "{remarks}"
        );
        for line in lines {
            let cells: Vec<_> = line.split('\t').collect();
            assert_eq!(cells.len(), columns, "{line}");
            assert!(
                cells.iter().all(|cell| !cell.is_empty() && cell.trim() == *cell),
                "{line}"
            );
        }
    }
}
