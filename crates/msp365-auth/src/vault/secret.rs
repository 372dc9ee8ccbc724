//! The app's client secret, sealed beside the connection, so that a program started anew needs the vault key alone.

use msp365_core::{Sealed, TenantId};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use super::{STORE_ATTEMPTS, TokenVault};
use crate::{
    Error,
    sealed::{self, Place},
};

/// What the records of this module hold.
const KIND: &str = "client_secret";

impl TokenVault {
    /// Stores the client secret of this app in place of an older one, durably before it returns.
    ///
    /// # Errors
    /// `Storage` if the vault failed, `Conflict` if other writers were first time and again.
    pub async fn save_secret(
        &self,
        authority: &str,
        tenant: TenantId,
        client_id: &str,
        secret: &SecretString,
    ) -> Result<(), Error> {
        let record = record(authority, tenant, client_id);
        let failed = |source| Error::Vault {
            record: record.clone(),
            source,
        };
        let mut attempt = 1;
        loop {
            let version = self
                .vault
                .load(&record)
                .await
                .map_err(failed)?
                .map(|present: Sealed| present.version);
            let plain = Zeroizing::new(secret.expose_secret().as_bytes().to_vec());
            let sealed = sealed::seal(
                plain,
                &place(&record, tenant, client_id),
                &*self.keys,
                &*self.random,
            )?;
            match self.vault.store(&record, &sealed, version).await {
                Ok(_) => return Ok(()),
                Err(msp365_core::VaultError::Conflict { .. }) if attempt < STORE_ATTEMPTS => attempt += 1,
                Err(source) => return Err(failed(source)),
            }
        }
    }

    /// The stored client secret of this app, or `None`.
    ///
    /// # Errors
    /// `Storage` if the vault failed, the key is missing, or the record was altered.
    pub async fn load_secret(
        &self,
        authority: &str,
        tenant: TenantId,
        client_id: &str,
    ) -> Result<Option<SecretString>, Error> {
        let record = record(authority, tenant, client_id);
        let found = self.vault.load(&record).await;
        let Some(sealed) = found.map_err(|source| Error::Vault {
            record: record.clone(),
            source,
        })?
        else {
            return Ok(None);
        };
        let plain = sealed::open(&sealed, &place(&record, tenant, client_id), &*self.keys)?;
        let text = std::str::from_utf8(&plain).map_err(|_| Error::Integrity { record })?;
        Ok(Some(SecretString::from(text)))
    }
}

fn record(authority: &str, tenant: TenantId, client_id: &str) -> String {
    format!("{KIND}/{}/{tenant}/{client_id}", authority.trim_end_matches('/'))
}

const fn place<'a>(record: &'a str, tenant: TenantId, client_id: &'a str) -> Place<'a> {
    Place {
        record,
        tenant,
        client_id,
        kind: KIND,
    }
}
