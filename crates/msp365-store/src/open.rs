//! A store by its address.

use std::sync::Arc;

use crate::{Error, MemoryStore, Result, SqliteStore, Store};

/// Opens the store that an address names: `sqlite:PATH`, `sqlite://PATH` or `memory:`.
///
/// # Errors
/// `Invalid` if the address names no store of this build; otherwise as [`SqliteStore::open`].
pub async fn open(url: &str) -> Result<Arc<dyn Store>> {
    if url == "memory:" {
        return Ok(Arc::new(MemoryStore::new()));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Err(Error::NotInThisBuild {
            database: "PostgreSQL",
        });
    }
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))
        .filter(|path| !path.is_empty() && !path.starts_with(':'));
    match path {
        Some(path) => Ok(Arc::new(SqliteStore::open(path).await?)),
        None => Err(Error::Address { url: hidden(url) }),
    }
}

/// The address without what may be a password in it.
fn hidden(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => url.to_owned(),
    }
}
