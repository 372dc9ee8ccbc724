//! Connections kept sealed.

mod audit;
mod credential;
mod flight;

pub(crate) use flight::{Flight, Holder, Lane, SKEW};

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use msp365_core::{Random, TenantId, Vault, VaultError, random};
use secrecy::{
    ExposeSecret, SecretString,
    zeroize::{Zeroize, Zeroizing},
};
use serde::{Deserialize, Serialize};

use crate::{
    Connection, Error, KeyRing, Mfa,
    sealed::{self, Place},
};

/// What the records of this module hold.
const KIND: &str = "connection";
/// How often storing a new sign-in is tried again after another writer was first.
const STORE_ATTEMPTS: u32 = 5;
/// Room for a record, so that its plain bytes are not moved, leaving copies behind, while it is written.
const ROOM: usize = 16_384;

/// Keeps connections in a [`Vault`], sealed with the embedder's keys. Clones share them.
#[derive(Clone)]
pub struct TokenVault {
    vault: Arc<dyn Vault>,
    keys: Arc<dyn KeyRing>,
    random: Arc<dyn Random>,
}

impl TokenVault {
    /// Seals with the keys of this ring. Outside tests the randomness must be the operating system's
    /// ([`SystemRandom`](crate::SystemRandom)).
    pub fn new(vault: Arc<dyn Vault>, keys: Arc<dyn KeyRing>, random: Arc<dyn Random>) -> Self {
        Self { vault, keys, random }
    }

    /// Stores a new sign-in in place of an older one of the same tenant and app, durably before it returns.
    ///
    /// # Errors
    /// `Storage` if the vault failed, `Conflict` if other writers were first every time.
    pub async fn save_connection(&self, connection: &Connection) -> Result<(), Error> {
        let slot = Slot::of(connection);
        let sign_in = random::uuid(&self.random).to_string();
        self.put(&slot.place(), || {
            plain(&slot, &Record::of(connection, &sign_in, Redemption::Unknown))
        })
        .await
    }

    /// The stored sign-in of this tenant and app, or `None`.
    ///
    /// # Errors
    /// `Storage` if the vault failed, the key is missing, or the record was altered.
    pub async fn load_connection(
        &self,
        authority: &str,
        tenant: TenantId,
        client_id: &str,
    ) -> Result<Option<Connection>, Error> {
        let slot = Slot::new(authority, tenant, client_id);
        Ok(self.load(&slot).await?.map(|stored| stored.connection))
    }

    /// Removes the stored sign-in of this tenant and app; succeeds if there is none.
    ///
    /// # Errors
    /// `Storage` if the vault failed.
    pub async fn forget(&self, authority: &str, tenant: TenantId, client_id: &str) -> Result<(), Error> {
        self.drop_record(&Slot::new(authority, tenant, client_id).record)
            .await
    }

    /// The stored sign-in with its version.
    pub(crate) async fn load(&self, slot: &Slot) -> Result<Option<Stored>, Error> {
        let Some((plain, version)) = self.open(&slot.place()).await? else {
            return Ok(None);
        };
        let record: Record = serde_json::from_slice(&plain).map_err(|_| Error::Integrity {
            record: slot.record.clone(),
        })?;
        Ok(Some(Stored {
            version,
            sign_in: record.sign_in.clone(),
            redemption: record.redemption,
            connection: record.into_connection(slot),
        }))
    }

    /// Stores the next refresh token of a sign-in, unless somebody stored a newer one, which gives `Conflict`.
    pub(crate) async fn rotate(&self, slot: &Slot, stored: &Stored, next: SecretString) -> Result<(), Error> {
        let connection = Connection {
            refresh_token: next,
            ..stored.connection.clone()
        };
        let plain = plain(slot, &Record::of(&connection, &stored.sign_in, stored.redemption))?;
        let sealed = sealed::seal(plain, &slot.place(), &*self.keys, &*self.random)?;
        let stored = self
            .vault
            .store(&slot.record, &sealed, Some(stored.version))
            .await;
        stored.map_err(|source| failed(&slot.record, source)).map(drop)
    }

    /// Opens a record. If an older key sealed it, it is sealed anew with the present one.
    async fn open(&self, place: &Place<'_>) -> Result<Option<(Zeroizing<Vec<u8>>, u64)>, Error> {
        let found = self.vault.load(place.record).await;
        let Some(sealed) = found.map_err(|source| failed(place.record, source))? else {
            return Ok(None);
        };
        let plain = sealed::open(&sealed, place, &*self.keys)?;
        if sealed.key_id == self.keys.current().id() {
            return Ok(Some((plain, sealed.version)));
        }
        let anew = sealed::seal(plain.clone(), place, &*self.keys, &*self.random)?;
        match self.vault.store(place.record, &anew, Some(sealed.version)).await {
            Ok(version) => Ok(Some((plain, version))),
            // Another writer was first, and sealed it with its own key.
            Err(VaultError::Conflict { .. }) => Ok(Some((plain, sealed.version))),
            Err(source) => Err(failed(place.record, source)),
        }
    }

