//! Functions that SQLite lacks: folding and patterns as the memory store has them.

use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

use crate::query::{Pattern, cut, fold};

/// Adds `folded(text)`, `sort_key(text)` and `fits(pattern, text)`. The first two are in indexes: what they answer to a
/// text must never change.
pub(super) fn add(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("folded", 1, flags, |context| {
        Ok(fold(context.get_raw(0).as_str_or_null()?.unwrap_or_default()))
    })?;
    connection.create_scalar_function("sort_key", 1, flags, |context| {
        Ok(cut(&fold(
            context.get_raw(0).as_str_or_null()?.unwrap_or_default(),
        )))
    })?;
    connection.create_scalar_function("fits", 2, flags, |context| {
        let pattern = context.get_or_create_aux(0, |pattern| pattern.as_str().map(Pattern::new))?;
        Ok(match context.get_raw(1) {
            ValueRef::Text(text) => std::str::from_utf8(text).is_ok_and(|text| pattern.fits(text)),
            _ => false,
        })
    })
}
