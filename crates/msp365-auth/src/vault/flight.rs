//! Whose turn it is to ask the service, and the result: one record per key, shared by all workers of a vault.

use jiff::{SignedDuration, Timestamp};
use msp365_core::{AccessToken, Audience, TenantId, TokenRequest, VaultError};
use secrecy::{
    ExposeSecret, SecretString,
    zeroize::{Zeroize, Zeroizing},
};
use serde::{Deserialize, Serialize};

use super::{ROOM, Slot, TokenVault};
use crate::{Error, cached::Minted, sealed::Place};

/// What the records of this module hold.
const KIND: &str = "flight";

/// How far the clocks of workers may differ.
pub(crate) const SKEW: SignedDuration = SignedDuration::from_secs(10);

/// Where a flight is kept in the vault: that of one tenant and audience, or of the sign-in itself.
#[derive(Debug, Clone)]
pub(crate) struct Lane {
    record: String,
    tenant: TenantId,
    client_id: String,
}

impl Lane {
    /// The flights that bring tokens of one tenant and audience.
    pub(crate) fn of_key(slot: &Slot, tenant: TenantId, audience: Audience) -> Self {
        let name = match audience {
            Audience::Graph => "graph",
            Audience::PartnerCenter => "partner_center",
            _ => "other",
        };
        Self::named(slot, &format!("{tenant}/{name}"))
    }

    /// The flights that redeem the refresh token of one sign-in, for any purpose.
    pub(crate) fn of_sign_in(slot: &Slot) -> Self {
        Self::named(slot, "sign_in")
    }

    fn named(slot: &Slot, name: &str) -> Self {
        Self {
            record: format!(
                "{KIND}/{}/{}/{}/{name}",
                slot.authority, slot.tenant, slot.client_id
            ),
            tenant: slot.tenant,
            client_id: slot.client_id.clone(),
        }
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

/// Who asks, until when, and the last token that was brought.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Flight {
    /// The sign-in that the token came from.
    sign_in: String,
    pub(crate) holder: Option<Holder>,
    token: Option<Brought>,
}

/// A worker that asks the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    pub(crate) name: String,
    /// When it is taken to be gone.
    pub(crate) until: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Brought {
    secret: String,
    claims: Option<String>,
    asked_at: Timestamp,
    renew_at: Timestamp,
    expires_at: Timestamp,
}

impl Drop for Brought {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl Flight {
    /// The token that was brought, unless it is the one to be replaced, or does not fit the request.
    pub(crate) fn token(
        &self,
        sign_in: &str,
        wanted: &TokenRequest,
        replaced: Option<&AccessToken>,
        now: Timestamp,
    ) -> Option<Minted> {
        let token = self.token.as_ref()?;
        let is_replaced = replaced.is_some_and(|old| old.secret.expose_secret() == token.secret);
        let answers = wanted.claims.is_none() || wanted.claims == token.claims;
        let is_possible = token.asked_at.duration_since(now) <= SKEW;
        let is_young = is_possible && now < token.renew_at;
        (self.sign_in == sign_in && !is_replaced && answers && is_young).then(|| Minted {
            token: AccessToken::new(
                SecretString::from(token.secret.as_str()),
                token.expires_at,
                wanted.tenant,
                wanted.audience,
            ),
            // By our clock, which may be behind that of the worker that asked.
            asked_at: token.asked_at.min(now),
            renew_at: token.renew_at,
        })
    }

    /// The finished flight that brought this token.
    pub(crate) fn landed(sign_in: &str, minted: &Minted, claims: Option<&str>) -> Self {
        Self {
            sign_in: sign_in.to_owned(),
            holder: None,
            token: Some(Brought {
                secret: minted.token.secret.expose_secret().to_owned(),
                claims: claims.map(str::to_owned),
                asked_at: minted.asked_at,
                renew_at: minted.renew_at,
                expires_at: minted.token.expires_at,
            }),
        }
    }
}

impl TokenVault {
    /// The flight of a lane with its version. One that cannot be opened, for example because its key is another, begins
    /// anew.
    ///
    /// # Errors
    /// `Storage` if the vault failed.
    pub(crate) async fn flight(&self, lane: &Lane) -> Result<(Flight, Option<u64>), Error> {
        let found = self.vault.load(&lane.record).await;
        let Some(sealed) = found.map_err(|source| failed(lane, source))? else {
            return Ok((Flight::default(), None));
        };
        let flight = crate::sealed::open(&sealed, &lane.place(), &*self.keys)
            .ok()
            .and_then(|plain| serde_json::from_slice(&plain).ok());
        Ok((flight.unwrap_or_default(), Some(sealed.version)))
    }

    /// Stores a flight if the present one still has this version; `None` if it does not.
    ///
    /// # Errors
    /// `Storage` if the vault failed.
    pub(crate) async fn set_flight(
        &self,
        lane: &Lane,
        flight: &Flight,
        version: Option<u64>,
    ) -> Result<Option<u64>, Error> {
        let mut plain = Zeroizing::new(Vec::with_capacity(ROOM));
        serde_json::to_writer(&mut *plain, flight).map_err(|_| Error::Seal {
            record: lane.record.clone(),
        })?;
        let sealed = crate::sealed::seal(plain, &lane.place(), &*self.keys, &*self.random)?;
        match self.vault.store(&lane.record, &sealed, version).await {
            Ok(version) => Ok(Some(version)),
            Err(VaultError::Conflict { .. }) => Ok(None),
            Err(source) => Err(failed(lane, source)),
        }
    }

    /// Removes a flight: one that is under way can no longer land.
    ///
    /// # Errors
    /// `Storage` if the vault failed.
    pub(crate) async fn drop_flight(&self, lane: &Lane) -> Result<(), Error> {
        self.drop_record(&lane.record).await
    }
}

fn failed(lane: &Lane, source: VaultError) -> Error {
    Error::Vault {
        record: lane.record.clone(),
        source,
    }
}