    /// Stores a record in place of whatever is there.
    async fn put(
        &self,
        place: &Place<'_>,
        plain: impl Fn() -> Result<Zeroizing<Vec<u8>>, Error> + Send,
    ) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            let present = self.vault.load(place.record).await;
            let present = present.map_err(|source| failed(place.record, source))?;
            let sealed = sealed::seal(plain()?, place, &*self.keys, &*self.random)?;
            let version = present.map(|present| present.version);
            match self.vault.store(place.record, &sealed, version).await {
                Ok(_) => return Ok(()),
                Err(VaultError::Conflict { .. }) if attempt < STORE_ATTEMPTS => attempt += 1,
                Err(source) => return Err(failed(place.record, source)),
            }
        }
    }

    async fn drop_record(&self, record: &str) -> Result<(), Error> {
        let removed = self.vault.remove(record).await;
        removed.map_err(|source| failed(record, source))
    }
}

fn failed(record: &str, source: VaultError) -> Error {
    Error::Vault {
        record: record.to_owned(),
        source,
    }
}

fn plain(slot: &Slot, record: &Record) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut plain = Zeroizing::new(Vec::with_capacity(ROOM));
    serde_json::to_writer(&mut *plain, record).map_err(|_| Error::Seal {
        record: slot.record.clone(),
    })?;
    Ok(plain)
}

impl fmt::Debug for TokenVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenVault")
    }
}

/// The place of one connection in the vault.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    record: String,
    authority: String,
    tenant: TenantId,
    client_id: String,
}

impl Slot {
    pub(crate) fn new(authority: &str, tenant: TenantId, client_id: &str) -> Self {
        let authority = authority.trim_end_matches('/');
        Self {
            record: format!("{KIND}/{authority}/{tenant}/{client_id}"),
            authority: authority.to_owned(),
            tenant,
            client_id: client_id.to_owned(),
        }
    }

    fn of(connection: &Connection) -> Self {
        Self::new(&connection.authority, connection.tenant, &connection.client_id)
    }

    fn place(&self) -> Place<'_> {
        Place {
            record: &self.record,
            tenant: self.tenant,
            client_id: &self.client_id,
            kind: KIND,
        }
    }
}

/// A connection as it stands in the vault.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) connection: Connection,
    /// Made at sign-in and kept with every refresh token that follows from it.
    pub(crate) sign_in: String,
    pub(crate) redemption: Redemption,
    pub(crate) version: u64,
}

/// How often a sign-in's refresh token can be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Redemption {
    /// As far as is known, many times, even after it was replaced: Microsoft's behaviour.
    #[default]
    Unknown,
    /// Once: a second redemption was refused.
    Once,
}

/// The plain form of a record, which exists only between the cipher and [`Connection`].
#[derive(Serialize, Deserialize)]
struct Record {
    sign_in: String,
    #[serde(default)]
    redemption: Redemption,
    account_id: String,
    account_name: String,
    scopes: Vec<String>,
    mfa: Mfa,
    signed_in_at: Timestamp,
    refresh_token: String,
}

impl Record {
    fn of(connection: &Connection, sign_in: &str, redemption: Redemption) -> Self {
        Self {
            sign_in: sign_in.to_owned(),
            redemption,
            account_id: connection.account_id.clone(),
            account_name: connection.account_name.clone(),
            scopes: connection.scopes.clone(),
            mfa: connection.mfa,
            signed_in_at: connection.signed_in_at,
            refresh_token: connection.refresh_token.expose_secret().to_owned(),
        }
    }

    fn into_connection(mut self, slot: &Slot) -> Connection {
        Connection {
            authority: slot.authority.clone(),
            tenant: slot.tenant,
            client_id: slot.client_id.clone(),
            account_id: std::mem::take(&mut self.account_id),
            account_name: std::mem::take(&mut self.account_name),
            scopes: std::mem::take(&mut self.scopes),
            mfa: self.mfa,
            signed_in_at: self.signed_in_at,
            refresh_token: self.refresh_token.as_str().into(),
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.refresh_token.zeroize();
    }
}

#[cfg(test)]
mod tests;
