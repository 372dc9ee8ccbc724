//! The key of the activity log, sealed like everything else, so that only the vault key is kept outside the database.

use msp365_core::{AUDIT_KEY, TenantId, VaultError};
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use super::{TokenVault, failed};
use crate::{
    Error,
    sealed::{self, Place},
};

/// The name and the kind of the record.
const KIND: &str = AUDIT_KEY;

impl TokenVault {
    /// The key that chains this vault's activity log: 32 bytes, made and sealed when first asked for. It is not needed
    /// if the log is given another key.
    ///
    /// # Errors
    /// `Storage` if the vault failed, the vault key is missing, or the record was altered.
    pub async fn audit_key(&self) -> Result<[u8; 32], Error> {
        let place = Place {
            record: KIND,
            tenant: TenantId::new(Uuid::nil()),
            client_id: "",
            kind: KIND,
        };
        if let Some(key) = self.kept(&place).await? {
            return Ok(key);
        }
        let mut made = Zeroizing::new(vec![0; 32]);
        self.random.fill(&mut made);
        let sealed = sealed::seal(made, &place, &*self.keys, &*self.random)?;
        match self.vault.store(KIND, &sealed, None).await {
            // Another process was first: its key counts.
            Ok(_) | Err(VaultError::Conflict { .. }) => {}
            Err(source) => return Err(failed(KIND, source)),
        }
        self.kept(&place).await?.ok_or_else(|| Error::Integrity {
            record: KIND.to_owned(),
        })
    }

    async fn kept(&self, place: &Place<'_>) -> Result<Option<[u8; 32]>, Error> {
        let Some((plain, _)) = self.open(place).await? else {
            return Ok(None);
        };
        let key = plain.as_slice().try_into();
        key.map(Some).map_err(|_| Error::Integrity {
            record: KIND.to_owned(),
        })
    }
}
