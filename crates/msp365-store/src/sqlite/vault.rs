//! Sealed records in SQLite, on the disk before storing returns.

use async_trait::async_trait;
use msp365_core::{Sealed, Vault, VaultError};
use rusqlite::{OptionalExtension, params};

use super::SqliteStore;
use crate::Error;

#[async_trait]
impl Vault for SqliteStore {
    async fn load(&self, name: &str) -> Result<Option<Sealed>, VaultError> {
        let wanted = name.to_owned();
        self.threads
            .read("read a sealed record", move |connection| {
                let mut select = connection.prepare_cached(
                    "SELECT key_id, bytes, version FROM sealed WHERE name = ?1 AND bytes IS NOT NULL",
                )?;
                let found = select.query_row([wanted], |row| {
                    let mut sealed = Sealed::new(row.get::<_, String>(0)?, row.get(1)?);
                    sealed.version = super::number(row.get(2)?);
                    Ok(sealed)
                });
                Ok(found.optional()?)
            })
            .await
            .map_err(|error| storage(name, error))
    }

    async fn store(&self, name: &str, sealed: &Sealed, expected: Option<u64>) -> Result<u64, VaultError> {
        let (wanted, sealed) = (name.to_owned(), sealed.clone());
        let stored = self
            .threads
            .write_durably("store a sealed record", move |connection, _| {
                let expected = expected.map(|version| i64::try_from(version).unwrap_or(i64::MAX));
                let parameters = params![wanted, sealed.key_id, sealed.bytes, expected];
                let sql = match expected {
                    None => {
                        "INSERT INTO sealed (name, key_id, bytes, version) SELECT ?1, ?2, ?3, 1 WHERE ?4 IS NULL
                         ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, bytes = excluded.bytes,
                            version = version + 1 WHERE bytes IS NULL
                         RETURNING version"
                    }
                    Some(_) => {
                        "UPDATE sealed SET key_id = ?2, bytes = ?3, version = version + 1
                         WHERE name = ?1 AND version = ?4 AND bytes IS NOT NULL RETURNING version"
                    }
                };
                let mut statement = connection.prepare_cached(sql)?;
                Ok(statement.query_row(parameters, |row| row.get(0)).optional()?.map(super::number))
            })
            .await
            .map_err(|error| storage(name, error))?;
        stored.ok_or_else(|| VaultError::Conflict {
            name: name.to_owned(),
        })
    }

    async fn remove(&self, name: &str) -> Result<(), VaultError> {
        let wanted = name.to_owned();
        self.threads
            .write_durably("remove a sealed record", move |connection, _| {
                // The version stays, so that who still holds the removed record cannot replace its successor.
                connection.execute(
                    "UPDATE sealed SET key_id = '', bytes = NULL WHERE name = ?1",
                    [wanted],
                )?;
                Ok(())
            })
            .await
            .map_err(|error| storage(name, error))
    }
}

fn storage(name: &str, error: Error) -> VaultError {
    VaultError::Storage {
        name: name.to_owned(),
        source: error.into(),
    }
}
