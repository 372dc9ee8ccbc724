//! Functions that SQLite lacks: folding and patterns as the memory store has them.

use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

use crate::query::Pattern;

/// Adds `folded(text)` and `fits(pattern, text)`.
pub(super) fn add(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("folded", 1, flags, |context| {
        Ok(context
            .get::<Option<String>>(0)?
            .unwrap_or_default()
            .to_lowercase())
    })?;
    connection.create_scalar_function("fits", 2, flags, |context| {
        let pattern = context.get_or_create_aux(0, |pattern| pattern.as_str().map(Pattern::new))?;
        Ok(match context.get_raw(1) {
            ValueRef::Text(text) => std::str::from_utf8(text).is_ok_and(|text| pattern.fits(text)),
            _ => false,
        })
    })
}
