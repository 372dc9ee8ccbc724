//! Tables of names kept as text: one row per line, columns parted by tabs, lines that start with `#` are remarks.

/// The rows of a table, each cut into its columns.
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
