//! Sign-in of a person on another device, if this one has no browser.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use msp365_core::TenantId;
use secrecy::SecretString;

use super::{all_scopes, connected};
use crate::{
    Connection, Error, Exchange,
    oauth::device::{self, Progress},
    wording,
};

/// Added to the pause when the service says it was asked too often.
const SLOWER: Duration = Duration::from_secs(5);
/// Longest lifetime of a code that is believed.
const LONGEST_LIFE: u64 = 3_600;

/// Sign-in by a code that is typed into a browser elsewhere. Many organizations forbid this by policy: prefer
/// [`Consent`](super::Consent) if a browser can return to this program.
///
/// ```no_run
/// # async fn example(exchange: msp365_auth::Exchange, partner: msp365_core::TenantId) -> Result<(), msp365_auth::Error> {
/// use msp365_auth::DeviceSignIn;
///
/// let sign_in = DeviceSignIn::begin(&exchange, partner, ["https://graph.microsoft.com/Directory.Read.All"]).await?;
/// println!("open {} and type {}", sign_in.page(), sign_in.code());
/// let connection = sign_in.finish(&exchange).await?;
/// # Ok(())
/// # }
/// ```
pub struct DeviceSignIn {
    tenant: TenantId,
    scopes: Vec<String>,
    secret: SecretString,
    code: String,
    page: String,
    pause: Duration,
    ends_at: Timestamp,
}

impl DeviceSignIn {
    /// Asks for a code with which a person signs in to this tenant for these permissions, given by their full names.
    ///
    /// # Errors
    /// `Invalid` if the authority is not reached by `https:`; otherwise the kind of what kept the service from giving a
    /// code.
    pub async fn begin<S: Into<String>>(
        exchange: &Exchange,
        tenant: TenantId,
        scopes: impl IntoIterator<Item = S>,
    ) -> Result<Self, Error> {
        let scopes = all_scopes(scopes.into_iter().map(Into::into).collect());
        let asked_at = exchange.clock.now();
        let given = device::begin(exchange, tenant, &scopes)
            .await
            .map_err(|refusal| super::unredeemed(tenant, refusal))?;
        let life = i64::try_from(given.expires_in.min(LONGEST_LIFE)).unwrap_or_default();
        Ok(Self {
            tenant,
            scopes,
            pause: given.pause(),
            code: wording::tamed(&given.user_code),
            page: wording::tamed(&given.verification_uri),
            secret: given.secret,
            ends_at: asked_at
                .checked_add(SignedDuration::from_secs(life))
                .unwrap_or(asked_at),
        })
    }

    /// The code that the person types.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The page to type it into.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// The tenant that is signed in to.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// When the code expires.
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Waits until the person has signed in, then checks who signed in, and where. Nothing is stored.
    ///
    /// If it is cancelled half-way, the sign-in has to begin again.
    ///
    /// # Errors
    /// `Timeout` if nobody used the code; `Denied` if the person refused, the id token is not as it should be, or the
    /// person signed in to another tenant; `Consent` if permissions are missing; otherwise the kind of what kept the
    /// service from giving a token.
    pub async fn finish(self, exchange: &Exchange) -> Result<Connection, Error> {
        let mut pause = self.pause;
        loop {
            exchange.clock.sleep(pause).await;
            if exchange.clock.now() >= self.ends_at {
                return Err(Error::CodeExpired { tenant: self.tenant });
            }
            let progress = device::progress(exchange, self.tenant, &self.secret)
                .await
                .map_err(|refusal| super::unredeemed(self.tenant, refusal))?;
            match progress {
                Progress::Granted(granted) => {
                    return connected(exchange, self.tenant, None, (*granted, self.scopes)).await;
                }
                Progress::Pending => {}
                Progress::TooFast => pause += SLOWER,
                Progress::Expired => return Err(Error::CodeExpired { tenant: self.tenant }),
            }
        }
    }
}

impl std::fmt::Debug for DeviceSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceSignIn")
            .field("tenant", &self.tenant)
            .field("page", &self.page)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}
