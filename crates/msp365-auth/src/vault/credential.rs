//! The app's credential, sealed beside the connection, so that a restarted program needs only the vault key.

use msp365_core::TenantId;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use super::TokenVault;
use crate::{Certificate, Credential, Error, sealed::Place};

/// What the records of this module hold.
const SECRET: &str = "client_secret";
const CERTIFICATE: &str = "client_certificate";

impl TokenVault {
    /// Stores the credential of this app in this tenant in place of an earlier one, durably before it returns. A public
    /// app has nothing to store.
    ///
    /// # Errors
    /// `Storage` if the vault failed, `Conflict` if other writers were first every time.
    pub async fn save_credential(
        &self,
        authority: &str,
        tenant: TenantId,
        client_id: &str,
        credential: &Credential,
    ) -> Result<(), Error> {
        let (kind, other, text) = match credential {
            Credential::Secret(secret) => (SECRET, CERTIFICATE, secret.clone()),
            Credential::Certificate(certificate) => (CERTIFICATE, SECRET, certificate.to_secret()?),
            Credential::Public => return self.forget_credential(authority, tenant, client_id).await,
        };
        let record = record(kind, authority, tenant, client_id);
        let place = place(&record, kind, tenant, client_id);
        self.put(&place, || {
            Ok(Zeroizing::new(text.expose_secret().as_bytes().to_vec()))
        })
        .await?;
        self.drop_record(&self::record(other, authority, tenant, client_id))
            .await
    }

    /// The credential of this app in this tenant, or `None` if none is stored.
    ///
    /// # Errors
    /// `Storage` if the vault failed, the key is missing, or the record was altered.
    pub async fn load_credential(
        &self,
        authority: &str,
        tenant: TenantId,
        client_id: &str,
    ) -> Result<Option<Credential>, Error> {
        for kind in [SECRET, CERTIFICATE] {
            let record = record(kind, authority, tenant, client_id);
            let Some((plain, _)) = self.open(&place(&record, kind, tenant, client_id)).await? else {
                continue;
            };
            let broken = || Error::Integrity {
                record: record.clone(),
            };
            let text = SecretString::from(std::str::from_utf8(&plain).map_err(|_| broken())?);
            return Ok(Some(match kind {
                SECRET => text.into(),
                _ => Certificate::from_secret(&text).ok_or_else(broken)?.into(),
            }));
        }
        Ok(None)
    }

    /// Removes the credential of this app in this tenant; succeeds if there is none.
    ///
    /// # Errors
    /// `Storage` if the vault failed.
    pub async fn forget_credential(
        &self,
        authority: &str,
        tenant: TenantId,
        client_id: &str,
    ) -> Result<(), Error> {
        for kind in [SECRET, CERTIFICATE] {
            self.drop_record(&record(kind, authority, tenant, client_id))
                .await?;
        }
        Ok(())
    }
}

fn record(kind: &str, authority: &str, tenant: TenantId, client_id: &str) -> String {
    format!("{kind}/{}/{tenant}/{client_id}", authority.trim_end_matches('/'))
}

const fn place<'a>(record: &'a str, kind: &'static str, tenant: TenantId, client_id: &'a str) -> Place<'a> {
    Place {
        record,
        tenant,
        client_id,
        kind,
    }
}
