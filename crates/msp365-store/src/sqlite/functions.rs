//! Functions that SQLite lacks: folding and patterns as the memory store has them.

use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};

use crate::query::{Pattern, bare, cut, fold, listed, parts};

/// Adds `folded(text)`, `sort_key(text)`, `listed(json)`, `bare(json)`, `fits(pattern, text)` and
/// `any_fits(pattern, texts)`. All but the last two are in indexes: what they answer to a text must never change.
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
    connection.create_scalar_function("listed", 1, flags, |context| {
        Ok(listed(context.get_raw(0).as_str_or_null()?.unwrap_or_default()))
    })?;
    connection.create_scalar_function("bare", 1, flags, |context| {
        Ok(bare(context.get_raw(0).as_str_or_null()?.unwrap_or_default()))
    })?;
    connection.create_scalar_function("any_fits", 2, flags, |context| {
        let pattern = context.get_or_create_aux(0, |pattern| pattern.as_str().map(Pattern::new))?;
        let texts = context.get_raw(1).as_str_or_null()?.unwrap_or_default();
        Ok(parts(texts).any(|text| pattern.fits(text)))
    })?;
    connection.create_scalar_function("fits", 2, flags, |context| {
        let pattern = context.get_or_create_aux(0, |pattern| pattern.as_str().map(Pattern::new))?;
        Ok(match context.get_raw(1) {
            ValueRef::Text(text) => std::str::from_utf8(text).is_ok_and(|text| pattern.fits(text)),
            _ => false,
        })
    })
}
