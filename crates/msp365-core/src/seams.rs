//! The traits that stand for network, sign-in, time, chance and disk.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use secrecy::SecretString;

use crate::{Audience, ErrorKind, Reply, TenantId};

/// Carries one HTTP request and brings back the whole reply. Retries, tokens and redirects are not its business.
///
/// A request may hold a [`BodyWatch`] in its extensions; a transport that reads in pieces should call it.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends once. Any HTTP status is an answer, not an error.
    ///
    /// # Errors
    /// [`TransportError`], which says whether the request may have reached the service.
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Reply, TransportError> {
        (**self).send(request).await
    }
}

/// Sees the decompressed body of a reply with status 200 as it grows, from its first byte on, until it has seen enough
/// and returns `true`.
#[derive(Clone)]
pub struct BodyWatch(pub Arc<Watch>);

/// Takes all bytes read so far; `true` once it has seen enough.
pub type Watch = dyn Fn(&[u8]) -> bool + Send + Sync;

impl fmt::Debug for BodyWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyWatch")
    }
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nothing reached the service: name look-up, connecting or TLS went wrong.
    #[error("no connection to {host}")]
    NotSent {
        /// The host to be reached.
        host: String,
        /// What went wrong.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The request may have reached the service, but its reply did not come back whole.
    #[error("the answer of {host} was lost")]
    MaybeSent {
        /// The host that was asked.
        host: String,
        /// What went wrong.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The time limit of one attempt passed.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// The host that was asked.
        host: String,
    },
    /// The reply belongs to another request.
    #[error("{host} gave the answer to another request")]
    Foreign {
        /// The host that was asked.
        host: String,
    },
    /// The reply is larger than the limit.
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// The host that was asked.
        host: String,
        /// The limit in bytes, after decompression.
        limit: usize,
    },
}

impl TransportError {
    /// Whether nothing can have reached the service.
    pub const fn is_not_sent(&self) -> bool {
        matches!(self, Self::NotSent { .. })
    }

    /// What it means to a caller.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotSent { .. } | Self::MaybeSent { .. } => ErrorKind::Unavailable,
            Self::TimedOut { .. } => ErrorKind::Timeout,
            Self::TooLarge { .. } | Self::Foreign { .. } => ErrorKind::Decode,
        }
    }
}

/// Provides access tokens. Implementations cache and renew them; callers ask before each request.
#[async_trait]
pub trait TokenSource: Send + Sync + 'static {
    /// A token for one audience in one tenant, valid at least for the next few moments.
    ///
    /// # Errors
    /// [`TokenError`], whose kind says who has to act.
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError>;

    /// Drops what is cached for a tenant, including refusals: its consent has changed, and older tokens do not reflect
    /// that.
    async fn forget(&self, _tenant: TenantId) {}
}

#[async_trait]
impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    async fn token(&self, wanted: &TokenRequest) -> Result<AccessToken, TokenError> {
        (**self).token(wanted).await
    }

    async fn forget(&self, tenant: TenantId) {
        (**self).forget(tenant).await;
    }
}

/// Which token is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The tenant whose data will be read or changed.
    pub tenant: TenantId,
    /// The service it is for.
    pub audience: Audience,
    /// Whether a cached token will do.
    pub freshness: Freshness,
    /// The claims of a challenge, as JSON; if set, a cached token never serves.
    pub claims: Option<String>,
}

impl TokenRequest {
    /// A token of this tenant for this audience, cached or new.
    pub const fn new(tenant: TenantId, audience: Audience) -> Self {
        Self {
            tenant,
            audience,
            freshness: Freshness::Any,
            claims: None,
        }
    }

    /// Asks for a token newer than any cached one, answering a claims challenge if there was one.
    #[must_use]
    pub fn fresh(mut self, claims: Option<String>) -> Self {
        self.freshness = Freshness::Fresh;
        self.claims = claims;
        self
    }
}

/// Whether a cached token will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// A cached token is fine.
    Any,
    /// The cached one was refused: get a new one.
    Fresh,
}

