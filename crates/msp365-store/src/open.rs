//! A store by its address.

use std::sync::Arc;

use crate::{Error, MemoryStore, Result, SqliteStore, Store};

/// Opens the store that an address names: `sqlite:PATH`, `sqlite://PATH`, `memory:`, or with the feature `postgres`
/// `postgres://USER:PASSWORD@HOST/DATABASE`.
///
/// # Errors
/// `Invalid` if the address names no store of this build; otherwise as [`SqliteStore::open`] and `PostgresStore::open`.
pub async fn open(url: &str) -> Result<Arc<dyn Store>> {
    if url == "memory:" {
        return Ok(Arc::new(MemoryStore::new()));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return postgres(url).await;
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

#[cfg(feature = "postgres")]
async fn postgres(url: &str) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(crate::PostgresStore::open(url).await?))
}

#[cfg(not(feature = "postgres"))]
#[expect(
    clippy::unused_async,
    reason = "it connects where PostgreSQL is part of the build"
)]
async fn postgres(_url: &str) -> Result<Arc<dyn Store>> {
    Err(Error::NotInThisBuild {
        database: "PostgreSQL",
    })
}

/// The address without what may be a password in it: user, password and options.
pub(crate) fn hidden(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    match url.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => url.to_owned(),
    }
}
