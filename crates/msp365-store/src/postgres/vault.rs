//! Sealed records in PostgreSQL.

use async_trait::async_trait;
use msp365_core::{Sealed, Vault, VaultError};

use super::{Done, PostgresStore, during, execute, number, query_one};
use crate::Error;

const FIRST: &str = "INSERT INTO sealed (name, key_id, bytes, version) VALUES ($1, $2, $3, 1)
    ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, bytes = excluded.bytes,
        version = sealed.version + 1 WHERE sealed.bytes IS NULL
    RETURNING version";
const NEXT: &str = "UPDATE sealed SET key_id = $2, bytes = $3, version = version + 1
    WHERE name = $1 AND version = $4 AND bytes IS NOT NULL RETURNING version";
/// The version stays, so that who still holds the removed record cannot replace its successor.
const REMOVE: &str = "UPDATE sealed SET key_id = '', bytes = NULL WHERE name = $1";

#[async_trait]
impl Vault for PostgresStore {
    async fn load(&self, name: &str) -> Result<Option<Sealed>, VaultError> {
        load(self, name)
            .await
            .map_err(during("read a sealed record"))
            .map_err(storage(name))
    }

    async fn store(&self, name: &str, sealed: &Sealed, expected: Option<u64>) -> Result<u64, VaultError> {
        let stored = replace(self, name, sealed, expected).await;
        let stored = stored
            .map_err(during("store a sealed record"))
            .map_err(storage(name))?;
        stored.ok_or_else(|| VaultError::Conflict {
            name: name.to_owned(),
        })
    }

    async fn remove(&self, name: &str) -> Result<(), VaultError> {
        remove(self, name)
            .await
            .map_err(during("remove a sealed record"))
            .map_err(storage(name))
    }
}

async fn load(store: &PostgresStore, name: &str) -> Done<Option<Sealed>> {
    let client = store.client().await?;
    let sql = "SELECT key_id, bytes, version FROM sealed WHERE name = $1 AND bytes IS NOT NULL";
    let Some(row) = query_one(&client, sql, &[&name]).await? else {
        return Ok(None);
    };
    let mut sealed = Sealed::new(row.try_get::<_, String>(0)?, row.try_get(1)?);
    sealed.version = number(row.try_get(2)?);
    Ok(Some(sealed))
}

async fn replace(
    store: &PostgresStore,
    name: &str,
    sealed: &Sealed,
    expected: Option<u64>,
) -> Done<Option<u64>> {
    let client = store.client().await?;
    let row = match expected {
        None => query_one(&client, FIRST, &[&name, &sealed.key_id, &sealed.bytes]).await?,
        Some(version) => {
            let version = i64::try_from(version).unwrap_or(i64::MAX);
            query_one(&client, NEXT, &[&name, &sealed.key_id, &sealed.bytes, &version]).await?
        }
    };
    Ok(row.map(|row| row.try_get(0)).transpose()?.map(number))
}

async fn remove(store: &PostgresStore, name: &str) -> Done<()> {
    execute(&store.client().await?, REMOVE, &[&name]).await.map(drop)
}

fn storage(name: &str) -> impl Fn(Error) -> VaultError {
    move |error| VaultError::Storage {
        name: name.to_owned(),
        source: error.into(),
    }
}