/// A bearer token with its validity.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself.
    pub secret: SecretString,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The tenant it was issued in.
    pub tenant: TenantId,
    /// The service it is issued for.
    pub audience: Audience,
}

impl AccessToken {
    /// A token with these parts.
    pub const fn new(
        secret: SecretString,
        expires_at: Timestamp,
        tenant: TenantId,
        audience: Audience,
    ) -> Self {
        Self {
            secret,
            expires_at,
            tenant,
            audience,
        }
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
#[error("no token for tenant `{tenant}`: {message} ({code})")]
#[non_exhaustive]
pub struct TokenError {
    /// What it means to a caller.
    pub kind: ErrorKind,
    /// The tenant for which a token was wanted.
    pub tenant: TenantId,
    /// The service's code such as `AADSTS65001`, or the name of what failed on our side.
    pub code: String,
    /// What went wrong, in our own words; never contains a secret.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// The claims a person must satisfy at sign-in, as JSON.
    pub claims: Option<String>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// The cause, if known.
    #[source]
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TokenError {
    /// An error of this kind with its code and words; the remedy is empty.
    pub fn new(kind: ErrorKind, tenant: TenantId, code: &str, message: &str) -> Self {
        Self {
            kind,
            tenant,
            code: code.to_owned(),
            message: message.to_owned(),
            remedy: String::new(),
            claims: None,
            retry_after: None,
            source: None,
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Sets the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// The time, and waiting.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// Returns once this span has passed.
    async fn sleep(&self, span: Duration);
}

#[async_trait]
impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    async fn sleep(&self, span: Duration) {
        (**self).sleep(span).await;
    }
}

/// A source of random bytes. Where the bytes become secrets, it must be the operating system's.
pub trait Random: Send + Sync + 'static {
    /// Fills the buffer.
    fn fill(&self, bytes: &mut [u8]);
}

impl<T: Random + ?Sized> Random for Arc<T> {
    fn fill(&self, bytes: &mut [u8]) {
        (**self).fill(bytes);
    }
}

/// The sealed record that holds the key of the activity log.
pub const AUDIT_KEY: &str = "audit_key";

/// The name under which a program keeps, beside the sealed records, the salt with which its vault key is derived from a
/// passphrase. It is not secret, but nothing opens without it.
pub const VAULT_SALT: &str = "vault_salt";

/// Keeps sealed records by name, without ever seeing inside them.
#[async_trait]
pub trait Vault: Send + Sync + 'static {
    /// The record with this name, or `None`.
    ///
    /// # Errors
    /// [`VaultError::Storage`] if the database failed.
    async fn load(&self, name: &str) -> Result<Option<Sealed>, VaultError>;

    /// Stores a record if the present one still has the expected version (`None`: if there is none), durably before it
    /// returns. Returns the new version.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] if another writer was first; [`VaultError::Storage`] if the database failed.
    async fn store(&self, name: &str, sealed: &Sealed, expected: Option<u64>) -> Result<u64, VaultError>;

    /// Removes the record; succeeds if there is none.
    ///
    /// # Errors
    /// [`VaultError::Storage`] if the database failed.
    async fn remove(&self, name: &str) -> Result<(), VaultError>;
}

/// A sealed record: ciphertext and the id of the key it was sealed with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sealed {
    /// Which key opens it.
    pub key_id: String,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
    /// The number of writes of this record, from 1; set by the vault.
    pub version: u64,
}

impl Sealed {
    /// A record that is not in a vault yet.
    pub fn new(key_id: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self {
            key_id: key_id.into(),
            bytes,
            version: 0,
        }
    }
}

/// Why a sealed record could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// Another writer stored a newer version.
    #[error("sealed record `{name}` was changed by another writer")]
    Conflict {
        /// The record.
        name: String,
    },
    /// The database failed.
    #[error("sealed record `{name}` could not be read or written")]
    Storage {
        /// The record.
        name: String,
        /// What went wrong.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}
